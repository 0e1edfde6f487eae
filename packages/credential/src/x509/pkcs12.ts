/**
 * Reads PFX files (PKCS#12) of OpenSSL, Windows, Java and Key Vault: any of their ciphers, with a passphrase, with an
 * empty one, or with none.
 *
 * @see RFC 7292, RFC 9579 (PBMAC1)
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import {
  childOf,
  childrenOf,
  type DerElement,
  DerFault,
  integerOf,
  octetsOf,
  oidOf,
  readDer,
  TAG,
} from "../encoding/der.ts";
import { loadRefusal } from "../refusal.ts";
import {
  decryptWithPassphrase,
  deriveKey,
  derivePkcs12Key,
  HMAC_BY_OID,
  type PassphraseCandidate,
  UnsupportedCipher,
} from "./password-based-encryption.ts";

const OID_DATA = "1.2.840.113549.1.7.1";
const OID_ENCRYPTED_DATA = "1.2.840.113549.1.7.6";
const OID_PBMAC1 = "1.2.840.113549.1.5.14";
const OID_X509_CERTIFICATE = "1.2.840.113549.1.9.22.1";
const BAG = {
  key: "1.2.840.113549.1.12.10.1.1",
  shroudedKey: "1.2.840.113549.1.12.10.1.2",
  certificate: "1.2.840.113549.1.12.10.1.3",
  safeContents: "1.2.840.113549.1.12.10.1.6",
} as const;
const MAC_HASH_BY_OID: Readonly<Record<string, string>> = {
  "1.3.14.3.2.26": "sha1",
  "2.16.840.1.101.3.4.2.4": "sha224",
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
  "1.2.840.113549.2.5": "md5",
};
const NONE: readonly PassphraseCandidate[] = ["", null];

/** What a PFX file holds. */
export interface PfxContents {
  /** Certificates, DER, in the order of the file. */
  readonly certificates: readonly Uint8Array[];
  /** Private keys, PKCS#8 DER, decrypted. */
  readonly privateKeys: readonly Uint8Array[];
}

/**
 * Reads a PFX file.
 *
 * @param pfx - the file, DER or BER
 * @param passphrase - its passphrase; `undefined` and "" both mean that it has none or an empty one
 * @param sourceName - file name for messages
 * @returns the certificates and keys in it
 * @throws {@link NightlatchError} `CREDENTIAL_PASSPHRASE_MISSING`, `CREDENTIAL_PASSPHRASE_WRONG`,
 *   `CREDENTIAL_PASSPHRASE_NOT_NEEDED`, `CREDENTIAL_CIPHER_UNSUPPORTED`, `CREDENTIAL_PFX_CORRUPT`
 */
export async function readPfx(
  pfx: Uint8Array,
  passphrase: string | undefined,
  sourceName: string,
): Promise<PfxContents> {
  try {
    const file = readDer(pfx);
    const authSafe = childOf(file, 1, TAG.sequence);
    if (oidOf(childOf(authSafe, 0)) !== OID_DATA)
      throw new UnsupportedCipher("a public key instead of a passphrase");
    const authenticated = octetsOf(childOf(childOf(authSafe, 1, TAG.context0), 0));
    const macData = childrenOf(file)[2];
    const given = passphrase === undefined || passphrase === "" ? NONE : [passphrase];
    const candidates =
      macData === undefined
        ? given
        : [await requireMac(authenticated, macData, given, passphrase, sourceName)];
    for (const candidate of candidates) {
      const contents = await readAuthenticatedSafe(authenticated, candidate);
      if (contents !== undefined) return contents;
    }
    if (macData !== undefined)
      throw new DerFault("malformed", "its passphrase fits, but not every part opens with it");
    if (given === NONE) throw passphraseMissing(sourceName);
    throw passphraseWrong(sourceName, undefined);
  } catch (error) {
    throw pfxRefusal(error, sourceName);
  }
}

function pfxRefusal(error: unknown, sourceName: string): unknown {
  if (error instanceof UnsupportedCipher)
    return loadRefusal(
      "CREDENTIAL_CIPHER_UNSUPPORTED",
      sourceName,
      `the PFX is protected with ${error.message}`,
    );
  if (error instanceof DerFault)
    return loadRefusal("CREDENTIAL_PFX_CORRUPT", sourceName, `the PFX is damaged: ${error.message}`);
  return error;
}

async function requireMac(
  authenticated: Uint8Array,
  macData: DerElement,
  given: readonly PassphraseCandidate[],
  passphrase: string | undefined,
  sourceName: string,
): Promise<PassphraseCandidate> {
  const fits = macCheck(authenticated, macData);
  for (const candidate of given) if (await fits(candidate)) return candidate;
  if (given === NONE) throw passphraseMissing(sourceName);
  for (const none of NONE)
    if (await fits(none))
      throw loadRefusal(
        "CREDENTIAL_PASSPHRASE_NOT_NEEDED",
        sourceName,
        "a passphrase was given, but the PFX has none",
      );
  const trimmed = passphrase?.trim();
  const blank = trimmed !== undefined && trimmed !== passphrase && (await fits(trimmed));
  throw passphraseWrong(sourceName, blank ? "blank" : undefined);
}

function macCheck(
  authenticated: Uint8Array,
  macData: DerElement,
): (passphrase: PassphraseCandidate) => Promise<boolean> {
  const digestInfo = childOf(macData, 0, TAG.sequence);
  const algorithm = childOf(digestInfo, 0, TAG.sequence);
  const oid = oidOf(childOf(algorithm, 0));
  const expected = octetsOf(childOf(digestInfo, 1, TAG.octetString));
  if (expected.length > 64) throw new DerFault("malformed", "the integrity check is too long");
  if (oid === OID_PBMAC1) return pbmac1Check(authenticated, childOf(algorithm, 1, TAG.sequence), expected);
  const hash = MAC_HASH_BY_OID[oid];
  if (hash === undefined) throw new UnsupportedCipher(`integrity check ${oid}`);
  const salt = octetsOf(childOf(macData, 1, TAG.octetString));
  const count = childrenOf(macData)[2];
  const iterations = count === undefined ? 1 : integerOf(count);
  return async (passphrase) => {
    const key = await derivePkcs12Key(hash, passphrase, salt, 3, iterations, expected.length);
    return isHmac(hash, key, authenticated, expected);
  };
}

/** The check of newer writers: PBKDF2 in place of PKCS#12's own derivation, and salt and iterations with it (RFC 9579). */
function pbmac1Check(
  authenticated: Uint8Array,
  parameters: DerElement,
  expected: Uint8Array,
): (passphrase: PassphraseCandidate) => Promise<boolean> {
  const derivation = childOf(parameters, 0, TAG.sequence);
  const oid = oidOf(childOf(childOf(parameters, 1, TAG.sequence), 0));
  const hash = HMAC_BY_OID[oid];
  if (hash === undefined) throw new UnsupportedCipher(`integrity check ${oid}`);
  // RFC 9579 §5 wants the length to be there, since it says how strong the check is, and 20 bytes at least.
  const length = childrenOf(childOf(derivation, 1, TAG.sequence)).find(
    (parameter, index) => index > 1 && parameter.tag === TAG.integer,
  );
  const keyBytes = length === undefined ? 0 : integerOf(length);
  if (keyBytes < 20 || keyBytes > 1024)
    throw new DerFault("malformed", `the key of its integrity check has ${keyBytes} bytes`);
  return async (passphrase) =>
    isHmac(hash, await deriveKey(derivation, passphrase ?? "", keyBytes), authenticated, expected);
}

function isHmac(hash: string, key: Uint8Array, data: Uint8Array, expected: Uint8Array): boolean {
  const actual = createHmac(hash, key).update(data).digest();
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

/** `undefined` means that the passphrase does not open a part. */
async function readAuthenticatedSafe(
  authenticated: Uint8Array,
  passphrase: PassphraseCandidate,
): Promise<PfxContents | undefined> {
  const certificates: Uint8Array[] = [];
  const privateKeys: Uint8Array[] = [];
  for (const contentInfo of childrenOf(readDer(authenticated))) {
    const oid = oidOf(childOf(contentInfo, 0));
    const content = childOf(childOf(contentInfo, 1, TAG.context0), 0);
    let safe: Uint8Array | undefined;
    if (oid === OID_DATA) safe = octetsOf(content);
    else if (oid === OID_ENCRYPTED_DATA) {
      const encrypted = childOf(content, 1, TAG.sequence);
      const ciphertext = octetsOf(childOf(encrypted, 2));
      safe = await decryptWithPassphrase(childOf(encrypted, 1, TAG.sequence), ciphertext, passphrase);
      if (safe !== undefined && !isSequence(safe)) return undefined;
    } else throw new UnsupportedCipher("a public key instead of a passphrase");
    if (safe === undefined) return undefined;
    const opened = await readSafeContents(readDer(safe), passphrase, certificates, privateKeys, 0);
    if (!opened) return undefined;
  }
  return { certificates, privateKeys };
}

async function readSafeContents(
  safeContents: DerElement,
  passphrase: PassphraseCandidate,
  certificates: Uint8Array[],
  privateKeys: Uint8Array[],
  depth: number,
): Promise<boolean> {
  if (depth > 4) throw new DerFault("malformed", "bags are nested more than 4 levels deep");
  for (const bag of childrenOf(safeContents)) {
    const oid = oidOf(childOf(bag, 0));
    const value = childOf(childOf(bag, 1, TAG.context0), 0);
    if (oid === BAG.key) privateKeys.push(value.bytes);
    else if (oid === BAG.shroudedKey) {
      const key = await decryptWithPassphrase(childOf(value, 0), octetsOf(childOf(value, 1)), passphrase);
      if (key === undefined || !isSequence(key)) return false;
      privateKeys.push(key);
    } else if (oid === BAG.certificate) {
      if (oidOf(childOf(value, 0)) === OID_X509_CERTIFICATE)
        certificates.push(octetsOf(childOf(childOf(value, 1, TAG.context0), 0)));
    } else if (oid === BAG.safeContents) {
      const opened = await readSafeContents(value, passphrase, certificates, privateKeys, depth + 1);
      if (!opened) return false;
    }
  }
  return true;
}

/** One wrong passphrase in 256 leaves a padding that looks right; what comes out is noise, not one whole SEQUENCE. */
function isSequence(bytes: Uint8Array): boolean {
  try {
    const element = readDer(bytes);
    return element.bytes.length === bytes.length && childrenOf(element).length > 0;
  } catch {
    return false;
  }
}

function passphraseMissing(sourceName: string) {
  return loadRefusal(
    "CREDENTIAL_PASSPHRASE_MISSING",
    sourceName,
    "the PFX is protected with a passphrase and none was given",
  );
}

function passphraseWrong(sourceName: string, why: "blank" | undefined) {
  return loadRefusal("CREDENTIAL_PASSPHRASE_WRONG", sourceName, "the passphrase does not open the PFX", {
    hint:
      why === "blank"
        ? "Take away the line break or blanks around the passphrase; without them it fits"
        : undefined,
  });
}
