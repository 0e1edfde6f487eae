/** What the checks are given: configuration as data, and everything that reaches out as functions. */
import type { CertificateCredential } from "@nightlatch/credential";

/** APIs whose tokens are looked at. */
export type CheckedApi = "graph" | "exchange";

/** The configuration at hand. */
export interface CheckConfiguration {
  /** GUID or domain. */
  readonly tenantId?: string | undefined;
  /** Application (client) id, a GUID. */
  readonly clientId?: string | undefined;
  /** https origin. @defaultValue https://login.microsoftonline.com */
  readonly authorityHost?: string | undefined;
  /** Files that are read, and whether a private key is in them. */
  readonly files?: readonly CheckedFile[] | undefined;
  /** True when the application signs in with a secret instead of a certificate. */
  readonly usesSecret?: boolean | undefined;
  /** @defaultValue ["graph"] */
  readonly apis?: readonly CheckedApi[] | undefined;
  /** @defaultValue https://graph.microsoft.com/v1.0 */
  readonly graphEndpoint?: string | undefined;
  /** Address of Exchange.asmx, when EWS is used. @defaultValue that of Exchange Online */
  readonly ewsEndpoint?: string | undefined;
  /** Scopes by API. @defaultValue those of the public cloud */
  readonly scopes?: Readonly<Partial<Record<CheckedApi, string>>> | undefined;
  /** Graph permissions of which the program needs each. @defaultValue ["Calendars.ReadWrite"] */
  readonly requiredRoles?: readonly string[] | undefined;
  /** Mailboxes that must be reachable: user principal names or ids. */
  readonly mailboxes?: readonly string[] | undefined;
  /** Mailboxes that must not be reachable, where Exchange limits the application to some. */
  readonly forbiddenMailboxes?: readonly string[] | undefined;
  /** Manifest as JSON text, for the comparison when a token is refused. */
  readonly manifestText?: string | undefined;
}

/** A file of the configuration. */
export interface CheckedFile {
  readonly path: string;
  readonly holdsKey: boolean;
}

/** A request, as the transport of `@nightlatch/oauth` takes it. */
export interface CheckRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An answer, as the transport of `@nightlatch/oauth` gives it. */
export interface CheckResponse {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Body as text.
   *
   * @returns the body
   */
  text(): string;
}

/** Everything that a check may use. */
export interface CheckContext {
  readonly configuration: CheckConfiguration;
  /**
   * Sends a request; failures are errors whose `code` begins with `OAUTH_NETWORK_`. Without it nothing is sent, and
   * what needs the network is not run.
   */
  readonly send?: ((request: CheckRequest) => Promise<CheckResponse>) | undefined;
  /** Loads certificate and key. */
  readonly loadCredential?: (() => Promise<CertificateCredential>) | undefined;
  /** Gets a token past every cache. */
  readonly getToken?: ((scope: string) => Promise<{ readonly token: string }>) | undefined;
  /** Mode bits of a file. Throws when it cannot be read. */
  readonly readMode?: ((path: string) => Promise<number>) | undefined;
  /** Sets the mode bits of a file, for the fix. */
  readonly setMode?: ((path: string, mode: number) => Promise<void>) | undefined;
  /** @defaultValue the system clock */
  readonly now?: (() => Date) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Audience of the APIs in the public cloud. */
const DEFAULT_SCOPES: Readonly<Record<CheckedApi, string>> = {
  graph: "https://graph.microsoft.com/.default",
  exchange: "https://outlook.office365.com/.default",
};

/**
 * The present, as the context sees it.
 *
 * @param context - the context
 * @returns the present
 */
export function nowOf(context: CheckContext): Date {
  return context.now?.() ?? new Date();
}

/**
 * The origin of the authority.
 *
 * @param configuration - the configuration
 * @returns https origin without slash
 */
export function authorityOf(configuration: CheckConfiguration): string {
  return (configuration.authorityHost ?? "https://login.microsoftonline.com").replace(/\/+$/, "");
}

/**
 * The scope with which a token of an API is asked for.
 *
 * @param configuration - the configuration
 * @param api - the API
 * @returns scope
 */
export function scopeOf(configuration: CheckConfiguration, api: CheckedApi): string {
  return configuration.scopes?.[api] ?? DEFAULT_SCOPES[api];
}

/**
 * The Graph endpoint.
 *
 * @param configuration - the configuration
 * @returns address without slash at its end
 */
export function graphOf(configuration: CheckConfiguration): string {
  return (configuration.graphEndpoint ?? "https://graph.microsoft.com/v1.0").replace(/\/+$/, "");
}

/**
 * The address of Exchange Web Services.
 *
 * @param configuration - the configuration
 * @returns address of Exchange.asmx
 */
export function ewsOf(configuration: CheckConfiguration): string {
  return configuration.ewsEndpoint ?? "https://outlook.office365.com/EWS/Exchange.asmx";
}

/**
 * The API through which mailboxes are probed.
 *
 * @param configuration - the configuration
 * @returns Exchange when only its token is looked at, Graph otherwise
 */
export function mailboxApiOf(configuration: CheckConfiguration): CheckedApi {
  const apis = configuration.apis ?? ["graph"];
  return apis.includes("exchange") && !apis.includes("graph") ? "exchange" : "graph";
}
