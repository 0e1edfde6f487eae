/**
 * The whole way, nothing stubbed: a program signs in with its certificate, calls this API with a token of the
 * tenant, and the API reads and writes the mailbox with its own certificate.
 */
import { createGraphCalendar } from "@nightlatch/calendar";
import { createClientAssertion, createKeyCredential, createSelfSigned } from "@nightlatch/credential";
import { type RunningEmulator, startEmulator } from "@nightlatch/emulator";
import { createTransport, NightlatchCredential, type Transport } from "@nightlatch/oauth";
import ICAL from "ical.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp, createFeedUrl, type RunningServer, serve } from "../src/index.ts";
import { lesson, SECRET } from "./school.ts";

const TENANT_ID = "5c001000-0000-4000-8000-000000000000";
const GRAPH = "00000003-0000-0000-c000-000000000000";
const API = {
  appId: "5c001000-00a0-4000-8000-000000000001",
  role: "5c001000-00a1-4000-8000-000000000001",
  writeRole: "5c001000-00a1-4000-8000-000000000002",
};
const BACKEND = "5c001000-00a0-4000-8000-000000000002";
const PROGRAM = "5c001000-00a0-4000-8000-000000000003";
const STRANGER = "5c001000-00a0-4000-8000-000000000004";
const ROOM = "room-12@school.example";

/** A date within the window of the feeds. */
const day = (daysAhead: number) => new Date(Date.now() + daysAhead * 86_400_000).toISOString().slice(0, 10);

const roles = (resourceAppId: string, ...ids: string[]) => ({
  resourceAppId,
  resourceAccess: ids.map((id) => ({ id, type: "Role" })),
});

const minted = await createSelfSigned({ subject: "CN=Nightlatch server test", validDays: 2 });
const keyCredentials = [createKeyCredential(minted.credential.certificate, "graph")];

const SEED = {
  tenants: [
    {
      tenantId: TENANT_ID,
      displayName: "Example School",
      domains: ["school.example"],
      users: [ROOM, "hall@school.example"].map((userPrincipalName) => ({
        userPrincipalName,
        displayName: userPrincipalName,
        timeZone: "Europe/London",
        mailbox: true,
      })),
      applications: [
        {
          manifest: {
            appId: API.appId,
            displayName: "Calendar API",
            identifierUris: [`api://${API.appId}`],
            api: { requestedAccessTokenVersion: 2 },
            appRoles: [
              {
                id: API.role,
                value: "Calendars.Read.All",
                displayName: "Read",
                description: "Read",
                allowedMemberTypes: ["Application"],
                isEnabled: true,
              },
              {
                id: API.writeRole,
                value: "Calendars.ReadWrite.All",
                displayName: "Write",
                description: "Write",
                allowedMemberTypes: ["Application"],
                isEnabled: true,
              },
            ],
          },
          adminConsent: true,
        },
        {
          manifest: {
            appId: BACKEND,
            displayName: "Calendar API backend",
            keyCredentials,
            requiredResourceAccess: [roles(GRAPH, "ef54d2bf-783f-4e0f-bca1-3210c0444d99")],
          },
          adminConsent: true,
        },
        {
          manifest: {
            appId: PROGRAM,
            displayName: "Timetable screen",
            keyCredentials,
            requiredResourceAccess: [
              roles(API.appId, API.role, API.writeRole),
              roles(GRAPH, "798ee544-9d2d-430c-a058-570e29e34338"),
            ],
          },
          adminConsent: true,
        },
        { manifest: { appId: STRANGER, displayName: "Without a role", keyCredentials }, adminConsent: true },
      ],
    },
  ],
};

let emulator: RunningEmulator;
let transport: Transport;
let server: RunningServer;

beforeAll(async () => {
  emulator = await startEmulator({ seed: SEED, port: 0 });
  transport = createTransport({ ca: emulator.caPem, proxy: false });
  const calendar = createGraphCalendar({
    tokens: signIn(BACKEND),
    transport,
    endpoint: emulator.graph,
    scope: "https://graph.microsoft.com/.default",
  });
  const app = createApp({
    calendar,
    authentication: {
      tenantId: TENANT_ID,
      audience: [API.appId, `api://${API.appId}`],
      authorityHost: emulator.authority,
      transport,
    },
    feeds: { secret: SECRET },
  });
  server = await serve(app, { port: 0 });
});

afterAll(async () => {
  await server?.close();
  transport?.close();
  await emulator?.close();
});

function signIn(clientId: string): NightlatchCredential {
  return new NightlatchCredential({
    tenantId: TENANT_ID,
    clientId,
    certificate: minted.credential,
    authorityHost: emulator.authority,
    transport,
  });
}

async function tokenOf(clientId: string, scope = `api://${API.appId}/.default`): Promise<string> {
  return (await signIn(clientId).getToken(scope)).token;
}

async function call(path: string, token: string, init: RequestInit = {}): Promise<Response> {
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json", ...init.headers };
  return fetch(`${server.origin}${path}`, { ...init, headers });
}

describe("the REST API over a mailbox of the emulated tenant", () => {
  const mailbox = `/v1/mailboxes/${ROOM}`;

  test("writes by source id, lists, and gives the same lesson to a calendar program", async () => {
    const token = await tokenOf(PROGRAM);
    const body = JSON.stringify(lesson(`${day(30)}T09:00:00`, "Physics, Year 9", { location: "Room 12" }));
    const put = () => call(`${mailbox}/sources/lesson-1`, token, { method: "PUT", body });
    expect((await put()).status).toBe(201);
    expect((await put()).status).toBe(200);
    const listed = await call(`${mailbox}/events?from=${day(30)}&to=${day(31)}`, token);
    const page = (await listed.json()) as { items: { start: object; sourceId: string; etag: string }[] };
    expect(page.items).toMatchObject([
      {
        subject: "Physics, Year 9",
        sourceId: "lesson-1",
        start: { dateTime: `${day(30)}T09:00:00`, ianaZone: "Europe/London" },
      },
    ]);
    const stale = await call(`${mailbox}/sources/lesson-1`, token, {
      method: "PUT",
      body,
      headers: { "If-Match": '"stale"' },
    });
    expect(stale.status).toBe(412);
    const address = new URL(createFeedUrl(server.origin, ROOM, SECRET));
    const feed = await fetch(address);
    const etag = feed.headers.get("etag") ?? "";
    const calendar = new ICAL.Component(ICAL.parse(await feed.text()) as unknown as string);
    expect(calendar.getAllSubcomponents("vevent").map((event) => new ICAL.Event(event).summary)).toEqual([
      "Physics, Year 9",
    ]);
    expect((await fetch(address, { headers: { "If-None-Match": etag } })).status).toBe(304);
    expect((await call(`${mailbox}/sources/lesson-1`, token, { method: "DELETE" })).status).toBe(204);
  });

  test("pages through more lessons than Graph gives out at once", async () => {
    const token = await tokenOf(PROGRAM);
    const hall = "/v1/mailboxes/hall@school.example";
    for (let index = 0; index < 30; index += 1)
      await call(`${hall}/events`, token, {
        method: "POST",
        body: JSON.stringify(lesson(`${day(5 + (index % 20))}T09:00:00`, `Assembly ${index}`)),
      });
    const seen: string[] = [];
    let query = `from=${day(1)}&to=${day(40)}&limit=7`;
    for (;;) {
      const response = await call(`${hall}/events?${query}`, token);
      const page = (await response.json()) as { items: { subject: string }[]; nextPageToken?: string };
      expect(response.status).toBe(200);
      seen.push(...page.items.map(({ subject }) => subject));
      if (page.nextPageToken === undefined) break;
      query = `limit=7&page_token=${page.nextPageToken}`;
    }
    expect(new Set(seen).size).toBe(30);
    expect(seen.length).toBe(30);
  });

  test("tells the mistakes apart that were made with real tokens", async () => {
    const assertion = await createClientAssertion(minted.credential, {
      clientId: PROGRAM,
      audience: `${emulator.authority}/${TENANT_ID}/oauth2/v2.0/token`,
    });
    const mistakes: [string, string, number, string][] = [
      [
        "a token for Graph",
        await tokenOf(PROGRAM, "https://graph.microsoft.com/.default"),
        401,
        "SERVER_TOKEN_FOR_GRAPH",
      ],
      ["the client assertion itself", assertion, 401, "SERVER_TOKEN_SELF_SIGNED"],
      ["a program without the role", await tokenOf(STRANGER), 403, "SERVER_ROLE_MISSING"],
    ];
    for (const [title, token, status, code] of mistakes) {
      const response = await call(`${mailbox}/calendars`, token);
      expect([response.status, ((await response.json()) as { code: string }).code], title).toEqual([
        status,
        code,
      ]);
    }
  });

  test("answers 404 for an account that has no mailbox", async () => {
    const response = await call("/v1/mailboxes/nobody@school.example/calendars", await tokenOf(PROGRAM));
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
      404,
      "CALENDAR_MAILBOX_NOT_FOUND",
    ]);
  });
});
