import { inspect } from "node:util";
import { type CertificateCredential, createSelfSigned, parseCompactJws } from "@nightlatch/credential";
import { beforeAll, describe, expect, it } from "vitest";
import { NightlatchCredential, type NightlatchCredentialOptions } from "./nightlatch-credential.ts";
import { createMemoryTokenCache } from "./token-cache/memory.ts";
import { ReceivedResponse } from "./transport/response.ts";
import type { HttpRequest, HttpResponse } from "./transport/transport.ts";
import type { OauthWarning } from "./warnings.ts";

const clientId = "11111111-2222-4333-8444-555555555555";
const scope = "https://graph.microsoft.com/.default";
const HOUR_MS = 3_600_000;
const respond = (status: number, body: object, headers: Record<string, string> = {}) =>
  new ReceivedResponse(status, headers, Buffer.from(JSON.stringify(body)));
const granted = (text: string, more: object = {}) =>
  respond(200, { token_type: "Bearer", expires_in: 3600, access_token: text, ...more });
const refused = (code: number) =>
  respond(401, { error: "invalid_client", error_description: `AADSTS${code}: no.`, error_codes: [code] });

/** A service under the test's control, and a clock that only moves when told to. */
function school(
  answer: (request: HttpRequest, count: number) => HttpResponse | Promise<HttpResponse>,
  options: Partial<NightlatchCredentialOptions> = {},
) {
  const requests: HttpRequest[] = [];
  const warnings: OauthWarning[] = [];
  const clock = { nowMs: Date.UTC(2026, 8, 1) };
  const credential = new NightlatchCredential({
    tenantId: "school.example",
    clientId,
    assertion:
      options.certificate === undefined && options.clientSecret === undefined
        ? async () => "assertion"
        : undefined,
    now: () => clock.nowMs,
    onWarning: (warning) => warnings.push(warning),
    retry: { maxAttempts: 1 },
    transport: {
      send: async (request) => {
        requests.push(request);
        return answer(request, requests.length);
      },
      close: () => undefined,
    },
    ...options,
  });
  return { credential, requests, warnings, clock };
}
const soon = () => new Promise((resolve) => setTimeout(resolve, 5));
const formOf = (request: HttpRequest | undefined) => new URLSearchParams(String(request?.body));

describe("getToken", () => {
  it("getToken() gives the same promise for every hit, and signs and sends nothing", async () => {
    const run = school(() => granted("one"));
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
    const run = school(() => granted("one"));
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
    const run = school((_request, count) =>
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
      const run = school(() => granted("one"));
      const { expiresOnTimestamp, refreshAfterTimestamp = 0 } = await run.credential.getToken(scope);
      const marginMs = expiresOnTimestamp - refreshAfterTimestamp;
      expect(marginMs).toBeGreaterThanOrEqual(300_000);
      expect(marginMs).toBeLessThanOrEqual(450_000);
    }
  });

  it("a refresh that fails costs no call, is told of, and is not tried again at once", async () => {
    const run = school((_request, count) => {
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
    const run = school((_request, count) => (count === 2 ? refused(700016) : granted(`number-${count}`)));
    await run.credential.getToken(scope);
    run.clock.nowMs += HOUR_MS - 30_000;
    expect((await run.credential.getToken(scope)).token).toBe("number-1");
    expect((await run.credential.getToken(scope)).token).toBe("number-3");
  });

  it("an expired token is never handed out", async () => {
    const run = school((_request, count) => (count === 1 ? granted("one") : refused(700016)));
    await run.credential.getToken(scope);
    run.clock.nowMs += HOUR_MS;
    await expect(run.credential.getToken(scope)).rejects.toMatchObject({ code: "OAUTH_REFUSED" });
  });

  it("one caller who gives up does not take the token from the others", async () => {
    let release: () => void = () => undefined;
    const run = school(
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
    const run = school((_request, count) => granted(`number-${count}`));
    await run.credential.getToken(scope, { enableCae: true });
    const claims = '{"access_token":{"nbf":{"essential":true}}}';
    expect((await run.credential.getToken(scope, { enableCae: true, claims })).token).toBe("number-2");
    expect((await run.credential.getToken(scope, { enableCae: true })).token).toBe("number-2");
    expect(JSON.parse(formOf(run.requests[1]).get("claims") ?? "")).toEqual({
      access_token: { nbf: { essential: true }, xms_cc: { values: ["cp1"] } },
    });
  });

  it("tenants of additionallyAllowedTenants, and no others, may be asked for", async () => {
    const run = school((request) => granted(request.url), { additionallyAllowedTenants: ["other.example"] });
    expect((await run.credential.getToken(scope, { tenantId: "other.example" })).token).toContain(
      "/other.example/",
    );
    await expect(run.credential.getToken(scope, { tenantId: "third.example" })).rejects.toMatchObject({
      code: "OAUTH_TENANT_NOT_ALLOWED",
    });
    await expect(run.credential.getToken(scope, { tenantId: "common" })).rejects.toMatchObject({
      code: "OAUTH_TENANT_NOT_ALLOWED",
    });
    const any = school((request) => granted(request.url), { additionallyAllowedTenants: ["*"] });
    expect((await any.credential.getToken(scope, { tenantId: "third.example" })).token).toContain(
      "/third.example/",
    );
    await expect(any.credential.getToken(scope, { tenantId: "common" })).rejects.toMatchObject({
      code: "OAUTH_TENANT_UNFIT",
    });
  });

  it("getTokenForResource() asks the v1 endpoint and is cached apart", async () => {
    const run = school((request) => granted(request.url));
    const resource = "https://outlook.office365.com";
    expect((await run.credential.getTokenForResource(resource)).token).toMatch(/\/oauth2\/token$/);
    await run.credential.getTokenForResource(resource);
    expect(run.requests).toHaveLength(1);
    expect(formOf(run.requests[0]).get("resource")).toBe(resource);
    await expect(run.credential.getToken(resource)).rejects.toMatchObject({ code: "OAUTH_SCOPE_UNFIT" });
  });

  it("several scopes, none, and tokens bound to a key are refused", async () => {
    const run = school(() => granted("one"));
    for (const scopes of [[], [scope, "https://outlook.office365.com/.default"]]) {
      await expect(run.credential.getToken(scopes)).rejects.toMatchObject({ code: "OAUTH_SCOPE_UNFIT" });
    }
    await expect(run.credential.getToken(scope, { proofOfPossessionOptions: {} })).rejects.toThrow(TypeError);
    expect(run.requests).toHaveLength(0);
  });

  it("clear() forgets, also what a request from before brings", async () => {
    let release: (response: HttpResponse) => void = () => undefined;
    const run = school((_request, count) =>
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
    const run = school((request) => granted(request.url), {
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

describe("rotation", () => {
  let old: CertificateCredential;
  let fresh: CertificateCredential;
  beforeAll(async () => {
    const make = async (subject: string) =>
      (await createSelfSigned({ subject, notBefore: new Date(Date.UTC(2026, 7, 1)), validDays: 400 }))
        .credential;
    [old, fresh] = await Promise.all([make("CN=Old"), make("CN=Fresh")]);
  });
  const signedWith = (request: HttpRequest, { certificate }: CertificateCredential) =>
    parseCompactJws(formOf(request).get("client_assertion") ?? "").protectedHeader["x5t#S256"] ===
    certificate.thumbprintSha256.base64url;

  it("a certificate the service no longer takes is read again, and no call fails", async () => {
    let current = old;
    let reads = 0;
    const run = school((request) => (signedWith(request, fresh) ? granted("one") : refused(700027)), {
      additionallyAllowedTenants: ["*"],
      certificate: async () => {
        reads += 1;
        return current;
      },
    });
    await expect(run.credential.getToken(scope)).rejects.toMatchObject({
      code: "OAUTH_REFUSED",
      details: { certificate: { thumbprintSha1Hex: old.certificate.thumbprintSha1.hex } },
    });
    current = fresh;
    const tenants = Array.from({ length: 20 }, (_, index) => `t${index}.example`);
    const tokens = await Promise.all(tenants.map((tenantId) => run.credential.getToken(scope, { tenantId })));
    expect(tokens.map(({ token }) => token)).toEqual(tenants.map(() => "one"));
    expect(reads).toBeLessThan(25);
  });

  it("a source that cannot be read again leaves the refusal as it was, and is told of", async () => {
    let reads = 0;
    const run = school(() => refused(700027), {
      certificate: async () => {
        reads += 1;
        if (reads > 1) throw new Error("half-written file");
        return old;
      },
    });
    await expect(run.credential.getToken(scope)).rejects.toMatchObject({
      details: { aadstsCodes: [700027] },
    });
    expect(run.warnings.map(({ code }) => code)).toContain("OAUTH_RELOAD_FAILED");
  });

  it("a secret that is read by a function is read again", async () => {
    let secret = "old-secret";
    const run = school(
      (request) =>
        formOf(request).get("client_secret") === "new-secret" ? granted("one") : refused(7000222),
      {
        clientSecret: async () => {
          const read = secret;
          secret = "new-secret";
          return read;
        },
      },
    );
    expect((await run.credential.getToken(scope)).token).toBe("one");
  });
});

describe("a cache beyond the credential", () => {
  it("a second credential takes the token of the first, and refreshes it for both", async () => {
    const cache = createMemoryTokenCache();
    const first = school((_request, count) => granted(`first-${count}`, { refresh_in: 1800 }), { cache });
    const second = school((_request, count) => granted(`second-${count}`), { cache });
    expect((await first.credential.getToken(scope)).token).toBe("first-1");
    expect((await second.credential.getToken(scope)).token).toBe("first-1");
    expect(second.requests).toHaveLength(0);
    second.clock.nowMs += 1_800_000;
    first.clock.nowMs += 1_800_000;
    expect((await second.credential.getToken(scope)).token).toBe("first-1");
    await soon();
    expect((await second.credential.getToken(scope)).token).toBe("second-1");
    await first.credential.getToken(scope);
    await soon();
    expect((await first.credential.getToken(scope)).token).toBe("second-1");
    expect(first.requests).toHaveLength(1);
  });

  it("a cache that fails costs a warning, not a call, and no second request", async () => {
    const broken = async () => Promise.reject(Object.assign(new Error("disk full"), { code: "ENOSPC" }));
    const store = { ...createMemoryTokenCache(), get: broken, set: broken, delete: broken, clear: broken };
    const before = school(() => granted("one"), { cache: { ...store, getOrRequest: broken } });
    expect((await before.credential.getToken(scope)).token).toBe("one");
    const after = school(() => granted("one"), {
      cache: {
        ...store,
        getOrRequest: async (_key, { request }) => {
          await request();
          return broken();
        },
      },
    });
    expect((await after.credential.getToken(scope)).token).toBe("one");
    for (const run of [before, after]) {
      expect(run.requests).toHaveLength(1);
      expect(run.warnings).toMatchObject([{ code: "OAUTH_CACHE_FAILED", details: { cause: "ENOSPC" } }]);
    }
  });

  it("a refusal passes through the cache unchanged", async () => {
    const run = school(() => refused(700016), { cache: createMemoryTokenCache() });
    await expect(run.credential.getToken(scope)).rejects.toMatchObject({ code: "OAUTH_REFUSED" });
    expect(run.warnings).toEqual([]);
  });
});

describe("canaries", () => {
  it("secret, key, assertion and token show in no error, inspection or JSON", async () => {
    const { credential: certificate, privateKeyPem } = await createSelfSigned({
      subject: "CN=Canary",
      notBefore: new Date(Date.UTC(2026, 7, 1)),
    });
    const keyLine = privateKeyPem.split("\n")[3] ?? "";
    expect(keyLine.length).toBeGreaterThan(40);
    const seen: unknown[] = [];
    let assertion = "";
    const echo = (request: HttpRequest) => {
      assertion = formOf(request).get("client_assertion") ?? assertion;
      const body = String(request.body);
      return respond(400, {
        error: "invalid_request",
        error_description: `AADSTS900144: you sent ${body} and ${decodeURIComponent(body)}`,
        echoed: body,
      });
    };
    const byCertificate = school(echo, { certificate });
    const bySecret = school(echo, { clientSecret: "canary+secret/with=&chars" });
    const page = school(
      (request) => new ReceivedResponse(502, {}, Buffer.from(`<pre>${request.body}</pre>`)),
      { clientSecret: "canary+secret/with=&chars" },
    );
    const holding = school(() => granted("canary.token.value"));
    for (const run of [byCertificate, bySecret, page]) {
      seen.push(await run.credential.getToken(scope).catch((error: unknown) => error), run.credential);
    }
    await holding.credential.getToken(scope);
    seen.push(holding.credential, holding.warnings);
    const text = seen
      .map(
        (each) => `${inspect(each, { depth: null, showHidden: true })}${JSON.stringify(each)}${String(each)}`,
      )
      .join("\n");
    expect(assertion).toMatch(/^eyJ/);
    for (const canary of [
      "canary+secret",
      "canary%2Bsecret",
      "canary.token",
      assertion.split(".")[2] ?? "",
      assertion.slice(0, 40),
      keyLine,
    ]) {
      expect(canary).not.toBe("");
      expect(text).not.toContain(canary);
    }
  });
});
