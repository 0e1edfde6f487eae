/** `GET /healthz` */
import { createRoute, z } from "@hono/zod-openapi";
import type { NightlatchApp } from "../../services.ts";

/** Adds the route. Says that the process answers; it does not ask the calendar service. */
export function addHealthz(app: NightlatchApp): void {
  const route = createRoute({
    method: "get",
    path: "/healthz",
    operationId: "getHealth",
    tags: ["About this API"],
    summary: "Tell whether this API is up",
    security: [],
    responses: {
      200: {
        description: "The process answers",
        content: { "application/json": { schema: z.object({ status: z.literal("ok") }).openapi("Health") } },
      },
    },
  });
  app.openapi(route, (context) => context.json({ status: "ok" as const }, 200));
}
