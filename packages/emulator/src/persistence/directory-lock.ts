/** One emulator per data directory: a lock that dies with its process, however it ends. */
import { createHash } from "node:crypto";
import { realpathSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EmulatorError } from "../errors.ts";

/** A lock that is held. */
export interface DirectoryLock {
  /** Gives the directory free. */
  release(): Promise<void>;
}

/**
 * Locks a directory.
 *
 * The lock is a listening socket, because a process id in a file proves nothing: in a container every emulator is
 * process 1, and a killed one leaves its file behind.
 *
 * @param directory - an existing directory
 * @returns the lock
 * @throws {EmulatorError} `EMULATOR_DATA_IN_USE`
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const address = addressFor(directory);
  const server = (await tryListen(address)) ?? (await replaceStale(address));
  if (server === undefined)
    throw new EmulatorError(
      "EMULATOR_DATA_IN_USE",
      `Data directory "${directory}" is used by another emulator`,
    );
  server.unref();
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

function addressFor(directory: string): string {
  const name = `nightlatch-${createHash("sha256").update(realpathSync(directory)).digest("hex").slice(0, 24)}`;
  return process.platform === "win32" ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

function tryListen(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen(address, () => resolve(server));
  });
}

/** A socket file that nobody listens on was left by a process that was killed. */
async function replaceStale(address: string): Promise<Server | undefined> {
  const isHeld = await new Promise<boolean>((resolve) => {
    const socket = connect(address, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
  if (isHeld) return undefined;
  rmSync(address, { force: true });
  return tryListen(address);
}
