import { constants, verify } from "node:crypto";
import type { CertificateRead, Jwt } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding } from "../finding-table.ts";
import type { CaseFile } from "./case-file.ts";

/**
 * Verifies the signature of an assertion against the certificate at hand.
 *
 * @param file - the case file
 * @returns a fault when the certificate that the header names did not sign
 */
export function checkAssertionSignature(file: CaseFile): Finding[] {
  const findings: Finding[] = [];
  for (const jwt of file.assertions) {
    const signature = jwt.compact?.signature;
    if (jwt.compact === undefined || signature === undefined || jwt.header === undefined) continue;
    const certificate = certificateFor(file, jwt);
    if (certificate === undefined || certificate.x509.publicKey.asymmetricKeyType !== "rsa") continue;
    const alg = String(jwt.header["alg"]);
    if (isSignedBy(certificate, jwt.compact.signingInput, signature, alg)) continue;
    findings.push(explainMismatch(certificate, jwt.compact.signingInput, signature, alg));
  }
  return findings;
}

/** The certificate that the header names; without a name, the only one there is. */
function certificateFor(file: CaseFile, jwt: Jwt): CertificateRead | undefined {
  const readable = file.certificates.map((known) => known.certificate).filter((read) => read !== undefined);
  for (const name of ["x5t#S256", "x5t"]) {
    const value = jwt.header?.[name];
    if (typeof value !== "string") continue;
    const hex = Buffer.from(value, "base64url").toString("hex").toUpperCase();
    return readable.find((read) => read.sha1Hex === hex || read.sha256Hex === hex);
  }
  const hasName = jwt.header?.["kid"] !== undefined;
  return !hasName && readable.length === 1 ? readable[0] : undefined;
}

function isSignedBy(
  certificate: CertificateRead,
  input: string,
  signature: Uint8Array,
  alg: string,
): boolean {
  const match = /^(RS|PS)(256|384|512)$/.exec(alg);
  if (match === null) return true;
  const isPss = match[1] === "PS";
  try {
    return verify(
      `sha${match[2]}`,
      Buffer.from(input),
      isPss
        ? {
            key: certificate.x509.publicKey,
            padding: constants.RSA_PKCS1_PSS_PADDING,
            saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
          }
        : { key: certificate.x509.publicKey, padding: constants.RSA_PKCS1_PADDING },
      signature,
    );
  } catch {
    return false;
  }
}

function explainMismatch(
  certificate: CertificateRead,
  input: string,
  signature: Uint8Array,
  alg: string,
): Finding {
  const other = ["RS256", "PS256", "RS384", "PS384", "RS512", "PS512"].find(
    (name) => name !== alg && isSignedBy(certificate, input, signature, name),
  );
  const evidence = { certificate: certificate.sha1Hex, alg };
  if (other !== undefined) {
    return createFinding("ASSERTION_SIGNATURE_PADDING", {
      explanation: `The header says ${alg}, but the signature is a ${other} one: the right key, with another padding or hash.`,
      evidence: { ...evidence, signedWith: other },
      remedy: `Sign with ${alg} (PS is RSASSA-PSS with a salt as long as the hash, RS is PKCS #1 v1.5), or write "alg": "${other}".`,
    });
  }
  return createFinding("ASSERTION_SIGNATURE_MISMATCH", {
    explanation: `The header names the certificate ${certificate.sha1Hex}, but its public key does not verify the signature: another private key signed, or header or payload were changed afterwards.`,
    evidence,
    remedy: {
      text: "Sign with the private key of this certificate; both commands must print the same.",
      commands: [
        "openssl x509 -in cert.pem -noout -pubkey | openssl sha256",
        "openssl pkey -in key.pem -pubout | openssl sha256",
      ],
    },
  });
}
