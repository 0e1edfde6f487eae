/** Where an emulator of this user keeps its certificate authority. */
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Context } from "./command.ts";

/**
 * Names the folder in which emulators of this user keep their authority and keys.
 *
 * @param env - `NIGHTLATCH_HOME` replaces `~/.nightlatch`
 * @returns absolute path
 */
export function emulatorHome(env: Readonly<Record<string, string | undefined>>): string {
  return join(env["NIGHTLATCH_HOME"] ?? join(homedir(), ".nightlatch"), "emulator");
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
