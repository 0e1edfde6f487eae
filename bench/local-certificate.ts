import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A key and its certificate for `localhost`, as files and as PEM. */
export interface LocalCertificate {
  readonly keyPath: string;
  readonly certificatePath: string;
  readonly keyPem: string;
  readonly certificatePem: string;
}

/**
 * Makes a certificate for servers of the measures by openssl.
 *
 * @param folder - where to
 */
export function makeLocalCertificate(folder: string): LocalCertificate {
  const keyPath = join(folder, "local-key.pem");
  const certificatePath = join(folder, "local.pem");
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"],
      ...["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
      ...["-keyout", keyPath, "-out", certificatePath],
    ],
    { stdio: "ignore" },
  );
  const [keyPem, certificatePem] = [readFileSync(keyPath, "utf8"), readFileSync(certificatePath, "utf8")];
  return { keyPath, certificatePath, keyPem, certificatePem };
}
