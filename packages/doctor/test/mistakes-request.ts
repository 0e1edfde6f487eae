/** Ways of asking wrongly: at the token endpoint, at Graph, at Exchange. */
import {
  API,
  ASSERTION_TYPE,
  DAEMON,
  DISABLED,
  ENDPOINT,
  exchange,
  GRAPH,
  KEYLESS,
  OLD_SECRET,
  type PastedExchange,
  postForm,
  type School,
  SECRET,
  TENANT,
} from "./emulated-school.ts";
import type { Given, Mistake } from "./mistakes-assertion.ts";
import { signJwt } from "./samples.ts";

type Fields = Record<string, string | undefined>;

const BASE: Fields = {
  grant_type: "client_credentials",
  client_id: DAEMON,
  client_secret: SECRET,
  scope: "https://graph.microsoft.com/.default",
};

function form(name: string, expect: string, given: Given, changes: Fields, url = ENDPOINT): Mistake {
  return { name, expect, given, make: (school) => postForm(school, { ...BASE, ...changes }, url) };
}

function ownAssertion(school: School, clientId: string): string {
  const seconds = Math.floor(Date.now() / 1000);
  return signJwt(
    school.daemon.privateKey,
    { alg: "RS256", typ: "JWT", x5t: school.daemon.credential.certificate.thumbprintSha1.base64url },
    { aud: ENDPOINT, iss: clientId, sub: clientId, jti: "a", nbf: seconds, exp: seconds + 600 },
  );
}

function asserted(
  name: string,
  expect: string,
  given: Given,
  clientId: string,
  changes: Fields = {},
): Mistake {
  return {
    name,
    expect,
    given,
    make: (school) =>
      postForm(school, {
        ...BASE,
        client_secret: undefined,
        client_id: clientId,
        client_assertion_type: ASSERTION_TYPE,
        client_assertion: ownAssertion(school, clientId),
        ...changes,
      }),
  };
}

const TOKEN_ENDPOINT_MISTAKES: readonly Mistake[] = [
  form("no grant_type", "REQUEST_GRANT_TYPE", "answer", { grant_type: undefined }),
  form("unknown grant_type", "REQUEST_GRANT_TYPE", "answer", { grant_type: "client_credential" }),
  form("no client_id", "REQUEST_CLIENT_ID", "answer", { client_id: undefined }),
  form("client_id of zeros", "REQUEST_CLIENT_ID", "answer", {
    client_id: "00000000-0000-0000-0000-000000000000",
  }),
  form("unknown client_id", "APPLICATION_NOT_FOUND", "answer", {
    client_id: "aaaaaaaa-9999-4000-8000-000000000009",
  }),
  form("no scope", "REQUEST_SCOPE_MISSING", "answer", { scope: undefined }),
  form("a single permission as scope", "REQUEST_SCOPE_NOT_DEFAULT", "answer", {
    scope: "https://graph.microsoft.com/Calendars.ReadWrite",
  }),
  form("a bare permission as scope", "REQUEST_SCOPE_NOT_DEFAULT", "answer", { scope: "Group.ReadWrite.All" }),
  form("two resources", "REQUEST_SCOPE_SEVERAL", "request", {
    scope: "https://graph.microsoft.com/.default https://outlook.office365.com/.default",
  }),
  form("resource on v2.0", "REQUEST_RESOURCE_ON_V2", "answer", { resource: "https://graph.microsoft.com" }),
  form("unknown resource", "REQUEST_RESOURCE_UNKNOWN", "answer", {
    scope: "https://graph.microsoft.example/.default",
  }),
  form("resource with a path", "REQUEST_RESOURCE_UNKNOWN", "answer", {
    scope: "https://outlook.office365.com/EWS/Exchange.asmx/.default",
  }),
  form("wrong secret", "APPLICATION_SECRET_WRONG", "answer", { client_secret: "not~the.secret_1234567890" }),
  form("the secret's ID", "REQUEST_SECRET_ID", "request", {
    client_secret: "4b9d7c1e-0a55-4d7e-8f64-9d5a8ec1b0aa",
  }),
  form("expired secret", "APPLICATION_SECRET_EXPIRED", "answer", { client_id: OLD_SECRET }),
  form("no credential", "REQUEST_CREDENTIAL_MISSING", "answer", { client_secret: undefined }),
  form(
    "tenant that does not exist",
    "TENANT_NOT_FOUND",
    "answer",
    {},
    ENDPOINT.replace(TENANT, "99999999-9999-4999-8999-999999999999"),
  ),
  form("tenant that is none", "REQUEST_TENANT", "answer", {}, ENDPOINT.replace(TENANT, "my school!")),
  form("at /common", "REQUEST_TENANT_COMMON", "answer", {}, ENDPOINT.replace(TENANT, "common")),
  form("at /consumers", "REQUEST_TENANT_COMMON", "answer", {}, ENDPOINT.replace(TENANT, "consumers")),
  form("an API that wants an assignment", "APPLICATION_NOT_ASSIGNED", "answer", {
    scope: `api://${API}/.default`,
  }),
  asserted("application without certificates", "APPLICATION_NO_KEYS", "answer", KEYLESS),
  asserted("application that is switched off", "APPLICATION_DISABLED", "answer", DISABLED),
  asserted("secret and assertion", "REQUEST_CREDENTIALS_SEVERAL", "answer", DAEMON, {
    client_secret: SECRET,
  }),
  asserted("assertion without its type", "REQUEST_ASSERTION_TYPE", "request", DAEMON, {
    client_assertion_type: undefined,
  }),
  {
    name: "fields as JSON",
    expect: "REQUEST_NOT_FORM",
    given: "request",
    make: (school) =>
      exchange(school, ENDPOINT, {
        method: "POST",
        body: JSON.stringify(BASE),
        headers: { "Content-Type": "application/json" },
      }),
  },
  { name: "GET", expect: "REQUEST_METHOD", given: "answer", make: (school) => exchange(school, ENDPOINT) },
  {
    // The emulator refuses so when a code of the desktop platform is redeemed; the answer is the same.
    name: "credential of a public client",
    expect: "APPLICATION_PUBLIC_CLIENT",
    given: "answer",
    make: async (school) => {
      school.emulator.faults.add({ endpoint: "token", kind: "aadsts", code: 700025, times: 1 });
      return postForm(school, BASE);
    },
  },
  {
    name: "Conditional Access",
    expect: "POLICY_BLOCKED",
    given: "answer",
    make: async (school) => {
      school.emulator.faults.add({ endpoint: "token", kind: "aadsts", code: 53003, times: 1 });
      return postForm(school, BASE);
    },
  },
];

const EVENTS = `${GRAPH}/v1.0/users/room-12@school.example/events`;

function graph(
  name: string,
  expect: string,
  given: Given,
  wish: (school: School) => Promise<string>,
  url = EVENTS,
  method = "GET",
): Mistake {
  return {
    name,
    expect,
    given,
    make: async (school) => {
      const body = method === "POST" ? { body: '{"subject":"Mathematics"}' } : {};
      return exchange(school, url, {
        method,
        ...body,
        headers: { Authorization: `Bearer ${await wish(school)}`, "Content-Type": "application/json" },
      });
    },
  };
}

const roles =
  (list: readonly string[], changes: Record<string, unknown> = {}) =>
  async (school: School): Promise<string> =>
    (await school.emulator.tokenFor({ roles: list, ...changes })).access_token;

async function exchangeToken(school: School): Promise<PastedExchange> {
  return postForm(school, { ...BASE, scope: "https://outlook.office365.com/.default" });
}

const API_MISTAKES: readonly Mistake[] = [
  {
    name: "no token",
    expect: "REQUEST_NO_BEARER",
    given: "request",
    make: (school) => exchange(school, EVENTS),
  },
  graph("own assertion as bearer", "TOKEN_SELF_MADE", "request", async (school) =>
    ownAssertion(school, DAEMON),
  ),
  graph(
    "token for Exchange",
    "TOKEN_AUDIENCE",
    "request",
    roles(["full_access_as_app"], { audience: "https://outlook.office365.com" }),
  ),
  graph("token without roles", "TOKEN_ROLES_MISSING", "request", roles([])),
  graph("role that does not reach", "TOKEN_ROLE_INSUFFICIENT", "request", roles(["User.Read.All"])),
  graph(
    "reading role for a write",
    "TOKEN_ROLE_INSUFFICIENT",
    "request",
    roles(["Calendars.Read"]),
    EVENTS,
    "POST",
  ),
  graph(
    "expired token",
    "TOKEN_EXPIRED",
    "request",
    roles(["Calendars.ReadWrite"], { expiresInSeconds: -600 }),
  ),
  graph(
    "/me without a user",
    "TOKEN_ME_PATH",
    "request",
    roles(["Calendars.ReadWrite"]),
    `${GRAPH}/v1.0/me/events`,
  ),
  graph(
    "calendar of a group",
    "TOKEN_GROUP_CALENDAR",
    "request",
    roles(["Calendars.ReadWrite", "Group.ReadWrite.All"]),
    `${GRAPH}/v1.0/groups/cccccccc-0000-4000-8000-000000000007/events`,
  ),
  graph(
    "group as a user",
    "GRAPH_GROUP_AS_USER",
    "answer",
    roles(["Calendars.ReadWrite"]),
    `${GRAPH}/v1.0/users/cccccccc-0000-4000-8000-000000000007/events`,
  ),
  graph(
    "user without mailbox",
    "GRAPH_MAILBOX_NOT_IN_CLOUD",
    "answer",
    roles(["Calendars.ReadWrite"]),
    EVENTS.replace("room-12", "caretaker"),
  ),
  graph(
    "id that is none",
    "GRAPH_REQUEST_MALFORMED",
    "answer",
    roles(["Calendars.ReadWrite"]),
    `${EVENTS}/AAMkAGI2`,
  ),
  {
    name: "event that was deleted",
    expect: "GRAPH_ITEM_UNKNOWN",
    given: "answer",
    make: async (school) => {
      const headers = {
        Authorization: `Bearer ${await roles(["Calendars.ReadWrite"])(school)}`,
        "Content-Type": "application/json",
      };
      const at = (hour: string): object => ({ dateTime: `2026-06-15T${hour}:00:00`, timeZone: "UTC" });
      const body = JSON.stringify({ subject: "Mathematics", start: at("09"), end: at("10") });
      const made = await exchange(school, EVENTS, { method: "POST", body, headers });
      const id = /"id":"([^"]+)"/.exec(made.answer)?.[1] ?? "";
      await exchange(school, `${EVENTS}/${id}`, { method: "DELETE", headers });
      return exchange(school, `${EVENTS}/${id}`, { headers });
    },
  },
  {
    name: "too many requests",
    expect: "GRAPH_THROTTLED",
    given: "answer",
    make: async (school) => {
      const id = school.emulator.faults.add({ endpoint: "graph", kind: "throttle", retryAfterSeconds: 1 });
      const exchanged = await exchange(school, EVENTS, {
        headers: { Authorization: `Bearer ${await roles(["Calendars.ReadWrite"])(school)}` },
      });
      school.emulator.faults.remove(id);
      return exchanged;
    },
  },
  {
    name: "secret for EWS",
    expect: "EWS_AUTH_TOO_WEAK",
    given: "answer",
    make: async (school) => {
      const { answer } = await exchangeToken(school);
      const token = /"access_token":"([^"]+)"/.exec(answer)?.[1] ?? "";
      return exchange(school, "https://outlook.office365.com/EWS/Exchange.asmx", {
        method: "POST",
        body: "<s:Envelope/>",
        headers: { Authorization: `Bearer ${token}` },
      });
    },
  },
  {
    name: "Graph token for EWS",
    expect: "EWS_TOKEN_AUDIENCE",
    given: "answer",
    make: async (school) =>
      exchange(school, "https://outlook.office365.com/EWS/Exchange.asmx", {
        method: "POST",
        body: "<s:Envelope/>",
        headers: { Authorization: `Bearer ${await roles(["Calendars.ReadWrite"])(school)}` },
      }),
  },
  {
    name: "no permission for EWS",
    expect: "EWS_NO_PERMISSIONS",
    given: "answer",
    make: async (school) =>
      exchange(school, "https://outlook.office365.com/EWS/Exchange.asmx", {
        method: "POST",
        body: "<s:Envelope/>",
        headers: {
          Authorization: `Bearer ${await roles([], { audience: "https://outlook.office365.com" })(school)}`,
        },
      }),
  },
  {
    name: "own assertion for EWS",
    expect: "TOKEN_SELF_MADE",
    given: "request",
    make: async (school) =>
      exchange(school, "https://outlook.office365.com/EWS/Exchange.asmx", {
        method: "POST",
        body: "<s:Envelope/>",
        headers: { Authorization: `Bearer ${ownAssertion(school, DAEMON)}` },
      }),
  },
];

/** Every way of asking wrongly that the emulator refuses. */
export const REQUEST_MISTAKES: readonly Mistake[] = [...TOKEN_ENDPOINT_MISTAKES, ...API_MISTAKES];
