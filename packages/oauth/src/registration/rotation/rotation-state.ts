/** Where a rotation stands: a small JSON file beside the certificate, 0600, without any secret. */
import { readFile } from "node:fs/promises";
import { type Certificate, writeFileAtomic } from "@nightlatch/credential";
import { registrationError } from "../errors.ts";

/** Steps in their order; each name says what is done when it is written. */
export const ROTATION_STEPS = [
  "begun",
  "made",
  "registered",
  "confirmed",
  "switched",
  "removed",
  "done",
] as const;

/** A step of a rotation. */
export type RotationStep = (typeof ROTATION_STEPS)[number];

/** One of the two certificates of a rotation. */
export interface RotatedCertificate {
  readonly subject: string;
  /** Upper case. */
  readonly thumbprintSha1Hex: string;
  /** Upper case. */
  readonly thumbprintSha256Hex: string;
  /** ISO 8601, UTC. */
  readonly notBefore: string;
  /** ISO 8601, UTC. */
  readonly notAfter: string;
  /** GUID in the directory, where it is known. */
  readonly keyId?: string | undefined;
}

/** Content of the state file. */
export interface RotationState {
  readonly version: 1;
  readonly step: RotationStep;
  /** GUID or domain. */
  readonly tenantId: string;
  readonly clientId: string;
  /** Of the application. */
  readonly objectId: string;
  readonly old: RotatedCertificate;
  readonly new?: RotatedCertificate | undefined;
  /** A request that was perhaps carried out although its answer is not known. */
  readonly attempted?: "addKey" | "patch" | "removeKey" | undefined;
  /** How the new certificate was registered. */
  readonly method?: "addKey" | "patch" | undefined;
  /** Milliseconds for which both keys stay after the switch; absent: until it is finished by hand. */
  readonly overlapMs?: number | undefined;
  /** ISO 8601, UTC, each. */
  readonly begunAt: string;
  readonly switchedAt?: string | undefined;
  readonly doneAt?: string | undefined;
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Reads the state file.
 *
 * @param path - of the file
 * @returns the state; `undefined` when there is no file
 * @throws {NightlatchError} `OAUTH_ROTATION_STATE_UNFIT`: it is there and cannot be understood
 */
export async function readRotationState(path: string): Promise<RotationState | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw registrationError("OAUTH_ROTATION_STATE_UNFIT", `Cannot read ${path} (${code})`, { cause });
  }
  const state = parse(text);
  if (state === undefined)
    throw registrationError("OAUTH_ROTATION_STATE_UNFIT", `Cannot understand ${path}: it is no state file`, {
      hint: "Move the file away if it is not one of Nightlatch; otherwise look at the application's keys before rotating again",
    });
  return state;
}

/**
 * Writes the state file, as a whole or not at all.
 *
 * @param path - of the file
 * @param state - what to write
 * @throws {NightlatchError} `CREDENTIAL_FILE_NOT_WRITTEN`
 */
export async function writeRotationState(path: string, state: RotationState): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600, overwrite: true });
}

/**
 * Refuses to go on with the rotation of another application.
 *
 * @param state - as it was read
 * @param path - of the state file, for the message
 * @param wanted - the application that is to be rotated
 * @throws {NightlatchError} `OAUTH_ROTATION_OF_ANOTHER`
 */
export function requireSameApplication(
  state: RotationState,
  path: string,
  wanted: { readonly tenantId: string; readonly clientId: string; readonly objectId?: string | undefined },
): void {
  // A tenant may be spelled by its GUID or by a domain: only two GUIDs can be told apart.
  const isComparable = GUID.test(state.tenantId) && GUID.test(wanted.tenantId);
  const differences = [
    ["client id", state.clientId, wanted.clientId],
    ["tenant", state.tenantId, isComparable ? wanted.tenantId : state.tenantId],
    ["object id", state.objectId, wanted.objectId ?? state.objectId],
  ].filter(([, left, right]) => left?.toLowerCase() !== right?.toLowerCase());
  const [first] = differences;
  if (first === undefined) return;
  throw registrationError(
    "OAUTH_ROTATION_OF_ANOTHER",
    `${path} is of another application: ${first[0]} "${first[1]}", not "${first[2]}"`,
    {
      hint:
        state.step === "done"
          ? "Check the client id and the tenant; delete the file if the certificate really serves another application now"
          : undefined,
    },
  );
}

/**
 * Describes a certificate for the state file.
 *
 * @param certificate - the certificate
 * @param keyId - GUID in the directory, where it is known
 * @returns its public facts
 */
export function describeRotated(certificate: Certificate, keyId?: string): RotatedCertificate {
  return {
    subject: certificate.subject,
    thumbprintSha1Hex: certificate.thumbprintSha1.hex,
    thumbprintSha256Hex: certificate.thumbprintSha256.hex,
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
    ...(keyId === undefined ? {} : { keyId }),
  };
}

/**
 * Tells whether a step lies behind.
 *
 * @param state - where the rotation stands
 * @param step - the step
 * @returns whether it is carried out
 */
export function hasReached(state: RotationState, step: RotationStep): boolean {
  return ROTATION_STEPS.indexOf(state.step) >= ROTATION_STEPS.indexOf(step);
}

function parse(text: string): RotationState | undefined {
  try {
    const value = JSON.parse(text) as Partial<RotationState> | null;
    const isKnown =
      value?.version === 1 &&
      ROTATION_STEPS.includes(value.step as RotationStep) &&
      [value.tenantId, value.clientId, value.objectId, value.begunAt].every(isText) &&
      isCertificate(value.old) &&
      (isCertificate(value.new) || value.step === "begun") &&
      (value.overlapMs === undefined || value.overlapMs >= 0);
    return isKnown ? (value as RotationState) : undefined;
  } catch {
    return undefined;
  }
}

function isCertificate(value: RotatedCertificate | undefined): boolean {
  return [value?.subject, value?.thumbprintSha1Hex, value?.thumbprintSha256Hex, value?.notAfter].every(
    isText,
  );
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}
