/** Reading bodies of directory objects: refusals name the property and the resource, as the service does. */
import { JsonPlaceError, JsonObject as PlacedJson } from "../directory/json-reader.ts";
import type { JsonObject } from "./call.ts";
import { GraphFault } from "./errors.ts";

/**
 * Runs a reader and turns its complaint into Graph's.
 *
 * @param body - as it was sent
 * @param resource - `Application`, `Group` …
 * @param read - reads values out of the body
 * @returns what `read` gave
 * @throws {GraphFault} Request_BadRequest naming the property
 */
export function readDirectoryBody<T>(body: JsonObject, resource: string, read: (body: PlacedJson) => T): T {
  try {
    return read(new PlacedJson(body, ""));
  } catch (error) {
    if (!(error instanceof JsonPlaceError)) throw error;
    throw invalidProperty(error.path === "" ? "body" : error.path, resource);
  }
}

/**
 * A value that a property cannot have.
 *
 * @param property - name or path
 * @param resource - `Application`, `Group` …
 * @returns the fault, to be thrown
 */
export function invalidProperty(property: string, resource: string): GraphFault {
  return new GraphFault(
    "Request_BadRequest",
    `Invalid value specified for property '${property}' of resource '${resource}'.`,
  );
}

/**
 * A property that has to be there.
 *
 * @param property - name
 * @param resource - `Application`, `Group` …
 * @returns the fault, to be thrown
 */
export function missingProperty(property: string, resource: string): GraphFault {
  return new GraphFault(
    "Request_BadRequest",
    `A value is required for property '${property}' of resource '${resource}'.`,
  );
}

/**
 * Refuses properties that a type does not have.
 *
 * @param body - as it was sent
 * @param known - names
 * @param resource - `Application`, `Group` …
 * @throws {GraphFault} Request_BadRequest naming the first one
 */
export function refuseUnknownProperties(
  body: JsonObject,
  known: ReadonlySet<string>,
  resource: string,
): void {
  for (const name of Object.keys(body))
    if (!name.includes("@") && !known.has(name))
      throw new GraphFault(
        "Request_BadRequest",
        `Property '${name}' does not exist on resource '${resource}'.`,
      );
}
