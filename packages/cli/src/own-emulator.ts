/** Emulators that a command starts itself. */
import { resolve } from "node:path";
import { isNightlatchError, NightlatchError } from "@nightlatch/credential";
import type { EmulatorOptions, RunningEmulator } from "@nightlatch/emulator";
import type { Context } from "./command.ts";
import { emulatorHome } from "./emulator-home.ts";
import { CLI_ERRORS, cliError } from "./errors.ts";
import { reasonOf, requireFileName, requireFolder } from "./files.ts";

/**
 * Starts an emulator with the certificate authority of this user.
 *
 * @param options - seed, ports, folder of its data; absolute paths
 * @param context - the command's surroundings; `NIGHTLATCH_HOME` says where the authority is
 * @returns the emulator
 * @throws NightlatchError `CLI_FILE_UNWRITABLE`, `EMULATOR_…`
 */
export async function startOwnEmulator(options: EmulatorOptions, context: Context): Promise<RunningEmulator> {
  if (options.dataDir !== undefined) await requireFolder(options.dataDir, context);
  const stateDir = options.stateDir ?? emulatorHome(context.env);
  const { startEmulator } = await import("@nightlatch/emulator");
  try {
    return await startEmulator({ ...options, stateDir });
  } catch (cause) {
    if (
      isNightlatchError(cause) &&
      cause.code === "EMULATOR_STATE_UNREADABLE" &&
      /^Cannot make /.test(cause.message)
    )
      throw new NightlatchError(CLI_ERRORS, "CLI_FILE_UNWRITABLE", cause.message, {
        hint: "Set NIGHTLATCH_HOME to a folder that this user may write to",
        cause,
      });
    throw cause;
  }
}

/**
 * Names the seed file.
 *
 * @param seed - as given
 * @param context - the command's surroundings
 * @returns its absolute path; undefined when none was given
 * @throws NightlatchError `CLI_FILE_UNREADABLE` for a seed in the place of its name: it may hold secrets
 */
export function seedFile(seed: string | undefined, context: Context): string | undefined {
  if (seed === undefined) return undefined;
  requireFileName(seed, context);
  return resolve(context.cwd, seed);
}

/**
 * Stops an emulator; what it was to keep is on the disk then.
 *
 * @param emulator - running
 * @param dataDir - folder of its data, when it has one
 * @throws NightlatchError `CLI_DATA_LOST`
 */
export async function stopOwnEmulator(emulator: RunningEmulator, dataDir: string | undefined): Promise<void> {
  try {
    await emulator.close();
  } catch (cause) {
    if (dataDir === undefined) throw cause;
    throw cliError("CLI_DATA_LOST", `Cannot keep the emulator's data in "${dataDir}": ${reasonOf(cause)}`, {
      cause,
    });
  }
}
