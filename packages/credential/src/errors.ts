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

const entry = (title: string, hint: string, exitCode: 1 | 2 = 1, httpStatus = 500): ErrorEntry => ({
  title,
  hint,
  retryable: false,
  exitCode,
  httpStatus,
});

/** Codes of this floor. */
export const CREDENTIAL_ERRORS = {
  CREDENTIAL_INPUT_EMPTY: entry(
    "The input is empty",
    "Give a file that holds a certificate and its private key",
  ),
  CREDENTIAL_INPUT_TOO_LARGE: entry(
    "The input is larger than any certificate or key file",
    "Give the certificate file itself; 1 MiB is the limit",
  ),
  CREDENTIAL_INPUT_UNRECOGNISED: entry(
    "The input is in no format that holds certificates or keys",
    "Give PEM, DER, PFX (.pfx, .p12) or a private JWK",
  ),
  CREDENTIAL_INPUT_IS_PATH: entry(
    "A file name was given where the content of the file was wanted",
    "Read the file first, or call the reader that takes file names",
  ),
  CREDENTIAL_INPUT_IS_THUMBPRINT: entry(
    "A thumbprint was given where a certificate was wanted",
    "Give the certificate file; the thumbprint is computed from it",
  ),
  CREDENTIAL_INPUT_IS_HTML: entry(
    "The input is a web page, not a certificate",
    "Download the file again; the server probably answered with a sign-in or error page",
  ),
  CREDENTIAL_INPUT_IS_JSON: entry(
    "The input is JSON that holds neither a JWK nor a Key Vault secret",
    "Give the file that holds the certificate and the key, not the one that describes them",
  ),
  CREDENTIAL_INPUT_IS_MANGLED: entry(
    "A binary file was read as text, which destroyed its bytes",
    "Read the file as bytes, without a text encoding, or encode it as base64",
  ),
  CREDENTIAL_KEYSTORE_UNSUPPORTED: entry(
    "The input is a Java keystore",
    "Convert it with keytool -importkeystore -srckeystore FILE -destkeystore out.pfx -deststoretype PKCS12",
  ),
  CREDENTIAL_SSH_KEY: entry(
    "The input is an SSH key",
    "Make a certificate with its own key; an SSH key file holds no certificate (ssh-keygen -p -m PEM -f KEY rewrites an RSA key as PEM)",
  ),
  CREDENTIAL_PGP_KEY: entry(
    "The input is a PGP key",
    "Make an X.509 certificate with its own key; PGP keys cannot sign in to Entra ID",
  ),
  CREDENTIAL_FORMAT_UNSUPPORTED: entry(
    "The input is in a format that is recognised but not read",
    "Convert it to PEM or PFX first",
  ),
  CREDENTIAL_PUBLIC_KEY_ONLY: entry(
    "The input holds a public key where the private key is wanted",
    "Give the file that holds the private key; it begins with BEGIN PRIVATE KEY or is a .pfx",
  ),
  CREDENTIAL_REQUEST_ONLY: entry(
    "The input holds a certificate request, not the certificate",
    "Give the certificate that was issued for the request, together with its private key",
  ),
  CREDENTIAL_PEM_TRUNCATED: entry(
    "A PEM block ends before it is complete",
    "Copy the file again, from the first BEGIN line to the last END line",
  ),
  CREDENTIAL_PEM_CORRUPT: entry(
    "A PEM block is damaged",
    "Copy the file again as plain text; nothing may be changed between BEGIN and END",
  ),
  CREDENTIAL_DER_TRUNCATED: entry(
    "A DER or PFX file ends before it is complete",
    "Copy or download the file again, in binary mode",
  ),
  CREDENTIAL_DER_CORRUPT: entry("A DER file is damaged", "Copy or export the file again, in binary mode"),
  CREDENTIAL_PFX_CORRUPT: entry("A PFX file is damaged", "Export the PFX again"),
  CREDENTIAL_NOT_A_CERTIFICATE: entry(
    "The bytes are not an X.509 certificate",
    "Give an X.509 certificate as PEM, DER or base64",
  ),
  CREDENTIAL_KEY_MALFORMED: entry(
    "The private key is damaged",
    "Export the key again; its parts do not form a working key",
  ),
  CREDENTIAL_JWK_INVALID: entry(
    "The JWK is not a private RSA key",
    "Give an RSA JWK with the members n, e, d, p, q, dp, dq and qi",
  ),
  CREDENTIAL_KEY_MISSING: entry(
    "The input holds a certificate but no private key",
    "Give the file that holds the private key as well; a .cer or .crt file never contains it",
  ),
  CREDENTIAL_CERTIFICATE_MISSING: entry(
    "The input holds a private key but no certificate",
    "Give the certificate file as well; the thumbprint in the assertion is computed from it",
  ),
  CREDENTIAL_PASSPHRASE_MISSING: entry(
    "The private key is encrypted and no passphrase was given",
    "Give the passphrase of the key",
  ),
  CREDENTIAL_PASSPHRASE_WRONG: entry(
    "The passphrase does not open the private key",
    "Give the passphrase that was set when the file was made; if it is right, the file is damaged",
  ),
  CREDENTIAL_PASSPHRASE_NOT_NEEDED: entry(
    "A passphrase was given for a PFX that has none",
    "Leave the passphrase out, and check that this is the file you meant",
  ),
  CREDENTIAL_CIPHER_UNSUPPORTED: entry(
    "The key is encrypted in a way that cannot be read here",
    "Export it again with openssl pkcs12 -export or openssl pkcs8 -topk8, which use AES-256",
  ),
  CREDENTIAL_KEY_NOT_RSA: entry(
    "The private key is not an RSA key",
    "Make an RSA certificate of at least 2048 bits; Entra ID accepts no other kind for client assertions",
  ),
  CREDENTIAL_KEY_TOO_SMALL: entry(
    "The RSA key is shorter than 2048 bits",
    "Make a certificate with an RSA key of 2048, 3072 or 4096 bits",
  ),
  CREDENTIAL_KEY_MISMATCH: entry(
    "The private key belongs to another certificate",
    "Give the certificate and the key that were made together",
  ),
  CREDENTIAL_ISSUER_INSTEAD_OF_LEAF: entry(
    "The certificate is the issuer's, not the one of the private key",
    "Give the certificate that the authority issued for this key; the issuer's may stand beside it",
  ),
  CREDENTIAL_AMBIGUOUS: entry(
    "The input holds several private keys that each fit a certificate",
    "Keep one certificate with its key in the file",
  ),
  CREDENTIAL_EXPIRED: entry(
    "The certificate has expired",
    "Make a new certificate, register it, and use it from now on",
  ),
  CREDENTIAL_NOT_YET_VALID: entry(
    "The certificate is not valid yet",
    "Wait until its validity begins, or correct the clock of this machine",
  ),
  CREDENTIAL_FILE_UNREADABLE: entry(
    "A credential file cannot be read",
    "Check the path and the permissions of the file",
  ),
  CREDENTIAL_FILE_EXISTS: entry(
    "The file to write exists already",
    "Choose another name, or allow the file to be overwritten",
  ),
  CREDENTIAL_FILE_NOT_WRITTEN: entry(
    "The file could not be written; nothing was left behind",
    "Check that the folder exists, is writable and has space",
  ),
  CREDENTIAL_SUBJECT_INVALID: entry(
    "The subject is not a distinguished name",
    "Write the subject as CN=name or CN=name,O=organisation,C=GB",
    2,
    400,
  ),
  CREDENTIAL_VALIDITY_INVALID: entry(
    "The validity asked for is impossible",
    "Choose an end after the begin, and not after the year 9999",
    2,
    400,
  ),
  CREDENTIAL_KEY_SIZE_UNSUPPORTED: entry(
    "Keys of this size are not made",
    "Choose 2048, 3072 or 4096 bits",
    2,
    400,
  ),
  CREDENTIAL_THRESHOLD_INVALID: entry(
    "The expiry threshold cannot be understood",
    "Write a duration such as 30d or 12h, or a share of the lifetime such as 33%",
    2,
    400,
  ),
  CREDENTIAL_MANIFEST_MALFORMED: entry(
    "The manifest is not JSON",
    "Correct the manifest at the place named; paste it again from the portal if in doubt",
  ),
  CREDENTIAL_MANIFEST_SHAPE: entry(
    "The JSON is not an application manifest",
    "Give the manifest of one application, a JSON object whose keyCredentials is an array",
  ),
  CREDENTIAL_KEY_ID_INVALID: entry(
    "The keyId is not a GUID",
    "Give a GUID, or leave the keyId out to have one made",
    2,
    400,
  ),
  CREDENTIAL_KEY_ID_TAKEN: entry(
    "The keyId belongs to another key of the manifest",
    "Leave the keyId out to have a new one made",
    2,
    400,
  ),
  CREDENTIAL_DISPLAY_NAME_TOO_LONG: entry(
    "The display name is longer than 90 characters",
    "Shorten the display name",
    2,
    400,
  ),
  CREDENTIAL_JWS_MALFORMED: entry(
    "The text is not a JWS in compact form",
    "Give the whole token: three base64url parts joined by two dots",
  ),
  CREDENTIAL_SIGNER_UNAVAILABLE: entry(
    "The place that holds the private key cannot be used",
    "Check that the program, module, token or vault exists and can be reached",
  ),
  CREDENTIAL_SIGNER_REFUSED: entry(
    "The place that holds the private key refused to sign",
    "Check the PIN or the permission, and the name of the key",
  ),
  CREDENTIAL_SIGNER_FAILED: entry(
    "The place that holds the private key returned no usable signature",
    "Check that the key is the one of the certificate",
  ),
} as const satisfies ErrorTable;

/** Any code of this floor. */
export type CredentialErrorCode = keyof typeof CREDENTIAL_ERRORS;
