/** `Application.ReadWrite.OwnedBy` opens only what the caller owns. */
import type { Application } from "../../directory/directory.ts";
import { denied } from "../authorise.ts";
import type { GraphCall } from "../call.ts";
import type { OwnedApplication } from "./application-entity.ts";

const EVERYTHING = ["Application.ReadWrite.All", "Directory.ReadWrite.All"];

/**
 * Refuses a change of an application that somebody else owns.
 *
 * @param call - the request
 * @param owned - the application, or a service principal with owners
 * @throws {GraphFault} Authorization_RequestDenied
 */
export function requireOwnership(call: GraphCall, owned: Pick<OwnedApplication, "owners">): void {
  const { caller } = call;
  if (!caller.isApplication || EVERYTHING.some((permission) => caller.permissions.has(permission))) return;
  if (owned.owners?.includes(caller.objectId) !== true) throw denied("directory");
}

/**
 * Refuses to roll keys of another application without the permission for it.
 *
 * @param call - the request
 * @param object - the application or service principal
 * @throws {GraphFault} Authorization_RequestDenied
 */
export function requireOwnKeys(
  call: GraphCall,
  object: Pick<Application, "appId"> & Pick<OwnedApplication, "owners">,
): void {
  const { caller } = call;
  if (caller.isApplication && caller.appId.toLowerCase() === object.appId.toLowerCase()) return;
  const permissions = ["Application.ReadWrite.OwnedBy", ...EVERYTHING];
  if (!permissions.some((permission) => caller.permissions.has(permission))) throw denied("directory");
  requireOwnership(call, object);
}
