export { SYNC_ERRORS, type SyncErrorCode } from "./errors.ts";
export { type ReadTimetableOptions, readTimetable, readTimetableFile } from "./read-timetable.ts";
export type { TimetableInput } from "./source-text.ts";
export * from "./timetable.ts";
