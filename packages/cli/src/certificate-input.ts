/** The certificate and key that commands take from files: options, environment, passphrase. */
import {
  type Certificate,
  type CertificateCredential,
  isNightlatchError,
  parseCertificate,
  parseCertificates,
  readCredential,
} from "@nightlatch/credential";
import type { Context, OptionSpec } from "./command.ts";
import { cliError } from "./errors.ts";
import { readInput, readSecret, requireFileName } from "./files.ts";
import { collect } from "./parse.ts";

/** Option of every command that may meet an encrypted file. */
export interface PassphraseOptions {
  readonly passphraseFile?: string;
}

/** Options of every command that needs a key. */
export interface CertificateOptions extends PassphraseOptions {
  readonly certificate?: readonly string[];
}

/** Heading of the options with which a command signs in. */
export const signInGroup = "Signing in:";

export const passphraseOption: OptionSpec = {
  flags: "--passphrase-file <file>",
  description:
    "file with the passphrase of the key or PFX, - for standard input [AZURE_CLIENT_CERTIFICATE_PASSWORD]",
};

export const certificateOptions: readonly OptionSpec[] = [
  {
    flags: "--certificate <file>",
    group: signInGroup,
    description:
      "PEM or PFX file with certificate and private key; repeat it when they are in two files [AZURE_CLIENT_CERTIFICATE_PATH]",
    parse: collect,
  },
  { ...passphraseOption, group: signInGroup },
];

/**
 * Names the files that hold the certificate and key.
 *
 * @param options - as parsed
 * @param context - the command's surroundings; `AZURE_CLIENT_CERTIFICATE_PATH` is the default
 * @returns file names; empty when none was given
 * @throws NightlatchError `CLI_FILE_UNREADABLE` for a key in the place of the name of its file
 */
export function certificatePaths(options: CertificateOptions, context: Context): readonly string[] {
  const named = context.env["AZURE_CLIENT_CERTIFICATE_PATH"] ?? "";
  const paths = options.certificate ?? (named === "" ? [] : [named]);
  for (const path of paths) requireFileName(path, context);
  return paths;
}

/**
 * Reads the passphrase from its file, standard input or the environment, never from a flag.
 *
 * @param options - as parsed
 * @param context - the command's surroundings
 * @returns the passphrase without its line feed, or undefined
 */
export async function readPassphrase(
  options: PassphraseOptions,
  context: Context,
): Promise<string | undefined> {
  if (options.passphraseFile !== undefined) return readSecret(options.passphraseFile, "Passphrase", context);
  const passphrase = context.env["AZURE_CLIENT_CERTIFICATE_PASSWORD"];
  return passphrase === "" ? undefined : passphrase;
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
  const inputs: Buffer[] = [];
  for (const path of paths) inputs.push(await readInput(path, context));
  const passphrase = await readPassphrase(options, context);
  return readCredential(inputs, {
    sourceName: paths.map(sourceNameOf),
    now: context.now(),
    passphrase,
  });
}

/**
 * Reads all certificates of a file, with a key or without; their dates are not judged.
 *
 * @param path - PEM, DER, .cer or PFX file, or `-`
 * @param options - where the passphrase of a PFX is
 * @param context - the command's surroundings
 * @returns the certificates; the one that issued none of the others first
 * @throws NightlatchError `CREDENTIAL_…`, `CLI_FILE_UNREADABLE`
 */
export async function readCertificates(
  path: string,
  options: PassphraseOptions,
  context: Context,
): Promise<readonly [Certificate, ...Certificate[]]> {
  const bytes = await readInput(path, context);
  try {
    const sourceName = sourceNameOf(path);
    const leaf = parseCertificate(bytes, { sourceName });
    const others = parseCertificates(bytes, { sourceName }).filter(
      ({ thumbprintSha256 }) => thumbprintSha256.hex !== leaf.thumbprintSha256.hex,
    );
    return [leaf, ...others];
  } catch (error) {
    if (!isNightlatchError(error) || error.code !== "CREDENTIAL_FORMAT_UNSUPPORTED") throw error;
  }
  const { certificate, chain } = await openBytes(bytes, path, options, context);
  return [certificate, ...chain.slice(1)];
}

/**
 * Reads a certificate, with its key when the file holds one; its dates are not judged.
 *
 * @param path - PEM, DER, .cer or PFX file, or `-`
 * @param options - where the passphrase of a PFX is
 * @param context - the command's surroundings
 * @returns the certificate
 * @throws NightlatchError `CREDENTIAL_…`, `CLI_FILE_UNREADABLE`
 */
export async function readCertificate(
  path: string,
  options: PassphraseOptions,
  context: Context,
): Promise<Certificate> {
  return (await readCertificates(path, options, context))[0];
}

/**
 * Reads whatever a certificate file holds: the certificate, and the key if there is one.
 *
 * @param path - file name, or `-`
 * @param options - where the passphrase is
 * @param context - the command's surroundings
 * @returns the certificate, and the whole credential when the key is there
 */
export async function readCertificateFile(
  path: string,
  options: PassphraseOptions,
  context: Context,
): Promise<{ readonly certificate: Certificate; readonly credential?: CertificateCredential }> {
  const bytes = await readInput(path, context);
  try {
    const credential = await openBytes(bytes, path, options, context);
    return { certificate: credential.certificate, credential };
  } catch (error) {
    if (!isNightlatchError(error) || !isKeyAbsentOrUnfit(error.code)) throw error;
    return { certificate: parseCertificate(bytes, { sourceName: sourceNameOf(path) }) };
  }
}

/** A certificate without a key for Entra ID can be shown all the same. */
function isKeyAbsentOrUnfit(code: string): boolean {
  return (
    code === "CREDENTIAL_KEY_MISSING" ||
    code === "CREDENTIAL_KEY_NOT_RSA" ||
    code === "CREDENTIAL_KEY_TOO_SMALL"
  );
}

async function openBytes(
  bytes: Buffer,
  path: string,
  options: PassphraseOptions,
  context: Context,
): Promise<CertificateCredential> {
  const passphrase = await readPassphrase(options, context);
  return readCredential(bytes, {
    sourceName: sourceNameOf(path),
    now: context.now(),
    allowExpired: true,
    passphrase,
  });
}

function sourceNameOf(path: string): string {
  return path === "-" ? "standard input" : path;
}
