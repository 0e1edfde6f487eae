/** `GET /feeds/{mailbox}/{token}.ics`, for calendar programs that cannot send a bearer token */
import { z } from "@hono/zod-openapi";
import { isFeedToken } from "../../feed-url.ts";
import { problem } from "../../problem.ts";
import { ifNoneMatchHeader, mailboxParams } from "../../schemas/parameters.ts";
import { FEED_PROBLEMS } from "../../schemas/problem-schema.ts";
import type { NightlatchApp, Services } from "../../services.ts";
import { defaultFeedWindow } from "../../window.ts";
import { FEED_RESPONSES } from "./by-token.ts";
import { answerFeed } from "./calendar-feed.ts";

/** Adds the route, when the app has a secret for it. */
export function addSecretFeed(app: NightlatchApp, services: Services): void {
  if (services.feedSecrets.length === 0) return;
  // Registered by hand: Hono takes no parameter before ".ics", OpenAPI does.
  app.openAPIRegistry.registerPath({
    method: "get",
    path: "/feeds/{mailbox}/{token}.ics",
    operationId: "getSecretFeed",
    tags: ["Feeds"],
    summary: "Subscribe to a calendar by its secret address",
    description:
      "For Outlook, Apple Calendar, Google Calendar and others that cannot send a token. The operator gives out the address; whoever has it reads this calendar. From 30 days ago to 365 days ahead; private events show their time only.",
    security: [],
    request: {
      params: mailboxParams.extend({
        token: z.string().openapi({
          param: { in: "path" },
          description: "Secret part of the address, 43 characters",
        }),
      }),
      headers: ifNoneMatchHeader,
    },
    responses: { ...FEED_RESPONSES, ...FEED_PROBLEMS },
  });
  app.get("/feeds/:mailbox/:file{[\\w-]+\\.ics}", async (context) => {
    const mailbox = context.req.param("mailbox");
    const token = context.req.param("file").slice(0, -".ics".length);
    const isKnown = isFeedToken(token, mailbox, services.feedSecrets);
    if (!isKnown || !(await services.authentication.mailboxes(mailbox, undefined)))
      throw problem("SERVER_FEED_UNKNOWN", "There is no calendar feed at this address");
    return answerFeed(
      { mailbox, window: defaultFeedWindow(services.now()), maskPrivate: services.privateEvents === "mask" },
      context,
      services,
    );
  });
}
