import { type PassphraseOptions, passphraseOption, readCertificate } from "../../certificate-input.ts";
import { type CommandInput, type CommandResult, defineCommand } from "../../command.ts";
import { oneOf } from "../../parse.ts";

const formats = ["base64url", "base64", "hex"] as const;

interface Options extends PassphraseOptions {
  readonly hash: "sha1" | "sha256";
  readonly format: (typeof formats)[number];
}

export const certThumbprint = defineCommand<Options>({
  path: ["cert", "thumbprint"],
  summary: "Print one thumbprint of a certificate, in the encoding that is wanted",
  details:
    "The thumbprint is the hash of the whole certificate in DER. base64url of SHA-1 is the header x5t, base64url of SHA-256 is x5t#S256, base64 of SHA-1 is the customKeyIdentifier of old manifests, hex is what the portal shows.",
  arguments: [{ name: "file", description: "file with a certificate; - for standard input" }],
  options: [
    {
      flags: "--hash <name>",
      description: "sha256 or sha1",
      defaultValue: "sha256",
      parse: oneOf("--hash", ["sha1", "sha256"]),
    },
    {
      flags: "--format <name>",
      description: "base64url, base64 or hex",
      defaultValue: "base64url",
      parse: oneOf("--format", formats),
    },
    passphraseOption,
  ],
  examples: [
    { line: "nightlatch cert thumbprint timetable.pem", says: "x5t#S256" },
    {
      line: "nightlatch cert thumbprint timetable.pem --hash sha1 --format hex",
      says: "what the portal shows",
    },
  ],
  run: printThumbprint,
});

async function printThumbprint({ context, args, options }: CommandInput<Options>): Promise<CommandResult> {
  const certificate = await readCertificate(args[0] ?? "-", options, context);
  const thumbprint = options.hash === "sha1" ? certificate.thumbprintSha1 : certificate.thumbprintSha256;
  return {
    data: { hash: options.hash, format: options.format, thumbprint: thumbprint[options.format] },
    text: thumbprint[options.format],
  };
}
