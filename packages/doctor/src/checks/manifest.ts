/**
 * Manifests and their keyCredentials.
 */
import type { KeyCredentialEntry, Manifest } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding, type FindingCode, type FindingDetails } from "../finding-table.ts";
import { allOf, type CaseFile } from "./case-file.ts";
import { entryFindings } from "./manifest-entry.ts";

/**
 * Judges manifests.
 *
 * @param file - the case file
 * @returns what would be refused, and what would keep sign-in from working
 */
export function checkManifest(file: CaseFile): Finding[] {
  return allOf(file, "manifest").flatMap((manifest) => {
    const findings = [
      ...wholeFindings(manifest),
      ...duplicateIds(manifest),
      ...manifest.entries.flatMap((entry) => entryFindings(file, manifest, entry)),
    ];
    const isClean = !findings.some(
      (finding) => finding.severity === "fault" || finding.severity === "warning",
    );
    if (isClean && manifest.entries.length > 0)
      findings.push(
        one("MANIFEST_VALID", undefined, {
          explanation: `${manifest.entries.length} entr${manifest.entries.length === 1 ? "y" : "ies"} looked at.`,
          remedy: "Nothing to do here.",
        }),
      );
    return findings;
  });
}

function one(code: FindingCode, entry: KeyCredentialEntry | undefined, details: FindingDetails): Finding {
  const where = entry === undefined ? {} : { entry: entry.index + 1 };
  return createFinding(code, { ...details, evidence: { ...where, ...details.evidence } });
}

function wholeFindings(manifest: Manifest): Finding[] {
  const findings: Finding[] = [];
  if (manifest.syntaxError !== undefined) {
    findings.push(
      one("MANIFEST_NOT_JSON", undefined, {
        explanation: `It had to be read leniently: ${manifest.syntaxError}. The portal refuses it as it stands.`,
        evidence: { reason: manifest.syntaxError },
        remedy: "Check quotes, commas and braces, for example with a JSON linter.",
      }),
    );
  }
  const isWhole = manifest.appId !== undefined;
  if (isWhole && manifest.hasKeyCredentials && manifest.entries.length === 0) {
    findings.push(
      one("MANIFEST_NO_KEYS", undefined, {
        explanation: `keyCredentials of ${manifest.appId ?? ""} is empty: the application cannot sign in with a certificate (AADSTS700026).`,
        evidence: { clientId: manifest.appId },
        remedy: "Upload the public certificate under Certificates & secrets.",
      }),
    );
  }
  if (isWhole && manifest.format === "azureAdGraph") {
    findings.push(
      one("MANIFEST_OLD_FORMAT", undefined, {
        explanation:
          "It has the members of Azure AD Graph (replyUrlsWithType, accessTokenAcceptedVersion, startDate …). The portal's editor shows and takes the Microsoft Graph format since 2025-01-07.",
        remedy: "Edit the manifest as the portal shows it now, or upload the certificate on its own page.",
      }),
    );
  }
  if (manifest.members["isFallbackPublicClient"] === true || manifest.members["allowPublicClient"] === true) {
    findings.push(
      one("MANIFEST_PUBLIC_CLIENT", undefined, {
        explanation: "Requests with a certificate or secret may be refused with AADSTS700025.",
        remedy: {
          text: "Switch it off unless users sign in without a secret.",
          snippet: '"isFallbackPublicClient": false',
        },
      }),
    );
  }
  return [...findings, ...misplacedFindings(manifest), ...permissionFindings(manifest)];
}

/** Certificates belong to keyCredentials; passwordCredentials holds secrets. */
function misplacedFindings(manifest: Manifest): Finding[] {
  const list = manifest.members["passwordCredentials"];
  if (!Array.isArray(list)) return [];
  const isCertificate = (item: unknown): boolean => {
    const record = (item ?? {}) as Record<string, unknown>;
    return (
      /X509/i.test(String(record["type"] ?? "")) ||
      /^MII/.test(String(record["value"] ?? record["key"] ?? ""))
    );
  };
  if (!list.some(isCertificate)) return [];
  return [
    one("MANIFEST_CERTIFICATE_AMONG_PASSWORDS", undefined, {
      explanation:
        "An entry of passwordCredentials describes a certificate. That collection holds client secrets.",
      remedy: "Move the entry to keyCredentials.",
    }),
  ];
}

function permissionFindings(manifest: Manifest): Finding[] {
  const required = manifest.members["requiredResourceAccess"];
  if (!Array.isArray(required)) return [];
  const types = required.flatMap((item: unknown) => {
    const access =
      typeof item === "object" && item !== null
        ? (item as Record<string, unknown>)["resourceAccess"]
        : undefined;
    return Array.isArray(access)
      ? access.map((one: unknown) => String((one as Record<string, unknown> | null)?.["type"]))
      : [];
  });
  if (types.includes("Role")) return [];
  if (types.length === 0)
    return [
      one("MANIFEST_NO_PERMISSIONS", undefined, {
        explanation:
          "requiredResourceAccess is empty: the application can sign in, but its tokens carry no roles.",
        remedy: "Add application permissions (type Role) and let an administrator consent.",
      }),
    ];
  return [
    one("MANIFEST_DELEGATED_ONLY", undefined, {
      explanation: `All ${types.length} permissions are of type Scope: they count only with a signed-in user. Tokens of the application itself carry no roles.`,
      evidence: { delegated: types.length },
      remedy: {
        text: "Add the application permission, for example Calendars.ReadWrite of Graph, and let an administrator consent.",
        snippet: '{ "id": "ef54d2bf-783f-4e0f-bca1-3210c0444d99", "type": "Role" }',
      },
    }),
  ];
}

function duplicateIds(manifest: Manifest): Finding[] {
  const seen = new Set<unknown>();
  for (const entry of manifest.entries) {
    const { keyId } = entry.members;
    if (typeof keyId !== "string") continue;
    if (seen.has(keyId.toLowerCase()))
      return [
        one("MANIFEST_KEY_ID_DUPLICATE", entry, {
          explanation: `keyId ${keyId} stands twice.`,
          evidence: { keyId },
          remedy: "Make a new GUID for the new entry.",
        }),
      ];
    seen.add(keyId.toLowerCase());
  }
  return [];
}
