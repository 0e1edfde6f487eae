import { readWrittenThumbprint } from "../thumbprint-form.ts";
import { lineOf, originOf, type Reading } from "./reading.ts";

/**
 * Finds thumbprints: the whole input, or values after the word.
 *
 * @param reading - the input
 * @param text - any text
 */
export function scanForThumbprints(reading: Reading, text: string): void {
  if (text.length < 400 && readWrittenThumbprint(text) !== undefined) {
    addThumbprint(reading, text.trim(), "line 1");
    return;
  }
  const pattern =
    /(?:thumbprint|fingerprint|certhash)[^\n:='"]{0,30}["']?\s{0,3}[:=]\s{0,3}["']?([\u200b-\u200f\w+/:=. -]{20,200})/gi;
  const seen = new Set<string>();
  for (const match of text.matchAll(pattern)) {
    if (/of key used by client/i.test(match[0])) continue;
    const value = (match[1] ?? "").trim();
    for (const candidate of [value, value.split(/\s/)[0] ?? "", leadingHex(value)]) {
      const read = candidate === "" ? undefined : readWrittenThumbprint(candidate);
      if (read === undefined) continue;
      const hex = Buffer.from(read.bytes).toString("hex");
      if (!seen.has(hex)) addThumbprint(reading, candidate, lineOf(text, match.index));
      seen.add(hex);
      break;
    }
    if (seen.size >= 20) break;
  }
  if (seen.size === 0) scanTable(reading, text);
}

/** A table with a column of that name, as shells print certificates. */
function scanTable(reading: Reading, text: string): void {
  const head = /(?:^|\n)[^\n]{0,200}\bThumbprint\b[^\n]{0,200}\r?\n/i.exec(text);
  if (head === null) return;
  const rest = text.slice(head.index + head[0].length, head.index + head[0].length + 20_000);
  for (const match of [...rest.matchAll(/(?<![\w+/=-])([0-9A-F]{40}|[0-9A-F]{64})(?![\w+/=-])/gi)].slice(
    0,
    20,
  ))
    addThumbprint(reading, match[1] ?? "", lineOf(text, head.index + head[0].length + match.index));
}

function leadingHex(value: string): string {
  return /^[\u200b-\u200f]?(?:[0-9a-f]{2}[: -]?){20}(?:(?:[0-9a-f]{2}[: -]?){12})?/i.exec(value)?.[0] ?? "";
}

function addThumbprint(reading: Reading, text: string, place: string): void {
  reading.artifacts.push({
    kind: "thumbprint",
    origin: originOf(reading, place),
    summary: `thumbprint ${text}`,
    text,
  });
}
