import type { CalendarEvent } from "@nightlatch/calendar";
import { type CommandInput, type CommandResult, defineCommand } from "../../command.ts";
import { type ConnectionOptions, connect, connectionOptions, graphCalendar } from "../../connection.ts";
import { instant } from "../../parse.ts";
import { table } from "../../table.ts";

interface Options extends ConnectionOptions {
  readonly mailbox: string;
  readonly from?: Date;
  readonly to?: Date;
  readonly calendar?: string;
}

const weekMs = 7 * 24 * 3_600_000;

export const calendarEvents = defineCommand<Options>({
  path: ["calendar", "events"],
  summary: "List the events of a mailbox in a window, series expanded",
  options: [
    { flags: "--mailbox <address>", description: "address, user principal name or id of the mailbox" },
    { flags: "--from <date>", description: "start of the window; now when absent", parse: instant("--from") },
    {
      flags: "--to <date>",
      description: "end of the window; a week after its start when absent",
      parse: instant("--to"),
    },
    { flags: "--calendar <id>", description: "calendar of the mailbox; the default one when absent" },
    ...connectionOptions,
  ],
  required: ["mailbox"],
  examples: [
    {
      line: "nightlatch calendar events --mailbox room-12@school.example --from 2026-09-07 --to 2026-09-12",
      says: "one week of a room",
    },
  ],
  run: listEvents,
});

async function listEvents({ context, options }: CommandInput<Options>): Promise<CommandResult> {
  const from = options.from ?? context.now();
  const to = options.to ?? new Date(from.getTime() + weekMs);
  const connection = await connect(options, context);
  try {
    const events: CalendarEvent[] = [];
    const window = { from, to, calendarId: options.calendar, signal: context.signal };
    for await (const event of graphCalendar(connection).listEvents(options.mailbox, window))
      events.push(event);
    return {
      data: { mailbox: options.mailbox, from: from.toISOString(), to: to.toISOString(), events },
      text:
        events.length === 0
          ? `No events from ${from.toISOString()} to ${to.toISOString()}`
          : table(["START", "END", "ZONE", "SUBJECT", "LOCATION"], events.map(rowOf)),
    };
  } finally {
    connection.transport.close();
  }
}

function rowOf(event: CalendarEvent): string[] {
  const clock = (dateTime: string): string => dateTime.slice(0, 16).replace("T", " ");
  return event.isAllDay
    ? [event.start.dateTime.slice(0, 10), "all day", event.start.ianaZone, event.subject, event.location]
    : [
        clock(event.start.dateTime),
        clock(event.end.dateTime),
        event.start.ianaZone,
        event.subject,
        event.location,
      ];
}
