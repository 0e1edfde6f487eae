/**
 * The errors of this floor. The class stands here and not in `@nightlatch/credential`, because the emulator
 * imports nothing of the house; it has the same shape and name, so `isNightlatchError` recognises it.
 */

/** What every code of the table says about itself. */
interface EmulatorErrorEntry {
  /** One line for the reference page: what this code means. */
  readonly title: string;
  /** The next act, imperative, one sentence. */
  readonly hint: string;
  /** Whether the same call may succeed later without a change by the caller. */
  readonly retryable: boolean;
  /** Exit status of the command line. */
  readonly exitCode: 1 | 2;
  /** HTTP status with which the control API reports it. */
  readonly httpStatus: number;
}

/** Codes of this floor. */
export const EMULATOR_ERRORS = {
  EMULATOR_SEED_INVALID: {
    title: "The seed file is not valid JSON, or a value in it cannot be used",
    hint: "Correct the named place in the seed file",
    retryable: false,
    exitCode: 2,
    httpStatus: 400,
  },
  EMULATOR_PORT_IN_USE: {
    title: "Another program listens on the wanted port",
    hint: "Stop the other program, or choose another port; port 0 picks a free one",
    retryable: true,
    exitCode: 1,
    httpStatus: 500,
  },
  EMULATOR_STATE_UNREADABLE: {
    title: "The file with the local CA and the issuer's keys cannot be used",
    hint: "Delete the file; the next start makes new keys, and programs must trust the new CA",
    retryable: false,
    exitCode: 1,
    httpStatus: 500,
  },
  EMULATOR_DATA_UNREADABLE: {
    title: "The data directory does not hold what an emulator wrote",
    hint: "Give an empty directory, or the one that an earlier run filled",
    retryable: false,
    exitCode: 1,
    httpStatus: 500,
  },
  EMULATOR_DATA_IN_USE: {
    title: "Another emulator uses the data directory",
    hint: "Stop the other emulator, or give each one its own directory",
    retryable: true,
    exitCode: 1,
    httpStatus: 500,
  },
  EMULATOR_DATA_UNWRITABLE: {
    title: "Changes cannot be written to the data directory; they are refused until they can",
    hint: "Free space on the disk, or let the directory be written to; nothing that was acknowledged is lost",
    retryable: true,
    exitCode: 1,
    httpStatus: 507,
  },
  EMULATOR_CONTROL_INVALID: {
    title: "A request to the control API has a value that cannot be used",
    hint: "See /emulator/v1/openapi.json for what the control API takes",
    retryable: false,
    exitCode: 2,
    httpStatus: 400,
  },
} as const satisfies Record<string, EmulatorErrorEntry>;

/** Any code of this floor. */
export type EmulatorErrorCode = keyof typeof EMULATOR_ERRORS;

/** Facts that a thrower adds. */
export interface EmulatorErrorOptions {
  /** Replaces the hint of the table by one that fits this very case. */
  readonly hint?: string | undefined;
  /** Facts by name; never secret material. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** The error that led here. */
  readonly cause?: unknown;
}

/** A failure of the emulator itself, in the shape that every error of the house has. */
export class EmulatorError extends Error {
  /** Permanent code. */
  readonly code: EmulatorErrorCode;
  /** The next act, one imperative sentence. */
  readonly hint: string;
  /** Facts by name; never secret material. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** Never set by this floor. */
  readonly retryAfterMs: number | undefined = undefined;
  /** Exit status of the command line. */
  readonly exitCode: number;
  /** HTTP status of the control API. */
  readonly httpStatus: number;

  constructor(code: EmulatorErrorCode, message: string, options: EmulatorErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    const entry: EmulatorErrorEntry = EMULATOR_ERRORS[code];
    // The name that every error of the house bears, by which other floors recognise it.
    this.name = "NightlatchError";
    this.code = code;
    this.hint = options.hint ?? entry.hint;
    this.details = options.details ?? {};
    this.retryable = entry.retryable;
    this.exitCode = entry.exitCode;
    this.httpStatus = entry.httpStatus;
  }
}
