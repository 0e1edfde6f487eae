/** The REST API as one Hono app: no socket, no global state, everything it needs passed in. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { isKnownZone } from "@nightlatch/calendar";
import type { Context } from "hono";
import { cors } from "hono/cors";
import { findAllowedMethods } from "./allowed-methods.ts";
import type { AppEnv } from "./app-env.ts";
import { createAuthentication } from "./authentication/authenticate.ts";
import { createEventWriter } from "./event-writer.ts";
import { createFeedToken } from "./feed-url.ts";
import { limitBody } from "./limit-body.ts";
import { limitCalendar } from "./limited-calendar.ts";
import type { AppOptions, Logger } from "./options.ts";
import { answerProblem, invalidRequest, problem } from "./problem.ts";
import { frameRequest } from "./request-frame.ts";
import { addListCalendars } from "./routes/calendars/list.ts";
import { addHealthz } from "./routes/documents/healthz.ts";
import { addDocuments } from "./routes/documents/openapi.ts";
import { addGetEvent } from "./routes/events/get.ts";
import { addListEvents } from "./routes/events/list.ts";
import { addPutBySource } from "./routes/events/put-by-source.ts";
import { addWriteEvents } from "./routes/events/write.ts";
import { addSecretFeed } from "./routes/feeds/by-secret.ts";
import { addCalendarFile } from "./routes/feeds/by-token.ts";
import type { NightlatchApp, Services } from "./services.ts";

const MAX_BODY_BYTES = 128 * 1024;

/**
 * Creates the REST API over a calendar.
 *
 * @param options - the calendar, whose tokens are taken, and what else differs between installations
 * @returns Hono app; give it to {@link serve}, mount it in another Hono app, or call its `fetch`
 * @throws {TypeError} when the settings contradict themselves
 * @throws {RangeError} when the feed secret is too short, a zone is unknown or a bound is below 1
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createMemoryCalendar } from "@nightlatch/calendar";
 * import { createApp } from "@nightlatch/server";
 *
 * const app = createApp({
 *   calendar: createMemoryCalendar(),
 *   authentication: {
 *     tenantId: "6f8f4d4e-2b0a-4c39-9d3c-4c9a3a6f2f10",
 *     audience: "api://calendars.school.example",
 *   },
 * });
 * const response = await app.request("/v1/mailboxes/room-12@school.example/calendars");
 * assert.equal(response.status, 401);
 * const problem = (await response.json()) as { code: string };
 * assert.equal(problem.code, "SERVER_TOKEN_MISSING");
 * ```
 */
export function createApp(options: AppOptions): NightlatchApp {
  const now = options.now ?? (() => new Date());
  const logger = options.logger ?? (() => {});
  const services = createServices(options, now);
  warnOfAnonymous(services, logger, now);
  const originOf = (context: Context<AppEnv>): string =>
    options.baseUrl?.replace(/\/+$/, "") ?? new URL(context.req.url).origin;
  const app: NightlatchApp = new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalidRequest(result.target, result.error);
    },
  });
  const settings = { errorsUrl: (context: Context<AppEnv>) => `${originOf(context)}/errors`, logger, now };
  app.onError((error, context) => answerProblem(error, context, settings));
  app.notFound((context) => answerProblem(explainNotFound(app, context), context, settings));
  app.use(frameRequest(logger, now));
  if (options.corsOrigins !== undefined && options.corsOrigins.length > 0)
    app.use(allowOrigins(options.corsOrigins));
  app.use("/v1/*", limitBody(MAX_BODY_BYTES));
  const writer = createEventWriter(services.calendar);
  addListCalendars(app, services);
  addListEvents(app, services);
  addCalendarFile(app, services);
  addGetEvent(app, services);
  addWriteEvents(app, services, writer);
  addPutBySource(app, services, writer);
  addSecretFeed(app, services);
  addHealthz(app);
  addDocuments(app, services, originOf);
  return app;
}

function createServices(options: AppOptions, now: () => Date): Services {
  const ianaZone = options.ianaZone ?? "UTC";
  if (!isKnownZone(ianaZone)) throw new RangeError(`Unknown IANA zone "${ianaZone}"`);
  const secret = options.feeds?.secret ?? [];
  const feedSecrets = typeof secret === "string" ? [secret] : secret;
  for (const candidate of feedSecrets) createFeedToken("", candidate);
  return {
    calendar: limitCalendar(options.calendar, {
      maxCalls: options.maxCalls ?? 16,
      maxCallsPerMailbox: options.maxCallsPerMailbox ?? 4,
      maxWaitingCalls: options.maxWaitingCalls ?? 256,
    }),
    authentication: createAuthentication(options, now),
    feedSecrets,
    now,
    ianaZone,
    privateEvents: options.privateEvents ?? "mask",
  };
}

function warnOfAnonymous(services: Services, logger: Logger, now: () => Date): void {
  if (services.authentication.accepted !== undefined) return;
  logger({
    level: "warn",
    event: "warning",
    at: now().toISOString(),
    message: "dangerouslyAllowAnonymous is on: everybody who reaches this API reads and writes every mailbox",
  });
}

function allowOrigins(origins: readonly string[]): ReturnType<typeof cors> {
  return cors({
    origin: [...origins],
    allowMethods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    allowHeaders: ["Authorization", "Content-Type", "If-Match", "If-None-Match", "X-Request-Id"],
    exposeHeaders: ["ETag", "Link", "Location", "Retry-After", "WWW-Authenticate", "X-Request-Id"],
    maxAge: 600,
  });
}

function explainNotFound(app: NightlatchApp, context: Context<AppEnv>): Error {
  const { method, path } = context.req;
  const allowed = findAllowedMethods(app, path);
  if (allowed.length === 0) return problem("SERVER_ROUTE_UNKNOWN", "This API has no such address");
  return problem(
    "SERVER_METHOD_UNKNOWN",
    `This address does not take ${method}, it takes ${allowed.join(", ")}`,
    {
      headers: { Allow: allowed.join(", ") },
    },
  );
}
