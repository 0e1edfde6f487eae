import { type CommandInput, type CommandResult, defineCommand } from "../../command.ts";
import { type ConnectionOptions, connect, connectionOptions, graphCalendar } from "../../connection.ts";
import { table } from "../../table.ts";

interface Options extends ConnectionOptions {
  readonly mailbox: string;
}

export const calendarList = defineCommand<Options>({
  path: ["calendar", "list"],
  summary: "List the calendars of a mailbox",
  options: [
    { flags: "--mailbox <address>", description: "address, user principal name or id of the mailbox" },
    ...connectionOptions,
  ],
  required: ["mailbox"],
  examples: [
    { line: "nightlatch calendar list --mailbox room-12@school.example", says: "with AZURE_… variables set" },
  ],
  run: listCalendars,
});

async function listCalendars({ context, options }: CommandInput<Options>): Promise<CommandResult> {
  const connection = await connect(options, context);
  try {
    const calendars = await graphCalendar(connection).listCalendars(options.mailbox, {
      signal: context.signal,
    });
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
  } finally {
    connection.transport.close();
  }
}
