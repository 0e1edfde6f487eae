/**
 * The data directory: a snapshot and a journal of what changed since. A request is answered when its changes are on
 * the disk, so that a killed emulator comes back with everything it acknowledged.
 */
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import type { World } from "../directory/directory.ts";
import type { SignInState } from "../entra/entra-context.ts";
import { EmulatorError } from "../errors.ts";
import { applyChange } from "./apply-change.ts";
import type { JournalLine } from "./change.ts";
import { type DirectoryLock, lockDirectory } from "./directory-lock.ts";
import { decodePlain, encodePlain } from "./plain-json.ts";
import { WorldWatch } from "./world-watch.ts";

/** What a snapshot file holds. */
interface SnapshotFile {
  readonly format: "nightlatch-emulator-data";
  readonly version: 1;
  /** Number of the last journal line that is part of it. */
  readonly number: number;
  readonly world: World;
  readonly redeemedCodes: Map<string, number>;
  readonly deviceFlows: SignInState["deviceFlows"];
}

/** The state that is kept. */
export interface KeptState {
  world: World;
  readonly signIns: SignInState;
}

/** A journal longer than this is folded into a new snapshot. */
const JOURNAL_LIMIT_BYTES = 64 * 1024 * 1024;

/** A data directory in use. */
export class DataDirectory {
  readonly #path: string;
  readonly #lock: DirectoryLock;
  readonly #watch = new WorldWatch();
  #journal: FileHandle;
  #journalBytes = 0;
  #number: number;
  /** The world that the files describe: another one means reset or restore. */
  #world: World;
  #signIns = "";
  #pending: Buffer[] = [];
  #flushing: Promise<void> | undefined;

  private constructor(
    path: string,
    lock: DirectoryLock,
    journal: FileHandle,
    number: number,
    state: KeptState,
  ) {
    this.#path = path;
    this.#lock = lock;
    this.#journal = journal;
    this.#number = number;
    this.#world = state.world;
  }

  /**
   * Opens a data directory and fills the state from it; a new directory is filled from the state.
   *
   * @param path - made 0700 when it is missing
   * @param state - its world is replaced when the directory holds one
   * @returns the directory, locked for this process
   * @throws {EmulatorError} `EMULATOR_DATA_IN_USE`, `EMULATOR_DATA_UNREADABLE`
   */
  static async open(path: string, state: KeptState): Promise<DataDirectory> {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const lock = await lockDirectory(path);
    try {
      const snapshot = readSnapshot(path);
      if (snapshot !== undefined) restoreSnapshot(snapshot, state);
      const number = snapshot === undefined ? 0 : replayJournal(path, snapshot.number, state);
      const journal = await open(join(path, "journal.jsonl"), "a", 0o600);
      const directory = new DataDirectory(path, lock, journal, number, state);
      // What was replayed, or seeded, becomes the new snapshot: the journal starts empty and without a torn end.
      await directory.#writeSnapshot(state);
      return directory;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /**
   * Writes down what changed and waits until it is on the disk.
   *
   * @param state - everything
   * @param withDirectory - false when only mailboxes can have changed
   */
  async save(state: KeptState, withDirectory: boolean): Promise<void> {
    if (state.world !== this.#world) {
      await this.#writeSnapshot(state);
      return;
    }
    const changes = this.#watch.listChanges(state.world, withDirectory);
    const signIns = encodeSignIns(state.signIns);
    if (signIns !== this.#signIns) changes.push({ kind: "signIns", value: JSON.parse(signIns) });
    this.#signIns = signIns;
    if (changes.length > 0) {
      this.#number += 1;
      const line: JournalLine = { number: this.#number, changes };
      this.#pending.push(Buffer.from(`${encodePlain(line)}\n`));
    }
    // Also without a change of its own a request may have seen one that is still on its way to the disk.
    await this.#flush();
    if (this.#journalBytes > JOURNAL_LIMIT_BYTES) await this.#writeSnapshot(state);
  }

  /**
   * Writes a last snapshot and gives the directory free.
   *
   * @param state - everything
   */
  async close(state: KeptState): Promise<void> {
    await this.#flush();
    await this.#writeSnapshot(state);
    await this.#journal.close();
    await this.#lock.release();
  }

  /** One write and one sync serve all requests that wait at the time. */
  async #flush(): Promise<void> {
    while (this.#pending.length > 0 || this.#flushing !== undefined) {
      if (this.#flushing !== undefined) {
        await this.#flushing;
        continue;
      }
      const bytes = Buffer.concat(this.#pending);
      this.#pending = [];
      this.#flushing = this.#append(bytes).finally(() => {
        this.#flushing = undefined;
      });
      await this.#flushing;
    }
  }

  async #append(bytes: Buffer): Promise<void> {
    await this.#journal.write(bytes);
    await this.#journal.datasync();
    this.#journalBytes += bytes.length;
  }

  /** Written beside and renamed; the journal is emptied only after that. */
  async #writeSnapshot(state: KeptState): Promise<void> {
    await this.#flush();
    const snapshot: SnapshotFile = {
      format: "nightlatch-emulator-data",
      version: 1,
      number: this.#number,
      world: state.world,
      redeemedCodes: state.signIns.redeemedCodes,
      deviceFlows: state.signIns.deviceFlows,
    };
    replaceDurably(this.#path, "snapshot.json", encodePlain(snapshot));
    this.#watch.accept(state.world);
    this.#signIns = encodeSignIns(state.signIns);
    this.#world = state.world;
    // In one go with the snapshot: a line that another request appends meanwhile must not be cut off.
    ftruncateSync(this.#journal.fd);
    fdatasyncSync(this.#journal.fd);
    this.#journalBytes = 0;
  }
}

function encodeSignIns({ redeemedCodes, deviceFlows }: SignInState): string {
  return redeemedCodes.size + deviceFlows.size === 0 ? "{}" : encodePlain({ redeemedCodes, deviceFlows });
}

function readSnapshot(path: string): SnapshotFile | undefined {
  const file = join(path, "snapshot.json");
  if (!existsSync(file)) {
    if (existsSync(join(path, "journal.jsonl")) && readFileSync(join(path, "journal.jsonl")).length > 0)
      throw new EmulatorError(
        "EMULATOR_DATA_UNREADABLE",
        `Data directory "${path}" has a journal but no snapshot`,
      );
    return undefined;
  }
  try {
    const snapshot = decodePlain(readFileSync(file, "utf8")) as SnapshotFile;
    if (snapshot.format !== "nightlatch-emulator-data" || snapshot.version !== 1)
      throw new TypeError("unknown format");
    return snapshot;
  } catch {
    throw new EmulatorError("EMULATOR_DATA_UNREADABLE", `File "${file}" is not a snapshot of an emulator`);
  }
}

function restoreSnapshot(snapshot: SnapshotFile, state: KeptState): void {
  state.world = snapshot.world;
  restoreSignIns(state.signIns, snapshot);
}

function restoreSignIns(
  signIns: SignInState,
  kept: { redeemedCodes?: Map<string, number>; deviceFlows?: SignInState["deviceFlows"] },
): void {
  signIns.redeemedCodes.clear();
  signIns.deviceFlows.clear();
  for (const [id, forgetAtMs] of kept.redeemedCodes ?? []) signIns.redeemedCodes.set(id, forgetAtMs);
  for (const [code, flow] of kept.deviceFlows ?? []) signIns.deviceFlows.set(code, flow);
}

/** A torn last line belongs to a request that was never answered. */
function replayJournal(path: string, from: number, state: KeptState): number {
  const file = join(path, "journal.jsonl");
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  let number = from;
  for (const [index, text] of lines.slice(0, -1).entries()) {
    const line = readLine(text, file, index);
    if (line.number <= from) continue;
    for (const change of line.changes) {
      if (change.kind === "signIns") restoreSignIns(state.signIns, change.value as Partial<SignInState>);
      else applyChange(state.world, change);
    }
    number = line.number;
  }
  return number;
}

function readLine(text: string, file: string, index: number): JournalLine {
  try {
    return decodePlain(text) as JournalLine;
  } catch {
    throw new EmulatorError(
      "EMULATOR_DATA_UNREADABLE",
      `Line ${index + 1} of "${file}" is not a journal line`,
    );
  }
}

function replaceDurably(directory: string, name: string, text: string): void {
  const besidePath = join(directory, `${name}.new`);
  const file = openSync(besidePath, "w", 0o600);
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
  renameSync(besidePath, join(directory, name));
  const handle = openSync(directory, "r");
  fsyncSync(handle);
  closeSync(handle);
}
