/** The first segment of a path: which tenant a request is for. */
import type { Tenant } from "../directory/directory.ts";
import { findTenant } from "../directory/lookup.ts";
import { GUID } from "../directory/stable-id.ts";
import { type Refusal, refused } from "./aadsts.ts";
import type { EntraContext } from "./entra-context.ts";

/** Segments that name no tenant. */
export type SharedSegment = "common" | "organizations" | "consumers";

/** Tenant of personal accounts. */
const PERSONAL_TENANT_ID = "9188040d-6c67-4c5b-b112-36a304b66dad";

/** What a segment means. */
export type TenantSegment =
  | { readonly kind: "tenant"; readonly tenant: Tenant }
  | { readonly kind: SharedSegment }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/**
 * Reads the tenant segment.
 *
 * @param segment - as sent, percent-decoded
 * @param context - the emulator
 * @returns the tenant, a shared segment, or AADSTS900023 for a malformed and 90002 for an unknown name
 */
export function readTenantSegment(segment: string, context: EntraContext): TenantSegment {
  const tenant = findTenant(context.world, segment);
  if (tenant !== undefined) return { kind: "tenant", tenant };
  const name = segment.toLowerCase();
  if (name === "common" || name === "organizations" || name === "consumers") return { kind: name };
  if (name === PERSONAL_TENANT_ID) return { kind: "consumers" };
  const isDomain = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/.test(name);
  if (GUID.test(name) || isDomain)
    return { kind: "refused", refusal: { code: 90002, values: { tenant_name: segment } } };
  return { kind: "refused", refusal: { code: 900023, values: { tenant: segment } } };
}

/**
 * Reads a segment that has to name a tenant.
 *
 * @param segment - as sent, percent-decoded
 * @param context - the emulator
 * @param sharedCode - number that refuses `common` and `organizations`
 * @returns the tenant
 * @throws {RefusedError} 900023, 90002, `sharedCode`, or 9001023 for `consumers`
 */
export function requireTenant(segment: string, context: EntraContext, sharedCode = 50059): Tenant {
  const found = readTenantSegment(segment, context);
  if (found.kind === "tenant") return found.tenant;
  if (found.kind === "refused") throw refused(found.refusal.code, found.refusal.values);
  throw refused(found.kind === "consumers" ? 9001023 : sharedCode);
}
