/** `GET /v1/mailboxes/{mailbox}/calendars` */
import { createRoute } from "@hono/zod-openapi";
import { calendarListSchema } from "../../schemas/event-schema.ts";
import { mailboxParams } from "../../schemas/parameters.ts";
import { COMMON_PROBLEMS } from "../../schemas/problem-schema.ts";
import type { NightlatchApp, Services } from "../../services.ts";

/** Adds the route. */
export function addListCalendars(app: NightlatchApp, { calendar, authentication }: Services): void {
  const route = createRoute({
    method: "get",
    path: "/v1/mailboxes/{mailbox}/calendars",
    operationId: "listCalendars",
    tags: ["Calendars"],
    summary: "List the calendars of a mailbox",
    description: "The default calendar comes first.",
    security: [{ entra: [] }],
    middleware: [authentication.reader] as const,
    request: { params: mailboxParams },
    responses: {
      200: {
        description: "Every calendar of the mailbox",
        content: { "application/json": { schema: calendarListSchema } },
      },
      ...COMMON_PROBLEMS,
    },
  });
  app.openapi(route, async (context) => {
    const { mailbox } = context.req.valid("param");
    const calendars = await calendar.listCalendars(mailbox, { signal: context.req.raw.signal });
    const items = calendars.map(({ id, name, isDefaultCalendar, canEdit }) => ({
      id,
      name,
      isDefaultCalendar,
      canEdit,
    }));
    return context.json({ items }, 200);
  });
}
