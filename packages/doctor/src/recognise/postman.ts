/** Reads requests as Postman, Insomnia and Bruno export them: collections whose requests have a url and a body. */
import { type BodyReader, type RawRequest, readRequest } from "./http-exchange.ts";
import { isRecord, type Reading, stringMember } from "./reading.ts";

/**
 * Reads one request of a Postman collection.
 *
 * @param reading - the input
 * @param record - a plain JSON object
 * @param place - where it stood
 * @param readBody - reads the body of a call that changes an application
 * @returns true when it was one
 */
export function readPostmanRequest(
  reading: Reading,
  record: Readonly<Record<string, unknown>>,
  place: string,
  readBody: BodyReader,
): boolean {
  const { request } = record;
  if (!isRecord(request) || typeof request["method"] !== "string") return false;
  const url = addressOf(request["url"]);
  if (url === undefined) return false;
  const headers = headersOf(request["header"]);
  const body = isRecord(request["body"]) ? bodyOf(request["body"], headers) : "";
  const raw: RawRequest = { method: request["method"].toUpperCase(), url, headers, body, isTemplate: true };
  readRequest(reading, raw, place, readBody);
  return true;
}

function addressOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return isRecord(value) ? stringMember(value, "raw") : undefined;
}

function headersOf(value: unknown): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const item of listOf(value)) {
    const name = stringMember(item, "key")?.toLowerCase();
    if (name !== undefined && item["disabled"] !== true) headers[name] ??= stringMember(item, "value") ?? "";
  }
  return headers;
}

function bodyOf(body: Readonly<Record<string, unknown>>, headers: Record<string, string>): string {
  const mode = stringMember(body, "mode");
  if (mode === "raw") {
    if (/^\s*\{/.test(stringMember(body, "raw") ?? "")) headers["content-type"] ??= "application/json";
    return stringMember(body, "raw") ?? "";
  }
  if (mode !== "urlencoded" && mode !== "formdata") return "";
  headers["content-type"] ??=
    mode === "urlencoded" ? "application/x-www-form-urlencoded" : "multipart/form-data";
  return listOf(body[mode])
    .filter((item) => item["disabled"] !== true)
    .map(
      (item) => `${stringMember(item, "key") ?? ""}=${encodeURIComponent(stringMember(item, "value") ?? "")}`,
    )
    .join("&");
}

function listOf(value: unknown): Array<Record<string, unknown>> {
  return Array.isArray(value) ? value.slice(0, 200).filter(isRecord) : [];
}
