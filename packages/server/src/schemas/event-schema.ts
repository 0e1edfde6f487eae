/** Events and calendars in the OpenAPI description. */
import { z } from "@hono/zod-openapi";

const localDateTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/, "Not a local time YYYY-MM-DDTHH:MM:SS without offset")
  .openapi({ description: "Local date and time, no offset", example: "2026-09-07T09:00:00" });

const ianaZone = z
  .string()
  .min(1)
  .max(64)
  .openapi({ description: "IANA zone of the local time", example: "Europe/London" });

const zonedTimeSchema = z
  .strictObject({
    dateTime: localDateTime,
    ianaZone,
    instant: z.string().optional().openapi({ description: "Ignored; the local time counts" }),
  })
  .openapi("LocalTime");

const eventTimeSchema = z
  .object({
    dateTime: localDateTime,
    ianaZone,
    instant: z.iso
      .datetime()
      .openapi({ description: "The same moment in UTC", example: "2026-09-07T08:00:00Z" }),
  })
  .openapi("EventTime");

const attendeeSchema = z
  .strictObject({
    mailboxAddress: z.string().min(1).max(320).openapi({ example: "year7@school.example" }),
    displayName: z.string().max(256).optional(),
    type: z.enum(["required", "optional", "resource"]),
  })
  .openapi("Attendee");

const bodySchema = z
  .strictObject({ contentType: z.enum(["text", "html"]), content: z.string().max(32_000) })
  .openapi("EventBody");

const showAs = z.enum(["free", "tentative", "busy", "oof", "workingElsewhere", "unknown"]);
const sensitivity = z.enum(["normal", "personal", "private", "confidential"]);
const dayOfWeek = z.enum(["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]);
const localDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "Not a date YYYY-MM-DD");
const range = { startsOn: localDate, ianaZone };

const recurrenceSchema = z
  .strictObject({
    pattern: z.strictObject({
      type: z.enum([
        "daily",
        "weekly",
        "absoluteMonthly",
        "relativeMonthly",
        "absoluteYearly",
        "relativeYearly",
      ]),
      interval: z.number().int().min(1).max(999),
      daysOfWeek: z.array(dayOfWeek).max(7).optional(),
      firstDayOfWeek: dayOfWeek.optional(),
      dayOfMonth: z.number().int().min(1).max(31).optional(),
      month: z.number().int().min(1).max(12).optional(),
      index: z.enum(["first", "second", "third", "fourth", "last"]).optional(),
    }),
    range: z.discriminatedUnion("type", [
      z.strictObject({ type: z.literal("noEnd"), ...range }),
      z.strictObject({ type: z.literal("endDate"), ...range, endsOn: localDate }),
      z.strictObject({
        type: z.literal("numbered"),
        ...range,
        occurrenceCount: z.number().int().min(1).max(999),
      }),
    ]),
  })
  .openapi("Recurrence");

/** An event as it is given out. */
export const eventSchema = z
  .object({
    id: z.string(),
    etag: z.string().openapi({
      description: "Version of the event, with its quotes, for If-Match",
      example: '"DwAAABYAAAC1"',
    }),
    sourceId: z
      .string()
      .optional()
      .openapi({ description: "Your own name for the event, when your application gave it one" }),
    iCalUId: z.string(),
    type: z.enum(["singleInstance", "seriesMaster", "occurrence", "exception"]),
    seriesMasterId: z.string().optional(),
    subject: z.string(),
    start: eventTimeSchema,
    end: eventTimeSchema,
    isAllDay: z.boolean(),
    isCancelled: z.boolean(),
    location: z.string(),
    body: bodySchema.optional(),
    categories: z.array(z.string()),
    showAs,
    sensitivity,
    isReminderOn: z.boolean().optional(),
    reminderMinutesBeforeStart: z.number().int().optional(),
    attendees: z.array(attendeeSchema),
    recurrence: recurrenceSchema.optional(),
    createdAt: z.iso.datetime().optional(),
    lastModifiedAt: z.iso.datetime().optional(),
  })
  .openapi("Event");

const draftMembers = {
  subject: z.string().max(255).openapi({ example: "Physics, Year 9" }),
  start: zonedTimeSchema,
  end: zonedTimeSchema,
  isAllDay: z.boolean().optional(),
  location: z.string().max(512).optional().openapi({ example: "Room 12" }),
  body: bodySchema.optional(),
  categories: z.array(z.string().min(1).max(255)).max(25).optional(),
  showAs: showAs.optional(),
  sensitivity: sensitivity.optional(),
  isReminderOn: z.boolean().optional(),
  reminderMinutesBeforeStart: z.number().int().min(0).max(40_320).optional(),
  attendees: z
    .array(attendeeSchema)
    .max(500)
    .optional()
    .openapi({ description: "Attendees are invited by mail. Leave it out for a timetable" }),
  recurrence: recurrenceSchema.optional(),
};

/** An event as a caller writes it. */
export const eventDraftSchema = z.strictObject(draftMembers).openapi("EventDraft", {
  example: {
    subject: "Physics, Year 9",
    location: "Room 12",
    start: { dateTime: "2026-09-07T09:00:00", ianaZone: "Europe/London" },
    end: { dateTime: "2026-09-07T09:50:00", ianaZone: "Europe/London" },
  },
});

/** What a caller changes about an event. */
export const eventChangesSchema = z
  .strictObject(draftMembers)
  .partial()
  .refine((changes) => Object.keys(changes).length > 0, "Names nothing to change")
  .openapi("EventChanges");

/** One page of events. */
export const eventPageSchema = z
  .object({
    items: z.array(eventSchema),
    nextPageToken: z
      .string()
      .optional()
      .openapi({ description: "Pass it as page_token to read on; absent on the last page" }),
  })
  .openapi("EventPage");

/** The calendars of a mailbox. */
export const calendarListSchema = z
  .object({
    items: z.array(
      z
        .object({ id: z.string(), name: z.string(), isDefaultCalendar: z.boolean(), canEdit: z.boolean() })
        .openapi("Calendar"),
    ),
  })
  .openapi("CalendarList");
