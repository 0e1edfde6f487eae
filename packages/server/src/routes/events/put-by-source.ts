/** `PUT` and `DELETE /v1/mailboxes/{mailbox}/sources/{sourceId}` */
import { createRoute, z } from "@hono/zod-openapi";
import { formatEventTag } from "../../etag.ts";
import { formatSource, readDraft, showEvent } from "../../event-resource.ts";
import type { EventWriter } from "../../event-writer.ts";
import { eventDraftSchema, eventSchema } from "../../schemas/event-schema.ts";
import { ifMatchHeader, sourceParams } from "../../schemas/parameters.ts";
import { COMMON_PROBLEMS, WRITE_PROBLEMS } from "../../schemas/problem-schema.ts";
import type { NightlatchApp, Services } from "../../services.ts";
import { etagHeader, unknownSource } from "./get.ts";

const content = { "application/json": { schema: eventSchema } };

/** Adds both routes. */
export function addPutBySource(app: NightlatchApp, services: Services, writer: EventWriter): void {
  addPut(app, services, writer);
  addDelete(app, services, writer);
}

function addPut(app: NightlatchApp, { authentication, privateEvents }: Services, writer: EventWriter): void {
  const route = createRoute({
    method: "put",
    path: "/v1/mailboxes/{mailbox}/sources/{sourceId}",
    operationId: "putEventBySource",
    tags: ["Events by your own id"],
    summary: "Create or replace the event that your application named",
    description:
      "Can be sent again and again: the first time it creates the event, afterwards it replaces it. Each application has its own names.",
    security: [{ entra: [] }],
    middleware: [authentication.writer] as const,
    request: {
      params: sourceParams,
      headers: ifMatchHeader.extend({
        "If-None-Match": z
          .string()
          .optional()
          .openapi({
            param: { in: "header" },
            description: "`*` refuses with 412 when the event exists already",
            example: "*",
          }),
      }),
      body: { required: true, content: { "application/json": { schema: eventDraftSchema } } },
    },
    responses: {
      200: { description: "The event was replaced", headers: etagHeader, content },
      201: { description: "The event was created", headers: etagHeader, content },
      ...COMMON_PROBLEMS,
      ...WRITE_PROBLEMS,
    },
  });
  app.openapi(route, async (context) => {
    const { mailbox, sourceId } = context.req.valid("param");
    const caller = context.get("caller");
    const target = {
      mailbox,
      source: formatSource(caller, sourceId),
      ifMatch: context.req.header("if-match"),
      ifNoneMatch: context.req.header("if-none-match"),
      signal: context.req.raw.signal,
    };
    const { event, isCreated } = await writer.putBySource(target, readDraft(context.req.valid("json")));
    context.header("ETag", formatEventTag(event.changeKey));
    return context.json({ ...showEvent(event, caller, privateEvents), sourceId }, isCreated ? 201 : 200);
  });
}

function addDelete(app: NightlatchApp, { authentication }: Services, writer: EventWriter): void {
  const route = createRoute({
    method: "delete",
    path: "/v1/mailboxes/{mailbox}/sources/{sourceId}",
    operationId: "deleteEventBySource",
    tags: ["Events by your own id"],
    summary: "Delete the event that your application named",
    security: [{ entra: [] }],
    middleware: [authentication.writer] as const,
    request: { params: sourceParams, headers: ifMatchHeader },
    responses: { 204: { description: "The event is gone" }, ...COMMON_PROBLEMS, 412: WRITE_PROBLEMS[412] },
  });
  app.openapi(route, async (context) => {
    const { mailbox, sourceId } = context.req.valid("param");
    const isDeleted = await writer.deleteBySource({
      mailbox,
      source: formatSource(context.get("caller"), sourceId),
      ifMatch: context.req.header("if-match"),
      signal: context.req.raw.signal,
    });
    if (!isDeleted) throw unknownSource(sourceId, mailbox);
    return context.body(null, 204);
  });
}
