/** What the steps of a rotation share: options, files, doors, the file in use, and the state. */
import { type CertificateCredential, isNightlatchError, NightlatchError } from "@nightlatch/credential";
import { OAUTH_ERRORS } from "../../errors.ts";
import type { ApplicationWithKeys } from "../application-keys.ts";
import { registrationError } from "../errors.ts";
import type { RotationOptions } from "../rotate-certificate.ts";
import type { Patience } from "./key-confirmation.ts";
import { openRotationDoors, type RotationDoors } from "./rotation-doors.ts";
import { isThere, type RotationFiles, readKeyFile, type UsedFile } from "./rotation-files.ts";
import {
  hasReached,
  type RotationState,
  type RotationStep,
  readRotationState,
  requireSameApplication,
  writeRotationState,
} from "./rotation-state.ts";

/** What is known before anything is done. */
export interface Situation {
  readonly options: RotationOptions;
  readonly files: RotationFiles;
  readonly doors: RotationDoors;
  readonly now: () => Date;
  readonly patience: Patience;
  /** The file that programs read. */
  used: UsedFile;
  /** State of this rotation, or of the one before when that is done. */
  readonly record: RotationState | undefined;
}

/** A rotation that has begun. */
export interface Rotation extends Situation {
  state: RotationState;
  /** The new key and certificate, once they are made. */
  next: CertificateCredential | undefined;
}

const DEFAULT_WAIT_MS = 600_000;
const REFUSALS = ["OAUTH_DIRECTORY_REFUSED", "OAUTH_PROOF_REFUSED"];

/**
 * Looks at the files.
 *
 * @param options - as called
 * @param files - of the rotation
 * @returns what is there
 * @throws {NightlatchError} `OAUTH_ROTATION_…`, `CREDENTIAL_…`
 */
export async function lookAround(options: RotationOptions, files: RotationFiles): Promise<Situation> {
  const now = options.now ?? (() => new Date());
  const record = await readRotationState(files.state);
  if (record !== undefined) requireSameApplication(record, files.state, options);
  const used = await readKeyFile(files.certificate, options.passphrase, { allowExpired: true, now: now() });
  const patience: Patience = {
    waitMs: options.waitMs ?? DEFAULT_WAIT_MS,
    firstPauseMs: options.firstPauseMs ?? 1_000,
    signal: options.signal,
    onWait: (reason, delayMs) => void options.onEvent?.({ kind: "waiting", reason, delayMs }),
  };
  return { options, files, doors: openRotationDoors(options), now, patience, used, record };
}

/**
 * Goes on with a rotation that an earlier call began.
 *
 * @param situation - with an open record
 * @param state - that record
 * @returns the rotation
 * @throws {NightlatchError} `OAUTH_ROTATION_STATE_UNFIT`: the files are not those that the state tells of
 */
export async function resumeRotation(situation: Situation, state: RotationState): Promise<Rotation> {
  const { files, used, options, now } = situation;
  const inUse = used.credential.certificate.thumbprintSha256.hex;
  const isNew = inUse === state.new?.thumbprintSha256Hex;
  const isOld = inUse === state.old.thumbprintSha256Hex;
  const fits = isNew ? hasReached(state, "confirmed") : isOld && !hasReached(state, "switched");
  if (!fits)
    throw doesNotFit(files, state, isOld ? "the old" : isNew ? "the new" : "neither the old nor the new");
  if (isNew) return { ...situation, state, next: used.credential };
  if (!hasReached(state, "made")) return { ...situation, state, next: undefined };
  if (!(await isThere(files.next)))
    throw registrationError("OAUTH_ROTATION_STATE_UNFIT", `${files.next} with the new key is missing`, {
      hint: `Put it back; if it is lost, delete ${files.state} and rotate again, and remove the key that was added from the application`,
      details: { state },
    });
  const { credential } = await readKeyFile(files.next, options.passphrase, {
    allowExpired: false,
    now: now(),
  });
  if (credential.certificate.thumbprintSha256.hex !== state.new?.thumbprintSha256Hex)
    throw registrationError(
      "OAUTH_ROTATION_STATE_UNFIT",
      `${files.next} is not the certificate of the rotation`,
    );
  return { ...situation, state, next: credential };
}

/**
 * Writes down that a step is carried out.
 *
 * @param rotation - its state is changed
 * @param step - what is done now
 * @param facts - further members of the state
 * @throws {NightlatchError} `CREDENTIAL_FILE_NOT_WRITTEN`, `OAUTH_ABORTED`
 */
export async function advance(
  rotation: Rotation,
  step: RotationStep,
  facts: Partial<RotationState> = {},
): Promise<void> {
  const { options, files } = rotation;
  await options.onEvent?.({ kind: "acted", step });
  const overlapMs = options.overlapMs ?? rotation.state.overlapMs;
  rotation.state = { ...rotation.state, overlapMs, ...facts, step, attempted: undefined };
  await writeRotationState(files.state, rotation.state);
  await options.onEvent?.({ kind: "recorded", step });
  if (options.signal?.aborted === true)
    throw new NightlatchError(
      OAUTH_ERRORS,
      "OAUTH_ABORTED",
      `The rotation was interrupted after the step "${step}"`,
      {
        cause: options.signal.reason,
        hint: "Run the same command again: it goes on where it stopped",
      },
    );
}

/**
 * Sends a request that changes keys. Before it is sent the state says that it may have been carried out; a refusal
 * takes that back, since it is an answer.
 *
 * @param rotation - its state is changed
 * @param attempted - which request
 * @param send - sends it
 * @returns what `send` gives
 */
export async function attempt<Value>(
  rotation: Rotation,
  attempted: "addKey" | "patch" | "removeKey",
  send: () => Promise<Value>,
): Promise<Value> {
  const record = async (which: RotationState["attempted"]): Promise<void> => {
    rotation.state = { ...rotation.state, attempted: which };
    await writeRotationState(rotation.files.state, rotation.state);
  };
  await record(attempted);
  try {
    return await send();
  } catch (error) {
    if (isNightlatchError(error) && REFUSALS.includes(error.code)) await record(undefined);
    throw error;
  }
}

/**
 * Reads the application of a rotation, with a token that signs in at this point.
 *
 * @param rotation - where it stands
 * @returns `undefined` when no token at hand may read it
 */
export async function readRotated(rotation: Rotation): Promise<ApplicationWithKeys | undefined> {
  return rotation.doors.readApplication({ objectId: rotation.state.objectId }, signingCredential(rotation));
}

/** The certificate with which the application signs in now: not the new one before it is confirmed. */
function signingCredential(rotation: Rotation): CertificateCredential | undefined {
  if (hasReached(rotation.state, "confirmed")) return rotation.next;
  return rotation.state.method === "patch" ? undefined : rotation.used.credential;
}

function doesNotFit(files: RotationFiles, state: RotationState, which: string): Error {
  return registrationError(
    "OAUTH_ROTATION_STATE_UNFIT",
    `${files.certificate} holds ${which} certificate, which does not fit step "${state.step}" of ${files.state}`,
    {
      hint: `Put the certificate back that the state file names; if the rotation was given up, delete ${files.state} and the files .new and .old`,
      details: { state },
    },
  );
}
