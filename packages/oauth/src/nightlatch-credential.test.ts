import { describe, expect, it } from "vitest";
import {
  clientId,
  formOf,
  granted,
  HOUR_MS,
  refused,
  scope,
  scriptedService,
  soon,
} from "../test/scripted-service.ts";
import { NightlatchCredential } from "./nightlatch-credential.ts";
import { createMemoryTokenCache } from "./token-cache/memory.ts";
import type { HttpResponse } from "./transport/transport.ts";

describe("getToken", () => {
  it("getToken() makes one request for a tenant, however it is spelled", async () => {
    const run = scriptedService((_, count) => granted(`token-${count}`), {
      additionallyAllowedTenants: ["Other.EXAMPLE"],
    });
    for (const tenantId of ["Other.Example", "other.example", "OTHER.EXAMPLE ", "other.example"])
      expect((await run.credential.getToken(scope, { tenantId })).token).toBe("token-1");
    expect(run.requests).toHaveLength(1);
  });

  it("getToken() gives the same promise for every hit, and signs and sends nothing", async () => {
    const run = scriptedService(() => granted("one"));
    const token = await run.credential.getToken(scope);
    expect(token).toEqual({
      token: "one",
      expiresOnTimestamp: run.clock.nowMs + HOUR_MS,
      refreshAfterTimestamp: expect.any(Number),
      tokenType: "Bearer",
    });
    expect(run.credential.getToken(scope)).toBe(run.credential.getToken([scope]));
    expect(await run.credential.getToken(scope)).toBe(token);
    expect(run.requests).toHaveLength(1);
    expect(Object.isFrozen(token)).toBe(true);
  });

  it("getToken() asks with the form of RFC 6749 §4.4 and a correlation id", async () => {
    const run = scriptedService(() => granted("one"));
    await run.credential.getToken(scope);
    const [request] = run.requests;
    expect(request).toMatchObject({
      method: "POST",
      url: "https://login.microsoftonline.com/school.example/oauth2/v2.0/token",
    });
    expect(request?.headers).toMatchObject({
      "content-type": "application/x-www-form-urlencoded",
      "client-request-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
      "return-client-request-id": "true",
    });
    expect(Object.fromEntries(formOf(request))).toEqual({
      client_id: clientId,
      grant_type: "client_credentials",
      scope,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: "assertion",
    });
  });

  it("getToken() refreshes in the background from refresh_in on, and nobody waits", async () => {
    let release: () => void = () => undefined;
    const run = scriptedService((_request, count) =>
      count === 1
        ? granted("one", { refresh_in: 1800 })
        : new Promise((resolve) => {
            release = () => resolve(granted("two"));
          }),
    );
    await run.credential.getToken(scope);
    run.clock.nowMs += 1_799_000;
    await run.credential.getToken(scope);
    expect(run.requests).toHaveLength(1);
    run.clock.nowMs += 1_000;
    for (let caller = 0; caller < 100; caller++)
      expect((await run.credential.getToken(scope)).token).toBe("one");
    expect(run.requests).toHaveLength(2);
    release();
    await soon();
    expect((await run.credential.getToken(scope)).token).toBe("two");
  });

  it("getToken() without refresh_in refreshes five to seven and a half minutes before the end", async () => {
    for (let round = 0; round < 20; round++) {
      const run = scriptedService(() => granted("one"));
      const { expiresOnTimestamp, refreshAfterTimestamp = 0 } = await run.credential.getToken(scope);
      const marginMs = expiresOnTimestamp - refreshAfterTimestamp;
      expect(marginMs).toBeGreaterThanOrEqual(300_000);
      expect(marginMs).toBeLessThanOrEqual(450_000);
    }
  });

  it("a refresh that fails costs no call, is told of, and is not tried again at once", async () => {
    const run = scriptedService((_request, count) => {
      if (count === 1) return granted("one", { refresh_in: 1800 });
      throw new Error("the network is down");
    });
    await run.credential.getToken(scope);
    run.clock.nowMs += 1_800_000;
    for (let caller = 0; caller < 50; caller++) {
      expect((await run.credential.getToken(scope)).token).toBe("one");
      await Promise.resolve();
    }
    await soon();
    expect((await run.credential.getToken(scope)).token).toBe("one");
    expect(run.requests).toHaveLength(2);
    expect(run.warnings.map(({ code }) => code)).toEqual(["OAUTH_REFRESH_FAILED"]);
    run.clock.nowMs += 40_000;
    await run.credential.getToken(scope);
    await soon();
    expect(run.requests).toHaveLength(3);
    run.clock.nowMs += 40_000;
    await run.credential.getToken(scope);
    expect(run.requests).toHaveLength(3);
  });

  it("in the last minute a caller waits for a new token, and gets the old one when there is none", async () => {
    const run = scriptedService((_request, count) =>
      count === 2 ? refused(700016) : granted(`number-${count}`),
    );
    await run.credential.getToken(scope);
    run.clock.nowMs += HOUR_MS - 30_000;
    expect((await run.credential.getToken(scope)).token).toBe("number-1");
    expect((await run.credential.getToken(scope)).token).toBe("number-3");
  });

  it("a token got under a clock that ran ahead is not handed out once the clock is set back", async () => {
    const run = scriptedService((_request, count) => granted(`number-${count}`));
    run.clock.nowMs += 4 * 365 * 24 * HOUR_MS;
    await run.credential.getToken(scope);
    run.clock.nowMs -= 30_000;
    expect((await run.credential.getToken(scope)).token).toBe("number-1");
    run.clock.nowMs -= 4 * 365 * 24 * HOUR_MS;
    expect((await run.credential.getToken(scope, { enableCae: false })).token).toBe("number-2");
    expect((await run.credential.getToken(scope)).expiresOnTimestamp - run.clock.nowMs).toBe(HOUR_MS);
    expect(run.requests).toHaveLength(2);
  });

  it("a token stored under a clock that ran ahead is not taken from the cache beyond the process", async () => {
    const cache = createMemoryTokenCache();
    const before = scriptedService(() => granted("ahead"), { cache });
    before.clock.nowMs += 365 * 24 * HOUR_MS;
    await before.credential.getToken(scope);
    const after = scriptedService(() => granted("right"), { cache });
    expect((await after.credential.getToken(scope)).token).toBe("right");
  });

  it("a refusal is thrown as such where the cache fails besides, in giving its lease back", async () => {
    const memory = createMemoryTokenCache();
    const run = scriptedService(() => refused(700016), {
      cache: {
        get: memory.get.bind(memory),
        set: memory.set.bind(memory),
        delete: memory.delete.bind(memory),
        clear: memory.clear.bind(memory),
        getOrRequest: async (_key, { request }) => {
          try {
            return await request();
          } finally {
            // biome-ignore lint/correctness/noUnsafeFinally: what a lost connection does
            throw new Error("connection terminated");
          }
        },
      },
    });
    await expect(run.credential.getToken(scope)).rejects.toMatchObject({ code: "OAUTH_REFUSED" });
  });

  it("a life without end is cut, and a refresh that fails then is told of as any other", async () => {
    const run = scriptedService((_request, count) =>
      count === 1 ? granted("one", { expires_in: 1e13, refresh_in: 10 }) : refused(700016),
    );
    await run.credential.getToken(scope);
    run.clock.nowMs += 20_000;
    expect((await run.credential.getToken(scope)).token).toBe("one");
    await soon();
    expect(run.warnings.map(({ code }) => code)).toEqual(["OAUTH_REFRESH_FAILED"]);
  });

  it.each([3599, 3600, 1e9, "3590"])("refresh_in %j leaves time for the refresh", async (refreshIn) => {
    const run = scriptedService(() => granted("one", { refresh_in: refreshIn }));
    const token = await run.credential.getToken(scope);
    expect(token.expiresOnTimestamp - token.refreshAfterTimestamp).toBeGreaterThanOrEqual(300_000);
  });

  it("an expired token is never handed out", async () => {
    const run = scriptedService((_request, count) => (count === 1 ? granted("one") : refused(700016)));
    await run.credential.getToken(scope);
    run.clock.nowMs += HOUR_MS;
    await expect(run.credential.getToken(scope)).rejects.toMatchObject({ code: "OAUTH_REFUSED" });
  });

  it("one caller who gives up does not take the token from the others", async () => {
    let release: () => void = () => undefined;
    const run = scriptedService(
      () =>
        new Promise((resolve) => {
          release = () => resolve(granted("one"));
        }),
    );
    const controller = new AbortController();
    const impatient = run.credential.getToken(scope, { abortSignal: controller.signal });
    const hasty = run.credential.getToken(scope, { requestOptions: { timeout: 5 } });
    const patient = run.credential.getToken(scope);
    controller.abort();
    await expect(impatient).rejects.toMatchObject({ code: "OAUTH_ABORTED" });
    await expect(hasty).rejects.toMatchObject({ code: "OAUTH_NETWORK_TIMEOUT" });
    release();
    expect((await patient).token).toBe("one");
    expect(run.requests).toHaveLength(1);
  });

  it("claims pass the cache over and replace what it holds; capabilities are joined in", async () => {
    const run = scriptedService((_request, count) => granted(`number-${count}`));
    await run.credential.getToken(scope, { enableCae: true });
    const claims = '{"access_token":{"nbf":{"essential":true}}}';
    expect((await run.credential.getToken(scope, { enableCae: true, claims })).token).toBe("number-2");
    expect((await run.credential.getToken(scope, { enableCae: true })).token).toBe("number-2");
    expect(JSON.parse(formOf(run.requests[1]).get("claims") ?? "")).toEqual({
      access_token: { nbf: { essential: true }, xms_cc: { values: ["cp1"] } },
    });
  });

  it("tenants of additionallyAllowedTenants, and no others, may be asked for", async () => {
    const run = scriptedService((request) => granted(request.url), {
      additionallyAllowedTenants: ["other.example"],
    });
    expect((await run.credential.getToken(scope, { tenantId: "other.example" })).token).toContain(
      "/other.example/",
    );
    await expect(run.credential.getToken(scope, { tenantId: "third.example" })).rejects.toMatchObject({
      code: "OAUTH_TENANT_NOT_ALLOWED",
    });
    await expect(run.credential.getToken(scope, { tenantId: "common" })).rejects.toMatchObject({
      code: "OAUTH_TENANT_NOT_ALLOWED",
    });
    const any = scriptedService((request) => granted(request.url), { additionallyAllowedTenants: ["*"] });
    expect((await any.credential.getToken(scope, { tenantId: "third.example" })).token).toContain(
      "/third.example/",
    );
    await expect(any.credential.getToken(scope, { tenantId: "common" })).rejects.toMatchObject({
      code: "OAUTH_TENANT_UNFIT",
    });
  });

  it("getTokenForResource() asks the v1 endpoint and is cached apart", async () => {
    const run = scriptedService((request) => granted(request.url));
    const resource = "https://outlook.office365.com";
    expect((await run.credential.getTokenForResource(resource)).token).toMatch(/\/oauth2\/token$/);
    await run.credential.getTokenForResource(resource);
    expect(run.requests).toHaveLength(1);
    expect(formOf(run.requests[0]).get("resource")).toBe(resource);
    await expect(run.credential.getToken(resource)).rejects.toMatchObject({ code: "OAUTH_SCOPE_UNFIT" });
  });

  it("several scopes, none, and tokens bound to a key are refused", async () => {
    const run = scriptedService(() => granted("one"));
    for (const scopes of [[], [scope, "https://outlook.office365.com/.default"]]) {
      await expect(run.credential.getToken(scopes)).rejects.toMatchObject({ code: "OAUTH_SCOPE_UNFIT" });
    }
    await expect(run.credential.getToken(scope, { proofOfPossessionOptions: {} })).rejects.toThrow(TypeError);
    expect(run.requests).toHaveLength(0);
  });

  it("clear() forgets, also what a request from before brings", async () => {
    let release: (response: HttpResponse) => void = () => undefined;
    const run = scriptedService((_request, count) =>
      count === 1
        ? new Promise((resolve) => {
            release = resolve;
          })
        : granted("new"),
    );
    const before = run.credential.getToken(scope);
    await soon();
    await run.credential.clear();
    release(granted("old"));
    expect((await before).token).toBe("old");
    expect((await run.credential.getToken(scope)).token).toBe("new");
  });

  it("cacheCapacity bounds the tokens kept", async () => {
    const run = scriptedService((request) => granted(request.url), {
      additionallyAllowedTenants: ["*"],
      cacheCapacity: 2,
    });
    for (const tenantId of ["a.example", "b.example", "c.example", "a.example"])
      await run.credential.getToken(scope, { tenantId });
    expect(run.requests).toHaveLength(4);
    await run.credential.getToken(scope, { tenantId: "a.example" });
    expect(run.requests).toHaveLength(4);
  });
});

describe("constructor", () => {
  it.each([
    [{}, TypeError],
    [{ clientSecret: "s", assertion: async () => "a" }, TypeError],
    [{ clientSecret: "" }, TypeError],
  ])("new NightlatchCredential(%j) is misuse", (proof, kind) => {
    expect(() => new NightlatchCredential({ tenantId: "school.example", clientId, ...proof })).toThrow(kind);
  });

  it("the shared endpoints are refused at once", () => {
    expect(() => new NightlatchCredential({ tenantId: "common", clientId, clientSecret: "s3cr" })).toThrow(
      expect.objectContaining({ code: "OAUTH_TENANT_UNFIT" }),
    );
  });
});
