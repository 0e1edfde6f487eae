import { spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { request as plainRequest } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EmulatorError, type RunningEmulator, type Seed, startEmulator } from "../src/index.ts";
import {
  DAEMON,
  makeCertificate,
  payloadOf,
  SECRET,
  STATE_DIR,
  schoolSeed,
  send,
  startSchool,
  TENANT,
} from "./entra-school.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

let seed: Seed;
let emulator: RunningEmulator;

beforeAll(async () => {
  seed = schoolSeed(makeCertificate("Timetable daemon"));
  emulator = await startSchool(seed);
});

afterAll(() => emulator.close());

const TOKEN_PATH = `/${TENANT}/oauth2/v2.0/token`;
const TOKEN_FORM = {
  grant_type: "client_credentials",
  client_id: DAEMON,
  client_secret: SECRET,
  scope: "https://graph.microsoft.com/.default",
};

async function control(path: string, options: Parameters<typeof send>[2] = {}, target = emulator) {
  return send(target, `/emulator/v1${path}`, options);
}

const post = (path: string, value: unknown, target = emulator) =>
  control(
    path,
    { method: "POST", body: JSON.stringify(value), headers: { "content-type": "application/json" } },
    target,
  );

describe("startEmulator()", () => {
  it("gives the members of the ready line", () => {
    const { port } = new URL(emulator.origin);
    expect(emulator).toMatchObject({
      ready: true,
      origin: `https://localhost:${port}`,
      authority: emulator.origin,
      graph: `${emulator.origin}/v1.0`,
      ews: `${emulator.origin}/EWS/Exchange.asmx`,
      portal: `${emulator.origin}/portal`,
      control: `${emulator.origin}/emulator/v1`,
      ca: join(STATE_DIR, "ca.pem"),
      tenantId: TENANT,
      domain: "school.example",
      pid: process.pid,
    });
    expect(readFileSync(emulator.ca, "utf8")).toBe(emulator.caPem);
  });

  it("starts a sample school when it is given nothing", async () => {
    const school = await startEmulator({ stateDir: STATE_DIR });
    const { json } = await control("/tenants", {}, school);
    await school.close();
    expect(school.domain).toBe("school.example");
    expect((json["tenants"] as { users: number }[])[0]?.users).toBeGreaterThan(8);
  });

  it("lets several run side by side that share nothing", async () => {
    const other = await startSchool(seed);
    other.clock.freeze(Date.UTC(2030, 0, 1));
    other.faults.add({ endpoint: "token", kind: "aadsts", code: 50000 });
    const { status } = await send(emulator, TOKEN_PATH, { form: TOKEN_FORM });
    const faulty = await send(other, TOKEN_PATH, { form: TOKEN_FORM });
    await other.close();
    expect([status, faulty.status]).toEqual([200, 500]);
    expect(faulty.json["timestamp"]).toBe("2030-01-01 00:00:00Z");
    expect(other.requests()).toHaveLength(1);
  });

  it("refuses a port that is taken, by name", async () => {
    const port = Number(new URL(emulator.origin).port);
    await expect(startSchool(seed, { port })).rejects.toMatchObject({ code: "EMULATOR_PORT_IN_USE" });
  });

  it("returns to the seed on reset", async () => {
    await post("/clock", { advanceSeconds: 86_400 });
    emulator.faults.add({ endpoint: "any", kind: "drop", when: "before" });
    emulator.reset();
    expect((await send(emulator, TOKEN_PATH, { form: TOKEN_FORM })).status).toBe(200);
    expect(Math.abs(emulator.clock.nowMs() - Date.now())).toBeLessThan(1000);
  });

  it("puts back a snapshot, twice", async () => {
    const snapshot = emulator.snapshot();
    for (const _ of [1, 2]) {
      const { json } = await post("/tokens", { roles: ["Application.ReadWrite.All"] });
      const authorization = `Bearer ${json["access_token"]}`;
      const body = JSON.stringify({ displayName: "Passing" });
      await send(emulator, "/v1.0/applications", {
        method: "POST",
        body,
        headers: { authorization, "content-type": "application/json" },
      });
      emulator.restore(snapshot);
      const { json: state } = await control("/tenants");
      expect(JSON.stringify(state)).not.toContain("Passing");
    }
  });
});

describe("the local CA", () => {
  it("is made once by starters who race, with files for the owner only", async () => {
    const stateDir = join(temporaryDirectory("state"), "deep");
    const racers = await Promise.all([1, 2, 3].map(() => startEmulator({ stateDir })));
    await Promise.all(racers.map((racer) => racer.close()));
    expect(new Set(racers.map(({ caPem }) => caPem)).size).toBe(1);
    expect(statSync(join(stateDir, "keys.json")).mode & 0o777).toBe(0o600);
    expect(statSync(stateDir).mode & 0o777).toBe(0o700);
  });

  it("may sign certificates, for the names of the emulator only", () => {
    const ca = new X509Certificate(emulator.caPem);
    expect(ca.ca).toBe(true);
    expect(ca.keyUsage ?? []).toBeDefined();
    expect(ca.raw.includes(Buffer.from("login.microsoftonline.com"))).toBe(true);
  });

  it("renews a leaf that is about to expire and keeps the CA", async () => {
    const stateDir = temporaryDirectory("state");
    const first = await startEmulator({ stateDir });
    await first.close();
    const path = join(stateDir, "keys.json");
    const keys = JSON.parse(readFileSync(path, "utf8")) as {
      leaf: { certificatePem: string; privateKeyPem: string };
    };
    const old = makeCertificate("localhost", ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    writeFileSync(
      path,
      JSON.stringify({
        ...keys,
        leaf: { ...keys.leaf, certificatePem: old.certificatePem, privateKeyPem: old.privateKeyPem },
      }),
    );
    const second = await startEmulator({ stateDir });
    const { status } = await control("/health", {}, second);
    await second.close();
    expect(second.caPem).toBe(first.caPem);
    expect(status).toBe(200);
  });

  it("answers under further names when asked to", async () => {
    const stateDir = temporaryDirectory("state");
    const named = await startEmulator({ stateDir, hostNames: ["emulator.internal"] });
    const { status } = await send(named, "/common/discovery/keys", {
      headers: { host: `emulator.internal:${new URL(named.origin).port}` },
    });
    await named.close();
    expect(status).toBe(200);
  });

  it("names a file of keys that cannot be read, and shows nothing of it", async () => {
    const stateDir = temporaryDirectory("state");
    writeFileSync(join(stateDir, "keys.json"), '{"version":1,"issuer":{"privateKeyPem":"canary-7f3a"');
    const error = await startEmulator({ stateDir }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "EMULATOR_STATE_UNREADABLE" });
    expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain("canary-7f3a");
  });
});

describe("the seed", () => {
  const refusal = async (value: unknown): Promise<EmulatorError> => {
    const error = await startEmulator({ seed: value as Seed, stateDir: STATE_DIR }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(EmulatorError);
    return error as EmulatorError;
  };
  const tenant = (more: Record<string, unknown>) => ({ tenants: [{ domains: ["a.example"], ...more }] });

  it.each([
    ["tenants", {}],
    ["tenants", { tenants: [] }],
    ["tenants[0].domains", { tenants: [{}] }],
    ["tenants[0].tenantId", tenant({ tenantId: "x" })],
    ["tenants[0].usres", tenant({ usres: [] })],
    ["tenants[0].users[0].userPrincipalName", tenant({ users: [{}] })],
    [
      "tenants[0].users[1].userPrincipalName",
      tenant({ users: [{ userPrincipalName: "a@a.example" }, { userPrincipalName: "A@a.example" }] }),
    ],
    [
      "tenants[0].users[0].mailbox",
      tenant({ users: [{ userPrincipalName: "a@a.example", mailbox: "yes" }] }),
    ],
    ["tenants[0].groups[0].members[0]", tenant({ groups: [{ displayName: "G", members: ["nobody"] }] })],
    ["tenants[0].applications[0].manifest", tenant({ applications: [{}] })],
    [
      "tenants[0].applications[0].manifest.keyCredentials[0].value",
      tenant({ applications: [{ manifest: { keyCredentials: [{ value: "AAAA" }] } }] }),
    ],
    [
      "tenants[0].applications[0].manifest.keyCredentials[0].endDate",
      tenant({
        applications: [
          { manifest: { keyCredentials: [{ value: makeCertificate("x").certificatePem, endDate: "soon" }] } },
        ],
      }),
    ],
    [
      "tenants[0].applications[0].manifest.signInAudience",
      tenant({ applications: [{ manifest: { signInAudience: "Everybody" } }] }),
    ],
    [
      "tenants[0].applications[0].secrets[0].secretText",
      tenant({ applications: [{ manifest: {}, secrets: [{}] }] }),
    ],
  ])("names %s when it cannot be used", async (path, value) => {
    const error = await refusal(value);
    expect([error.code, error.details["path"], error.exitCode]).toEqual(["EMULATOR_SEED_INVALID", path, 2]);
  });

  it("names line and column of a file that is not JSON", async () => {
    const path = join(temporaryDirectory("seed"), "tenant.json");
    writeFileSync(path, '{\n  "tenants": [\n    oops\n  ]\n}\n');
    const error = await startEmulator({ seed: path, stateDir: STATE_DIR }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "EMULATOR_SEED_INVALID" });
    expect((error as Error).message).toContain(path);
    expect((error as Error).message).toMatch(/line 3, column 5/);
  });

  it("takes a manifest of each generation, with the same outcome", async () => {
    const certificate = makeCertificate("Old and new");
    const der = certificate.x509.raw.toString("base64");
    const access = [
      {
        resourceAppId: "00000003-0000-0000-c000-000000000000",
        resourceAccess: [{ id: "ef54d2bf-783f-4e0f-bca1-3210c0444d99", type: "Role" }],
      },
    ];
    const key = {
      type: "AsymmetricX509Cert",
      usage: "Verify",
      keyId: "3d4dc0b3-caaf-41d2-86f4-a89dbbc45dbb",
    };
    const generations = [
      {
        objectId: DAEMON,
        appId: DAEMON,
        displayName: "2016",
        availableToOtherTenants: false,
        replyUrls: ["https://a.example/"],
        publicClient: null,
        requiredResourceAccess: access,
        keyCredentials: [
          {
            ...key,
            customKeyIdentifier: certificate.sha1.toString("base64"),
            startDate: "2016-02-24T10:25:37Z",
            endDate: "2036-02-21T10:25:37Z",
            value: der,
          },
        ],
      },
      {
        id: DAEMON,
        appId: DAEMON,
        name: "2019",
        accessTokenAcceptedVersion: null,
        replyUrlsWithType: [{ url: "https://a.example/", type: "Web" }],
        requiredResourceAccess: access,
        keyCredentials: [
          {
            ...key,
            customKeyIdentifier: certificate.sha1.toString("hex").toUpperCase(),
            value: Buffer.from(certificate.certificatePem).toString("base64"),
          },
        ],
      },
      {
        id: DAEMON,
        appId: DAEMON,
        displayName: "2025",
        web: { redirectUris: ["https://a.example/"] },
        api: { requestedAccessTokenVersion: null },
        requiredResourceAccess: access,
        keyCredentials: [
          {
            ...key,
            displayName: "CN=x",
            key: der,
            startDateTime: certificate.x509.validFrom,
            endDateTime: certificate.x509.validTo,
          },
        ],
      },
    ];
    for (const manifest of generations) {
      const one = await startSchool({
        tenants: [
          {
            tenantId: TENANT,
            domains: ["a.example"],
            applications: [{ manifest, adminConsent: true, secrets: [{ secretText: SECRET }] }],
          },
        ],
      });
      const { json } = await send(one, TOKEN_PATH, { form: TOKEN_FORM });
      const snapshot = one.snapshot();
      await one.close();
      expect(payloadOf(json["access_token"])["roles"]).toEqual(["Calendars.ReadWrite"]);
      const [application] = [...(snapshot.world.tenants.get(TENANT)?.applications.values() ?? [])];
      expect(application?.redirectUris).toEqual([{ uri: "https://a.example/", type: "Web" }]);
      expect(application?.keyCredentials[0]?.keyId).toBe(key.keyId);
    }
  });
});

describe("the proxy", () => {
  const connectTo = (target: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const { port } = new URL(emulator.proxy);
      const socket = connect(Number(port), "127.0.0.1", () =>
        socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`),
      );
      socket.once("data", (data) => {
        socket.destroy();
        resolve(data.toString("utf8"));
      });
      socket.on("error", reject);
    });

  it("leads Microsoft's hosts to the emulator and refuses all others in a sentence", async () => {
    expect(await connectTo("graph.microsoft.com:443")).toMatch(/^HTTP\/1\.1 200 /);
    const refusal = await connectTo("example.com:443");
    expect(refusal).toMatch(/^HTTP\/1\.1 403 /);
    expect(refusal).toContain("example.com:443");
    expect(await connectTo("graph.microsoft.com:80")).toMatch(/^HTTP\/1\.1 403 /);
  });

  it("refuses plain HTTP", async () => {
    const { port } = new URL(emulator.proxy);
    const status = await new Promise((resolve) => {
      plainRequest(
        {
          host: "127.0.0.1",
          port,
          path: "http://login.microsoftonline.com/common",
          headers: { host: "login.microsoftonline.com" },
        },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      ).end();
    });
    expect(status).toBe(403);
  });
});

describe("the control API", () => {
  it("is described and healthy", async () => {
    expect((await control("/health")).json).toMatchObject({ status: "ok", tenantId: TENANT });
    const { json } = await control("/openapi.json");
    expect(json["openapi"]).toBe("3.1.0");
    for (const path of Object.keys(json["paths"] as object)) {
      if (path.includes("{")) continue;
      const methods = Object.keys((json["paths"] as Record<string, object>)[path] ?? {});
      if (methods.includes("get")) expect((await control(path)).status, path).toBe(200);
    }
  });

  it("answers under its own name and to its own pages only", async () => {
    expect((await control("/health", { headers: { origin: "https://elsewhere.example" } })).status).toBe(403);
    expect((await control("/health", { headers: { host: "rebound.example" } })).status).toBe(403);
    expect((await control("/health", { headers: { host: "login.microsoftonline.com" } })).status).not.toBe(
      200,
    );
    expect((await control("/nothing")).status).toBe(404);
  });

  it("freezes and advances the clock", async () => {
    await post("/clock", { freeze: "2030-01-31T12:00:00Z" });
    const { json } = await post("/clock", { advanceSeconds: 3600 });
    expect(json["now"]).toBe("2030-01-31T13:00:00.000Z");
    const token = (await send(emulator, TOKEN_PATH, { form: TOKEN_FORM })).json["access_token"];
    expect(payloadOf(token)["exp"]).toBe(Date.UTC(2030, 0, 31, 14) / 1000);
    await post("/clock", { reset: true });
  });

  it("keeps requests with secrets and tokens masked", async () => {
    emulator.clearRequests();
    await send(emulator, TOKEN_PATH, { form: TOKEN_FORM });
    const { access_token } = await emulator.tokenFor({ roles: ["User.Read.All"] });
    await send(emulator, "/v1.0/users", { headers: { authorization: `Bearer ${access_token}` } });
    const shown = (await control("/requests")).text;
    expect(shown).toContain(`client_id=${DAEMON}`);
    for (const secret of [SECRET, new URLSearchParams({ s: SECRET }).toString().slice(2), access_token])
      expect(shown).not.toContain(secret);
    expect((await control("/requests?secrets=true")).text).toContain(access_token);
  });

  it("lists what was asked for and is not there", async () => {
    await send(emulator, `/${TENANT}/oauth2/v2.0/magic`);
    const { json } = await control("/misses");
    expect(JSON.stringify(json)).toContain("/oauth2/v2.0/magic");
  });

  it("issues tokens for setting up tests", async () => {
    const { json } = await post("/tokens", { tenantId: "school.example", roles: ["User.ReadBasic.All"] });
    const { status, json: users } = await send(emulator, "/v1.0/users", {
      headers: { authorization: `Bearer ${json["access_token"]}` },
    });
    expect(status, JSON.stringify(users)).toBe(200);
    expect((await post("/tokens", { tenantId: "nowhere.example" })).json).toMatchObject({
      error: { code: "EMULATOR_CONTROL_INVALID" },
    });
  });

  it("names the member of a body that cannot be used", async () => {
    expect((await post("/faults", { kind: "magic" })).json).toMatchObject({
      error: { message: expect.stringContaining("kind") },
    });
    expect((await post("/faults", { kind: "aadsts", code: 1 })).status).toBe(400);
    expect((await post("/clock", { advance: 1 })).status).toBe(400);
    expect((await control("/clock", { method: "POST", body: "{" })).status).toBe(400);
  });

  it("changes switches while it runs, until the next reset", async () => {
    const { json } = await post("/switches", {
      strictJti: true,
      graphThrottle: { requestsPerTenMinutes: 5 },
    });
    expect(json).toMatchObject({
      strictJti: true,
      groupCalendarsAppOnly: false,
      graphThrottle: { requestsPerTenMinutes: 5 },
    });
    expect((await post("/switches", { strictJti: "yes" })).status).toBe(400);
    emulator.reset();
    expect((await control("/switches")).json).toEqual({ strictJti: false, groupCalendarsAppOnly: false });
  });

  it("takes and puts back snapshots by name", async () => {
    expect((await post("/snapshots", { name: "one" })).json).toEqual({ name: "one" });
    expect((await control("/snapshots/one/restore", { method: "POST" })).status).toBe(204);
    expect((await control("/snapshots/two/restore", { method: "POST" })).status).toBe(404);
    expect((await control("/snapshots/one", { method: "DELETE" })).status).toBe(204);
  });
});

describe("faults", () => {
  const ask = () => send(emulator, TOKEN_PATH, { form: TOKEN_FORM });

  it("happen as often as they are told to", async () => {
    await post("/faults", { endpoint: "token", kind: "aadsts", code: 53003, times: 2 });
    const [first, second, third] = [await ask(), await ask(), await ask()];
    expect([first.status, second.status, third.status]).toEqual([400, 400, 200]);
    expect(first.json).toMatchObject({
      error: "invalid_grant",
      suberror: "message_only",
      error_codes: [53003],
    });
  });

  it("are drawn alike from the same seed", async () => {
    const draw = async () => {
      const { json } = await post("/faults", {
        endpoint: "token",
        kind: "status",
        status: 503,
        probability: 0.5,
        seed: 7,
      });
      const statuses = [];
      for (let n = 0; n < 12; n += 1) statuses.push((await ask()).status);
      await control(`/faults/${json["id"]}`, { method: "DELETE" });
      return statuses.join();
    };
    const first = await draw();
    expect(first).toContain("503");
    expect(first).toContain("200");
    expect(await draw()).toBe(first);
  });

  it("make callers wait who come back before Retry-After", async () => {
    await post("/faults", { endpoint: "token", kind: "throttle", retryAfterSeconds: 30, times: 1 });
    const refused = await ask();
    expect([refused.status, refused.headers["retry-after"], refused.text]).toEqual([
      429,
      "30",
      "Too Many Requests",
    ]);
    emulator.clock.advance(10_000);
    const early = await ask();
    expect([early.status, early.headers["retry-after"]]).toEqual([429, "20"]);
    emulator.clock.advance(21_000);
    expect((await ask()).status).toBe(200);
    emulator.reset();
  });

  it("let a new application stay unknown for a while", async () => {
    await post("/faults", { kind: "replicationDelay", delaySeconds: 60 });
    const { json: admin } = await post("/tokens", { roles: ["Application.ReadWrite.All"] });
    const headers = { authorization: `Bearer ${admin["access_token"]}`, "content-type": "application/json" };
    const { json: made, status } = await send(emulator, "/v1.0/applications", {
      method: "POST",
      body: '{"displayName":"New"}',
      headers,
    });
    if (status === 201) {
      const form = { ...TOKEN_FORM, client_id: String(made["appId"]) };
      expect((await send(emulator, TOKEN_PATH, { form })).json["error_codes"]).toEqual([700016]);
      emulator.clock.advance(61_000);
      expect((await send(emulator, TOKEN_PATH, { form })).json["error_codes"]).not.toEqual([700016]);
    }
    expect((await ask()).status).toBe(200);
    emulator.reset();
  });

  it("break the connection before or after the work", async () => {
    emulator.faults.add({ endpoint: "token", kind: "drop", when: "after", times: 1 });
    await expect(ask()).rejects.toThrow();
    expect((await ask()).status).toBe(200);
  });
});

describe("malformed requests", () => {
  it("get an answer without a stack trace, whatever they hold", async () => {
    const pieces = [
      "",
      ".",
      "..",
      "e30",
      "e30.e30.e30",
      "%",
      "%zz",
      "\u0000",
      "[]",
      "{}",
      "a".repeat(5000),
      "../..",
      "<script>",
      "'",
      '"',
      "\u{1f511}",
    ];
    const fields = [
      "grant_type",
      "client_id",
      "client_assertion",
      "client_secret",
      "scope",
      "resource",
      "code",
      "refresh_token",
      "assertion",
      "claims",
    ];
    let asked = 0;
    for (const piece of pieces)
      for (const field of fields) {
        const form = {
          ...TOKEN_FORM,
          ...(field === "client_assertion"
            ? {
                client_secret: undefined,
                client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
              }
            : {}),
          [field]: piece,
        };
        const { status, text } = await send(emulator, TOKEN_PATH, { form });
        expect([200, 400, 401], `${field}=${piece}`).toContain(status);
        expect(text).not.toMatch(/\bat .*\.(ts|js):\d+/);
        asked += 1;
      }
    for (const piece of pieces) {
      const { status, text } = await send(
        emulator,
        `/${encodeURIComponent(piece)}/oauth2/v2.0/authorize?client_id=${encodeURIComponent(piece)}`,
      );
      expect(status).toBeLessThan(500);
      expect(text).not.toMatch(/\bat .*\.(ts|js):\d+/);
    }
    expect(asked).toBe(pieces.length * fields.length);
  });
});

describe("large bodies", () => {
  it("are refused with 413", async () => {
    const body = "x".repeat(8 * 1024 * 1024 + 1);
    expect((await send(emulator, TOKEN_PATH, { body })).status).toBe(413);
  });
});

describe("a process of its own", () => {
  it("serves its first answer soon after it is started", async () => {
    const source = `import { startEmulator } from "@nightlatch/emulator"; const { origin } = await startEmulator({ stateDir: ${JSON.stringify(STATE_DIR)} }); console.log(origin, Math.round(performance.now()));`;
    const root = fileURLToPath(new URL("../../..", import.meta.url));
    const child = spawn(
      process.execPath,
      ["--input-type=module", "--import", "tsx", "--conditions=@nightlatch/source", "-e", source],
      { cwd: root, stdio: ["ignore", "pipe", "inherit"] },
    );
    const line = await new Promise<string>((resolve) =>
      child.stdout.once("data", (data: Buffer) => resolve(data.toString("utf8"))),
    );
    const exited = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await exited;
    expect(line).toMatch(/^https:\/\/localhost:\d+ \d+/);
  });
});
