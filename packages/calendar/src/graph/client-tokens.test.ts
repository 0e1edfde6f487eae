import { inspect } from "node:util";
import { NightlatchError } from "@nightlatch/credential";
import { OAUTH_ERRORS } from "@nightlatch/oauth";
import { describe, expect, it } from "vitest";
import type { Scripted } from "../../test/recorded-transport.ts";
import { CREATED, DRAFT, LOST, MAILBOX, make, SECRET_TOKEN, THROTTLED } from "../../test/scripted-graph.ts";

describe("GraphClient tokens", () => {
  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1700000000"}}}';
  const challenge: Scripted = {
    status: 401,
    headers: {
      "www-authenticate": `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="${Buffer.from(claims).toString("base64")}"`,
    },
    body: { error: { code: "InvalidAuthenticationToken", message: "Continuous access evaluation." } },
  };

  it("answers a claims challenge once", async () => {
    const { calendar, tokenCalls, transport } = make([challenge, CREATED]);
    await calendar.createEvent(MAILBOX, DRAFT);
    expect(tokenCalls.map(({ options }) => options?.claims)).toEqual([undefined, claims]);
    expect(transport.requests).toHaveLength(2);
    const stubborn = make(() => challenge);
    await expect(stubborn.calendar.createEvent(MAILBOX, DRAFT)).rejects.toMatchObject({
      code: "CALENDAR_TOKEN_REFUSED",
      exitCode: 4,
    });
    expect(stubborn.transport.requests).toHaveLength(2);
  });

  it("does not repeat a token that is refused", async () => {
    const refused: Scripted = {
      status: 401,
      body: { error: { code: "InvalidAuthenticationToken", message: "Access token validation failure." } },
    };
    const { calendar, transport } = make(() => refused);
    await expect(calendar.listCalendars(MAILBOX)).rejects.toMatchObject({
      code: "CALENDAR_TOKEN_REFUSED",
      exitCode: 4,
      details: { status: 401, code: "InvalidAuthenticationToken" },
    });
    expect(transport.requests).toHaveLength(1);
  });

  it("passes what the token provider throws, and names a provider that has nothing", async () => {
    const refusal = new NightlatchError(OAUTH_ERRORS, "OAUTH_REFUSED", "AADSTS700027");
    const throwing = make([], { tokens: { getToken: () => Promise.reject(refusal) } });
    await expect(throwing.calendar.listCalendars(MAILBOX)).rejects.toBe(refusal);
    const empty = make([], { tokens: { getToken: async () => null } });
    await expect(empty.calendar.listCalendars(MAILBOX)).rejects.toMatchObject({
      code: "CALENDAR_TOKEN_REFUSED",
    });
  });

  it("keeps the token out of every error", async () => {
    const echo: Scripted[] = [
      { status: 403, body: { error: { code: "ErrorAccessDenied", message: "Denied" } } },
      LOST,
      { status: 200, body: "<html>" },
      { status: 500 },
      { status: 401 },
    ];
    for (const answer of echo) {
      for (const call of ["listCalendars", "createEvent"] as const) {
        const { calendar } = make(() => answer);
        const error: unknown = await calendar[call](MAILBOX, DRAFT as never).catch(
          (thrown: unknown) => thrown,
        );
        expect(error).toBeInstanceOf(Error);
        expect(inspect(error, { depth: 10 }) + JSON.stringify(error)).not.toContain(SECRET_TOKEN);
      }
    }
  });
});

describe("GraphClient room", () => {
  it("has four requests in flight for one mailbox and the rest waiting", async () => {
    let [running, most] = [0, 0];
    const { calendar } = make(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 2));
      running -= 1;
      return CREATED;
    });
    await Promise.all(Array.from({ length: 20 }, () => calendar.createEvent(MAILBOX, DRAFT)));
    expect(most).toBe(4);
  });

  it("bounds requests in all, and does not count a throttled one that waits", async () => {
    let [running, most] = [0, 0];
    const { calendar } = make(
      async ({ url }) => {
        if (url.includes("room-1%40")) return THROTTLED;
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 2));
        running -= 1;
        return CREATED;
      },
      {
        maxConcurrency: 2,
        retry: {
          sleep: (_, signal) =>
            new Promise((__, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
        },
      },
    );
    const controller = new AbortController();
    const { signal } = controller;
    const slow = [1, 2, 3].map(() => calendar.createEvent("room-1@school.example", DRAFT, { signal }));
    const names = ["room-2", "room-3", "room-4", "room-5"];
    await Promise.all(names.map((name) => calendar.createEvent(`${name}@school.example`, DRAFT)));
    expect(most).toBe(2);
    controller.abort(new Error("enough"));
    for (const call of slow) await expect(call).rejects.toThrow("enough");
  });

  it("gives up waiting for a retry, and for room, with the reason of the signal", async () => {
    const { calendar } = make(() => THROTTLED, { maxConcurrencyPerMailbox: 1, retry: {} });
    const controller = new AbortController();
    const reason = new Error("no longer wanted");
    const calls = [1, 2].map(() => calendar.getEvent(MAILBOX, "AAMk1", { signal: controller.signal }));
    setTimeout(() => controller.abort(reason), 10);
    for (const call of calls) await expect(call).rejects.toBe(reason);
  });
});
