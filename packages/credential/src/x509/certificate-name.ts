/** How messages name a certificate. */
import type { Certificate } from "./certificate.ts";

/**
 * Names a certificate in a message.
 *
 * @param certificate - any certificate
 * @returns its subject and SHA-1 thumbprint in hex
 */
export function nameCertificate(certificate: Certificate): string {
  return `"${certificate.subject}" (SHA-1 thumbprint ${certificate.thumbprintSha1.hex})`;
}
