/** How a client proves who it is: a secret, a client assertion, or an assertion of a federated issuer. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { PasswordCredential, Tenant } from "../directory/directory.ts";
import type { EmulatorRequest } from "../host/http.ts";
import { refused } from "./aadsts.ts";
import { type Client, findClient } from "./client.ts";
import { type Assertion, readAssertion } from "./client-assertion/assertion.ts";
import {
  type AssertionCase,
  firstRefusal,
  HEADER_CHECKS,
  OWN_ASSERTION_CHECKS,
} from "./client-assertion/check.ts";
import { sameIdentifier } from "./client-assertion/claims.ts";
import type { EntraContext } from "./entra-context.ts";
import type { Form } from "./form.ts";

/** A client, and how strongly it is known to be that client. */
export interface AuthenticatedClient extends Client {
  /** `appidacr`: "0" nothing was presented, "1" a secret, "2" a certificate or federated credential. */
  readonly strength: "0" | "1" | "2";
}

/** What a client presented, before anything is checked. */
export interface PresentedClient {
  readonly clientId: string;
  readonly secret: string | undefined;
  /** The secret of a Basic header as it stands there, where decoding changes it. */
  readonly undecodedSecret: string | undefined;
  readonly assertion: string | undefined;
  readonly hasAssertionType: boolean;
}

const JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/**
 * Reads client id and credentials from form and Basic header.
 *
 * @param form - fields of the request
 * @param request - the request
 * @returns what was presented
 * @throws {RefusedError} 900144 without a client id, 7000110 with two different ones
 */
export function readPresentedClient(form: Form, request: EmulatorRequest): PresentedClient {
  const basic = readBasic(request.headers.authorization);
  const assertion = form["client_assertion"];
  const clientId = form["client_id"] ?? basic?.clientId ?? clientIdOfAssertion(assertion);
  if (clientId === undefined) throw refused(900144, { name: "client_id" });
  if (basic !== undefined && !sameIdentifier(basic.clientId, clientId)) throw refused(7000110);
  return {
    clientId,
    secret: form["client_secret"] ?? basic?.secret,
    undecodedSecret: basic?.undecodedSecret,
    assertion,
    hasAssertionType: form["client_assertion_type"] === JWT_BEARER,
  };
}

/**
 * Authenticates the client of a token request.
 *
 * @param presented - what the client presented
 * @param tenant - the tenant that issues the token
 * @param segment - tenant segment of the path as sent
 * @param request - the request
 * @param context - the emulator
 * @returns the client; strength "0" when it presented nothing
 * @throws {RefusedError} with the number of the first rule that is broken
 */
export async function authenticateClient(
  presented: PresentedClient,
  tenant: Tenant,
  segment: string,
  request: EmulatorRequest,
  context: EntraContext,
): Promise<AuthenticatedClient> {
  const client = findClient(presented.clientId, tenant, context);
  const { secret, assertion } = presented;
  if (secret !== undefined && assertion !== undefined) throw refused(9002324);
  if (secret !== undefined) {
    checkSecret(presented, client, context);
    return withStrength(client, "1");
  }
  if (assertion === undefined) return withStrength(client, "0");
  if (!presented.hasAssertionType) throw refused(7000218);
  const parts = readAssertion(assertion);
  if ("code" in parts) throw refused(parts.code);
  // Spelled out: spreading one object into another is by far the slowest step of the whole check.
  const assertionCase: AssertionCase = {
    header: parts.header,
    claims: parts.claims,
    signingInput: parts.signingInput,
    signature: parts.signature,
    client,
    origin: request.origin,
    host: request.host,
    segment,
    context,
  };
  refuse(firstRefusal(HEADER_CHECKS, assertionCase));
  if (isForeign(parts, client)) {
    const { checkFederatedAssertion } = await import("./federated-assertion.ts");
    refuse(await checkFederatedAssertion(assertionCase));
  } else {
    refuse(firstRefusal(OWN_ASSERTION_CHECKS, assertionCase));
  }
  return withStrength(client, "2");
}

function withStrength(
  { tenant, application, servicePrincipal }: Client,
  strength: AuthenticatedClient["strength"],
): AuthenticatedClient {
  return { tenant, application, servicePrincipal, strength };
}

function refuse(refusal: { code: number } | undefined): void {
  if (refusal === undefined) return;
  const { code, ...more } = refusal;
  throw refused(code, (more as { values?: Record<string, string> }).values, more);
}

/** An assertion of another issuer names that issuer's address where an own one names the client id. */
function isForeign({ claims }: Assertion, { application }: Client): boolean {
  const issuer = claims["iss"];
  if (typeof issuer !== "string" || sameIdentifier(issuer, application.appId)) return false;
  return /^https?:\/\//i.test(issuer);
}

function checkSecret(
  { secret, undecodedSecret }: PresentedClient,
  { application, servicePrincipal }: Client,
  context: EntraContext,
): void {
  const digests = [secret, undecodedSecret].flatMap((text) =>
    text === undefined ? [] : [createHash("sha256").update(text).digest()],
  );
  const matches = ({ secretSha256 }: PasswordCredential): boolean =>
    digests.some((digest) => timingSafeEqual(Buffer.from(secretSha256, "hex"), digest));
  const credential = application.passwordCredentials.find(matches);
  if (credential === undefined) {
    if (servicePrincipal.passwordCredentials.some(matches)) throw refused(7002104);
    throw refused(7000215, { identifier: application.appId });
  }
  const nowMs = context.clock.nowMs();
  if (nowMs > credential.endAtMs) throw refused(7000222, { identifier: application.appId });
  if (nowMs < credential.startAtMs) throw refused(7000215, { identifier: application.appId });
}

function clientIdOfAssertion(assertion: string | undefined): string | undefined {
  if (assertion === undefined) return undefined;
  const parts = readAssertion(assertion);
  const subject = "code" in parts ? undefined : parts.claims["sub"];
  return typeof subject === "string" && subject !== "" ? subject : undefined;
}

/**
 * Both halves ought to be form-encoded; the libraries for Python, Ruby and PHP send them as they are. An empty secret
 * is that of a public client.
 *
 * @see RFC 6749 §2.3.1
 */
function readBasic(
  authorization: string | undefined,
): { clientId: string; secret: string | undefined; undecodedSecret: string | undefined } | undefined {
  const match = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(authorization ?? "");
  if (match === null) return undefined;
  const text = Buffer.from(match[1] ?? "", "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 1) return undefined;
  const sent = text.slice(colon + 1);
  const secret = sent === "" ? undefined : formDecode(sent);
  const undecodedSecret = secret === sent ? undefined : sent || undefined;
  return { clientId: formDecode(text.slice(0, colon)), secret, undecodedSecret };
}

function formDecode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
