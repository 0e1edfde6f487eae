/** Entries of keyCredentials as PowerShell's Format-List prints them: `Name : value`, one a line. */

const NAMES: Readonly<Record<string, string>> = {
  CustomKeyIdentifier: "customKeyIdentifier",
  DisplayName: "displayName",
  EndDateTime: "endDateTime",
  EndDate: "endDate",
  Key: "key",
  KeyId: "keyId",
  StartDateTime: "startDateTime",
  StartDate: "startDate",
  Type: "type",
  Usage: "usage",
};

/**
 * Finds entries in PowerShell's output.
 *
 * @param text - any text
 * @returns entries with the names of Graph and where the first begins; what was printed in part is left out
 */
export function findListedEntries(
  text: string,
): { readonly entries: ReadonlyArray<Record<string, unknown>>; readonly at: number } | undefined {
  const start = /^[ \t]{0,40}CustomKeyIdentifier[ \t]{0,40}:/m.exec(text);
  if (start === null) return undefined;
  const entries: Array<Record<string, unknown>> = [];
  let current: Record<string, unknown> | undefined;
  for (const line of text.slice(start.index, start.index + 100_000).split(/\r?\n/)) {
    const pair = /^[ \t]{0,40}([A-Z]\w{2,40})[ \t]{0,40}:[ \t]?(.{0,20000})$/.exec(line);
    if (pair === null) continue;
    const [, printed = "", value = ""] = pair;
    const name = NAMES[printed];
    if (name === undefined) continue;
    if (current === undefined || current[name] !== undefined) {
      current = {};
      entries.push(current);
    }
    const read = readValue(name, value.trim());
    if (read !== undefined) current[name] = read;
  }
  const whole = entries.filter((entry) => entry["type"] !== undefined || entry["usage"] !== undefined);
  return whole.length === 0 ? undefined : { entries: whole.slice(0, 100), at: start.index };
}

function readValue(name: string, value: string): string | null | undefined {
  if (name === "key" && value === "") return null;
  // Byte lists are printed in part, and days and months change places with the machine's language.
  if (value === "" || /\.{3}\}?$/.test(value)) return undefined;
  if (name.includes("Date")) return isoDate(value);
  if (name === "customKeyIdentifier" && /^\{[\d, ]{20,200}\}$/.test(value))
    return Buffer.from(value.slice(1, -1).split(",").map(Number)).toString("base64");
  return value;
}

function isoDate(value: string): string | undefined {
  if (/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(value)) return `${value.slice(0, 10)}T${value.slice(11, 19)}Z`;
  const match = /^(\d\d?)\/(\d\d?)\/(\d{4})(?: (\d\d?):(\d\d):(\d\d))?/.exec(value);
  if (match === null) return undefined;
  const [first, second] = [Number(match[1]), Number(match[2])];
  const isSame = first === second;
  if (!isSame && first <= 12 && second <= 12) return undefined;
  const [month, day] = first > 12 ? [second, first] : [first, second];
  return `${match[3]}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}T00:00:00Z`;
}
