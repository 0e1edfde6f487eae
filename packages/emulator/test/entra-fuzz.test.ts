/** Thousands of malformed requests: each is answered by number, none by a crash. */
import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { beforeAll, expect, it } from "vitest";
import type { EntraContext } from "../src/entra/entra-context.ts";
import { KeyRing } from "../src/entra/key-ring.ts";
import { Sealer } from "../src/entra/sealed.ts";
import { createEntraSurface } from "../src/entra/surface.ts";
import { EmulatorClock } from "../src/host/clock.ts";
import { FaultRegistry } from "../src/host/faults.ts";
import type { EmulatorRequest, Surface } from "../src/host/http.ts";
import { openLocalKeys } from "../src/host/local-keys.ts";
import { buildWorld } from "../src/host/seed.ts";
import {
  DAEMON,
  JWT_BEARER,
  makeAssertion,
  makeCertificate,
  SECRET,
  STATE_DIR,
  schoolSeed,
  TENANT,
  type TestCertificate,
} from "./entra-school.ts";

const ORIGIN = "https://localhost:8443";
const ROUNDS = Number(process.env["NIGHTLATCH_FUZZ_ROUNDS"] ?? 12_000);

let surface: Surface;
let daemon: TestCertificate;

beforeAll(async () => {
  daemon = makeCertificate("Timetable daemon");
  mkdirSync(STATE_DIR, { recursive: true });
  const { keys } = await openLocalKeys(STATE_DIR);
  const clock = new EmulatorClock();
  const context: EntraContext = {
    world: buildWorld(schoolSeed(daemon), clock.nowMs()),
    clock,
    keys: new KeyRing(keys.issuer, clock),
    switches: { groupCalendarsAppOnly: false, strictJti: false },
    note: () => {},
    sealer: new Sealer(keys.sealKeyBase64url),
    settings: { errorStyle: "current", accessTokenLifetimeSeconds: 3599, clockSkewSeconds: 300 },
    faults: new FaultRegistry(),
    signIns: { redeemedCodes: new Map(), deviceFlows: new Map(), seenJtis: new Map() },
    port: 8443,
  };
  surface = createEntraSurface(context);
});

/** Mulberry32, so that a failing round can be run again. */
function makeRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const PIECES = [
  "",
  ".",
  "..",
  "e30",
  "bnVsbA",
  "W10",
  "%",
  "%00",
  "%ff",
  "+",
  "&",
  "=",
  "\u0000",
  "\ud800",
  "null",
  "[]",
  "{}",
  "__proto__",
  "constructor",
  "-1",
  "1e999",
  "a".repeat(3000),
  "0".repeat(40),
  "💥",
];
const SEGMENTS = [
  TENANT,
  "school.example",
  "common",
  "organizations",
  "consumers",
  "",
  "..",
  "%",
  "nowhere",
  "a.b",
  "%2e%2e",
];
const PATHS = [
  "/oauth2/v2.0/token",
  "/oauth2/token",
  "/oauth2/v2.0/authorize",
  "/oauth2/authorize",
  "/login",
  "/Consent/Set",
  "/oauth2/v2.0/devicecode",
  "/oauth2/deviceauth",
  "/v2.0/adminconsent",
  "/adminconsent",
  "/oauth2/v2.0/logout",
  "/discovery/instance",
  "/v2.0/.well-known/openid-configuration",
  "/userrealm/x",
  "/openid/userinfo",
];
const FIELDS = [
  "grant_type",
  "client_id",
  "client_secret",
  "client_assertion",
  "client_assertion_type",
  "scope",
  "resource",
  "code",
  "redirect_uri",
  "code_verifier",
  "refresh_token",
  "username",
  "password",
  "assertion",
  "requested_token_use",
  "device_code",
  "claims",
  "flow",
  "otc",
  "response_type",
  "response_mode",
  "prompt",
  "nonce",
  "state",
  "code_challenge",
  "api-version",
  "authorization_endpoint",
  "__proto__",
];
const GRANTS = [
  "client_credentials",
  "authorization_code",
  "refresh_token",
  "password",
  "urn:ietf:params:oauth:grant-type:jwt-bearer",
  "device_code",
  "constructor",
];

it(`answers ${ROUNDS} malformed requests by number`, { timeout: 60_000 + ROUNDS * 5 }, async () => {
  const random = makeRandom(20_261_121);
  const pick = <Item>(list: readonly Item[]): Item => list[random(list.length)] as Item;
  const assertion = makeAssertion(daemon, `${ORIGIN}/${TENANT}/oauth2/v2.0/token`, DAEMON);
  const spoil = (text: string): string => {
    const at = random(text.length + 1);
    return text.slice(0, at) + pick(PIECES) + text.slice(at + random(4));
  };
  const counts = new Map<number, number>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const form: [string, string][] = [
      ["grant_type", pick(GRANTS)],
      ["client_id", DAEMON],
      ["scope", "https://graph.microsoft.com/.default"],
      ...(random(2) === 0
        ? ([["client_secret", SECRET]] as [string, string][])
        : ([
            ["client_assertion_type", JWT_BEARER],
            ["client_assertion", assertion],
          ] as [string, string][])),
    ];
    for (let n = random(4); n >= 0; n -= 1) {
      const victim = pick(form);
      if (random(2) === 0) victim[1] = spoil(victim[1]);
      else form.push([pick(FIELDS), pick(PIECES)]);
    }
    const encoded =
      random(3) === 0
        ? form.map(([name, value]) => `${name}=${value}`).join("&")
        : new URLSearchParams(form).toString();
    const isGet = random(4) === 0;
    const request: EmulatorRequest = {
      id: randomUUID(),
      method: isGet ? "GET" : pick(["POST", "POST", "POST", "PUT", "OPTIONS"]),
      origin: ORIGIN,
      host: "localhost",
      path: `/${pick(SEGMENTS)}${random(3) === 0 ? pick(PATHS) : "/oauth2/v2.0/token"}`,
      query: new URLSearchParams(isGet ? encoded : ""),
      headers: {
        authorization: pick([undefined, "Basic ===", `Basic ${spoil("YTpi")}`, `Bearer ${spoil(assertion)}`]),
        cookie: pick([undefined, "ESTSAUTH=x"]),
        origin: pick([undefined, undefined, "null"]),
      },
      body: Buffer.from(isGet ? "" : encoded),
    };
    const answer = await surface(request);
    const status = answer?.status ?? 404;
    counts.set(status, (counts.get(status) ?? 0) + 1);
    expect(
      [200, 302, 400, 401, 404, 429, 503],
      `round ${round}: ${request.method} ${request.path} ${encoded.slice(0, 300)}`,
    ).toContain(status);
    expect(String(answer?.body ?? "")).not.toMatch(/\bat \S+ \(|\.ts:\d+/);
  }
  expect(counts.get(400) ?? 0).toBeGreaterThan(ROUNDS / 10);
  expect(counts.get(401) ?? 0).toBeGreaterThan(ROUNDS / 100);
  expect(counts.get(200) ?? 0).toBeGreaterThan(0);
});
