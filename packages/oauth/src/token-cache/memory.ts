/** Tokens in memory, shared by several credentials of one process. */
import { oauthError } from "../errors.ts";
import type { CachedToken, TokenCache, TokenExchange } from "./token-cache.ts";

/** Options of {@link createMemoryTokenCache}. */
export interface MemoryTokenCacheOptions {
  /** Tokens kept; the oldest go first. @defaultValue 10000 */
  readonly maxTokens?: number | undefined;
}

/**
 * Creates a cache in memory. A credential has one of its own already: this one is for sharing between credentials.
 *
 * @param options - bound
 * @returns the cache
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createMemoryTokenCache } from "@nightlatch/oauth";
 *
 * const cache = createMemoryTokenCache();
 * await cache.set("key", { token: "e30.e30.e30", expiresOnTimestamp: 2, refreshAfterTimestamp: 1 });
 * assert.equal((await cache.get("key"))?.expiresOnTimestamp, 2);
 * ```
 */
export function createMemoryTokenCache(options: MemoryTokenCacheOptions = {}): TokenCache {
  return new MemoryTokenCache(options.maxTokens ?? 10_000);
}

class MemoryTokenCache implements TokenCache {
  readonly #maxTokens: number;
  readonly #tokens = new Map<string, CachedToken>();
  readonly #requests = new Map<string, Promise<CachedToken>>();

  constructor(maxTokens: number) {
    this.#maxTokens = maxTokens;
  }

  async get(key: string): Promise<CachedToken | undefined> {
    return this.#tokens.get(key);
  }

  async set(key: string, token: CachedToken): Promise<void> {
    this.#keep(key, token);
  }

  async delete(key: string): Promise<void> {
    this.#tokens.delete(key);
  }

  async clear(): Promise<void> {
    this.#tokens.clear();
    this.#requests.clear();
  }

  async getOrRequest(key: string, exchange: TokenExchange): Promise<CachedToken> {
    for (;;) {
      const stored = this.#tokens.get(key);
      if (stored !== undefined && exchange.isFresh(stored)) return stored;
      const underWay = this.#requests.get(key);
      if (underWay === undefined) return this.#request(key, exchange);
      try {
        return await underWay;
      } catch {
        // Whoever asked is told why, and may only have given up: the next one asks.
        if (exchange.signal?.aborted === true)
          throw oauthError("OAUTH_ABORTED", "Gave up while another caller asked for the token");
      }
    }
  }

  async #request(key: string, exchange: TokenExchange): Promise<CachedToken> {
    const request = exchange.request();
    this.#requests.set(key, request);
    try {
      const token = await request;
      // Otherwise the cache was cleared meanwhile.
      if (this.#requests.get(key) === request) this.#keep(key, token);
      return token;
    } finally {
      if (this.#requests.get(key) === request) this.#requests.delete(key);
    }
  }

  #keep(key: string, token: CachedToken): void {
    this.#tokens.delete(key);
    if (this.#tokens.size >= this.#maxTokens) {
      const [oldest] = this.#tokens.keys();
      if (oldest !== undefined) this.#tokens.delete(oldest);
    }
    this.#tokens.set(key, token);
  }
}
