/** Headers that Graph puts on every answer, and the preferences that a request may state. */
import type { EmulatorRequest, EmulatorResponse } from "../host/http.ts";

/** Ids by which a request is found again in somebody's log. */
export interface GraphIdentifiers {
  readonly requestId: string;
  /** The caller's, or the request id when it sent none. */
  readonly clientRequestId: string;
}

/** What `Prefer` asks for. */
export interface Preferences {
  /** Zone name of `outlook.timezone`, as written. */
  readonly timeZone: string | undefined;
  readonly bodyContentType: "text" | "html" | undefined;
  readonly maxPageSize: number | undefined;
  readonly immutableIds: boolean;
}

const DIAGNOSTIC = JSON.stringify({
  ServerInfo: {
    DataCenter: "Emulator",
    Slice: "E",
    Ring: "0",
    ScaleUnit: "000",
    RoleInstance: "NIGHTLATCH",
  },
});

/**
 * Reads the ids of a request.
 *
 * @param request - as it arrived
 * @returns both ids
 */
export function readIdentifiers(request: EmulatorRequest): GraphIdentifiers {
  const header = request.headers["client-request-id"];
  const clientRequestId = Array.isArray(header) ? header[0] : header;
  return { requestId: request.id, clientRequestId: clientRequestId ?? request.id };
}

/**
 * Adds Graph's headers to an answer.
 *
 * @param response - the answer so far; its own headers win
 * @param identifiers - ids of the request
 * @returns the answer to send
 */
export function withGraphHeaders(
  response: EmulatorResponse,
  identifiers: GraphIdentifiers,
): EmulatorResponse {
  const own = { ...response.headers };
  if (own["Content-Type"] === "application/json; charset=utf-8" && response.status < 400)
    own["Content-Type"] =
      "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";
  const headers = {
    "Cache-Control": "private",
    "OData-Version": "4.0",
    "Strict-Transport-Security": "max-age=31536000",
    "request-id": identifiers.requestId,
    "client-request-id": identifiers.clientRequestId,
    "x-ms-ags-diagnostic": DIAGNOSTIC,
    ...own,
  };
  return { ...response, headers };
}

/**
 * Reads the `Prefer` headers.
 *
 * @param header - one value or several, as Node gives it
 * @returns the preferences; unknown ones are left out, as the standard wants
 * @see RFC 7240
 */
export function readPreferences(header: string | readonly string[] | undefined): Preferences {
  const text = header === undefined ? "" : typeof header === "string" ? header : header.join(",");
  const found = new Map<string, string>();
  for (const match of text.matchAll(/([\w.-]+)\s*(?:=\s*(?:"([^"]*)"|([^\s,;]+)))?/g))
    found.set((match[1] ?? "").toLowerCase(), match[2] ?? match[3] ?? "");
  const bodyContentType = found.get("outlook.body-content-type")?.toLowerCase();
  const maxPageSize = Number(found.get("odata.maxpagesize") ?? found.get("maxpagesize") ?? Number.NaN);
  return {
    timeZone: found.get("outlook.timezone"),
    bodyContentType: bodyContentType === "text" || bodyContentType === "html" ? bodyContentType : undefined,
    maxPageSize: Number.isInteger(maxPageSize) && maxPageSize > 0 ? maxPageSize : undefined,
    immutableIds: found.get("idtype")?.toLowerCase() === "immutableid",
  };
}
