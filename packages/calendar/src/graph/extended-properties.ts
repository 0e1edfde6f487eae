/**
 * Own properties of events as Graph spells them: named MAPI strings in the property set of the house.
 *
 * @see Microsoft Graph, "Outlook extended properties overview" and `singleValueLegacyExtendedProperty`
 */
import { type EventProperties, NIGHTLATCH_PROPERTY_SET } from "../event.ts";
import { isRecord } from "./wire.ts";

/**
 * Spells the `$expand` that reads own properties with each event.
 *
 * @param names - names of the properties: 1 to 127 printable ASCII characters without blanks, case-sensitive
 * @returns value of `$expand`, not yet percent-encoded; `undefined` without names
 * @throws {RangeError} when a name has another form
 */
export function expandProperties(names: readonly string[] | undefined): string | undefined {
  if (names === undefined || names.length === 0) return undefined;
  const filter = names.map((name) => `id eq ${quote(propertyId(name))}`).join(" or ");
  return `singleValueExtendedProperties($filter=${filter})`;
}

/**
 * Spells the `$filter` that finds events by an own property.
 *
 * @param name - name of the property
 * @param value - its value; the server compares without regard to case
 * @returns value of `$filter`, not yet percent-encoded
 */
export function filterByProperty(name: string, value: string): string {
  return `singleValueExtendedProperties/Any(ep: ep/id eq ${quote(propertyId(name))} and ep/value eq ${quote(value)})`;
}

/**
 * Encodes own properties for a create or update.
 *
 * @param properties - values by name
 * @returns the `singleValueExtendedProperties` member
 */
export function encodeProperties(
  properties: EventProperties,
): readonly { readonly id: string; readonly value: string }[] {
  return Object.entries(properties).map(([name, value]) => ({ id: propertyId(name), value }));
}

/**
 * Decodes own properties; foreign ones are left out.
 *
 * @param wire - the `singleValueExtendedProperties` member as it arrived, or nothing
 * @returns values by name
 */
export function decodeProperties(wire: unknown): EventProperties {
  const properties: Record<string, string> = {};
  if (!Array.isArray(wire)) return properties;
  for (const entry of wire) {
    if (!isRecord(entry) || typeof entry["id"] !== "string" || typeof entry["value"] !== "string") continue;
    // The server writes the GUID in its own case; only the name is case-sensitive.
    const match = /^String \{([0-9a-f-]{36})\} Name (.+)$/i.exec(entry["id"]);
    if (match?.[2] === undefined || match[1]?.toLowerCase() !== NIGHTLATCH_PROPERTY_SET) continue;
    properties[match[2]] = entry["value"];
  }
  return properties;
}

/**
 * Writes a string literal of OData.
 *
 * @param text - any text
 * @returns the literal with its quotes, inner quotes doubled
 * @see OData 4.0 ABNF, `string`
 */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** `String {guid} Name <name>`. */
function propertyId(name: string): string {
  if (!/^[\x21-\x7e]{1,127}$/.test(name)) {
    throw new RangeError(
      `Property name is ${JSON.stringify(name)}, want 1 to 127 printable characters, no space`,
    );
  }
  return `String {${NIGHTLATCH_PROPERTY_SET}} Name ${name}`;
}
