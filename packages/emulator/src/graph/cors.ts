/** Graph serves pages of every origin, because a token and no cookie says who asks. */
import type { EmulatorRequest, EmulatorResponse } from "../host/http.ts";

/** Headers that scripts of a page may read. */
const EXPOSED =
  "ETag, Location, Preference-Applied, Content-Range, request-id, client-request-id, ReadWriteConsistencyToken, Retry-After, WWW-Authenticate";

/**
 * Answers the question whether a page may send a request.
 *
 * @param request - `OPTIONS` with the headers of Fetch
 * @returns yes
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function answerPreflight(request: EmulatorRequest): EmulatorResponse {
  return {
    status: 200,
    headers: {
      "Access-Control-Allow-Origin": "*",
      "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE, OPTIONS, HEAD",
      "Access-Control-Allow-Headers": String(request.headers["access-control-request-headers"] ?? "*"),
      "Access-Control-Max-Age": "3600",
    },
  };
}

/**
 * Lets a page read an answer.
 *
 * @param request - what was asked
 * @param response - the answer
 * @returns the answer, with further headers when a page asked
 */
export function withCorsHeaders(request: EmulatorRequest, response: EmulatorResponse): EmulatorResponse {
  if (request.headers.origin === undefined) return response;
  const headers = { "Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": EXPOSED };
  return { ...response, headers: { ...response.headers, ...headers } };
}
