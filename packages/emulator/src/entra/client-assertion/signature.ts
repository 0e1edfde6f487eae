/** Rules for the key of an assertion: found, in date, fit for the algorithm, and the signer's. */

import type { Refusal } from "../aadsts.ts";
import { type RegisteredKey, registeredKey } from "../registered-key.ts";
import type { AssertionCase, AssertionCheck } from "./check.ts";
import { checkSubjectNameIssuer } from "./subject-name-issuer.ts";
import { isSignedBy, refuseUnfitKey } from "./verify.ts";

/** The key that the header names must be registered, in date, and have made the signature (AADSTS700027). */
export const checkSignature: AssertionCheck = (assertion) => {
  const key = findKey(assertion);
  if (key === undefined) return refuseUnknownKey(assertion);
  const nowMs = assertion.context.clock.nowMs();
  const { startAtMs, endAtMs } = key.credential;
  if (nowMs < startAtMs || nowMs > endAtMs) return refuseKey(assertion, "The key used is expired.", key);
  if (nowMs < key.notBeforeMs || nowMs > key.notAfterMs) return { code: 1000502 };
  const unfit = refuseUnfitKey(key.publicKey);
  if (unfit !== undefined) return unfit;
  if (isSignedBy(assertion, key.publicKey)) return undefined;
  const isClassic = assertion.context.settings.errorStyle === "classic";
  return refuseKey(
    assertion,
    isClassic
      ? "The provided signature value did not match the expected signature value."
      : "Key was found, but use of the key to verify the signature failed.",
    key,
  );
};

function findKey({ header, client }: AssertionCase): RegisteredKey | undefined {
  const sha256Hex = decodeHex(header["x5t#S256"]);
  const sha1Hex = decodeHex(header["x5t"]);
  const kid = header["kid"];
  for (const credentials of [client.application.keyCredentials, client.servicePrincipal.keyCredentials]) {
    for (const credential of credentials) {
      const key = registeredKey(credential);
      if (key === undefined) continue;
      if (sha256Hex === key.sha256Hex || sha1Hex === key.sha1Hex || isNamedBy(kid, key)) return key;
    }
  }
  return undefined;
}

/** What `kid` must hold is not documented; libraries send the SHA-1 thumbprint as hex or base64url. */
function isNamedBy(kid: unknown, key: RegisteredKey): boolean {
  if (typeof kid !== "string" || kid === "") return false;
  const name = kid.toLowerCase().replaceAll(":", "");
  if (name === key.sha1Hex || name === key.sha256Hex || name === key.credential.keyId.toLowerCase())
    return true;
  const hex = decodeHex(kid);
  return hex === key.sha1Hex || hex === key.sha256Hex;
}

/** Padding and the plain base64 alphabet are tolerated, as the recipes of 2016 and 2019 rely on. */
function decodeHex(base64url: unknown): string | undefined {
  if (typeof base64url !== "string" || !/^[A-Za-z0-9_\-+/]+={0,2}$/.test(base64url)) return undefined;
  return Buffer.from(base64url, "base64url").toString("hex");
}

function refuseUnknownKey(assertion: AssertionCase): Refusal | undefined {
  const { header, client, context } = assertion;
  if (header["x5c"] !== undefined) return checkSubjectNameIssuer(assertion);
  const hasKeys =
    client.application.keyCredentials.length + client.servicePrincipal.keyCredentials.length > 0;
  if (!hasKeys) return { code: 700026 };
  const thumbprint = decodeHex(header["x5t"])?.toUpperCase();
  const refusal = refuseKey(assertion, "The key was not found.", undefined, thumbprint);
  if (context.settings.errorStyle === "classic") return refusal;
  return { ...refusal, text: NOT_REGISTERED_TEXT };
}

/** Wording since January 2025, seen only when the key was not found. */
const NOT_REGISTERED_TEXT =
  "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - {reason}{, Thumbprint of key used by client: '{thumbprint}'}, Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '{appid}'. Review the documentation at https://docs.microsoft.com/en-us/graph/deployments to determine the corresponding service endpoint and https://docs.microsoft.com/en-us/graph/api/application-get?view=graph-rest-1.0&tabs=http to build a query request URL, such as 'https://graph.microsoft.com/beta/applications/{appid}']. Alternatively, SNI may be configured on the app. Please ensure that client assertion is being sent with the x5c claim in the JWT header using MSAL's WithSendX5C() method so that Azure Active Directory can validate the certificate being used.";

function refuseKey(
  { client }: AssertionCase,
  reason: string,
  found: RegisteredKey | undefined,
  thumbprint?: string,
): Refusal {
  return {
    code: 700027,
    values: {
      reason,
      thumbprint,
      start: found === undefined ? undefined : formatDate(found.credential.startAtMs),
      end: found === undefined ? undefined : formatDate(found.credential.endAtMs),
      appid: client.application.appId,
    },
  };
}

/** `MM/dd/yyyy HH:mm:ss`, UTC. */
function formatDate(ms: number): string {
  const [date = "", time = ""] = new Date(ms).toISOString().split("T");
  const [year = "", month = "", day = ""] = date.split("-");
  return `${month}/${day}/${year} ${time.slice(0, 8)}`;
}
