/** The form of a token request. */
import type { EmulatorRequest } from "../host/http.ts";
import { refused } from "./aadsts.ts";

/** Fields of a form. */
export type Form = Readonly<Record<string, string | undefined>>;

/**
 * Reads the body of a POST.
 *
 * A body of another content type has no fields, so that the first missing one is named, as the service does.
 *
 * @param request - the request
 * @returns the fields; an empty value counts as absent
 * @throws {RefusedError} 9002313 when the body is not text, 9000411 when a field has two values
 */
export function readForm(request: EmulatorRequest): Form {
  const type = request.headers["content-type"];
  if (type !== undefined && !type.toLowerCase().startsWith("application/x-www-form-urlencoded")) return {};
  const text = request.body.toString("utf8");
  if (text.includes("\u0000")) throw refused(9002313);
  const fields: Record<string, string | undefined> = Object.create(null) as Record<
    string,
    string | undefined
  >;
  for (const pair of text.split("&", FIELD_LIMIT)) {
    const equals = pair.indexOf("=");
    if (equals < 1) continue;
    const name = decodeField(pair.slice(0, equals));
    const value = decodeField(pair.slice(equals + 1));
    if (value === "") continue;
    if (fields[name] !== undefined) throw refused(9000411, { name });
    fields[name] = value;
  }
  return fields;
}

const FIELD_LIMIT = 200;

/** Most fields hold nothing that is encoded; what is badly encoded stays as it came. */
function decodeField(text: string): string {
  const spaced = text.includes("+") ? text.replaceAll("+", " ") : text;
  if (!spaced.includes("%")) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

/**
 * Takes a field that must be there.
 *
 * @param form - the fields
 * @param name - field name
 * @returns its value
 * @throws {RefusedError} 900144 naming the field
 */
export function requireField(form: Form, name: string): string {
  const value = form[name];
  if (value === undefined) throw refused(900144, { name });
  return value;
}
