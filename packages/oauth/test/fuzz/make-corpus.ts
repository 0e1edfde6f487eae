/**
 * Made the files of `corpus/` once: `node --import tsx packages/oauth/test/fuzz/make-corpus.ts`. Token-shaped texts in
 * them are made up; the signed one is signed by a key of `packages/credential/test/fuzz/corpus`, which is worthless.
 */
import { createPrivateKey, sign } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const keep = (name: string, data: string): void => {
  const path = new URL(`corpus/${name}`, import.meta.url);
  if (!existsSync(path)) writeFileSync(path, data);
};
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const worthless = new URL("../../../credential/test/fuzz/corpus/key-and-certificate.pem", import.meta.url);
const key = createPrivateKey(readFileSync(worthless));

// Access tokens.
const claims = {
  ...{
    aud: "https://graph.microsoft.com",
    iss: "https://sts.windows.net/00000000-0000-4000-8000-000000000001/",
  },
  ...{
    iat: 1_900_000_000,
    nbf: 1_900_000_000,
    exp: 1_900_003_599,
    appid: "11111111-2222-4333-8444-555555555555",
  },
  ...{
    appidacr: "2",
    roles: ["Calendars.ReadWrite"],
    tid: "00000000-0000-4000-8000-000000000001",
    ver: "1.0",
  },
};
const signed = (header: object, payload: object): string => {
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${sign("sha256", Buffer.from(input), key).toString("base64url")}`;
};
const token = signed({ typ: "JWT", alg: "RS256", kid: "worthless" }, claims);
keep("access-token.jwt", token);
keep("appidacr-is-constructor.jwt", `${part({})}.${part({ appidacr: "constructor", roles: "x" })}.`);
keep("times-without-end.jwt", `${part({ alg: 1 })}.${part({ exp: 1e308, iat: "Infinity", nbf: -1e20 })}.AA`);
keep("encrypted.jwt", "eyJhbGciOiJSU0EtT0FFUCJ9.a.b.c.d");
keep("with-bearer.jwt", `Bearer ${token}`);

// Answers of the token endpoint, body only.
const grant = { token_type: "Bearer", expires_in: 3599, ext_expires_in: 3599, access_token: token };
keep("grant-v2.body", JSON.stringify(grant));
keep(
  "grant-v1.body",
  JSON.stringify({
    ...grant,
    expires_in: "3599",
    expires_on: "1900003599",
    resource: "00000002-0000-0ff1-ce00-000000000000",
  }),
);
keep("grant-with-mark.body", `\uFEFF${JSON.stringify({ ...grant, refresh_in: 1800 })}`);
keep(
  "grant-twice.body",
  `{"access_token":"first","expires_in":1,"token_type":"Bearer","access_token":${JSON.stringify(token)}}`,
);
for (const [name, change] of Object.entries({
  "expires-in-1e400": '"expires_in":1e400',
  "expires-in-negative": '"expires_in":-1',
  "expires-in-hex": '"expires_in":"0x10"',
  "token-type-pop": '"token_type":"pop"',
  "token-with-line-end": '"access_token":"a\\r\\nX-Injected: 1"',
  "token-empty": '"access_token":""',
  "token-an-object": '"access_token":{"toString":1}',
}))
  keep(`grant-${name}.body`, `${JSON.stringify(grant).slice(0, -1)},${change}}`);
const trailer =
  "Trace ID: 11111111-aaaa-4bbb-8ccc-222222222222 Correlation ID: 33333333-dddd-4eee-8fff-444444444444 Timestamp: 2030-03-17 17:50:17Z";
const refusal = {
  error: "invalid_client",
  error_description: `AADSTS700027: The certificate with identifier used to sign the client assertion is not registered on application. ${trailer}`,
  ...{
    error_codes: [700027],
    timestamp: "2030-03-17 17:50:17Z",
    trace_id: "11111111-aaaa-4bbb-8ccc-222222222222",
  },
  ...{
    correlation_id: "33333333-dddd-4eee-8fff-444444444444",
    error_uri: "https://login.microsoftonline.com/error?code=700027",
  },
};
keep("refusal.body", JSON.stringify(refusal));
keep(
  "refusal-classic.body",
  JSON.stringify({
    ...refusal,
    error_description: refusal.error_description.replaceAll(/ (?=Trace|Corr|Time)/g, "\r\n"),
  }),
);
keep(
  "refusal-entities.body",
  JSON.stringify({ error: "x", error_description: "&#x110000;&#0;&#39;&amp;lt;&constructor;" }),
);
keep("refusal-codes-of-all-kinds.body", '{"error":"x","error_codes":[null,"7000215",{},1e400,-1,[50034]]}');
keep(
  "refusal-quotes-tokens.body",
  JSON.stringify({ error: "x", error_description: `bad ${token} and %3D${token}` }),
);
keep("proxy-page.body", "<html><body>403 Forbidden &mdash; eyJeyJeyJeyJ</body></html>");
keep("null.body", "null");
keep("array.body", "[1]");

// WWW-Authenticate.
const challenge = Buffer.from('{"access_token":{"nbf":{"essential":true,"value":"1900000000"}}}').toString(
  "base64",
);
keep(
  "claims.challenge",
  `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="${challenge}"`,
);
keep(
  "two-schemes.challenge",
  `PoP nonce=abc, Bearer client_id="0000", error="insufficient_claims", claims="${challenge}"`,
);
keep("claims-no-json.challenge", 'Bearer error="insufficient_claims", claims="AAAA"');
keep("prototype.challenge", 'Bearer __proto__="x", error="insufficient_claims", claims="bnVsbA=="');
keep("long-word.challenge", `${"a".repeat(16_000)}" insufficient_claims`);
keep("open-quote.challenge", `Bearer error="insufficient_claims${"\\".repeat(500)}`);
