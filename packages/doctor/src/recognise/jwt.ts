import type { CompactJws, JwsDefect, JwtNature, JwtUse } from "../artifact.ts";
import { shorten } from "../secrets.ts";
import { isRecord, originOf, type Reading } from "./reading.ts";

const DIRECTORY_APP_ID = "00000002-0000-0000-c000-000000000000";

/** Names that a JOSE header of an assertion or token has. */
export const HEADER_NAMES = ["alg", "typ", "x5t", "x5t#S256", "x5t#s256", "kid", "x5c"] as const;

/** Names that a payload has. */
export const CLAIM_NAMES = [
  "iss",
  "sub",
  "aud",
  "exp",
  "nbf",
  "iat",
  "jti",
  "scp",
  "roles",
  "appid",
  "appidacr",
  "azp",
  "azpacr",
  "tid",
  "oid",
  "ver",
  "idtyp",
] as const;

/**
 * Reads one compact JWT, however broken, and adds it to what was found.
 *
 * @param reading - the input
 * @param text - the JWT, perhaps with `Bearer`, quotes or blanks around it
 * @param place - where it stood
 * @param use - what it was used as, when the surroundings say so
 */
export function readCompactJwt(
  reading: Reading,
  text: string,
  place: string,
  use?: JwtUse | undefined,
): void {
  const compact = text.trim();
  if (compact.length < 3 || compact.length > 200_000 || reading.seenJwts.has(compact)) return;
  reading.seenJwts.add(compact);
  reading.secrets.addJwt(compact);
  const read = splitCompact(compact);
  reading.secrets.addJwt(read.jws.text);
  const { header, payload } = read;
  const nature = judgeNature(header, payload, use);
  reading.artifacts.push({
    kind: "jwt",
    origin: originOf(reading, place),
    summary: summarise(nature, header, payload),
    nature,
    use,
    header,
    payload,
    compact: read.jws,
    isFragment: false,
  });
}

/**
 * Adds a JWT that was pasted as decoded header and payload.
 *
 * @param reading - the input
 * @param header - JOSE header, when it was there
 * @param payload - claims, when they were there
 * @param place - where it stood
 * @param isFragment - true when missing members may just not have been pasted
 */
export function addDecodedJwt(
  reading: Reading,
  header: Record<string, unknown> | undefined,
  payload: Record<string, unknown> | undefined,
  place: string,
  isFragment: boolean,
): void {
  const nature = judgeNature(header, payload, undefined);
  reading.artifacts.push({
    kind: "jwt",
    origin: originOf(reading, place),
    summary: `${summarise(nature, header, payload)} (decoded)`,
    nature,
    use: undefined,
    header,
    payload,
    compact: undefined,
    isFragment,
  });
}

/**
 * Finds compact JWTs in free text.
 *
 * @param reading - the input
 * @param text - any text
 * @param place - names the place of an offset
 */
export function scanForJwts(reading: Reading, text: string, place: (offset: number) => string): void {
  const pattern = /(?<![\w.+/-])ey[\w+/=-]{6,}(?:\.[\w+/=-]*){1,4}/g;
  let count = 0;
  for (const match of text.matchAll(pattern)) {
    const token = match[0].replace(/\.+$/, (dots) => dots.slice(0, 1));
    if (isCut(text, match.index + match[0].length)) continue;
    const before = text.slice(Math.max(0, match.index - 40), match.index);
    readCompactJwt(reading, token, place(match.index), useFromWords(before));
    count += 1;
    if (count >= 200) break;
  }
}

/**
 * Tells whether an issuer is Entra ID, in any cloud, or an emulator of it on this machine.
 *
 * @param issuer - the claim `iss`
 * @returns true for issuers of Entra tokens
 */
function isEntraIssuer(issuer: unknown): boolean {
  if (typeof issuer !== "string") return false;
  return /^https:\/\/(?:sts\.windows\.net|sts\.chinacloudapi\.cn|sts\.microsoftonline\.(?:com|us|de)|login\.microsoftonline\.(?:com|us|de)|login\.partner\.microsoftonline\.cn|login\.chinacloudapi\.cn|login\.windows\.net|login\.microsoft\.com|[\w-]{1,60}\.ciamlogin\.com|(?:localhost|127\.0\.0\.1)(?::\d{1,5})?)\//i.test(
    issuer,
  );
}

function isCut(text: string, end: number): boolean {
  return text.startsWith("…", end) || /^\.{2,}/.test(text.slice(end - 1, end + 2));
}

function useFromWords(before: string): JwtUse | undefined {
  if (/client_assertion["']?\s{0,3}(?:=>?|:)\s{0,3}["']?$/i.test(before)) return "clientAssertion";
  if (/Bearer\s+$/i.test(before)) return "bearer";
  if (/id_token["']?\s{0,3}[=:]\s{0,3}["']?$/i.test(before)) return "idToken";
  if (/"proof"\s{0,3}:\s{0,3}"$/i.test(before)) return "proof";
  return undefined;
}

function splitCompact(source: string): {
  jws: CompactJws;
  header: Record<string, unknown> | undefined;
  payload: Record<string, unknown> | undefined;
} {
  const defects: JwsDefect[] = [];
  let text = source;
  if (/^(?:Bearer\s|["'])/i.test(text)) {
    defects.push("prefix");
    text = text.replace(/^Bearer\s+/i, "").replace(/^["']|["']$/g, "");
  }
  if (/\s/.test(text)) {
    defects.push("whitespace");
    text = text.replace(/\s+/g, "");
  }
  const parts = text.split(".");
  if (parts.length !== 3) defects.push("partCount");
  if (parts.some((part) => part.includes("="))) defects.push("padding");
  if (parts.some((part) => /[^\w=-]/.test(part))) defects.push("alphabet");
  const header = decodeObject(parts[0]);
  const payload = decodeObject(parts[1]);
  if (header === undefined) defects.push("headerNotJson");
  if (payload === undefined && parts.length !== 5) defects.push("payloadNotJson");
  const signatureText = parts.length === 3 ? (parts[2] ?? "") : "";
  if (parts.length === 3 && signatureText === "") defects.push("signatureEmpty");
  const jws: CompactJws = {
    text,
    partCount: parts.length,
    defects,
    signature: signatureText === "" ? undefined : Buffer.from(signatureText, "base64url"),
    signingInput: parts.slice(0, 2).join("."),
  };
  return { jws, header, payload };
}

function decodeObject(part: string | undefined): Record<string, unknown> | undefined {
  if (part === undefined || part === "") return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function judgeNature(
  header: Readonly<Record<string, unknown>> | undefined,
  payload: Readonly<Record<string, unknown>> | undefined,
  use: JwtUse | undefined,
): JwtNature {
  if (payload === undefined) return use === "clientAssertion" ? "assertion" : "other";
  if (isEntraIssuer(payload["iss"])) return judgeEntraToken(payload, use);
  if (use === "proof") return "proof";
  if (payload["aud"] === DIRECTORY_APP_ID && use !== "clientAssertion") return "proof";
  const issuer = payload["iss"];
  if (typeof issuer === "string" && /^https?:\/\//i.test(issuer) && payload["sub"] !== issuer)
    return "federated";
  if (["iss", "sub", "aud", "exp"].some((name) => payload[name] !== undefined)) return "assertion";
  return use === "clientAssertion" || header?.["x5t"] !== undefined ? "assertion" : "other";
}

function judgeEntraToken(payload: Readonly<Record<string, unknown>>, use: JwtUse | undefined): JwtNature {
  const names = ["appid", "azp", "appidacr", "azpacr", "scp", "idtyp"];
  if (names.some((name) => payload[name] !== undefined)) return "accessToken";
  const signsOfUser = ["nonce", "preferred_username", "at_hash", "c_hash", "upn", "unique_name", "email"];
  if (use === "idToken" || signsOfUser.some((name) => payload[name] !== undefined)) return "idToken";
  // Access tokens of Entra always name the client; what has a user, a client id as aud and no client is an id_token.
  const ofUser = ["amr", "name", "family_name", "ipaddr"].some((name) => payload[name] !== undefined);
  if (ofUser && GUID_ONLY.test(String(payload["aud"])) && payload["roles"] === undefined) return "idToken";
  return "accessToken";
}

const GUID_ONLY = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const NATURE_NAMES: Readonly<Record<JwtNature, string>> = {
  assertion: "client assertion",
  accessToken: "access token",
  idToken: "id_token",
  proof: "proof of possession for addKey",
  federated: "token of another issuer",
  other: "JWT",
};

function summarise(
  nature: JwtNature,
  header: Readonly<Record<string, unknown>> | undefined,
  payload: Readonly<Record<string, unknown>> | undefined,
): string {
  const facts: string[] = [];
  for (const name of ["alg", "x5t", "x5t#S256", "kid"]) {
    const value = header?.[name];
    if (typeof value === "string") facts.push(`${name} ${shorten(value, 60)}`);
  }
  for (const name of ["iss", "aud", "appid", "azp"]) {
    const value = payload?.[name];
    if (typeof value === "string") facts.push(`${name} ${shorten(value, 90)}`);
  }
  return facts.length === 0 ? NATURE_NAMES[nature] : `${NATURE_NAMES[nature]}: ${facts.join(", ")}`;
}

/**
 * Tells whether a JSON object is a JOSE header.
 *
 * @param record - plain JSON object
 * @returns true when it has an `alg` and nothing that only a payload has
 */
export function looksLikeHeader(record: Readonly<Record<string, unknown>>): boolean {
  if (typeof record["alg"] !== "string" || record["kty"] !== undefined) return false;
  return record["iss"] === undefined && record["aud"] === undefined && Object.keys(record).length <= 12;
}

/**
 * Tells whether a JSON object is a JWT payload.
 *
 * @param record - plain JSON object
 * @returns true when at least two registered claims stand in it
 */
export function looksLikePayload(record: Readonly<Record<string, unknown>>): boolean {
  // Keys, secrets and certificates of Key Vault have nbf and exp in their attributes.
  if (typeof record["enabled"] === "boolean" || record["recoveryLevel"] !== undefined) return false;
  const names = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];
  return names.filter((name) => record[name] !== undefined).length >= 2;
}
