/** JSON for plain data with maps and bytes in it. */

/**
 * Writes plain data.
 *
 * @param value - objects, arrays, maps, bytes, texts, numbers, truth values, null, undefined
 * @returns one line of JSON
 */
export function encodePlain(value: unknown): string {
  return JSON.stringify(value, replacer) ?? "null";
}

/**
 * Reads what {@link encodePlain} wrote.
 *
 * @param text - JSON
 * @returns the data; members that were undefined are absent
 * @throws {SyntaxError} when it is not JSON
 */
export function decodePlain(text: string): unknown {
  return JSON.parse(text, reviver);
}

/** Bytes have a toJSON of their own, so the member is looked at before that was applied. */
function replacer(this: unknown, key: string, value: unknown): unknown {
  const original = (this as Record<string, unknown>)[key];
  if (original instanceof Map) return { $map: [...original] };
  if (original instanceof Uint8Array) return { $bytes: Buffer.from(original).toString("base64") };
  return value;
}

function reviver(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { $map: entries, $bytes: base64 } = value as { $map?: unknown; $bytes?: unknown };
  if (Array.isArray(entries)) return new Map(entries as [unknown, unknown][]);
  if (typeof base64 === "string") return new Uint8Array(Buffer.from(base64, "base64"));
  return value;
}
