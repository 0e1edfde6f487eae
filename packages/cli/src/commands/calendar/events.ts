import { type CalendarEvent, toInstant, toZoned, type ZonedDateTime } from "@nightlatch/calendar";
import { openCalendar, type WingOptions, wingOptions } from "../../calendar-wing.ts";
import { type CommandInput, type CommandResult, defineCommand } from "../../command.ts";
import { connectionOptions, withConnection } from "../../connection.ts";
import { daysText, sharedZone } from "../../days-text.ts";
import { instantOf, mailbox, requireWindow, type When, when, zone } from "../../parse.ts";

interface Options extends WingOptions {
  readonly mailbox: string;
  readonly from?: When;
  readonly to?: When;
  readonly zone?: string;
  readonly calendar?: string;
}

const weekMs = 7 * 24 * 3_600_000;

export const calendarEvents = defineCommand<Options>({
  path: ["calendar", "events"],
  summary: "List the events of a mailbox in a window, series expanded",
  options: [
    {
      flags: "--mailbox <address>",
      description: "address, user principal name or id of the mailbox",
      parse: mailbox("--mailbox"),
    },
    { flags: "--from <date>", description: "start of the window; now when absent", parse: when("--from") },
    {
      flags: "--to <date>",
      description: "end of the window, exclusive; a week after its start when absent",
      parse: when("--to"),
    },
    {
      flags: "--zone <name>",
      description:
        "zone in which times are shown and --from and --to begin; else that of each event, and UTC",
      parse: zone("--zone"),
    },
    { flags: "--calendar <id>", description: "calendar of the mailbox; the default one when absent" },
    ...wingOptions,
    ...connectionOptions,
  ],
  required: ["mailbox"],
  examples: [
    {
      line: "nightlatch calendar events --settings timetable.env --mailbox room-12@school.example --from 2026-09-07 --to 2026-09-12",
      says: "one week of a room",
    },
    {
      line: "nightlatch calendar events --settings timetable.env --mailbox room-12@school.example --zone Europe/London --json",
      says: "the next seven days as JSON, times in London",
    },
  ],
  run: listEvents,
});

async function listEvents({ context, options }: CommandInput<Options>): Promise<CommandResult> {
  const { mailbox, calendar: calendarId } = options;
  const from = options.from === undefined ? context.now() : instantOf(options.from, options.zone);
  const to =
    options.to === undefined ? new Date(from.getTime() + weekMs) : instantOf(options.to, options.zone);
  requireWindow(from, to);
  return withConnection(options, context, async (connection) => {
    const calendar = await openCalendar(connection, options, context);
    const events: CalendarEvent[] = [];
    const window = { from, to, calendarId, signal: context.signal };
    for await (const event of calendar.listEvents(mailbox, window))
      events.push(options.zone === undefined ? event : inZone(event, options.zone));
    const nothing = `No events of ${mailbox} from ${from.toISOString()} to ${to.toISOString()}`;
    return {
      data: { mailbox, from: from.toISOString(), to: to.toISOString(), events },
      text: events.length === 0 ? nothing : `${headOf(mailbox, events)}\n\n${daysText(events, context.io)}`,
    };
  });
}

function headOf(mailbox: string, events: readonly CalendarEvent[]): string {
  const shared = sharedZone(events);
  const count = `${events.length} ${events.length === 1 ? "event" : "events"}`;
  return `${mailbox}, ${count}${shared === undefined ? "" : `, times in ${shared}`}`;
}

/** A whole day is the same day everywhere. */
function inZone(event: CalendarEvent, ianaZone: string): CalendarEvent {
  if (event.isAllDay) return event;
  const move = (time: ZonedDateTime): ZonedDateTime => toZoned(toInstant(time), ianaZone);
  return { ...event, start: move(event.start), end: move(event.end) };
}
