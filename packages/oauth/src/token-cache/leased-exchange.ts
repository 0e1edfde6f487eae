/** One request among many processes: whoever holds the lease of a key asks, the others wait for what it stores. */
import { oauthError } from "../errors.ts";
import type { CachedToken, TokenExchange } from "./token-cache.ts";

/** What a shared place has to offer. */
export interface LeaseStore {
  read(key: string): Promise<CachedToken | undefined>;
  /** Takes the lease unless another process holds one that has not run out. */
  acquire(key: string): Promise<boolean>;
  /** Stores the token of the lease's holder. */
  store(key: string, token: CachedToken): Promise<void>;
  /** Gives the lease back; harmless when it is no longer ours. */
  release(key: string): Promise<void>;
}

const FIRST_LOOK_MS = 20;
const LONGEST_PAUSE_MS = 400;

/**
 * Gives the stored token or asks for one under the lease.
 *
 * @param store - shared place
 * @param key - of the token
 * @param exchange - freshness, request and signal
 * @returns the token
 * @throws {NightlatchError} what the request throws; `OAUTH_ABORTED`
 */
export async function exchangeUnderLease(
  store: LeaseStore,
  key: string,
  exchange: TokenExchange,
): Promise<CachedToken> {
  const stored = await store.read(key);
  if (stored !== undefined && exchange.isFresh(stored)) return stored;
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    if (await store.acquire(key)) return await askAsHolder(store, key, exchange);
    await pause(pauseMs * (0.75 + Math.random() / 2), exchange.signal);
    const meanwhile = await store.read(key);
    if (meanwhile !== undefined && exchange.isFresh(meanwhile)) return meanwhile;
  }
}

async function askAsHolder(store: LeaseStore, key: string, exchange: TokenExchange): Promise<CachedToken> {
  try {
    // The holder before may have stored its token between our look and our lease.
    const stored = await store.read(key);
    if (stored !== undefined && exchange.isFresh(stored)) return stored;
    const token = await exchange.request();
    await store.store(key, token);
    return token;
  } finally {
    await store.release(key);
  }
}

function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const give = () => {
      clearTimeout(timer);
      reject(
        oauthError("OAUTH_ABORTED", "Gave up while another process asks for the token", {
          cause: signal?.reason,
        }),
      );
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", give);
      resolve();
    }, delayMs);
    if (signal?.aborted === true) give();
    else signal?.addEventListener("abort", give, { once: true });
  });
}
