/** An emulated tenant, and requests to it under the real host names, as texts that somebody would paste. */

import { mkdirSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningEmulator, type Seed, startEmulator } from "@nightlatch/emulator";
import { mintKey, type SampleKey } from "./samples.ts";

export const TENANT = "11111111-1111-4111-8111-111111111111";
export const OTHER_TENANT = "22222222-2222-4222-8222-222222222222";
export const DAEMON = "aaaaaaaa-0000-4000-8000-000000000001";
export const KEYLESS = "aaaaaaaa-0000-4000-8000-000000000002";
export const DISABLED = "aaaaaaaa-0000-4000-8000-000000000004";
export const OLD_SECRET = "aaaaaaaa-0000-4000-8000-000000000005";
export const API = "aaaaaaaa-0000-4000-8000-000000000006";
export const SECRET = "a~Secret-with.odd_characters1";
export const ENDPOINT = `https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`;
export const GRAPH = "https://graph.microsoft.com";
export const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** The emulator and the keys of the test. */
export interface School {
  readonly emulator: RunningEmulator;
  readonly daemon: SampleKey;
  readonly stranger: SampleKey;
}

/** One exchange as text. */
export interface PastedExchange {
  readonly request: string;
  readonly answer: string;
  readonly status: number;
}

/** Starts the emulator with a school of one registered daemon and several odd applications. */
export async function startSchool(): Promise<School> {
  const now = new Date();
  const [daemon, stranger] = [await mintKey(now), await mintKey(now, "CN=stranger")];
  const stateDir = join(tmpdir(), "nightlatch-doctor-tests");
  mkdirSync(stateDir, { recursive: true });
  const emulator = await startEmulator({ port: 0, stateDir, seed: schoolSeed(daemon) });
  return { emulator, daemon, stranger };
}

function schoolSeed(daemon: SampleKey): Seed {
  const registered = {
    value: Buffer.from(daemon.credential.certificate.der).toString("base64"),
    type: "AsymmetricX509Cert",
    usage: "Verify",
    keyId: "bbbbbbbb-0000-4000-8000-000000000001",
  };
  const access = (resourceAppId: string, id: string): object => ({
    resourceAppId,
    resourceAccess: [{ id, type: "Role" }],
  });
  return {
    tenants: [
      {
        tenantId: TENANT,
        displayName: "Example School",
        domains: ["school.example"],
        users: [
          { userPrincipalName: "room-12@school.example", displayName: "Room 12", mailbox: true },
          { userPrincipalName: "caretaker@school.example", displayName: "Caretaker", mailbox: false },
        ],
        groups: [
          {
            id: "cccccccc-0000-4000-8000-000000000007",
            displayName: "Year 7",
            mailNickname: "year7",
            groupTypes: ["Unified"],
            owners: [],
            members: [],
          },
        ],
        applications: [
          {
            manifest: {
              appId: DAEMON,
              displayName: "Timetable daemon",
              keyCredentials: [registered],
              requiredResourceAccess: [
                access("00000003-0000-0000-c000-000000000000", "ef54d2bf-783f-4e0f-bca1-3210c0444d99"),
                access("00000002-0000-0ff1-ce00-000000000000", "dc890d15-9560-4a4c-9b7f-a736ec74ec40"),
              ],
            },
            secrets: [{ secretText: SECRET }],
            adminConsent: true,
          },
          { manifest: { appId: KEYLESS, displayName: "No keys" }, secrets: [{ secretText: SECRET }] },
          { manifest: { appId: DISABLED, displayName: "Switched off", keyCredentials: [registered] } },
          {
            manifest: { appId: OLD_SECRET, displayName: "Old secret" },
            secrets: [{ secretText: SECRET, endDateTime: "2020-01-01T00:00:00Z" }],
          },
          { manifest: { appId: API, displayName: "Closed API", identifierUris: [`api://${API}`] } },
        ],
        servicePrincipals: [
          { appId: DISABLED, accountEnabled: false },
          { appId: API, appRoleAssignmentRequired: true },
        ],
      },
      { tenantId: OTHER_TENANT, displayName: "Second School", domains: ["second.example"] },
    ],
  };
}

/** Sends a request to the emulator under the name in its address. */
export function exchange(
  school: School,
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<PastedExchange> {
  const { hostname, pathname, search } = new URL(url);
  const method = options.method ?? (options.body === undefined ? "GET" : "POST");
  const headers = { ...options.headers };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const asked = `${method} ${url} HTTP/1.1\n${head.join("\n")}\n\n${options.body ?? ""}`;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: "localhost",
        port: Number(new URL(school.emulator.origin).port),
        path: pathname + search,
        method,
        ca: school.emulator.caPem,
        servername: hostname,
        agent: false,
        headers: {
          ...headers,
          host: hostname,
          ...(options.body === undefined
            ? {}
            : { "content-length": String(Buffer.byteLength(options.body)) }),
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("end", () => {
          const status = incoming.statusCode ?? 0;
          const lines = Object.entries(incoming.headers).map(([name, value]) => `${name}: ${String(value)}`);
          const body = Buffer.concat(chunks).toString("utf8");
          resolve({
            request: asked,
            answer: `HTTP/1.1 ${status} ${incoming.statusMessage ?? ""}\n${lines.join("\n")}\n\n${body}`,
            status,
          });
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(options.body);
  });
}

/** Posts a form to a token endpoint; `undefined` drops a field. */
export function postForm(
  school: School,
  fields: Readonly<Record<string, string | undefined>>,
  url = ENDPOINT,
): Promise<PastedExchange> {
  const given = Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return exchange(school, url, {
    body: new URLSearchParams(given).toString(),
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
  });
}
