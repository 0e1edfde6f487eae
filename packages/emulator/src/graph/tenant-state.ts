/**
 * What only Graph keeps of a directory: deleted users and applications, and subscriptions. It is plain data on the tenant itself,
 * so that snapshots, resets and storage carry it along.
 */
import type { Application, Tenant, User } from "../directory/directory.ts";
import type { Subscription } from "./subscriptions/subscription.ts";

/** A user who can be brought back. */
export interface DeletedUser {
  readonly user: User;
  readonly deletedAtMs: number;
  /** Ids of the groups that the user was a member or owner of. */
  readonly memberOf: readonly string[];
  readonly ownerOf: readonly string[];
}

/** Graph's own part of a directory. */
export interface DirectoryState {
  readonly deletedApplications: Map<
    string,
    { readonly application: Application; readonly deletedAtMs: number }
  >;
  readonly deletedUsers: Map<string, DeletedUser>;
  readonly subscriptions: Map<string, Subscription>;
}

/** Data folders of earlier versions know no deleted users. */
type TenantWithState = Tenant & {
  graph?: Omit<DirectoryState, "deletedUsers"> & { deletedUsers?: DirectoryState["deletedUsers"] };
};

/**
 * Gets Graph's part of a directory, made on first use.
 *
 * @param tenant - whose
 * @returns plain data, to be changed in place
 */
export function directoryState(tenant: Tenant): DirectoryState {
  const withState = tenant as TenantWithState;
  withState.graph ??= { deletedApplications: new Map(), subscriptions: new Map() };
  const { graph } = withState;
  graph.deletedUsers ??= new Map();
  return graph as DirectoryState;
}

/**
 * Looks at Graph's part of a directory without making it.
 *
 * @param tenant - whose
 * @returns the state, or `undefined` when nothing was kept yet
 */
export function peekDirectoryState(tenant: Tenant): TenantWithState["graph"] {
  return (tenant as TenantWithState).graph;
}
