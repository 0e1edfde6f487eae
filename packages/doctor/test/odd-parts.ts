/** Parts from which the odd inputs are made. */
import { Buffer } from "node:buffer";

/** Tenant of the samples. */
export const TENANT = "3b8f0f3e-5c51-4f6c-8ab0-3a0c7a4ad5aa";
/** Application of the samples. */
export const CLIENT = "6f5a3c6e-4a52-4c43-9b8b-0d3b6d7b4c11";
/** Where it asks for tokens. */
export const TOKEN_URL = `https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`;
/** The present of every sample. */
export const ODD_NOW: Date = new Date("2026-01-31T12:00:00Z");

/** A SHA-1 thumbprint, in hex. */
export const HEX = "bd1ed2c8376108384ee273a1801a07f08b31d724";
/** The text of 700027 for a thumbprint whose digits were encoded as text. */
export const REFUSAL = `AADSTS700027: Client assertion contains an invalid signature. [Reason - The key was not found., Thumbprint of key used by client: '${Buffer.from(HEX).toString("hex")}', Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '${CLIENT}'.] Trace ID: 0a0a0a0a-1b1b-2c2c-3d3d-4e4e4e4e0100 Correlation ID: 5f5f5f5f-6a6a-7b7b-8c8c-9d9d9d9d9d9d Timestamp: 2026-01-31 12:00:00Z`;

/** The present as a NumericDate. */
export const NOW_SECONDS = Math.floor(ODD_NOW.getTime() / 1000);
/** One part of a compact JWT. */
export function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
/** The refusal as the token endpoint sends it. */
export const REFUSAL_BODY = JSON.stringify({
  error: "invalid_client",
  error_description: REFUSAL,
  error_codes: [700027],
});
/** Another refusal as the token endpoint sends it. */
export const SECRET_REFUSAL_BODY = JSON.stringify({
  error: "invalid_client",
  error_description:
    "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.",
  error_codes: [7000215],
});
/** Claims of an access token in order. */
export const ACCESS_CLAIMS = {
  aud: "https://graph.microsoft.com",
  iss: `https://sts.windows.net/${TENANT}/`,
  iat: NOW_SECONDS - 600,
  nbf: NOW_SECONDS - 600,
  exp: NOW_SECONDS + 3000,
  appid: CLIENT,
  appidacr: "2",
  idtyp: "app",
  roles: ["Calendars.ReadWrite"],
  tid: TENANT,
  ver: "1.0",
};
/** An access token with these claims. */
export function tokenOf(claims: object): string {
  return `${encoded({ typ: "JWT", alg: "RS256", kid: "k" })}.${encoded(claims)}.${encoded("signature-bytes-signature")}`;
}
/** A request for a token with a single permission. */
export const FORM_BODY = `grant_type=client_credentials&client_id=${CLIENT}&client_secret=abc~def.ghijklmnopqrstuvwxyz0123456789AB&scope=https%3A%2F%2Fgraph.microsoft.com%2FCalendars.ReadWrite`;
/** A HAR file with these entries. */
export function harOf(entries: object[]): string {
  return JSON.stringify({ log: { version: "1.2", creator: { name: "Firefox", version: "140" }, entries } });
}
