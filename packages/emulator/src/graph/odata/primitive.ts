/**
 * Booleans and whole numbers of request bodies. OData's own reader, which the service builds on, also takes their text
 * form; clients in dynamic languages send it (python-o365 writes `"isOnlineMeeting": "false"`).
 *
 * @see https://github.com/OData/odata.net, `ConvertStringValue` of the JSON reader
 */

/**
 * Reads a boolean.
 *
 * @param value - parsed JSON
 * @returns `undefined` for what is no boolean, `null` included
 */
export function parseBoolean(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") return undefined;
  const text = value.trim().toLowerCase();
  return text === "true" ? true : text === "false" ? false : undefined;
}

/**
 * Reads a whole number.
 *
 * @param value - parsed JSON
 * @returns `undefined` for what is no whole number, `null` included
 */
export function parseInteger(value: unknown): number | undefined {
  const number = typeof value === "string" && /^\s*[+-]?\d{1,10}\s*$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) ? number : undefined;
}
