/** The timetable that sync commands read: options, file, window. */
import { basename } from "node:path";
import { readTimetable, type Timetable } from "@nightlatch/sync";
import type { Context, OptionSpec } from "./command.ts";
import { cliError } from "./errors.ts";
import { readInput } from "./files.ts";
import {
  collect,
  encoding,
  filled,
  instantOf,
  mailbox,
  oneOf,
  requireWindow,
  shaped,
  type When,
  when,
  zone,
} from "./parse.ts";

/** Options of every command that reads a timetable. */
export interface TimetableOptions {
  readonly timetable: string;
  readonly zone?: string;
  readonly mailbox?: string;
  readonly domain?: readonly string[];
  readonly source: string;
  readonly from?: When;
  readonly to?: When;
  readonly encoding?: string;
  readonly whole?: boolean;
  readonly dateOrder?: "dmy" | "mdy";
}

export const timetableOptions: readonly OptionSpec[] = [
  {
    flags: "--timetable <file>",
    description: "ICS or CSV file, - for standard input",
    parse: filled("--timetable"),
  },
  {
    flags: "--zone <name>",
    description: "zone of times that carry none, for example Europe/London; --from and --to begin in it",
    parse: zone("--zone"),
  },
  {
    flags: "--mailbox <address>",
    description: "mailbox of the whole file, when the file does not say",
    parse: mailbox("--mailbox"),
  },
  {
    flags: "--domain <name>",
    description: "only ICS attendees of this domain are mailboxes of ours; repeat it",
    parse: collect,
  },
  {
    flags: "--source <tag>",
    description: "name under which this timetable owns its events; two timetables need two",
    defaultValue: "timetable",
    parse: shaped(
      "--source",
      /^[A-Za-z0-9._-]{1,64}$/,
      "at most 64 letters, digits, dots, underscores and hyphens",
    ),
  },
  { flags: "--from <date>", description: "start of the window; today when absent", parse: when("--from") },
  {
    flags: "--to <date>",
    description: "end of the window; 366 days after its start when absent",
    parse: when("--to"),
  },
  { flags: "--whole", description: "take the window from the first and last event of the file" },
  {
    flags: "--date-order <order>",
    description: "meaning of dates such as 1/9/2026 in CSV: dmy or mdy",
    parse: oneOf("--date-order", ["dmy", "mdy"]),
  },
  {
    flags: "--encoding <name>",
    description: "encoding of the file when it is not UTF-8 or UTF-16, for example windows-1252",
    parse: encoding,
  },
];

/**
 * Reads the timetable.
 *
 * @param options - as parsed
 * @param context - the command's surroundings
 * @returns the timetable, complete
 * @throws NightlatchError `CLI_FILE_UNREADABLE`, `SYNC_SOURCE_…`
 */
export async function loadTimetable(options: TimetableOptions, context: Context): Promise<Timetable> {
  if (options.whole === true && (options.from !== undefined || options.to !== undefined))
    throw cliError("CLI_USAGE", "--whole excludes --from and --to", {
      hint: "Give either the window, or --whole to take it from the file",
    });
  const from = options.from === undefined ? undefined : instantOf(options.from, options.zone);
  const to = options.to === undefined ? undefined : instantOf(options.to, options.zone);
  if (to !== undefined) requireWindow(from ?? context.now(), to);
  const bytes = await readInput(options.timetable, context);
  return readTimetable(
    { bytes, sourceName: options.timetable === "-" ? "standard input" : basename(options.timetable) },
    {
      ianaZone: options.zone,
      mailbox: options.mailbox,
      mailboxDomains: options.domain,
      sourceTag: options.source,
      from,
      to,
      encoding: options.encoding,
      isWholeSource: options.whole === true,
      dateOrder: options.dateOrder,
      now: context.now,
    },
  );
}
