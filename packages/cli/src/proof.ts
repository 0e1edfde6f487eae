/** With what an application proves who it is: certificate, client secret, or another issuer's token. */
import type { CertificateCredential } from "@nightlatch/credential";
import {
  type CertificateOptions,
  certificatePaths,
  loadCredential,
  signInGroup,
} from "./certificate-input.ts";
import type { Context, OptionSpec } from "./command.ts";
import { cliError } from "./errors.ts";
import { readInput, readSecret } from "./files.ts";

/** Options that name a proof beside those of the certificate. */
export interface ProofOptions {
  readonly secretFile?: string;
}

/** One of three. */
export type Proof =
  | { readonly certificate: CertificateCredential; clientSecret?: undefined; assertion?: undefined }
  | { readonly clientSecret: string; certificate?: undefined; assertion?: undefined }
  | { readonly assertion: () => Promise<string>; certificate?: undefined; clientSecret?: undefined };

export const proofOptions: readonly OptionSpec[] = [
  {
    flags: "--secret-file <file>",
    group: signInGroup,
    description:
      "file with a client secret instead of a certificate, - for standard input [AZURE_CLIENT_SECRET]",
  },
];

/**
 * Finds the proof: what an option names, otherwise what the environment names, in the order of Azure's own libraries
 * (secret, certificate, federated token).
 *
 * @param options - as parsed
 * @param context - the command's surroundings
 * @returns the proof
 * @throws NightlatchError `CLI_NOT_CONFIGURED`, `CLI_USAGE`, `CREDENTIAL_…`
 */
export async function proofFrom(
  options: CertificateOptions & ProofOptions,
  context: Context,
): Promise<Proof> {
  const { secretFile } = options;
  if (secretFile !== undefined && options.certificate !== undefined)
    throw cliError("CLI_USAGE", "--certificate and --secret-file exclude each other", {
      hint: "Sign in with one of the two",
    });
  if (secretFile !== undefined) return { clientSecret: await secretFrom(secretFile, context) };
  if (options.certificate !== undefined) return { certificate: await loadCredential(options, context) };
  const { AZURE_CLIENT_SECRET: clientSecret, AZURE_FEDERATED_TOKEN_FILE: tokenFile } = context.env;
  if (clientSecret !== undefined && clientSecret !== "") return { clientSecret };
  if (certificatePaths(options, context).length > 0)
    return { certificate: await loadCredential(options, context) };
  if (tokenFile !== undefined && tokenFile !== "")
    return { assertion: async () => (await readInput(tokenFile, context)).toString("utf8").trim() };
  throw cliError("CLI_NOT_CONFIGURED", "Neither a certificate nor a secret was given", {
    hint: "Pass --certificate FILE, or set AZURE_CLIENT_CERTIFICATE_PATH",
  });
}

async function secretFrom(path: string, context: Context): Promise<string> {
  const secret = await readSecret(path, "Client secret", context);
  if (secret.trim() === "")
    throw cliError("CLI_FILE_UNREADABLE", `Cannot take the client secret from "${path}": it is empty`, {
      hint: "Give the file that holds the value of the secret, not its id",
    });
  return secret;
}
