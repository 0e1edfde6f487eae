/** Answers of the token endpoint and its neighbours: headers, error bodies, trace suffix. */
import { randomUUID } from "node:crypto";
import type { EmulatorRequest, EmulatorResponse } from "../host/http.ts";
import { type Refusal, type WordedRefusal, wordRefusal } from "./aadsts.ts";
import type { EntraContext } from "./entra-context.ts";
import { opaque } from "./random.ts";

const GATEWAY_COOKIES = [
  "x-ms-gateway-slice=estsfd; path=/; secure; samesite=none; httponly",
  "stsservicecookie=estsfd; path=/; secure; samesite=none; httponly",
] as const;

const FPC_LIFETIME_MS = 30 * 86_400_000;
/** End of the `fpc` cookies of this minute: formatting a date costs more than the rest of the headers. */
let fpcExpiry = { minute: 0, text: "" };

/**
 * The trace id of a request.
 *
 * @param request - any request
 * @returns GUID whose last byte is 00, as the service's are
 */
export function traceIdOf(request: EmulatorRequest): string {
  return `${request.id.slice(0, 34)}00`;
}

/**
 * The headers of an answer of the token endpoint.
 *
 * @param request - the request that is answered
 * @param clientTelemetryCode - AADSTS number for `x-ms-clitelem`; 0 on success
 * @returns headers with request id, and the caller's id when it asked for it
 */
function tokenHeaders(
  request: EmulatorRequest,
  clientTelemetryCode = 0,
): Record<string, string | readonly string[]> {
  const headers: Record<string, string | readonly string[]> = {
    "Cache-Control": "no-store, no-cache",
    Pragma: "no-cache",
    "Content-Type": "application/json; charset=utf-8",
    Expires: "-1",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    P3P: 'CP="DSP CUR OTPi IND OTRi ONL FIN"',
    "x-ms-request-id": traceIdOf(request),
    "x-ms-ests-server": "2.1.0.0 - NIGHTLATCH Emulator",
    "X-XSS-Protection": "0",
    "Set-Cookie": [fpcCookie(), ...GATEWAY_COOKIES],
  };
  if (request.headers["x-client-current-telemetry"] !== undefined)
    headers["x-ms-clitelem"] = `1,${clientTelemetryCode},0,,`;
  const clientRequestId = request.headers["client-request-id"];
  if (typeof clientRequestId === "string" && request.headers["return-client-request-id"] === "true")
    headers["client-request-id"] = clientRequestId;
  // A browser may call the token endpoint of a single-page application from its own origin.
  if (request.headers.origin !== undefined) headers["Access-Control-Allow-Origin"] = "*";
  return headers;
}

/** A cookie by which the service knows a client for 30 days; its value means nothing here. */
function fpcCookie(): string {
  const nowMs = Date.now();
  const minute = Math.floor(nowMs / 60_000);
  if (fpcExpiry.minute !== minute)
    fpcExpiry = { minute, text: new Date(nowMs + FPC_LIFETIME_MS).toUTCString() };
  return `fpc=${opaque(24)}; expires=${fpcExpiry.text}; path=/; secure; HttpOnly; SameSite=None`;
}

/**
 * Answers with what was asked for.
 *
 * @param request - the request that is answered
 * @param members - members of the body; undefined ones are left out
 * @returns 200
 */
export function tokenResponse(
  request: EmulatorRequest,
  members: Readonly<Record<string, unknown>>,
): EmulatorResponse {
  return { status: 200, headers: tokenHeaders(request), body: writeMembers(members) };
}

/** A compact JWS holds nothing that JSON escapes, and looking for it costs more than the rest of the answer. */
function writeMembers(members: Readonly<Record<string, unknown>>): string {
  let text = "";
  for (const name in members) {
    const value = members[name];
    if (value === undefined) continue;
    const written = name === "access_token" ? `"${String(value)}"` : JSON.stringify(value);
    text += `${text === "" ? "{" : ","}"${name}":${written}`;
  }
  return `${text}}`;
}

/**
 * Answers with an error in the body shape of the token endpoint.
 *
 * @param request - the request that is answered
 * @param refusal - number and values
 * @param context - the emulator
 * @returns the row's status
 */
export function errorResponse(
  request: EmulatorRequest,
  refusal: Refusal,
  context: EntraContext,
): EmulatorResponse {
  const worded = wordRefusal(refusal);
  return {
    status: worded.httpStatus,
    headers: tokenHeaders(request, worded.code),
    body: JSON.stringify(errorBody(request, worded, context)),
  };
}

/**
 * The members of an error in the order of the service.
 *
 * @param request - the request that is answered
 * @param worded - the refusal in words
 * @param context - the emulator
 * @returns the body
 */
function errorBody(
  request: EmulatorRequest,
  worded: WordedRefusal,
  context: EntraContext,
): Record<string, unknown> {
  const trace = traceOf(request, context);
  const body: Record<string, unknown> = {
    error: worded.oauthError,
    error_description: describe(worded, trace, context),
    error_codes: [worded.code],
    timestamp: trace.timestamp,
    trace_id: trace.traceId,
    correlation_id: trace.correlationId,
  };
  const isClassic = context.settings.errorStyle === "classic";
  if (worded.hasErrorUri && !isClassic) body["error_uri"] = `${request.origin}/error?code=${worded.code}`;
  if (worded.suberror !== undefined) body["suberror"] = worded.suberror;
  if (worded.claims !== undefined) body["claims"] = worded.claims;
  return body;
}

/** What identifies an answer in the logs of the service. */
export interface Trace {
  readonly traceId: string;
  readonly correlationId: string;
  /** `YYYY-MM-DD HH:MM:SSZ`, UTC. */
  readonly timestamp: string;
}

/**
 * Trace, correlation and time of an answer.
 *
 * @param request - the request that is answered
 * @param context - the emulator
 * @returns the three values
 */
export function traceOf(request: EmulatorRequest, context: EntraContext): Trace {
  const clientRequestId = request.headers["client-request-id"];
  return {
    traceId: traceIdOf(request),
    correlationId: typeof clientRequestId === "string" ? clientRequestId : randomUUID(),
    timestamp: `${new Date(context.clock.nowMs()).toISOString().slice(0, 19).replace("T", " ")}Z`,
  };
}

/**
 * The description with its trace suffix.
 *
 * @param worded - the refusal in words
 * @param trace - what the suffix prints
 * @param context - the emulator
 * @returns `AADSTS…: text Trace ID: … Correlation ID: … Timestamp: …`
 */
export function describe(worded: WordedRefusal, trace: Trace, context: EntraContext): string {
  const gap = context.settings.errorStyle === "classic" ? "\r\n" : " ";
  return `AADSTS${worded.code}: ${worded.text}${gap}Trace ID: ${trace.traceId}${gap}Correlation ID: ${trace.correlationId}${gap}Timestamp: ${trace.timestamp}`;
}
