/**
 * What only Graph keeps of a directory: deleted applications and subscriptions. It is plain data on the tenant itself,
 * so that snapshots, resets and storage carry it along.
 */
import type { Application, Tenant } from "../directory/directory.ts";
import type { Subscription } from "./subscriptions/subscription.ts";

/** Graph's own part of a directory. */
export interface DirectoryState {
  readonly deletedApplications: Map<
    string,
    { readonly application: Application; readonly deletedAtMs: number }
  >;
  readonly subscriptions: Map<string, Subscription>;
}

type TenantWithState = Tenant & { graph?: DirectoryState };

/**
 * Gets Graph's part of a directory, made on first use.
 *
 * @param tenant - whose
 * @returns plain data, to be changed in place
 */
export function directoryState(tenant: Tenant): DirectoryState {
  const withState = tenant as TenantWithState;
  withState.graph ??= { deletedApplications: new Map(), subscriptions: new Map() };
  return withState.graph;
}

/**
 * Looks at Graph's part of a directory without making it.
 *
 * @param tenant - whose
 * @returns the state, or `undefined` when nothing was kept yet
 */
export function peekDirectoryState(tenant: Tenant): DirectoryState | undefined {
  return (tenant as TenantWithState).graph;
}
