/** Tokens in memory, shared by several credentials of one process. */
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
  }

  async getOrRequest(key: string, exchange: TokenExchange): Promise<CachedToken> {
    const stored = this.#tokens.get(key);
    if (stored !== undefined && exchange.isFresh(stored)) return stored;
    const underWay = this.#requests.get(key);
    if (underWay !== undefined) return underWay;
    const request = exchange.request().then((token) => {
      this.#keep(key, token);
      return token;
    });
    this.#requests.set(key, request);
    try {
      return await request;
    } finally {
      this.#requests.delete(key);
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
