/**
 * The data directory: a snapshot and a journal of what changed since. A request is answered when its changes are on
 * the disk, so that a killed emulator comes back with everything it acknowledged. While the disk is full, changes are
 * refused.
 */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { World } from "../directory/directory.ts";
import { EmulatorError } from "../errors.ts";
import { applyChange } from "./apply-change.ts";
import type { JournalLine } from "./change.ts";
import { type DirectoryLock, lockDirectory } from "./directory-lock.ts";
import { replaceDurably, unwritable } from "./disk.ts";
import {
  encodeHostState,
  type HostState,
  type KeptHostState,
  keepHostState,
  resumeHostState,
} from "./host-state.ts";
import { Journal } from "./journal.ts";
import { decodePlain, encodePlain } from "./plain-json.ts";
import { WorldWatch } from "./world-watch.ts";

/** What a snapshot file holds. */
interface SnapshotFile extends KeptHostState {
  readonly format: "nightlatch-emulator-data";
  readonly version: 1;
  /** Number of the last journal line that is part of it. */
  readonly number: number;
  readonly world: World;
}

/** The state that is kept. */
export interface KeptState extends HostState {
  world: World;
}

/** A journal longer than this is folded into a new snapshot. */
const JOURNAL_LIMIT_BYTES = 64 * 1024 * 1024;

/** A data directory in use. */
export class DataDirectory {
  readonly #path: string;
  readonly #lock: DirectoryLock;
  readonly #watch = new WorldWatch();
  readonly #journal: Journal;
  #number: number;
  /** The world that the files describe: another one means reset or restore. */
  #world: World | undefined;
  #hostState = "";
  #foldAtBytes = JOURNAL_LIMIT_BYTES;

  private constructor(path: string, lock: DirectoryLock, journal: Journal, number: number) {
    this.#path = path;
    this.#lock = lock;
    this.#journal = journal;
    this.#number = number;
  }

  /**
   * Opens a data directory and fills the state from it; a new directory is filled from the state.
   *
   * @param path - made 0700 when it is missing
   * @param state - its world is replaced when the directory holds one
   * @returns the directory, locked for this process
   * @throws {EmulatorError} `EMULATOR_DATA_IN_USE`, `EMULATOR_DATA_UNREADABLE`, `EMULATOR_DATA_UNWRITABLE`
   */
  static async open(path: string, state: KeptState): Promise<DataDirectory> {
    const lock = await makeAndLock(path);
    let journal: Journal | undefined;
    try {
      const snapshot = readSnapshot(path);
      if (snapshot !== undefined) {
        state.world = snapshot.world;
        resumeHostState(state, snapshot);
      }
      const number = snapshot === undefined ? 0 : replayJournal(path, snapshot.number, state);
      journal = await Journal.open(join(path, "journal.jsonl"));
      const directory = new DataDirectory(path, lock, journal, number);
      // What was replayed, or seeded, becomes the new snapshot: the journal starts empty and without a torn end.
      await directory.#writeSnapshot(state);
      return directory;
    } catch (error) {
      await journal?.close();
      await lock.release();
      throw error;
    }
  }

  /**
   * Refuses a request that could not be written down, before it is carried out.
   *
   * @param state - everything
   * @throws {EmulatorError} `EMULATOR_DATA_UNWRITABLE` while an earlier change still waits for room on the disk
   */
  async admit(state: KeptState): Promise<void> {
    if (this.#journal.isBehind || state.world !== this.#world) await this.save(state, true);
  }

  /**
   * Writes down what changed and waits until it is on the disk.
   *
   * @param state - everything
   * @param withDirectory - false when only mailboxes can have changed
   * @throws {EmulatorError} `EMULATOR_DATA_UNWRITABLE`; the changes are tried again with the next ones
   */
  async save(state: KeptState, withDirectory: boolean): Promise<void> {
    if (state.world !== this.#world) {
      await this.#writeSnapshot(state);
      return;
    }
    const hasChanged = this.#noteChanges(state, withDirectory);
    // Who only read is not kept waiting by what a full disk keeps out.
    if (!hasChanged && this.#journal.isBehind && !withDirectory) return;
    // Also without a change of its own a request may have seen one that is still on its way to the disk.
    await this.#journal.flush();
    if (this.#journal.length > this.#foldAtBytes) await this.#fold(state);
  }

  /**
   * Writes a last snapshot and gives the directory free.
   *
   * @param state - everything
   * @throws {EmulatorError} `EMULATOR_DATA_UNWRITABLE` when something is neither in the snapshot nor in the journal
   */
  async close(state: KeptState): Promise<void> {
    try {
      await this.#journal.settle();
      await this.#writeSnapshot(state).catch(() => this.save(state, true));
    } finally {
      await this.#journal.close();
      await this.#lock.release();
    }
  }

  #noteChanges(state: KeptState, withDirectory: boolean): boolean {
    const changes = this.#watch.listChanges(state.world, withDirectory);
    const hostState = encodeHostState(state);
    if (hostState !== this.#hostState) changes.push({ kind: "host", value: JSON.parse(hostState) });
    this.#hostState = hostState;
    if (changes.length === 0) return false;
    this.#number += 1;
    const line: JournalLine = { number: this.#number, changes };
    this.#journal.add(encodePlain(line));
    return true;
  }

  /** The journal holds everything already: without room for a snapshot it just goes on. */
  async #fold(state: KeptState): Promise<void> {
    try {
      await this.#writeSnapshot(state);
      this.#foldAtBytes = JOURNAL_LIMIT_BYTES;
    } catch {
      this.#foldAtBytes = this.#journal.length * 2;
    }
  }

  /** Written beside and renamed; the journal is emptied only after that. */
  async #writeSnapshot(state: KeptState): Promise<void> {
    await this.#journal.settle();
    const snapshot: SnapshotFile = {
      format: "nightlatch-emulator-data",
      version: 1,
      number: this.#number,
      world: state.world,
      ...keepHostState(state),
    };
    replaceDurably(this.#path, "snapshot.json", encodePlain(snapshot));
    // In one go with the snapshot: a line that another request appends meanwhile must not be cut off.
    this.#journal.empty();
    this.#watch.accept(state.world);
    this.#hostState = encodeHostState(state);
    this.#world = state.world;
  }
}

async function makeAndLock(path: string): Promise<DirectoryLock> {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return await lockDirectory(path);
  } catch (error) {
    throw unwritable(path, error);
  }
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

/** A torn last line belongs to a request that was never answered. */
function replayJournal(path: string, from: number, state: KeptState): number {
  const file = join(path, "journal.jsonl");
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  let number = from;
  for (const [index, text] of lines.slice(0, -1).entries()) {
    const line = readLine(text, file, index);
    if (line.number <= from) continue;
    for (const change of line.changes) {
      if (change.kind === "host") resumeHostState(state, change.value as KeptHostState);
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
