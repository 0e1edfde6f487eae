/** Open extensions: a caller's own JSON under a name, kept with an event. */
import type { OpenExtension } from "../../mailbox/event.ts";
import { isJsonObject, type JsonObject } from "../call.ts";
import { GraphFault } from "../errors.ts";

const TYPE_NAME = "#microsoft.graph.openTypeExtension";
const CONTROL = new Set(["@odata.type", "extensionName", "id"]);

/**
 * Renders an extension.
 *
 * @param extension - stored
 * @returns JSON as Graph gives it; the id has the type in front, as in Outlook
 */
export function renderOpenExtension(extension: OpenExtension): Record<string, unknown> {
  return {
    "@odata.type": TYPE_NAME,
    id: `Microsoft.OutlookServices.OpenTypeExtension.${extension.name}`,
    extensionName: extension.name,
    ...extension.values,
  };
}

/**
 * Reads one extension of a request.
 *
 * @param value - as it was sent
 * @returns the extension
 * @throws {GraphFault} BadRequest without a name
 */
export function readOpenExtension(value: unknown): OpenExtension {
  const name = isJsonObject(value) ? value["extensionName"] : undefined;
  if (!isJsonObject(value) || typeof name !== "string" || name === "")
    throw new GraphFault("BadRequest", "The extension has no extensionName.");
  return { name, values: readExtensionValues(value) };
}

/**
 * Takes the caller's own members out of the body of an extension.
 *
 * @param value - as it was sent
 * @returns members without Graph's control information
 */
export function readExtensionValues(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !CONTROL.has(key)));
}

/**
 * Finds an extension by what a path calls it.
 *
 * @param extensions - of an event
 * @param name - with or without the type in front
 * @returns the extension, or `undefined`
 */
export function findOpenExtension(
  extensions: readonly OpenExtension[],
  name: string,
): OpenExtension | undefined {
  const wanted = name.replace(/^Microsoft\.OutlookServices\.OpenTypeExtension\./i, "").toLowerCase();
  return extensions.find((extension) => extension.name.toLowerCase() === wanted);
}
