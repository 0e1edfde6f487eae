/**
 * Tokens in files, for command lines that start often: one sealed file per token, 0600, in a folder of its own.
 *
 * Files are written beside and renamed, so that a reader sees the old token or the new one. A lock file makes one of
 * several processes ask; it names its process, so that one left behind by a crash holds nobody up, and it runs out.
 */
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { oauthError } from "../errors.ts";
import { untilGivenUp } from "../until-given-up.ts";
import { exchangeUnderLease, type LeaseStore } from "./leased-exchange.ts";
import type { Seal, SealedBy } from "./seal.ts";
import type { CachedToken, TokenCache, TokenExchange } from "./token-cache.ts";

/** Options of {@link createFileTokenCache}. */
export interface FileTokenCacheOptions {
  /** Folder of the cache, made with mode 0700 when it is missing. */
  readonly directory: string;
  /** What opens the cache: the certificate credential or the client secret. */
  readonly sealedBy: SealedBy | (() => Promise<SealedBy>);
  /** After how long a lock counts as left behind, in milliseconds. @defaultValue 60000 */
  readonly lockLifeMs?: number | undefined;
}

/** Names in locks of every cache in this process. */
const heldHere = new Set<string>();
/** Tokens live a day at most: what is older is nobody's. */
const STALE_AFTER_MS = 26 * 3_600_000;

/**
 * Creates a file cache. Nothing is read, signed or written before its first use.
 *
 * @param options - folder and seal
 * @returns the cache; what cannot be read counts as absent
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtemp } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { createFileTokenCache } from "@nightlatch/oauth";
 *
 * const directory = await mkdtemp(join(tmpdir(), "nightlatch-"));
 * const cache = createFileTokenCache({ directory, sealedBy: { clientSecret: "read from a file" } });
 * await cache.set("key", { token: "e30.e30.e30", expiresOnTimestamp: 2, refreshAfterTimestamp: 1 });
 * assert.equal((await cache.get("key"))?.token, "e30.e30.e30");
 * await cache.clear();
 * ```
 */
export function createFileTokenCache(options: FileTokenCacheOptions): TokenCache {
  return new FileTokenCache(options);
}

/** A key elsewhere may be slow to sign, or never answer. */
const SEALING_TIMEOUT_MS = 60_000;

class FileTokenCache implements TokenCache, LeaseStore {
  readonly #directory: string;
  readonly #sealedBy: FileTokenCacheOptions["sealedBy"];
  readonly #lockLifeMs: number;
  /** Name of this cache in its locks. */
  readonly #owner = crypto.randomUUID();
  #seal: Promise<Seal> | undefined;

  constructor(options: FileTokenCacheOptions) {
    this.#directory = options.directory;
    this.#sealedBy = options.sealedBy;
    this.#lockLifeMs = options.lockLifeMs ?? 60_000;
    heldHere.add(this.#owner);
  }

  get(key: string): Promise<CachedToken | undefined> {
    return this.read(key);
  }

  set(key: string, token: CachedToken): Promise<void> {
    return this.store(key, token);
  }

  async delete(key: string): Promise<void> {
    await rm(await this.#path(key, "token"), { force: true });
  }

  async clear(): Promise<void> {
    await this.#removeFiles(() => true);
  }

  getOrRequest(key: string, exchange: TokenExchange): Promise<CachedToken> {
    return exchangeUnderLease(this, key, exchange);
  }

  async read(key: string): Promise<CachedToken | undefined> {
    const seal = await this.#opened();
    try {
      return seal.open(key, await readFile(await this.#path(key, "token")));
    } catch {
      return undefined;
    }
  }

  async store(key: string, token: CachedToken): Promise<void> {
    const seal = await this.#opened();
    await this.#makeDirectory();
    const { writeFileAtomic } = await import("@nightlatch/credential");
    await writeFileAtomic(await this.#path(key, "token"), seal.close(key, token), {
      mode: 0o600,
      overwrite: true,
    });
    await this.#removeFiles((ageMs) => ageMs > STALE_AFTER_MS);
  }

  async acquire(key: string): Promise<boolean> {
    await this.#makeDirectory();
    const path = await this.#path(key, "lock");
    const content = `${process.pid} ${await hostName()} ${this.#owner}`;
    if (await createExclusively(path, content)) return true;
    const seen = await readText(path);
    if (!(await this.#isLeftBehind(path, seen))) return false;
    // Moved away before it is looked at again: of several that find it left behind, one gets it.
    const aside = `${path}.${process.pid}`;
    try {
      await rename(path, aside);
    } catch {
      return false;
    }
    if ((await readText(aside)) === seen) await rm(aside, { force: true });
    else await rename(aside, path);
    return createExclusively(path, content);
  }

  async release(key: string): Promise<void> {
    const path = await this.#path(key, "lock");
    if ((await readText(path))?.endsWith(this.#owner) === true) await rm(path, { force: true });
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
    return untilGivenUp(
      async () => createSeal(typeof by === "function" ? await by() : by),
      "the key that seals the token cache",
      { timeoutMs: SEALING_TIMEOUT_MS },
    );
  }

  async #path(key: string, kind: "token" | "lock"): Promise<string> {
    const { id, digestHex } = await this.#opened();
    return join(this.#directory, `${id}-${digestHex(key).slice(0, 40)}.${kind}`);
  }

  async #makeDirectory(): Promise<void> {
    try {
      await makeFolder(resolve(this.#directory));
    } catch (cause) {
      throw oauthError(
        "OAUTH_CACHE_UNUSABLE",
        `Cannot make the folder of the token cache "${this.#directory}"`,
        {
          cause,
          details: { directory: this.#directory },
        },
      );
    }
  }

  async #isLeftBehind(path: string, content: string | undefined): Promise<boolean> {
    try {
      // In the future: the clock was set back since.
      if (Math.abs(Date.now() - (await stat(path)).mtimeMs) > this.#lockLifeMs) return true;
    } catch {
      return true;
    }
    const [pid, host, owner = ""] = (content ?? "").split(" ");
    if (host !== (await hostName())) return false;
    // In a container a restarted program often gets the same id again.
    if (pid === String(process.pid)) return !heldHere.has(owner);
    try {
      process.kill(Number(pid), 0);
      return false;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "ESRCH";
    }
  }

  async #removeFiles(which: (ageMs: number) => boolean): Promise<void> {
    const names = await readdir(this.#directory).catch(() => []);
    for (const name of names) {
      // Besides tokens and locks, what a killed process left half done beside them.
      if (!/^\.?[0-9a-f]{16}-[0-9a-f]{40}\.(token|lock)(\.\w+(\.tmp)?)?$/.test(name)) continue;
      const path = join(this.#directory, name);
      const found = await stat(path).catch(() => undefined);
      if (found !== undefined && which(Date.now() - found.mtimeMs)) await rm(path, { force: true });
    }
  }
}

/**
 * Makes a folder and those above it. Not by `recursive`, with which Node tries again without end where a file system
 * answers "no such file" for a name in a folder that is there, as /proc and automounters do.
 */
async function makeFolder(path: string, mayMakeParent = true): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const parent = dirname(path);
    if (code === "ENOENT" && mayMakeParent && parent !== path) {
      await makeFolder(parent);
      return makeFolder(path, false);
    }
    // Some answer "read-only" or "not allowed" before "there already".
    const isThere = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!isThere) throw error;
  }
}

async function createExclusively(path: string, content: string): Promise<boolean> {
  let file: FileHandle;
  try {
    file = await open(path, "wx", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  try {
    await file.writeFile(content);
    return true;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/** Loaded with the first lock, not with the package. */
async function hostName(): Promise<string> {
  return (await import("node:os")).hostname();
}

function readText(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}
