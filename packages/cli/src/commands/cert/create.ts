import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import { createSelfSigned } from "@nightlatch/credential";
import { describeCertificate } from "../../certificate-text.ts";
import { type CommandInput, type CommandResult, type Context, defineCommand } from "../../command.ts";
import { cliError } from "../../errors.ts";
import { requireWritable, writeOutput } from "../../files.ts";
import { filled, oneOf, wholeNumber } from "../../parse.ts";

interface Options {
  readonly subject: string;
  readonly keySize: string;
  readonly days: number;
  readonly out: string;
  readonly publicOut?: string;
  readonly force?: boolean;
}

export const certCreate = defineCommand<Options>({
  path: ["cert", "create"],
  summary: "Make a key and a self-signed certificate",
  details:
    "Entra ID takes RSA keys of at least 2048 bits; a self-signed certificate is enough. The file holds the private key: it is made readable by its owner only.",
  options: [
    {
      flags: "--subject <name>",
      description: "distinguished name, for example CN=Timetable push",
      defaultValue: "CN=Nightlatch",
      parse: filled("--subject"),
    },
    {
      flags: "--key-size <bits>",
      description: "2048, 3072 or 4096",
      defaultValue: "2048",
      parse: oneOf("--key-size", ["2048", "3072", "4096"]),
    },
    {
      flags: "--days <number>",
      description: "validity in days",
      defaultValue: 365,
      parse: wholeNumber("--days", 1, 36_500),
    },
    {
      flags: "--out <file>",
      description: "PEM file for key and certificate, - for standard output",
      defaultValue: "nightlatch.pem",
    },
    { flags: "--public-out <file>", description: "file for the certificate alone, to upload" },
    { flags: "--force", description: "replace files that are there" },
  ],
  examples: [
    {
      line: 'nightlatch cert create --subject "CN=Timetable push" --out timetable.pem',
      says: "a key and certificate for one year",
    },
    {
      line: "nightlatch cert create --key-size 4096 --days 730 --out big.pem --public-out big.cer",
      says: "4096 bits, two years, and the public half in a file of its own",
    },
  ],
  run: createCertificate,
});

async function createCertificate({ context, options }: CommandInput<Options>): Promise<CommandResult> {
  await requirePlaces(options, context);
  const minted = await createSelfSigned({
    subject: options.subject,
    keySizeBits: Number(options.keySize) as 2048 | 3072 | 4096,
    validDays: options.days,
  });
  const pem = minted.privateKeyPem + minted.certificatePem;
  const force = options.force === true;
  const described = describeCertificate(minted.credential.certificate);
  if (options.out === "-") {
    const publicFile = await writePublic(options, minted.certificatePem, context);
    return { data: { pem, publicFile, ...described.data }, text: pem };
  }
  const file = await writeOutput(options.out, pem, { secret: true, force }, context);
  const publicFile = await writePublic(options, minted.certificatePem, context).catch(async (error) => {
    // One without the other would be half of what was asked for.
    if (!force) await rm(file, { force: true });
    throw error;
  });
  return {
    data: { file, publicFile, ...described.data },
    text: `${described.text}\n\nKey and certificate: ${file} (readable by you only)${publicFile === undefined ? "" : `\nCertificate alone:   ${publicFile}`}\n\nNext: nightlatch manifest show --certificate ${options.out}   # the entry for the manifest\n  or: nightlatch app register --emulator --name "…" --certificate ${options.out}`,
  };
}

/** Making a key takes a while: what would be refused afterwards is refused before. */
async function requirePlaces({ out, publicOut, force }: Options, context: Context): Promise<void> {
  const options = { force: force === true };
  if (out !== "-") await requireWritable(out, options, context);
  if (publicOut === undefined) return;
  if (resolve(context.cwd, publicOut) === resolve(context.cwd, out))
    throw cliError("CLI_USAGE", `--out and --public-out are both "${publicOut}"`, {
      hint: "Give the certificate alone a file of its own",
    });
  await requireWritable(publicOut, options, context);
}

async function writePublic(
  { publicOut, force }: Options,
  certificatePem: string,
  context: Context,
): Promise<string | undefined> {
  if (publicOut === undefined) return undefined;
  return writeOutput(publicOut, certificatePem, { force: force === true }, context);
}
