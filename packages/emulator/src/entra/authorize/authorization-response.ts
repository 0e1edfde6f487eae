/** Hands the outcome of an authorization request back to the application. */
import type { EmulatorRequest, EmulatorResponse } from "../../host/http.ts";
import { type Refusal, wordRefusal } from "../aadsts.ts";
import type { EntraContext } from "../entra-context.ts";
import { describe, traceIdOf, traceOf } from "../error-response.ts";
import type { ResponseMode } from "./authorization-request.ts";
import { errorPage, formPostPage } from "./pages.ts";

/** Where and how an answer travels. */
export interface ReplyChannel {
  readonly redirectUri: string;
  readonly mode: ResponseMode;
  readonly state: string | undefined;
}

/**
 * Sends values to the application.
 *
 * @param channel - where and how
 * @param values - members of the response
 * @param request - the request that is answered
 * @param cookies - values of Set-Cookie
 * @returns a redirect, or a page that posts a form
 */
export function replyToApplication(
  channel: ReplyChannel,
  values: Readonly<Record<string, string | undefined>>,
  request: EmulatorRequest,
  cookies: readonly string[] = [],
): EmulatorResponse {
  const pairs = Object.entries({ ...values, state: channel.state }).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  const headers = {
    "x-ms-request-id": traceIdOf(request),
    ...(cookies.length > 0 ? { "Set-Cookie": cookies } : {}),
  };
  if (channel.mode === "form_post") return formPostPage(channel.redirectUri, pairs, headers);
  const encoded = new URLSearchParams(pairs).toString();
  return {
    status: 302,
    headers: {
      ...headers,
      Location: withParameters(channel, encoded),
      "Cache-Control": "no-store, no-cache",
    },
  };
}

/**
 * Sends an error to the application.
 *
 * @param channel - where and how
 * @param refusal - number and values
 * @param request - the request that is answered
 * @param context - the emulator
 * @returns a redirect, or a page that posts a form
 */
export function refuseToApplication(
  channel: ReplyChannel,
  refusal: Refusal,
  request: EmulatorRequest,
  context: EntraContext,
): EmulatorResponse {
  const worded = wordRefusal(refusal);
  const values = {
    error: worded.oauthError,
    error_subcode: refusal.code === 65004 ? "cancel" : undefined,
    error_description: describe(worded, traceOf(request, context), context),
    error_uri: worded.hasErrorUri ? `${request.origin}/error?code=${worded.code}` : undefined,
  };
  return replyToApplication(channel, values, request);
}

/**
 * Shows an error to the person, because there is no address to send it to.
 *
 * @param refusal - number and values
 * @param request - the request that is answered
 * @param context - the emulator
 * @returns the page
 */
export function refuseToPerson(
  refusal: Refusal,
  request: EmulatorRequest,
  context: EntraContext,
): EmulatorResponse {
  const { code, text } = wordRefusal(refusal);
  return errorPage({ code, text, ...traceOf(request, context) });
}

function withParameters({ redirectUri, mode }: ReplyChannel, encoded: string): string {
  if (mode === "fragment") return `${redirectUri}#${encoded}`;
  const [address = "", fragment] = redirectUri.split("#");
  const joined = `${address}${address.includes("?") ? "&" : "?"}${encoded}`;
  return fragment === undefined ? joined : `${joined}#${fragment}`;
}
