/**
 * Seals tokens so that only the holder of the credential can read them, without a second secret to keep.
 *
 * The rules are: the sealing key comes by HKDF-SHA256 from an RSA signature (RS256, which is deterministic) over a
 * fixed label, or from the client secret; the label cannot be the signing input of any JSON Web Signature, since it
 * holds bytes outside base64url; each token is sealed by AES-256-GCM with a random nonce, and bound to its cache key.
 */
import { createCipheriv, createDecipheriv, createHash, hkdf, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import type { CertificateCredential } from "@nightlatch/credential";
import { NightlatchError } from "@nightlatch/credential/assertion";
import { OAUTH_ERRORS } from "../errors.ts";
import type { CachedToken } from "./token-cache.ts";

const deriveKey = promisify(hkdf);

const LABEL = "nightlatch token cache\0sealing key v1\0";
const INFO = "nightlatch/token-cache/aes-256-gcm/v1";
const MAGIC = Buffer.from("NLT1", "latin1");
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Of RSA with 2048 bits. */
const LEAST_SIGNATURE_BYTES = 256;

/** What opens a sealed cache. */
export type SealedBy =
  | { readonly certificate: CertificateCredential; readonly clientSecret?: undefined }
  | { readonly clientSecret: string; readonly certificate?: undefined };

/** Seals and opens tokens. */
export interface Seal {
  /** 16 hex digits that name the credential, so that a rotated one has places of its own. Not secret. */
  readonly id: string;
  /**
   * @param key - cache key, which names tenant and client
   * @returns its SHA-256 in 64 hex digits, by which it is stored: a reader of the place learns neither
   */
  digestHex(key: string): string;
  /**
   * @param key - cache key the token is bound to
   * @param token - what to seal
   * @returns magic, nonce, ciphertext and tag
   */
  close(key: string, token: CachedToken): Buffer;
  /**
   * @param key - cache key
   * @param sealed - what {@link Seal.close} gave
   * @returns the token; `undefined` when it was sealed by another credential, for another key, or damaged
   */
  open(key: string, sealed: Uint8Array): CachedToken | undefined;
}

/**
 * Derives the seal of a credential. Costs one signature.
 *
 * @param by - certificate credential or client secret
 * @returns the seal
 * @throws {NightlatchError} `OAUTH_CACHE_UNUSABLE`: the signer makes no RS256 signatures
 * @see RFC 5869
 * @see RFC 8017 §8.2
 */
export async function createSeal(by: SealedBy): Promise<Seal> {
  const { secret, id } = await secretOf(by);
  const key = Buffer.from(await deriveKey("sha256", secret, Buffer.alloc(0), INFO, 32));
  secret.fill(0);
  return {
    id,
    digestHex: (cacheKey) => createHash("sha256").update(cacheKey, "utf8").digest("hex"),
    close(cacheKey, token) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(cacheKey, "utf8"));
      const sealed = Buffer.concat([cipher.update(JSON.stringify(token), "utf8"), cipher.final()]);
      return Buffer.concat([MAGIC, nonce, sealed, cipher.getAuthTag()]);
    },
    open: (cacheKey, sealed) => open(key, cacheKey, Buffer.from(sealed)),
  };
}

function open(key: Buffer, cacheKey: string, sealed: Buffer): CachedToken | undefined {
  const bodyAt = MAGIC.length + NONCE_BYTES;
  if (sealed.length < bodyAt + TAG_BYTES || !sealed.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const nonce = sealed.subarray(MAGIC.length, bodyAt);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(cacheKey, "utf8"))
    .setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    const text = Buffer.concat([decipher.update(sealed.subarray(bodyAt, -TAG_BYTES)), decipher.final()]);
    return parseToken(text.toString("utf8"));
  } catch {
    return undefined;
  }
}

function parseToken(text: string): CachedToken | undefined {
  const value = JSON.parse(text) as Partial<CachedToken> | null;
  return typeof value?.token === "string" &&
    typeof value.expiresOnTimestamp === "number" &&
    typeof value.refreshAfterTimestamp === "number"
    ? (value as CachedToken)
    : undefined;
}

async function secretOf(by: SealedBy): Promise<{ secret: Buffer; id: string }> {
  if (by.certificate === undefined) {
    const secret = Buffer.from(LABEL + by.clientSecret, "utf8");
    const id = createHash("sha256").update("seal id\0").update(secret).digest("hex").slice(0, 16);
    return { secret, id };
  }
  const { signer, certificate } = by.certificate;
  const id = certificate.thumbprintSha256.hex.slice(0, 16).toLowerCase();
  try {
    const signature = await signer.sign(Buffer.from(LABEL, "latin1"), "RS256");
    // A key made of less, in the worst case of nothing, could be guessed.
    if (!(signature.byteLength >= LEAST_SIGNATURE_BYTES)) throw new RangeError("no signature");
    return { secret: Buffer.from(signature), id };
  } catch (cause) {
    throw new NightlatchError(
      OAUTH_ERRORS,
      "OAUTH_CACHE_UNUSABLE",
      `Cannot seal the token cache with the certificate "${certificate.subject}": its signer made no RS256 signature`,
      { hint: "Allow RS256 in the signer, or use no cache beyond the process", cause },
    );
  }
}
