/** `POST …/events`, `PATCH` and `DELETE …/events/{eventId}` */
import { createRoute, z } from "@hono/zod-openapi";
import { formatEventTag } from "../../etag.ts";
import { readChanges, readDraft, SOURCE_PROPERTY, showEvent } from "../../event-resource.ts";
import type { EventWriter } from "../../event-writer.ts";
import { eventChangesSchema, eventDraftSchema, eventSchema } from "../../schemas/event-schema.ts";
import { calendarParam, eventParams, ifMatchHeader, mailboxParams } from "../../schemas/parameters.ts";
import { COMMON_PROBLEMS, WRITE_PROBLEMS } from "../../schemas/problem-schema.ts";
import type { NightlatchApp, Services } from "../../services.ts";
import { etagHeader } from "./get.ts";

const eventContent = { "application/json": { schema: eventSchema } };

/** Adds the routes. */
export function addWriteEvents(app: NightlatchApp, services: Services, writer: EventWriter): void {
  addCreate(app, services);
  addUpdate(app, services, writer);
  addDelete(app, services, writer);
}

function addCreate(app: NightlatchApp, { calendar, authentication, privateEvents }: Services): void {
  const route = createRoute({
    method: "post",
    path: "/v1/mailboxes/{mailbox}/events",
    operationId: "createEvent",
    tags: ["Events"],
    summary: "Create an event",
    description:
      "Sent twice it makes two events; to write an event that can be sent again, name it and use PUT …/sources/{sourceId}.",
    security: [{ entra: [] }],
    middleware: [authentication.writer] as const,
    request: {
      params: mailboxParams,
      query: z.strictObject({ calendar: calendarParam.optional() }),
      body: { required: true, content: { "application/json": { schema: eventDraftSchema } } },
    },
    responses: {
      201: {
        description: "The event as it was created",
        headers: etagHeader.extend({ Location: z.string().openapi({ description: "Address of the event" }) }),
        content: eventContent,
      },
      ...COMMON_PROBLEMS,
      ...WRITE_PROBLEMS,
    },
  });
  app.openapi(route, async (context) => {
    const { mailbox } = context.req.valid("param");
    const event = await calendar.createEvent(mailbox, readDraft(context.req.valid("json")), {
      calendarId: context.req.valid("query").calendar,
      signal: context.req.raw.signal,
    });
    context.header("ETag", formatEventTag(event.changeKey));
    context.header("Location", `${new URL(context.req.url).pathname}/${encodeURIComponent(event.id)}`);
    return context.json(showEvent(event, context.get("caller"), privateEvents), 201);
  });
}

function addUpdate(app: NightlatchApp, services: Services, writer: EventWriter): void {
  const { calendar, authentication, privateEvents } = services;
  const route = createRoute({
    method: "patch",
    path: "/v1/mailboxes/{mailbox}/events/{eventId}",
    operationId: "updateEvent",
    tags: ["Events"],
    summary: "Change an event",
    description: "Changes the members that the body names and leaves the others.",
    security: [{ entra: [] }],
    middleware: [authentication.writer] as const,
    request: {
      params: eventParams,
      headers: ifMatchHeader,
      body: { required: true, content: { "application/json": { schema: eventChangesSchema } } },
    },
    responses: {
      200: { description: "The event as it is now", headers: etagHeader, content: eventContent },
      ...COMMON_PROBLEMS,
      ...WRITE_PROBLEMS,
    },
  });
  app.openapi(route, async (context) => {
    const { mailbox, eventId } = context.req.valid("param");
    const { signal } = context.req.raw;
    const changes = readChanges(context.req.valid("json"));
    const changeKey = await writer.wantedChangeKey(mailbox, eventId, context.req.header("if-match"), signal);
    await calendar.updateEvent(mailbox, eventId, changes, { changeKey, signal });
    const event = await calendar.getEvent(mailbox, eventId, { properties: [SOURCE_PROPERTY], signal });
    context.header("ETag", formatEventTag(event.changeKey));
    return context.json(showEvent(event, context.get("caller"), privateEvents), 200);
  });
}

function addDelete(app: NightlatchApp, { calendar, authentication }: Services, writer: EventWriter): void {
  const route = createRoute({
    method: "delete",
    path: "/v1/mailboxes/{mailbox}/events/{eventId}",
    operationId: "deleteEvent",
    tags: ["Events"],
    summary: "Delete an event",
    description: "Deleting a series deletes all its occurrences; deleting an occurrence leaves the others.",
    security: [{ entra: [] }],
    middleware: [authentication.writer] as const,
    request: { params: eventParams, headers: ifMatchHeader },
    responses: {
      204: { description: "The event is gone" },
      ...COMMON_PROBLEMS,
      409: WRITE_PROBLEMS[409],
      412: WRITE_PROBLEMS[412],
    },
  });
  app.openapi(route, async (context) => {
    const { mailbox, eventId } = context.req.valid("param");
    const { signal } = context.req.raw;
    const changeKey = await writer.wantedChangeKey(mailbox, eventId, context.req.header("if-match"), signal);
    await calendar.deleteEvent(mailbox, eventId, { changeKey, signal });
    return context.body(null, 204);
  });
}
