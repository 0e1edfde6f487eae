/**
 * A credential whose files may be replaced while the program runs.
 *
 * The rules are: files are looked at when the credential is asked for, at most once in an interval, so that nothing
 * has to be closed; a new credential is taken only when it is whole and valid; until then the old one serves.
 */
import { stat } from "node:fs/promises";
import { inspect } from "node:util";
import type { CertificateCredential } from "../credential.ts";
import { isNightlatchError, type NightlatchError } from "../errors.ts";
import { checkExpiry, type ExpiryStatus, type ExpiryThreshold } from "../x509/expiry.ts";
import { readCredentialFile } from "./read-credential-file.ts";

/** What a {@link ReloadingCredential} tells its owner. */
export type CredentialEvent =
  | { readonly kind: "loaded" | "reloaded"; readonly credential: CertificateCredential }
  | { readonly kind: "reloadFailed"; readonly error: NightlatchError }
  | {
      readonly kind: "expiring" | "expired";
      readonly credential: CertificateCredential;
      readonly status: ExpiryStatus;
    };

/** Options of {@link createReloadingCredential}. */
export interface ReloadingCredentialOptions {
  /** One file that holds certificate and key, or the files in any order. */
  readonly paths: string | readonly string[];
  /** Passphrase, or what fetches it; asked again at every reload. @defaultValue none */
  readonly passphrase?: string | (() => string | undefined | Promise<string | undefined>) | undefined;
  /** Milliseconds between two looks at the files. @defaultValue 10 000 */
  readonly checkIntervalMs?: number | undefined;
  /** When "expiring" is told. @defaultValue when two thirds of the lifetime have passed */
  readonly expiryThreshold?: ExpiryThreshold | undefined;
  /** Told of loads, failed reloads, and once for each certificate that it is expiring or expired. */
  readonly onEvent?: ((event: CredentialEvent) => void) | undefined;
  /** The clock. @defaultValue that of this machine */
  readonly now?: (() => Date) | undefined;
}

/** A source of the credential that is on disk now. Its functions may be passed on without it. */
export interface ReloadingCredential {
  /**
   * Returns the credential, after a look at the files when the interval has passed. Rejects only when none was ever
   * loaded.
   */
  readonly getCredential: () => Promise<CertificateCredential>;
  /**
   * Looks at the files at once, for example after the server has refused the credential.
   *
   * Resolves to true when another certificate or key is in use than before. A failure is told to `onEvent`; files that
   * cannot be used are looked at again for half a second, since they may be half written.
   */
  readonly reload: () => Promise<boolean>;
}

/**
 * Creates a source that follows the files of a credential.
 *
 * @param options - files, passphrase, interval
 * @returns the source; nothing is read before it is asked
 * @throws {RangeError} when the interval is negative
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createReloadingCredential } from "@nightlatch/credential";
 *
 * const source = createReloadingCredential({ paths: "no-such-file.pem" });
 * await assert.rejects(source.getCredential(), { code: "CREDENTIAL_FILE_UNREADABLE" });
 * ```
 */
export function createReloadingCredential(options: ReloadingCredentialOptions): ReloadingCredential {
  const checkIntervalMs = options.checkIntervalMs ?? 10_000;
  if (!(checkIntervalMs >= 0))
    throw new RangeError(`The interval must not be negative, got ${checkIntervalMs}`);
  const follower = new FileFollower(options, checkIntervalMs);
  return Object.freeze({
    getCredential: () => follower.getCredential(),
    reload: () => follower.reload(),
    [inspect.custom]: () => "ReloadingCredential",
  });
}

/** Half a second in all: as long as a slow copy of two small files takes. */
const LOOKS_AT_UNFIT_FILES = 5;
const UNFIT_FILES_PAUSE_MS = 100;

class FileFollower {
  readonly #options: ReloadingCredentialOptions;
  readonly #paths: readonly string[];
  readonly #checkIntervalMs: number;
  #credential: CertificateCredential | undefined;
  /** State of the files when they were last read, successfully or not. */
  #signature: string | undefined;
  #checkedAtMs = Number.NEGATIVE_INFINITY;
  #underWay: Promise<boolean> | undefined;
  #told: string | undefined;
  /** Whether the files could not be used when they were last read. */
  #isUnfit = false;

  constructor(options: ReloadingCredentialOptions, checkIntervalMs: number) {
    this.#options = options;
    this.#paths = typeof options.paths === "string" ? [options.paths] : [...options.paths];
    this.#checkIntervalMs = checkIntervalMs;
  }

  async getCredential(): Promise<CertificateCredential> {
    const credential = this.#credential;
    if (credential === undefined || performance.now() - this.#checkedAtMs >= this.#checkIntervalMs)
      await this.#lookTogether();
    const current = this.#credential ?? credential;
    if (current === undefined) throw new TypeError("A reload that failed must have thrown");
    this.#tellExpiry(current);
    return current;
  }

  /** Whoever calls this was refused, so the files are being replaced, and may be caught half written. */
  async reload(): Promise<boolean> {
    let changed = await this.#lookTogether();
    for (let look = 0; !changed && this.#isUnfit && look < LOOKS_AT_UNFIT_FILES; look++) {
      await new Promise((resolve) => setTimeout(resolve, UNFIT_FILES_PAUSE_MS));
      changed = await this.#lookTogether();
    }
    return changed;
  }

  #lookTogether(): Promise<boolean> {
    this.#underWay ??= this.#look().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  async #look(): Promise<boolean> {
    const before = this.#credential;
    const signature = await this.#signatureOfFiles();
    this.#checkedAtMs = performance.now();
    if (before !== undefined && signature === this.#signature) return false;
    try {
      const loaded = await this.#read();
      this.#isUnfit = false;
      this.#signature = signature;
      const changed = !isSame(before, loaded);
      if (!changed) return false;
      this.#credential = loaded;
      this.#tell({ kind: before === undefined ? "loaded" : "reloaded", credential: loaded });
      return true;
    } catch (error) {
      if (before === undefined || !isNightlatchError(error)) throw error;
      this.#isUnfit = true;
      this.#signature = signature;
      this.#tell({ kind: "reloadFailed", error });
      return false;
    }
  }

  async #read(): Promise<CertificateCredential> {
    const { passphrase } = this.#options;
    return readCredentialFile(this.#paths, {
      passphrase: typeof passphrase === "function" ? await passphrase() : passphrase,
      now: this.#options.now?.(),
    });
  }

  async #signatureOfFiles(): Promise<string> {
    const states = this.#paths.map(async (path) => {
      try {
        const { mtimeNs, ctimeNs, size, ino } = await stat(path, { bigint: true });
        return `${mtimeNs} ${ctimeNs} ${size} ${ino}`;
      } catch (error) {
        return String((error as NodeJS.ErrnoException).code);
      }
    });
    return (await Promise.all(states)).join("\n");
  }

  #tellExpiry(credential: CertificateCredential): void {
    if (this.#options.onEvent === undefined) return;
    const status = checkExpiry(credential.certificate, {
      threshold: this.#options.expiryThreshold,
      now: this.#options.now?.(),
    });
    if (status.state !== "due" && status.state !== "expired") return;
    const kind = status.state === "due" ? "expiring" : "expired";
    const name = `${kind} ${credential.certificate.thumbprintSha256.hex}`;
    if (this.#told === name) return;
    this.#told = name;
    this.#tell({ kind, credential, status });
  }

  /** What a listener throws does not reach the call that had something to tell. */
  #tell(event: CredentialEvent): void {
    try {
      this.#options.onEvent?.(event);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}

function isSame(before: CertificateCredential | undefined, after: CertificateCredential): boolean {
  return before?.certificate.thumbprintSha256.hex === after.certificate.thumbprintSha256.hex;
}
