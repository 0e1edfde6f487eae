/** Makes a key and a self-signed certificate for it. The key is made in the thread pool, and so is the signature. */
import { createPrivateKey, generateKeyPair, type KeyObject, randomBytes, sign } from "node:crypto";
import { inspect, promisify } from "node:util";
import type { pki } from "node-forge";
import { assemble, type CertificateCredential } from "../credential.ts";
import { refusal } from "../refusal.ts";
import { createKeyObjectSigner } from "../signing/signer.ts";
import { certificateFromDer } from "./certificate.ts";
import { type NameAttribute, parseDistinguishedName } from "./distinguished-name.ts";

const generateKeyPairInThreadPool = promisify(generateKeyPair);
const signInThreadPool = promisify(sign);

const DAY_MS = 86_400_000;
/** New certificates begin a little in the past, so that a server whose clock is behind ours takes them at once. */
const BACKDATED_MS = 300_000;
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59);
const EARLIEST = Date.UTC(1950, 0, 1);

/** Options of {@link createSelfSigned}. */
export interface SelfSignedOptions {
  /** Distinguished name such as "CN=timetable,O=School,C=GB"; a comma inside a value is written `\,`. */
  readonly subject: string;
  /** Length of the RSA modulus in bits: 2048, 3072 or 4096. @defaultValue 2048 */
  readonly keySizeBits?: number | undefined;
  /** Begin of the validity, cut to whole seconds. @defaultValue five minutes ago */
  readonly notBefore?: Date | undefined;
  /** Days from `notBefore` to the end. @defaultValue 365 */
  readonly validDays?: number | undefined;
  /** End of the validity, cut to whole seconds; instead of `validDays`. */
  readonly notAfter?: Date | undefined;
  /** Encrypts the private key in `privateKeyPem` with AES-256. @defaultValue not encrypted */
  readonly passphrase?: string | undefined;
  /** The instant that "now" is. @defaultValue the clock of this machine */
  readonly now?: Date | undefined;
}

/** What {@link createSelfSigned} makes. */
export interface SelfSigned {
  /** The certificate, PEM: this may be public. */
  readonly certificatePem: string;
  /** The private key, PEM, PKCS#8: this must not. */
  readonly privateKeyPem: string;
  /** Both, ready for use. */
  readonly credential: CertificateCredential;
}

/**
 * Creates an RSA key and a self-signed certificate (SHA-256 with RSA) for signing in.
 *
 * @param options - subject, size, validity
 * @returns certificate, key and both as a credential; also when the validity chosen is not now
 * @throws {@link NightlatchError} `CREDENTIAL_SUBJECT_INVALID`, `CREDENTIAL_KEY_TOO_SMALL`,
 *   `CREDENTIAL_KEY_SIZE_UNSUPPORTED`, `CREDENTIAL_VALIDITY_INVALID`
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createSelfSigned } from "@nightlatch/credential";
 *
 * const made = await createSelfSigned({ subject: "CN=timetable,O=School", validDays: 730 });
 * assert.match(made.certificatePem, /^-----BEGIN CERTIFICATE-----/);
 * assert.equal(made.credential.certificate.subject, "CN=timetable, O=School");
 * ```
 * @see RFC 5280 §4.1, §4.2.1.3, §4.2.1.9, §4.2.1.12
 */
export async function createSelfSigned(options: SelfSignedOptions): Promise<SelfSigned> {
  const subject = parseDistinguishedName(options.subject);
  const keySizeBits = requireKeySize(options.keySizeBits ?? 2048);
  const now = options.now ?? new Date();
  const { notBefore, notAfter } = requireValidity(options, now);
  const { privateKey, publicKey } = await generateKeyPairInThreadPool("rsa", { modulusLength: keySizeBits });
  const der = await issue(subject, publicKey, privateKey, notBefore, notAfter);
  const certificate = certificateFromDer(der, "the new certificate");
  return withoutKeyInLogs({
    certificatePem: certificate.pem,
    privateKeyPem: exportPrivateKey(privateKey, options.passphrase),
    credential: assemble(
      certificate,
      createKeyObjectSigner(createPrivateKey({ key: privateKey.export({ type: "pkcs8", format: "pem" }) })),
      [],
      now < notBefore || now > notAfter,
    ),
  });
}

/** The key is read by its name; `console.log` and `JSON.stringify` of the whole show the rest. */
function withoutKeyInLogs(made: SelfSigned): SelfSigned {
  const { certificatePem, credential } = made;
  return Object.defineProperties(made, {
    [inspect.custom]: { value: () => ({ certificatePem, privateKeyPem: "[not shown]", credential }) },
    toJSON: { value: () => ({ certificatePem, credential }) },
  });
}

async function issue(
  subject: readonly NameAttribute[],
  publicKey: KeyObject,
  privateKey: KeyObject,
  notBefore: Date,
  notAfter: Date,
): Promise<Buffer> {
  const { default: forge } = await import("node-forge");
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(
    publicKey.export({ type: "spki", format: "pem" }).toString(),
  );
  certificate.serialNumber = serialNumberHex();
  certificate.validity.notBefore = notBefore;
  certificate.validity.notAfter = notAfter;
  const attributes = subject.map(({ oid, value }) => ({
    type: oid,
    value,
    valueTagClass: stringTypeOf(oid, value, forge.asn1.Type),
  })) as unknown as pki.CertificateField[];
  certificate.setSubject(attributes);
  certificate.setIssuer(attributes);
  certificate.setExtensions([
    { name: "basicConstraints", critical: true, cA: false },
    { name: "keyUsage", critical: true, digitalSignature: true },
    { name: "extKeyUsage", clientAuth: true },
    { name: "subjectKeyIdentifier" },
  ]);
  // forge would sign in script; only its encoder is wanted. Its types leave these fields out.
  const encoder = certificate as unknown as {
    siginfo: { algorithmOid: string };
    signatureOid: string;
    tbsCertificate: unknown;
    signature: string;
  };
  const sha256WithRsa = forge.pki.oids["sha256WithRSAEncryption"] as string;
  encoder.siginfo.algorithmOid = sha256WithRsa;
  encoder.signatureOid = sha256WithRsa;
  const pkiWithTbs = forge.pki as typeof forge.pki & { getTBSCertificate(of: pki.Certificate): never };
  const tbs = pkiWithTbs.getTBSCertificate(certificate);
  encoder.tbsCertificate = tbs;
  const signingInput = Buffer.from(forge.asn1.toDer(tbs).getBytes(), "binary");
  const signature = await signInThreadPool("sha256", signingInput, privateKey);
  encoder.signature = signature.toString("binary");
  return Buffer.from(forge.asn1.toDer(forge.pki.certificateToAsn1(certificate)).getBytes(), "binary");
}

/** Country and serial number must be PrintableString, the mail address IA5String, everything else UTF8String. */
function stringTypeOf(
  oid: string,
  value: string,
  types: { PRINTABLESTRING: number; IA5STRING: number; UTF8: number },
): number {
  if (oid === "2.5.4.6" || oid === "2.5.4.5" || oid === "2.5.4.46") return types.PRINTABLESTRING;
  if (oid === "1.2.840.113549.1.9.1" || oid === "0.9.2342.19200300.100.1.25") return types.IA5STRING;
  return value === "" ? types.PRINTABLESTRING : types.UTF8;
}

/** 16 random bytes; positive, and with a first byte that is not zero, so that all of them are kept. */
function serialNumberHex(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString("hex");
}

function exportPrivateKey(privateKey: KeyObject, passphrase: string | undefined): string {
  if (passphrase === undefined) return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  if (passphrase === "") throw new RangeError("The passphrase must not be empty");
  return privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase }).toString();
}

function requireKeySize(keySizeBits: number): number {
  if (keySizeBits < 2048)
    throw refusal(
      "CREDENTIAL_KEY_TOO_SMALL",
      `Cannot make a key of ${keySizeBits} bits, wanted at least 2048`,
    );
  if (keySizeBits !== 2048 && keySizeBits !== 3072 && keySizeBits !== 4096)
    throw refusal(
      "CREDENTIAL_KEY_SIZE_UNSUPPORTED",
      `Cannot make a key of ${keySizeBits} bits, wanted 2048, 3072 or 4096`,
    );
  return keySizeBits;
}

function requireValidity(options: SelfSignedOptions, now: Date): { notBefore: Date; notAfter: Date } {
  if (options.validDays !== undefined && options.notAfter !== undefined)
    throw new TypeError("Give validDays or notAfter, not both");
  const begin = options.notBefore?.getTime() ?? now.getTime() - BACKDATED_MS;
  const end = options.notAfter?.getTime() ?? begin + (options.validDays ?? 365) * DAY_MS;
  // X.509 has whole seconds.
  const [beginMs, endMs] = [Math.floor(begin / 1000) * 1000, Math.floor(end / 1000) * 1000];
  const possible = beginMs >= EARLIEST && endMs <= LATEST && endMs > beginMs;
  if (!possible)
    throw refusal(
      "CREDENTIAL_VALIDITY_INVALID",
      `Cannot make a certificate that is valid from ${show(beginMs)} to ${show(endMs)}`,
    );
  return { notBefore: new Date(beginMs), notAfter: new Date(endMs) };
}

function show(instantMs: number): string {
  const date = new Date(instantMs);
  return Number.isNaN(date.getTime()) ? "an impossible date" : date.toISOString();
}
