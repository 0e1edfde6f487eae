/**
 * The one error class of the house, and the codes of this floor.
 *
 * The rules are: a code is permanent and its prefix names the floor that owns it; the message says what
 * failed, quotes the value and names the current and the wanted state; the hint says the next act; no key,
 * passphrase, secret, assertion or token ever stands in a message, a hint or `details`.
 */

/** What every code of an error table says about itself. */
export interface ErrorEntry {
  /** One line for the reference page: what this code means. */
  readonly title: string;
  /** The next act, imperative, one sentence. A thrower may replace it with a more exact one. */
  readonly hint: string;
  /** Whether the same call may succeed later without a change by the caller. */
  readonly retryable: boolean;
  /** Exit status of the command line: 1 failed, 2 wrong usage, 3 done in part, 4 sign-in refused. */
  readonly exitCode: 1 | 2 | 3 | 4;
  /** HTTP status with which the REST API reports it, 400 to 599. */
  readonly httpStatus: number;
}

/** A floor's table from code to entry. */
export type ErrorTable = Readonly<Record<string, ErrorEntry>>;

/** Facts that a thrower adds to an error. */
export interface ErrorOptions {
  /** Replaces the hint of the table by one that fits this very case. */
  readonly hint?: string | undefined;
  /** Facts by name; foreign error codes and bodies verbatim; never secret material. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** Replaces the table's judgement, for example because a server said so. */
  readonly retryable?: boolean | undefined;
  /** What the server asked for, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** The error that led here. */
  readonly cause?: unknown;
}

/**
 * A refusal (a server said no) or a failure (nothing usable came back, or the input is unusable).
 *
 * Misuse by the caller's code is a `TypeError` or `RangeError` instead. Tell errors apart by `code`, not by
 * `instanceof`: the code survives two copies of a package in one program.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { NightlatchError, CREDENTIAL_ERRORS } from "@nightlatch/credential";
 *
 * const error = new NightlatchError(CREDENTIAL_ERRORS, "CREDENTIAL_KEY_MISSING", "No private key in key.pem");
 * assert.equal(error.code, "CREDENTIAL_KEY_MISSING");
 * assert.equal(error.exitCode, 1);
 * ```
 */
export class NightlatchError extends Error {
  /** Permanent code; its prefix names the floor. */
  readonly code: string;
  /** The next act, one imperative sentence. */
  readonly hint: string;
  /** Facts by name; foreign codes verbatim; never secret material. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** How long the server asked to wait, in milliseconds; `undefined` when it did not say. */
  readonly retryAfterMs: number | undefined;
  /** Exit status of the command line. */
  readonly exitCode: number;
  /** HTTP status of the REST API. */
  readonly httpStatus: number;

  constructor(table: ErrorTable, code: string, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    const entry = table[code];
    if (entry === undefined) throw new RangeError(`Unknown error code "${code}"`);
    this.name = "NightlatchError";
    this.code = code;
    this.hint = options.hint ?? entry.hint;
    this.details = options.details ?? {};
    this.retryable = options.retryable ?? entry.retryable;
    this.retryAfterMs = options.retryAfterMs;
    this.exitCode = entry.exitCode;
    this.httpStatus = entry.httpStatus;
  }
}

/**
 * Tells whether a thrown value is an error of this house, also when it comes from another copy of the package.
 *
 * @param value - anything that was thrown
 * @returns true when `value` has the shape of a {@link NightlatchError}
 */
export function isNightlatchError(value: unknown): value is NightlatchError {
  return (
    value instanceof Error &&
    value.name === "NightlatchError" &&
    typeof (value as Partial<NightlatchError>).code === "string"
  );
}

/** Codes of this floor. */
export const CREDENTIAL_ERRORS = {
  CREDENTIAL_KEY_MISSING: {
    title: "The input holds a certificate but no private key",
    hint: "Give the file that holds the private key as well; a .cer or .crt file never contains it",
    retryable: false,
    exitCode: 1,
    httpStatus: 500,
  },
} as const satisfies ErrorTable;

/** Any code of this floor. */
export type CredentialErrorCode = keyof typeof CREDENTIAL_ERRORS;
