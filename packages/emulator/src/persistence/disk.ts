/** Writing files so that they are whole or absent, and saying in one sentence why they cannot be written. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EmulatorError } from "../errors.ts";

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the quota of the disk is used up",
  EFBIG: "the file would be too large",
  EROFS: "the file system is read-only",
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  ENOENT: "the directory is gone",
};

/**
 * Puts a failure to write into words.
 *
 * @param path - file or directory
 * @param cause - what the system said
 * @returns `EMULATOR_DATA_UNWRITABLE`, to be thrown
 */
export function unwritable(path: string, cause: unknown): EmulatorError {
  if (cause instanceof EmulatorError) return cause;
  const { code = "" } = cause as NodeJS.ErrnoException;
  const reason = REASONS[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new EmulatorError("EMULATOR_DATA_UNWRITABLE", `Cannot write "${path}": ${reason}`, {
    details: { path, systemCode: code },
    cause,
  });
}

/**
 * Replaces a file: written beside, synced, renamed. When that fails the old file stays and nothing is left beside it.
 *
 * @param directory - where it lies
 * @param name - of the file
 * @param text - new content
 * @throws {EmulatorError} `EMULATOR_DATA_UNWRITABLE`
 */
export function replaceDurably(directory: string, name: string, text: string): void {
  const path = join(directory, name);
  const besidePath = `${path}.new`;
  try {
    writeSynced(besidePath, text);
    renameSync(besidePath, path);
    syncDirectory(directory);
  } catch (error) {
    rmSync(besidePath, { force: true });
    throw unwritable(path, error);
  }
}

function writeSynced(path: string, text: string): void {
  const file = openSync(path, "w", 0o600);
  try {
    // Unlike writeSync, this goes on until every byte is written.
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function syncDirectory(path: string): void {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
