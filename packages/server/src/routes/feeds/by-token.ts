/** `GET /v1/mailboxes/{mailbox}/calendar.ics` */
import { createRoute, z } from "@hono/zod-openapi";
import {
  calendarParam,
  fromParam,
  ifNoneMatchHeader,
  mailboxParams,
  toParam,
  zoneParam,
} from "../../schemas/parameters.ts";
import { COMMON_PROBLEMS } from "../../schemas/problem-schema.ts";
import type { NightlatchApp, Services } from "../../services.ts";
import { defaultFeedWindow, readWindow } from "../../window.ts";
import { answerFeed } from "./calendar-feed.ts";

/** Answers of a feed that went well. */
export const FEED_RESPONSES = {
  200: {
    description: "iCalendar text (RFC 5545) with every zone defined, one event per occurrence",
    headers: z.object({
      ETag: z.string().openapi({ description: "Strong; the same events give the same tag all day" }),
    }),
    content: { "text/calendar": { schema: z.string().openapi({ example: "BEGIN:VCALENDAR\r\n…" }) } },
  },
  304: { description: "The caller has this version already" },
} as const;

/** Adds the route. */
export function addCalendarFile(app: NightlatchApp, services: Services): void {
  const route = createRoute({
    method: "get",
    path: "/v1/mailboxes/{mailbox}/calendar.ics",
    operationId: "getCalendarFile",
    tags: ["Feeds"],
    summary: "Get a calendar as an iCalendar file",
    description: "Without from and to: from 30 days ago to 365 days ahead.",
    security: [{ entra: [] }],
    middleware: [services.authentication.reader] as const,
    request: {
      params: mailboxParams,
      headers: ifNoneMatchHeader,
      query: z.strictObject({
        from: fromParam.optional(),
        to: toParam.optional(),
        zone: zoneParam.optional(),
        calendar: calendarParam.optional(),
      }),
    },
    responses: { ...FEED_RESPONSES, ...COMMON_PROBLEMS },
  });
  app.openapi(route, (context) => {
    const query = context.req.valid("query");
    const caller = context.get("caller");
    return answerFeed(
      {
        mailbox: context.req.valid("param").mailbox,
        window: readWindow(query, services.ianaZone, defaultFeedWindow(services.now())),
        calendarId: query.calendar,
        maskPrivate: services.privateEvents === "mask" && !caller.canWrite,
      },
      context,
      services,
    );
  });
}
