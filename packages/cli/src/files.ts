/** Files that commands read and write, with errors that name them. */
import { constants, existsSync } from "node:fs";
import { type FileHandle, lstat, open, realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { isNightlatchError, type NightlatchError, writeFileAtomic } from "@nightlatch/credential";
import type { Context } from "./command.ts";
import { cliError } from "./errors.ts";
import type { IoStreams } from "./io-streams.ts";
import { looksLikeContent } from "./pasted-secrets.ts";

const mostBytes = 256 * 2 ** 20;
const stdinReaders = new WeakSet<IoStreams>();

/**
 * Reads a file, or standard input when its name is `-`. Pipes and descriptors (`/dev/fd/3`) are files as well.
 *
 * @param path - file name relative to the working directory, or `-`
 * @param context - the command's surroundings
 * @returns the bytes
 * @throws NightlatchError `CLI_FILE_UNREADABLE` naming the file, `CLI_USAGE` when standard input was named twice
 */
export async function readInput(path: string, context: Context): Promise<Buffer> {
  if (path === "-") return readStdin(context);
  requireFileName(path, context);
  try {
    return await interruptible(readLimited(resolve(context.cwd, path), context.signal), context.signal);
  } catch (cause) {
    if (isNightlatchError(cause)) throw cause;
    throw cliError("CLI_FILE_UNREADABLE", `Cannot read "${path}": ${reasonOf(cause)}`, { cause });
  }
}

/**
 * Refuses what is the content of a file in the place of its name, without quoting it: it may be a private key.
 *
 * @param path - as given
 * @param context - the command's surroundings
 * @throws NightlatchError `CLI_FILE_UNREADABLE`
 */
export function requireFileName(path: string, context: Context): void {
  if (!looksLikeContent(path) || existsSync(resolve(context.cwd, path))) return;
  throw cliError(
    "CLI_FILE_UNREADABLE",
    `The name of a file was wanted, and its content was given (${path.length} characters, not shown)`,
    {
      hint: "Write it to a file that only you may read and give that name, or give - and the content on standard input",
    },
  );
}

/**
 * Reads one secret: the content without the line feed that editors leave at its end.
 *
 * @param path - file name, or `-`; on a terminal `-` asks for it without showing what is typed
 * @param what - what is asked for, "Passphrase"
 * @param context - the command's surroundings
 * @returns the secret
 * @throws NightlatchError `CLI_FILE_UNREADABLE`; it does not quote the name of an absent file, which is often the
 *   secret itself
 */
export async function readSecret(path: string, what: string, context: Context): Promise<string> {
  if (path === "-" && context.io.stdinIsTerminal)
    return interruptible(context.io.askHidden(`${what}: `), context.signal);
  if (path !== "-" && !existsSync(resolve(context.cwd, path)))
    throw cliError("CLI_FILE_UNREADABLE", `There is no such file to read the ${what.toLowerCase()} from`, {
      hint: "Give the name of a file that holds it, not the value itself; what was given is not shown",
    });
  return (await readInput(path, context)).toString("utf8").replace(/\r?\n$/, "");
}

async function readStdin(context: Context): Promise<Buffer> {
  const { io, signal } = context;
  if (stdinReaders.has(io))
    throw cliError("CLI_USAGE", "Standard input was asked for twice", {
      hint: "Give one of the two as a file or a descriptor such as /dev/fd/3",
    });
  stdinReaders.add(io);
  if (io.stdinIsTerminal) io.err("Reading standard input; end it with Ctrl-D\n");
  try {
    return await interruptible(io.readStdin(mostBytes), signal);
  } catch (cause) {
    if (isNightlatchError(cause) || signal.aborted) throw cause;
    throw cliError("CLI_FILE_UNREADABLE", `Cannot read standard input: ${reasonOf(cause)}`, { cause });
  }
}

/** A read that nobody ends (a pipe without a writer) must not outlive Ctrl-C. */
async function interruptible<Value>(reading: Promise<Value>, signal: AbortSignal): Promise<Value> {
  let stop: (() => void) | undefined;
  const interrupted = new Promise<never>((_, fail) => {
    stop = () => fail(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([reading, interrupted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener("abort", stop);
    reading.catch(() => undefined);
  }
}

async function readLimited(path: string, signal: AbortSignal): Promise<Buffer> {
  const isPipe = (await stat(path)).isFIFO();
  // Opening a pipe that nobody writes would block a thread for good, and with it the end of the process.
  const file = await open(path, isPipe ? constants.O_RDONLY | constants.O_NONBLOCK : constants.O_RDONLY);
  try {
    const chunks: Buffer[] = [];
    let total = 0;
    const { size } = await file.stat();
    const step = Math.min(Math.max(64 * 1024, size + 1), 8 * 2 ** 20);
    // A named pipe reads as empty until its first writer comes.
    let mayBeEarly = isPipe && (await isNamed(path));
    for (;;) {
      const { bytesRead, buffer } = await readSome(file, step);
      mayBeEarly &&= bytesRead === 0;
      if (bytesRead === 0 && !mayBeEarly) return Buffer.concat(chunks);
      if (bytesRead === undefined || mayBeEarly) await wait(20, undefined, { signal });
      else chunks.push(buffer.subarray(0, bytesRead));
      total += bytesRead ?? 0;
      if (total > mostBytes) throw new Error(`it holds more than ${mostBytes / 2 ** 20} MiB`);
    }
  } finally {
    await file.close();
  }
}

/** Reads, or gives no number where a pipe has a writer that has nothing to say yet. */
async function readSome(
  file: FileHandle,
  step: number,
): Promise<{ bytesRead: number | undefined; buffer: Buffer }> {
  const buffer = Buffer.alloc(step);
  try {
    return await file.read({ buffer, position: null });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return { bytesRead: undefined, buffer };
    throw error;
  }
}

/** Descriptors of the shell (`/dev/fd/63`) have no name of their own. */
function isNamed(path: string): Promise<boolean> {
  return realpath(path).then(
    () => true,
    () => false,
  );
}

/** How a file is written. */
export interface WriteOptions {
  /** Readable by its owner only. */
  readonly secret?: boolean;
  /** Replaces a file that is there. */
  readonly force?: boolean;
  /** Option with which the user may replace a file, for the hint. @defaultValue `--force` */
  readonly forceOption?: string;
}

/**
 * Writes a file beside its target and renames it, so that nobody ever sees half of it. A device or pipe is written to
 * as it is, never replaced.
 *
 * @param path - file name relative to the working directory
 * @param data - the content
 * @param options - who may read it, whether it may replace
 * @param context - the command's surroundings
 * @returns the absolute path
 * @throws NightlatchError `CLI_FILE_EXISTS`, `CLI_FILE_UNWRITABLE`
 */
export async function writeOutput(
  path: string,
  data: string | Uint8Array,
  options: WriteOptions,
  context: Context,
): Promise<string> {
  const target = resolve(context.cwd, path);
  if ((await requireWritable(path, options, context)) === "stream") {
    await writeStream(path, target, data);
    return target;
  }
  try {
    await writeFileAtomic(target, data, {
      mode: options.secret === true ? 0o600 : 0o644,
      overwrite: options.force === true,
    });
  } catch (cause) {
    throw unwritable(path, options, cause);
  }
  return target;
}

/**
 * Refuses early what {@link writeOutput} would refuse, before anything is made that would be thrown away.
 *
 * @param path - file name relative to the working directory
 * @param options - as for {@link writeOutput}
 * @param context - the command's surroundings
 * @returns `stream` for a device or pipe, otherwise `file`
 */
export async function requireWritable(
  path: string,
  options: WriteOptions,
  context: Context,
): Promise<"file" | "stream"> {
  requireFileName(path, context);
  const target = resolve(context.cwd, path);
  if (path === "" || path.endsWith("/"))
    throw cliError("CLI_FILE_UNWRITABLE", `Cannot write "${path}": it is no file name`, {
      hint: "Give the name of a file",
    });
  const link = await lstat(target).catch(() => undefined);
  if (link === undefined) return "file";
  const found = await stat(target).catch(() => link);
  if (found.isDirectory())
    throw cliError("CLI_FILE_UNWRITABLE", `Cannot write "${path}": it is a folder`, {
      hint: "Give the name of a file",
    });
  if (!found.isFile() && !found.isSymbolicLink()) return "stream";
  if (options.force !== true) throw existsAlready(path, options);
  return "file";
}

async function writeStream(path: string, target: string, data: string | Uint8Array): Promise<void> {
  try {
    const file = await open(await realpath(target).catch(() => target), "w");
    try {
      await file.writeFile(data);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw cliError("CLI_FILE_UNWRITABLE", `Cannot write "${path}": ${reasonOf(cause)}`, { cause });
  }
}

function existsAlready(path: string, { forceOption = "--force" }: WriteOptions): NightlatchError {
  return cliError("CLI_FILE_EXISTS", `"${path}" is there already`, {
    hint:
      forceOption === ""
        ? "Choose another name"
        : `Choose another name, or pass ${forceOption} to replace it`,
  });
}

function unwritable(path: string, options: WriteOptions, cause: unknown): NightlatchError {
  const code = (cause as { code?: unknown }).code;
  if (code === "CREDENTIAL_FILE_EXISTS") return existsAlready(path, options);
  const root = isNightlatchError(cause) && cause.cause !== undefined ? cause.cause : cause;
  return cliError("CLI_FILE_UNWRITABLE", `Cannot write "${path}": ${reasonOf(root)}`, { cause });
}

/**
 * Refuses a path that is there and is no folder.
 *
 * @param path - relative to the working directory; it may be absent
 * @param context - the command's surroundings
 */
export async function requireFolder(path: string, context: Context): Promise<void> {
  const found = await stat(resolve(context.cwd, path)).catch(() => undefined);
  if (path === "" || (found !== undefined && !found.isDirectory()))
    throw cliError("CLI_FILE_UNWRITABLE", `Cannot keep anything in "${path}": it is no folder`, {
      hint: "Give the name of a folder; it is made when it is absent",
    });
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
    EDQUOT: "the disk quota is used up",
    EROFS: "the file system is read-only",
    EMFILE: "too many open files",
    ELOOP: "its links lead in a circle",
    ENAMETOOLONG: "the name is too long",
    EBADF: "no such descriptor is open",
    ENXIO: "no such descriptor is open",
    EIO: "the device reports a fault",
    EADDRINUSE: "the port is in use by another program",
  };
  return words[code ?? ""] ?? (cause instanceof Error ? cause.message : String(cause));
}
