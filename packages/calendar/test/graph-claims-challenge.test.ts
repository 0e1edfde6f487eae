/** A token that is revoked while it lives: Graph's claims challenge is answered once, from the credential to the calendar. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createKeyCredential, createSelfSigned } from "@nightlatch/credential";
import { type RunningEmulator, startEmulator } from "@nightlatch/emulator";
import { createTransport, NightlatchCredential, type Transport } from "@nightlatch/oauth";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type CalendarPort, createGraphCalendar } from "../src/index.ts";

const TENANT_ID = "5c001000-0000-4000-8000-00000000ca00";
const CLIENT_ID = "5c001000-0000-4000-8000-00000000ca01";
const ROOM = "room-12@school.example";
const CALENDARS_READ_WRITE = "ef54d2bf-783f-4e0f-bca1-3210c0444d99";
const GRAPH = "00000003-0000-0000-c000-000000000000";

let stateDir: string;
let emulator: RunningEmulator;
let transport: Transport;
let capable: CalendarPort;
let incapable: CalendarPort;

beforeAll(async () => {
  const { credential: certificate } = await createSelfSigned({ subject: "CN=Timetable push" });
  stateDir = await mkdtemp(join(tmpdir(), "nightlatch-cae-"));
  emulator = await startEmulator({
    stateDir,
    seed: seedWith(createKeyCredential(certificate.certificate, "graph")),
  });
  transport = createTransport({ ca: emulator.caPem, proxy: false });
  const calendarFor = (clientCapabilities: readonly string[]): CalendarPort =>
    createGraphCalendar({
      transport,
      endpoint: emulator.graph,
      scope: "https://graph.microsoft.com/.default",
      tokens: new NightlatchCredential({
        tenantId: TENANT_ID,
        clientId: CLIENT_ID,
        certificate,
        authorityHost: emulator.authority,
        transport,
        clientCapabilities,
      }),
    });
  capable = calendarFor(["cp1"]);
  incapable = calendarFor([]);
});

afterAll(async () => {
  transport.close();
  await emulator.close();
  await rm(stateDir, { recursive: true, force: true });
});

beforeEach(() => emulator.liftRevocations());

function seedWith(keyCredential: unknown): Record<string, unknown> {
  const manifest = {
    appId: CLIENT_ID,
    displayName: "Timetable push",
    keyCredentials: [keyCredential],
    requiredResourceAccess: [
      { resourceAppId: GRAPH, resourceAccess: [{ id: CALENDARS_READ_WRITE, type: "Role" }] },
    ],
  };
  return {
    tenants: [
      {
        tenantId: TENANT_ID,
        domains: ["school.example"],
        users: [{ userPrincipalName: ROOM, mailbox: true }],
        applications: [{ manifest, adminConsent: true }],
      },
    ],
  };
}

/** Status and claims of what was sent since the records were cleared, in order. */
function exchanges(): { readonly to: string; readonly status: number; readonly claims: unknown }[] {
  return emulator.requests({ showSecrets: true }).map(({ url, status, body }) => ({
    to: url.includes("/token") ? "token" : "graph",
    status: status ?? 0,
    claims: JSON.parse(new URLSearchParams(body).get("claims") ?? "null") as unknown,
  }));
}

describe("a Graph calendar whose tokens say xms_cc cp1", () => {
  it.each(["revoked", "outdatedPolicies"] as const)(
    "gets one new token with the claims of the challenge, then its answer (%s)",
    async (reason) => {
      await capable.listCalendars(ROOM);
      // Tokens count whole seconds.
      emulator.clock.advance(1000);
      await emulator.revokeTokens({ appId: CLIENT_ID, reason });
      emulator.clearRequests();
      expect(await capable.listCalendars(ROOM)).toHaveLength(1);
      expect(exchanges()).toEqual([
        { to: "graph", status: 401, claims: null },
        {
          to: "token",
          status: 200,
          claims: {
            access_token: {
              nbf: { essential: true, value: expect.stringMatching(/^\d{10}$/) as string },
              xms_cc: { values: ["cp1"] },
            },
          },
        },
        { to: "graph", status: 200, claims: null },
      ]);
      // The token that was asked for with claims serves whatever comes after.
      emulator.clearRequests();
      await capable.listCalendars(ROOM);
      expect(exchanges()).toEqual([{ to: "graph", status: 200, claims: null }]);
    },
  );

  it("asks once and reports the second challenge when a new token does not help", async () => {
    await capable.listCalendars(ROOM);
    await emulator.revokeTokens({ appId: CLIENT_ID, reason: "location" });
    emulator.clearRequests();
    await expect(capable.listCalendars(ROOM)).rejects.toMatchObject({
      code: "CALENDAR_TOKEN_REFUSED",
      exitCode: 4,
      details: { status: 401, code: "InvalidAuthenticationToken" },
    });
    expect(exchanges().map(({ to, status }) => `${to} ${status}`)).toEqual([
      "graph 401",
      "token 200",
      "graph 401",
    ]);
  });
});

describe("a Graph calendar whose tokens do not say so", () => {
  it("keeps its token until it expires", async () => {
    await incapable.listCalendars(ROOM);
    await emulator.revokeTokens({ appId: CLIENT_ID });
    emulator.clearRequests();
    expect(await incapable.listCalendars(ROOM)).toHaveLength(1);
    expect(exchanges()).toEqual([{ to: "graph", status: 200, claims: null }]);
  });
});
