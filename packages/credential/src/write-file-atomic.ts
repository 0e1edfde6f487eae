/** Writes a file so that at no instant a half of it can be seen, and a key never with a wider mode than asked for. */
import { randomBytes } from "node:crypto";
import { link, lstat, open, realpath, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { refusal } from "./refusal.ts";

/** Options of {@link writeFileAtomic}. */
export interface WriteFileOptions {
  /** Permission bits. @defaultValue 0o600: the owner alone */
  readonly mode?: number | undefined;
  /** Whether a file of that name may be replaced. @defaultValue false */
  readonly overwrite?: boolean | undefined;
}

/**
 * Writes a file beside its place and then moves it there.
 *
 * @param path - where the file is to stand; a link is followed
 * @param data - text (UTF-8) or bytes
 * @param options - permission bits, whether to replace
 * @throws {@link NightlatchError} `CREDENTIAL_FILE_EXISTS`, `CREDENTIAL_FILE_NOT_WRITTEN` (also when the place is
 *   taken by a device, a pipe or a folder); nothing is left behind
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mkdtemp, readFile } from "node:fs/promises";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { writeFileAtomic } from "@nightlatch/credential";
 *
 * const path = join(await mkdtemp(join(tmpdir(), "nightlatch-")), "cert.pem");
 * await writeFileAtomic(path, "text", { mode: 0o644 });
 * assert.equal(await readFile(path, "utf8"), "text");
 * await assert.rejects(writeFileAtomic(path, "other"), { code: "CREDENTIAL_FILE_EXISTS" });
 * ```
 */
export async function writeFileAtomic(
  path: string,
  data: string | Uint8Array,
  options: WriteFileOptions = {},
): Promise<void> {
  const mode = options.mode ?? 0o600;
  let temporary: string | undefined;
  try {
    const target = options.overwrite === true ? await replaceable(path) : path;
    const beside = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}.tmp`);
    const file = await open(beside, "wx", mode);
    temporary = beside;
    try {
      await file.writeFile(data);
      // The mask of the process may have taken bits away.
      await file.chmod(mode);
      await file.sync();
    } finally {
      await file.close();
    }
    if (options.overwrite === true) {
      await rename(beside, target);
      temporary = undefined;
    } else await moveWithoutReplacing(beside, target);
    await syncFolder(dirname(target));
  } catch (error) {
    throw notWritten(path, error);
  } finally {
    if (temporary !== undefined) await unlink(temporary).catch(() => undefined);
  }
}

/** Follows a link, and refuses to put a file in the place of a device, a pipe, a socket or a folder. */
async function replaceable(path: string): Promise<string> {
  const target = await realpath(path).catch(() => path);
  const there = await lstat(target).catch(() => undefined);
  if (there === undefined || there.isFile()) return target;
  const kind = there.isDirectory() ? "EISDIR" : "ENOTREG";
  throw Object.assign(new Error(`${target} is not a regular file`), { code: kind });
}

/** `rename` replaces silently; `link` does not. Where a file system has no links, creating the name is the guard. */
async function moveWithoutReplacing(temporary: string, target: string): Promise<void> {
  try {
    await link(temporary, target);
  } catch (error) {
    const errno = (error as NodeJS.ErrnoException).code;
    if (errno !== "EPERM" && errno !== "ENOTSUP" && errno !== "ENOSYS" && errno !== "EMLINK") throw error;
    await (await open(target, "wx", 0o600)).close();
    await rename(temporary, target);
  }
}

/** Makes the new name itself last; not every system can do this with a folder. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // The file is written; only its survival of a power cut is less sure.
  }
}

function notWritten(path: string, error: unknown): Error {
  const errno = (error as NodeJS.ErrnoException).code ?? "unknown";
  if (errno === "EEXIST")
    return refusal("CREDENTIAL_FILE_EXISTS", `Cannot write ${path}: it exists already`, {
      details: { path },
    });
  return refusal("CREDENTIAL_FILE_NOT_WRITTEN", `Cannot write ${path} (${errno})`, {
    details: { path, errno },
    cause: error,
  });
}
