/**
 * The proof of possession that `addKey` and `removeKey` ask for: a JWT signed with a certificate that the object
 * already has.
 *
 * @see https://learn.microsoft.com/graph/application-rollkey-prooftoken
 */
import { constants, verify } from "node:crypto";
import type { KeyCredential } from "../../directory/directory.ts";
import { type RegisteredKey, registeredKey } from "../../entra/registered-key.ts";

/** The one audience that a proof may have. */
const PROOF_AUDIENCE = "00000002-0000-0000-c000-000000000000";
const LONGEST_LIFE_SECONDS = 600;
/** Clocks differ. */
const SKEW_SECONDS = 300;

/**
 * Checks a proof.
 *
 * @param proof - compact JWS as it was sent
 * @param object - object id of the application or service principal, and its certificates
 * @param nowMs - milliseconds since 1970 UTC
 * @returns `undefined` when the proof holds; otherwise why not, for the log of the emulator only
 */
export function refuseProof(
  proof: unknown,
  object: { readonly id: string; readonly keyCredentials: readonly KeyCredential[] },
  nowMs: number,
): string | undefined {
  if (typeof proof !== "string" || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(proof))
    return "the proof is not three parts of base64url without padding";
  const [head = "", payload = "", signature = ""] = proof.split(".");
  const header = decode(head);
  const claims = decode(payload);
  if (header === undefined || claims === undefined)
    return "header or payload of the proof is not a JSON object";
  const valid = object.keyCredentials
    .filter((credential) => credential.startAtMs <= nowMs && nowMs < credential.endAtMs)
    .flatMap((credential) => registeredKey(credential) ?? []);
  if (valid.length === 0) return "the object has no certificate that is valid now";
  const key = valid.find((candidate) => isNamed(candidate, header));
  if (key === undefined) return "neither x5t, x5t#S256 nor kid of the proof names a valid certificate";
  return (
    refuseClaims(claims, object.id, nowMs / 1000) ??
    refuseSignature(header["alg"], key, `${head}.${payload}`, signature)
  );
}

function refuseClaims(
  claims: Readonly<Record<string, unknown>>,
  objectId: string,
  nowSeconds: number,
): string | undefined {
  const { aud, iss, nbf, exp } = claims;
  if (aud !== PROOF_AUDIENCE) return `aud is ${JSON.stringify(aud)}, wanted ${PROOF_AUDIENCE}`;
  if (typeof iss !== "string" || iss.toLowerCase() !== objectId.toLowerCase())
    return `iss is ${JSON.stringify(iss)}, wanted the object id ${objectId} (not the application id)`;
  if (typeof nbf !== "number" || typeof exp !== "number") return "nbf or exp is missing";
  if (nbf > nowSeconds + SKEW_SECONDS) return "nbf lies in the future";
  if (exp <= nowSeconds) return "the proof has expired";
  if (exp > nbf + LONGEST_LIFE_SECONDS) return "exp is more than ten minutes after nbf";
  return undefined;
}

function refuseSignature(
  algorithm: unknown,
  key: RegisteredKey,
  input: string,
  signature: string,
): string | undefined {
  const padding =
    algorithm === "PS256"
      ? constants.RSA_PKCS1_PSS_PADDING
      : algorithm === "RS256"
        ? constants.RSA_PKCS1_PADDING
        : undefined;
  if (padding === undefined) return `alg is ${JSON.stringify(algorithm)}, wanted RS256 or PS256`;
  const options = { key: key.publicKey, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  const isGenuine = verify("sha256", Buffer.from(input), options, Buffer.from(signature, "base64url"));
  return isGenuine ? undefined : "the signature does not fit the certificate";
}

function isNamed(key: RegisteredKey, header: Readonly<Record<string, unknown>>): boolean {
  const toHex = (value: unknown): string | undefined =>
    typeof value === "string" ? Buffer.from(value, "base64url").toString("hex") : undefined;
  const { kid } = header;
  return (
    toHex(header["x5t#S256"]) === key.sha256Hex ||
    toHex(header["x5t"]) === key.sha1Hex ||
    (typeof kid === "string" && kid.toLowerCase() === key.sha1Hex) ||
    (typeof kid === "string" && toHex(kid) === key.sha1Hex)
  );
}

function decode(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
