/** One X.509 certificate: what sign-in with it needs to know, read once. */
import { type KeyObject, X509Certificate } from "node:crypto";
import { inspect } from "node:util";
import { childOf, childrenOf, DerFault, octetsOf, oidOf, readDer, TAG } from "../encoding/der.ts";
import { formatPem } from "../encoding/pem.ts";
import { loadRefusal } from "../refusal.ts";
import { certificateThumbprint, type Thumbprint } from "./thumbprint.ts";

/** An X.509 certificate. Instances are frozen; JSON and inspection show the public facts in readable form. */
export interface Certificate {
  /** The certificate, DER, byte for byte as it was found. */
  readonly der: Uint8Array;
  /** The same as PEM, lines of 64 characters. */
  readonly pem: string;
  /** Distinguished name in the order of the certificate, for example "CN=timetable, O=School". */
  readonly subject: string;
  /** Distinguished name of the issuer, in the same form. */
  readonly issuer: string;
  /** Serial number, upper case hex. */
  readonly serialNumberHex: string;
  /** Begin of the validity. */
  readonly notBefore: Date;
  /** End of the validity. */
  readonly notAfter: Date;
  /** SHA-1 over `der`, for `x5t`. */
  readonly thumbprintSha1: Thumbprint;
  /** SHA-256 over `der`, for `x5t#S256`. */
  readonly thumbprintSha256: Thumbprint;
  /** The public key. */
  readonly publicKey: KeyObject;
  /** "rsa", "ec", "ed25519" and so on, as `KeyObject.asymmetricKeyType` names them. */
  readonly keyType: string;
  /** Length of the RSA modulus in bits; `undefined` for other kinds of key. */
  readonly keySizeBits: number | undefined;
  /** True when the certificate is signed with its own key. */
  readonly isSelfSigned: boolean;
  /** True when the basic constraints say CA. `openssl req -x509` says so of every certificate. */
  readonly isCertificateAuthority: boolean;
}

/**
 * Makes a {@link Certificate} from DER.
 *
 * @param der - exactly one certificate, DER
 * @param sourceName - file name for messages
 * @returns the certificate
 * @throws {@link NightlatchError} `CREDENTIAL_NOT_A_CERTIFICATE`
 */
export function certificateFromDer(der: Uint8Array, sourceName: string): Certificate {
  let length: number;
  try {
    length = readDer(der).bytes.length;
    if (length === der.length) return new ParsedCertificate(der);
  } catch (error) {
    throw notACertificate(der, sourceName, error);
  }
  throw loadRefusal(
    "CREDENTIAL_DER_CORRUPT",
    sourceName,
    `${der.length - length} bytes follow the certificate`,
  );
}

/**
 * Tells whether one certificate is the issuer of another, by name and by signature.
 *
 * @param issued - the certificate further down
 * @param issuer - the certificate that may have signed it
 * @returns true when name, key identifiers and signature fit
 */
export function isIssuedBy(issued: Certificate, issuer: Certificate): boolean {
  try {
    const below = new X509Certificate(issued.der);
    return below.checkIssued(new X509Certificate(issuer.der)) && below.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

/**
 * Tells whether the key usage of a certificate lets it sign other certificates.
 *
 * @param certificate - any certificate
 * @returns true when the extension is there and has keyCertSign
 * @see RFC 5280 §4.2.1.3
 */
export function maySignCertificates(certificate: Certificate): boolean {
  try {
    const tbs = childOf(readDer(certificate.der), 0, TAG.sequence);
    const extensions = childrenOf(tbs).find((field) => field.tag === TAG.context3);
    if (extensions === undefined) return false;
    for (const extension of childrenOf(childOf(extensions, 0, TAG.sequence))) {
      if (oidOf(childOf(extension, 0)) !== "2.5.29.15") continue;
      const value = childrenOf(extension).at(-1);
      if (value === undefined) return false;
      const bits = readDer(octetsOf(value)).content;
      return ((bits[1] ?? 0) & 0x04) !== 0;
    }
    return false;
  } catch (error) {
    if (error instanceof DerFault) return false;
    throw error;
  }
}

/** A certificate that {@link certificateFromDer} made. */
class ParsedCertificate implements Certificate {
  readonly der: Uint8Array;
  readonly pem: string;
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumberHex: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly thumbprintSha1: Thumbprint;
  readonly thumbprintSha256: Thumbprint;
  readonly publicKey: KeyObject;
  readonly keyType: string;
  readonly keySizeBits: number | undefined;
  readonly isSelfSigned: boolean;
  readonly isCertificateAuthority: boolean;

  constructor(der: Uint8Array) {
    const x509 = new X509Certificate(der);
    this.der = Uint8Array.from(der);
    this.pem = formatPem("CERTIFICATE", der);
    this.subject = formatName(x509.subject);
    this.issuer = formatName(x509.issuer);
    this.serialNumberHex = x509.serialNumber.toUpperCase();
    this.notBefore = parseValidity(x509.validFrom);
    this.notAfter = parseValidity(x509.validTo);
    this.thumbprintSha1 = certificateThumbprint(der, "sha1");
    this.thumbprintSha256 = certificateThumbprint(der, "sha256");
    this.publicKey = x509.publicKey;
    this.keyType = this.publicKey.asymmetricKeyType ?? "unknown";
    this.keySizeBits = this.publicKey.asymmetricKeyDetails?.modulusLength;
    // Not checkIssued(): it wants keyCertSign, which a certificate for signing in need not have.
    this.isSelfSigned = this.subject === this.issuer && x509.verify(this.publicKey);
    this.isCertificateAuthority = x509.ca;
    Object.freeze(this);
  }

  toJSON(): Record<string, unknown> {
    return {
      subject: this.subject,
      issuer: this.issuer,
      serialNumberHex: this.serialNumberHex,
      notBefore: this.notBefore.toISOString(),
      notAfter: this.notAfter.toISOString(),
      thumbprintSha1: this.thumbprintSha1,
      thumbprintSha256: this.thumbprintSha256,
      keyType: this.keyType,
      keySizeBits: this.keySizeBits,
      isSelfSigned: this.isSelfSigned,
      isCertificateAuthority: this.isCertificateAuthority,
      pem: this.pem,
    };
  }

  [inspect.custom](): string {
    const until = this.notAfter.toISOString().slice(0, 10);
    return `Certificate <${this.subject}, SHA-1 ${this.thumbprintSha1.hex}, until ${until}>`;
  }
}

function notACertificate(der: Uint8Array, sourceName: string, error: unknown): Error {
  if (error instanceof DerFault && error.kind === "truncated" && der[0] === TAG.sequence)
    return loadRefusal(
      "CREDENTIAL_DER_TRUNCATED",
      sourceName,
      `the certificate holds ${der.length} of ${error.expectedBytes} bytes`,
    );
  return loadRefusal(
    "CREDENTIAL_NOT_A_CERTIFICATE",
    sourceName,
    "the bytes are not an X.509 certificate that can be read",
    // Only the code of the foreign error: its text may quote the input.
    { details: { reason: reasonOf(error) } },
  );
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error ? (error as Error & { code?: unknown }).code : undefined;
  if (typeof code === "string") return code;
  return error instanceof DerFault || error instanceof RangeError ? error.message : "unreadable";
}

/** Node prints one attribute per line, with special characters escaped as in RFC 2253. */
function formatName(lines: string | undefined): string {
  return (lines ?? "").split("\n").join(", ");
}

function parseValidity(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new RangeError("the validity is no date");
  return date;
}
