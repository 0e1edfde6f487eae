/** The Graph wing over a scripted transport. */
import { NightlatchError } from "@nightlatch/credential";
import { OAUTH_ERRORS } from "@nightlatch/oauth";
import {
  type CalendarPort,
  createGraphCalendar,
  type GetTokenOptions,
  type GraphCalendarOptions,
} from "../src/index.ts";
import { type RecordedTransport, recordedTransport, type Scripted } from "./recorded-transport.ts";

/** Mailbox of the tests. */
export const MAILBOX = "room-12@school.example";
/** Token that must never show. */
export const SECRET_TOKEN = "canary-e3b0c44298fc1c149afb";
const TIMES = {
  start: { dateTime: "2026-06-01T09:00:00", ianaZone: "Europe/London" },
  end: { dateTime: "2026-06-01T10:00:00", ianaZone: "Europe/London" },
};
/** An hour of physics. */
export const DRAFT = { subject: "Physics", ...TIMES, properties: { NightlatchKey: "7A" } };
/** The same as Graph answers it. */
export const EVENT = {
  id: "AAMk1",
  changeKey: "CQ1",
  subject: "Physics",
  start: { dateTime: "2026-06-01T08:00:00.0000000", timeZone: "UTC" },
  end: { dateTime: "2026-06-01T09:00:00.0000000", timeZone: "UTC" },
  originalStartTimeZone: "GMT Standard Time",
  originalEndTimeZone: "GMT Standard Time",
};
/** Answer to a create. */
export const CREATED: Scripted = { status: 201, body: EVENT };
/** The service is overloaded; the request may have been carried out. */
export const BUSY: Scripted = {
  status: 503,
  body: { error: { code: "ServiceUnavailable", message: "Busy" } },
};
/** Too many requests; come back in seven seconds. */
export const THROTTLED: Scripted = {
  status: 429,
  headers: { "retry-after": "7" },
  body: { error: { code: "ApplicationThrottled", message: "Over its MailboxConcurrency limit." } },
};
/** There is no such event. */
export const NOT_FOUND: Scripted = {
  status: 404,
  body: { error: { code: "ErrorItemNotFound", message: "Gone." } },
};
/** The request may have arrived, the answer did not. */
export const LOST: Scripted = { failure: lost("OAUTH_NETWORK_TIMEOUT", true) };
/** The request never left. */
export const UNREACHED: Scripted = { failure: lost("OAUTH_NETWORK_CONNECT", false) };

function lost(code: keyof typeof OAUTH_ERRORS, answerLost: boolean): Error {
  return new NightlatchError(OAUTH_ERRORS, code, "Cannot reach graph.microsoft.com", {
    details: { answerLost },
  });
}

/** A wing with its double. */
export interface Made {
  readonly calendar: CalendarPort;
  readonly transport: RecordedTransport;
  /** Waits in milliseconds. */
  readonly waits: number[];
  readonly tokenCalls: {
    readonly scopes: string | string[];
    readonly options: GetTokenOptions | undefined;
  }[];
}

/**
 * @param script - answers of the double
 * @param options - what differs from a plain wing
 * @returns the wing and what it did
 */
export function make(
  script: Parameters<typeof recordedTransport>[0],
  options: Partial<GraphCalendarOptions> = {},
): Made {
  const transport = recordedTransport(script);
  const [waits, tokenCalls]: [number[], Made["tokenCalls"]] = [[], []];
  const calendar = createGraphCalendar({
    tokens: {
      getToken: async (scopes, tokenOptions) => {
        tokenCalls.push({ scopes, options: tokenOptions });
        return { token: SECRET_TOKEN, expiresOnTimestamp: Date.now() + 3_600_000 };
      },
    },
    transport,
    retry: { random: () => 0.5, sleep: async (delayMs) => void waits.push(delayMs) },
    ...options,
  });
  return { calendar, transport, waits, tokenCalls };
}
