/** Refusals that several readers of event bodies share. */
import { GraphFault } from "../errors.ts";

/**
 * A zone that nobody knows.
 *
 * @param value - as it was sent
 * @returns the fault, to be thrown
 */
export function unknownZone(value: unknown): GraphFault {
  return new GraphFault(
    "TimeZoneNotSupportedException",
    `A valid TimeZone value must be specified. The following TimeZone value is not supported: '${String(value)}'.`,
  );
}

/**
 * A value outside an enumeration.
 *
 * @param value - as it was sent
 * @returns the fault, to be thrown
 */
export function invalidValue(value: unknown): GraphFault {
  return new GraphFault("RequestBodyRead", `Requested value '${String(value)}' was not found.`);
}

/**
 * A value of another JSON type than the property has.
 *
 * @param property - name
 * @param type - `Edm.String` and the like
 * @returns the fault, to be thrown
 */
export function wrongType(property: string, type: string): GraphFault {
  return new GraphFault(
    "RequestBodyRead",
    `Cannot convert the value of property '${property}' to the expected type '${type}'.`,
  );
}

/**
 * A property that the type does not have.
 *
 * @param property - name
 * @param type - `microsoft.graph.event` and the like
 * @returns the fault, to be thrown
 */
export function unknownProperty(property: string, type: string): GraphFault {
  return new GraphFault(
    "RequestBodyRead",
    `The property '${property}' does not exist on type '${type}'. Make sure to only use property names that are defined by the type or mark the type as open type.`,
  );
}

/**
 * Values that do not fit together.
 *
 * @param property - the one to look at
 * @returns the fault, to be thrown
 */
export function failedValidation(property: string): GraphFault {
  return new GraphFault(
    "ErrorPropertyValidationFailure",
    `At least one property failed validation. Property: ${property}.`,
  );
}
