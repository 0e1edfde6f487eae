/**
 * A token endpoint with as little in it as there can be, on bare `node:https`; says where it listens.
 *
 * `WORK=fixed` answers the same token to everybody. `WORK=verify-sign` verifies the RS256 or PS256 signature of the
 * assertion, reads for whom and until when it is, and signs the token: the physical limit of an issuer.
 */
import { constants, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";

const { CERTIFICATE_PEM = "", KEY_PEM = "", CLIENT_PUBLIC_KEY_PEM = "", WORK = "fixed" } = process.env;
const fixedAnswer = JSON.stringify({
  token_type: "Bearer",
  expires_in: 3599,
  ext_expires_in: 3599,
  access_token: "t".repeat(1400),
});
const issuer = generateKeyPairSync("rsa", { modulusLength: 2048 });
const header = Buffer.from(JSON.stringify({ typ: "JWT", alg: "RS256", kid: "bench" })).toString("base64url");
const clientKey = CLIENT_PUBLIC_KEY_PEM === "" ? undefined : createPublicKey(CLIENT_PUBLIC_KEY_PEM);
let requestCount = 0;

function verifyAndSign(form: string): string {
  const fields = new URLSearchParams(form);
  const assertion = fields.get("client_assertion") ?? "";
  const dot = assertion.lastIndexOf(".");
  const key = { key: clientKey as never, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  const signature = Buffer.from(assertion.slice(dot + 1), "base64url");
  if (!verify("sha256", Buffer.from(assertion.slice(0, dot)), key, signature))
    return '{"error":"invalid_client"}';
  const now = Math.floor(Date.now() / 1000);
  const proven = JSON.parse(
    Buffer.from(assertion.slice(assertion.indexOf(".") + 1, dot), "base64url").toString(),
  ) as { iss: string; exp: number };
  if (proven.iss !== fields.get("client_id") || proven.exp < now) return '{"error":"invalid_client"}';
  const claims = {
    aud: fields.get("scope"),
    sub: fields.get("client_id"),
    iat: now,
    nbf: now,
    exp: now + 3599,
  };
  const input = `${header}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
  const proof = sign("sha256", Buffer.from(input), issuer.privateKey).toString("base64url");
  return JSON.stringify({ token_type: "Bearer", expires_in: 3599, access_token: `${input}.${proof}` });
}

const server = createServer({ cert: CERTIFICATE_PEM, key: KEY_PEM, keepAlive: true }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.once("end", () => {
    if (request.url === "/count") return response.end(String(requestCount));
    requestCount += 1;
    const text = WORK === "fixed" ? fixedAnswer : verifyAndSign(Buffer.concat(chunks).toString());
    response.writeHead(200, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(text),
    });
    response.end(text);
  });
});
server.listen(0, "127.0.0.1", () => {
  process.send?.(`https://localhost:${(server.address() as AddressInfo).port}`);
});
process.once("disconnect", () => process.exit());
