/**
 * The credential programs use: tokens for the application itself, cached, refreshed in the background, one request for
 * all who wait. It has the shape of `TokenCredential` of `@azure/core-auth`, so that Azure and Graph SDKs take it.
 */
import { isNightlatchError } from "@nightlatch/credential/assertion";
import {
  type ClientCredentialsRequest,
  requestTokenByClientCredentials,
  requireDefaultScope,
  requireResource,
} from "./client-credentials/request.ts";
import {
  type ConfidentialClient,
  type ConfidentialClientOptions,
  createConfidentialClient,
} from "./confidential-client.ts";
import { type Authority, requireOneTenant, resolveAuthority } from "./entra/authority.ts";
import { oauthError } from "./errors.ts";
import { type AbortSignalLike, SingleFlight } from "./single-flight.ts";
import type { CachedToken, TokenCache } from "./token-cache/token-cache.ts";
import { type AccessToken, IssuedToken, TokenEntry, TokenMap } from "./token-cache/token-map.ts";
import { isOfThisClock, knownSinceMs, refreshAfterMs, refreshPauseMs, usableUntilMs } from "./token-times.ts";

/** Options of {@link NightlatchCredential}. */
export interface NightlatchCredentialOptions extends ConfidentialClientOptions {
  /** Tenants that `getToken` may be asked for besides `tenantId`; `["*"]` for any. @defaultValue none */
  readonly additionallyAllowedTenants?: readonly string[] | undefined;
  /** Place for tokens beyond this credential: file, Postgres. @defaultValue none */
  readonly cache?: TokenCache | undefined;
  /** Tokens kept in memory, over all tenants and scopes. @defaultValue 150000 */
  readonly cacheCapacity?: number | undefined;
}

/** Options of {@link NightlatchCredential.getToken}, a subset of those of `@azure/core-auth`. */
export interface GetTokenOptions {
  /** Ends the wait of this caller; others who wait for the same token are left alone. */
  readonly abortSignal?: AbortSignalLike | undefined;
  readonly requestOptions?: { readonly timeout?: number | undefined } | undefined;
  /** JSON text of a claims request: the cached token is passed over and replaced. */
  readonly claims?: string | undefined;
  /** Says that claims challenges are answered (`xms_cc` cp1), for which the service gives tokens that live a day. */
  readonly enableCae?: boolean | undefined;
  /** Another tenant, if `additionallyAllowedTenants` has it. */
  readonly tenantId?: string | undefined;
  /** Refused: tokens bound to a key are not offered, and a bearer token in their place would be a quiet lie. */
  readonly proofOfPossessionOptions?: unknown;
}

interface Wanted {
  /** Scope or resource as asked for, and how the map spells it. */
  readonly request: ClientCredentialsRequest;
  readonly scope: string;
  /** As every spelling of it ends up: the key of the map. */
  readonly tenantId: string;
  readonly continuous: boolean;
  readonly authority: Authority;
  readonly claims: string | undefined;
}

const DEFAULT_CAPACITY = 150_000;

/**
 * Tokens for an application, by certificate, secret or another issuer's token.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createSelfSigned } from "@nightlatch/credential";
 * import { NightlatchCredential } from "@nightlatch/oauth";
 *
 * const { credential: certificate } = await createSelfSigned({ subject: "CN=Timetable push" });
 * const credential = new NightlatchCredential({
 *   tenantId: "school.example",
 *   clientId: "11111111-2222-4333-8444-555555555555",
 *   certificate,
 * });
 * // const { token } = await credential.getToken("https://graph.microsoft.com/.default");
 * await assert.rejects(credential.getToken("Calendars.Read"), { code: "OAUTH_SCOPE_UNFIT" });
 * ```
 * @see https://learn.microsoft.com/javascript/api/@azure/core-auth/tokencredential
 */
export class NightlatchCredential {
  readonly #client: ConfidentialClient;
  readonly #nowMs: () => number;
  readonly #tenantId: string;
  readonly #allowedTenants: ReadonlySet<string>;
  readonly #cache: TokenCache | undefined;
  readonly #tokens: TokenMap;
  readonly #flights = new SingleFlight<TokenEntry>();
  /** Counted up by `clear`, so that a request from before does not bring its token back. */
  #generation = 0;

  /**
   * @param options - who, where, and with which proof
   * @throws {TypeError} when not exactly one proof is given
   * @throws {NightlatchError} `OAUTH_TENANT_UNFIT`, `OAUTH_AUTHORITY_UNFIT`
   */
  constructor(options: NightlatchCredentialOptions) {
    this.#client = createConfidentialClient(options);
    requireOneTenant(this.#client.authority);
    this.#nowMs = this.#client.nowMs;
    this.#tenantId = this.#client.authority.tenantId;
    this.#allowedTenants = new Set(
      options.additionallyAllowedTenants?.map((tenantId) => tenantId.trim().toLowerCase()),
    );
    this.#cache = options.cache;
    this.#tokens = new TokenMap(options.cacheCapacity ?? DEFAULT_CAPACITY);
  }

  /**
   * Gives a token: from memory at the cost of a look-up, otherwise by one request for all who ask at that time. A token
   * that nears its end is replaced in the background while it is still handed out.
   *
   * @param scopes - one resource and `/.default`, as text or as an array of one
   * @param options - signal, claims, tenant
   * @returns the token and its times; never `null`
   * @throws {NightlatchError} `OAUTH_SCOPE_UNFIT`, `OAUTH_TENANT_UNFIT`, `OAUTH_TENANT_NOT_ALLOWED`,
   *   `CREDENTIAL_EXPIRED`, `OAUTH_REFUSED`, `OAUTH_UNREADABLE_ANSWER`, `OAUTH_NETWORK_…`, `OAUTH_ABORTED`
   */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken> {
    const scope = typeof scopes === "string" ? scopes : scopes?.length === 1 ? (scopes[0] as string) : "";
    if (options === undefined) {
      const entry = this.#tokens.find(scope, this.#tenantId, false);
      if (entry !== undefined && isCurrent(entry, this.#nowMs())) return entry.promise;
    } else if (options.claims === undefined && options.proofOfPossessionOptions === undefined) {
      const tenantId = options.tenantId ?? this.#tenantId;
      const entry = this.#tokens.find(scope, tenantId, options.enableCae === true);
      if (entry !== undefined && isCurrent(entry, this.#nowMs())) return entry.promise;
    }
    return this.#getTokenSlowly(scopes, options ?? {});
  }

  /**
   * Gives a token by the v1 endpoint, which takes a resource instead of a scope; cached as those of `getToken`.
   *
   * @param resource - address or application id, for example `https://outlook.office365.com`
   * @param options - signal, claims, tenant
   * @returns the token and its times
   * @throws {NightlatchError} as {@link NightlatchCredential.getToken}
   * @see https://learn.microsoft.com/previous-versions/azure/active-directory/azuread-dev/v1-oauth2-client-creds-grant-flow
   */
  async getTokenForResource(resource: string, options: GetTokenOptions = {}): Promise<AccessToken> {
    const wanted = this.#understand(
      { resource: requireResource(resource) },
      `resource\n${resource}`,
      options,
    );
    return this.#acquire(wanted, options);
  }

  /** Forgets every token, in memory and in the cache beyond it. */
  async clear(): Promise<void> {
    this.#generation += 1;
    this.#flights.clear();
    this.#tokens.clear();
    await this.#cache?.clear();
  }

  async #getTokenSlowly(scopes: string | string[], options: GetTokenOptions): Promise<AccessToken> {
    if (typeof scopes !== "string" && !Array.isArray(scopes)) {
      throw new TypeError(`scopes is neither text nor an array of texts (${typeof scopes})`);
    }
    const scope = requireDefaultScope(typeof scopes === "string" ? scopes : scopes.join(" "));
    return this.#acquire(this.#understand({ scope }, scope, options), options);
  }

  async #acquire(wanted: Wanted, options: GetTokenOptions): Promise<AccessToken> {
    const entry =
      wanted.claims === undefined
        ? this.#tokens.find(wanted.scope, wanted.tenantId, wanted.continuous)
        : undefined;
    const nowMs = this.#nowMs();
    if (entry !== undefined && nowMs < entry.usableUntilMs && nowMs >= entry.knownSinceSeconds * 1000) {
      if (nowMs >= entry.refreshAtSeconds * 1000 && !entry.refreshing)
        this.#refreshInBackground(wanted, entry);
      return entry.token;
    }
    try {
      const patience = { signal: options.abortSignal, timeoutMs: options.requestOptions?.timeout };
      const start = (signal: AbortSignal) => this.#request(wanted, entry, signal);
      return (await this.#flights.run(flightKey(wanted), start, patience)).token;
    } catch (error) {
      // In the last minute of its life a token is worth more than the reason why there is no new one.
      if (entry !== undefined && this.#nowMs() < entry.token.expiresOnTimestamp) return entry.token;
      throw error;
    }
  }

  #understand(request: ClientCredentialsRequest, scope: string, options: GetTokenOptions): Wanted {
    if (options.proofOfPossessionOptions !== undefined) {
      throw new TypeError("proofOfPossessionOptions is not supported: only bearer tokens are given");
    }
    const authority = this.#authorityOf(options.tenantId ?? this.#tenantId);
    return {
      request,
      scope,
      tenantId: authority.tenantId,
      continuous: options.enableCae === true,
      authority,
      claims: options.claims,
    };
  }

  #authorityOf(tenantId: string): Authority {
    const own = this.#client.authority;
    if (tenantId === own.tenantId) return own;
    const authority = resolveAuthority({ tenantId, authorityHost: own.host });
    const { tenantId: spelled } = authority;
    const isAllowed =
      spelled === own.tenantId || this.#allowedTenants.has("*") || this.#allowedTenants.has(spelled);
    if (!isAllowed) {
      throw oauthError(
        "OAUTH_TENANT_NOT_ALLOWED",
        `Cannot ask tenant "${spelled}" for a token: this credential is for "${own.tenantId}"`,
        { details: { tenantId: spelled } },
      );
    }
    requireOneTenant(authority);
    return authority;
  }

  #refreshInBackground(wanted: Wanted, entry: TokenEntry): void {
    entry.refreshing = true;
    const start = (signal: AbortSignal) => this.#request(wanted, entry, signal);
    this.#flights.run(flightKey(wanted), start).catch((error: unknown) => {
      entry.refreshing = false;
      entry.failedCount += 1;
      entry.backOff(this.#nowMs() + refreshPauseMs(entry.failedCount, askedPauseMs(error)));
      this.#client.onWarning({
        code: "OAUTH_REFRESH_FAILED",
        message: `The token for ${wanted.scope.replace("\n", " ")} could not be refreshed (${codeOf(error)}); the valid one stays in use until ${new Date(entry.token.expiresOnTimestamp).toISOString()}`,
        details: {
          cause: codeOf(error),
          scope: wanted.scope,
          tenantId: wanted.authority.tenantId,
          ...(isNightlatchError(error) ? { aadstsCodes: error.details["aadstsCodes"] } : {}),
        },
      });
    });
  }

  async #request(wanted: Wanted, before: TokenEntry | undefined, signal: AbortSignal): Promise<TokenEntry> {
    const generation = this.#generation;
    const kept = await this.#getOrRequest(wanted, before, signal);
    const token = new IssuedToken(kept);
    const entry = new TokenEntry(wanted, token, usableUntilMs(token), knownSinceMs(this.#nowMs()));
    if (generation === this.#generation) this.#tokens.keep(entry);
    return entry;
  }

  async #getOrRequest(
    wanted: Wanted,
    before: TokenEntry | undefined,
    signal: AbortSignal,
  ): Promise<CachedToken> {
    const cache = this.#cache;
    if (cache === undefined) return this.#ask(wanted, signal);
    const key = cacheKey(this.#client, wanted, this.#capabilities(wanted));
    const generation = this.#generation;
    let requested: CachedToken | undefined;
    let refused: unknown;
    const request = async () => {
      try {
        requested = await this.#ask(wanted, signal);
        // Cleared meanwhile: the token is for those who wait for it, and for nobody after them.
        if (generation !== this.#generation) throw new TypeError("cleared");
        return requested;
      } catch (error) {
        if (requested === undefined) refused = error;
        throw error;
      }
    };
    try {
      if (wanted.claims !== undefined) {
        await cache.set(key, await request());
        return requested as unknown as CachedToken;
      }
      return await cache.getOrRequest(key, {
        request,
        signal,
        isFresh: (token) => this.#isFresh(token, before),
      });
    } catch (error) {
      // Where the cache failed besides, in giving its lease back, the refusal is still the reason.
      if (refused !== undefined) throw refused;
      if (signal.aborted) throw error;
      if (requested !== undefined && generation !== this.#generation) return requested;
      this.#client.onWarning({
        code: "OAUTH_CACHE_FAILED",
        message: `The token cache could not be used (${codeOf(error)}); the token comes from the service`,
        details: { cause: codeOf(error) },
      });
      return requested ?? (await this.#ask(wanted, signal));
    }
  }

  /** A stored token serves a first call as long as it is usable; one that is to replace another must not be due itself. */
  #isFresh(token: CachedToken, before: TokenEntry | undefined): boolean {
    const nowMs = this.#nowMs();
    if (!isOfThisClock(token, nowMs)) return false;
    if (before === undefined) return nowMs < usableUntilMs(token);
    return nowMs < token.refreshAfterTimestamp;
  }

  #capabilities({ continuous }: Wanted): readonly string[] {
    const { clientCapabilities } = this.#client;
    return continuous && !clientCapabilities.includes("cp1")
      ? [...clientCapabilities, "cp1"]
      : clientCapabilities;
  }

  async #ask(wanted: Wanted, signal: AbortSignal): Promise<CachedToken> {
    const response = await requestTokenByClientCredentials(this.#client, wanted.request, {
      signal,
      authority: wanted.authority,
      ...(wanted.claims === undefined ? {} : { claims: wanted.claims }),
      clientCapabilities: this.#capabilities(wanted),
    });
    const nowMs = this.#nowMs();
    const lifeMs = response.expiresInSeconds * 1000;
    return {
      token: response.accessToken,
      expiresOnTimestamp: nowMs + lifeMs,
      refreshAfterTimestamp: nowMs + refreshAfterMs(response.refreshInSeconds, lifeMs),
    };
  }
}

/** What a hit costs besides the look-up: two comparisons of small integers. */
function isCurrent(entry: TokenEntry, nowMs: number): boolean {
  return nowMs < entry.refreshAtSeconds * 1000 && nowMs >= entry.knownSinceSeconds * 1000;
}

function askedPauseMs(error: unknown): number {
  return isNightlatchError(error) ? (error.retryAfterMs ?? 0) : 0;
}

function flightKey(wanted: Wanted): string {
  return `${wanted.authority.tenantId}\n${wanted.scope}\n${wanted.continuous ? "cae" : ""}\n${wanted.claims ?? ""}`;
}

/** Tokens with capabilities are others: they live for a day, and may be challenged. */
function cacheKey(client: ConfidentialClient, wanted: Wanted, capabilities: readonly string[]): string {
  const { host, tenantId } = wanted.authority;
  return [host, tenantId, client.clientId, wanted.scope, capabilities.join(" ")].join("|");
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : error instanceof Error ? error.name : "unknown";
}
