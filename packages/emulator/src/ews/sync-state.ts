/** Synchronisation states and watermarks: opaque to callers, plain inside, and of one mailbox only. */
import { createHash } from "node:crypto";
import { EwsFault } from "./soap/ews-fault.ts";

/** What a state is of. */
export type SyncKind = "items" | "folders" | "events";

const DIGEST_CHARACTERS = 12;

/**
 * Makes a state.
 *
 * @param kind - what is synchronised
 * @param ownerId - object id of the owner of the mailbox
 * @param numbers - what to remember
 * @returns base64
 */
export function writeSyncState(kind: SyncKind, ownerId: string, numbers: readonly number[]): string {
  const content = JSON.stringify([kind, ownerId, ...numbers]);
  return Buffer.from(digestOf(content) + content).toString("base64");
}

/**
 * Reads a state.
 *
 * @param state - as it was given out
 * @param kind - what is synchronised
 * @param ownerId - object id of the owner of the mailbox
 * @returns what was remembered
 * @throws {EwsFault} ErrorInvalidSyncStateData when it was not made here for this
 */
export function readSyncState(state: string, kind: SyncKind, ownerId: string): readonly number[] {
  const text = Buffer.from(state, "base64").toString("utf8");
  const content = text.slice(DIGEST_CHARACTERS);
  if (text.slice(0, DIGEST_CHARACTERS) !== digestOf(content)) throw new EwsFault("ErrorInvalidSyncStateData");
  const [writtenKind, writtenOwner, ...numbers] = JSON.parse(content) as [string, string, ...number[]];
  if (writtenKind !== kind || writtenOwner !== ownerId) throw new EwsFault("ErrorInvalidSyncStateData");
  return numbers;
}

function digestOf(content: string): string {
  return createHash("sha256").update(content).digest("base64").slice(0, DIGEST_CHARACTERS);
}
