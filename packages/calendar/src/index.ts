export * from "./calendar.ts";
export * from "./errors.ts";
export * from "./event.ts";
export * from "./memory.ts";
export { DAYS_OF_WEEK, recurrenceDates } from "./recurrence.ts";
export {
  ianaZoneToWindows,
  isKnownZone,
  isSameExchangeZone,
  resolveZone,
  windowsZoneToIana,
} from "./zones/zone-names.ts";
export { addDays, toInstant, toZoned } from "./zones/zoned-date-time.ts";
