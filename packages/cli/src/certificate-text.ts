/** How commands show a certificate. */
import type { Certificate } from "@nightlatch/credential";
import { facts } from "./table.ts";

/**
 * Describes a certificate for people and for programs.
 *
 * @param certificate - any certificate
 * @returns the facts as JSON data and as lines of text
 */
export function describeCertificate(certificate: Certificate): {
  readonly data: Readonly<Record<string, unknown>>;
  readonly text: string;
} {
  const { thumbprintSha1, thumbprintSha256 } = certificate;
  const data = {
    subject: certificate.subject,
    issuer: certificate.issuer,
    serialNumberHex: certificate.serialNumberHex,
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    keyType: certificate.keyType,
    keySizeBits: certificate.keySizeBits,
    isSelfSigned: certificate.isSelfSigned,
    thumbprintSha1,
    thumbprintSha256,
  };
  const text = facts([
    ["Subject", certificate.subject],
    ["Issuer", certificate.isSelfSigned ? "itself" : certificate.issuer],
    ["Serial number", certificate.serialNumberHex],
    ["Valid", `${data.notBefore} to ${data.notAfter}`],
    ["Key", `${certificate.keyType.toUpperCase()} ${certificate.keySizeBits ?? ""}`.trim()],
    ["SHA-1", `${thumbprintSha1.hex}\n${thumbprintSha1.base64url}  (x5t)`],
    ["SHA-256", `${thumbprintSha256.hex}\n${thumbprintSha256.base64url}  (x5t#S256)`],
  ]);
  return { data, text };
}
