import { inspect } from "node:util";
import { type CertificateCredential, createSelfSigned, parseCompactJws } from "@nightlatch/credential";
import { beforeAll, describe, expect, it } from "vitest";
import { createMemoryTokenCache } from "../src/token-cache/memory.ts";
import { ReceivedResponse } from "../src/transport/response.ts";
import type { HttpRequest } from "../src/transport/transport.ts";
import { formOf, granted, refused, respond, scope, scriptedService, soon } from "./scripted-service.ts";

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
    const run = scriptedService(
      (request) => (signedWith(request, fresh) ? granted("one") : refused(700027)),
      {
        additionallyAllowedTenants: ["*"],
        certificate: async () => {
          reads += 1;
          return current;
        },
      },
    );
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
    const run = scriptedService(() => refused(700027), {
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
    const run = scriptedService(
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
    const first = scriptedService((_request, count) => granted(`first-${count}`, { refresh_in: 1800 }), {
      cache,
    });
    const second = scriptedService((_request, count) => granted(`second-${count}`), { cache });
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
    const before = scriptedService(() => granted("one"), { cache: { ...store, getOrRequest: broken } });
    expect((await before.credential.getToken(scope)).token).toBe("one");
    const after = scriptedService(() => granted("one"), {
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

  it("a token that may be challenged is not given to a credential that answers no challenges", async () => {
    const cache = createMemoryTokenCache();
    let count = 0;
    const answer = () => granted(`token-${++count}`);
    const able = scriptedService(answer, { cache, clientCapabilities: ["cp1"] });
    const unable = scriptedService(answer, { cache });
    await able.credential.getToken(scope);
    expect((await unable.credential.getToken(scope)).token).toBe("token-2");
    expect((await unable.credential.getToken(scope, { enableCae: true })).token).toBe("token-1");
  });

  it("clear() forgets the token of a request under way, too: for this credential and in the cache", async () => {
    const cache = createMemoryTokenCache();
    let release = () => undefined as undefined;
    const held = new Promise<undefined>((resolve) => {
      release = () => resolve(undefined) as undefined;
    });
    const answer = async (_: unknown, count: number) => {
      if (count === 1) await held;
      return granted(`token-${count}`);
    };
    const run = scriptedService(answer, { cache });
    const before = run.credential.getToken(scope);
    await soon();
    await run.credential.clear();
    const after = run.credential.getToken(scope);
    await soon();
    release();
    expect([(await before).token, (await after).token]).toEqual(["token-1", "token-2"]);
    expect((await run.credential.getToken(scope)).token).toBe("token-2");
    const other = scriptedService(() => granted("other"), { cache });
    expect((await other.credential.getToken(scope)).token).toBe("token-2");
    expect(run.warnings).toEqual([]);
  });

  it("of two credentials on one cache the second asks when the first gave up, without a warning", async () => {
    const cache = createMemoryTokenCache();
    const first = scriptedService(
      ({ signal }) =>
        new Promise((_, reject) => signal?.addEventListener("abort", () => reject(new Error("cancelled")))),
      { cache },
    );
    const second = scriptedService(() => granted("second"), { cache });
    const controller = new AbortController();
    const gaveUp = first.credential.getToken(scope, { abortSignal: controller.signal });
    await soon();
    const waits = second.credential.getToken(scope);
    await soon();
    controller.abort();
    await expect(gaveUp).rejects.toMatchObject({ code: "OAUTH_ABORTED" });
    expect((await waits).token).toBe("second");
    expect(second.warnings).toEqual([]);
  });

  it.each([undefined, null, 5, {}])("getToken(%j) rejects by name instead of throwing", async (scopes) => {
    const run = scriptedService(() => granted("t"));
    await expect(run.credential.getToken(scopes as never)).rejects.toThrow(/^scopes /);
  });

  it("a refusal passes through the cache unchanged", async () => {
    const run = scriptedService(() => refused(700016), { cache: createMemoryTokenCache() });
    await expect(run.credential.getToken(scope)).rejects.toMatchObject({ code: "OAUTH_REFUSED" });
    expect(run.warnings).toEqual([]);
  });
});

describe("canaries", () => {
  it("secret, key, assertion and token show in no error, inspection or JSON", async () => {
    const made = await createSelfSigned({ subject: "CN=Canary", notBefore: new Date(Date.UTC(2026, 7, 1)) });
    const { credential: certificate, privateKeyPem } = made;
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
    const byCertificate = scriptedService(echo, { certificate });
    const bySecret = scriptedService(echo, { clientSecret: "canary+secret/with=&chars" });
    const page = scriptedService(
      (request) => new ReceivedResponse(502, {}, Buffer.from(`<pre>${request.body}</pre>`)),
      { clientSecret: "canary+secret/with=&chars" },
    );
    const holding = scriptedService(() => granted("canary.token.value"));
    for (const run of [byCertificate, bySecret, page]) {
      seen.push(await run.credential.getToken(scope).catch((error: unknown) => error), run.credential);
    }
    const held = await holding.credential.getToken(scope);
    expect({ ...held }.token).toBe("canary.token.value");
    seen.push(held, holding.credential, holding.warnings, made);
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
