import { type Certificate, createKeyCredential, type ManifestFormat } from "@nightlatch/credential";
import { type PassphraseOptions, passphraseOption, readCertificate } from "../../certificate-input.ts";
import { type CommandInput, type CommandResult, type Context, defineCommand } from "../../command.ts";
import { cliError } from "../../errors.ts";
import { readInput } from "../../files.ts";
import { type ManifestEntry, readManifestEntries } from "../../manifest-entries.ts";
import { oneOf } from "../../parse.ts";
import { table } from "../../table.ts";

interface Options extends PassphraseOptions {
  readonly certificate?: string;
  readonly format?: ManifestFormat;
  readonly displayName?: string;
}

export const manifestShow = defineCommand<Options>({
  path: ["manifest", "show"],
  summary: "List the keys and secrets of a manifest; without one, print the entry of a certificate to paste",
  details:
    "With a manifest: one line for each entry of keyCredentials and passwordCredentials, its certificate decoded, and which of them is the one of --certificate. Without: the entry that --certificate needs (keyCredentials).",
  arguments: [
    {
      name: "manifest",
      description: "manifest as copied from the portal or Graph, - for standard input",
      optional: true,
    },
  ],
  options: [
    {
      flags: "--certificate <file>",
      description: "file with the certificate; nightlatch.pem when there is no manifest",
    },
    {
      flags: "--format <name>",
      description: "graph (when absent) or azureAdGraph (the portal's manifest of before 2025)",
      parse: oneOf("--format", ["graph", "azureAdGraph"]),
    },
    { flags: "--display-name <text>", description: "name of the entry, at most 90 characters" },
    passphraseOption,
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
    {
      line: "nightlatch manifest show manifest.json --certificate timetable.pem",
      says: "which entry of the manifest is this certificate, and which are due",
    },
  ],
  run: show,
});

async function show({ context, args, options }: CommandInput<Options>): Promise<CommandResult> {
  const [manifest] = args;
  if (manifest === undefined) return showEntry(options, context);
  if (options.format !== undefined || options.displayName !== undefined)
    throw cliError("CLI_USAGE", "--format and --display-name are for an entry, not for a manifest", {
      hint: "Leave the manifest out to print the entry of a certificate",
    });
  return showManifest(manifest, options, context);
}

async function showEntry(options: Options, context: Context): Promise<CommandResult> {
  const certificate = await readCertificate(options.certificate ?? "nightlatch.pem", options, context);
  const entry = createKeyCredential(
    certificate,
    options.format ?? "graph",
    options.displayName === undefined ? {} : { displayName: options.displayName },
  );
  return { data: { keyCredentials: [entry] }, text: `"keyCredentials": ${JSON.stringify([entry], null, 2)}` };
}

async function showManifest(path: string, options: Options, context: Context): Promise<CommandResult> {
  const text = (await readInput(path, context)).toString("utf8");
  const entries = readManifestEntries(text, path === "-" ? "standard input" : path);
  const mine =
    options.certificate === undefined
      ? undefined
      : await readCertificate(options.certificate, options, context);
  const isMine = (entry: ManifestEntry): boolean => mine !== undefined && isEntryOf(entry, mine);
  const now = context.now();
  const rows = entries.map((entry) => [
    entry.kind,
    entry.keyId ?? "",
    entry.thumbprintSha1Hex ?? "",
    dayOf(endOf(entry)),
    stateOf(entry, now),
    entry.certificate?.subject ?? entry.displayName ?? "",
    isMine(entry) ? "◄ this certificate" : "",
  ]);
  const remarks = entries.flatMap((entry) =>
    entry.remarks.map((remark) => `warning: ${entry.keyId ?? entry.displayName ?? "an entry"}: ${remark}`),
  );
  const found = entries.some(isMine);
  return {
    data: {
      entries: entries.map((entry) => ({
        ...entry,
        certificate: entry.certificate?.subject,
        state: stateOf(entry, now),
        ...(mine === undefined ? {} : { isThisCertificate: isMine(entry) }),
      })),
      ...(mine === undefined ? {} : { hasCertificate: found }),
    },
    text: [
      rows.length === 0
        ? "The manifest has no keys and no secrets"
        : table(["KIND", "KEY ID", "SHA-1", "ENDS", "STATE", "SUBJECT OR NAME", ""], rows),
      remarks.join("\n"),
      mine === undefined || found
        ? ""
        : `The certificate ${mine.thumbprintSha1.hex} is not in it; add it with: nightlatch manifest add --manifest ${path} --certificate ${options.certificate}`,
    ]
      .filter((part) => part !== "")
      .join("\n\n"),
  };
}

function isEntryOf(entry: ManifestEntry, certificate: Certificate): boolean {
  return entry.certificate === undefined
    ? entry.thumbprintSha1Hex === certificate.thumbprintSha1.hex
    : entry.certificate.thumbprintSha256.hex === certificate.thumbprintSha256.hex;
}

/** The directory goes by the dates of the entry; where it has none, by those of the certificate. */
function endOf(entry: ManifestEntry): Date | undefined {
  return entry.endsAt === undefined ? entry.certificate?.notAfter : new Date(entry.endsAt);
}

function stateOf(entry: ManifestEntry, now: Date): "valid" | "expired" | "not yet valid" | "no dates" {
  const end = endOf(entry);
  const start = entry.startsAt === undefined ? entry.certificate?.notBefore : new Date(entry.startsAt);
  if (end === undefined || Number.isNaN(end.getTime())) return "no dates";
  if (end < now) return "expired";
  return start !== undefined && start > now ? "not yet valid" : "valid";
}

function dayOf(date: Date | undefined): string {
  return date === undefined || Number.isNaN(date.getTime()) ? "" : date.toISOString().slice(0, 10);
}
