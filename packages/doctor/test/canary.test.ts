/** What was pasted in confidence is not printed: canaries in every kind of input appear nowhere in the answer. */
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { explain, formatJson, formatText, maskText } from "../src/index.ts";
import { assertionClaims, CLIENT_ID, mintKey, part, signJwt, TENANT_ID, TOKEN_ENDPOINT } from "./samples.ts";

const NOW = new Date("2026-06-15T10:00:00Z");
const SECRET = "canary~Secret.123456789";
const CODE = "0.AXcanaryCodeCanaryCode";
const PASSPHRASE = "canary-passphrase";

test("explain() prints no secret of its inputs, whatever holds it", async () => {
  const key = await mintKey(NOW);
  const x5t = key.credential.certificate.thumbprintSha1.base64url;
  const assertion = signJwt(key.privateKey, { alg: "RS256", x5t }, assertionClaims(NOW, { aud: "wrong" }));
  const signature = assertion.split(".")[2] ?? "";
  const token = `${part({ alg: "RS256", typ: "JWT" })}.${part({ iss: `https://sts.windows.net/${TENANT_ID}/`, aud: "https://graph.microsoft.com", appid: CLIENT_ID, exp: 1 })}.${"canaryTokenSignature".repeat(5)}`;
  const keyBody = key.privateKeyPem.split("\n")[3] ?? "";
  const form = new URLSearchParams({
    grant_type: "authorization_code",
    code: CODE,
    client_id: CLIENT_ID,
    client_secret: SECRET,
    client_assertion: assertion,
    refresh_token: `${CODE}R`,
  }).toString();
  const inputs = [
    form,
    `POST ${TOKEN_ENDPOINT} HTTP/1.1\nAuthorization: Basic ${Buffer.from(`${CLIENT_ID}:${SECRET}`).toString("base64")}\n\n${form}`,
    `curl -u '${CLIENT_ID}:${SECRET}' -d '${form}' ${TOKEN_ENDPOINT}`,
    `grant_type = client_credentials\nclient_secret = ${SECRET}\nclient_assertion = ${assertion}`,
    JSON.stringify({ grant_type: "client_credentials", client_id: CLIENT_ID, client_secret: SECRET }),
    JSON.stringify({ appId: CLIENT_ID, passwordCredentials: [{ secretText: SECRET }], keyCredentials: [] }),
    JSON.stringify({ access_token: token, refresh_token: `${CODE}R`, token_type: "Bearer" }),
    `GET https://graph.microsoft.com/v1.0/me HTTP/1.1\nAuthorization: Bearer ${token}\n\nHTTP/1.1 401 Unauthorized\n\n{"error":{"code":"InvalidAuthenticationToken","message":"${token}"}}`,
    `GET https://graph.microsoft.com/v1.0/users HTTP/1.1\nAuthorization: Bearer ${CODE}`,
    assertion,
    token,
    key.privateKeyPem,
    key.privateKeyPem.replace(/\n/g, "\\n"),
    JSON.stringify({
      keyCredentials: [{ type: "AsymmetricX509Cert", usage: "Verify", value: key.privateKeyPem }],
    }),
    `Error: secretOrPrivateKey must be an asymmetric key\n${key.privateKeyPem}`,
    `AADSTS7000215: Invalid client secret provided. client_secret=${SECRET}&code=${CODE}`,
    `AADSTS700027: x [Reason - The key was not found.] client_assertion=${assertion}`,
  ];
  inputs.push(
    `import requests\nr = requests.post(url, json={"grant_type": "client_credentials", "client_secret": "${SECRET}"})`,
    `const cca = new ConfidentialClientApplication({ auth: { clientSecret: "${SECRET}", authority: "https://login.microsoftonline.com/common" } });\nawait cca.acquireTokenByClientCredential({ scopes: ["User.Read"] });`,
    `var credential = new ClientSecretCredential(tenantId, clientId, "${SECRET}"); await graphClient.Me.GetAsync(); const s = 1;`,
    `var app = ConfidentialClientApplicationBuilder.Create(id).WithClientSecret("${SECRET}").Build(); var service = new ExchangeService();`,
    `const clientAssertion = "${assertion}"; jwt.sign(x, k, { algorithm: "HS256" }); client_assertion`,
    `curl ${TOKEN_ENDPOINT} --json '{"grant_type":"client_credentials","client_secret":"${SECRET}"}'`,
    `curl ${TOKEN_ENDPOINT} -F 'grant_type="client_credentials"' -F 'client_secret="${SECRET}"'`,
    `curl ^"${TOKEN_ENDPOINT}^" ^\r\n --data-raw ^"grant_type=client_credentials^&client_secret=${SECRET}^"`,
    JSON.stringify({
      request: {
        method: "POST",
        url: { raw: TOKEN_ENDPOINT },
        body: { mode: "urlencoded", urlencoded: [{ key: "client_secret", value: SECRET }] },
      },
    }),
    `failed to fetch https://feed.example/?client_secret=${SECRET}\nfound 0 events\ndeleted 5 events`,
    Buffer.from(key.privateKeyPem).toString("base64"),
  );
  const canaries = [
    SECRET,
    encodeURIComponent(SECRET),
    CODE,
    PASSPHRASE,
    signature,
    "canaryTokenSignature",
    keyBody,
    Buffer.from(`${CLIENT_ID}:${SECRET}`).toString("base64"),
  ];
  const groups = [...inputs.map((input) => [input]), inputs];
  for (const group of groups) {
    const explanation = await explain(
      group.map((content) => ({ content })),
      { now: NOW, passphrase: PASSPHRASE },
    );
    const printed = [
      formatText(explanation),
      formatJson(explanation),
      inspect(explanation, { depth: 20 }),
    ].join("\n");
    for (const canary of canaries) {
      expect(
        printed.includes(canary),
        `${canary.slice(0, 12)}… in the answer to ${group[0]?.slice(0, 60)}`,
      ).toBe(false);
    }
  }
});

test("maskText() hides signatures, secrets and keys, and leaves claims", () => {
  const text = maskText(`client_secret=${SECRET}&x=1 eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4In0.c2lnbmF0dXJl`);
  expect(text).not.toContain(SECRET);
  expect(text).not.toContain("c2lnbmF0dXJl");
  expect(text).toContain("eyJpc3MiOiJ4In0");
});
