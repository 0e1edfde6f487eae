/** Where this user's Nightlatch keeps things, the certificate authority of emulators first of all. */
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Context } from "./command.ts";

/**
 * Names the folder in which Nightlatch keeps what belongs to this user.
 *
 * @param env - `NIGHTLATCH_HOME` replaces `~/.nightlatch`
 * @returns absolute path
 */
export function nightlatchHome(env: Readonly<Record<string, string | undefined>>): string {
  return resolve(env["NIGHTLATCH_HOME"] || join(homedir(), ".nightlatch"));
}

/**
 * Names the folder in which emulators of this user keep their authority and keys.
 *
 * @param env - `NIGHTLATCH_HOME` replaces `~/.nightlatch`
 * @returns absolute path
 */
export function emulatorHome(env: Readonly<Record<string, string | undefined>>): string {
  return join(nightlatchHome(env), "emulator");
}

/**
 * Reads the certificate of the emulator's authority.
 *
 * @param context - the command's surroundings
 * @returns PEM text, or undefined when no emulator was ever started here
 */
export async function emulatorCaPem(context: Context): Promise<string | undefined> {
  try {
    return await readFile(join(emulatorHome(context.env), "ca.pem"), "utf8");
  } catch {
    return undefined;
  }
}
