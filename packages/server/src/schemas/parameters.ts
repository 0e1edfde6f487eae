/** Parameters that several operations share. */
import { z } from "@hono/zod-openapi";

const NAME = /^[^\p{Cc}/\\]+$/u;

const mailbox = z
  .string()
  .min(1)
  .max(256)
  .regex(NAME, "Not an address or id")
  .openapi({
    param: { in: "path" },
    description: "SMTP address, user principal name or object id of the mailbox",
    example: "room-12@school.example",
  });

const eventId = z
  .string()
  .min(1)
  .max(1024)
  .regex(NAME, "Not an event id; percent-encode it")
  .openapi({
    param: { in: "path" },
    description: "Id of the event, case-sensitive, percent-encoded",
    example: "AAMkAGI1AAAoZCfHAAA=",
  });

const sourceId = z
  .string()
  .min(1)
  .max(200)
  .regex(NAME, "Not a source id")
  .openapi({
    param: { in: "path" },
    description: "Your own name for the event, unique among the events of your application in this mailbox",
    example: "lesson-2026-09-07-p3-room12",
  });

/** Path of a mailbox. */
export const mailboxParams = z.object({ mailbox });

/** Path of an event. */
export const eventParams = z.object({ mailbox, eventId });

/** Path of an event that the caller named. */
export const sourceParams = z.object({ mailbox, sourceId });

const instantOrDate = z.string().min(1).max(64);

/** `from` of a window. */
export const fromParam = instantOrDate.openapi({
  param: { in: "query" },
  description:
    "Start of the window, inclusive: RFC 3339 instant, or a date that means its midnight in `zone`",
  example: "2026-09-07",
});

/** `to` of a window. */
export const toParam = instantOrDate.openapi({
  param: { in: "query" },
  description: "End of the window, exclusive, at most 400 days after `from`: RFC 3339 instant or date",
  example: "2026-09-14T00:00:00+01:00",
});

/** Zone of dates. */
export const zoneParam = z
  .string()
  .min(1)
  .max(64)
  .openapi({
    param: { in: "query" },
    description: "IANA zone in which dates without a time are read",
    example: "Europe/London",
  });

/** Calendar folder. */
export const calendarParam = z
  .string()
  .min(1)
  .max(1024)
  .openapi({
    param: { in: "query" },
    description: "Id of a calendar of the mailbox; the default calendar when absent",
  });

/** Condition of a change. */
export const ifMatchHeader = z.object({
  "If-Match": z
    .string()
    .optional()
    .openapi({
      param: { in: "header" },
      description:
        "ETag of the event as you know it; the change is refused with 412 when the event has changed since",
      example: '"DwAAABYAAAC1"',
    }),
});

/** Condition of a read. */
export const ifNoneMatchHeader = z.object({
  "If-None-Match": z
    .string()
    .optional()
    .openapi({
      param: { in: "header" },
      description: "ETag that you have; the answer is 304 without a body when it still holds",
    }),
});
