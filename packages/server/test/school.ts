/** A small school in memory, and the API over it. */
import { createMemoryCalendar, type EventDraft, type MemoryCalendar } from "@nightlatch/calendar";
import { type AppOptions, type BearerAuthentication, createApp } from "../src/index.ts";
import { AUDIENCE, appClaims, keySetOf, makeKey, NOW, sign, TENANT_ID } from "./signing-tenant.ts";

export const ROOM = "room-12@school.example";
export const SECRET = "correct horse battery staple, and then some";

const key = makeKey("school-key");
const keys = await keySetOf([key]);

export const readerToken: string = await sign(appClaims(), key);
export const writerToken: string = await sign(appClaims({ roles: ["Calendars.ReadWrite.All"] }), key);

/** Authentication of the school, with changes. */
export function schoolAuthentication(changes: Partial<BearerAuthentication> = {}): BearerAuthentication {
  return { tenantId: TENANT_ID, audience: AUDIENCE, keys, ...changes };
}

/** Signs with the key that the school's API knows. */
export function signForSchool(claims: ReturnType<typeof appClaims>): Promise<string> {
  return sign(claims, key);
}

export interface School {
  readonly calendar: MemoryCalendar;
  readonly app: ReturnType<typeof createApp>;
  /** Calls the API with a writer's token, or the one given. */
  call(path: string, init?: RequestInit & { token?: string | undefined }): Promise<Response>;
}

export function makeSchool(
  options: Partial<AppOptions> = {},
  memory: Parameters<typeof createMemoryCalendar>[0] = {},
): School {
  const calendar = createMemoryCalendar({
    mailboxes: [ROOM, "year7@school.example"],
    now: () => NOW,
    ...memory,
  });
  const app = createApp({
    calendar,
    authentication: schoolAuthentication(),
    now: () => NOW,
    feeds: { secret: SECRET },
    ...options,
  });
  return {
    calendar,
    app,
    async call(path, { token = writerToken, ...init } = {}) {
      const headers = new Headers(init.headers);
      headers.set("Authorization", `Bearer ${token}`);
      if (typeof init.body === "string" && !headers.has("Content-Type"))
        headers.set("Content-Type", "application/json");
      return app.request(path, { ...init, headers });
    },
  };
}

/** A lesson in London. */
export function lesson(dateTime: string, subject: string, more: Partial<EventDraft> = {}): EventDraft {
  const start = new Date(`${dateTime}Z`);
  const end = new Date(start.getTime() + 50 * 60_000).toISOString().slice(0, 19);
  return {
    subject,
    start: { dateTime, ianaZone: "Europe/London" },
    end: { dateTime: end, ianaZone: "Europe/London" },
    ...more,
  };
}
