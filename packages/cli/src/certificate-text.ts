/** How commands show a certificate. */
import type { Certificate } from "@nightlatch/credential";
import { facts } from "./plain-text.ts";

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

const dayMs = 86_400_000;

/**
 * Says how long a certificate is still good.
 *
 * @param certificate - its dates are enough
 * @param now - today
 * @returns words such as `364 days left`
 */
export function lifeText(
  { notBefore, notAfter }: Pick<Certificate, "notBefore" | "notAfter">,
  now: Date,
): string {
  const days = (ms: number): string => {
    const count = Math.floor(ms / dayMs);
    return count === 1 ? "1 day" : `${count} days`;
  };
  if (now < notBefore) return `not valid yet, begins in ${days(notBefore.getTime() - now.getTime())}`;
  if (now > notAfter) return `expired ${days(now.getTime() - notAfter.getTime())} ago`;
  return `${days(notAfter.getTime() - now.getTime())} left`;
}
