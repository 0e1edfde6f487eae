/**
 * Workload identity federation: the assertion comes from a foreign issuer whose keys are fetched, and matches a
 * federated credential of the application by issuer, subject and audience.
 */
import { createPublicKey, type JsonWebKey } from "node:crypto";
import { get as httpGet } from "node:http";
import { get as httpsGet } from "node:https";
import type { Application } from "../directory/directory.ts";
import { findRealHost } from "../host/real-hosts.ts";
import type { Refusal } from "./aadsts.ts";
import { type AssertionCase, firstRefusal } from "./client-assertion/check.ts";
import { checkTimeWindow } from "./client-assertion/time-window.ts";
import { isSignedBy } from "./client-assertion/verify.ts";
import type { EntraContext } from "./entra-context.ts";

interface FederatedCredential {
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

/**
 * Checks an assertion of a foreign issuer.
 *
 * @param assertion - header already checked
 * @returns 700211, 700212, 700213, 7002137, 7002138, 700222, 501661, 70024, 5000811, 700027 or 700024; `undefined`
 *   when all is well
 * @see learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations
 */
export async function checkFederatedAssertion(assertion: AssertionCase): Promise<Refusal | undefined> {
  const mismatch = matchCredential(assertion);
  if (mismatch !== undefined) return mismatch;
  const issuer = String(assertion.claims["iss"]);
  if (isEntra(issuer, assertion)) return { code: 700222 };
  // Only RS256 is taken from foreign issuers.
  if (assertion.header["alg"] !== "RS256")
    return { code: 5002738, values: { alg: String(assertion.header["alg"]) } };
  const keys = await fetchKeys(issuer, assertion.context);
  if (!Array.isArray(keys)) return keys;
  const kid = assertion.header["kid"];
  const jwk = keys.find(
    (key) => key["kid"] === kid || (key["x5t"] !== undefined && key["x5t"] === assertion.header["x5t"]),
  );
  if (jwk === undefined) return { code: 5000811 };
  if (!isSignedByJwk(assertion, jwk)) {
    const reason = "Key was found, but use of the key to verify the signature failed.";
    return { code: 700027, values: { reason, appid: assertion.client.application.appId } };
  }
  return firstRefusal([checkTimeWindow], assertion);
}

function matchCredential({ claims, client }: AssertionCase): Refusal | undefined {
  const issuer = String(claims["iss"]);
  const subject = String(claims["sub"]);
  const audience = String(claims["aud"]);
  const credentials = federatedCredentials(client.application);
  const ofIssuer = credentials.filter((credential) => credential.issuer === issuer);
  if (ofIssuer.length === 0) {
    const differsInCase = credentials.some((one) => one.issuer.toLowerCase() === issuer.toLowerCase());
    return differsInCase ? { code: 7002137 } : { code: 700211, values: { issuer } };
  }
  const ofSubject = ofIssuer.filter((credential) => credential.subject === subject);
  if (ofSubject.length === 0) {
    const differsInCase = ofIssuer.some((one) => one.subject.toLowerCase() === subject.toLowerCase());
    return { code: differsInCase ? 7002138 : 700213, values: { subject } };
  }
  if (ofSubject.some(({ audiences }) => audiences.includes(audience))) return undefined;
  return { code: 700212, values: { audience } };
}

function federatedCredentials(application: Application): FederatedCredential[] {
  const listed = application.properties["federatedIdentityCredentials"];
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((entry: unknown) => {
    if (typeof entry !== "object" || entry === null) return [];
    const { issuer, subject, audiences } = entry as Record<string, unknown>;
    if (typeof issuer !== "string" || typeof subject !== "string" || !Array.isArray(audiences)) return [];
    return [{ issuer, subject, audiences: audiences.map(String) }];
  });
}

/** Tokens of this issuer do not federate; those of managed identities would, but there are none here. */
function isEntra(issuer: string, { origin, context }: AssertionCase): boolean {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (url === undefined) return false;
  const [, tenantId = ""] = url.pathname.split("/");
  if (!context.world.tenants.has(tenantId)) return false;
  return findRealHost(url.hostname) !== undefined || url.origin === origin;
}

const FETCH_TIMEOUT_MS = 5000;
const DOCUMENT_LIMIT_BYTES = 256 * 1024;

/** Fetches the issuer's keys; only from this machine, because the emulator calls nobody else. */
async function fetchKeys(
  issuer: string,
  context: EntraContext,
): Promise<Record<string, unknown>[] | Refusal> {
  try {
    const metadata = await fetchJson(
      `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
      context,
    );
    const address = metadata["jwks_uri"];
    if (typeof address !== "string") return { code: 70024, values: { fieldName: "jwks_uri" } };
    const { keys } = (await fetchJson(address, context)) as { keys?: unknown };
    return Array.isArray(keys)
      ? (keys as Record<string, unknown>[])
      : { code: 70024, values: { fieldName: "keys" } };
  } catch (error) {
    context.note(`Federated issuer ${JSON.stringify(issuer)}: ${(error as Error).message}`);
    return { code: 501661 };
  }
}

function fetchJson(address: string, context: EntraContext): Promise<Record<string, unknown>> {
  const url = new URL(address);
  const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (!isLocal) throw new Error(`only issuers on this machine are fetched, not ${url.hostname}`);
  // The certificate of an issuer on this very machine proves nothing that the address does not.
  const options = { timeout: FETCH_TIMEOUT_MS, rejectUnauthorized: false };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "http:" ? httpGet : httpsGet)(url, options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
        if (text.length > DOCUMENT_LIMIT_BYTES) request.destroy(new Error("the document is too long"));
      });
      response.on("end", () => {
        if (response.statusCode !== 200) reject(new Error(`${address} answered ${response.statusCode}`));
        else resolveJson(text, resolve, reject);
      });
    });
    request.on("timeout", () => request.destroy(new Error(`${address} did not answer`)));
    request.on("error", reject);
    context.note(`Fetching ${address}`);
  });
}

function resolveJson(
  text: string,
  resolve: (value: Record<string, unknown>) => void,
  reject: (error: Error) => void,
): void {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) resolve(value as Record<string, unknown>);
    else reject(new Error("the document is no JSON object"));
  } catch {
    reject(new Error("the document is not JSON"));
  }
}

function isSignedByJwk(assertion: AssertionCase, jwk: Record<string, unknown>): boolean {
  try {
    const key = createPublicKey({ key: jwk as JsonWebKey, format: "jwk" });
    return key.asymmetricKeyType === "rsa" && isSignedBy(assertion, key);
  } catch {
    return false;
  }
}
