/** Witness: the official Graph library for JavaScript and Azure's own credentials, unmodified, in a process of their own. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RunningEmulator, startEmulator } from "../src/index.ts";

const CLIENT_ID = "d0000000-0000-4000-8000-000000000001";
const SECRET = "night8Q~latch-secret-of-this-test-only";
const GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000";
const ROLES = ["ef54d2bf-783f-4e0f-bca1-3210c0444d99", "df021288-bdef-4463-88db-98f22de89214"];

const seed = {
  tenants: [
    {
      tenantId: "a0000000-0000-4000-8000-000000000001",
      displayName: "School",
      domains: ["school.example"],
      users: ["room-12", "room-13", "room-14"].map((name) => ({
        userPrincipalName: `${name}@school.example`,
        displayName: name,
        timeZone: "Europe/London",
        mailbox: true,
      })),
      applications: [
        {
          manifest: {
            appId: CLIENT_ID,
            displayName: "Timetable",
            requiredResourceAccess: [
              { resourceAppId: GRAPH_APP_ID, resourceAccess: ROLES.map((id) => ({ id, type: "Role" })) },
            ],
          },
          secrets: [{ secretText: SECRET, endDateTime: "2099-01-01T00:00:00Z" }],
          adminConsent: true,
        },
      ],
    },
  ],
};

let emulator: RunningEmulator;
const stateDir = mkdtempSync(join(tmpdir(), "nightlatch-graph-"));
beforeAll(async () => {
  emulator = await startEmulator({ seed, port: 0, stateDir });
});
afterAll(async () => {
  await emulator?.close();
  rmSync(stateDir, { recursive: true, force: true });
});

it("createGraphSurface() serves @microsoft/microsoft-graph-client with pages, batches, series and errors", async () => {
  const program = fileURLToPath(new URL("./graph-client-program.mjs", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program], {
    env: {
      PATH: process.env["PATH"],
      NODE_EXTRA_CA_CERTS: emulator.ca,
      AUTHORITY: emulator.authority,
      ORIGIN: emulator.origin,
      TENANT_ID: emulator.tenantId,
      CLIENT_ID,
      CLIENT_SECRET: SECRET,
    },
  });
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ users: 3, type: "seriesMaster", found: 1, changed: "Mathematics" });
  expect(report.statuses).toEqual(Array.from({ length: 20 }, () => 201));
  expect(report.view).toHaveLength(24);
  const occurrences = report.view.filter((event: { type: string }) => event.type === "occurrence");
  expect(occurrences.map((event: { start: object }) => event.start)).toEqual(
    ["2026-03-23", "2026-03-30", "2026-04-06", "2026-04-13"].map((day) => ({
      dateTime: `${day}T09:00:00.0000000`,
      timeZone: "Europe/London",
    })),
  );
  expect(report.error).toMatchObject({ statusCode: 404, code: "ErrorItemNotFound" });
  expect(report.error.requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(report.denied).toEqual({ statusCode: 403, code: "Authorization_RequestDenied" });
});
