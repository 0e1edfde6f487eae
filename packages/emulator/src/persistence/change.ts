/** What a journal line says: the changes of one request. */
import type { StoredEvent } from "../mailbox/event.ts";
import type { Tombstone } from "../mailbox/mailbox.ts";

/** One change of the world. `null` stands for "gone". */
export type Change =
  /** A member of a tenant that is no map. */
  | { readonly kind: "tenant"; readonly tenantId: string; readonly member: string; readonly value: unknown }
  /** An entry of one of a tenant's maps, without its mailbox. */
  | {
      readonly kind: "entry";
      readonly tenantId: string;
      readonly collection: string;
      readonly key: string;
      readonly value: unknown;
    }
  /** What changed in a mailbox. */
  | {
      readonly kind: "mailbox";
      readonly tenantId: string;
      readonly collection: string;
      readonly key: string;
      /** Everything but events, tombstones and transactions; `null` when the mailbox is gone. */
      readonly members: Readonly<Record<string, unknown>> | null;
      readonly events: readonly StoredEvent[];
      readonly gone: readonly number[];
      readonly tombstones: readonly Tombstone[];
      readonly transactions: readonly (readonly [string, number])[];
      /** Whether `transactions` is the whole list instead of what was added. */
      readonly isWhole: boolean;
    }
  /** State beside the world, as a whole. */
  | { readonly kind: "host"; readonly value: unknown };

/** A line of the journal. */
export interface JournalLine {
  /** Counts up by one from line to line. */
  readonly number: number;
  readonly changes: readonly Change[];
}
