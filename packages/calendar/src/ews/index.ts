/** The EWS wing; nothing outside of this folder imports it. */
export type { EwsAuthenticationRequest, EwsAuthenticator } from "./authenticator.ts";
export { bearerAuthenticator } from "./authenticator.ts";
export type { EventChange, ListChangesOptions } from "./event-changes.ts";
export { createEwsCalendar, type EwsCalendar, type EwsCalendarOptions } from "./ews-calendar.ts";
export type { EwsRetryOptions } from "./service.ts";
