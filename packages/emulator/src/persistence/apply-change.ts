/** Puts changes of the journal into a world. */
import type { World } from "../directory/directory.ts";
import { type Mailbox, TOMBSTONE_LIMIT } from "../mailbox/mailbox.ts";
import type { Change } from "./change.ts";

type Members = Record<string, unknown>;

/**
 * Applies one change.
 *
 * @param world - changed in place
 * @param change - from the journal
 */
export function applyChange(world: World, change: Exclude<Change, { kind: "host" }>): void {
  const tenant = tenantOf(world, change.tenantId);
  switch (change.kind) {
    case "tenant":
      tenant[change.member] = change.value ?? undefined;
      return;
    case "entry":
      applyEntry(collectionOf(tenant, change.collection), change.key, change.value);
      return;
    case "mailbox":
      applyMailbox(collectionOf(tenant, change.collection), change);
      return;
  }
}

function tenantOf(world: World, tenantId: string): Members {
  const known = world.tenants.get(tenantId);
  if (known !== undefined) return known as unknown as Members;
  const fresh = {
    tenantId,
    displayName: "",
    domains: [],
    users: new Map(),
    groups: new Map(),
    applications: new Map(),
    servicePrincipals: new Map(),
    appRoleAssignments: new Map(),
    oauth2PermissionGrants: new Map(),
  };
  world.tenants.set(tenantId, fresh);
  return fresh;
}

function collectionOf(tenant: Members, name: string): Map<string, Members> {
  const known = tenant[name];
  if (known instanceof Map) return known as Map<string, Members>;
  const fresh = new Map<string, Members>();
  tenant[name] = fresh;
  return fresh;
}

function applyEntry(entries: Map<string, Members>, key: string, value: unknown): void {
  if (value === null || value === undefined) {
    entries.delete(key);
    return;
  }
  const { hasMailbox, ...members } = value as Members;
  const mailbox = entries.get(key)?.["mailbox"];
  entries.set(
    key,
    hasMailbox === undefined ? members : { ...members, mailbox: hasMailbox ? mailbox : undefined },
  );
}

function applyMailbox(entries: Map<string, Members>, change: Extract<Change, { kind: "mailbox" }>): void {
  const owner = entries.get(change.key);
  if (owner === undefined) return;
  if (change.members === null) {
    owner["mailbox"] = undefined;
    return;
  }
  const old = owner["mailbox"] as Mailbox | undefined;
  const events = old?.events ?? new Map();
  for (const number of change.gone) events.delete(number);
  for (const event of change.events) events.set(event.number, event);
  const transactions = new Map([
    ...(change.isWhole ? [] : (old?.transactions ?? [])),
    ...change.transactions,
  ]);
  owner["mailbox"] = {
    ...change.members,
    events,
    tombstones: [...(old?.tombstones ?? []), ...change.tombstones].slice(-TOMBSTONE_LIMIT),
    transactions: transactions.size === 0 ? undefined : transactions,
  };
}
