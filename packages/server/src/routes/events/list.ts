/** `GET /v1/mailboxes/{mailbox}/events` */
import { createRoute, z } from "@hono/zod-openapi";
import { SOURCE_PROPERTY, showEvent } from "../../event-resource.ts";
import { type PageQuery, readEventPage } from "../../list-page.ts";
import { formatPageToken, parsePageToken } from "../../page-token.ts";
import { problem } from "../../problem.ts";
import { eventPageSchema } from "../../schemas/event-schema.ts";
import { calendarParam, fromParam, mailboxParams, toParam, zoneParam } from "../../schemas/parameters.ts";
import { COMMON_PROBLEMS } from "../../schemas/problem-schema.ts";
import type { NightlatchApp, Services } from "../../services.ts";
import { checkWindow, parseInstantOrDate, readWindow } from "../../window.ts";

const MAX_LIMIT = 1000;

const querySchema = z.strictObject({
  from: fromParam.optional(),
  to: toParam.optional(),
  zone: zoneParam.optional(),
  calendar: calendarParam.optional(),
  limit: z
    .string()
    .regex(/^\d{1,4}$/, `Not an integer from 1 to ${MAX_LIMIT}`)
    .transform(Number)
    .pipe(z.number().int().min(1).max(MAX_LIMIT))
    .default(100)
    .openapi({
      param: { in: "query" },
      type: "integer",
      minimum: 1,
      maximum: MAX_LIMIT,
      default: 100,
      description: "Most events on one page",
    }),
  page_token: z
    .string()
    .max(4096)
    .optional()
    .openapi({
      param: { in: "query" },
      description: "nextPageToken of the page before; from, to and calendar may be left out then",
    }),
  body: z
    .enum(["none", "text", "html"])
    .default("none")
    .openapi({ param: { in: "query" }, description: "Form in which the text of the events is given" }),
});

type ListQuery = z.infer<typeof querySchema>;

/** Adds the route. */
export function addListEvents(app: NightlatchApp, services: Services): void {
  const route = createRoute({
    method: "get",
    path: "/v1/mailboxes/{mailbox}/events",
    operationId: "listEvents",
    tags: ["Events"],
    summary: "List the events of a window",
    description:
      "Every event that touches the half-open window [from, to), series expanded into their occurrences, ordered by start. Each time is given as the local time with its zone and as an instant in UTC.",
    security: [{ entra: [] }],
    middleware: [services.authentication.reader] as const,
    request: { params: mailboxParams, query: querySchema },
    responses: {
      200: {
        description: "One page of events",
        headers: z.object({
          Link: z
            .string()
            .optional()
            .openapi({ description: "Address of the next page, rel=next (RFC 8288)" }),
        }),
        content: { "application/json": { schema: eventPageSchema } },
      },
      ...COMMON_PROBLEMS,
    },
  });
  app.openapi(route, async (context) => {
    const { mailbox } = context.req.valid("param");
    const query = context.req.valid("query");
    const pageQuery = readQuery(query, mailbox, services.ianaZone, context.req.raw.signal);
    const page = await readEventPage(services.calendar, mailbox, pageQuery);
    const items = page.events.map(({ event }) =>
      showEvent(event, context.get("caller"), services.privateEvents),
    );
    const last = page.events.at(-1);
    if (!page.hasMore || last === undefined) return context.json({ items }, 200);
    const nextPageToken = formatPageToken({
      mailbox,
      fromMs: pageQuery.from.getTime(),
      toMs: pageQuery.to.getTime(),
      calendarId: pageQuery.calendarId,
      afterMs: last.startMs,
      afterId: last.event.id,
    });
    const next = new URLSearchParams({
      limit: String(query.limit),
      body: query.body,
      page_token: nextPageToken,
    });
    context.header("Link", `<?${next}>; rel="next"`);
    return context.json({ items, nextPageToken }, 200);
  });
}

function readQuery(query: ListQuery, mailbox: string, ianaZone: string, signal: AbortSignal): PageQuery {
  const rest = {
    properties: [SOURCE_PROPERTY],
    bodyContentType: query.body === "none" ? undefined : query.body,
    limit: query.limit,
    signal,
  };
  if (query.page_token === undefined)
    return { ...readWindow(query, ianaZone), calendarId: query.calendar, ...rest };
  const position = parsePageToken(query.page_token, mailbox);
  const window = checkWindow({ from: new Date(position.fromMs), to: new Date(position.toMs) });
  const isOther =
    (query.from !== undefined &&
      parseInstantOrDate(query.from, query.zone ?? ianaZone)?.getTime() !== position.fromMs) ||
    (query.to !== undefined &&
      parseInstantOrDate(query.to, query.zone ?? ianaZone)?.getTime() !== position.toMs) ||
    (query.calendar !== undefined && query.calendar !== position.calendarId);
  if (isOther)
    throw problem(
      "SERVER_PAGE_TOKEN_INVALID",
      "The page token belongs to another list than from, to and calendar say",
      {
        hint: "Leave from, to and calendar out beside page_token, or repeat them unchanged",
      },
    );
  return {
    ...window,
    calendarId: position.calendarId,
    after: { startMs: position.afterMs, id: position.afterId },
    ...rest,
  };
}
