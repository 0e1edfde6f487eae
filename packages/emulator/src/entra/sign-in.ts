/** Checking a user's name and password. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Tenant, User } from "../directory/directory.ts";
import { findTenant, findUser } from "../directory/lookup.ts";
import { refused } from "./aadsts.ts";
import type { EntraContext } from "./entra-context.ts";

/**
 * Finds the tenant of a user by the domain of the name.
 *
 * @param userName - user principal name
 * @param context - the emulator
 * @returns the tenant
 * @throws {RefusedError} 50059 when no tenant has the domain
 */
export function tenantOfUser(userName: string, context: EntraContext): Tenant {
  const tenant = findTenant(context.world, userName.slice(userName.lastIndexOf("@") + 1));
  if (tenant === undefined) throw refused(50059);
  return tenant;
}

/**
 * Checks name and password.
 *
 * @param userName - user principal name
 * @param passwordText - as typed
 * @param tenant - where the user signs in
 * @returns the user
 * @throws {RefusedError} 50034, 50126 or 50057
 */
export function checkPassword(userName: string, passwordText: string, tenant: Tenant): User {
  const user = findUser(tenant, userName);
  if (user === undefined) throw refused(50034, { identifier: userName, tenant: tenant.displayName });
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  const isRight = user.password !== undefined && timingSafeEqual(digest(passwordText), digest(user.password));
  if (!isRight) throw refused(50126);
  if (!user.accountEnabled) throw refused(50057);
  return user;
}
