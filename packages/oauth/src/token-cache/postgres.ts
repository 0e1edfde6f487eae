/**
 * Tokens in PostgreSQL, shared by many workers: a fleet makes one token request per tenant and token life.
 *
 * Tokens are sealed before they leave the process, so that reading the table gives nobody a token. A row is also the
 * lease of its key: whoever's `INSERT … ON CONFLICT` takes it asks the token endpoint; a worker that dies while asking
 * holds the others up until the lease runs out, by the database's clock.
 */
import { untilGivenUp } from "../until-given-up.ts";
import { exchangeUnderLease, type LeaseStore } from "./leased-exchange.ts";
import type { Seal, SealedBy } from "./seal.ts";
import type { CachedToken, TokenCache, TokenExchange } from "./token-cache.ts";

/** Runs one statement, as `Pool.query` of `pg` does. */
export type SqlQuery = (
  sql: string,
  parameters: readonly (string | number)[],
) => Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[] }>;

/** Options of {@link createPostgresTokenCache}. */
export interface PostgresTokenCacheOptions {
  /** For example `(sql, parameters) => pool.query(sql, [...parameters])`. */
  readonly query: SqlQuery;
  /** What opens the cache: the certificate credential or the client secret. */
  readonly sealedBy: SealedBy | (() => Promise<SealedBy>);
  /** Table, optionally with its schema; made when it is missing. @defaultValue `nightlatch_token` */
  readonly table?: string | undefined;
  /** How long one statement is waited for, in milliseconds: a database that is silent must not hold up a token. @defaultValue 10000 */
  readonly queryTimeoutMs?: number | undefined;
  /** After how long a lease counts as left behind, in milliseconds. @defaultValue 60000 */
  readonly leaseLifeMs?: number | undefined;
}

/**
 * Creates a cache in PostgreSQL. Nothing is read, signed or written before its first use.
 *
 * @param options - database and seal
 * @returns the cache
 * @throws {RangeError} when `table` is not a plain name
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createPostgresTokenCache } from "@nightlatch/oauth";
 *
 * // const pool = new pg.Pool(); const query = (sql, parameters) => pool.query(sql, [...parameters]);
 * const query = async () => ({ rows: [] });
 * const cache = createPostgresTokenCache({ query, sealedBy: { clientSecret: "read from a file" } });
 * assert.equal(await cache.get("key"), undefined);
 * ```
 */
export function createPostgresTokenCache(options: PostgresTokenCacheOptions): TokenCache {
  const table = options.table ?? "nightlatch_token";
  if (!/^([a-z_][a-z0-9_]{0,62}\.)?[a-z_][a-z0-9_]{0,62}$/.test(table)) {
    throw new RangeError(`"${table}" is not a plain table name: lower-case letters, digits and underscores`);
  }
  return new PostgresTokenCache(options, table);
}

/** SQLSTATEs with which two processes that create the same table at once are told apart from real failures. */
const CREATED_BY_SOMEBODY_ELSE = new Set(["23505", "42710", "42P07", "42P06"]);

/** SQLSTATE of a table that is gone, for example after the database was restored. */
const NO_SUCH_TABLE = "42P01";
/** Below this, clocks count as equal. */
const CLOCKS_AGREE_MS = 5_000;

/** A key elsewhere may be slow to sign, or never answer. */
const SEALING_TIMEOUT_MS = 60_000;

class PostgresTokenCache implements TokenCache, LeaseStore {
  readonly #send: SqlQuery;
  readonly #queryTimeoutMs: number;
  readonly #sealedBy: PostgresTokenCacheOptions["sealedBy"];
  readonly #table: string;
  readonly #leaseLifeMs: number;
  readonly #owner = crypto.randomUUID();
  #seal: Promise<Seal> | undefined;

  constructor(options: PostgresTokenCacheOptions, table: string) {
    this.#send = options.query;
    this.#queryTimeoutMs = options.queryTimeoutMs ?? 10_000;
    this.#sealedBy = options.sealedBy;
    this.#table = table;
    this.#leaseLifeMs = options.leaseLifeMs ?? 60_000;
  }

  get(key: string): Promise<CachedToken | undefined> {
    return this.read(key);
  }

  set(key: string, token: CachedToken): Promise<void> {
    return this.store(key, token);
  }

  async delete(key: string): Promise<void> {
    await this.#query(`DELETE FROM ${this.#table} WHERE key = $1`, [await this.#rowKey(key)]);
  }

  async clear(): Promise<void> {
    const { id } = await this.#opened();
    await this.#query(`DELETE FROM ${this.#table} WHERE starts_with(key, $1)`, [`${id}:`]);
  }

  getOrRequest(key: string, exchange: TokenExchange): Promise<CachedToken> {
    return exchangeUnderLease(this, key, exchange);
  }

  async read(key: string): Promise<CachedToken | undefined> {
    const seal = await this.#opened();
    const { rows } = await this.#query(
      `SELECT sealed, extract(epoch FROM expires_at - now()) * 1000 AS left_ms FROM ${this.#table} WHERE key = $1`,
      [await this.#rowKey(key)],
    );
    const sealed = rows[0]?.["sealed"];
    const token = typeof sealed === "string" ? seal.open(key, Buffer.from(sealed, "base64")) : undefined;
    return token === undefined ? undefined : byThisClock(token, Number(rows[0]?.["left_ms"] ?? Number.NaN));
  }

  async store(key: string, token: CachedToken): Promise<void> {
    const seal = await this.#opened();
    await this.#query(
      `INSERT INTO ${this.#table} (key, sealed, expires_at) VALUES ($1, $2, now() + $3::double precision * interval '1 millisecond')
       ON CONFLICT (key) DO UPDATE SET sealed = excluded.sealed, expires_at = excluded.expires_at`,
      [
        await this.#rowKey(key),
        seal.close(key, token).toString("base64"),
        String(token.expiresOnTimestamp - Date.now()),
      ],
    );
    // Leases without a token are those of requests that were refused.
    await this.#query(
      `DELETE FROM ${this.#table} WHERE coalesce(expires_at, lease_until, '-infinity') < now() - interval '1 day'`,
      [],
    );
  }

  async acquire(key: string): Promise<boolean> {
    const { rows } = await this.#query(
      `INSERT INTO ${this.#table} AS held (key, lease_owner, lease_until)
       VALUES ($1, $2, now() + $3::double precision * interval '1 millisecond')
       ON CONFLICT (key) DO UPDATE SET lease_owner = excluded.lease_owner, lease_until = excluded.lease_until
       WHERE held.lease_until IS NULL OR held.lease_until < now()
       RETURNING key`,
      [await this.#rowKey(key), this.#owner, String(this.#leaseLifeMs)],
    );
    return rows.length > 0;
  }

  async release(key: string): Promise<void> {
    await this.#query(
      `UPDATE ${this.#table} SET lease_owner = NULL, lease_until = NULL WHERE key = $1 AND lease_owner = $2`,
      [await this.#rowKey(key), this.#owner],
    );
  }

  async #query(sql: string, parameters: readonly (string | number)[]): ReturnType<SqlQuery> {
    try {
      return await untilGivenUp(() => this.#send(sql, parameters), "an answer of the database", {
        timeoutMs: this.#queryTimeoutMs,
      });
    } catch (error) {
      // The next call makes the table again.
      if ((error as { code?: unknown } | null)?.code === NO_SUCH_TABLE) this.#seal = undefined;
      throw error;
    }
  }

  #opened(): Promise<Seal> {
    if (this.#seal === undefined) {
      const opening = this.#open();
      opening.catch(() => {
        this.#seal = undefined;
      });
      this.#seal = opening;
    }
    return this.#seal;
  }

  async #open(): Promise<Seal> {
    const by = this.#sealedBy;
    const { createSeal } = await import("./seal.ts");
    const seal = await untilGivenUp(
      async () => createSeal(typeof by === "function" ? await by() : by),
      "the key that seals the token cache",
      { timeoutMs: SEALING_TIMEOUT_MS },
    );
    // Looked for first: PostgreSQL refuses IF NOT EXISTS to whoever may not create, though there is nothing to create.
    const { rows } = await this.#query("SELECT to_regclass($1) IS NOT NULL AS there", [this.#table]);
    if (isTrue(rows[0]?.["there"])) return seal;
    try {
      await this.#query(
        `CREATE TABLE IF NOT EXISTS ${this.#table} (
           key text PRIMARY KEY,
           sealed text,
           expires_at timestamptz,
           lease_owner text,
           lease_until timestamptz
         )`,
        [],
      );
    } catch (error) {
      const state = (error as { code?: unknown }).code;
      if (typeof state !== "string" || !CREATED_BY_SOMEBODY_ELSE.has(state)) throw error;
    }
    return seal;
  }

  async #rowKey(key: string): Promise<string> {
    const { id, digestHex } = await this.#opened();
    return `${id}:${digestHex(key)}`;
  }
}

/**
 * The times of a token are those of the worker that got it. Its life by the database's clock, which all workers share,
 * shows how far that worker's clock was from this one's.
 */
function byThisClock(token: CachedToken, leftMs: number): CachedToken {
  const aheadMs = Date.now() + leftMs - token.expiresOnTimestamp;
  if (!(Math.abs(aheadMs) > CLOCKS_AGREE_MS)) return token;
  return {
    ...token,
    expiresOnTimestamp: token.expiresOnTimestamp + aheadMs,
    refreshAfterTimestamp: token.refreshAfterTimestamp + aheadMs,
  };
}

/** As `pg` reads it, or as PostgreSQL writes it. */
function isTrue(value: unknown): boolean {
  return value === true || value === "t";
}
