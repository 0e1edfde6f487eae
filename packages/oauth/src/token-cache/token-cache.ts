/**
 * Token caches beyond one credential: what a place for tokens has to offer so that several credentials, processes or
 * machines make one request between them. {@link tokenCacheConformance} is the suite every implementation passes.
 */

/** A token as caches keep it. */
export interface CachedToken {
  /** The access token. */
  readonly token: string;
  /** End of its life, milliseconds since 1970. */
  readonly expiresOnTimestamp: number;
  /** When to ask anew, milliseconds since 1970; not after `expiresOnTimestamp`. */
  readonly refreshAfterTimestamp: number;
}

/** How a missing or stale token is got. */
export interface TokenExchange {
  /** Tells whether a stored token will do. */
  readonly isFresh: (token: CachedToken) => boolean;
  /** Asks the token endpoint. Called at most once by one call of {@link TokenCache.getOrRequest}. */
  readonly request: () => Promise<CachedToken>;
  /** Ends a wait for somebody else's request. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A place for tokens. Keys are text of at most 2,000 characters that names authority, tenant, client and scope; they are
 * not secret. Tokens are.
 */
export interface TokenCache {
  /** The stored token, stale or not; `undefined` when there is none that can be read. */
  get(key: string): Promise<CachedToken | undefined>;
  /** Stores a token in place of the one before. */
  set(key: string, token: CachedToken): Promise<void>;
  /** Forgets one token; no failure when there is none. */
  delete(key: string): Promise<void>;
  /** Forgets every token of this cache. */
  clear(): Promise<void>;
  /**
   * Gives the stored token when it is fresh; otherwise one of all callers asks, stores and shares. What `request` throws
   * reaches its caller unchanged, and the next caller may try.
   */
  getOrRequest(key: string, exchange: TokenExchange): Promise<CachedToken>;
}
