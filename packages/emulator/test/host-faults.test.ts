/** Every kind of fault, on the token endpoint and on Graph, counted, drawn and narrowed down. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RunningEmulator } from "../src/index.ts";
import {
  type Answer,
  DAEMON,
  makeCertificate,
  SECRET,
  schoolSeed,
  send,
  startSchool,
  TENANT,
} from "./entra-school.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const EVENTS = "/v1.0/users/room-12@school.example/events";
const TOKEN_PATH = `/${TENANT}/oauth2/v2.0/token`;
const seed = schoolSeed(makeCertificate("Timetable daemon"));
let emulator: RunningEmulator;
beforeAll(async () => {
  emulator = await startSchool(seed);
});
afterAll(() => emulator.close());
beforeEach(() => emulator.reset());

const askToken = (target = emulator): Promise<Answer> =>
  send(target, TOKEN_PATH, {
    form: {
      grant_type: "client_credentials",
      client_id: DAEMON,
      client_secret: SECRET,
      scope: "https://graph.microsoft.com/.default",
    },
  });

async function askGraph(method = "GET", body?: object, target = emulator, appid = DAEMON): Promise<Answer> {
  const { access_token } = await target.tokenFor({ roles: ["Calendars.ReadWrite"], claims: { appid } });
  return send(target, EVENTS, {
    method,
    headers: { authorization: `Bearer ${access_token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const lesson = {
  subject: "Lesson",
  start: { dateTime: "2026-11-23T09:00:00", timeZone: "UTC" },
  end: { dateTime: "2026-11-23T10:00:00", timeZone: "UTC" },
};
const countEvents = async (target = emulator): Promise<number> =>
  ((await askGraph("GET", undefined, target)).json["value"] as unknown[]).length;
const arm = async (fault: object): Promise<Answer> => {
  const answer = await send(emulator, "/emulator/v1/faults", { body: JSON.stringify(fault) });
  expect(answer.status, answer.text).toBe(200);
  return answer;
};

describe.each([
  ["token", "graph", askToken, askGraph],
  ["graph", "token", askGraph, askToken],
] as const)("a fault of %s, which leaves %s alone,", (endpoint, _other, ask, askOther) => {
  it("answers a status with body and headers, as often as it is told to", async () => {
    await arm({
      endpoint,
      kind: "status",
      status: 503,
      body: "busy",
      headers: { "Retry-After": "3" },
      times: 2,
    });
    expect((await askOther()).status).toBe(200);
    const [first, second, third] = [await ask(), await ask(), await ask()];
    expect([first.status, first.text, first.headers["retry-after"]]).toEqual([503, "busy", "3"]);
    expect([second.status, third.status]).toEqual([503, 200]);
  });

  it("makes answers late", async () => {
    await arm({ endpoint, kind: "latency", latencyMs: 150, times: 1 });
    const timed = async (send: () => Promise<Answer>): Promise<number> => {
      const start = performance.now();
      expect((await send()).status).toBe(200);
      return performance.now() - start;
    };
    expect(await timed(ask)).toBeGreaterThan(145);
    expect(await timed(ask)).toBeLessThan(140);
  });

  it("makes a caller wait until Retry-After is over, and nobody else", async () => {
    emulator.clock.freeze(Date.now());
    await arm({ endpoint, kind: "throttle", retryAfterSeconds: 20, times: 1 });
    expect((await ask()).headers["retry-after"]).toBe("20");
    expect((await askOther()).status).toBe(200);
    emulator.clock.advance(19_000);
    const early = await ask();
    expect([early.status, early.headers["retry-after"]]).toEqual([429, "1"]);
    emulator.clock.advance(1_000);
    expect((await ask()).status).toBe(200);
  });

  it("is drawn with a probability, alike for the same seed", async () => {
    const draw = async (start: number): Promise<string> => {
      const { json } = await arm({ endpoint, kind: "status", status: 500, probability: 0.5, seed: start });
      const statuses: number[] = [];
      for (let n = 0; n < 16; n += 1) statuses.push((await ask()).status);
      await send(emulator, `/emulator/v1/faults/${json["id"]}`, { method: "DELETE" });
      return statuses.join();
    };
    const first = await draw(3);
    expect(new Set(first.split(","))).toEqual(new Set(["200", "500"]));
    expect(await draw(3)).toBe(first);
    expect(await draw(4)).not.toBe(first);
  });

  it("breaks the connection before the work or after it", async () => {
    for (const when of ["before", "after"]) {
      await arm({ endpoint, kind: "drop", when, times: 1 });
      await expect(ask()).rejects.toThrow();
      expect((await ask()).status).toBe(200);
    }
  });
});

describe("a fault of graph", () => {
  it("loses the answer to a write that was done, or the write itself", async () => {
    await arm({ endpoint: "graph", kind: "drop", when: "after", method: "POST", times: 1 });
    await expect(askGraph("POST", lesson)).rejects.toThrow();
    expect(await countEvents()).toBe(1);
    await arm({ endpoint: "graph", kind: "drop", when: "before", method: "POST", times: 1 });
    await expect(askGraph("POST", lesson)).rejects.toThrow();
    expect(await countEvents()).toBe(1);
  });

  it("throttles one application, with Graph's own words", async () => {
    await arm({ endpoint: "graph", kind: "throttle", retryAfterSeconds: 20, times: 1 });
    const refused = await askGraph();
    expect([refused.status, refused.json["error"]]).toMatchObject([429, { code: "TooManyRequests" }]);
    expect((await askGraph("GET", undefined, emulator, "bbbbbbbb-0000-4000-8000-000000000001")).status).toBe(
      200,
    );
    expect((await askGraph()).status).toBe(429);
  });

  it("meets only the paths and methods that it names", async () => {
    await arm({ endpoint: "graph", kind: "status", status: 500, pathPrefix: EVENTS, method: "POST" });
    expect((await askGraph()).status).toBe(200);
    expect((await askGraph("POST", lesson)).status).toBe(500);
  });
});

describe("a fault of token", () => {
  it("refuses by number, in the words of the service", async () => {
    await arm({ endpoint: "token", kind: "aadsts", code: 50196, times: 1 });
    expect((await askToken()).json["error_codes"]).toEqual([50196]);
    expect((await askToken()).status).toBe(200);
  });

  it("by number is no fault of another endpoint", async () => {
    const body = JSON.stringify({ endpoint: "graph", kind: "aadsts", code: 53003 });
    const answer = await send(emulator, "/emulator/v1/faults", { body });
    expect([answer.status, answer.json["error"]]).toMatchObject([400, { code: "EMULATOR_CONTROL_INVALID" }]);
  });
});

it("startEmulator() keeps two emulators of one process apart: clock, faults, data, switches, records, keys", async () => {
  const [left, right] = await Promise.all([
    startSchool(seed, { dataDir: temporaryDirectory("left") }),
    startSchool(seed, { dataDir: temporaryDirectory("right") }),
  ]);
  left.clock.advance(86_400_000);
  left.faults.add({ endpoint: "token", kind: "aadsts", code: 53003 });
  left.setSwitches({ groupCalendarsAppOnly: true });
  await left.rotateKeys();
  const { access_token } = await left.tokenFor({ roles: ["Calendars.ReadWrite"] });
  await askGraph("POST", lesson, left);
  expect(await countEvents(right)).toBe(0);
  expect((await askToken(right)).status).toBe(200);
  expect((await askToken(left)).status).toBe(400);
  expect(Math.abs(right.clock.nowMs() - Date.now())).toBeLessThan(1_000);
  expect(right.setSwitches({}).groupCalendarsAppOnly).toBe(false);
  expect(right.requests().map(({ method }) => method)).toEqual(["GET", "POST"]);
  const foreign = await send(right, EVENTS, { headers: { authorization: `Bearer ${access_token}` } });
  expect(foreign.status).toBe(401);
  left.reset();
  expect(await countEvents(left)).toBe(0);
  await askGraph("POST", lesson, right);
  await left.close();
  expect(await countEvents(right)).toBe(1);
  await right.close();
});
