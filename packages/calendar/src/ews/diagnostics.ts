/**
 * `x-ms-diagnostics`: why Exchange does not take a token, by number.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/exchange-web-services/instrumenting-client-requests-for-ews-and-rest-in-exchange
 */
import type { KnownResponseCode } from "./response-codes.ts";

const AUDIENCE_HINT =
  "Ask for a token with the scope https://outlook.office365.com/.default of this cloud, or of the host that the server itself goes by";
const CLIENT_HINT = "Check in which tenant the application is registered and whether it is enabled there";

const BY_ID: Readonly<Record<string, KnownResponseCode>> = {
  2000000: {
    code: "CALENDAR_TOKEN_REFUSED",
    hint: "Check that the token was issued by Entra ID for this cloud and arrives unchanged",
  },
  2000001: {
    code: "CALENDAR_TOKEN_REFUSED",
    hint: "Ask for a fresh token: this one cannot be read, or lacks a claim that Exchange wants",
  },
  2000002: {
    code: "CALENDAR_TOKEN_REFUSED",
    hint: "Ask for a fresh token, and check the clock of this machine",
  },
  2000003: { code: "CALENDAR_TOKEN_REFUSED", hint: AUDIENCE_HINT },
  2000004: {
    code: "CALENDAR_TOKEN_REFUSED",
    hint: "Sign in to the tenant that holds the mailbox: the one in the token is not known here",
  },
  2000005: {
    code: "CALENDAR_TOKEN_REFUSED",
    hint: "Check that the user of the token exists where the mailbox is, and only once",
  },
  2000006: { code: "CALENDAR_TOKEN_REFUSED", hint: CLIENT_HINT },
  2000007: { code: "CALENDAR_UNAVAILABLE" },
  2000008: {
    code: "CALENDAR_ACCESS_DENIED",
    hint: "Grant the application permission full_access_as_app of Office 365 Exchange Online with administrator consent, then ask for a fresh token",
  },
  2000010: {
    code: "CALENDAR_TOKEN_REFUSED",
    hint: "Sign in with a certificate instead of a client secret: Exchange takes no application token that was bought with a secret",
  },
  2000020: {
    code: "CALENDAR_TOKEN_REFUSED",
    hint: "Ask the administrators of both tenants about tenant restrictions",
  },
  4000000: {
    code: "CALENDAR_TOKEN_REFUSED",
    hint: "Use a domain whose mailboxes take OAuth: this one has it switched off",
  },
};

/** A header that was read. */
export interface Diagnostics {
  /** Number, for example `2000010`. */
  readonly id: string;
  /** Sentence of the server; empty when it gives none. */
  readonly reason: string;
  /** What the number comes to; `undefined` for one that we do not know. */
  readonly known: KnownResponseCode | undefined;
}

/**
 * Reads the header.
 *
 * @param header - value of `x-ms-diagnostics`, for example `2000010;reason="…";error_category="…"`
 * @returns number and reason; `undefined` without a header that begins with a number
 */
export function parseDiagnostics(header: string | undefined): Diagnostics | undefined {
  const id = /^\s*(\d+)\s*(?:;|$)/.exec(header ?? "")?.[1];
  if (header === undefined || id === undefined) return undefined;
  return {
    id,
    reason: /;\s*reason\s*=\s*"([^"]*)"/i.exec(header)?.[1] ?? "",
    known: Object.hasOwn(BY_ID, id) ? BY_ID[id] : undefined,
  };
}
