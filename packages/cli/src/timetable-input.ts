/** The timetable that sync commands read: options, file, window. */
import { basename } from "node:path";
import { readTimetable, type Timetable } from "@nightlatch/sync";
import type { Context, OptionSpec } from "./command.ts";
import { readInput } from "./files.ts";
import { collect, instant, oneOf } from "./parse.ts";

/** Options of every command that reads a timetable. */
export interface TimetableOptions {
  readonly timetable: string;
  readonly zone?: string;
  readonly mailbox?: string;
  readonly domain?: readonly string[];
  readonly source: string;
  readonly from?: Date;
  readonly to?: Date;
  readonly whole?: boolean;
  readonly dateOrder?: "dmy" | "mdy";
}

export const timetableOptions: readonly OptionSpec[] = [
  { flags: "--timetable <file>", description: "ICS or CSV file, - for standard input" },
  { flags: "--zone <name>", description: "zone of times that carry none, for example Europe/London" },
  { flags: "--mailbox <address>", description: "mailbox of the whole file, when the file does not say" },
  {
    flags: "--domain <name>",
    description: "only ICS attendees of this domain are mailboxes of ours; repeat it",
    parse: collect,
  },
  {
    flags: "--source <tag>",
    description: "name under which this timetable owns its events; two timetables need two",
    defaultValue: "timetable",
  },
  { flags: "--from <date>", description: "start of the window; today when absent", parse: instant("--from") },
  {
    flags: "--to <date>",
    description: "end of the window; 366 days after its start when absent",
    parse: instant("--to"),
  },
  { flags: "--whole", description: "take the window from the first and last event of the file" },
  {
    flags: "--date-order <order>",
    description: "meaning of dates such as 1/9/2026 in CSV: dmy or mdy",
    parse: oneOf("--date-order", ["dmy", "mdy"]),
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
  const bytes = await readInput(options.timetable, context);
  return readTimetable(
    { bytes, sourceName: options.timetable === "-" ? "standard input" : basename(options.timetable) },
    {
      ianaZone: options.zone,
      mailbox: options.mailbox,
      mailboxDomains: options.domain,
      sourceTag: options.source,
      from: options.from,
      to: options.to,
      isWholeSource: options.whole === true,
      dateOrder: options.dateOrder,
      now: context.now,
    },
  );
}
