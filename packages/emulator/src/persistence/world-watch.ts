/**
 * Finds out what a request changed. Surfaces change the world in place and tell nobody, so what was written down last
 * is compared with what is there now: directory objects by a digest, mailboxes by their sequence number.
 */
import { createHash } from "node:crypto";
import type { Tenant, World } from "../directory/directory.ts";
import type { Mailbox } from "../mailbox/mailbox.ts";
import type { Change } from "./change.ts";
import { encodePlain } from "./plain-json.ts";

interface KnownMailbox {
  sequence: number;
  settings: unknown;
  digest: string;
  transactionCount: number;
  lastTransaction: string | undefined;
}

interface Holder {
  readonly tenantId: string;
  readonly collection: string;
  readonly key: string;
  readonly mailbox: Mailbox;
}

type Entry = Record<string, unknown>;

/** Remembers what was written down and lists what is not yet. */
export class WorldWatch {
  #digests = new Map<string, string>();
  #mailboxes = new WeakMap<Mailbox, KnownMailbox>();
  #holders = new Set<string>();

  /**
   * Takes the world as written down.
   *
   * @param world - everything
   */
  accept(world: World): void {
    this.#digests = new Map();
    this.#mailboxes = new WeakMap();
    this.#holders = new Set();
    this.listChanges(world, true);
  }

  /**
   * Lists what changed since the last call.
   *
   * @param world - everything
   * @param withDirectory - false looks at mailboxes only, which is all that a write of events touches
   * @returns the changes
   */
  listChanges(world: World, withDirectory: boolean): Change[] {
    const changes: Change[] = [];
    if (withDirectory) this.#listDirectory(world, changes);
    const holders = new Set<string>();
    for (const holder of mailboxesOf(world)) {
      const id = `${holder.tenantId} ${holder.collection} ${holder.key}`;
      if (withDirectory) holders.add(id);
      this.#listMailbox(holder, changes);
    }
    if (withDirectory) {
      for (const id of this.#holders) if (!holders.has(id)) changes.push(goneMailbox(id));
      this.#holders = holders;
    }
    return changes;
  }

  #listDirectory(world: World, changes: Change[]): void {
    const seen = new Map<string, string>();
    const note = (id: string, value: unknown, change: () => Change): void => {
      const digest = digestOf(encodePlain(value));
      seen.set(id, digest);
      if (this.#digests.get(id) !== digest) changes.push(change());
    };
    for (const [tenantId, tenant] of world.tenants) {
      for (const [member, value] of Object.entries(tenant)) {
        if (!isCollection(member, value)) {
          note(`${tenantId} ${member}`, value, () => ({ kind: "tenant", tenantId, member, value }));
          continue;
        }
        for (const [key, entry] of value) {
          const plain = withoutMailbox(entry);
          note(`${tenantId} ${member} ${key}`, plain, () => ({
            kind: "entry",
            tenantId,
            collection: member,
            key,
            value: plain,
          }));
        }
      }
    }
    for (const id of this.#digests.keys()) if (!seen.has(id)) changes.push(goneEntry(id));
    this.#digests = seen;
  }

  #listMailbox(holder: Holder, changes: Change[]): void {
    const { mailbox } = holder;
    const known = this.#mailboxes.get(mailbox);
    const hasMoved =
      known === undefined || known.sequence !== mailbox.sequence || known.settings !== mailbox.settings;
    if (!hasMoved && mailbox.categories === undefined) return;
    const { events, tombstones, transactions, ...members } = mailbox;
    const digest = digestOf(encodePlain(members));
    if (!hasMoved && known?.digest === digest) return;
    const since = known?.sequence ?? 0;
    const newTombstones = tombstones.filter(({ sequence }) => sequence > since);
    const keys = [...(transactions?.keys() ?? [])];
    const isWhole = known === undefined || keys[known.transactionCount - 1] !== known.lastTransaction;
    changes.push({
      kind: "mailbox",
      tenantId: holder.tenantId,
      collection: holder.collection,
      key: holder.key,
      members,
      events: [...events.values()].filter(({ changedAtSequence }) => changedAtSequence > since),
      gone: newTombstones.map(({ number }) => number).filter((number) => !events.has(number)),
      tombstones: newTombstones,
      transactions: [...(transactions ?? [])].slice(isWhole ? 0 : known.transactionCount),
      isWhole,
    });
    this.#mailboxes.set(mailbox, {
      sequence: mailbox.sequence,
      settings: mailbox.settings,
      digest,
      transactionCount: keys.length,
      lastTransaction: keys.at(-1),
    });
  }
}

/** Whether a member of a tenant is a map of objects by key. */
function isCollection(member: string, value: unknown): value is Map<string, unknown> {
  return value instanceof Map && member !== "certificateAuthorities";
}

function* mailboxesOf(world: World): Generator<Holder> {
  for (const [tenantId, tenant] of world.tenants) {
    for (const [collection, value] of Object.entries(tenant as Tenant & Record<string, unknown>)) {
      // Only users and groups hold mailboxes; looking into the other collections would cost time for nothing.
      if ((collection !== "users" && collection !== "groups") || !(value instanceof Map)) continue;
      for (const [key, entry] of value as Map<string, Entry>) {
        const mailbox = entry["mailbox"] as Mailbox | undefined;
        if (mailbox !== undefined) yield { tenantId, collection, key, mailbox };
      }
    }
  }
}

function withoutMailbox(entry: unknown): unknown {
  if (typeof entry !== "object" || entry === null || !("mailbox" in entry)) return entry;
  const { mailbox, ...rest } = entry as Entry;
  return { ...rest, hasMailbox: mailbox !== undefined };
}

function goneEntry(id: string): Change {
  const [tenantId = "", collection = "", ...key] = id.split(" ");
  if (key.length === 0) return { kind: "tenant", tenantId, member: collection, value: null };
  return { kind: "entry", tenantId, collection, key: key.join(" "), value: null };
}

function goneMailbox(id: string): Change {
  const [tenantId = "", collection = "", ...key] = id.split(" ");
  const nothing = { events: [], gone: [], tombstones: [], transactions: [], isWhole: true };
  return { kind: "mailbox", tenantId, collection, key: key.join(" "), members: null, ...nothing };
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("base64").slice(0, 24);
}
