/**
 * The cache of one credential: a map by scope and tenant, bounded, with eviction in constant time.
 *
 * A hit costs two look-ups and one comparison, whatever the number of tenants: no key is joined, nothing is copied, and
 * the promise that is handed out was made when the token came. Eviction is CLOCK (second chance): entries stand in a
 * ring, a hit marks its entry, and the hand takes the first that was not used since it last came by.
 */

/** An access token, in the shape of `@azure/core-auth`. */
export interface AccessToken {
  /** The access token; a secret. */
  readonly token: string;
  /** End of its life, milliseconds since 1970. */
  readonly expiresOnTimestamp: number;
  /** When it will be asked for anew, milliseconds since 1970. */
  readonly refreshAfterTimestamp: number;
  readonly tokenType: "Bearer";
}

/** A token as `getToken` gives it: read by its names, and absent from `console.log` and `JSON.stringify` of the whole. */
export class IssuedToken implements AccessToken {
  readonly token: string;
  readonly expiresOnTimestamp: number;
  readonly refreshAfterTimestamp: number;
  readonly tokenType = "Bearer";

  constructor(kept: Pick<AccessToken, "token" | "expiresOnTimestamp" | "refreshAfterTimestamp">) {
    this.token = kept.token;
    this.expiresOnTimestamp = kept.expiresOnTimestamp;
    this.refreshAfterTimestamp = kept.refreshAfterTimestamp;
    Object.freeze(this);
  }

  toJSON(): Omit<AccessToken, "token"> {
    const { expiresOnTimestamp, refreshAfterTimestamp, tokenType } = this;
    return { expiresOnTimestamp, refreshAfterTimestamp, tokenType };
  }

  [Symbol.for("nodejs.util.inspect.custom")](): object {
    return { token: "[not shown]", ...this.toJSON() };
  }
}

/**
 * One kept token. What a hit reads stands first, and the time is a small integer that lies in the object itself: with
 * 100,000 tenants a hit costs what it has to fetch from memory, and a number of milliseconds would be one more object.
 */
export class TokenEntry {
  /** Whether it was hit since the hand last came by. */
  used = false;
  /** Until then a hit needs nothing else; seconds since 1970. Moved on while a failed refresh backs off. */
  refreshAtSeconds: number;
  /** Before then the clock has been set back since the token came; seconds since 1970. */
  readonly knownSinceSeconds: number;
  /** The token, as a promise that is settled. */
  readonly promise: Promise<AccessToken>;
  readonly token: AccessToken;
  readonly scope: string;
  readonly tenantId: string;
  readonly continuous: boolean;
  /** Until then the token is handed out without waiting; milliseconds since 1970. */
  readonly usableUntilMs: number;
  /** Refreshes that failed in a row. */
  failedCount = 0;
  refreshing = false;
  next: TokenEntry = this;
  previous: TokenEntry = this;

  constructor(
    key: { readonly scope: string; readonly tenantId: string; readonly continuous: boolean },
    token: AccessToken,
    usableUntilMs: number,
    knownSinceMs: number,
  ) {
    this.refreshAtSeconds = Math.floor(Math.min(token.refreshAfterTimestamp, usableUntilMs) / 1000);
    this.knownSinceSeconds = Math.floor(knownSinceMs / 1000);
    this.promise = Promise.resolve(token);
    this.token = token;
    this.scope = key.scope;
    this.tenantId = key.tenantId;
    this.continuous = key.continuous;
    this.usableUntilMs = usableUntilMs;
  }

  /** @param untilMs - no refresh before, milliseconds since 1970; cut to what is usable */
  backOff(untilMs: number): void {
    this.refreshAtSeconds = Math.floor(Math.min(untilMs, this.usableUntilMs) / 1000);
  }
}

type ByScope = Map<string, Map<string, TokenEntry>>;

/** Tokens by scope and tenant; those for Continuous Access Evaluation apart from the others. */
export class TokenMap {
  readonly #maxTokens: number;
  readonly #plain: ByScope = new Map();
  readonly #continuous: ByScope = new Map();
  #hand: TokenEntry | undefined;
  #size = 0;

  /** @param maxTokens - bound, at least 1 */
  constructor(maxTokens: number) {
    if (!(maxTokens >= 1)) throw new RangeError("The bound of a token cache is at least 1");
    this.#maxTokens = maxTokens;
  }

  /** Tokens kept. */
  get size(): number {
    return this.#size;
  }

  /**
   * @param scope - as asked for
   * @param tenantId - as asked for
   * @param continuous - whether the token is for Continuous Access Evaluation
   * @returns the entry, fresh or not
   */
  find(scope: string, tenantId: string, continuous: boolean): TokenEntry | undefined {
    const entry = (continuous ? this.#continuous : this.#plain).get(scope)?.get(tenantId);
    if (entry !== undefined && !entry.used) entry.used = true;
    return entry;
  }

  /** @param entry - kept in place of the one with the same scope and tenant */
  keep(entry: TokenEntry): void {
    const byScope = entry.continuous ? this.#continuous : this.#plain;
    const before = byScope.get(entry.scope)?.get(entry.tenantId);
    if (before !== undefined) this.#remove(before);
    while (this.#size >= this.#maxTokens) this.#evictOne();
    let byTenant = byScope.get(entry.scope);
    if (byTenant === undefined) {
      byTenant = new Map();
      byScope.set(entry.scope, byTenant);
    }
    byTenant.set(entry.tenantId, entry);
    this.#link(entry);
    this.#size += 1;
  }

  /** Forgets everything. */
  clear(): void {
    this.#plain.clear();
    this.#continuous.clear();
    this.#hand = undefined;
    this.#size = 0;
  }

  #evictOne(): void {
    let hand = this.#hand;
    while (hand?.used) {
      hand.used = false;
      hand = hand.next;
    }
    this.#hand = hand;
    if (hand !== undefined) this.#remove(hand);
  }

  #remove(entry: TokenEntry): void {
    const byScope = entry.continuous ? this.#continuous : this.#plain;
    const byTenant = byScope.get(entry.scope);
    byTenant?.delete(entry.tenantId);
    if (byTenant?.size === 0) byScope.delete(entry.scope);
    if (this.#hand === entry) this.#hand = entry.next === entry ? undefined : entry.next;
    entry.previous.next = entry.next;
    entry.next.previous = entry.previous;
    this.#size -= 1;
  }

  /** Behind the hand: the place it comes to last. */
  #link(entry: TokenEntry): void {
    if (this.#hand === undefined) {
      entry.next = entry;
      entry.previous = entry;
      this.#hand = entry;
      return;
    }
    entry.next = this.#hand;
    entry.previous = this.#hand.previous;
    entry.previous.next = entry;
    entry.next.previous = entry;
  }
}
