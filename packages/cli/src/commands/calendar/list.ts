import { openCalendar, type WingOptions, wingOptions } from "../../calendar-wing.ts";
import { type CommandInput, type CommandResult, defineCommand } from "../../command.ts";
import { connectionOptions, withConnection } from "../../connection.ts";
import { mailbox } from "../../parse.ts";
import { table } from "../../table.ts";

interface Options extends WingOptions {
  readonly mailbox: string;
}

export const calendarList = defineCommand<Options>({
  path: ["calendar", "list"],
  summary: "List the calendars of a mailbox",
  options: [
    {
      flags: "--mailbox <address>",
      description: "address, user principal name or id of the mailbox",
      parse: mailbox("--mailbox"),
    },
    ...wingOptions,
    ...connectionOptions,
  ],
  required: ["mailbox"],
  examples: [
    {
      line: "nightlatch calendar list --settings timetable.env --mailbox room-12@school.example",
      says: "who signs in where stands in a file that app register wrote",
    },
    {
      line: "nightlatch calendar list --mailbox room-12@school.example --json",
      says: "with AZURE_… variables set, as JSON",
    },
  ],
  run: listCalendars,
});

async function listCalendars({ context, options }: CommandInput<Options>): Promise<CommandResult> {
  return withConnection(options, context, async (connection) => {
    const calendar = await openCalendar(connection, options, context);
    const calendars = await calendar.listCalendars(options.mailbox, { signal: context.signal });
    return {
      data: { mailbox: options.mailbox, calendars },
      text: table(
        ["CALENDAR", "DEFAULT", "WRITABLE", "ID"],
        calendars.map((entry) => [
          entry.name,
          entry.isDefaultCalendar ? "yes" : "",
          entry.canEdit ? "yes" : "no",
          entry.id,
        ]),
      ),
    };
  });
}
