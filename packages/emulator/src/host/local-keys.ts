/**
 * The keys that outlive a run: the local CA, the TLS leaf and the issuer's first signing key. They stand together in
 * one file, so that two starters who race for the first start end with the same set.
 */
import { createHash, randomUUID, X509Certificate } from "node:crypto";
import { linkSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { EmulatorError } from "../errors.ts";
import { REAL_HOST_NAMES } from "./real-hosts.ts";

/** A private key with its certificate. */
export interface KeyPem {
  /** PKCS#8. */
  readonly privateKeyPem: string;
  readonly certificatePem: string;
}

/** What the state directory keeps. */
export interface LocalKeys {
  readonly version: 1;
  /** P-256, signs the leaf. */
  readonly ca: KeyPem;
  /** P-256, for TLS. */
  readonly leaf: KeyPem & { readonly hostNames: readonly string[] };
  /** RSA 2048, signs tokens. */
  readonly issuer: KeyPem;
  /** Seals authorization codes, refresh tokens and cookies: 32 bytes, base64url. */
  readonly sealKeyBase64url: string;
}

/** The keys and where the CA certificate lies for other programs to trust. */
export interface LocalKeysOnDisk {
  readonly keys: LocalKeys;
  readonly caPath: string;
}

const RENEW_BEFORE_MS = 30 * 86_400_000;
const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "::1"];

/**
 * Reads the keys from the state directory, or makes and stores them.
 *
 * @param stateDirectory - `${NIGHTLATCH_HOME}/emulator` or `~/.nightlatch/emulator` when absent; made 0700
 * @param extraHostNames - further DNS names or IP addresses of the leaf, for example a container's name
 * @returns the keys and the path of ca.pem
 * @throws {EmulatorError} `EMULATOR_STATE_UNREADABLE` when the file is there but cannot be used
 */
export async function openLocalKeys(
  stateDirectory: string | undefined,
  extraHostNames: readonly string[] = [],
): Promise<LocalKeysOnDisk> {
  const hostNames = [...LOOPBACK_NAMES, ...REAL_HOST_NAMES, ...extraHostNames];
  const directory = usableDirectory(stateDirectory, extraHostNames);
  const path = join(directory, "keys.json");
  const stored = readKeys(path);
  const keys = stored ?? (await makeAndStore(path, hostNames));
  const fresh = leafIsFresh(keys, hostNames) ? keys : await renewLeaf(path, keys, hostNames);
  const caPath = join(directory, "ca.pem");
  if (readText(caPath) !== fresh.ca.certificatePem) replaceFile(caPath, fresh.ca.certificatePem, 0o644);
  return { keys: fresh, caPath };
}

function usableDirectory(wanted: string | undefined, extraHostNames: readonly string[]): string {
  const home = process.env["NIGHTLATCH_HOME"] ?? join(homedir(), ".nightlatch");
  const root = wanted ?? join(home, "emulator");
  // The CA of the default set is constrained to its names, so further names need a set of their own.
  const suffix = createHash("sha256").update(extraHostNames.join()).digest("hex").slice(0, 12);
  const directory = extraHostNames.length === 0 ? root : join(root, `names-${suffix}`);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return directory;
  } catch (error) {
    if (wanted !== undefined) {
      throw new EmulatorError("EMULATOR_STATE_UNREADABLE", `Cannot make state directory "${directory}"`, {
        hint: "Give a state directory that this user may write to",
        cause: error,
      });
    }
    return mkdtempSync(join(tmpdir(), "nightlatch-emulator-"));
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new EmulatorError("EMULATOR_STATE_UNREADABLE", `Cannot read "${path}"`, { cause: error });
  }
}

function readKeys(path: string): LocalKeys | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  try {
    const keys = JSON.parse(text) as LocalKeys;
    if (
      keys.version !== 1 ||
      !keys.issuer.privateKeyPem ||
      !keys.leaf.privateKeyPem ||
      !keys.sealKeyBase64url
    )
      throw new TypeError("members missing");
    return keys;
  } catch (error) {
    throw new EmulatorError("EMULATOR_STATE_UNREADABLE", `File "${path}" does not hold the emulator's keys`, {
      // The parser's message may quote the file, which holds private keys.
      cause: error instanceof SyntaxError ? undefined : error,
    });
  }
}

async function makeAndStore(path: string, hostNames: readonly string[]): Promise<LocalKeys> {
  const { mintLocalKeys } = await import("./mint-certificates.ts");
  const minted = await mintLocalKeys(hostNames);
  const besidePath = `${path}.${process.pid}.${randomUUID()}`;
  writeFileSync(besidePath, JSON.stringify(minted, null, 1), { mode: 0o600, flag: "wx" });
  try {
    // A hard link is made only when the name is free: whoever comes second reads the first one's keys.
    linkSync(besidePath, path);
    return minted;
  } catch {
    const winner = readKeys(path);
    if (winner !== undefined) return winner;
    renameSync(besidePath, path);
    return minted;
  } finally {
    rmSync(besidePath, { force: true });
  }
}

function leafIsFresh(keys: LocalKeys, hostNames: readonly string[]): boolean {
  const endAtMs = Date.parse(new X509Certificate(keys.leaf.certificatePem).validTo);
  return (
    endAtMs - Date.now() > RENEW_BEFORE_MS && hostNames.every((name) => keys.leaf.hostNames.includes(name))
  );
}

async function renewLeaf(path: string, keys: LocalKeys, hostNames: readonly string[]): Promise<LocalKeys> {
  const { mintLeaf } = await import("./mint-certificates.ts");
  const renewed = { ...keys, leaf: await mintLeaf(keys.ca, hostNames) };
  replaceFile(path, JSON.stringify(renewed, null, 1), 0o600);
  return renewed;
}

function replaceFile(path: string, text: string, mode: number): void {
  const besidePath = `${path}.${process.pid}.${randomUUID()}`;
  writeFileSync(besidePath, text, { mode, flag: "wx" });
  renameSync(besidePath, path);
}
