/** The seed file: tenants with users, groups and applications, from which every start and reset begins. */
import { readFileSync } from "node:fs";
import { readManifest } from "../directory/application-manifest.ts";
import {
  addWellKnownServicePrincipals,
  ensureServicePrincipal,
  grantAdminConsent,
} from "../directory/consent.ts";
import type { Application, Group, Tenant, User, World } from "../directory/directory.ts";
import { JsonObject, JsonPlaceError } from "../directory/json-reader.ts";
import { findApplicationAnywhere, findUser } from "../directory/lookup.ts";
import { readCertificate, readPasswordCredential } from "../directory/manifest-credentials.ts";
import { stableId } from "../directory/stable-id.ts";
import { EmulatorError } from "../errors.ts";
import { createMailbox } from "../mailbox/mailbox.ts";
import { findJsonError } from "./json-syntax.ts";
import { readPolicies } from "./seed-policies.ts";

/** A seed: the parsed JSON of a seed file. */
export type Seed = Readonly<Record<string, unknown>>;

/** Registrations of the seed count as a month old, so that replication delays do not touch them. */
const SEED_AGE_MS = 30 * 86_400_000;

/**
 * Reads a seed file.
 *
 * @param path - JSON file
 * @returns the parsed seed; its values are checked by {@link buildWorld}
 * @throws {EmulatorError} `EMULATOR_SEED_INVALID` when the file is missing or is not JSON
 */
export function readSeedFile(path: string): Seed {
  let text: string;
  try {
    text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    throw new EmulatorError("EMULATOR_SEED_INVALID", `Cannot read seed file "${path}"`, {
      hint: "Give the path of a seed file, or leave it out for the sample school",
      cause: error,
    });
  }
  try {
    return JSON.parse(text) as Seed;
  } catch {
    const place = placeOfSyntaxError(text);
    throw new EmulatorError("EMULATOR_SEED_INVALID", `Seed file "${path}" is not JSON${place}`, {
      hint: "Correct the JSON at that place",
    });
  }
}

/**
 * Builds the world that a seed describes. The same seed gives the same identifiers.
 *
 * @param seed - parsed seed file
 * @param nowMs - milliseconds since 1970 UTC
 * @param note - told what could not be granted
 * @returns a fresh world that shares nothing with earlier ones
 * @throws {EmulatorError} `EMULATOR_SEED_INVALID` naming the JSON path of the first value that cannot be used
 */
export function buildWorld(seed: Seed, nowMs: number, note: (text: string) => void = () => {}): World {
  try {
    return build(new JsonObject(seed, ""), nowMs, note);
  } catch (error) {
    if (!(error instanceof JsonPlaceError)) throw error;
    throw new EmulatorError("EMULATOR_SEED_INVALID", `Cannot use the seed: ${error.message}`, {
      hint: error.path === "" ? 'Begin with {"tenants":[…]}' : `Correct ${error.path} in the seed file`,
      details: { path: error.path },
    });
  }
}

function build(seed: JsonObject, nowMs: number, note: (text: string) => void): World {
  seed.allowOnly("tenants");
  const entries = seed.objects("tenants");
  if (entries.length === 0) throw new JsonPlaceError("tenants", "must name at least one tenant");
  const world: World = { tenants: new Map() };
  const consents: (() => readonly string[])[] = [];
  for (const entry of entries) {
    const tenant = readTenant(entry, nowMs);
    if (world.tenants.has(tenant.tenantId))
      throw new JsonPlaceError(entry.at("tenantId"), `names tenant ${tenant.tenantId} a second time`);
    world.tenants.set(tenant.tenantId, tenant);
    consents.push(...readApplications(entry, tenant, nowMs));
  }
  for (const entry of entries) consents.push(...readGuestApplications(entry, world, nowMs));
  for (const entry of entries) readPolicies(entry, requireSeededTenant(entry, world));
  // Consent comes last: it may concern an API that a later tenant or application of the file defines.
  for (const consent of consents) for (const problem of consent()) note(`admin consent: ${problem}`);
  return world;
}

function readTenant(entry: JsonObject, nowMs: number): Tenant {
  entry.allowOnly(
    ...["tenantId", "displayName", "domains", "users", "groups", "applications"],
    ...["servicePrincipals", "certificateAuthorities", "tokenLifetimePolicies"],
    "conditionalAccessPolicies",
  );
  const domains = entry.texts("domains").map((domain) => domain.toLowerCase());
  const [domain] = domains;
  if (domain === undefined) throw new JsonPlaceError(entry.at("domains"), "must name at least one domain");
  const tenant: Tenant = {
    tenantId: entry.guid("tenantId") ?? stableId("tenant", domain),
    displayName: entry.text("displayName") ?? domain,
    domains,
    users: new Map(),
    groups: new Map(),
    applications: new Map(),
    servicePrincipals: new Map(),
    appRoleAssignments: new Map(),
    oauth2PermissionGrants: new Map(),
    certificateAuthorities: readAuthorities(entry),
  };
  addWellKnownServicePrincipals(tenant);
  const principalNames = new Set<string>();
  for (const user of entry.objects("users")) addUser(tenant, user, principalNames);
  for (const group of entry.objects("groups")) addGroup(tenant, group, nowMs);
  return tenant;
}

function addUser(tenant: Tenant, entry: JsonObject, principalNames: Set<string>): void {
  entry.allowOnly(
    ...[
      "id",
      "userPrincipalName",
      "displayName",
      "mail",
      "password",
      "accountEnabled",
      "timeZone",
      "mailbox",
    ],
    ...["roles", "place", "properties"],
  );
  const userPrincipalName = entry.requiredText("userPrincipalName");
  const name = userPrincipalName.toLowerCase();
  if (!/^[^@\s]+@[^@\s]+$/.test(name))
    throw new JsonPlaceError(
      entry.at("userPrincipalName"),
      `must look like name@domain, not "${userPrincipalName}"`,
    );
  if (principalNames.has(name))
    throw new JsonPlaceError(entry.at("userPrincipalName"), `names "${userPrincipalName}" a second time`);
  principalNames.add(name);
  const id = entry.guid("id") ?? stableId("user", tenant.tenantId, name);
  const hasMailbox = entry.flag("mailbox") ?? false;
  const user: User = {
    id,
    userPrincipalName,
    displayName: entry.text("displayName") ?? userPrincipalName,
    mail: entry.text("mail") ?? (hasMailbox ? userPrincipalName : undefined),
    password: entry.text("password"),
    accountEnabled: entry.flag("accountEnabled") ?? true,
    timeZone: entry.text("timeZone") ?? "UTC",
    roles: entry.texts("roles"),
    mailbox: hasMailbox ? createMailbox(id) : undefined,
    ...(entry.has("place") ? { place: { ...entry.object("place")?.value } } : {}),
    properties: { ...entry.object("properties")?.value },
  };
  tenant.users.set(id, user);
}

function addGroup(tenant: Tenant, entry: JsonObject, nowMs: number): void {
  entry.allowOnly(
    "id",
    "displayName",
    "mailNickname",
    "mail",
    "groupTypes",
    "owners",
    "members",
    "properties",
  );
  const displayName = entry.requiredText("displayName");
  const mailNickname = entry.text("mailNickname") ?? displayName.toLowerCase().replace(/[^a-z0-9]+/g, "");
  const groupTypes = entry.texts("groupTypes");
  const resolve = (member: "owners" | "members"): string[] =>
    entry.texts(member).map((name, index) => {
      const user = findUser(tenant, name);
      if (user === undefined)
        throw new JsonPlaceError(
          `${entry.at(member)}[${index}]`,
          `names "${name}", which is no user of this tenant`,
        );
      return user.id;
    });
  const isUnified = groupTypes.includes("Unified");
  const group: Group = {
    id: entry.guid("id") ?? stableId("group", tenant.tenantId, mailNickname.toLowerCase()),
    displayName,
    mailNickname,
    mail: entry.text("mail") ?? (isUnified ? `${mailNickname}@${tenant.domains[0]}` : undefined),
    groupTypes,
    owners: resolve("owners"),
    members: resolve("members"),
    createdAtMs: nowMs - SEED_AGE_MS,
    deletedAtMs: undefined,
    properties: { ...entry.object("properties")?.value },
  };
  tenant.groups.set(group.id, group);
}

/** Registers the applications and returns the consents to be given when all tenants are there. */
function readApplications(entry: JsonObject, tenant: Tenant, nowMs: number): (() => readonly string[])[] {
  return entry.objects("applications").flatMap((item) => {
    item.allowOnly("manifest", "secrets", "adminConsent", "servicePrincipalId", "servicePrincipal");
    const manifest = item.object("manifest");
    if (manifest === undefined) throw new JsonPlaceError(item.at("manifest"), "is missing");
    const application = readManifest(manifest, tenant.tenantId, nowMs - SEED_AGE_MS);
    for (const known of tenant.applications.values())
      if (known.appId === application.appId)
        throw new JsonPlaceError(manifest.at("appId"), `names ${application.appId} a second time`);
    addSecrets(application, item, nowMs - SEED_AGE_MS);
    tenant.applications.set(application.id, application);
    if (item.flag("servicePrincipal") === false) return [];
    ensureServicePrincipal(tenant, application, item.guid("servicePrincipalId"));
    return item.flag("adminConsent") ? [() => grantAdminConsent(tenant, application, nowMs)] : [];
  });
}

function addSecrets(application: Application, item: JsonObject, startAtMs: number): void {
  for (const entry of item.objects("secrets")) {
    entry.allowOnly("secretText", "startDateTime", "endDateTime", "displayName", "keyId");
    entry.requiredText("secretText");
    const credential = readPasswordCredential(entry, startAtMs);
    if (credential !== undefined) application.passwordCredentials.push(credential);
  }
}

/** Accounts of applications that are registered in another tenant of the file. */
function readGuestApplications(entry: JsonObject, world: World, nowMs: number): (() => readonly string[])[] {
  const tenant = requireSeededTenant(entry, world);
  return entry.objects("servicePrincipals").flatMap((item) => {
    item.allowOnly("appId", "id", "adminConsent", "accountEnabled", "appRoleAssignmentRequired");
    const appId = item.guid("appId") ?? "";
    const found = findApplicationAnywhere(world, appId);
    if (found === undefined)
      throw new JsonPlaceError(item.at("appId"), `names "${appId}", which no tenant of this file registers`);
    const principal = ensureServicePrincipal(tenant, found.application, item.guid("id"));
    principal.accountEnabled = item.flag("accountEnabled") ?? true;
    principal.appRoleAssignmentRequired = item.flag("appRoleAssignmentRequired") ?? false;
    return item.flag("adminConsent") ? [() => grantAdminConsent(tenant, found.application, nowMs)] : [];
  });
}

function requireSeededTenant(entry: JsonObject, world: World): Tenant {
  const domain = (entry.texts("domains")[0] ?? "").toLowerCase();
  const tenant = world.tenants.get(entry.guid("tenantId") ?? stableId("tenant", domain));
  if (tenant === undefined) throw new JsonPlaceError(entry.at("tenantId"), "names no tenant of this file");
  return tenant;
}

function readAuthorities(entry: JsonObject): ReadonlyMap<string, readonly Uint8Array[]> | undefined {
  const authorities = entry.objects("certificateAuthorities");
  if (authorities.length === 0) return undefined;
  return new Map(
    authorities.map((authority) => {
      authority.allowOnly("id", "certificates");
      const ders = authority
        .texts("certificates")
        .map((text, index) => readCertificate(text, `${authority.at("certificates")}[${index}]`).raw);
      return [authority.requiredText("id").toLowerCase(), ders] as const;
    }),
  );
}

function placeOfSyntaxError(text: string): string {
  const before = text.slice(0, findJsonError(text)).split("\n");
  return `: line ${before.length}, column ${(before.at(-1) ?? "").length + 1}`;
}
