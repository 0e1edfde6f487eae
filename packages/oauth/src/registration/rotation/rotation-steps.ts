/**
 * The steps. Each may be carried out again after a crash: it looks at what is there before it does anything, and a
 * request whose answer was lost is looked up before it is sent again.
 */
import { type CertificateCredential, createSelfSigned, isNightlatchError } from "@nightlatch/credential";
import { addKey, findKeys, patchInKey, removeKey } from "../application-keys.ts";
import { registrationError } from "../errors.ts";
import { confirmKey, untilProofIsTaken } from "./key-confirmation.ts";
import { deleteOld, isThere, readKeyFile, switchFiles, writeNext } from "./rotation-files.ts";
import { advance, attempt, type Rotation, readRotated } from "./rotation-run.ts";
import { describeRotated, hasReached } from "./rotation-state.ts";

/** How long a token is waited for that would show that a lost `addKey` was carried out, in milliseconds. */
const LOST_ANSWER_WAIT_MS = 60_000;
const KEY_SIZES = [2048, 3072, 4096];

/**
 * Makes the new key and certificate, or copies those given, into `.new`.
 *
 * @param rotation - where it stands
 */
export async function make(rotation: Rotation): Promise<void> {
  if (hasReached(rotation.state, "made")) return;
  const { files, options, now } = rotation;
  // A file from before a crash is complete: it was written beside and renamed, after the state said "begun".
  if (!(await isThere(files.next))) await writeNext(files, await newContent(rotation));
  const next = await readKeyFile(files.next, options.passphrase, { allowExpired: false, now: now() });
  rotation.next = next.credential;
  await advance(rotation, "made", { new: describeRotated(next.credential.certificate) });
}

/**
 * Registers the new certificate, once.
 *
 * @param rotation - where it stands
 */
export async function register(rotation: Rotation): Promise<void> {
  const { state } = rotation;
  if (hasReached(state, "registered") || state.new === undefined) return;
  const found = await findRegistered(rotation);
  const keyId = found === undefined ? await sendNewKey(rotation) : found.keyId;
  await advance(rotation, "registered", {
    new: { ...state.new, ...(keyId === undefined ? {} : { keyId }) },
  });
}

/**
 * Waits until tokens are issued with the new key.
 *
 * @param rotation - where it stands
 */
export async function confirm(rotation: Rotation): Promise<void> {
  if (hasReached(rotation.state, "confirmed")) return;
  const { doors, patience } = rotation;
  const next = requireNext(rotation);
  const wait = () => confirmKey(doors.clientOf(next), next, doors.scope, patience);
  try {
    await wait();
  } catch (error) {
    if (!isNotConfirmed(error) || !(await isTakenAway(rotation))) throw error;
    // Somebody wrote the whole collection back as it was before: the key is added again.
    rotation.state = { ...rotation.state, step: "made" };
    await register(rotation);
    await wait();
  }
  await advance(rotation, "confirmed");
}

/**
 * Puts the new file in the place of the old.
 *
 * @param rotation - where it stands
 */
export async function switchOver(rotation: Rotation): Promise<void> {
  if (hasReached(rotation.state, "switched")) return;
  const { files, used, now } = rotation;
  const isSwitched = used.credential === rotation.next;
  if (!isSwitched) await switchFiles(files, used.bytes);
  await advance(rotation, "switched", { switchedAt: now().toISOString() });
}

/**
 * Removes the old certificate from the application, when the new one is in the file and signs in.
 *
 * @param rotation - where it stands
 */
export async function removeOld(rotation: Rotation): Promise<void> {
  if (hasReached(rotation.state, "removed")) return;
  const { doors, patience, state, now } = rotation;
  const next = requireNext(rotation);
  await confirmKey(doors.clientOf(next), next, doors.scope, patience);
  const keyIds = await oldKeyIds(rotation);
  const wasAttempted = state.attempted === "removeKey";
  for (const keyId of keyIds) {
    const send = () => removeKey(doors.directoryOf(next), state.objectId, keyId, next, now());
    try {
      await attempt(rotation, "removeKey", () => untilProofIsTaken(patience, send));
    } catch (error) {
      if (!(wasAttempted && isGoneAlready(error))) throw error;
    }
  }
  await advance(rotation, "removed");
}

/**
 * Deletes the old key file; the state file stays as a record for the next rotation.
 *
 * @param rotation - where it stands
 */
export async function finish(rotation: Rotation): Promise<void> {
  await deleteOld(rotation.files);
  await advance(rotation, "done", { doneAt: rotation.now().toISOString() });
}

async function newContent({ options, used, now }: Rotation): Promise<string | Uint8Array> {
  if (options.newCertificatePath !== undefined) {
    const { bytes } = await readKeyFile(options.newCertificatePath, options.passphrase, {
      allowExpired: false,
      now: now(),
    });
    return bytes;
  }
  const { certificate } = used.credential;
  const isEncrypted = options.passphrase !== undefined && used.bytes.includes("ENCRYPTED");
  const made = await createSelfSigned({
    subject: options.subject ?? certificate.subject,
    keySizeBits:
      options.keySizeBits ??
      (KEY_SIZES.includes(certificate.keySizeBits ?? 0) ? certificate.keySizeBits : 2048),
    validDays: options.validDays ?? 365,
    now: now(),
    ...(isEncrypted ? { passphrase: options.passphrase } : {}),
  });
  return made.privateKeyPem + made.certificatePem;
}

async function findRegistered(rotation: Rotation): Promise<{ readonly keyId?: string } | undefined> {
  const { doors, patience, state } = rotation;
  const next = requireNext(rotation);
  const application = await readRotated(rotation);
  if (application !== undefined) return findKeys(application.keys, next.certificate.thumbprintSha1.hex)[0];
  if (state.attempted === undefined) return undefined;
  // Nobody here may read the keys: a token says as much.
  try {
    const waitMs = Math.min(patience.waitMs, LOST_ANSWER_WAIT_MS);
    await confirmKey(doors.clientOf(next), next, doors.scope, { ...patience, waitMs });
    return {};
  } catch (error) {
    if (isNotConfirmed(error)) return undefined;
    throw error;
  }
}

/** Whether the new certificate, which was registered, is no longer in the directory. */
async function isTakenAway(rotation: Rotation): Promise<boolean> {
  const application = await readRotated(rotation);
  const { thumbprintSha1 } = requireNext(rotation).certificate;
  return application !== undefined && findKeys(application.keys, thumbprintSha1.hex).length === 0;
}

async function sendNewKey(rotation: Rotation): Promise<string | undefined> {
  const { doors, used, state, now } = rotation;
  const { certificate } = requireNext(rotation);
  const method = state.method ?? "addKey";
  const send = (): Promise<string | undefined> => {
    const { credential } = used;
    if (method === "addKey")
      return addKey(doors.directoryOf(credential), state.objectId, certificate, credential, now());
    if (doors.administrator !== undefined)
      return patchInKey(doors.administrator, state.objectId, certificate, now());
    throw registrationError("OAUTH_ROTATION_NO_VALID_KEY", "The certificate in use does not sign in");
  };
  try {
    return await attempt(rotation, method, send);
  } catch (error) {
    if (!isAnswerLost(error)) throw error;
    const found = await findRegistered(rotation);
    if (found === undefined) throw error;
    return found.keyId;
  }
}

async function oldKeyIds(rotation: Rotation): Promise<readonly string[]> {
  const { options, state } = rotation;
  const application = await readRotated(rotation);
  if (application !== undefined)
    return findKeys(application.keys, state.old.thumbprintSha1Hex).map(({ keyId }) => keyId);
  const keyId = options.oldKeyId ?? state.old.keyId;
  if (keyId === undefined)
    throw registrationError(
      "OAUTH_KEY_ID_NEEDED",
      `Cannot look up the key id of certificate ${state.old.thumbprintSha1Hex}, which is to be removed`,
    );
  if (keyId.toLowerCase() === state.new?.keyId?.toLowerCase())
    throw registrationError(
      "OAUTH_KEY_ID_NEEDED",
      `"${keyId}" is the key id of the new certificate, not of the old`,
    );
  return [keyId];
}

function requireNext(rotation: Rotation): CertificateCredential {
  if (rotation.next === undefined) throw new TypeError("The new certificate is not made yet");
  return rotation.next;
}

function isNotConfirmed(error: unknown): boolean {
  return isNightlatchError(error) && error.code === "OAUTH_ROTATION_NOT_CONFIRMED";
}

function isAnswerLost(error: unknown): boolean {
  return (
    isNightlatchError(error) &&
    error.code.startsWith("OAUTH_NETWORK_") &&
    error.details["answerLost"] !== false
  );
}

/** What Graph says of a keyId that is not there. */
function isGoneAlready(error: unknown): boolean {
  return (
    isNightlatchError(error) &&
    error.code === "OAUTH_DIRECTORY_REFUSED" &&
    [400, 404].includes(Number(error.details["status"]))
  );
}
