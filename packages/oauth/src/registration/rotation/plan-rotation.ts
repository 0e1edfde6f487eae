/** What is settled before a rotation begins: how the new key gets in, which application, which old key, which new file. */
import { checkExpiry, isNightlatchError } from "@nightlatch/credential";
import { requestTokenByClientCredentials } from "../../client-credentials/request.ts";
import { type ApplicationKey, type ApplicationWithKeys, findKeys } from "../application-keys.ts";
import { registrationError } from "../errors.ts";
import { readKeyFile, requireFree } from "./rotation-files.ts";
import type { Situation } from "./rotation-run.ts";

/** A rotation that can begin. */
export interface RotationPlan {
  readonly method: "addKey" | "patch";
  readonly objectId: string;
  /** Of the certificate in use; `undefined` when it is not registered or not known. */
  readonly oldKeyId: string | undefined;
  /** `undefined` where no token at hand may read them. */
  readonly keys: readonly ApplicationKey[] | undefined;
}

/** Refusals of the key itself, after which only an administrator can help. */
const KEY_REFUSALS = [700027, 50012, 7000274, 7000277];

/**
 * Tells whether the certificate in use is due.
 *
 * @param situation - file in use and `ifDue`
 * @returns true also when nobody asked
 * @throws {NightlatchError} `CREDENTIAL_THRESHOLD_INVALID`
 */
export function isDue({ options, used, now }: Situation): boolean {
  const { ifDue } = options;
  if (ifDue === undefined || ifDue === false) return true;
  const threshold = ifDue === true ? undefined : ifDue;
  const { state } = checkExpiry(used.credential.certificate, { threshold, now: now() });
  return state === "due" || state === "expired";
}

/**
 * Settles everything that can be refused, before anything is changed.
 *
 * @param situation - without an open rotation
 * @returns the plan
 * @throws {NightlatchError} `OAUTH_ROTATION_…`, `OAUTH_OBJECT_ID_…`, `OAUTH_KEY_ID_NEEDED`, `CREDENTIAL_…`, refusals
 */
export async function planRotation(situation: Situation): Promise<RotationPlan> {
  const { options, files, used } = situation;
  await requireFree(files);
  await requireNewCertificate(situation);
  const method = await chooseMethod(situation);
  const application = await findApplication(situation, method);
  const objectId = application?.objectId ?? options.objectId ?? situation.record?.objectId;
  if (objectId === undefined)
    throw registrationError(
      "OAUTH_OBJECT_ID_NEEDED",
      `Cannot look up the object id of client "${options.clientId}": its token may not read applications`,
    );
  const oldKeyId = knownKeyId(situation, application);
  if (oldKeyId === undefined && application === undefined && options.overlapMs === 0)
    throw registrationError(
      "OAUTH_KEY_ID_NEEDED",
      `Cannot look up the key id of certificate ${used.credential.certificate.thumbprintSha1.hex}, which is to be removed`,
    );
  return { method, objectId, oldKeyId, keys: application?.keys };
}

async function requireNewCertificate(situation: Situation): Promise<void> {
  const { options, used, now } = situation;
  const { certificate } = used.credential;
  if (options.newCertificatePath !== undefined) {
    const given = await readKeyFile(options.newCertificatePath, options.passphrase, {
      allowExpired: false,
      now: now(),
    });
    if (given.credential.certificate.thumbprintSha256.hex === certificate.thumbprintSha256.hex)
      throw registrationError(
        "OAUTH_ROTATION_SAME_CERTIFICATE",
        `"${options.newCertificatePath}" holds the certificate that is in use, ${certificate.thumbprintSha1.hex}`,
      );
    return;
  }
  if (!isPem(used.bytes))
    throw registrationError(
      "OAUTH_ROTATION_FILE_UNFIT",
      `${situation.files.certificate} is no PEM file, and the certificate that is made comes as PEM`,
      { hint: "Make a new file of the same kind and pass it with --new-certificate" },
    );
  if (!certificate.isSelfSigned && options.subject === undefined)
    throw registrationError(
      "OAUTH_ROTATION_FILE_UNFIT",
      `${situation.files.certificate} was issued by "${certificate.issuer}", and the certificate that is made is self-signed`,
      {
        hint: "Pass a new certificate of that authority with --new-certificate, or --subject when a self-signed one will do",
      },
    );
}

/**
 * Chooses how the new key gets in. A proof needs a key that signs in now: whether it does is asked, not guessed.
 *
 * @param situation - file in use, and whether there is an administrator
 * @returns `patch` only when the key in use does not sign in
 * @throws {NightlatchError} `OAUTH_ROTATION_NO_VALID_KEY`, refusals that are not about the key
 */
export async function chooseMethod({ options, doors, used, now }: Situation): Promise<"addKey" | "patch"> {
  const { certificate } = used.credential;
  let cause: unknown;
  if (now().getTime() < certificate.notAfter.getTime()) {
    try {
      const { scope, clientOf } = doors;
      await requestTokenByClientCredentials(clientOf(used.credential), { scope }, { signal: options.signal });
      return "addKey";
    } catch (error) {
      if (!isKeyRefused(error)) throw error;
      cause = error;
    }
  }
  if (doors.administrator !== undefined) return "patch";
  throw registrationError(
    "OAUTH_ROTATION_NO_VALID_KEY",
    cause === undefined
      ? `The certificate in use, ${certificate.thumbprintSha1.hex}, expired at ${certificate.notAfter.toISOString()}`
      : `The certificate in use, ${certificate.thumbprintSha1.hex}, is refused by the token endpoint`,
    { cause },
  );
}

async function findApplication(
  { options, doors, used, record }: Situation,
  method: "addKey" | "patch",
): Promise<ApplicationWithKeys | undefined> {
  const { clientId } = options;
  const objectId = options.objectId ?? record?.objectId;
  const credential = method === "addKey" ? used.credential : undefined;
  if (objectId === undefined) return doors.readApplication({ clientId }, credential);
  const application = await doors.readApplication({ objectId }, credential).catch((cause: unknown) => {
    if (!isNightlatchError(cause) || cause.details["status"] !== 404) throw cause;
    throw registrationError("OAUTH_OBJECT_ID_UNFIT", `No application has the object id "${objectId}"`, {
      cause,
    });
  });
  if (application !== undefined && application.appId.toLowerCase() !== clientId.toLowerCase())
    throw registrationError(
      "OAUTH_OBJECT_ID_UNFIT",
      `The object id "${objectId}" belongs to client "${application.appId}", not to "${clientId}"`,
    );
  return application;
}

function knownKeyId(
  { options, used, record }: Situation,
  application: ApplicationWithKeys | undefined,
): string | undefined {
  const { certificate } = used.credential;
  if (application !== undefined) return findKeys(application.keys, certificate.thumbprintSha1.hex)[0]?.keyId;
  if (options.oldKeyId !== undefined) return options.oldKeyId;
  return record?.new?.thumbprintSha256Hex === certificate.thumbprintSha256.hex ? record.new.keyId : undefined;
}

function isKeyRefused(error: unknown): boolean {
  if (!isNightlatchError(error) || error.code !== "OAUTH_REFUSED") return false;
  const numbers = (error.details["aadstsCodes"] ?? []) as readonly number[];
  return numbers.some((number) => KEY_REFUSALS.includes(number));
}

function isPem(bytes: Buffer): boolean {
  return bytes.includes("-----BEGIN ") || bytes.includes("-----BEGIN ", 0, "utf16le");
}
