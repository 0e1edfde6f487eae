import type { Certificate, CertificateCredential } from "@nightlatch/credential";
import {
  type CertificateOptions,
  certificateOptions,
  certificatePaths,
  loadCredential,
  readCertificateFile,
} from "../../certificate-input.ts";
import { describeCertificate, lifeText } from "../../certificate-text.ts";
import { type CommandInput, type CommandResult, type Context, defineCommand } from "../../command.ts";

export const certShow = defineCommand<CertificateOptions>({
  path: ["cert", "show"],
  summary: "Show what a certificate file holds",
  arguments: [
    { name: "file", description: "PEM, DER, .cer or PFX file; - for standard input", optional: true },
  ],
  options: certificateOptions,
  examples: [
    { line: "nightlatch cert show timetable.pem", says: "subject, dates, key and thumbprints" },
    { line: "nightlatch cert show app.pfx --passphrase-file passphrase.txt --json", says: "a PFX, as JSON" },
  ],
  run: showCertificate,
});

async function showCertificate({
  context,
  args,
  options,
}: CommandInput<CertificateOptions>): Promise<CommandResult> {
  const paths = args[0] === undefined ? certificatePaths(options, context) : [args[0]];
  const [path] = paths;
  const { certificate, credential } =
    path !== undefined && paths.length === 1
      ? await readCertificateFile(path, options, context)
      : await bothFiles(options, context);
  const described = describeCertificate(certificate);
  const remaining = lifeText(certificate, context.now());
  return {
    data: {
      ...described.data,
      hasPrivateKey: credential !== undefined,
      chainLength: credential?.chain.length ?? 1,
    },
    text: `${described.text}\nLife           ${remaining}\nPrivate key    ${credential === undefined ? "none in this file that could sign in" : "present, fits the certificate"}`,
  };
}

async function bothFiles(
  options: CertificateOptions,
  context: Context,
): Promise<{ certificate: Certificate; credential: CertificateCredential }> {
  const credential = await loadCredential(options, context);
  return { certificate: credential.certificate, credential };
}
