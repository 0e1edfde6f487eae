/** A tenant for tests: signs access tokens of the shapes in the facts and publishes its keys. */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { exportJWK, type JSONWebKeySet, type JWTPayload, SignJWT } from "jose";
import type { KeyTransport } from "../src/index.ts";

export const TENANT_ID = "6f8f4d4e-2b0a-4c39-9d3c-4c9a3a6f2f10";
export const AUDIENCE = "api://calendars.school.example";
export const CLIENT_ID = "0d3f6a55-7f4f-4d4b-8a51-2f7a9a2f3c11";
export const NOW = new Date("2026-09-01T10:00:00Z");
const NOW_SECONDS = NOW.getTime() / 1000;
const OBJECT_ID = "9a1f7a3c-0d0e-4f5b-8c63-9f1a1f1b2c3d";

/** One signing key of the tenant. */
export interface TestKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export function makeKey(kid: string): TestKey {
  return { kid, ...generateKeyPairSync("rsa", { modulusLength: 2048 }) };
}

export async function keySetOf(
  keys: readonly TestKey[],
  extra: Record<string, unknown> = {},
): Promise<JSONWebKeySet> {
  const jwks = keys.map(async ({ kid, publicKey }) => ({
    ...(await exportJWK(publicKey)),
    kid,
    use: "sig",
    ...extra,
  }));
  return { keys: await Promise.all(jwks) };
}

/** Claims of an app-only token in v2 shape; `undefined` takes a claim away. */
export function appClaims(overrides: Record<string, unknown> = {}): JWTPayload {
  const claims: Record<string, unknown> = {
    aud: AUDIENCE,
    iss: `https://login.microsoftonline.com/${TENANT_ID}/v2.0`,
    iat: NOW_SECONDS - 300,
    nbf: NOW_SECONDS - 300,
    exp: NOW_SECONDS + 3600,
    azp: CLIENT_ID,
    azpacr: "2",
    oid: OBJECT_ID,
    sub: OBJECT_ID,
    tid: TENANT_ID,
    roles: ["Calendars.Read.All"],
    ver: "2.0",
    ...overrides,
  };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}

/** Claims of a token for a user. */
export function userClaims(overrides: Record<string, unknown> = {}): JWTPayload {
  return appClaims({
    roles: undefined,
    scp: "Calendars.Read",
    sub: "pairwise-subject-of-the-user",
    preferred_username: "room-12@school.example",
    ...overrides,
  });
}

export function sign(
  claims: JWTPayload,
  key: TestKey,
  header: Record<string, unknown> = {},
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: key.kid, ...header })
    .sign(key.privateKey);
}

/** A transport that answers with what `answer` gives, and counts. */
export function fakeTransport(
  answer: () => { status: number; body: unknown } | Promise<{ status: number; body: unknown }>,
): KeyTransport & { readonly urls: string[] } {
  const urls: string[] = [];
  return {
    urls,
    async send({ url }) {
      urls.push(url);
      const { status, body } = await answer();
      return { status, json: () => body };
    },
  };
}
