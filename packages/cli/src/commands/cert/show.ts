import { type CertificateCredential, parseCertificate, readCredential } from "@nightlatch/credential";
import {
  type CertificateOptions,
  certificateOptions,
  certificatePaths,
  loadCredential,
} from "../../certificate-input.ts";
import { describeCertificate } from "../../certificate-text.ts";
import { type CommandInput, type CommandResult, defineCommand } from "../../command.ts";
import { readInput } from "../../files.ts";

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
  const [file] = args;
  const named: CertificateOptions = file === undefined ? options : { ...options, certificate: [file] };
  const [path] = certificatePaths(named, context);
  const holds = await load(path, named, context);
  const described = describeCertificate(holds.certificate);
  return {
    data: {
      ...described.data,
      hasPrivateKey: holds.credential !== undefined,
      chainLength: holds.credential?.chain.length ?? 1,
    },
    text: `${described.text}\n${holds.credential === undefined ? "Private key    not in this file" : "Private key    present, fits the certificate"}`,
  };
}

async function load(
  path: string | undefined,
  options: CertificateOptions,
  context: CommandInput<CertificateOptions>["context"],
): Promise<{ certificate: CertificateCredential["certificate"]; credential?: CertificateCredential }> {
  if (path === undefined || options.passphraseFile !== undefined) {
    const credential = await loadCredential(options, context);
    return { certificate: credential.certificate, credential };
  }
  const bytes = await readInput(path, context);
  try {
    const passphrase = context.env["AZURE_CLIENT_CERTIFICATE_PASSWORD"];
    const credential = await readCredential(bytes, {
      sourceName: path,
      allowExpired: true,
      ...(passphrase === undefined ? {} : { passphrase }),
    });
    return { certificate: credential.certificate, credential };
  } catch (error) {
    if ((error as { code?: string }).code !== "CREDENTIAL_KEY_MISSING") throw error;
    return { certificate: parseCertificate(bytes) };
  }
}
