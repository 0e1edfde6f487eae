/**
 * Reads certificates, private keys and PKCS#12 files, whole or damaged, from bytes or text.
 */
import { createHash, createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import type { CertificateArtifact, CertificateRead, PemDefect, PrivateKeyArtifact } from "../artifact.ts";
import { lineOf, originOf, type Reading } from "./reading.ts";

/** Object identifiers of PKCS#12 encryption that the default provider of OpenSSL 3 does not have. */
const LEGACY_CIPHERS: ReadonlyArray<readonly [string, string]> = [
  ["2a864886f70d010c0101", "128-bit RC4"],
  ["2a864886f70d010c0102", "40-bit RC4"],
  ["2a864886f70d010c0105", "128-bit RC2"],
  ["2a864886f70d010c0106", "40-bit RC2"],
];

/**
 * Reads one certificate.
 *
 * @param der - DER bytes
 * @param pemText - the PEM text it came from, when it was PEM
 * @returns what was read, or `undefined` when the bytes are no certificate
 */
export function readCertificateDer(
  der: Uint8Array,
  pemText?: string | undefined,
): CertificateRead | undefined {
  if (der.length < 100 || der[0] !== 0x30) return undefined;
  try {
    const x509 = new X509Certificate(der);
    const raw = new Uint8Array(x509.raw);
    return {
      x509,
      der: raw,
      sha1Hex: createHash("sha1").update(raw).digest("hex").toUpperCase(),
      sha256Hex: createHash("sha256").update(raw).digest("hex").toUpperCase(),
      notBefore: new Date(x509.validFrom),
      notAfter: new Date(x509.validTo),
      pemText,
    };
  } catch {
    return undefined;
  }
}

/**
 * Adds a certificate to what was found, once.
 *
 * @param reading - the input
 * @param read - the certificate
 * @param encoding - how it stood there
 * @param place - where it stood
 */
export function addCertificate(
  reading: Reading,
  read: CertificateRead,
  encoding: CertificateArtifact["encoding"],
  place: string,
): void {
  if (reading.seenCertificates.has(read.sha1Hex)) return;
  reading.seenCertificates.add(read.sha1Hex);
  const end = Number.isNaN(read.notAfter.getTime()) ? "an unreadable date" : read.notAfter.toISOString();
  reading.artifacts.push({
    kind: "certificate",
    origin: originOf(reading, place),
    summary: `certificate ${oneLine(read.x509.subject)}, SHA-1 ${read.sha1Hex}, valid until ${end}`,
    encoding,
    ...read,
  });
}

/**
 * Reads DER or PKCS#12 bytes.
 *
 * @param reading - the input
 * @param bytes - the whole input or the decoded base64 of it
 * @param place - where they stood
 * @param encoding - how a certificate in them stood there
 * @returns true when the bytes were one of them
 */
export function readBinary(
  reading: Reading,
  bytes: Uint8Array,
  place: string,
  encoding: "der" | "base64" = "der",
): boolean {
  if (bytes[0] !== 0x30) return false;
  const certificate = readCertificateDer(bytes);
  if (certificate !== undefined) {
    addCertificate(reading, certificate, encoding, place);
    return true;
  }
  if (isPkcs12(bytes)) {
    addPfx(reading, bytes, place);
    return true;
  }
  for (const type of ["pkcs8", "pkcs1", "sec1"] as const) {
    try {
      const key = createPrivateKey({
        key: Buffer.from(bytes),
        format: "der",
        type,
        ...(reading.passphrase === undefined ? {} : { passphrase: reading.passphrase }),
      });
      addPrivateKey(reading, key, "read", place);
      return true;
    } catch {
      // The next form is tried.
    }
  }
  return false;
}

/**
 * Finds PEM blocks in a text, also when their line breaks were escaped or lost.
 *
 * @param reading - the input
 * @param text - any text
 */
export function scanForPem(reading: Reading, text: string): void {
  let at = text.indexOf("-----BEGIN ");
  for (let count = 0; at !== -1 && count < 50; count += 1) {
    const label = /^-----BEGIN ([A-Z0-9 ]{1,40})-----/.exec(text.slice(at, at + 70))?.[1];
    if (label === undefined) {
      at = text.indexOf("-----BEGIN ", at + 5);
      continue;
    }
    const bodyStart = at + `-----BEGIN ${label}-----`.length;
    const end = text.indexOf(`-----END ${label}-----`, bodyStart);
    const next = text.indexOf("-----BEGIN ", bodyStart);
    const isWhole = end !== -1 && (next === -1 || end < next);
    const bodyEnd = isWhole ? end : next === -1 ? text.length : next;
    readPemBlock(reading, label, text.slice(bodyStart, bodyEnd).slice(0, 200_000), isWhole, lineOf(text, at));
    at = next;
  }
}

function readPemBlock(reading: Reading, label: string, body: string, isWhole: boolean, place: string): void {
  const isKey = label.endsWith("PRIVATE KEY");
  if (isKey) for (const piece of body.match(/[\w+/=]{40,}/g) ?? []) reading.secrets.add(piece);
  // Prose speaks of BEGIN lines too.
  if (!/[\w+/]{16,}/.test(body.slice(0, 2000).replace(/\\[rn]/g, ""))) return;
  // Messages quote the line that they look for.
  if (!isWhole && /^["'`)]/.test(body)) return;
  // Documents leave the body out.
  if (!isWhole && /^[\s\\rn"']{0,20}(?:\.{3}|…)/.test(body)) return;
  if (!isWhole) {
    addPemDefect(reading, "cut", label, place);
    return;
  }
  if (label.endsWith("CERTIFICATE REQUEST")) {
    addPemDefect(reading, "certificateRequest", label, place);
    return;
  }
  const clean = body.replace(/\\r/g, "").replace(/\\n/g, "\n");
  if (clean !== body && !/[\r\n]/.test(body.trim())) addPemDefect(reading, "newlinesEscaped", label, place);
  else if (!/[\r\n]/.test(body.trim()) && body.trim().length > 120) {
    addPemDefect(reading, "newlinesLost", label, place);
  }
  if (isKey) readPemKey(reading, label, clean, place);
  else if (label.includes("CERTIFICATE")) readPemCertificate(reading, label, clean, body, place);
}

function readPemCertificate(
  reading: Reading,
  label: string,
  clean: string,
  body: string,
  place: string,
): void {
  const base64 = clean.replace(/[^\w+/=]/g, "");
  const der = Buffer.from(base64, "base64");
  const armoured = `-----BEGIN ${label}-----${body}-----END ${label}-----`;
  const certificate = readCertificateDer(new Uint8Array(der), armoured);
  if (certificate === undefined) addPemDefect(reading, "unreadableCertificate", label, place);
  else addCertificate(reading, certificate, "pem", place);
}

function readPemKey(reading: Reading, label: string, clean: string, place: string): void {
  const isEncrypted = label.startsWith("ENCRYPTED") || /Proc-Type:\s*4,ENCRYPTED/.test(clean);
  if (isEncrypted && reading.passphrase === undefined) {
    addPrivateKey(reading, undefined, "encrypted", place);
    return;
  }
  const headers = /^(?:\s*[\w-]+: [^\n]+\n)+\s*\n/.exec(clean)?.[0] ?? "";
  const base64 = clean.slice(headers.length).replace(/\s+/g, "");
  const lines = base64.match(/.{1,64}/g) ?? [];
  const pem = `-----BEGIN ${label}-----\n${headers.trimStart()}${lines.join("\n")}\n-----END ${label}-----\n`;
  try {
    const key = createPrivateKey({
      key: pem,
      ...(isEncrypted && reading.passphrase !== undefined ? { passphrase: reading.passphrase } : {}),
    });
    addPrivateKey(reading, key, "read", place);
  } catch {
    addPrivateKey(reading, undefined, isEncrypted ? "wrongPassphrase" : "unreadable", place);
  }
}

function addPrivateKey(
  reading: Reading,
  key: KeyObject | undefined,
  state: PrivateKeyArtifact["state"],
  place: string,
): void {
  const size = key?.asymmetricKeyDetails?.modulusLength;
  const what =
    key === undefined ? state : `${key.asymmetricKeyType}${size === undefined ? "" : ` ${size} bits`}`;
  reading.artifacts.push({
    kind: "privateKey",
    origin: originOf(reading, place),
    summary: `private key (${what}), not shown`,
    key,
    state,
  });
}

function addPemDefect(reading: Reading, defect: PemDefect["defect"], label: string, place: string): void {
  reading.artifacts.push({
    kind: "pemDefect",
    origin: originOf(reading, place),
    summary: `PEM block ${label}, damaged`,
    defect,
    label,
  });
}

function addPfx(reading: Reading, bytes: Uint8Array, place: string): void {
  const hex = Buffer.from(bytes.subarray(0, 200_000)).toString("hex");
  const legacyCiphers = LEGACY_CIPHERS.filter(([oid]) => hex.includes(oid)).map(([, name]) => name);
  reading.artifacts.push({
    kind: "pfx",
    origin: originOf(reading, place),
    summary: `PFX (PKCS#12) file, ${bytes.length} bytes`,
    bytes,
    legacyCiphers,
  });
}

/** SEQUENCE { INTEGER 3, … } */
function isPkcs12(bytes: Uint8Array): boolean {
  const lengthByte = bytes[1] ?? 0;
  const headerLength = lengthByte < 0x80 ? 2 : 2 + (lengthByte & 0x7f);
  const content = bytes.subarray(headerLength, headerLength + 3);
  return content[0] === 0x02 && content[1] === 0x01 && content[2] === 0x03;
}

function oneLine(subject: string): string {
  return subject.split("\n").join(", ");
}
