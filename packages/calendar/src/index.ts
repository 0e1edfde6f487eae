export * from "./calendar.ts";
export * from "./errors.ts";
export * from "./event.ts";
export type { GraphOptions, GraphRetryOptions } from "./graph/client.ts";
export { createGraphCalendar, type GraphCalendarOptions } from "./graph/graph-calendar.ts";
export {
  createGraphDirectory,
  type DirectoryUser,
  type GraphDirectory,
  type GraphDirectoryOptions,
  type ListMembersOptions,
} from "./graph/groups.ts";
export * from "./memory.ts";
export { DAYS_OF_WEEK, recurrenceDates } from "./recurrence.ts";
export * from "./token-provider.ts";
export {
  ianaZoneToWindows,
  isKnownZone,
  isSameExchangeZone,
  resolveZone,
  windowsZoneToIana,
} from "./zones/zone-names.ts";
export { addDays, toInstant, toZoned } from "./zones/zoned-date-time.ts";
