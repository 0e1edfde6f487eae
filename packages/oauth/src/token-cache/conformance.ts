/** What every {@link TokenCache} has to do, as a suite. The test framework is passed in, so that any will do. */
import type { CachedToken, TokenCache } from "./token-cache.ts";

/** The two functions of Vitest, Jest or `node:test` that the suite needs. */
export interface TestFramework {
  describe(name: string, body: () => void): unknown;
  it(name: string, body: () => Promise<void>): unknown;
}

const HOUR_MS = 3_600_000;
const token = (text: string): CachedToken => ({
  token: text,
  expiresOnTimestamp: Date.now() + HOUR_MS,
  refreshAfterTimestamp: Date.now() + HOUR_MS / 2,
});
const always = () => true;
const never = () => false;

/**
 * Describes the suite.
 *
 * @param framework - `describe` and `it`
 * @param name - of the implementation
 * @param makeCache - gives an empty cache; two calls of `again` give two views of the same place (two processes)
 */
export function tokenCacheConformance(
  framework: TestFramework,
  name: string,
  makeCache: () => Promise<{ readonly cache: TokenCache; readonly again: () => Promise<TokenCache> }>,
): void {
  const { describe, it } = framework;
  describe(`${name} as a token cache`, () => {
    describePlace(it, makeCache);
    describeExchange(it, makeCache);
  });
}

/** Loaded by the tests, so that programs do not load it with the package. */
const loadAssert = async (): Promise<Assert> => (await import("node:assert/strict")).default as Assert;

type Assert = typeof import("node:assert/strict");
type It = TestFramework["it"];
type MakeCache = () => Promise<{ readonly cache: TokenCache; readonly again: () => Promise<TokenCache> }>;

function describePlace(it: It, makeCache: MakeCache): void {
  it("get() gives undefined for a key that was never set", async () => {
    const assert: Assert = await loadAssert();
    const { cache } = await makeCache();
    assert.equal(await cache.get("nobody"), undefined);
  });

  it("get() gives what set() stored, all members equal, and only under its own key", async () => {
    const assert: Assert = await loadAssert();
    const { cache } = await makeCache();
    const stored = token("aaa");
    await cache.set("https://a|t|c|s|", stored);
    await cache.set("https://a|t|c|s|cae", token("bbb"));
    assert.deepEqual({ ...(await cache.get("https://a|t|c|s|")) }, stored);
    assert.equal((await cache.get("https://a|t|c|s|cae"))?.token, "bbb");
  });

  it("set() replaces the token before", async () => {
    const assert: Assert = await loadAssert();
    const { cache } = await makeCache();
    await cache.set("key", token("old"));
    await cache.set("key", token("new"));
    assert.equal((await cache.get("key"))?.token, "new");
  });

  it("set() keeps tokens of 20,000 characters and keys with any character", async () => {
    const assert: Assert = await loadAssert();
    const { cache } = await makeCache();
    const long = "x".repeat(20_000);
    const key = "https://a/ä/../'\"\\;%|\u2028|".padEnd(1_000, "k");
    await cache.set(key, token(long));
    assert.equal((await cache.get(key))?.token, long);
  });

  it("delete() forgets one token and does not mind a missing one", async () => {
    const assert: Assert = await loadAssert();
    const { cache } = await makeCache();
    await cache.set("one", token("1"));
    await cache.set("two", token("2"));
    await cache.delete("one");
    await cache.delete("one");
    assert.equal(await cache.get("one"), undefined);
    assert.equal((await cache.get("two"))?.token, "2");
  });

  it("clear() forgets every token, and the cache serves on", async () => {
    const assert: Assert = await loadAssert();
    const { cache } = await makeCache();
    await cache.set("one", token("1"));
    await cache.set("two", token("2"));
    await cache.clear();
    assert.equal(await cache.get("one"), undefined);
    assert.equal(await cache.get("two"), undefined);
    await cache.set("one", token("3"));
    assert.equal((await cache.get("one"))?.token, "3");
  });

  it("a second view of the same place sees what the first stored", async () => {
    const assert: Assert = await loadAssert();
    const { cache, again } = await makeCache();
    await cache.set("key", token("shared"));
    assert.equal((await (await again()).get("key"))?.token, "shared");
  });
}

function describeExchange(it: It, makeCache: MakeCache): void {
  it("getOrRequest() asks when nothing is stored, and stores the answer", async () => {
    const assert: Assert = await loadAssert();
    const { cache } = await makeCache();
    const got = await cache.getOrRequest("key", { isFresh: always, request: async () => token("asked") });
    assert.equal(got.token, "asked");
    assert.equal((await cache.get("key"))?.token, "asked");
  });

  it("getOrRequest() gives a fresh token without asking", async () => {
    const assert: Assert = await loadAssert();
    const { cache } = await makeCache();
    await cache.set("key", token("stored"));
    const request = async () => assert.fail("asked although a fresh token was stored");
    assert.equal((await cache.getOrRequest("key", { isFresh: always, request })).token, "stored");
  });

  it("getOrRequest() replaces a stale token", async () => {
    const assert: Assert = await loadAssert();
    const { cache } = await makeCache();
    await cache.set("key", token("stale"));
    const exchange = { isFresh: never, request: async () => token("fresh") };
    assert.equal((await cache.getOrRequest("key", exchange)).token, "fresh");
    assert.equal((await cache.get("key"))?.token, "fresh");
  });

  it("getOrRequest() makes one request for many callers through two views", async () => {
    const assert: Assert = await loadAssert();
    const { cache, again } = await makeCache();
    const other = await again();
    let requests = 0;
    const request = async () => {
      requests += 1;
      await new Promise((resolve) => setTimeout(resolve, 60));
      return token(`number ${requests}`);
    };
    const callers = Array.from({ length: 20 }, (_, index) =>
      (index % 2 === 0 ? cache : other).getOrRequest("key", { isFresh: always, request }),
    );
    const tokens = await Promise.all(callers);
    assert.equal(requests, 1);
    assert.deepEqual([...new Set(tokens.map((each) => each.token))], ["number 1"]);
  });

  it("getOrRequest() for different keys does not wait for one another", async () => {
    const assert: Assert = await loadAssert();
    const { cache } = await makeCache();
    let release: (value: CachedToken) => void = () => undefined;
    const held = new Promise<CachedToken>((resolve) => {
      release = resolve;
    });
    const slow = cache.getOrRequest("slow", { isFresh: always, request: () => held });
    const quick = await cache.getOrRequest("quick", { isFresh: always, request: async () => token("q") });
    assert.equal(quick.token, "q");
    release(token("s"));
    assert.equal((await slow).token, "s");
  });

  it("getOrRequest() passes on what the request throws, keeps nothing, and lets the next caller try", async () => {
    const assert: Assert = await loadAssert();
    const { cache } = await makeCache();
    const refusal = new Error("refused");
    const failing = { isFresh: always, request: async () => Promise.reject(refusal) };
    await assert.rejects(cache.getOrRequest("key", failing), (error) => error === refusal);
    assert.equal(await cache.get("key"), undefined);
    const next = await cache.getOrRequest("key", { isFresh: always, request: async () => token("next") });
    assert.equal(next.token, "next");
  });
}
