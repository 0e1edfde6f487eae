import { createSelfSigned } from "@nightlatch/credential";
import { describeCertificate } from "../../certificate-text.ts";
import { type CommandInput, type CommandResult, defineCommand } from "../../command.ts";
import { writeOutput } from "../../files.ts";
import { oneOf, wholeNumber } from "../../parse.ts";

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
      description: "PEM file for key and certificate",
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
  const minted = await createSelfSigned({
    subject: options.subject,
    keySizeBits: Number(options.keySize) as 2048 | 3072 | 4096,
    validDays: options.days,
  });
  const force = options.force === true;
  const publicFile =
    options.publicOut === undefined
      ? undefined
      : await writeOutput(options.publicOut, minted.certificatePem, { force }, context);
  const file = await writeOutput(
    options.out,
    minted.privateKeyPem + minted.certificatePem,
    { secret: true, force },
    context,
  );
  const described = describeCertificate(minted.credential.certificate);
  return {
    data: { file, publicFile, ...described.data },
    text: `${described.text}\n\nKey and certificate: ${file} (readable by you only)${publicFile === undefined ? "" : `\nCertificate alone:   ${publicFile}`}\nNext: nightlatch manifest show --certificate ${options.out}`,
  };
}
