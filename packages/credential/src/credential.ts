/** A certificate together with what signs for it. */
import { constants, verify } from "node:crypto";
import { createCompactJws, parseCompactJws } from "./jose/compact-jws.ts";
import { loadRefusal, refusal } from "./refusal.ts";
import type { Signer, SigningAlgorithm } from "./signing/signer.ts";
import type { Certificate } from "./x509/certificate.ts";
import { nameCertificate } from "./x509/certificate-name.ts";
import { orderChain } from "./x509/chain.ts";

/** What an application signs in with. Frozen; inspection and JSON show no key. */
export interface CertificateCredential {
  /** The certificate that is registered with the application. */
  readonly certificate: Certificate;
  /** The certificate, its issuer and so on, as far as they are known; sent as `x5c` on request. */
  readonly chain: readonly Certificate[];
  /** Signs with the private key of `certificate`. */
  readonly signer: Signer;
  /** True when assertions are made although the certificate is outside its validity. */
  readonly allowExpired?: boolean | undefined;
}

/** Options of {@link createCertificateCredential}. */
export interface CertificateCredentialOptions {
  /** Signs with the private key of the certificate. */
  readonly signer: Signer;
  /** Certificates that may be its issuers, in any order. @defaultValue none */
  readonly issuers?: readonly Certificate[] | undefined;
  /** Whether one signature is asked for and verified at once. @defaultValue true */
  readonly verify?: boolean | undefined;
}

/**
 * Joins a certificate and a signer whose key stays elsewhere, and proves that they belong together.
 *
 * For files call {@link readCredentialFile}, for text or bytes {@link readCredential}.
 *
 * @param certificate - the certificate, RSA of at least 2048 bits
 * @param options - the signer, and issuers for `x5c`
 * @returns the credential
 * @throws {@link NightlatchError} `CREDENTIAL_KEY_NOT_RSA`, `CREDENTIAL_KEY_TOO_SMALL`, `CREDENTIAL_KEY_MISMATCH`,
 *   and what the signer throws
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createCertificateCredential, createSelfSigned } from "@nightlatch/credential";
 *
 * const { credential } = await createSelfSigned({ subject: "CN=timetable" });
 * const elsewhere = { sign: credential.signer.sign.bind(credential.signer) };
 * const joined = await createCertificateCredential(credential.certificate, { signer: elsewhere });
 * assert.equal(joined.certificate.subject, "CN=timetable");
 * ```
 */
export async function createCertificateCredential(
  certificate: Certificate,
  options: CertificateCredentialOptions,
): Promise<CertificateCredential> {
  requireUsableKey(certificate, "the certificate");
  if (options.verify !== false) {
    const algorithm = options.signer.algorithm ?? "PS256";
    // Says nothing about anybody, and goes nowhere.
    const parts = { protectedHeader: { typ: "probe" }, payload: {}, signer: options.signer, algorithm };
    const { signingInput, signature } = parseCompactJws(await createCompactJws(parts));
    if (!verifySignature(certificate, signingInput, signature, algorithm))
      throw refusal(
        "CREDENTIAL_KEY_MISMATCH",
        `Cannot use the signer: its key belongs to another certificate than ${nameCertificate(certificate)}`,
      );
  }
  return assemble(certificate, options.signer, options.issuers ?? [], false);
}

/**
 * Puts a credential together without checking that key and certificate fit.
 *
 * @param certificate - the leaf
 * @param signer - signs with its key
 * @param pool - certificates that may be issuers
 * @param allowExpired - whether it may be used outside its validity
 * @returns the credential, frozen
 */
export function assemble(
  certificate: Certificate,
  signer: Signer,
  pool: readonly Certificate[],
  allowExpired: boolean,
): CertificateCredential {
  const chain = orderChain(certificate, pool);
  return Object.freeze({ certificate, chain, signer, ...(allowExpired ? { allowExpired } : {}) });
}

/**
 * Refuses a key that Entra ID does not take.
 *
 * @param key - a certificate, or the facts of a key
 * @param sourceName - file name for messages
 * @throws {@link NightlatchError} `CREDENTIAL_KEY_NOT_RSA`, `CREDENTIAL_KEY_TOO_SMALL`
 */
export function requireUsableKey(
  key: { readonly keyType: string; readonly keySizeBits: number | undefined },
  sourceName: string,
): void {
  if (key.keyType !== "rsa")
    throw loadRefusal(
      "CREDENTIAL_KEY_NOT_RSA",
      sourceName,
      key.keyType === "rsa-pss"
        ? "the key is restricted to RSASSA-PSS, and Entra ID accepts only plain RSA keys (rsaEncryption)"
        : `the key is ${key.keyType.toUpperCase()}, and Entra ID accepts only RSA`,
      {
        details: { keyType: key.keyType },
        hint:
          key.keyType === "rsa-pss"
            ? "Make a plain RSA key (openssl genpkey -algorithm RSA); it signs with PS256 all the same"
            : undefined,
      },
    );
  if ((key.keySizeBits ?? 0) < 2048)
    throw loadRefusal(
      "CREDENTIAL_KEY_TOO_SMALL",
      sourceName,
      `the RSA key has ${key.keySizeBits} bits, wanted at least 2048`,
      { details: { keySizeBits: key.keySizeBits } },
    );
}

function verifySignature(
  certificate: Certificate,
  signingInput: Uint8Array,
  signature: Uint8Array,
  algorithm: SigningAlgorithm,
): boolean {
  const key = certificate.publicKey;
  const how =
    algorithm === "PS256"
      ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
      : { key, padding: constants.RSA_PKCS1_PADDING };
  try {
    return verify("sha256", signingInput, how, signature);
  } catch {
    return false;
  }
}
