/**
 * Certificates, keys and PFX files: can they be used for sign-in, do they belong together?
 */
import type { CertificateArtifact, PrivateKeyArtifact } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding, type FindingCode } from "../finding-table.ts";
import { readWrittenThumbprint, toBase64url, toHex } from "../thumbprint-form.ts";
import { allOf, type CaseFile } from "./case-file.ts";

const SOON_MS = 30 * 24 * 3600 * 1000;
const NEW_CERTIFICATE =
  "openssl req -x509 -newkey rsa:2048 -sha256 -days 365 -nodes -keyout key.pem -out cert.pem -subj /CN=daemon";

/**
 * Judges certificates and private keys.
 *
 * @param file - the case file
 * @returns dates, key type and size, and whether key and certificate belong together
 */
export function checkCertificate(file: CaseFile): Finding[] {
  const certificates = allOf(file, "certificate").filter((item) => item.encoding !== "x5c");
  const findings = certificates.flatMap((item) => certificateFindings(file, item));
  return [
    ...findings,
    ...keyFindings(file, certificates),
    ...chainFindings(certificates),
    ...pemFindings(file),
  ];
}

/**
 * Reads bare thumbprints, and compares them with the certificates at hand.
 *
 * @param file - the case file
 * @returns the thumbprint in every encoding
 */
export function checkThumbprint(file: CaseFile): Finding[] {
  return allOf(file, "thumbprint").flatMap((item) => {
    const read = readWrittenThumbprint(item.text);
    if (read === undefined) return [];
    const findings: Finding[] = [];
    const hex = toHex(read.bytes);
    const member = read.algorithm === "SHA-1" ? "x5t" : "x5t#S256";
    const evidence = {
      hex,
      base64: Buffer.from(read.bytes).toString("base64"),
      base64url: toBase64url(read.bytes),
      algorithm: read.algorithm,
    };
    const details = {
      explanation: `A ${read.algorithm} thumbprint, written as ${read.encoding}. In a JWT header it reads "${member}": "${evidence.base64url}".`,
      evidence,
      remedy: {
        text: `Use the base64url form in the header.`,
        snippet: `"${member}": "${evidence.base64url}"`,
      },
    };
    if (read.encoding === "hexOfHex") {
      findings.push(
        createFinding("THUMBPRINT_HEX_OF_TEXT", {
          ...details,
          explanation: `Decoded once, this reads ${hex}, which is hex again: the digits were taken as text. The right value is "${member}": "${evidence.base64url}".`,
        }),
      );
    } else findings.push(createFinding("THUMBPRINT_READ", details));
    if (read.hasInvisibleMark) {
      findings.push(
        createFinding("THUMBPRINT_INVISIBLE_MARK", {
          explanation:
            "It begins with U+200E, which Windows puts before a thumbprint that is copied from its certificate dialog. Programs that compare texts stumble over it.",
          evidence: { hex },
          remedy: "Type the value anew, or remove everything that is not a hex digit.",
        }),
      );
    }
    return [...findings, ...comparison(file, hex)];
  });
}

function comparison(file: CaseFile, hex: string): Finding[] {
  const certificates = allOf(file, "certificate").filter((item) => item.encoding !== "x5c");
  if (certificates.length === 0) return [];
  const match = certificates.find((item) => item.sha1Hex === hex || item.sha256Hex === hex);
  if (match !== undefined)
    return [
      createFinding("THUMBPRINT_MATCHES", {
        explanation: `It belongs to ${match.summary}.`,
        evidence: { hex },
        remedy: "Nothing to do here.",
      }),
    ];
  return [
    createFinding("THUMBPRINT_OTHER_CERTIFICATE", {
      explanation: `${hex} is none of ${certificates.map((item) => item.sha1Hex).join(", ")}.`,
      evidence: { hex },
      remedy: "Use the thumbprint of the certificate that signs.",
    }),
  ];
}

function certificateFindings(file: CaseFile, item: CertificateArtifact): Finding[] {
  const findings: Finding[] = [];
  const evidence = {
    certificate: item.sha1Hex,
    subject: item.x509.subject.replace(/\n/g, ", "),
    notBefore: dateText(item.notBefore),
    notAfter: dateText(item.notAfter),
  };
  const add = (code: FindingCode, explanation: string, remedy: string, commands?: string[]): void => {
    findings.push(
      createFinding(code, {
        explanation,
        evidence,
        remedy: { text: remedy, ...(commands === undefined ? {} : { commands }) },
      }),
    );
  };
  const now = file.now.getTime();
  if (item.notAfter.getTime() < now)
    add(
      "CERTIFICATE_EXPIRED",
      `It ended on ${evidence.notAfter}.`,
      "Make a new certificate, register it beside the old one, switch the program over, remove the old one.",
      [NEW_CERTIFICATE],
    );
  else if (item.notBefore.getTime() > now)
    add(
      "CERTIFICATE_NOT_YET_VALID",
      `It begins on ${evidence.notBefore}.`,
      "Wait until then, or make one that begins now (in UTC).",
    );
  else if (item.notAfter.getTime() - now < SOON_MS)
    add(
      "CERTIFICATE_EXPIRES_SOON",
      `It ends on ${evidence.notAfter}. After the last certificate has ended, an application cannot replace it by itself (addKey wants a proof by a valid one).`,
      "Renew it now, with both registered for a while.",
    );
  findings.push(...keyTypeFindings(item, evidence), ...signatureFindings(item, evidence));
  if (findings.some((finding) => finding.severity === "fault")) return findings;
  add(
    "CERTIFICATE_VALID",
    `SHA-1 ${item.sha1Hex} (x5t ${toBase64url(Buffer.from(item.sha1Hex, "hex"))}), SHA-256 ${item.sha256Hex} (x5t#S256 ${toBase64url(Buffer.from(item.sha256Hex, "hex"))}), until ${evidence.notAfter}.`,
    "Nothing to do here.",
  );
  return findings;
}

/** Object identifiers of md5WithRSAEncryption and sha1WithRSAEncryption, in hex. */
const OLD_SIGNATURES = ["2a864886f70d010104", "2a864886f70d010105"];

function signatureFindings(item: CertificateArtifact, evidence: Record<string, string>): Finding[] {
  const hex = Buffer.from(item.der).toString("hex");
  if (!OLD_SIGNATURES.some((oid) => hex.includes(oid))) return [];
  return [
    createFinding("CERTIFICATE_SHA1_SIGNATURE", {
      explanation:
        "The certificate was signed with SHA-1 or MD5, as old tools do. Entra takes a registered one all the same; its documentation asks for SHA-256 or better.",
      evidence,
      remedy: { text: "Use SHA-256 for the next one.", commands: [NEW_CERTIFICATE] },
    }),
  ];
}

function keyTypeFindings(item: CertificateArtifact, evidence: Record<string, string>): Finding[] {
  let type: string | undefined;
  let bits: number | undefined;
  try {
    const key = item.x509.publicKey;
    type = key.asymmetricKeyType;
    bits = key.asymmetricKeyDetails?.modulusLength;
  } catch {
    return [];
  }
  if (type !== "rsa" && type !== "rsa-pss") {
    return [
      createFinding("CERTIFICATE_NOT_RSA", {
        explanation: `Its key is ${type ?? "of an unknown type"}. The portal stores such certificates, but sign-in fails with AADSTS5002738 or inside the library.`,
        evidence,
        remedy: { text: "Make a certificate with an RSA key.", commands: [NEW_CERTIFICATE] },
      }),
    ];
  }
  if (bits !== undefined && bits < 2048) {
    return [
      createFinding("CERTIFICATE_KEY_SHORT", {
        explanation: `The key has ${bits} bits.`,
        evidence: { ...evidence, bits },
        remedy: { text: "Make one with 2048 bits or more.", commands: [NEW_CERTIFICATE] },
      }),
    ];
  }
  return [];
}

function keyFindings(file: CaseFile, certificates: readonly CertificateArtifact[]): Finding[] {
  const keys = allOf(file, "privateKey");
  const given = certificates.filter((item) => item.encoding !== "manifest" && item.encoding !== "pfx");
  const findings = keys.flatMap(stateFindings);
  const readable = keys.filter((item) => item.key !== undefined);
  if (keys.length === 0) {
    const hasSubject = file.artifacts.some((item) =>
      ["jwt", "signInError", "manifest", "thumbprint"].includes(item.kind),
    );
    if (given.length > 0 && !hasSubject) {
      findings.push(
        createFinding("CERTIFICATE_WITHOUT_KEY", {
          explanation:
            "A .cer or .crt file never contains the private key; signing needs it. In Key Vault it hides in the secret of the same name, not in the certificate.",
          evidence: { certificates: given.length },
          remedy: "Give the key file, the PFX, or the PEM that holds both, as well.",
        }),
      );
    }
    return findings;
  }
  for (const item of readable) findings.push(...pairFindings(item, certificates));
  return findings;
}

function stateFindings(item: PrivateKeyArtifact): Finding[] {
  if (item.state === "encrypted")
    return [
      createFinding("KEY_ENCRYPTED", {
        explanation:
          "Without its passphrase the doctor cannot look inside. MSAL for Node takes no encrypted key at all.",
        remedy: {
          text: "Give the passphrase, or make a plain copy for a test.",
          commands: ["openssl pkey -in key.pem -out plain.pem"],
        },
      }),
    ];
  if (item.state === "wrongPassphrase")
    return [
      createFinding("KEY_PASSPHRASE_WRONG", {
        explanation: "The key stays shut with this passphrase.",
        remedy: "Check the passphrase, its encoding and a line break at its end.",
      }),
    ];
  if (item.state === "unreadable")
    return [
      createFinding("KEY_UNREADABLE", {
        explanation:
          "The text between BEGIN and END is not a private key: cut, re-encoded, or of another kind than its label says.",
        remedy: { text: "Look at it with OpenSSL.", commands: ["openssl pkey -in key.pem -noout -text"] },
      }),
    ];
  const type = item.key?.asymmetricKeyType;
  if (type !== "rsa" && type !== "rsa-pss")
    return [
      createFinding("KEY_NOT_RSA", {
        explanation: `It is ${type ?? "unknown"}.`,
        remedy: { text: "Make an RSA key and a certificate for it.", commands: [NEW_CERTIFICATE] },
      }),
    ];
  return [];
}

function pairFindings(item: PrivateKeyArtifact, certificates: readonly CertificateArtifact[]): Finding[] {
  if (item.key === undefined) return [];
  if (certificates.length === 0)
    return [
      createFinding("KEY_WITHOUT_CERTIFICATE", {
        explanation: "The assertion has to name the certificate, so the program needs it too.",
        remedy: {
          text: "Give the certificate as well, or make one for this key.",
          commands: ["openssl req -x509 -key key.pem -sha256 -days 365 -out cert.pem -subj /CN=daemon"],
        },
      }),
    ];
  const match = certificates.find((certificate) => item.key !== undefined && belongs(certificate, item.key));
  if (match !== undefined)
    return [
      createFinding("KEY_MATCHES", {
        explanation: `It belongs to ${match.sha1Hex}.`,
        evidence: { certificate: match.sha1Hex },
        remedy: "Nothing to do here.",
      }),
    ];
  return [
    createFinding("KEY_MISMATCH", {
      explanation: `Its public half is not that of ${certificates.map((certificate) => certificate.sha1Hex).join(", ")}. Libraries send the assertion all the same, and Entra answers 700027.`,
      evidence: { certificates: certificates.map((certificate) => certificate.sha1Hex) },
      remedy: {
        text: "Find the right pair; both commands must print the same.",
        commands: [
          "openssl x509 -in cert.pem -noout -pubkey | openssl sha256",
          "openssl pkey -in key.pem -pubout | openssl sha256",
        ],
      },
    }),
  ];
}

function belongs(certificate: CertificateArtifact, key: NonNullable<PrivateKeyArtifact["key"]>): boolean {
  try {
    return certificate.x509.checkPrivateKey(key);
  } catch {
    return false;
  }
}

/** With several certificates in one input, the leaf must come first. */
function chainFindings(certificates: readonly CertificateArtifact[]): Finding[] {
  const given = certificates.filter((item) => item.encoding === "pem");
  const [first] = given;
  if (first === undefined || given.length < 2) return [];
  const leaf = given.find(
    (item) =>
      item !== first &&
      item.origin.input === first.origin.input &&
      item.x509.issuer === first.x509.subject &&
      item.x509.issuer !== item.x509.subject,
  );
  if (leaf === undefined) return [];
  return [
    createFinding("CERTIFICATE_CHAIN_ORDER", {
      explanation: `The first certificate (${first.sha1Hex}) issued a later one (${leaf.sha1Hex}). Libraries take the first as the signing certificate and name the wrong one.`,
      evidence: { first: first.sha1Hex, leaf: leaf.sha1Hex },
      remedy: "Put the leaf first, then its issuers.",
    }),
  ];
}

function pemFindings(file: CaseFile): Finding[] {
  const rows: Readonly<Record<string, readonly [FindingCode, string, string]>> = {
    newlinesEscaped: [
      "PEM_NEWLINES_ESCAPED",
      "The text came through an environment variable or a JSON file, and its line breaks are the two characters \\ and n. Most libraries cannot read it.",
      "Turn \\n into line breaks before use (text.replaceAll('\\\\n', '\\n')), or keep the key in a file.",
    ],
    newlinesLost: [
      "PEM_NEWLINES_LOST",
      "Everything stands on one line; most libraries cannot read it.",
      "Restore the line breaks after BEGIN, before END and every 64 characters, or keep the key in a file.",
    ],
    cut: ["PEM_CUT", "The END line is missing.", "Copy the whole block."],
    unreadableCertificate: [
      "CERTIFICATE_UNREADABLE",
      "The text between BEGIN and END is not a certificate.",
      "Export it again: openssl x509 -in <file> -outform pem",
    ],
    certificateRequest: [
      "PEM_CERTIFICATE_REQUEST",
      "A request (CSR) asks an authority for a certificate; it cannot be registered.",
      "Let the authority sign it, or make a self-signed certificate: openssl x509 -req -in request.pem -signkey key.pem -days 365 -out cert.pem",
    ],
  };
  const findings = allOf(file, "pemDefect").flatMap((item) => {
    const row = rows[item.defect];
    return row === undefined
      ? []
      : [
          createFinding(row[0], {
            explanation: row[1],
            evidence: { block: item.label, place: item.origin.place },
            remedy: row[2],
          }),
        ];
  });
  for (const item of allOf(file, "pfx")) {
    if (item.legacyCiphers.length > 0)
      findings.push(
        createFinding("PFX_LEGACY_CIPHER", {
          severity: "warning",
          explanation: `It is encrypted with ${item.legacyCiphers.join(" and ")}, which OpenSSL 3 (Node 17 and later, Python 3.12, .NET on new Linux) no longer reads: "unsupported".`,
          evidence: { ciphers: item.legacyCiphers },
          remedy: {
            text: "Export it again with a present cipher.",
            commands: [
              "openssl pkcs12 -legacy -in old.pfx -nodes -out both.pem",
              "openssl pkcs12 -export -in both.pem -out new.pfx",
            ],
          },
        }),
      );
  }
  return findings;
}

function dateText(date: Date): string {
  return Number.isNaN(date.getTime()) ? "?" : date.toISOString().replace(".000Z", "Z");
}
