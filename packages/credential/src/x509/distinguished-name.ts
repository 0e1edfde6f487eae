/**
 * Distinguished names as people type them.
 *
 * @see RFC 4514 §2.3, §2.4 (here the order of the text is kept)
 */
import { refusal } from "../refusal.ts";

/** One attribute of a name. */
export interface NameAttribute {
  /** Its type, dotted. */
  readonly oid: string;
  /** Its value. */
  readonly value: string;
}

const OID_BY_NAME: Readonly<Record<string, string>> = {
  CN: "2.5.4.3",
  SN: "2.5.4.4",
  SERIALNUMBER: "2.5.4.5",
  C: "2.5.4.6",
  L: "2.5.4.7",
  ST: "2.5.4.8",
  S: "2.5.4.8",
  STREET: "2.5.4.9",
  O: "2.5.4.10",
  OU: "2.5.4.11",
  T: "2.5.4.12",
  GN: "2.5.4.42",
  DC: "0.9.2342.19200300.100.1.25",
  UID: "0.9.2342.19200300.100.1.1",
  E: "1.2.840.113549.1.9.1",
  EMAILADDRESS: "1.2.840.113549.1.9.1",
};

/** Longest values that X.520 allows, in characters. */
const LONGEST_BY_OID: Readonly<Record<string, number>> = {
  "2.5.4.3": 64,
  "2.5.4.6": 2,
  "2.5.4.7": 128,
  "2.5.4.8": 128,
  "2.5.4.10": 64,
  "2.5.4.11": 64,
};

/**
 * Parses a distinguished name.
 *
 * @param text - for example "CN=timetable,O=School\\, North,C=GB"; blanks around commas are ignored
 * @returns the attributes in the order of the text
 * @throws {@link NightlatchError} `CREDENTIAL_SUBJECT_INVALID` that names the part
 */
export function parseDistinguishedName(text: string): readonly NameAttribute[] {
  const parts = splitUnescaped(text);
  return parts.map((part) => {
    const equals = part.indexOf("=");
    if (equals < 0)
      throw invalid(text, part.trim() === "" ? "a part of it is empty" : `"${part.trim()}" has no "="`, part);
    const name = part.slice(0, equals).trim().toUpperCase();
    const oid = /^[0-2](\.\d+)+$/.test(name) ? name : OID_BY_NAME[name];
    if (oid === undefined) throw invalid(text, `"${name}" is no attribute of a name`, part);
    const value = unescapeValue(part.slice(equals + 1), text);
    if (value === "") throw invalid(text, `${name} has no value`, part);
    const longest = LONGEST_BY_OID[oid] ?? 255;
    if ([...value].length > longest)
      throw invalid(
        text,
        `${name} has ${[...value].length} characters, at most ${longest} are allowed`,
        part,
      );
    if (oid === "2.5.4.6" && !/^[A-Za-z]{2}$/.test(value))
      throw invalid(text, `C is "${value}", wanted a country code of two letters`, part);
    return { oid, value };
  });
}

/** Splits at commas that are neither escaped nor inside quotation marks. */
function splitUnescaped(text: string): string[] {
  const parts: string[] = [];
  let part = "";
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] as string;
    if (character === "\\") {
      part += character + (text[index + 1] ?? "");
      index += 1;
    } else if (character === "," && !quoted) {
      parts.push(part);
      part = "";
    } else {
      if (character === '"') quoted = !quoted;
      part += character;
    }
  }
  parts.push(part);
  if (quoted) throw invalid(text, "a quotation mark is not closed", part);
  return parts;
}

function unescapeValue(escaped: string, whole: string): string {
  const trimmed = escaped.trim().replace(/(?<!\\)"/g, "");
  if (/(?<!\\)(\\\\)*\\$/.test(trimmed)) throw invalid(whole, "it ends in a backslash", escaped);
  return trimmed.replace(/\\(.)/gs, "$1");
}

function invalid(text: string, what: string, part: string): Error {
  const hint =
    !text.includes("=") && text.trim() !== ""
      ? `Write it as CN=${text.trim()}`
      : part.includes("/") && text.startsWith("/")
        ? "Write the parts with commas, as in CN=name,O=organisation; slashes are OpenSSL's form"
        : undefined;
  return refusal("CREDENTIAL_SUBJECT_INVALID", `Cannot use the subject "${text}": ${what}`, { hint });
}
