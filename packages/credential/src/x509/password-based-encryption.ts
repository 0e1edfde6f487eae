/**
 * Opens what PKCS#8 and PKCS#12 encrypt with a passphrase.
 *
 * Our own code where a library reads PFX: node-forge encodes certificates anew, which may change their thumbprint,
 * derives keys in script, and cannot open AES-encrypted files whose passphrase is not ASCII. It serves for RC2 alone,
 * which OpenSSL 3 no longer offers.
 *
 * The rules are: key derivation runs in the thread pool where Node has it there, and in short turns otherwise; iteration counts and memory are
 * limited, because a damaged or hostile file must not occupy the process.
 *
 * @see RFC 8018 (PBES2, PBKDF2), RFC 7914 (scrypt), RFC 7292 appendix B
 */
import { createDecipheriv, createHash, pbkdf2, scrypt } from "node:crypto";
import { promisify } from "node:util";
import {
  childOf,
  childrenOf,
  type DerElement,
  DerFault,
  integerOf,
  octetsOf,
  oidOf,
  TAG,
} from "../encoding/der.ts";

const pbkdf2InThreadPool = promisify(pbkdf2);

const MOST_PBKDF2_ITERATIONS = 5_000_000;
const MOST_PKCS12_ITERATIONS = 1_000_000;
/** Some milliseconds: NSS and GnuTLS write 600,000 rounds, three times over, which must not hold up a server. */
const ROUNDS_PER_TURN = 2_000;
const MOST_SCRYPT_BYTES = 64 * 1024 * 1024;

/** Why a decryption cannot even be tried: the algorithm, by name or OID. */
export class UnsupportedCipher extends Error {
  constructor(what: string) {
    super(what);
    this.name = "UnsupportedCipher";
  }
}

/** A passphrase in the form that a key derivation takes; `null` is "none at all", unlike the empty one. */
export type PassphraseCandidate = string | null;

/** Hashes of HMAC, by the OID of the HMAC; PBKDF2 and PBMAC1 name them so. */
export const HMAC_BY_OID: Readonly<Record<string, string>> = {
  "1.2.840.113549.2.7": "sha1",
  "1.2.840.113549.2.8": "sha224",
  "1.2.840.113549.2.9": "sha256",
  "1.2.840.113549.2.10": "sha384",
  "1.2.840.113549.2.11": "sha512",
};

const CIPHER_BY_OID: Readonly<Record<string, readonly [name: string, keyBytes: number]>> = {
  "2.16.840.1.101.3.4.1.2": ["aes-128-cbc", 16],
  "2.16.840.1.101.3.4.1.22": ["aes-192-cbc", 24],
  "2.16.840.1.101.3.4.1.42": ["aes-256-cbc", 32],
  "1.2.840.113549.3.7": ["des-ede3-cbc", 24],
  "1.2.392.200011.61.1.1.1.2": ["camellia-128-cbc", 16],
  "1.2.392.200011.61.1.1.1.3": ["camellia-192-cbc", 24],
  "1.2.392.200011.61.1.1.1.4": ["camellia-256-cbc", 32],
};

/** PKCS#12's own schemes: cipher, key length in bytes, and for RC2 the effective key length in bits. */
const PKCS12_SCHEME_BY_OID: Readonly<Record<string, { cipher: string; keyBytes: number; rc2Bits?: number }>> =
  {
    "1.2.840.113549.1.12.1.3": { cipher: "des-ede3-cbc", keyBytes: 24 },
    "1.2.840.113549.1.12.1.4": { cipher: "des-ede-cbc", keyBytes: 16 },
    "1.2.840.113549.1.12.1.5": { cipher: "rc2", keyBytes: 16, rc2Bits: 128 },
    "1.2.840.113549.1.12.1.6": { cipher: "rc2", keyBytes: 5, rc2Bits: 40 },
  };

const UNSUPPORTED_NAMES: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.12.1.1": "128-bit RC4",
  "1.2.840.113549.1.12.1.2": "40-bit RC4",
  "1.2.840.113549.1.5.1": "MD2 and DES",
  "1.2.840.113549.1.5.3": "MD5 and DES",
  "1.2.840.113549.1.5.6": "MD5 and RC2",
  "1.2.840.113549.1.5.10": "SHA-1 and DES",
  "1.2.840.113549.1.5.11": "SHA-1 and RC2",
  "1.3.14.3.2.7": "DES",
};

/**
 * Decrypts with a passphrase.
 *
 * @param algorithm - AlgorithmIdentifier of the encryption
 * @param ciphertext - the encrypted bytes
 * @param passphrase - the passphrase, or `null` for none
 * @returns the plain bytes, or `undefined` when the passphrase does not fit (or, rarely, the bytes are damaged)
 * @throws {UnsupportedCipher} with the name of the algorithm
 * @throws {DerFault} when the parameters are malformed
 */
export async function decryptWithPassphrase(
  algorithm: DerElement,
  ciphertext: Uint8Array,
  passphrase: PassphraseCandidate,
): Promise<Uint8Array | undefined> {
  const oid = oidOf(childOf(algorithm, 0));
  if (oid === "1.2.840.113549.1.5.13")
    return decryptPbes2(childOf(algorithm, 1, TAG.sequence), ciphertext, passphrase);
  const scheme = PKCS12_SCHEME_BY_OID[oid];
  if (scheme === undefined) throw new UnsupportedCipher(UNSUPPORTED_NAMES[oid] ?? `scheme ${oid}`);
  const parameters = childOf(algorithm, 1, TAG.sequence);
  const salt = octetsOf(childOf(parameters, 0, TAG.octetString));
  const iterations = integerOf(childOf(parameters, 1, TAG.integer));
  const key = await derivePkcs12Key("sha1", passphrase, salt, 1, iterations, scheme.keyBytes);
  const iv = await derivePkcs12Key("sha1", passphrase, salt, 2, iterations, 8);
  if (scheme.rc2Bits !== undefined) return decryptRc2(key, iv, scheme.rc2Bits, ciphertext);
  // OpenSSL 3 has triple DES with three keys only; two keys are the three-key form with the first one repeated.
  const fullKey = scheme.keyBytes === 16 ? Buffer.concat([key, key.subarray(0, 8)]) : key;
  return decryptBlocks("des-ede3-cbc", fullKey, iv, ciphertext);
}

/**
 * Derives a key as PKCS#12 does.
 *
 * @param hash - "sha1", "sha256" and so on
 * @param passphrase - the passphrase, or `null` for none
 * @param salt - bytes
 * @param purpose - 1 key, 2 IV, 3 MAC
 * @param iterations - at least 1
 * @param lengthBytes - how many bytes are wanted
 * @returns the derived bytes
 * @throws {UnsupportedCipher} when the iteration count is beyond the limit
 * @see RFC 7292 appendix B.2
 */
export async function derivePkcs12Key(
  hash: string,
  passphrase: PassphraseCandidate,
  salt: Uint8Array,
  purpose: 1 | 2 | 3,
  iterations: number,
  lengthBytes: number,
): Promise<Buffer> {
  if (iterations < 1) throw new DerFault("malformed", "the iteration count is 0");
  if (iterations > MOST_PKCS12_ITERATIONS)
    throw new UnsupportedCipher(`${iterations} iterations, more than ${MOST_PKCS12_ITERATIONS}`);
  const blockBytes = hash === "sha384" || hash === "sha512" ? 128 : 64;
  const password = passphrase === null ? Buffer.alloc(0) : Buffer.from(`${passphrase}\0`, "utf16le").swap16();
  const input = Buffer.concat([stretch(salt, blockBytes), stretch(password, blockBytes)]);
  const diversifier = Buffer.alloc(blockBytes, purpose);
  const derived: Buffer[] = [];
  for (let done = 0; done < lengthBytes; ) {
    let digest = createHash(hash).update(diversifier).update(input).digest();
    for (let round = 1; round < iterations; round += 1) {
      digest = createHash(hash).update(digest).digest();
      if (round % ROUNDS_PER_TURN === 0) await aTurnOfTheEventLoop();
    }
    derived.push(digest);
    done += digest.length;
    const addend = stretch(digest, blockBytes).subarray(0, blockBytes);
    for (let start = 0; start < input.length; start += blockBytes) addOnePlus(input, start, addend);
  }
  return Buffer.concat(derived).subarray(0, lengthBytes);
}

function aTurnOfTheEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Repeats bytes until they fill whole blocks. */
function stretch(bytes: Uint8Array, blockBytes: number): Buffer {
  const length = blockBytes * Math.ceil(bytes.length / blockBytes);
  const stretched = Buffer.alloc(length);
  for (let index = 0; index < length; index += 1) stretched[index] = bytes[index % bytes.length] ?? 0;
  return stretched;
}

/** Adds `addend` + 1 to one block of `input`, as numbers with the highest byte first. */
function addOnePlus(input: Buffer, start: number, addend: Uint8Array): void {
  let carry = 1;
  for (let index = addend.length - 1; index >= 0; index -= 1) {
    carry += (input[start + index] ?? 0) + (addend[index] ?? 0);
    input[start + index] = carry & 0xff;
    carry >>= 8;
  }
}

async function decryptPbes2(
  parameters: DerElement,
  ciphertext: Uint8Array,
  passphrase: PassphraseCandidate,
): Promise<Uint8Array | undefined> {
  const encryption = childOf(parameters, 1, TAG.sequence);
  const oid = oidOf(childOf(encryption, 0));
  const cipher = CIPHER_BY_OID[oid];
  if (cipher === undefined) throw new UnsupportedCipher(`cipher ${oid}`);
  const iv = octetsOf(childOf(encryption, 1, TAG.octetString));
  if (iv.length !== (cipher[0] === "des-ede3-cbc" ? 8 : 16))
    throw new DerFault("malformed", "the IV has a wrong length");
  const key = await deriveKey(childOf(parameters, 0, TAG.sequence), passphrase ?? "", cipher[1]);
  return decryptBlocks(cipher[0], key, iv, ciphertext);
}

/**
 * Derives a key with the function that an AlgorithmIdentifier names: PBKDF2 or scrypt.
 *
 * @param derivation - the AlgorithmIdentifier
 * @param passphrase - the passphrase
 * @param keyBytes - how many bytes are wanted
 * @returns the derived bytes
 * @throws {UnsupportedCipher} when it is another function, or beyond the limits
 * @throws {DerFault} when its parameters are damaged
 */
export async function deriveKey(
  derivation: DerElement,
  passphrase: string,
  keyBytes: number,
): Promise<Buffer> {
  const oid = oidOf(childOf(derivation, 0));
  const parameters = childrenOf(childOf(derivation, 1, TAG.sequence));
  const [saltElement, costElement] = parameters;
  if (saltElement === undefined || costElement === undefined)
    throw new DerFault("malformed", "key derivation parameters are missing");
  const salt = octetsOf(saltElement);
  const cost = integerOf(costElement);
  if (oid === "1.2.840.113549.1.5.12") {
    const prf = parameters.find((parameter) => parameter.tag === TAG.sequence);
    const prfOid = prf === undefined ? "1.2.840.113549.2.7" : oidOf(childOf(prf, 0));
    const hash = HMAC_BY_OID[prfOid];
    if (hash === undefined) throw new UnsupportedCipher(`pseudo-random function ${prfOid}`);
    if (cost < 1) throw new DerFault("malformed", "the iteration count is 0");
    if (cost > MOST_PBKDF2_ITERATIONS)
      throw new UnsupportedCipher(`${cost} iterations, more than ${MOST_PBKDF2_ITERATIONS}`);
    return pbkdf2InThreadPool(passphrase, salt, cost, keyBytes, hash);
  }
  if (oid === "1.3.6.1.4.1.11591.4.11") {
    const [, , blockElement, parallelElement] = parameters;
    if (blockElement === undefined || parallelElement === undefined)
      throw new DerFault("malformed", "scrypt parameters are missing");
    return deriveScryptKey(
      passphrase,
      salt,
      keyBytes,
      cost,
      integerOf(blockElement),
      integerOf(parallelElement),
    );
  }
  throw new UnsupportedCipher(`key derivation ${oid}`);
}

function deriveScryptKey(
  passphrase: string,
  salt: Uint8Array,
  keyBytes: number,
  N: number,
  r: number,
  p: number,
): Promise<Buffer> {
  if (128 * N * r > MOST_SCRYPT_BYTES || p > 16)
    throw new UnsupportedCipher(`scrypt with more than ${MOST_SCRYPT_BYTES / 1024 / 1024} MiB of memory`);
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, keyBytes, { N, r, p, maxmem: 2 * MOST_SCRYPT_BYTES }, (error, key) => {
      if (error === null) resolve(key);
      else reject(new DerFault("malformed", "scrypt parameters are impossible"));
    });
  });
}

function decryptBlocks(
  cipher: string,
  key: Uint8Array,
  iv: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array | undefined {
  const decipher = createDecipheriv(cipher, key, iv);
  try {
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    return undefined;
  }
}

async function decryptRc2(
  key: Buffer,
  iv: Buffer,
  bits: number,
  ciphertext: Uint8Array,
): Promise<Uint8Array | undefined> {
  const { default: forge } = await import("node-forge");
  // The published types leave RC2 out.
  const rc2 = (forge as unknown as { rc2: Rc2 }).rc2;
  const decipher = rc2.createDecryptionCipher(key.toString("binary"), bits);
  decipher.start(iv.toString("binary"));
  decipher.update(forge.util.createBuffer(Buffer.from(ciphertext).toString("binary")));
  if (ciphertext.length % 8 !== 0 || !decipher.finish()) return undefined;
  return Buffer.from(decipher.output.getBytes(), "binary");
}

interface Rc2 {
  createDecryptionCipher(
    key: string,
    bits: number,
  ): {
    start(iv: string): void;
    update(input: unknown): void;
    finish(): boolean;
    output: { getBytes(): string };
  };
}
