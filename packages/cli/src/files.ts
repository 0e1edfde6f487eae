/** Files that commands read and write, with errors that name them. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { isNightlatchError, writeFileAtomic } from "@nightlatch/credential";
import type { Context } from "./command.ts";
import { cliError } from "./errors.ts";

/**
 * Reads a file, or standard input when its name is `-`.
 *
 * @param path - file name relative to the working directory, or `-`
 * @param context - the command's surroundings
 * @returns the bytes
 * @throws NightlatchError `CLI_FILE_UNREADABLE` naming the file
 */
export async function readInput(path: string, context: Context): Promise<Buffer> {
  if (path === "-") return context.io.readStdin();
  try {
    return await readFile(resolve(context.cwd, path));
  } catch (cause) {
    throw cliError("CLI_FILE_UNREADABLE", `Cannot read "${path}": ${reasonOf(cause)}`, { cause });
  }
}

/**
 * Writes a file beside its target and renames it, so that nobody ever sees half of it.
 *
 * @param path - file name relative to the working directory
 * @param data - the content
 * @param options - `secret` makes the file readable by its owner only; `force` replaces an existing file
 * @param context - the command's surroundings
 * @returns the absolute path
 * @throws NightlatchError `CLI_FILE_EXISTS`, `CLI_FILE_UNWRITABLE`
 */
export async function writeOutput(
  path: string,
  data: string | Uint8Array,
  options: { readonly secret?: boolean; readonly force?: boolean },
  context: Context,
): Promise<string> {
  const target = resolve(context.cwd, path);
  try {
    await writeFileAtomic(target, data, {
      mode: options.secret === true ? 0o600 : 0o644,
      overwrite: options.force === true,
    });
  } catch (cause) {
    if (isNightlatchError(cause)) throw cause;
    if ((cause as NodeJS.ErrnoException).code === "EEXIST")
      throw cliError("CLI_FILE_EXISTS", `"${path}" is there already`, { cause });
    throw cliError("CLI_FILE_UNWRITABLE", `Cannot write "${path}": ${reasonOf(cause)}`, { cause });
  }
  return target;
}

/** The system's reasons in words. */
export function reasonOf(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  const words: Readonly<Record<string, string>> = {
    ENOENT: "no such file or folder",
    EACCES: "permission denied",
    EPERM: "not permitted",
    EISDIR: "it is a folder",
    ENOTDIR: "a part of the path is not a folder",
    ENOSPC: "no space left on the disk",
    EROFS: "the file system is read-only",
    EMFILE: "too many open files",
    EADDRINUSE: "the port is in use by another program",
  };
  return words[code ?? ""] ?? (cause instanceof Error ? cause.message : String(cause));
}
