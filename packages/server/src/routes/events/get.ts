/** `GET /v1/mailboxes/{mailbox}/events/{eventId}` and the same by source id */
import { createRoute, z } from "@hono/zod-openapi";
import type { CalendarEvent } from "@nightlatch/calendar";
import type { Context } from "hono";
import type { AppEnv } from "../../app-env.ts";
import { formatEventTag, isNotModified } from "../../etag.ts";
import { formatSource, SOURCE_PROPERTY, showEvent } from "../../event-resource.ts";
import { problem } from "../../problem.ts";
import { eventSchema } from "../../schemas/event-schema.ts";
import { eventParams, ifNoneMatchHeader, sourceParams } from "../../schemas/parameters.ts";
import { COMMON_PROBLEMS } from "../../schemas/problem-schema.ts";
import type { NightlatchApp, Services } from "../../services.ts";

/** ETag header in the description. */
export const etagHeader = z.object({ ETag: z.string().openapi({ description: "Version of the event" }) });

const bodyQuery = z.strictObject({
  body: z
    .enum(["text", "html"])
    .default("html")
    .openapi({ param: { in: "query" }, description: "Form in which the text of the event is given" }),
});

const responses = {
  200: {
    description: "The event",
    headers: etagHeader,
    content: { "application/json": { schema: eventSchema } },
  },
  304: { description: "The caller has this version already" },
  ...COMMON_PROBLEMS,
} as const;

/** Adds both routes. */
export function addGetEvent(app: NightlatchApp, services: Services): void {
  const { calendar, authentication } = services;
  const byId = createRoute({
    method: "get",
    path: "/v1/mailboxes/{mailbox}/events/{eventId}",
    operationId: "getEvent",
    tags: ["Events"],
    summary: "Get one event",
    description: "A single event, a series, or one occurrence of a series.",
    security: [{ entra: [] }],
    middleware: [authentication.reader] as const,
    request: { params: eventParams, query: bodyQuery, headers: ifNoneMatchHeader },
    responses,
  });
  app.openapi(byId, async (context) => {
    const { mailbox, eventId } = context.req.valid("param");
    const event = await calendar.getEvent(mailbox, eventId, {
      properties: [SOURCE_PROPERTY],
      bodyContentType: context.req.valid("query").body,
      signal: context.req.raw.signal,
    });
    return answer(event, context, services);
  });
  const bySource = createRoute({
    method: "get",
    path: "/v1/mailboxes/{mailbox}/sources/{sourceId}",
    operationId: "getEventBySource",
    tags: ["Events by your own id"],
    summary: "Get the event that your application named",
    security: [{ entra: [] }],
    middleware: [authentication.reader] as const,
    request: { params: sourceParams, query: bodyQuery, headers: ifNoneMatchHeader },
    responses,
  });
  app.openapi(bySource, async (context) => {
    const { mailbox, sourceId } = context.req.valid("param");
    const [found] = await calendar.findEvents(mailbox, {
      name: SOURCE_PROPERTY,
      value: formatSource(context.get("caller"), sourceId),
      signal: context.req.raw.signal,
    });
    if (found === undefined) throw unknownSource(sourceId, mailbox);
    const event = await calendar.getEvent(mailbox, found.id, {
      properties: [SOURCE_PROPERTY],
      bodyContentType: context.req.valid("query").body,
      signal: context.req.raw.signal,
    });
    return answer(event, context, services);
  });
}

/** Says that the caller has no such event. */
export function unknownSource(sourceId: string, mailbox: string): Error {
  return problem("SERVER_SOURCE_ID_UNKNOWN", `The caller has no event "${sourceId}" in mailbox "${mailbox}"`);
}

function answer(event: CalendarEvent, context: Context<AppEnv>, services: Services) {
  const tag = formatEventTag(event.changeKey);
  context.header("ETag", tag);
  context.header("Cache-Control", "private, no-cache");
  if (isNotModified(context.req.header("if-none-match"), tag)) return context.body(null, 304);
  return context.json(showEvent(event, context.get("caller"), services.privateEvents), 200);
}
