/** Reading JSON that somebody else wrote: one small question per function. */

/** A JSON object. */
export type WireRecord = Readonly<Record<string, unknown>>;

/**
 * Tells whether a JSON value is an object.
 *
 * @param value - any JSON value
 * @returns true for an object that is neither `null` nor an array
 */
export function isRecord(value: unknown): value is WireRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Reads a member that has to be an object.
 *
 * @param record - the object
 * @param name - its member
 * @returns the member; an empty object when it is something else
 */
export function recordOf(record: WireRecord, name: string): WireRecord {
  const value = record[name];
  return isRecord(value) ? value : {};
}

/**
 * Reads a member that has to be a string.
 *
 * @param record - the object
 * @param name - its member
 * @returns the member; `undefined` when it is something else
 */
export function stringOf(record: WireRecord, name: string): string | undefined {
  const value = record[name];
  return typeof value === "string" ? value : undefined;
}

/**
 * Reads a member that has to be a number.
 *
 * @param record - the object
 * @param name - its member
 * @returns the member; `undefined` when it is something else
 */
export function numberOf(record: WireRecord, name: string): number | undefined {
  const value = record[name];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/**
 * Reads a member that has to be a list of strings.
 *
 * @param record - the object
 * @param name - its member
 * @returns the strings among its entries, in order
 */
export function stringsOf(record: WireRecord, name: string): readonly string[] {
  const value = record[name];
  return Array.isArray(value) ? value.filter((entry) => typeof entry === "string") : [];
}

/**
 * Reads a member that has to be an instant.
 *
 * @param record - the object
 * @param name - its member, ISO 8601 with offset
 * @returns the instant; `undefined` when it is something else
 */
export function instantOf(record: WireRecord, name: string): Date | undefined {
  const text = stringOf(record, name);
  if (text === undefined) return undefined;
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}
