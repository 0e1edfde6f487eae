/** MSAL Python as Debian packages it, unmodified: it knows Microsoft's host names, the environment knows the proxy. */
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningEmulator } from "../src/index.ts";
import { Browser, redirected } from "./entra-browser.ts";
import {
  API,
  DAEMON,
  headerOf,
  makeCertificate,
  NATIVE,
  OTHER_TENANT,
  PASSWORD,
  payloadOf,
  REDIRECT,
  SECRET,
  schoolSeed,
  startSchool,
  TENANT,
  type TestCertificate,
  WEB,
} from "./entra-school.ts";

/** Debian's package installs for this one only. */
const PYTHON = process.env["NIGHTLATCH_PYTHON"] ?? "/usr/bin/python3";
const GRAPH = ["https://graph.microsoft.com/.default"];
const ROOM = "https://graph.microsoft.com/v1.0/users/room-12@school.example/calendars";

const version = msalVersion();
if (version === undefined && process.env["CI"] === undefined)
  console.warn(`entra-msal-python is skipped: ${PYTHON} has no module msal (Debian: python3-msal)`);

let daemon: TestCertificate;
let emulator: RunningEmulator;
let program: ChildProcessWithoutNullStreams;
let answers: Interface;

function msalVersion(): string | undefined {
  try {
    const source = "import msal; print(msal.__version__)";
    return execFileSync(PYTHON, ["-c", source], { encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    return undefined;
  }
}

beforeAll(async () => {
  if (version === undefined) return;
  daemon = makeCertificate("Timetable daemon");
  emulator = await startSchool(schoolSeed(daemon));
  program = spawn(PYTHON, [fileURLToPath(new URL("entra-msal.py", import.meta.url))], {
    env: {
      PATH: process.env["PATH"] ?? "",
      HTTPS_PROXY: emulator.proxy,
      REQUESTS_CA_BUNDLE: emulator.ca,
      FACTS: JSON.stringify({
        tenant: TENANT,
        secret: SECRET,
        thumbprint: daemon.sha1.toString("hex").toUpperCase(),
        privateKey: daemon.privateKeyPem,
        certificate: daemon.certificatePem,
      }),
    },
  });
  program.stderr.pipe(process.stderr);
  answers = createInterface({ input: program.stdout });
});

afterAll(async () => {
  program?.stdin.end();
  await emulator?.close();
});

async function msal(command: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
  const answer = once(answers, "line") as Promise<[string]>;
  program.stdin.write(`${JSON.stringify({ client: DAEMON, credential: "secret", ...command })}\n`);
  return JSON.parse((await answer)[0]) as Record<string, unknown>;
}

/** The page behind an address that names the real host. */
const pathOf = (address: unknown): string => String(address).replace("https://login.microsoftonline.com", "");

async function signInByCode(command: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
  const begun = await msal({ ...command, action: "begin code", redirect: REDIRECT });
  const browser = new Browser(emulator);
  const consent = await browser.signIn(await browser.open(pathOf(begun["auth_uri"])));
  const back =
    consent.headers["location"] === undefined ? await browser.submit(consent, { action: "accept" }) : consent;
  return msal({ ...command, action: "finish code", answer: Object.fromEntries(redirected(back)) });
}

it("MSAL Python is there, in continuous integration at least", () => {
  if (process.env["CI"] !== undefined) expect(version).toBeDefined();
});

describe.runIf(version !== undefined)(`MSAL Python ${version}`, () => {
  it.each([
    ["secret", "1", undefined],
    ["thumbprint", "2", undefined],
    ["chain", "2", "x5c"],
  ] as const)("signs an application in by %s, then calls Graph", async (credential, appidacr, member) => {
    emulator.clearRequests();
    const result = await msal({ action: "for client", credential, scopes: GRAPH });
    const claims = payloadOf(result["access_token"]);
    expect(claims).toMatchObject({ appidacr, tid: TENANT, roles: ["Calendars.ReadWrite"] });
    expect(claims["iss"]).toBe(`https://sts.windows.net/${TENANT}/`);
    expect(result["expires_in"]).toBe(3599);
    const sent = emulator
      .requests({ showSecrets: true })
      .find(({ url }) => url.endsWith("/oauth2/v2.0/token"));
    expect(sent?.url).toBe(`https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`);
    const assertion = new URLSearchParams(sent?.body).get("client_assertion");
    if (member !== undefined) expect(headerOf(assertion)).toHaveProperty(member);
    const answer = await msal({ action: "call", url: ROOM, token: result["access_token"] });
    expect(answer["status"]).toBe(200);
  });

  it("sends the odd shapes that the emulator has to take: fractions of seconds, padded thumbprints", async () => {
    const bodies = emulator.requests({ showSecrets: true }).map(({ body }) => new URLSearchParams(body));
    const [assertion] = bodies.flatMap((body) => body.get("client_assertion") ?? []);
    expect(String(headerOf(assertion)["x5t"])).toMatch(/=$/);
    expect(Number.isInteger(payloadOf(assertion)["exp"])).toBe(false);
  });

  it("serves the second token from its cache", async () => {
    const first = await msal({ action: "for client", scopes: GRAPH });
    emulator.clearRequests();
    const second = await msal({ action: "silent for client", scopes: GRAPH });
    expect(second["access_token"]).toBe(first["access_token"]);
    expect(emulator.requests()).toEqual([]);
  });

  it("reads the number of a refusal", async () => {
    const result = await msal({ action: "for client", credential: "wrong secret", scopes: GRAPH });
    expect(result).toMatchObject({ error: "invalid_client", error_codes: [7000215] });
  });

  it("has an alias of the authority validated by instance discovery", async () => {
    emulator.clearRequests();
    const authority = `https://login.windows.net/${TENANT}`;
    const result = await msal({ action: "for client", authority, scopes: GRAPH });
    expect(payloadOf(result["access_token"])["tid"]).toBe(TENANT);
    const [first] = emulator.requests();
    expect(first?.url).toContain("https://login.microsoftonline.com/common/discovery/instance");
  });

  it("does not take an authority that nobody knows", async () => {
    const authority = `https://login.school.example/${TENANT}`;
    const result = await msal({ action: "for client", authority, scopes: GRAPH });
    expect(result["raised"]).toBe("ValueError");
    expect(result["text"]).toContain("invalid_instance");
  });

  it("names a tenant that does not exist", async () => {
    const authority = `https://login.microsoftonline.com/${OTHER_TENANT.replace("2", "9")}`;
    const result = await msal({ action: "for client", authority, scopes: GRAPH });
    // What it says after `invalid_tenant`.
    expect(result["text"]).toContain("double check your tenant name");
  });

  it("signs a person in with a code, renews by refresh token, and lists the account", async () => {
    const command = { client: WEB, scopes: ["User.Read"] };
    const result = await signInByCode(command);
    expect(result["id_token_claims"]).toMatchObject({
      iss: `https://login.microsoftonline.com/${TENANT}/v2.0`,
      aud: WEB,
      preferred_username: "office@school.example",
    });
    const renewed = await msal({ ...command, action: "renew" });
    expect(payloadOf(renewed["access_token"])).toMatchObject({ upn: "office@school.example", appid: WEB });
    expect(renewed["access_token"]).not.toBe(result["access_token"]);
    const { accounts } = await msal({ ...command, action: "accounts" });
    expect(accounts).toMatchObject([
      { username: "office@school.example", environment: "login.microsoftonline.com", realm: TENANT },
    ]);
  });

  it("exchanges a user's token on behalf of the user", async () => {
    const incoming = await signInByCode({
      client: WEB,
      credential: "thumbprint",
      scopes: [`api://${API}/timetable.read`],
    });
    expect(payloadOf(incoming["access_token"])).toMatchObject({
      aud: API,
      scp: "timetable.read",
      azpacr: "2",
    });
    const result = await msal({
      action: "on behalf of",
      client: API,
      assertion: incoming["access_token"],
      scopes: ["https://graph.microsoft.com/User.Read"],
    });
    expect(payloadOf(result["access_token"])).toMatchObject({ appid: API, upn: "office@school.example" });
    const me = await msal({
      action: "call",
      url: "https://graph.microsoft.com/v1.0/me",
      token: result["access_token"],
    });
    expect(me["body"]).toMatchObject({ userPrincipalName: "office@school.example" });
  });

  it("signs a person in on another device", async () => {
    const command = { client: NATIVE, credential: "none", scopes: ["User.Read"] };
    const begun = await msal({ ...command, action: "begin device" });
    expect(begun["verification_uri"]).toMatch(/^https:\/\//);
    const browser = new Browser(emulator);
    const entered = await browser.submit(await browser.open("/common/oauth2/deviceauth"), {
      otc: String(begun["user_code"]),
    });
    await browser.submit(await browser.signIn(entered), { action: "accept" });
    const result = await msal({ ...command, action: "finish device" });
    expect(payloadOf(result["access_token"])).toMatchObject({ appid: NATIVE, upn: "office@school.example" });
  });

  it("signs a person in by password after asking for the user's realm", async () => {
    emulator.clearRequests();
    const result = await msal({
      action: "password",
      client: NATIVE,
      credential: "none",
      user: "office@school.example",
      password: PASSWORD,
      scopes: ["User.Read"],
    });
    expect(payloadOf(result["access_token"])["upn"]).toBe("office@school.example");
    expect(emulator.requests().map(({ url }) => url)).toContainEqual(
      expect.stringContaining("/common/userrealm/office@school.example"),
    );
  });

  it("answers a claims challenge of Graph", async () => {
    const command = { action: "for client", scopes: GRAPH, capabilities: ["CP1"] };
    const first = await msal(command);
    expect(first["expires_in"]).toBe(86_399);
    emulator.clock.advance(1000);
    await emulator.revokeTokens({ appId: DAEMON });
    const refused = await msal({ action: "call", url: ROOM, token: first["access_token"] });
    expect(refused["status"]).toBe(401);
    const encoded = /claims="([^"]+)"/.exec(String(refused["challenge"]))?.[1] ?? "";
    const claims = Buffer.from(encoded, "base64").toString("utf8");
    const fresh = await msal({ ...command, claims });
    const answer = await msal({ action: "call", url: ROOM, token: fresh["access_token"] });
    expect(answer["status"]).toBe(200);
  });
});
