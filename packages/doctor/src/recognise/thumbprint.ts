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
