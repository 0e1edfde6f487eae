/** Codes of the command line. */
import { type ErrorOptions, type ErrorTable, NightlatchError } from "@nightlatch/credential";

export const CLI_ERRORS = {
  CLI_USAGE: {
    title: "The command was called in a way it does not understand",
    hint: "Run the command with --help to see its options and examples",
    retryable: false,
    exitCode: 2,
    httpStatus: 400,
  },
  CLI_NOT_CONFIGURED: {
    title: "A value that the command needs was given neither as an option nor in the environment",
    hint: "Give the option, or set the environment variable",
    retryable: false,
    exitCode: 2,
    httpStatus: 400,
  },
  CLI_SETTINGS_UNUSABLE: {
    title: "The file given by --settings is not one of settings",
    hint: "Give a file with lines such as AZURE_TENANT_ID=…, as app register --write-settings writes it",
    retryable: false,
    exitCode: 2,
    httpStatus: 400,
  },
  CLI_CA_UNUSABLE: {
    title: "The file given by --ca holds no certificate",
    hint: "Give the certificate of the authority as PEM or DER",
    retryable: false,
    exitCode: 1,
    httpStatus: 500,
  },
  CLI_MANIFEST_UNREADABLE: {
    title: "The file is no manifest of an application",
    hint: "Give the manifest of one application as the portal or Microsoft Graph shows it",
    retryable: false,
    exitCode: 1,
    httpStatus: 500,
  },
  CLI_FILE_UNREADABLE: {
    title: "A file could not be read",
    hint: "Check the path and that this user may read the file",
    retryable: false,
    exitCode: 1,
    httpStatus: 500,
  },
  CLI_FILE_EXISTS: {
    title: "A file that would be written is there already",
    hint: "Choose another name, or pass --force to replace it",
    retryable: false,
    exitCode: 1,
    httpStatus: 409,
  },
  CLI_FILE_UNWRITABLE: {
    title: "A file could not be written; nothing half-written was left",
    hint: "Check the folder, its permissions and the free space",
    retryable: false,
    exitCode: 1,
    httpStatus: 500,
  },
  CLI_EMULATOR_UNREACHABLE: {
    title: "No emulator answers at the address",
    hint: "Start one in another terminal with: nightlatch emulator start",
    retryable: true,
    exitCode: 1,
    httpStatus: 502,
  },
  CLI_EMULATOR_REFUSED: {
    title: "The emulator does not do what it was asked",
    hint: "Correct what the message names",
    retryable: false,
    exitCode: 1,
    httpStatus: 502,
  },
  CLI_DATA_LOST: {
    title: "What an emulator held could not be kept when it ended",
    hint: "Check the folder of --data, its permissions and the free space",
    retryable: false,
    exitCode: 1,
    httpStatus: 500,
  },
  CLI_SYSTEM: {
    title: "The operating system refused something",
    hint: "Check permissions, free space and limits of this user",
    retryable: false,
    exitCode: 1,
    httpStatus: 500,
  },
  CLI_UNEXPECTED: {
    title: "Something went wrong that nobody thought of",
    hint: "Run again with --debug and report what it prints",
    retryable: false,
    exitCode: 1,
    httpStatus: 500,
  },
  CLI_PLAN_UNREADABLE: {
    title: "The file is no plan that was saved by sync plan",
    hint: "Make a new plan with: nightlatch sync plan --out plan.json",
    retryable: false,
    exitCode: 1,
    httpStatus: 409,
  },
} as const satisfies ErrorTable;

/** Any code of the command line. */
export type CliErrorCode = keyof typeof CLI_ERRORS;

/**
 * Makes an error of the command line.
 *
 * @param code - one of {@link CLI_ERRORS}
 * @param message - what failed, with the value quoted
 * @param options - hint, details, cause
 * @returns the error, to be thrown
 */
export function cliError(code: CliErrorCode, message: string, options?: ErrorOptions): NightlatchError {
  return new NightlatchError(CLI_ERRORS, code, message, options);
}
