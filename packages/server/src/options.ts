/** What a caller of `createApp` decides. */
import type { CalendarPort } from "@nightlatch/calendar";
import type { JSONWebKeySet } from "jose";

/** How this API sends the one request that it makes itself: the signing keys of the tenant. */
export interface KeyTransport {
  /** Sends one GET; the `Transport` of `@nightlatch/oauth` fits. */
  send(request: {
    method: string;
    url: string;
    headers?: Record<string, string>;
    timeoutMs?: number;
  }): Promise<{
    readonly status: number;
    json(): unknown;
  }>;
}

/** Which bearer tokens are taken. */
export interface BearerAuthentication {
  /** Directory (tenant) id, a GUID, whose tokens are taken; compared with the claim `tid`. */
  readonly tenantId: string;
  /** Accepted values of `aud`: this API's application (client) id, its application ID URI, or both. */
  readonly audience: string | readonly string[];
  /** Accepted values of `iss`. @defaultValue the v1 and v2 issuers of the tenant */
  readonly issuers?: readonly string[] | undefined;
  /** Scheme and host of Entra. @defaultValue `https://login.microsoftonline.com` */
  readonly authorityHost?: string | undefined;
  /** Where the signing keys are. @defaultValue `<authorityHost>/<tenantId>/discovery/v2.0/keys` */
  readonly jwksUri?: string | undefined;
  /** The signing keys themselves; nothing is fetched then. */
  readonly keys?: JSONWebKeySet | undefined;
  /** Fetches `jwksUri`. @defaultValue `createTransport()` of `@nightlatch/oauth` */
  readonly transport?: KeyTransport | undefined;
  /** App roles of which an application needs one to read. @defaultValue `Calendars.Read.All` */
  readonly requiredRole?: string | readonly string[] | undefined;
  /** App roles of which an application needs one to write; they read as well. @defaultValue `Calendars.ReadWrite.All` */
  readonly writeRole?: string | readonly string[] | undefined;
  /** Scopes of which a token for a user needs one to read. @defaultValue none: tokens for users are refused */
  readonly requiredScope?: string | readonly string[] | undefined;
  /** Scopes of which a token for a user needs one to write. @defaultValue none */
  readonly writeScope?: string | readonly string[] | undefined;
  /** How far the clocks may differ, in seconds. @defaultValue 60 */
  readonly clockToleranceSeconds?: number | undefined;
}

/** Lets everybody read and write every mailbox. For demonstrations on a loopback address. */
export interface AnonymousAuthentication {
  readonly dangerouslyAllowAnonymous: true;
}

/** Who calls, after the token was checked. */
export interface Caller {
  /** Application (client) id of the calling program; `anonymous` where everybody is let in. */
  readonly clientId: string;
  /** Object id of the user for whom the program acts; `undefined` for a program that acts as itself. */
  readonly userObjectId?: string | undefined;
  /** Sign-in name of that user. */
  readonly userPrincipalName?: string | undefined;
  readonly canRead: boolean;
  readonly canWrite: boolean;
  /** All claims of the token. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Decides whether a caller may use a mailbox; the caller is `undefined` at a secret feed address. */
export type MailboxPolicy = (mailbox: string, caller: Caller | undefined) => boolean | Promise<boolean>;

/** Calendar feeds at secret addresses, for calendar programs that cannot send a token. */
export interface FeedOptions {
  /** At least 32 characters. Of several the first makes new addresses and all are accepted. */
  readonly secret: string | readonly string[];
}

/** One line of the log. Never holds a token, a secret or the secret part of a feed address. */
export interface LogEntry {
  readonly level: "info" | "warn" | "error";
  /** `request`: one per request; `problem`: what the caller was not told; `warning`: dangerous settings. */
  readonly event: "request" | "problem" | "warning";
  readonly at: string;
  readonly requestId?: string;
  readonly method?: string;
  readonly path?: string;
  readonly status?: number;
  readonly durationMs?: number;
  readonly clientId?: string;
  readonly code?: string;
  readonly message?: string;
  readonly stack?: string;
}

/** Takes one line of the log. */
export type Logger = (entry: LogEntry) => void;

/** Everything that `createApp` takes. */
export interface AppOptions {
  /** The calendars that are served. */
  readonly calendar: CalendarPort;
  /** Whose tokens are taken. */
  readonly authentication: BearerAuthentication | AnonymousAuthentication;
  /** Which mailboxes a caller may use. @defaultValue all for programs; a user only the own one */
  readonly mailboxes?: MailboxPolicy | undefined;
  /** Feeds at secret addresses. @defaultValue none */
  readonly feeds?: FeedOptions | undefined;
  /** The present. @defaultValue the clock of the machine */
  readonly now?: (() => Date) | undefined;
  /** Scheme, host and port under which callers reach this API, for absolute links. @defaultValue taken from each request */
  readonly baseUrl?: string | undefined;
  /** Zone in which dates without a time are read. @defaultValue `UTC` */
  readonly ianaZone?: string | undefined;
  /** Whether subject, place and body of private events are shown to readers. @defaultValue `mask` */
  readonly privateEvents?: "mask" | "show" | undefined;
  /** Takes the log. @defaultValue no log */
  readonly logger?: Logger | undefined;
  /** Web origins whose pages may call this API. @defaultValue none */
  readonly corsOrigins?: readonly string[] | undefined;
  /** Calls to the calendar at one time. @defaultValue 16 */
  readonly maxCalls?: number | undefined;
  /** Calls to one mailbox at one time (Exchange Online allows 4 per application). @defaultValue 4 */
  readonly maxCallsPerMailbox?: number | undefined;
  /** Calls that may wait for their turn before callers are sent away with 503. @defaultValue 256 */
  readonly maxWaitingCalls?: number | undefined;
}
