/**
 * One rotation of a certificate at a time. The lock is a file with the process's id; it counts as left behind when
 * that process is gone, or when nobody has touched the file for a minute (its id may have been given to another).
 */
import { open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { registrationError } from "../errors.ts";

const TOUCH_INTERVAL_MS = 10_000;
const LEFT_BEHIND_AFTER_MS = 60_000;
/** Locks of this very process, by path. */
const heldHere = new Set<string>();

/**
 * Takes the lock.
 *
 * @param path - of the lock file
 * @returns gives the lock back
 * @throws {NightlatchError} `OAUTH_ROTATION_UNDER_WAY`: another process holds it
 */
export async function lockRotation(path: string): Promise<() => Promise<void>> {
  const own = JSON.stringify({ pid: process.pid, host: hostname(), at: new Date().toISOString() });
  if (!(await createLock(path, own))) {
    await removeLeftBehind(path);
    if (!(await createLock(path, own))) throw underWay(path);
  }
  heldHere.add(path);
  const timer = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, TOUCH_INTERVAL_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    heldHere.delete(path);
    await rm(path, { force: true });
  };
}

async function createLock(path: string, content: string): Promise<boolean> {
  try {
    const file = await open(path, "wx", 0o600);
    await file.writeFile(content);
    await file.close();
    return true;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    throw registrationError("OAUTH_ROTATION_FILE_UNFIT", `Cannot write ${path} (${code})`, {
      cause,
      hint: "Rotate as a user who may write into the folder of the certificate",
    });
  }
}

async function removeLeftBehind(path: string): Promise<void> {
  const seen = await readFile(path, "utf8").catch(() => undefined);
  if (seen === undefined) return;
  if (!(await isLeftBehind(path, seen))) throw underWay(path);
  // Moved away before it is looked at again: of two that find it left behind, only one gets it.
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const moved = await readFile(aside, "utf8").catch(() => undefined);
  await rm(aside, { force: true });
  if (moved !== seen) throw underWay(path);
}

async function isLeftBehind(path: string, content: string): Promise<boolean> {
  const ageMs =
    Date.now() -
    (await stat(path)
      .then(({ mtimeMs }) => mtimeMs)
      .catch(() => 0));
  if (ageMs > LEFT_BEHIND_AFTER_MS) return true;
  const { pid, host } = parse(content);
  if (host !== hostname() || typeof pid !== "number") return false;
  // In a container a restarted program often gets the same id again.
  if (pid === process.pid) return !heldHere.has(path);
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

function parse(content: string): { readonly pid?: unknown; readonly host?: unknown } {
  try {
    return (JSON.parse(content) ?? {}) as { pid?: unknown; host?: unknown };
  } catch {
    return {};
  }
}

function underWay(path: string): Error {
  return registrationError("OAUTH_ROTATION_UNDER_WAY", `Another process holds ${path}`, {
    details: { path },
  });
}
