/** Valid things of every kind that the doctor reads, made with keys that exist once for each test run. */

import { createPrivateKey, createSign, type KeyObject } from "node:crypto";
import { type CertificateCredential, createSelfSigned } from "@nightlatch/credential";

/** Client id, tenant and object id of the sample application. */
export const CLIENT_ID = "2f6f2f5e-1d3c-4a57-9a43-0c1a6f0f2b11";
export const TENANT_ID = "8c5b0d56-9b0e-4a39-8ac4-6f4f6a6a1e02";
export const OBJECT_ID = "f3a1f0de-8c7b-4b5e-9a59-2f6f6b8f7c33";
export const TOKEN_ENDPOINT = `https://login.microsoftonline.com/${TENANT_ID}/oauth2/v2.0/token`;

/** A key, its certificate, and both as PEM. */
export interface SampleKey {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  readonly privateKey: KeyObject;
  readonly credential: CertificateCredential;
}

/**
 * Mints a certificate that is valid around `now`.
 *
 * @param now - the present of the test
 * @param subject - distinguished name
 * @returns key and certificate
 */
export async function mintKey(now: Date, subject = "CN=timetable daemon"): Promise<SampleKey> {
  const day = 86_400_000;
  const made = await createSelfSigned({
    subject,
    notBefore: new Date(now.getTime() - 30 * day),
    notAfter: new Date(now.getTime() + 300 * day),
  });
  return { ...made, privateKey: createPrivateKey(made.privateKeyPem) };
}

/** Encodes a JSON value as a part of a JWT. */
export function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** Signs any header and payload with RS256, whatever they say. */
export function signJwt(key: KeyObject, header: unknown, payload: unknown): string {
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${createSign("sha256").update(input).sign(key, "base64url")}`;
}

/** Claims of a right assertion. */
export function assertionClaims(now: Date, changes: Record<string, unknown> = {}): Record<string, unknown> {
  const seconds = Math.floor(now.getTime() / 1000);
  return {
    aud: TOKEN_ENDPOINT,
    iss: CLIENT_ID,
    sub: CLIENT_ID,
    jti: "0b7a4c1e-5a55-4d7e-8f64-9d5a8ec1b0aa",
    nbf: seconds,
    iat: seconds,
    exp: seconds + 600,
    ...changes,
  };
}

/** Claims of an app-only access token as Entra makes them. */
export function accessTokenClaims(now: Date, changes: Record<string, unknown> = {}): Record<string, unknown> {
  const seconds = Math.floor(now.getTime() / 1000) - 60;
  return {
    aud: "https://graph.microsoft.com",
    iss: `https://sts.windows.net/${TENANT_ID}/`,
    iat: seconds,
    nbf: seconds,
    exp: seconds + 3900,
    aio: "E2NgYDi",
    app_displayname: "timetable",
    appid: CLIENT_ID,
    appidacr: "2",
    idp: `https://sts.windows.net/${TENANT_ID}/`,
    idtyp: "app",
    oid: OBJECT_ID,
    rh: "1.A",
    roles: ["Calendars.ReadWrite"],
    sub: OBJECT_ID,
    tid: TENANT_ID,
    uti: "abc",
    ver: "1.0",
    ...changes,
  };
}
