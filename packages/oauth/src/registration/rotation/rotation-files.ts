/**
 * The files of a rotation, all beside the certificate: `.new` until the switch, `.old` from the switch to the end,
 * `.rotation.json` says where it stands, `.rotation.lock` keeps a second process away. Each that holds a key is 0600
 * or as narrow as the certificate itself.
 */
import { chmod, chown, open, readdir, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type CertificateCredential, readCredential, writeFileAtomic } from "@nightlatch/credential";
import { registrationError } from "../errors.ts";

/** Absolute paths; links are followed, so that the link stays a link. */
export interface RotationFiles {
  /** The file that programs read. */
  readonly certificate: string;
  /** The new key and certificate before the switch. */
  readonly next: string;
  /** The old key and certificate after the switch. */
  readonly old: string;
  readonly state: string;
  readonly lock: string;
}

/** Content of the file that programs read. */
export interface UsedFile {
  readonly bytes: Buffer;
  readonly credential: CertificateCredential;
}

/**
 * Names the files.
 *
 * @param certificatePath - the file in use
 * @returns paths beside it
 * @throws {NightlatchError} `OAUTH_ROTATION_FILE_UNFIT`: it is not there
 */
export async function locateRotationFiles(certificatePath: string): Promise<RotationFiles> {
  const certificate = await realpath(certificatePath).catch((cause: NodeJS.ErrnoException) => {
    throw registrationError("OAUTH_ROTATION_FILE_UNFIT", `Cannot find ${certificatePath} (${cause.code})`, {
      cause,
      hint: "Check the path of the certificate",
    });
  });
  return {
    certificate,
    next: `${certificate}.new`,
    old: `${certificate}.old`,
    state: `${certificate}.rotation.json`,
    lock: `${certificate}.rotation.lock`,
  };
}

/**
 * Reads a key and certificate from one file.
 *
 * @param path - of the file
 * @param passphrase - of its key
 * @param options - whether a certificate outside its validity is taken, and the instant
 * @returns bytes and credential
 * @throws {NightlatchError} `CREDENTIAL_…` that names the file and the mistake
 */
export async function readKeyFile(
  path: string,
  passphrase: string | undefined,
  options: { readonly allowExpired: boolean; readonly now: Date },
): Promise<UsedFile> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw registrationError("OAUTH_ROTATION_FILE_UNFIT", `Cannot read ${path} (${cause.code})`, { cause });
  });
  const credential = await readCredential(bytes, { passphrase, sourceName: path, ...options });
  return { bytes, credential };
}

/**
 * Tells whether a file exists.
 *
 * @param path - of the file
 * @returns true for anything of that name
 */
export async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/**
 * Refuses to begin where the switch at the end could not be made, or would overwrite what somebody put there.
 *
 * @param files - of the rotation
 * @throws {NightlatchError} `OAUTH_ROTATION_FILE_UNFIT`
 */
export async function requireFree(files: RotationFiles): Promise<void> {
  for (const path of [files.next, files.old])
    if (await isThere(path))
      throw registrationError(
        "OAUTH_ROTATION_FILE_UNFIT",
        `${path} is there already, and no rotation is open`,
        {
          hint: "Move the file away after a look at what it holds",
        },
      );
  const { uid } = await stat(files.certificate);
  const own = process.getuid?.();
  if (own !== undefined && own !== 0 && own !== uid)
    throw registrationError(
      "OAUTH_ROTATION_FILE_UNFIT",
      `${files.certificate} belongs to user ${uid}, this is user ${own}: the file put in its place would belong to another`,
      { hint: "Rotate as the user who owns the certificate file, or as root" },
    );
}

/**
 * Writes the new key and certificate beside the certificate, with its owner and group; a group that may read the old
 * file may read the new one, everybody may not.
 *
 * @param files - of the rotation
 * @param content - PEM text or the bytes of a file
 */
export async function writeNext(files: RotationFiles, content: string | Uint8Array): Promise<void> {
  await writeFileAtomic(files.next, content, { mode: 0o600, overwrite: true });
}

/**
 * Puts the new file in the place of the old: one rename, so that a reader gets the one or the other, whole. The old
 * one is kept as `.old`.
 *
 * @param files - of the rotation
 * @param used - bytes of the old file
 */
export async function switchFiles(files: RotationFiles, used: Uint8Array): Promise<void> {
  await writeFileAtomic(files.old, used, { mode: 0o600, overwrite: true });
  const { uid, gid, mode } = await stat(files.certificate);
  const isForAll = (mode & 0o007) !== 0;
  // The owner only where it differs: not everybody may give files away, even to themselves.
  const next = await stat(files.next);
  if (next.uid !== uid || next.gid !== gid) await chown(files.next, uid, gid);
  await chmod(files.next, isForAll ? 0o600 : 0o600 | (mode & 0o040));
  await rename(files.next, files.certificate);
  await syncFolder(dirname(files.certificate));
}

/**
 * Deletes the old key.
 *
 * @param files - of the rotation
 */
export async function deleteOld(files: RotationFiles): Promise<void> {
  await rm(files.old, { force: true });
}

/**
 * Deletes what a killed process was about to write: parts of these very files, never renamed into place.
 *
 * @param files - of the rotation
 */
export async function deleteUnfinished(files: RotationFiles): Promise<void> {
  const folder = dirname(files.certificate);
  const names = [files.next, files.old, files.state].map((path) => basename(path));
  for (const name of await readdir(folder)) {
    const isOurs = names.some((one) => name.startsWith(`.${one}.`) && /\.[0-9a-f]{12}\.tmp$/.test(name));
    if (isOurs) await rm(join(folder, name), { force: true });
  }
}

async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
  } catch {
    // Not every system can do this with a folder; the rename itself has happened.
  }
}
