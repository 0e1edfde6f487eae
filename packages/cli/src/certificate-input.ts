/** The certificate and key that commands take from files: options, environment, passphrase. */

import { resolve } from "node:path";
import { type CertificateCredential, readCredentialFile } from "@nightlatch/credential";
import type { Context, OptionSpec } from "./command.ts";
import { cliError } from "./errors.ts";
import { readInput } from "./files.ts";
import { collect } from "./parse.ts";

/** Options of every command that needs a key. */
export interface CertificateOptions {
  readonly certificate?: readonly string[];
  readonly passphraseFile?: string;
}

export const certificateOptions: readonly OptionSpec[] = [
  {
    flags: "--certificate <file>",
    description:
      "PEM or PFX file with certificate and private key; repeat it when they are in two files [AZURE_CLIENT_CERTIFICATE_PATH]",
    parse: collect,
  },
  {
    flags: "--passphrase-file <file>",
    description:
      "file with the passphrase of the key, - for standard input [AZURE_CLIENT_CERTIFICATE_PASSWORD]",
  },
];

/**
 * Names the files that hold the certificate and key.
 *
 * @param options - as parsed
 * @param context - the command's surroundings; `AZURE_CLIENT_CERTIFICATE_PATH` is the default
 * @returns file names; empty when none was given
 */
export function certificatePaths(options: CertificateOptions, context: Context): readonly string[] {
  if (options.certificate !== undefined) return options.certificate;
  const path = context.env["AZURE_CLIENT_CERTIFICATE_PATH"];
  return path === undefined || path === "" ? [] : [path];
}

/**
 * Reads the passphrase from its file, standard input or the environment, never from a flag.
 *
 * @param options - as parsed
 * @param context - the command's surroundings
 * @returns the passphrase without its line feed, or undefined
 */
export async function readPassphrase(
  options: CertificateOptions,
  context: Context,
): Promise<string | undefined> {
  if (options.passphraseFile !== undefined)
    return (await readInput(options.passphraseFile, context)).toString("utf8").replace(/\r?\n$/, "");
  return context.env["AZURE_CLIENT_CERTIFICATE_PASSWORD"];
}

/**
 * Reads the certificate and key.
 *
 * @param options - as parsed
 * @param context - the command's surroundings
 * @returns the credential
 * @throws NightlatchError `CLI_NOT_CONFIGURED` when no file was named, `CREDENTIAL_…` for what is wrong with it
 */
export async function loadCredential(
  options: CertificateOptions,
  context: Context,
): Promise<CertificateCredential> {
  const paths = certificatePaths(options, context);
  if (paths.length === 0)
    throw cliError("CLI_NOT_CONFIGURED", "No certificate was given", {
      hint: "Pass --certificate FILE, or set AZURE_CLIENT_CERTIFICATE_PATH",
    });
  const passphrase = await readPassphrase(options, context);
  return readCredentialFile(
    paths.map((path) => resolve(context.cwd, path)),
    passphrase === undefined ? {} : { passphrase },
  );
}
