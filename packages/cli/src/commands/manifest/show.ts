import { createKeyCredential, type ManifestFormat, parseCertificate } from "@nightlatch/credential";
import { type CommandInput, type CommandResult, defineCommand } from "../../command.ts";
import { readInput } from "../../files.ts";
import { oneOf } from "../../parse.ts";

interface Options {
  readonly certificate: string;
  readonly format: ManifestFormat;
  readonly displayName?: string;
}

export const manifestShow = defineCommand<Options>({
  path: ["manifest", "show"],
  summary: "Print the manifest entry (keyCredentials) of a certificate, to paste",
  options: [
    {
      flags: "--certificate <file>",
      description: "file with the certificate",
      defaultValue: "nightlatch.pem",
    },
    {
      flags: "--format <name>",
      description: "graph or azureAdGraph (the portal's manifest of before 2025)",
      defaultValue: "graph",
      parse: oneOf("--format", ["graph", "azureAdGraph"]),
    },
    { flags: "--display-name <text>", description: "name of the entry, at most 90 characters" },
  ],
  examples: [
    {
      line: "nightlatch manifest show --certificate timetable.pem",
      says: "the entry in Microsoft Graph format",
    },
    {
      line: "nightlatch manifest show --certificate timetable.pem --format azureAdGraph",
      says: "the entry of old manifests, with value, startDate and endDate",
    },
  ],
  run: showEntry,
});

async function showEntry({ context, options }: CommandInput<Options>): Promise<CommandResult> {
  const certificate = parseCertificate(await readInput(options.certificate, context));
  const entry = createKeyCredential(
    certificate,
    options.format,
    options.displayName === undefined ? {} : { displayName: options.displayName },
  );
  return { data: { keyCredentials: [entry] }, text: `"keyCredentials": ${JSON.stringify([entry], null, 2)}` };
}
