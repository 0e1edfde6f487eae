import { describe, expect, it } from "vitest";
import { oauthError } from "../errors.ts";
import { ReceivedResponse } from "./response.ts";
import { type RetryPolicy, sendWithRetry } from "./retry.ts";
import type { HttpRequest, HttpResponse } from "./transport.ts";

type Answer = HttpResponse | Error;
const answer = (status: number, headers: Record<string, string> = {}) =>
  new ReceivedResponse(status, headers, new Uint8Array());
const lost = (details: object) => oauthError("OAUTH_NETWORK_LOST", "lost", { details: { ...details } });

/** Plays answers, with a clock that only moves by waiting. */
function play(answers: readonly Answer[], policy: RetryPolicy = {}, method = "GET", signal?: AbortSignal) {
  const waits: number[] = [];
  let nowMs = 1_000_000;
  let sent = 0;
  const transport = {
    send: async () => {
      const next = answers[Math.min(sent++, answers.length - 1)];
      if (next instanceof Error) throw next;
      return next as HttpResponse;
    },
    close: () => undefined,
  };
  const request: HttpRequest = { method, url: "https://graph.microsoft.com/v1.0/users", signal };
  const done = sendWithRetry(transport, request, {
    nowMs: () => nowMs,
    random: () => 0.5,
    sleep: async (delayMs) => {
      waits.push(delayMs);
      nowMs += delayMs;
    },
    ...policy,
  });
  return { done, waits, sent: () => sent };
}

describe("sendWithRetry", () => {
  it.each([408, 429, 500, 502, 503, 504])("sendWithRetry() repeats a GET after %i", async (status) => {
    const run = play([answer(status), answer(200)]);
    expect((await run.done).status).toBe(200);
    expect(run.sent()).toBe(2);
  });

  it.each([200, 301, 400, 401, 403, 404, 409, 412, 501, 505])(
    "sendWithRetry() returns %i as it came",
    async (status) => {
      const run = play([answer(status), answer(200)]);
      expect((await run.done).status).toBe(status);
      expect(run.sent()).toBe(1);
    },
  );

  it("sendWithRetry() repeats a POST after 429, which was not carried out, but not after 503", async () => {
    expect((await play([answer(429), answer(201)], {}, "POST").done).status).toBe(201);
    expect((await play([answer(503), answer(201)], {}, "POST").done).status).toBe(503);
  });

  it("sendWithRetry() repeats a POST whose connection never stood, but not one whose answer was lost", async () => {
    const unsent = oauthError("OAUTH_NETWORK_CONNECT", "refused", { details: { answerLost: false } });
    expect((await play([unsent, answer(201)], {}, "POST").done).status).toBe(201);
    await expect(play([lost({ answerLost: true }), answer(201)], {}, "POST").done).rejects.toMatchObject({
      code: "OAUTH_NETWORK_LOST",
    });
  });

  it("sendWithRetry() repeats what the policy calls repeatable", async () => {
    const run = play([lost({ answerLost: true }), answer(201)], { repeatable: () => true }, "POST");
    expect((await run.done).status).toBe(201);
  });

  it("sendWithRetry() does not wait when a kept connection had been closed meanwhile", async () => {
    const run = play([lost({ answerLost: true, reusedConnection: true }), answer(200)]);
    await run.done;
    expect(run.waits).toEqual([]);
  });

  it("sendWithRetry() doubles its own waits, between half and all of 500 ms, 1 s, 2 s", async () => {
    const run = play([answer(503)]);
    expect((await run.done).status).toBe(503);
    expect(run.sent()).toBe(4);
    expect(run.waits).toEqual([375, 750, 1500]);
  });

  it.each([0, 0.5, 0.999])(
    "sendWithRetry() never waits less than Retry-After says (chance %d)",
    async (chance) => {
      const run = play([answer(429, { "retry-after": "7.5" }), answer(200)], { random: () => chance });
      await run.done;
      expect(run.waits[0]).toBeGreaterThanOrEqual(7_500);
      expect(run.waits[0]).toBeLessThan(8_500);
    },
  );

  it.each(["0", "Thu, 01 Jan 1970 00:00:00 GMT"])(
    "sendWithRetry() backs off all the same when Retry-After is %j, which everybody who was refused got",
    async (retryAfter) => {
      const busy = answer(503, { "retry-after": retryAfter });
      const run = play([busy, busy, answer(200)], { random: () => 0.5 });
      await run.done;
      expect(run.waits).toEqual([375, 750]);
    },
  );

  it("sendWithRetry() gives the answer back rather than shorten a Retry-After beyond the deadline", async () => {
    const run = play([answer(429, { "retry-after": "600" }), answer(200)]);
    expect((await run.done).status).toBe(429);
    expect(run.waits).toEqual([]);
  });

  it("sendWithRetry() gives the answer back when a timer could not hold the wait", async () => {
    const policy = { deadlineMs: Number.POSITIVE_INFINITY };
    const run = play([answer(429, { "retry-after": "3000000" }), answer(200)], policy);
    expect((await run.done).status).toBe(429);
  });

  it("sendWithRetry() stops at maxAttempts and throws the last failure", async () => {
    const run = play([lost({ answerLost: true })], { maxAttempts: 2 });
    await expect(run.done).rejects.toMatchObject({ code: "OAUTH_NETWORK_LOST" });
    expect(run.sent()).toBe(2);
  });

  it("sendWithRetry() does not repeat what cannot get better", async () => {
    for (const code of ["OAUTH_NETWORK_TLS_UNTRUSTED", "OAUTH_ABORTED"] as const) {
      const run = play([oauthError(code, "no", { details: { answerLost: false } })]);
      await expect(run.done).rejects.toMatchObject({ code });
      expect(run.sent()).toBe(1);
    }
  });

  it("sendWithRetry() tells onRetry before each wait", async () => {
    const told: unknown[] = [];
    await play([answer(503), lost({ answerLost: true }), answer(200)], {
      onRetry: ({ attempt, status }) => told.push([attempt, status]),
    }).done;
    expect(told).toEqual([
      [1, 503],
      [2, undefined],
    ]);
  });

  it("sendWithRetry() gives up its wait when the signal fires", async () => {
    const controller = new AbortController();
    const transport = { send: async () => answer(503, { "retry-after": "60" }), close: () => undefined };
    const request = { method: "GET", url: "https://graph.microsoft.com/", signal: controller.signal };
    const done = sendWithRetry(transport, request);
    setTimeout(() => controller.abort(), 10);
    await expect(done).rejects.toMatchObject({ code: "OAUTH_ABORTED", details: { answerLost: false } });
  });
});
