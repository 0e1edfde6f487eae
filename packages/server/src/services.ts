/** What the routes of an app have in common. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { CalendarPort } from "@nightlatch/calendar";
import type { AppEnv } from "./app-env.ts";
import type { Authentication } from "./authentication/authenticate.ts";

/** The app type of this floor. */
export type NightlatchApp = OpenAPIHono<AppEnv>;

/** Everything a route works with, defaults filled in. */
export interface Services {
  readonly calendar: CalendarPort;
  readonly authentication: Authentication;
  readonly feedSecrets: readonly string[];
  readonly now: () => Date;
  readonly ianaZone: string;
  readonly privateEvents: "mask" | "show";
}
