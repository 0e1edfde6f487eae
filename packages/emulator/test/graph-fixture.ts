/** A context without sockets, and tokens that its issuer signed, for tests of the Graph surface. */
import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { addWellKnownServicePrincipals, ensureServicePrincipal } from "../src/directory/consent.ts";
import type { Application, Group, Tenant, User, World } from "../src/directory/directory.ts";
import { createGraphSurface } from "../src/graph/surface.ts";
import { EmulatorClock } from "../src/host/clock.ts";
import type { EmulatorContext, EmulatorSwitches } from "../src/host/context.ts";
import { createMailbox } from "../src/mailbox/mailbox.ts";

export const TENANT_ID = "a0000000-0000-4000-8000-000000000001";
export const ROOM_12 = "b0000000-0000-4000-8000-000000000012";
export const ROOM_13 = "b0000000-0000-4000-8000-000000000013";
export const YEAR_7 = "c0000000-0000-4000-8000-000000000007";
export const CLIENT_ID = "d0000000-0000-4000-8000-000000000001";
export const CLIENT_OBJECT_ID = "e0000000-0000-4000-8000-000000000001";
/** 2026-01-05 08:00 UTC, a Monday. */
export const NOW_MS = Date.UTC(2026, 0, 5, 8);

const keyPair = generateKeyPairSync("rsa", { modulusLength: 2048 });

export interface GraphFixture {
  readonly context: EmulatorContext;
  readonly tenant: Tenant;
  readonly notes: string[];
  /** Sends a request as an application with these roles. */
  send(method: string, path: string, options?: SendOptions): Promise<GraphAnswer>;
}

export interface SendOptions {
  readonly roles?: readonly string[];
  /** Sends as this user with these scopes instead. */
  readonly user?: string;
  readonly scp?: string;
  /** Replaces the Authorization header; null sends none. */
  readonly authorization?: string | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly clientId?: string;
  readonly objectId?: string;
}

export interface GraphAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers are compared member by member in tests
  readonly json: any;
}

export const ALL_ROLES = [
  "Calendars.ReadWrite",
  "MailboxSettings.ReadWrite",
  "User.ReadWrite.All",
  "Group.ReadWrite.All",
  "Directory.ReadWrite.All",
  "Application.ReadWrite.All",
  "AppRoleAssignment.ReadWrite.All",
  "Place.Read.All",
];

export function makeFixture(
  switches: Partial<EmulatorSwitches> & Record<string, unknown> = {},
): GraphFixture {
  const clock = new EmulatorClock();
  clock.freeze(NOW_MS);
  const notes: string[] = [];
  const key = { kid: "test-key", privateKey: keyPair.privateKey, publicKey: keyPair.publicKey };
  const world: World = { tenants: new Map() };
  const tenant = makeTenant();
  world.tenants.set(tenant.tenantId, tenant);
  const context: EmulatorContext = {
    world,
    clock,
    keys: { current: key, all: [key] },
    switches: { groupCalendarsAppOnly: false, strictJti: false, ...switches },
    note: (text) => notes.push(text),
  };
  const surface = createGraphSurface(context);
  return {
    context,
    tenant,
    notes,
    send: async (method, path, options = {}) => {
      const url = new URL(path.startsWith("http") ? path : `https://graph.microsoft.com/v1.0${path}`);
      const body = encodeBody(options.body);
      const answer = await surface({
        id: randomUUID(),
        method,
        origin: url.origin,
        host: url.hostname,
        path: url.pathname,
        query: url.searchParams,
        headers: {
          ...(options.authorization === null
            ? {}
            : { authorization: options.authorization ?? `Bearer ${makeToken(clock.nowMs(), options)}` }),
          ...(options.body === undefined ? {} : { "content-type": "application/json" }),
          ...options.headers,
        },
        body,
      });
      if (answer === undefined) return { status: 0, headers: {}, text: "", json: undefined };
      const text = Buffer.from(answer.body ?? "").toString("utf8");
      return { status: answer.status, headers: answer.headers ?? {}, text, json: parse(text) };
    },
  };
}

export function makeToken(nowMs: number, options: SendOptions & { readonly claims?: object } = {}): string {
  const isUser = options.user !== undefined;
  const claims = {
    aud: "https://graph.microsoft.com",
    iss: `https://sts.windows.net/${TENANT_ID}/`,
    iat: nowMs / 1000,
    nbf: nowMs / 1000,
    exp: nowMs / 1000 + 3600,
    tid: TENANT_ID,
    ver: "1.0",
    appid: options.clientId ?? CLIENT_ID,
    oid: options.user ?? options.objectId ?? CLIENT_OBJECT_ID,
    sub: options.user ?? options.objectId ?? CLIENT_OBJECT_ID,
    ...(isUser ? { scp: options.scp ?? "User.Read" } : { roles: options.roles ?? ALL_ROLES }),
    ...options.claims,
  };
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const input = `${encode({ typ: "JWT", alg: "RS256", kid: "test-key" })}.${encode(claims)}`;
  return `${input}.${sign("sha256", Buffer.from(input), keyPair.privateKey).toString("base64url")}`;
}

export function makeUser(id: string, localPart: string, displayName: string): User {
  return {
    id,
    userPrincipalName: `${localPart}@school.example`,
    displayName,
    mail: `${localPart}@school.example`,
    password: undefined,
    accountEnabled: true,
    timeZone: "Europe/London",
    roles: [],
    mailbox: createMailbox(id),
    properties: {},
  };
}

function makeTenant(): Tenant {
  const tenant: Tenant = {
    tenantId: TENANT_ID,
    displayName: "School",
    domains: ["school.example"],
    users: new Map(),
    groups: new Map(),
    applications: new Map(),
    servicePrincipals: new Map(),
    appRoleAssignments: new Map(),
    oauth2PermissionGrants: new Map(),
  };
  for (const user of [makeUser(ROOM_12, "room-12", "Room 12"), makeUser(ROOM_13, "room-13", "Room 13")])
    tenant.users.set(user.id, user);
  const group: Group = {
    id: YEAR_7,
    displayName: "Year 7",
    mailNickname: "year7",
    mail: "year7@school.example",
    groupTypes: ["Unified"],
    owners: [],
    members: [ROOM_12],
    createdAtMs: NOW_MS,
    deletedAtMs: undefined,
    properties: {},
  };
  tenant.groups.set(group.id, group);
  addWellKnownServicePrincipals(tenant);
  const application = makeApplication();
  tenant.applications.set(application.id, application);
  ensureServicePrincipal(tenant, application, CLIENT_OBJECT_ID);
  return tenant;
}

function makeApplication(): Application {
  return {
    id: "f0000000-0000-4000-8000-000000000001",
    appId: CLIENT_ID,
    displayName: "Timetable",
    signInAudience: "AzureADMyOrg",
    identifierUris: [],
    redirectUris: [],
    isFallbackPublicClient: false,
    requestedAccessTokenVersion: null,
    requiredResourceAccess: [],
    appRoles: [],
    permissionScopes: [],
    keyCredentials: [],
    passwordCredentials: [],
    createdAtMs: NOW_MS,
    properties: {},
  };
}

function encodeBody(body: unknown): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  return typeof body === "string" ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
