/** Unmodified client libraries with what this package gives them; run with NODE_EXTRA_CA_CERTS, prints JSON. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Client } from "@microsoft/microsoft-graph-client";
import { TokenCredentialAuthenticationProvider } from "@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js";
import { readCredentialFile } from "@nightlatch/credential";
import { createTransport, entraClientAuth, NightlatchCredential } from "@nightlatch/oauth";
import * as oauth from "oauth4webapi";
import * as oidc from "openid-client";

interface Settings {
  readonly tenantId: string;
  readonly clientId: string;
  readonly authorityHost: string;
  readonly folder: string;
}

const settings = JSON.parse(process.argv[2] ?? "") as Settings;
const { tenantId, clientId, authorityHost, folder } = settings;
const scope = "https://graph.microsoft.com/.default";
const certificate = await readCredentialFile(join(folder, "credential.pem"));
const issuer = new URL(`${authorityHost}/${tenantId}/v2.0`);

async function byOauth4webapi(algorithm: "PS256" | "RS256") {
  const response = await oauth.discoveryRequest(issuer);
  const as = await oauth.processDiscoveryResponse(issuer, response);
  const client = { client_id: clientId };
  const authenticate = entraClientAuth(certificate, { algorithm });
  const answer = await oauth.clientCredentialsGrantRequest(as, client, authenticate, { scope });
  return (await oauth.processClientCredentialsResponse(as, client, answer)).access_token;
}

/** The library's own `private_key_jwt` names no certificate: what entraClientAuth is there for. */
async function byPrivateKeyJwt() {
  const as = { issuer: issuer.href, token_endpoint: `${authorityHost}/${tenantId}/oauth2/v2.0/token` };
  const { createPrivateKey } = await import("node:crypto");
  const pkcs8 = createPrivateKey(readFileSync(join(folder, "credential.pem"))).export({
    type: "pkcs8",
    format: "der",
  });
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, { name: "RSA-PSS", hash: "SHA-256" }, false, [
    "sign",
  ]);
  const answer = await oauth.clientCredentialsGrantRequest(
    as,
    { client_id: clientId },
    oauth.PrivateKeyJwt(key),
    { scope },
  );
  return (await answer.json()) as { error_codes: number[] };
}

async function byOpenidClient() {
  const config = await oidc.discovery(issuer, clientId, undefined, entraClientAuth(certificate));
  return (await oidc.clientCredentialsGrant(config, { scope })).access_token;
}

async function byGraphClient() {
  const transport = createTransport({ ca: readFileSync(join(folder, "ca.pem"), "utf8"), proxy: false });
  const credential = new NightlatchCredential({ tenantId, clientId, authorityHost, certificate, transport });
  const authProvider = new TokenCredentialAuthenticationProvider(credential, { scopes: [scope] });
  const client = Client.initWithMiddleware({
    authProvider,
    baseUrl: authorityHost,
    customHosts: new Set(["localhost"]),
  });
  return (await client.api("/users/room-12@school.example/calendar").get()) as { name: string };
}

console.log(
  JSON.stringify({
    oauth4webapi: [await byOauth4webapi("PS256"), await byOauth4webapi("RS256")],
    openidClient: await byOpenidClient(),
    privateKeyJwt: (await byPrivateKeyJwt()).error_codes,
    graph: (await byGraphClient()).name,
  }),
);
