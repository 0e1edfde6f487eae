import { decodeProtectedHeader, jwtVerify } from "jose";
import { expect, test } from "vitest";
import { appClaims, fakeTransport, keySetOf, makeKey, sign, TENANT_ID } from "../../test/signing-tenant.ts";
import { createSigningKeys } from "./signing-keys.ts";

const oldKey = makeKey("old");
const newKey = makeKey("new");
const jwksUri = "https://login.example/keys";

function makeKeys(answer: Parameters<typeof fakeTransport>[0]) {
  const clock = { nowMs: 1_000_000 };
  const transport = fakeTransport(answer);
  const getKey = createSigningKeys({
    jwksUri,
    tenantId: TENANT_ID,
    transport: () => transport,
    nowMs: () => clock.nowMs,
  });
  const isTaken = async (token: string): Promise<boolean> =>
    jwtVerify(token, getKey, { algorithms: ["RS256"], currentDate: new Date("2026-09-01T10:00:00Z") }).then(
      () => true,
      () => false,
    );
  return { clock, transport, isTaken };
}

const oldToken = await sign(appClaims(), oldKey);
const newToken = await sign(appClaims(), newKey);

test("createSigningKeys() fetches once for many tokens that arrive together", async () => {
  const keys = makeKeys(async () => ({ status: 200, body: await keySetOf([oldKey]) }));
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => keys.isTaken(oldToken)));
  expect(outcomes.every(Boolean)).toBe(true);
  expect(keys.transport.urls).toEqual([jwksUri]);
});

test("createSigningKeys() fetches again when a token names a key that it does not know", async () => {
  const published = [oldKey];
  const keys = makeKeys(async () => ({ status: 200, body: await keySetOf(published) }));
  expect(await keys.isTaken(oldToken)).toBe(true);
  published.push(newKey);
  keys.clock.nowMs += 31_000;
  expect(await keys.isTaken(newToken)).toBe(true);
  expect(keys.transport.urls.length).toBe(2);
});

test("createSigningKeys() fetches at most once in 30 seconds for made-up key names", async () => {
  const keys = makeKeys(async () => ({ status: 200, body: await keySetOf([oldKey]) }));
  await keys.isTaken(oldToken);
  for (let second = 0; second < 60; second += 1) {
    keys.clock.nowMs += 1000;
    const forged = await sign(appClaims(), newKey, { kid: `made-up-${second}` });
    expect(decodeProtectedHeader(forged).kid).toBe(`made-up-${second}`);
    expect(await keys.isTaken(forged)).toBe(false);
  }
  expect(keys.transport.urls.length).toBe(2);
});

test("createSigningKeys() goes on with the keys it has when a later fetch fails", async () => {
  let status = 200;
  const keys = makeKeys(async () => ({ status, body: await keySetOf([oldKey]) }));
  expect(await keys.isTaken(oldToken)).toBe(true);
  status = 503;
  keys.clock.nowMs += 2 * 86_400_000;
  expect(await keys.isTaken(oldToken)).toBe(true);
  expect(keys.transport.urls.length).toBe(2);
});

test("createSigningKeys() drops a key that the tenant has withdrawn, a day later at most", async () => {
  let published = [oldKey, newKey];
  const keys = makeKeys(async () => ({ status: 200, body: await keySetOf(published) }));
  expect(await keys.isTaken(oldToken)).toBe(true);
  published = [newKey];
  keys.clock.nowMs += 86_400_000 + 1;
  expect(await keys.isTaken(oldToken)).toBe(false);
});

test("createSigningKeys() leaves out a key whose issuer is another tenant", async () => {
  const consumers = "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0";
  const keys = makeKeys(async () => {
    const foreign = await keySetOf([oldKey], { issuer: consumers });
    const own = await keySetOf([newKey], { issuer: "https://login.microsoftonline.com/{tenantid}/v2.0" });
    return { status: 200, body: { keys: [...foreign.keys, ...own.keys] } };
  });
  expect(await keys.isTaken(oldToken)).toBe(false);
  expect(await keys.isTaken(newToken)).toBe(true);
});

test("createSigningKeys() tries again after a first fetch that failed", async () => {
  let status = 500;
  const keys = makeKeys(async () => ({ status, body: await keySetOf([oldKey]) }));
  expect(await keys.isTaken(oldToken)).toBe(false);
  status = 200;
  expect(await keys.isTaken(oldToken)).toBe(true);
});
