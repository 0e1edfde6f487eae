/** Everything this package reads from the network or a file: it is taken or refused with a code, and in time. */
import { createPublicKey, verify } from "node:crypto";
import { inspect } from "node:util";
import { parseCompactJws } from "@nightlatch/credential/assertion";
import fc from "fast-check";
import { describe, expect } from "vitest";
import { describeFuzzing, mutated, readCorpus } from "../../../credential/test/fuzz/fuzzing.ts";
import { mergeClaims, parseClaimsChallenge } from "../../src/claims-challenge.ts";
import { processTokenResponse } from "../../src/entra/token-response.ts";
import { oauthError } from "../../src/errors.ts";
import { inspectAccessToken } from "../../src/inspect-access-token.ts";
import { createSeal } from "../../src/token-cache/seal.ts";
import { ReceivedResponse } from "../../src/transport/response.ts";

const folder = new URL("./", import.meta.url);
const file = (name: string): Buffer => readCorpus(folder, name);
const worthless = new URL("../../../credential/test/fuzz/", import.meta.url);
const publicKey = createPublicKey(readCorpus(worthless, "certificate.pem"));
const token = file("access-token.jwt").toString("latin1");
const original = parseCompactJws(token);
const secret = "canary-7f3a of the fuzz";
const seal = await createSeal({ clientSecret: secret });
const stored = { token, expiresOnTimestamp: 2, refreshAfterTimestamp: 1 };
const sealed = seal.close("key", stored);

/** A grant is usable as it is; neither it nor a refusal shows a token or a secret that was sent. */
function readAnswer(status: number): (input: Buffer) => void {
  return (input) => {
    const response = new ReceivedResponse(status, { "content-type": "application/json" }, input);
    try {
      const granted = processTokenResponse(response, { secrets: [secret] });
      expect(status).toBe(200);
      // What a header can carry: nothing that ends a line.
      expect(granted.accessToken).toMatch(/^[\x21-\x7e]+$/);
      expect(granted.expiresInSeconds).toBeGreaterThan(0);
      expect(Number.isFinite(granted.expiresInSeconds)).toBe(true);
      expect(granted.tokenType).toBe("Bearer");
      if (granted.accessToken.length > 20)
        expect(inspect(granted) + JSON.stringify(granted)).not.toContain(granted.accessToken);
    } catch (error) {
      expect(inspect(error, { depth: 9 }) + JSON.stringify(error)).not.toContain(token);
      throw error;
    }
  };
}

/** Members have the types that they promise, whatever the claims; only the token itself verifies. */
function readToken(input: Buffer): void {
  const text = input.toString("latin1");
  const seen = inspectAccessToken(text, { now: new Date("2030-01-01T00:00:00Z") });
  expect(seen.verified).toBe(false);
  expect([undefined, "none", "secret", "certificate"]).toContain(seen.clientAuthentication);
  for (const claim of [seen.audience, seen.issuer, seen.tenantId, seen.clientId, seen.objectId, seen.version])
    expect(["string", "undefined"]).toContain(typeof claim);
  for (const time of [seen.expiresAt, seen.issuedAt, seen.notBefore])
    expect(time === undefined || !Number.isNaN(time.getTime())).toBe(true);
  const { signingInput, signature } = parseCompactJws(text.trim());
  const same =
    Buffer.from(signingInput).equals(original.signingInput) &&
    Buffer.from(signature).equals(original.signature);
  expect(verify("sha256", signingInput, publicKey, signature)).toBe(same);
}

/** Claims that are found are an object, and can be asked for. */
function readChallenge(input: Buffer): void {
  const claims = parseClaimsChallenge(input.toString("latin1"));
  if (claims !== undefined)
    expect(JSON.parse(mergeClaims(claims, ["cp1"]) ?? "")).toHaveProperty("access_token");
}

/** Opens what was sealed, and nothing else. */
function openSealed(input: Buffer): void {
  const opened = seal.open("key", input);
  expect(opened).toEqual(input.equals(sealed) ? stored : undefined);
  expect(seal.open("other key", input)).toBeUndefined();
  if (opened === undefined) throw oauthError("OAUTH_CACHE_UNUSABLE", "Not opened");
}

const members = {
  access_token: fc.oneof(fc.constant(token), fc.string({ unit: "binary" }), fc.jsonValue()),
  token_type: fc.oneof(fc.constantFrom("Bearer", "bearer", "pop"), fc.jsonValue()),
  expires_in: fc.oneof(fc.integer(), fc.double(), fc.integer().map(String), fc.jsonValue()),
  refresh_in: fc.oneof(fc.integer(), fc.jsonValue()),
  error: fc.oneof(fc.constant("invalid_client"), fc.jsonValue()),
  error_codes: fc.oneof(fc.array(fc.oneof(fc.integer(), fc.string())), fc.jsonValue()),
  error_description: fc.oneof(fc.string({ unit: "binary" }), fc.jsonValue()),
  claims: fc.jsonValue(),
};
const answers = fc
  .record(members, { requiredKeys: [] })
  .map((body) => Buffer.from(JSON.stringify(body) ?? "", "utf8"));
const payload = fc
  .dictionary(
    fc.constantFrom(
      "aud",
      "iss",
      "exp",
      "iat",
      "nbf",
      "roles",
      "scp",
      "appidacr",
      "azpacr",
      "__proto__",
      "oid",
    ),
    fc.oneof(fc.constantFrom("0", "2", "constructor", "__proto__"), fc.double(), fc.jsonValue()),
  )
  .map((claims) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.`);
const word = fc.constantFrom(
  ...'Bearer|error="insufficient_claims"|insufficient_claims|claims="e30="|claims=|,| |"|\\|=|PoP|a=b'.split(
    "|",
  ),
);
const grants = ["grant-v1.body", "grant-v2.body", "grant-with-mark.body"].map(file);
const refusals = ["refusal.body", "refusal-classic.body", "refusal-quotes-tokens.body"].map(file);

describe("fuzz", () => {
  describeFuzzing(
    folder,
    {
      "processTokenResponse() of a 200": readAnswer(200),
      "processTokenResponse() of a 400": readAnswer(400),
      "inspectAccessToken()": readToken,
      "parseClaimsChallenge()": readChallenge,
      "open() of a seal": openSealed,
    },
    {
      "mutated grants": { parser: "processTokenResponse() of a 200", runs: 600, inputs: mutated(...grants) },
      "shapes of answers": { parser: "processTokenResponse() of a 200", runs: 500, inputs: answers },
      "mutated refusals": {
        parser: "processTokenResponse() of a 400",
        runs: 500,
        inputs: mutated(...refusals),
      },
      "shapes of refusals": { parser: "processTokenResponse() of a 400", runs: 300, inputs: answers },
      "mutated access tokens": {
        parser: "inspectAccessToken()",
        runs: 600,
        inputs: mutated(file("access-token.jwt")),
      },
      "shapes of claims": {
        parser: "inspectAccessToken()",
        runs: 500,
        inputs: payload.map((text) => Buffer.from(text, "latin1")),
      },
      "mutated seals": { parser: "open() of a seal", runs: 400, inputs: mutated(sealed) },
      "mutated challenges": {
        parser: "parseClaimsChallenge()",
        runs: 400,
        inputs: mutated(...["claims.challenge", "two-schemes.challenge"].map(file)),
      },
      "shapes of challenges": {
        parser: "parseClaimsChallenge()",
        runs: 400,
        inputs: fc.array(word, { maxLength: 14 }).map((words) => Buffer.from(words.join(""), "latin1")),
      },
    },
  );
});
