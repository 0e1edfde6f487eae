/**
 * How the assertion names its certificate: was the thumbprint made in the right way, and of which certificate?
 */
import { createHash } from "node:crypto";
import type { Jwt } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding, type FindingCode } from "../finding-table.ts";
import { isPlaceholder, isRedacted } from "../placeholder.ts";
import {
  readThumbprintBytes,
  readWrittenThumbprint,
  type ThumbprintReading,
  toBase64url,
  toHex,
} from "../thumbprint-form.ts";
import { allOf, type CaseFile, clientIdOf, type KnownCertificate } from "./case-file.ts";

/** Where a thumbprint to be judged comes from. */
interface Subject {
  /** `x5t`, `x5t#S256`, or the value that 700027 printed. */
  readonly member: "x5t" | "x5t#S256";
  readonly said: string;
  readonly hasRefusal: boolean;
}

/**
 * Judges the thumbprint that 700027 prints, and those in the headers of assertions.
 *
 * @param file - the case file
 * @returns how each was made, with the right value
 */
export function checkAssertionThumbprint(file: CaseFile): Finding[] {
  const findings: Finding[] = [];
  for (const error of allOf(file, "signInError")) {
    const hex = error.reason?.thumbprintHex;
    if (hex === undefined || hex.length % 2 !== 0) continue;
    const subject: Subject = { member: "x5t", said: hex, hasRefusal: true };
    findings.push(...judgeBytes(file, Buffer.from(hex, "hex"), subject));
  }
  for (const jwt of file.assertions) findings.push(...judgeHeader(file, jwt));
  return findings;
}

function judgeHeader(file: CaseFile, jwt: Jwt): Finding[] {
  const findings: Finding[] = [];
  for (const member of ["x5t", "x5t#S256"] as const) {
    const value = jwt.header?.[member];
    if (typeof value === "string") findings.push(...judgeText(file, value, member));
  }
  return findings;
}

function judgeText(file: CaseFile, text: string, member: Subject["member"]): Finding[] {
  const subject: Subject = { member, said: text, hasRefusal: false };
  const bare = text.replace(/[\u200b-\u200f\u202a-\u202e\ufeff]/g, "");
  if (isRedacted(text)) return [];
  if (isPlaceholder(text)) {
    const explanation = `${member} is still "${text}".`;
    return [
      createFinding("ASSERTION_PLACEHOLDER", {
        explanation,
        evidence: { [member]: text },
        remedy: rightValue(file, undefined, member),
      }),
    ];
  }
  const hexDigits = bare.replace(/[\s:-]/g, "");
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(hexDigits)) {
    const meant = Buffer.from(hexDigits, "hex");
    const code = hexDigits === text ? "ASSERTION_X5T_HEX_AS_BASE64" : "ASSERTION_X5T_SEPARATORS";
    return [made(file, code, subject, meant), ...otherCertificate(file, meant, subject)];
  }
  if (/[^\w+/=-]/.test(text)) {
    const explanation = `${member} is "${text}", which is not base64url: only letters, digits, - and _ may stand there.`;
    return [
      createFinding("ASSERTION_X5T_UNDECODABLE", {
        explanation,
        evidence: { [member]: text },
        remedy: rightValue(file, undefined, member),
      }),
    ];
  }
  const bytes = Buffer.from(text, "base64url");
  const findings = judgeBytes(file, bytes, subject);
  if (/[+/]/.test(text)) {
    const finding = made(file, "ASSERTION_X5T_NOT_BASE64URL", subject, meantHash(bytes));
    // Entra has taken plain base64 from the scripts of 2016; where it refused, this is the reason at hand.
    const isRefused = allOf(file, "signInError").some((error) => error.codes.includes(700027));
    findings.push(isRefused ? finding : { ...finding, severity: "warning" });
  } else if (text.endsWith("=")) findings.push(made(file, "ASSERTION_X5T_PADDED", subject, meantHash(bytes)));
  return findings;
}

const FORM_CODES: Readonly<Partial<Record<ThumbprintReading["form"], FindingCode>>> = {
  hexText: "ASSERTION_X5T_HEX_TEXT",
  hexTextSeparated: "ASSERTION_X5T_SEPARATORS",
  hexUtf16: "ASSERTION_X5T_UTF16",
  hexAsBase64: "ASSERTION_X5T_HEX_AS_BASE64",
  base64Text: "ASSERTION_X5T_ENCODED_TWICE",
  keyIdText: "ASSERTION_X5T_KEY_ID",
  keyIdBytes: "ASSERTION_X5T_WRONG_LENGTH",
  certificate: "ASSERTION_X5T_WHOLE_CERTIFICATE",
  pemText: "ASSERTION_X5T_WHOLE_CERTIFICATE",
  text: "ASSERTION_X5T_WRONG_LENGTH",
  empty: "ASSERTION_X5T_UNDECODABLE",
  wrongLength: "ASSERTION_X5T_WRONG_LENGTH",
};

function judgeBytes(file: CaseFile, bytes: Uint8Array, subject: Subject): Finding[] {
  const reading = readThumbprintBytes(bytes);
  const code = FORM_CODES[reading.form];
  if (code !== undefined) {
    const findings = [made(file, code, subject, reading.meant, reading)];
    return reading.meant === undefined
      ? findings
      : [...findings, ...otherCertificate(file, reading.meant, subject)];
  }
  if (reading.form === "sha256" && subject.member === "x5t") {
    return [made(file, "ASSERTION_X5T_SHA256", subject, bytes), ...otherCertificate(file, bytes, subject)];
  }
  if (reading.form === "sha1" && subject.member === "x5t#S256") {
    return [made(file, "ASSERTION_X5T_S256_SHA1", subject, bytes), ...otherCertificate(file, bytes, subject)];
  }
  return otherCertificate(file, bytes, subject);
}

const HOW: Readonly<Partial<Record<FindingCode, string>>> = {
  ASSERTION_X5T_HEX_TEXT:
    "The hex digits of the thumbprint were taken as text and that text was base64url encoded. The bytes that the digits stand for must be encoded.",
  ASSERTION_X5T_HEX_AS_BASE64:
    "The hex digits themselves were put into the header. Hex digits also are valid base64url, so Entra decoded them, and got other bytes.",
  ASSERTION_X5T_SEPARATORS:
    "Colons, blanks or an invisible mark (Windows puts U+200E before a copied thumbprint) were kept in the thumbprint, so that it is neither hex nor base64url of the hash.",
  ASSERTION_X5T_UTF16:
    "The hex digits were turned into UTF-16 bytes before encoding (Encoding.Unicode in .NET).",
  ASSERTION_X5T_ENCODED_TWICE: "The thumbprint already was base64; its text was base64 encoded once more.",
  ASSERTION_X5T_SHA256:
    "x5t names the certificate by SHA-1. Its value here is a SHA-256 hash, 32 bytes long.",
  ASSERTION_X5T_S256_SHA1:
    "x5t#S256 names the certificate by SHA-256. Its value here is a SHA-1 hash, 20 bytes long.",
  ASSERTION_X5T_KEY_ID:
    "A GUID was encoded: the keyId of the manifest entry, which has nothing to do with the certificate's hash.",
  ASSERTION_X5T_WHOLE_CERTIFICATE: "The certificate itself was encoded into the header instead of its hash.",
  ASSERTION_X5T_WRONG_LENGTH:
    "A SHA-1 thumbprint has 20 bytes and a SHA-256 thumbprint 32; this value has neither.",
  ASSERTION_X5T_UNDECODABLE: "The value does not decode to any bytes.",
  ASSERTION_X5T_NOT_BASE64URL:
    "The value is base64 with + or /. In a JWT + is written -, / is written _, and the = at the end is left out.",
  ASSERTION_X5T_PADDED:
    "base64url in a JWT is written without = at the end. Entra mostly forgives it, other readers do not.",
};

function made(
  file: CaseFile,
  code: FindingCode,
  subject: Subject,
  meant: Uint8Array | undefined,
  reading?: ThumbprintReading | undefined,
): Finding {
  const by = subject.hasRefusal
    ? `The thumbprint that the service printed is ${subject.said}. `
    : `The header says ${subject.member} "${subject.said}". `;
  const unfolded = reading?.text === undefined ? "" : ` Decoded, it reads "${reading.text}".`;
  return createFinding(code, {
    explanation: `${by}${HOW[code] ?? ""}${unfolded}`,
    evidence: {
      [subject.hasRefusal ? "printedThumbprint" : subject.member]: subject.said,
      decodedText: reading?.text,
      meantThumbprint: meant === undefined ? undefined : toHex(meant),
    },
    remedy: rightValue(file, meant, subject.member),
  });
}

/** The remedy with the value that belongs into the header, as far as it can be known. */
function rightValue(
  file: CaseFile,
  meant: Uint8Array | undefined,
  member: Subject["member"],
): { text: string; snippet?: string; commands?: string[] } {
  const wanted = member === "x5t" ? 20 : 32;
  const candidates = file.certificates.filter((known) => hashOf(known, member) !== undefined);
  const certain = meant !== undefined && meant.length === wanted ? meant : undefined;
  const owner =
    certain === undefined ? undefined : candidates.find((known) => hashOf(known, member) === toHex(certain));
  const other = candidates.find((known) => known.isRegistered) ?? candidates[0];
  const chosen = owner ?? other;
  const hex = chosen === undefined ? undefined : hashOf(chosen, member);
  if (hex !== undefined && chosen !== undefined) {
    const value = toBase64url(Buffer.from(hex, "hex"));
    return {
      text: `Put "${member}": "${value}" into the header: the base64url of the bytes of ${hex}, the certificate of ${chosen.source}.`,
      snippet: `"${member}": "${value}"`,
    };
  }
  if (certain !== undefined) {
    const value = toBase64url(certain);
    return {
      text: `Put "${member}": "${value}" into the header: the base64url of the ${wanted} bytes of ${toHex(certain)}.`,
      snippet: `"${member}": "${value}"`,
    };
  }
  const digest = member === "x5t" ? "sha1" : "sha256";
  return {
    text: `Put the base64url of the ${digest === "sha1" ? "SHA-1" : "SHA-256"} hash of the DER certificate into ${member}.`,
    commands: [
      `openssl x509 -in cert.pem -outform der | openssl dgst -${digest} -binary | openssl base64 -A | tr '+/' '-_' | tr -d '='`,
    ],
  };
}

/** Compares the hash with every certificate at hand, also in the wrong ways in which people take it. */
function otherCertificate(file: CaseFile, hash: Uint8Array, subject: Subject): Finding[] {
  if (file.certificates.length === 0 || (hash.length !== 20 && hash.length !== 32)) return [];
  const hex = toHex(hash);
  const matches = file.certificates.filter((known) => known.sha1Hex === hex || known.sha256Hex === hex);
  if (matches.length > 0) return registeredOrNot(file, matches, hex);
  const comparable = file.certificates.filter((known) =>
    hash.length === 20 ? known.sha1Hex !== undefined : known.sha256Hex !== undefined,
  );
  for (const known of file.certificates) {
    const wrong = wrongHash(known, hash);
    if (wrong === undefined) continue;
    const explanation = `${hex} is not the hash of the certificate of ${known.source} but of ${wrong.what}. The thumbprint is the hash of the whole DER certificate.`;
    return [
      createFinding(wrong.code, {
        explanation,
        evidence: { thumbprint: hex, rightThumbprint: known.sha1Hex },
        remedy: rightValue(file, undefined, subject.member),
      }),
    ];
  }
  if (comparable.length === 0) return [];
  const list = comparable.map(
    (known) => `${(hash.length === 20 ? known.sha1Hex : known.sha256Hex) ?? ""} (${known.source})`,
  );
  return [
    createFinding("ASSERTION_X5T_OTHER_CERTIFICATE", {
      explanation: `The assertion names the certificate ${hex}. Given here: ${list.join("; ")}. The key that signs and the certificate that is registered must belong together.`,
      evidence: { named: hex, given: list },
      remedy: {
        text: `Sign with the key of the registered certificate and name that one, or register the certificate ${hex} as well.`,
        ...(rightValue(file, undefined, subject.member).snippet === undefined
          ? {}
          : { snippet: rightValue(file, undefined, subject.member).snippet }),
      },
    }),
  ];
}

function registeredOrNot(file: CaseFile, matches: readonly KnownCertificate[], hex: string): Finding[] {
  if (!matches.some((known) => known.isRegistered)) return [];
  const clientId = clientIdOf(file);
  return [
    createFinding("REGISTERED_KEY_MATCHES", {
      explanation: `The certificate ${hex} that the assertion names stands in the manifest${clientId === undefined ? "" : ` of ${clientId}`}.`,
      evidence: { thumbprint: hex },
      remedy: "Nothing to do here.",
    }),
  ];
}

function wrongHash(
  known: KnownCertificate,
  hash: Uint8Array,
): { code: FindingCode; what: string } | undefined {
  const read = known.certificate;
  const reversed = Buffer.from(hash).reverse().toString("hex").toUpperCase();
  if (reversed === known.sha1Hex || reversed === known.sha256Hex) {
    return { code: "ASSERTION_X5T_REVERSED", what: "the same bytes in reverse order" };
  }
  if (read === undefined) return undefined;
  const algorithm = hash.length === 20 ? "sha1" : "sha256";
  const isHashOf = (data: string | Uint8Array): boolean =>
    createHash(algorithm).update(data).digest().equals(Buffer.from(hash));
  for (const text of textForms(read.der, read.pemText)) {
    if (isHashOf(text)) return { code: "ASSERTION_X5T_OF_PEM_TEXT", what: "its PEM or base64 text" };
  }
  for (const key of keyForms(read)) {
    if (isHashOf(key)) return { code: "ASSERTION_X5T_OF_PUBLIC_KEY", what: "its public key" };
  }
  return undefined;
}

/** The texts of a certificate that people hash by mistake. */
function textForms(der: Uint8Array, pemText: string | undefined): string[] {
  const base64 = Buffer.from(der).toString("base64");
  const lines = (base64.match(/.{1,64}/g) ?? []).join("\n");
  const armoured = `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----`;
  const texts = [base64, lines, armoured, ...(pemText === undefined ? [] : [pemText])];
  return [
    ...new Set(
      texts.flatMap((text) => [
        text,
        `${text}\n`,
        text.replace(/\r?\n/g, "\r\n"),
        `${text.replace(/\r?\n/g, "\r\n")}\r\n`,
      ]),
    ),
  ];
}

function keyForms(read: NonNullable<KnownCertificate["certificate"]>): Uint8Array[] {
  try {
    const key = read.x509.publicKey;
    const spki = key.export({ type: "spki", format: "der" });
    const pem = key.export({ type: "spki", format: "pem" }).toString();
    const forms: Uint8Array[] = [spki, Buffer.from(pem), Buffer.from(pem.trim())];
    if (key.asymmetricKeyType === "rsa") {
      forms.push(key.export({ type: "pkcs1", format: "der" }));
      const modulus = key.export({ format: "jwk" }).n;
      if (modulus !== undefined) forms.push(Buffer.from(modulus, "base64url"));
    }
    return forms;
  } catch {
    return [];
  }
}

function hashOf(known: KnownCertificate, member: Subject["member"]): string | undefined {
  return member === "x5t" ? known.sha1Hex : known.sha256Hex;
}

function meantHash(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length === 20 || bytes.length === 32) return bytes;
  return readWrittenThumbprint(toHex(bytes))?.bytes;
}
