import { type ManifestFormat, mergeKeyCredential } from "@nightlatch/credential";
import { type PassphraseOptions, passphraseOption, readCertificate } from "../../certificate-input.ts";
import { type CommandInput, type CommandResult, defineCommand } from "../../command.ts";
import { readInput, writeOutput } from "../../files.ts";

interface Options extends PassphraseOptions {
  readonly manifest: string;
  readonly certificate: string;
  readonly displayName?: string;
  readonly out?: string;
  readonly force?: boolean;
}

export const manifestAdd = defineCommand<Options>({
  path: ["manifest", "add"],
  summary: "Add a certificate to an application's manifest file, losing nothing that stands there",
  details:
    "The format (portal of before 2025, or Microsoft Graph) is recognised. Only the public certificate is written. Adding the same certificate twice changes nothing.",
  options: [
    {
      flags: "--manifest <file>",
      description: "manifest as copied from the portal or Graph, - for standard input",
      defaultValue: "manifest.json",
    },
    {
      flags: "--certificate <file>",
      description: "file with the certificate",
      defaultValue: "nightlatch.pem",
    },
    { flags: "--display-name <text>", description: "name of the entry, at most 90 characters" },
    { flags: "--out <file>", description: "write here instead of changing the file; - for standard output" },
    { flags: "--force", description: "replace the file of --out" },
    passphraseOption,
  ],
  examples: [
    {
      line: "nightlatch manifest add --manifest manifest.json --certificate timetable.pem",
      says: "change the file in place",
    },
    {
      line: "nightlatch manifest add --manifest manifest.json --certificate timetable.pem --out -",
      says: "print the new manifest",
    },
  ],
  run: addToManifest,
});

async function addToManifest({ context, options }: CommandInput<Options>): Promise<CommandResult> {
  const certificate = await readCertificate(options.certificate, options, context);
  const text = (await readInput(options.manifest, context)).toString("utf8");
  const merged = mergeKeyCredential(text, certificate, {
    sourceName: options.manifest === "-" ? "standard input" : options.manifest,
    ...(options.displayName === undefined ? {} : { displayName: options.displayName }),
  });
  const { added, format, keyId } = merged;
  if (options.out === "-" || (options.out === undefined && options.manifest === "-"))
    return {
      data: { added, format, keyId, manifest: JSON.parse(merged.manifestText) },
      text: merged.manifestText,
    };
  const file = await writeOutput(
    options.out ?? options.manifest,
    merged.manifestText,
    { force: options.out === undefined || options.force === true },
    context,
  );
  return { data: { added, format, keyId, file }, text: sentence(added, format, keyId, file) };
}

function sentence(added: boolean, format: ManifestFormat, keyId: string, file: string): string {
  const kind = format === "graph" ? "Microsoft Graph" : "Azure AD Graph";
  return added
    ? `Added the certificate as keyId ${keyId} to ${file} (${kind} format)`
    : `The certificate stands in ${file} already as keyId ${keyId}; nothing changed`;
}
