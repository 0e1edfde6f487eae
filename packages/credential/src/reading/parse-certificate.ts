/** Reads the public certificate alone, as it is uploaded or put into a manifest. */
import { loadRefusal } from "../refusal.ts";
import { type Certificate, certificateFromDer, isIssuedBy } from "../x509/certificate.ts";
import { recognise } from "./recognise.ts";

/** Options of {@link parseCertificate}. */
export interface ParseCertificateOptions {
  /** File name for messages. @defaultValue "the input" */
  readonly sourceName?: string | undefined;
}

/**
 * Parses a certificate without its key.
 *
 * Takes PEM, DER, base64 as Windows writes it into `.cer` files, and UTF-16 text. A private key beside it is ignored.
 * Of several certificates it returns the one that issued none of the others, the first where that leaves several.
 *
 * @param input - text, or the bytes of a file
 * @param options - name for messages
 * @returns the certificate; its dates are not judged
 * @throws {@link NightlatchError} `CREDENTIAL_CERTIFICATE_MISSING`, `CREDENTIAL_NOT_A_CERTIFICATE`, and the codes that
 *   name a wrong kind of file; a PFX is refused with `CREDENTIAL_FORMAT_UNSUPPORTED`
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createSelfSigned, parseCertificate } from "@nightlatch/credential";
 *
 * const { certificatePem } = await createSelfSigned({ subject: "CN=timetable" });
 * const certificate = parseCertificate(certificatePem);
 * assert.equal(certificate.keySizeBits, 2048);
 * assert.equal(certificate.thumbprintSha1.hex.length, 40);
 * ```
 */
export function parseCertificate(
  input: string | Uint8Array,
  options: ParseCertificateOptions = {},
): Certificate {
  const certificates = parseCertificates(input, options);
  const leaf = certificates.find(
    (one) => !certificates.some((other) => other !== one && isIssuedBy(other, one)),
  );
  return (leaf ?? certificates[0]) as Certificate;
}

/**
 * Parses all certificates of an input.
 *
 * @param input - text, or the bytes of a file
 * @param options - name for messages
 * @returns the certificates in the order of the input, at least one
 * @throws {@link NightlatchError} as {@link parseCertificate}
 */
export function parseCertificates(
  input: string | Uint8Array,
  options: ParseCertificateOptions = {},
): readonly Certificate[] {
  const sourceName = options.sourceName ?? "the input";
  const items = recognise(input, sourceName);
  const certificates = items
    .filter((item) => item.kind === "certificate")
    .map((item) => certificateFromDer(item.der, sourceName));
  if (certificates.length > 0) return certificates;
  if (items.some((item) => item.kind === "pfx"))
    throw loadRefusal(
      "CREDENTIAL_FORMAT_UNSUPPORTED",
      sourceName,
      "it is a PFX, whose certificate cannot be taken out without its passphrase",
      { hint: "Read it as a credential, with its passphrase" },
    );
  if (items.some((item) => item.kind === "certificateRequest"))
    throw loadRefusal(
      "CREDENTIAL_REQUEST_ONLY",
      sourceName,
      "it holds a certificate request, not a certificate",
    );
  throw loadRefusal("CREDENTIAL_CERTIFICATE_MISSING", sourceName, "it holds a key, but no certificate");
}
