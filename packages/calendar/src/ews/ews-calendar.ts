/**
 * The EWS wing of the Calendar port: Exchange Server, and Exchange Online until it ends EWS on 2027-04-01.
 *
 * The rules are: ids are those of EWS, which are not those of Graph; what was written is read back, because the
 * answer to a write gives no more than its id; a create is never repeated after a lost answer.
 */
import type { Transport } from "@nightlatch/oauth";
import type { CalendarInfo, CalendarPort } from "../calendar.ts";
import type { TokenProvider } from "../token-provider.ts";
import { bearerAuthenticator, type EwsAuthenticator } from "./authenticator.ts";
import { listCalendars } from "./calendar-folders.ts";
import type { ImpersonateBy } from "./envelope.ts";
import { type EventChange, type ListChangesOptions, listChanges } from "./event-changes.ts";
import { findEvents, getEvent } from "./event-reading.ts";
import { listWindow } from "./event-window.ts";
import { createEvent, deleteEvent, updateEvent } from "./event-writing.ts";
import { createCalendarFolder } from "./operations/create-folder.ts";
import { deleteCalendarFolder } from "./operations/delete-folder.ts";
import { type EwsRetryOptions, EwsService } from "./service.ts";

/** Options of {@link createEwsCalendar}. */
export interface EwsCalendarOptions {
  /** Gives access tokens, sent as bearer tokens; not needed beside `authenticator`. */
  readonly tokens?: TokenProvider | undefined;
  /** Says who sends a request in another way. @defaultValue bearer tokens of `tokens` */
  readonly authenticator?: EwsAuthenticator | undefined;
  /** Sends requests. */
  readonly transport: Transport;
  /** Address of the service. @defaultValue `https://outlook.office365.com/EWS/Exchange.asmx` */
  readonly endpoint?: string | undefined;
  /** Scope of the tokens. @defaultValue origin of the endpoint + `/.default` */
  readonly scope?: string | undefined;
  /** Schema of the questions; one that the server knows. @defaultValue `Exchange2013_SP1` */
  readonly serverVersion?: string | undefined;
  /** Whether questions act as the mailbox; without, the account asks about mailboxes that are open to it. @defaultValue true */
  readonly impersonation?: boolean | undefined;
  /** Which name of a mailbox impersonation goes by; a SID is told by its form. @defaultValue "SmtpAddress" */
  readonly impersonateBy?: "SmtpAddress" | "PrimarySmtpAddress" | "PrincipalName" | undefined;
  /** Requests in flight for one mailbox. @defaultValue 4 */
  readonly maxConcurrencyPerMailbox?: number | undefined;
  /** Requests in flight in all; a server serves 27 of one account. @defaultValue 27 */
  readonly maxConcurrency?: number | undefined;
  /** Bounds of the retries. */
  readonly retry?: EwsRetryOptions | undefined;
}

/** The Calendar port with what only EWS has. */
export interface EwsCalendar extends CalendarPort {
  readonly wing: "ews";
  /**
   * Reads what changed in a calendar, page by page. The first reading gives all single events and series masters,
   * as they stand in lists: without attendees, bodies and recurrence.
   *
   * @param mailbox - mailbox
   * @param options - state of the last reading, folder, own properties
   * @returns changes with the state from which the next reading goes on; the list ends when there are no more
   * @throws {NightlatchError} `CALENDAR_…` by cause; `CALENDAR_REJECTED` with `details.responseCode`
   *   `ErrorInvalidSyncStateData` when the state is too old: begin again without one
   */
  listChanges(mailbox: string, options?: ListChangesOptions): AsyncIterable<EventChange>;
}

/**
 * Creates a Calendar port over Exchange Web Services.
 *
 * In Exchange Online the application needs `full_access_as_app` of Office 365 Exchange Online with administrator
 * consent, and a token that was bought with a certificate. A create whose answer is lost ends as
 * `CALENDAR_WRITE_UNCERTAIN`, with or without transaction id: EWS has none.
 *
 * @param options - tokens or authenticator, transport, endpoint, limits
 * @returns the port; it holds no connection of its own, closing the transport is the caller's business
 * @throws {TypeError} when neither tokens nor an authenticator are given, or the endpoint is no address
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createEwsCalendar } from "@nightlatch/calendar/ews";
 *
 * const calendar = createEwsCalendar({
 *   tokens: { getToken: async () => ({ token: "…", expiresOnTimestamp: Date.now() + 3_600_000 }) },
 *   transport: {
 *     send: async () => ({
 *       status: 401,
 *       headers: { "x-ms-diagnostics": '2000010;reason="…";error_category="insufficient_auth_strength"' },
 *       body: new Uint8Array(),
 *       text: () => "",
 *       json: () => undefined,
 *     }),
 *     close: () => undefined,
 *   },
 * });
 * await assert.rejects(calendar.listCalendars("room-12@school.example"), { code: "CALENDAR_TOKEN_REFUSED" });
 * ```
 * @see https://learn.microsoft.com/exchange/client-developer/exchange-web-services/start-using-web-services-in-exchange
 */
export function createEwsCalendar(options: EwsCalendarOptions): EwsCalendar {
  const service = createService(options);
  return { wing: "ews", ...calendarCalls(service), ...readingCalls(service), ...writingCalls(service) };
}

function createService(options: EwsCalendarOptions): EwsService {
  const { endpoint = "https://outlook.office365.com/EWS/Exchange.asmx", tokens } = options;
  const scope = options.scope ?? `${new URL(endpoint).origin}/.default`;
  const authenticate =
    options.authenticator ?? (tokens === undefined ? undefined : bearerAuthenticator(tokens, scope));
  if (authenticate === undefined) throw new TypeError("An EWS calendar needs tokens or an authenticator");
  return new EwsService({
    authenticate,
    transport: options.transport,
    endpoint,
    serverVersion: options.serverVersion ?? "Exchange2013_SP1",
    impersonateBy: impersonationOf(options),
    maxConcurrency: options.maxConcurrency ?? 27,
    maxConcurrencyPerMailbox: options.maxConcurrencyPerMailbox ?? 4,
    retry: options.retry ?? {},
  });
}

function impersonationOf({
  impersonation = true,
  impersonateBy = "SmtpAddress",
}: EwsCalendarOptions): ImpersonateBy | undefined {
  return impersonation ? impersonateBy : undefined;
}

type CalendarCalls = Pick<CalendarPort, "listCalendars" | "createCalendar" | "deleteCalendar">;
type ReadingCalls = Pick<EwsCalendar, "listEvents" | "getEvent" | "findEvents" | "listChanges">;
type WritingCalls = Pick<CalendarPort, "createEvent" | "updateEvent" | "deleteEvent">;

function calendarCalls(service: EwsService): CalendarCalls {
  return {
    async listCalendars(mailbox, { signal } = {}) {
      const question = { service, mailbox, signal, act: `list the calendars of "${mailbox}"` };
      return listCalendars(question);
    },

    async createCalendar(mailbox, name, { signal } = {}): Promise<CalendarInfo> {
      const question = { service, mailbox, signal, act: `create calendar "${name}" in "${mailbox}"` };
      const id = await createCalendarFolder(question, name);
      return { id, name, isDefaultCalendar: false, canEdit: true };
    },

    async deleteCalendar(mailbox, calendarId, { signal } = {}) {
      const act = `delete calendar "${calendarId}" of "${mailbox}"`;
      await deleteCalendarFolder({ service, mailbox, signal, act }, calendarId);
    },
  };
}

function readingCalls(service: EwsService): ReadingCalls {
  return {
    listEvents: (mailbox, window) =>
      listWindow({ service, mailbox, signal: window.signal, act: `list the events of "${mailbox}"` }, window),

    getEvent: (mailbox, eventId, options = {}) =>
      getEvent(
        { service, mailbox, signal: options.signal, act: `get event "${eventId}" of "${mailbox}"` },
        eventId,
        { ...options, includeBody: true },
      ),

    async findEvents(mailbox, query) {
      const { name, value, calendarId, signal } = query;
      const act = `find events of "${mailbox}" by ${name} "${value}"`;
      const question = { service, mailbox, signal, act };
      return findEvents(question, calendarId, { name, value });
    },

    listChanges: (mailbox, options = {}) =>
      listChanges(
        { service, mailbox, signal: options.signal, act: `list the changes of "${mailbox}"` },
        options,
      ),
  };
}

function writingCalls(service: EwsService): WritingCalls {
  return {
    async createEvent(mailbox, draft, { calendarId, signal } = {}) {
      const act = `create event "${draft.subject}" in "${mailbox}"`;
      return createEvent({ service, mailbox, signal, act }, calendarId, draft);
    },

    async updateEvent(mailbox, eventId, changes, { changeKey, signal } = {}) {
      const act = `update event "${eventId}" of "${mailbox}"`;
      return updateEvent({ service, mailbox, signal, act }, eventId, changes, changeKey);
    },

    async deleteEvent(mailbox, eventId, { changeKey, signal } = {}) {
      const act = `delete event "${eventId}" of "${mailbox}"`;
      return deleteEvent({ service, mailbox, signal, act }, eventId, changeKey);
    },
  };
}
