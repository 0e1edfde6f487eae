/**
 * Sign-in by certificate chain: `x5c` instead of a registered certificate, trusted by its subject name and its issuer.
 * Available to an application with `trustedCertificateSubjects` in a tenant that names the certificate authority.
 */
import { X509Certificate } from "node:crypto";
import type { Application } from "../../directory/directory.ts";
import type { Refusal } from "../aadsts.ts";
import type { AssertionCase } from "./check.ts";
import { isSignedBy, refuseUnfitKey } from "./verify.ts";

interface TrustedSubject {
  readonly authorityId: string;
  readonly subjectName: string;
  readonly revokedCertificateIdentifiers: readonly string[];
}

/**
 * Checks the chain in `x5c` and the signature of its leaf.
 *
 * @param assertion - the case
 * @returns 700029, 700030, 700031, 7000211, 7000213, 7000214, 1000502 or 700027; `undefined` when all is well
 */
export function checkSubjectNameIssuer(assertion: AssertionCase): Refusal | undefined {
  const chain = readChain(assertion.header["x5c"]);
  const [leaf] = chain ?? [];
  if (chain === undefined || leaf === undefined) return { code: 700029 };
  const names = namesOf(leaf);
  if (names.length === 0) return { code: 700031 };
  const trusted = trustedSubjects(assertion.client.application).find(({ subjectName }) =>
    names.some((name) => name.toLowerCase() === subjectName.toLowerCase()),
  );
  if (trusted === undefined)
    return { code: 700030, values: { certificateSubjects: names.slice(0, 10).join(", ") } };
  return checkTrust(assertion, chain, leaf, trusted);
}

function checkTrust(
  assertion: AssertionCase,
  chain: readonly X509Certificate[],
  leaf: X509Certificate,
  trusted: TrustedSubject,
): Refusal | undefined {
  const { client, context } = assertion;
  const anchors = client.tenant.certificateAuthorities?.get(trusted.authorityId.toLowerCase());
  if (anchors === undefined) return { code: 7000211, values: { tenantId: client.tenant.tenantId } };
  if (
    !leadsTo(
      chain,
      anchors.map((der) => new X509Certificate(der)),
    )
  )
    return { code: 7000213 };
  const identifiers = [leaf.serialNumber, leaf.fingerprint.replaceAll(":", "")].map((text) =>
    text.toLowerCase(),
  );
  if (trusted.revokedCertificateIdentifiers.some((id) => identifiers.includes(id.toLowerCase())))
    return { code: 7000214 };
  const nowMs = context.clock.nowMs();
  if (nowMs < Date.parse(leaf.validFrom) || nowMs > Date.parse(leaf.validTo)) return { code: 1000502 };
  const unfit = refuseUnfitKey(leaf.publicKey);
  if (unfit !== undefined) return unfit;
  if (isSignedBy(assertion, leaf.publicKey)) return undefined;
  const reason = "Key was found, but use of the key to verify the signature failed.";
  return { code: 700027, values: { reason, appid: client.application.appId } };
}

/** MSAL.NET sends one text instead of an array, MSAL Python leaves line breaks inside the base64. */
function readChain(x5c: unknown): readonly X509Certificate[] | undefined {
  const entries: unknown[] = Array.isArray(x5c) ? x5c : [x5c];
  if (entries.length === 0 || entries.length > 10) return undefined;
  const chain: X509Certificate[] = [];
  for (const entry of entries) {
    if (typeof entry !== "string") return undefined;
    try {
      chain.push(new X509Certificate(Buffer.from(entry, "base64")));
    } catch {
      return undefined;
    }
  }
  return chain;
}

/** Follows the chain upwards: each certificate signed by the next, the last one by an anchor or being one. */
function leadsTo(chain: readonly X509Certificate[], anchors: readonly X509Certificate[]): boolean {
  for (const [index, certificate] of chain.entries()) {
    if (anchors.some((anchor) => anchor.raw.equals(certificate.raw))) return true;
    if (anchors.some((anchor) => isIssuedBy(certificate, anchor))) return true;
    const next = chain[index + 1];
    if (next === undefined || !isIssuedBy(certificate, next)) return false;
  }
  return false;
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/** `CN=…` of the subject, the whole subject, and the DNS names. */
function namesOf(certificate: X509Certificate): string[] {
  const subject = certificate.subject ?? "";
  const parts = subject.split("\n").filter(Boolean);
  const commonNames = parts.filter((part) => part.startsWith("CN="));
  const alternatives = (certificate.subjectAltName ?? "")
    .split(", ")
    .filter((name) => name.startsWith("DNS:"))
    .map((name) => name.slice(4));
  const bare = commonNames.map((name) => name.slice(3));
  return [
    ...new Set([parts.toReversed().join(", "), parts.join(", "), ...commonNames, ...bare, ...alternatives]),
  ].filter(Boolean);
}

function trustedSubjects(application: Application): readonly TrustedSubject[] {
  const listed = application.properties["trustedCertificateSubjects"];
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((entry: unknown) => {
    if (typeof entry !== "object" || entry === null) return [];
    const { authorityId, subjectName, revokedCertificateIdentifiers } = entry as Record<string, unknown>;
    if (typeof subjectName !== "string") return [];
    const revoked = Array.isArray(revokedCertificateIdentifiers)
      ? revokedCertificateIdentifiers.map(String)
      : [];
    return [{ authorityId: String(authorityId ?? ""), subjectName, revokedCertificateIdentifiers: revoked }];
  });
}
