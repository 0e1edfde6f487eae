/**
 * One entry of keyCredentials: its members, its certificate, its dates.
 */
import type { KeyCredentialEntry, Manifest } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding, type FindingCode, type FindingDetails } from "../finding-table.ts";
import { isPlaceholder, isRedacted } from "../placeholder.ts";
import { type CaseFile, GUID, identifierThumbprint } from "./case-file.ts";

/**
 * Judges one entry.
 *
 * @param file - the case file
 * @param manifest - the manifest it stands in
 * @param entry - the entry
 * @returns what would be refused, and what would keep sign-in from working
 */
export function entryFindings(file: CaseFile, manifest: Manifest, entry: KeyCredentialEntry): Finding[] {
  return [
    ...placeholderFindings(entry),
    ...memberFindings(entry),
    ...formatFindings(entry),
    ...valueFindings(manifest, entry),
    ...identifierFindings(entry),
    ...dateFindings(file, manifest, entry),
  ];
}

function placeholderFindings(entry: KeyCredentialEntry): Finding[] {
  const found = Object.entries(entry.members).find(
    ([name, value]) =>
      typeof value === "string" && name !== "displayName" && isPlaceholder(value) && !isRedacted(value),
  );
  if (found === undefined) return [];
  return [
    one("MANIFEST_PLACEHOLDER", entry, {
      explanation: `${found[0]} is still "${String(found[1])}".`,
      evidence: { member: found[0] },
      remedy: found[0] === "keyId" ? "Put a new GUID there." : "Put the real value there.",
    }),
  ];
}

function memberFindings(entry: KeyCredentialEntry): Finding[] {
  const { type, usage, keyId, displayName } = entry.members;
  const findings: Finding[] = [];
  if (
    typeof type === "string" &&
    type !== "AsymmetricX509Cert" &&
    type !== "X509CertAndPassword" &&
    !isPlaceholder(type)
  ) {
    findings.push(
      one("MANIFEST_TYPE_WRONG", entry, {
        explanation: `type is "${type}".`,
        evidence: { type },
        remedy: { text: "Correct it.", snippet: '"type": "AsymmetricX509Cert"' },
      }),
    );
  }
  if (
    typeof usage === "string" &&
    usage !== "Verify" &&
    !(usage === "Sign" && type === "X509CertAndPassword")
  ) {
    findings.push(
      one("MANIFEST_USAGE_WRONG", entry, {
        explanation: `usage is "${usage}"; certificates that sign assertions are registered with Verify (Sign is for keys with which Entra signs tokens).`,
        evidence: { usage },
        remedy: { text: "Correct it.", snippet: '"usage": "Verify"' },
      }),
    );
  }
  if (typeof keyId === "string" && !GUID.test(keyId) && !isPlaceholder(keyId)) {
    findings.push(
      one("MANIFEST_KEY_ID_MALFORMED", entry, {
        explanation: `keyId is "${keyId.slice(0, 60)}". It is any GUID of your choice, and has nothing to do with the certificate.`,
        evidence: { keyId: keyId.slice(0, 60) },
        remedy: { text: "Make one.", commands: ["uuidgen", "[guid]::NewGuid()"] },
      }),
    );
  }
  if (typeof displayName === "string" && displayName.length > 90) {
    findings.push(
      one("MANIFEST_DISPLAY_NAME_LONG", entry, {
        explanation: `displayName has ${displayName.length} characters.`,
        evidence: { length: displayName.length },
        remedy: "Shorten it to 90.",
      }),
    );
  }
  return findings;
}

function formatFindings(entry: KeyCredentialEntry): Finding[] {
  const old = ["startDate", "endDate", "value"].filter((name) => entry.members[name] !== undefined);
  const current = ["startDateTime", "endDateTime", "key"].filter((name) => entry.members[name] !== undefined);
  if (old.length === 0 || current.length === 0) return [];
  return [
    one("MANIFEST_MIXED_FORMATS", entry, {
      explanation: `${old.join(", ")} belong to the old format, ${current.join(", ")} to the new one; the directory ignores or refuses one half.`,
      evidence: { old, current },
      remedy: "Microsoft Graph: startDateTime, endDateTime, key. Azure AD Graph: startDate, endDate, value.",
    }),
  ];
}

const BARE = "openssl x509 -in cert.pem -outform der | openssl base64 -A";

function valueFindings(manifest: Manifest, entry: KeyCredentialEntry): Finding[] {
  const rows: Partial<Record<KeyCredentialEntry["valueForm"], readonly [FindingCode, string, string]>> = {
    pem: [
      "MANIFEST_VALUE_PEM",
      "It begins with -----BEGIN. Only the base64 between the two lines belongs there, on one line.",
      "Strip BEGIN, END and the line breaks.",
    ],
    base64OfPem: [
      "MANIFEST_VALUE_BASE64_OF_PEM",
      "Decoded, it reads -----BEGIN CERTIFICATE-----: the PEM file was base64 encoded once more (the portal itself stored uploads so for a time). Programs that read the entry expect DER.",
      "Encode the DER certificate when you write the entry yourself.",
    ],
    garbage: [
      "MANIFEST_VALUE_NOT_CERTIFICATE",
      "It does not decode to a DER certificate: letters are missing, something stands before it, or it is another kind of file.",
      "Write the base64 of the DER certificate.",
    ],
    pfx: [
      "MANIFEST_VALUE_NOT_CERTIFICATE",
      "It is a PFX, not a certificate. A PFX holds the private key, which never leaves the program.",
      "Write the base64 of the DER certificate alone, and treat this PFX as exposed.",
    ],
    privateKey: [
      "MANIFEST_VALUE_PRIVATE_KEY",
      "The private key was put where the public certificate belongs. Everybody who can read the registration could sign in with it.",
      "Do not save this manifest. If it was saved, make a new key and certificate.",
    ],
    derWithBreaks: [
      "MANIFEST_VALUE_LINE_BREAKS",
      "The base64 is wrapped; a JSON text may not hold bare line breaks, and the portal refuses escaped ones at times.",
      "Write it on one line.",
    ],
  };
  const row = rows[entry.valueForm];
  const usesCertificate = entry.members["type"] !== "Symmetric";
  if (row !== undefined && usesCertificate)
    return [
      one(row[0], entry, {
        explanation: row[1],
        evidence: { form: entry.valueForm },
        remedy: { text: row[2], commands: [BARE] },
      }),
    ];
  const isNew =
    entry.valueForm === "absent" &&
    !manifest.isFragment &&
    entry.members["startDateTime"] === undefined &&
    entry.members["startDate"] === undefined;
  if (!isNew) return [];
  return [
    one("MANIFEST_VALUE_MISSING", entry, {
      explanation: "There is neither value nor key: nothing is registered by this entry.",
      remedy: { text: "Put the base64 of the DER certificate there.", commands: [BARE] },
    }),
  ];
}

function identifierFindings(entry: KeyCredentialEntry): Finding[] {
  const value = entry.members["customKeyIdentifier"];
  if (typeof value !== "string" || isPlaceholder(value) || value === "") return [];
  const hex = identifierThumbprint(value);
  const { certificate } = entry;
  if (hex === undefined) {
    const bytes = /^[\w+/-]+={0,2}$/.test(value)
      ? Buffer.from(value, "base64").length
      : Buffer.byteLength(value);
    const isLong = bytes > 32;
    return [
      one(isLong ? "MANIFEST_IDENTIFIER_LONG" : "MANIFEST_IDENTIFIER_MALFORMED", entry, {
        explanation: isLong
          ? `It has ${bytes} bytes; the directory takes 32 at most.`
          : `"${value.slice(0, 60)}" is no thumbprint, neither in hex nor in base64. Sign-in does not depend on it, but the portal shows it as one.`,
        evidence: { bytes },
        remedy: identifierRemedy(entry),
      }),
    ];
  }
  if (certificate === undefined || hex === certificate.sha1Hex || hex === certificate.sha256Hex) return [];
  return [
    one("MANIFEST_IDENTIFIER_OTHER_CERTIFICATE", entry, {
      explanation: `customKeyIdentifier is ${hex}; the certificate in the entry is ${certificate.sha1Hex}. Sign-in goes by the certificate, people go by the identifier.`,
      evidence: { customKeyIdentifier: hex, certificate: certificate.sha1Hex },
      remedy: identifierRemedy(entry),
    }),
  ];
}

function identifierRemedy(entry: KeyCredentialEntry): {
  text: string;
  snippet?: string;
  commands?: string[];
} {
  const sha1 = entry.certificate?.sha1Hex;
  if (sha1 !== undefined)
    return {
      text: "Write the thumbprint of the certificate.",
      snippet: `"customKeyIdentifier": "${Buffer.from(sha1, "hex").toString("base64")}"`,
    };
  return {
    text: "Write the base64 of the 20 bytes of the certificate's SHA-1 hash.",
    commands: ["openssl x509 -in cert.pem -outform der | openssl dgst -sha1 -binary | openssl base64"],
  };
}

function dateFindings(file: CaseFile, manifest: Manifest, entry: KeyCredentialEntry): Finding[] {
  const { members, certificate } = entry;
  const start = members["startDateTime"] ?? members["startDate"];
  const end = members["endDateTime"] ?? members["endDate"];
  if (start === undefined && end === undefined) {
    if (entry.valueForm === "absent" || (manifest.isFragment && entry.valueForm === "cut")) return [];
    return [
      one("MANIFEST_DATES_MISSING", entry, {
        explanation:
          "Without dates the directory takes those of the certificate, or (through Graph) one year from now, and nobody reading the manifest sees when the key ends.",
        remedy: { text: "Write the certificate's own dates.", snippet: dateSnippet(manifest, entry) },
      }),
    ];
  }
  const [from, until] = [parseDate(start), parseDate(end)];
  if (from === "malformed" || until === "malformed") {
    const bad = from === "malformed" ? start : end;
    if (typeof bad === "string" && isPlaceholder(bad)) return [];
    return [
      one("MANIFEST_DATE_MALFORMED", entry, {
        explanation: `"${String(bad).slice(0, 60)}" is not of the form 2026-02-21T10:25:37Z.`,
        evidence: { value: String(bad).slice(0, 60) },
        remedy: { text: "Write UTC times in ISO 8601.", snippet: dateSnippet(manifest, entry) },
      }),
    ];
  }
  const findings: Finding[] = [];
  const dates = { start: from?.toISOString(), end: until?.toISOString() };
  if (until !== undefined && until.getTime() < file.failedAt.getTime())
    findings.push(
      one("MANIFEST_KEY_EXPIRED", entry, {
        explanation: `It ended on ${until.toISOString()}; assertions signed with it are refused (AADSTS700027, key expired).`,
        evidence: dates,
        remedy: "Register a new certificate, switch the program over, and remove this entry.",
        severity: manifest.entries.length > 1 ? "warning" : "fault",
      }),
    );
  else if (from !== undefined && from.getTime() > file.failedAt.getTime())
    findings.push(
      one("MANIFEST_KEY_NOT_YET_VALID", entry, {
        explanation: `It begins on ${from.toISOString()}.`,
        evidence: dates,
        remedy: "Wait until then.",
        // Beside a key that is good now it is the next one, laid in for the change.
        severity: manifest.entries.length > 1 ? "info" : "fault",
      }),
    );
  if (certificate !== undefined) findings.push(...certificateDates(manifest, entry, from, until));
  return findings;
}

function certificateDates(
  manifest: Manifest,
  entry: KeyCredentialEntry,
  from: Date | undefined,
  until: Date | undefined,
): Finding[] {
  const { certificate } = entry;
  if (certificate === undefined || !hasDates(certificate)) return [];
  const early = from !== undefined && from.getTime() < certificate.notBefore.getTime();
  const late = until !== undefined && until.getTime() > certificate.notAfter.getTime();
  const evidence = {
    start: from?.toISOString(),
    end: until?.toISOString(),
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
  };
  const snippet = dateSnippet(manifest, entry);
  if (early || late) {
    const which = [early ? "begins before" : "", late ? "ends after" : ""]
      .filter((text) => text !== "")
      .join(" and ");
    return [
      one("MANIFEST_DATES_OUTSIDE_CERTIFICATE", entry, {
        explanation: `The entry ${which} the certificate (${evidence.notBefore} to ${evidence.notAfter}); the directory refuses that, be it by one second (KeyCredentialsInvalidEndDate).`,
        evidence,
        remedy: { text: "Write the certificate's own dates.", snippet },
      }),
    ];
  }
  const differs = [
    [from, certificate.notBefore],
    [until, certificate.notAfter],
  ].some(
    ([one, other]) =>
      one !== undefined && other !== undefined && Math.abs(one.getTime() - other.getTime()) >= 1000,
  );
  if (!differs) return [];
  return [
    one("MANIFEST_DATES_DIFFER", entry, {
      severity: "info",
      explanation: `The entry is valid for a part of the certificate's time (${evidence.notBefore} to ${evidence.notAfter}). What counts for sign-in is the entry.`,
      evidence,
      remedy: { text: "Write the certificate's own dates, unless it is meant so.", snippet },
    }),
  ];
}

/** A damaged certificate may be read but for its dates. */
function hasDates({ notBefore, notAfter }: { notBefore: Date; notAfter: Date }): boolean {
  return !Number.isNaN(notBefore.getTime()) && !Number.isNaN(notAfter.getTime());
}

function dateSnippet(manifest: Manifest, entry: KeyCredentialEntry): string {
  const isOld = manifest.format === "azureAdGraph" || entry.members["value"] !== undefined;
  const [start, end] = isOld ? ["startDate", "endDate"] : ["startDateTime", "endDateTime"];
  const text = (date: Date | undefined): string =>
    date === undefined || Number.isNaN(date.getTime())
      ? "<from the certificate, 2026-01-31T12:00:00Z>"
      : date.toISOString().replace(".000Z", "Z");
  return `"${start}": "${text(entry.certificate?.notBefore)}",\n"${end}": "${text(entry.certificate?.notAfter)}"`;
}

function parseDate(value: unknown): Date | "malformed" | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") return "malformed";
  if (!/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/.test(value))
    return "malformed";
  const date = new Date(/(?:Z|[+-]\d\d:?\d\d)$/.test(value) || value.length === 10 ? value : `${value}Z`);
  return Number.isNaN(date.getTime()) ? "malformed" : date;
}

function one(code: FindingCode, entry: KeyCredentialEntry | undefined, details: FindingDetails): Finding {
  const where = entry === undefined ? {} : { entry: entry.index + 1 };
  return createFinding(code, { ...details, evidence: { ...where, ...details.evidence } });
}
