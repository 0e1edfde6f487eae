/**
 * How a request says who sends it. Exchange Online takes bearer tokens; an Exchange Server takes what its
 * administrators have switched on, so the way is the caller's choice.
 */
import { calendarError } from "../errors.ts";
import type { TokenProvider } from "../token-provider.ts";

/** What an authenticator is told about a request. */
export interface EwsAuthenticationRequest {
  /** Address that the headers will go to, and no other. */
  readonly url: string;
  /** Mailbox that is asked about. */
  readonly mailbox: string;
  /** Claims challenge that the server answered the last headers with, JSON text. */
  readonly claims?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Gives the headers that authenticate one request, for example `{ authorization: "Bearer …" }`. It is called for
 * every request: keep tokens in it, not requests.
 */
export type EwsAuthenticator = (
  request: EwsAuthenticationRequest,
) => Promise<Readonly<Record<string, string>>>;

/**
 * Creates the authenticator that sends bearer tokens: Exchange Online, and an Exchange Server with modern
 * authentication.
 *
 * @param tokens - gives the tokens
 * @param scope - for example `https://outlook.office365.com/.default`
 * @returns the authenticator
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { bearerAuthenticator } from "@nightlatch/calendar/ews";
 *
 * const tokens = { getToken: async () => ({ token: "eyJ0", expiresOnTimestamp: 0 }) };
 * const authenticate = bearerAuthenticator(tokens, "https://outlook.office365.com/.default");
 * const url = "https://outlook.office365.com/EWS/Exchange.asmx";
 * const headers = await authenticate({ url, mailbox: "room-12@school.example" });
 * assert.deepEqual(headers, { authorization: "Bearer eyJ0" });
 * ```
 * @see https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-authenticate-an-ews-application-by-using-oauth
 */
export function bearerAuthenticator(tokens: TokenProvider, scope: string): EwsAuthenticator {
  return async ({ mailbox, claims, signal }) => {
    const token = await tokens.getToken(scope, {
      ...(claims !== undefined && { claims }),
      ...(signal !== undefined && { abortSignal: signal }),
    });
    if (token !== null) return { authorization: `Bearer ${token.token}` };
    throw calendarError("CALENDAR_TOKEN_REFUSED", `The token provider has no token for "${scope}"`, {
      hint: "Check how the token provider signs in",
      details: { mailbox },
    });
  };
}
