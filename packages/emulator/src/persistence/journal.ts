/**
 * The journal of a data directory: lines that are on the disk before anybody hears that what they say was done. A line
 * is there whole or not at all, also when the disk is full.
 */
import { ftruncateSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { unwritable } from "./disk.ts";

/** What a journal needs of a file. */
export type JournalFile = Pick<FileHandle, "fd" | "write" | "truncate" | "datasync" | "close">;

/** An open journal. */
export class Journal {
  readonly #path: string;
  readonly #file: JournalFile;
  /** Length up to which every line is whole and synced. */
  #length = 0;
  #pending: Buffer[] = [];
  #flushing: Promise<void> | undefined;

  /**
   * Takes an empty file; {@link Journal.empty} makes it one.
   *
   * @param path - for messages
   * @param file - opened for appending
   */
  constructor(path: string, file: JournalFile) {
    this.#path = path;
    this.#file = file;
  }

  /**
   * Opens a journal; what it holds stays until {@link Journal.empty}.
   *
   * @param path - made 0600 when it is missing
   * @returns the journal
   * @throws {EmulatorError} `EMULATOR_DATA_UNWRITABLE`
   */
  static async open(path: string): Promise<Journal> {
    try {
      return new Journal(path, await open(path, "a", 0o600));
    } catch (error) {
      throw unwritable(path, error);
    }
  }

  /** Bytes on the disk. */
  get length(): number {
    return this.#length;
  }

  /** Whether lines wait that a full disk kept out. */
  get isBehind(): boolean {
    return this.#pending.length > 0 && this.#flushing === undefined;
  }

  /**
   * Adds a line; {@link Journal.flush} brings it to the disk.
   *
   * @param text - without line end
   */
  add(text: string): void {
    this.#pending.push(Buffer.from(`${text}\n`));
  }

  /**
   * Waits until all lines are on the disk; one write and one sync serve all that wait at the time. What could not be
   * written is cut off again and tried at the next call.
   *
   * @throws {EmulatorError} `EMULATOR_DATA_UNWRITABLE`
   */
  async flush(): Promise<void> {
    while (this.#pending.length > 0 || this.#flushing !== undefined) {
      this.#flushing ??= this.#writePending().finally(() => {
        this.#flushing = undefined;
      });
      await this.#flushing;
    }
  }

  /** Waits for a write that is under way, whatever becomes of it. */
  async settle(): Promise<void> {
    await this.#flushing?.catch(() => {});
  }

  /**
   * Forgets all lines, also those that wait: a snapshot holds them now. In one go, so that none is added meanwhile, and
   * without a sync: old lines that come back after a power cut have numbers that the snapshot is past.
   */
  empty(): void {
    this.#pending = [];
    ftruncateSync(this.#file.fd);
    this.#length = 0;
  }

  /** Closes the file. */
  async close(): Promise<void> {
    await this.#file.close();
  }

  async #writePending(): Promise<void> {
    const lines = this.#pending;
    const bytes = Buffer.concat(lines);
    this.#pending = [];
    try {
      for (let at = 0; at < bytes.length; ) at += (await this.#file.write(bytes, at)).bytesWritten;
      await this.#file.datasync();
      this.#length += bytes.length;
    } catch (error) {
      this.#pending = [...lines, ...this.#pending];
      // A torn line in the middle would make the whole journal unreadable.
      await this.#file.truncate(this.#length).catch(() => {});
      throw unwritable(this.#path, error);
    }
  }
}
