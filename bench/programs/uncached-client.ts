/**
 * Races clients that ask a local token endpoint for a new token at every call. A process of its own, because msal-node
 * trusts a local certificate only by `NODE_EXTRA_CA_CERTS`.
 */
import { readFileSync } from "node:fs";
import { ConfidentialClientApplication } from "@azure/msal-node";
import { readCredentialFile } from "@nightlatch/credential";
import {
  createConfidentialClient,
  createTransport,
  NightlatchCredential,
  requestTokenByClientCredentials,
} from "@nightlatch/oauth";
import { createHttpsClient, FORM } from "../https.ts";
import { race, type Speed } from "../measure.ts";
import { CLIENT_ID, SCOPE, tenantOf } from "../msal.ts";

/** What the program says. */
export interface UncachedFigures {
  readonly speeds: Readonly<Record<"floor" | "nightlatch" | "msal", Speed>>;
  readonly requestsForConcurrentMisses: number;
}

const [origin = "", credentialPath = "", keyPath = ""] = process.argv.slice(2);
const ca = readFileSync(process.env["NODE_EXTRA_CA_CERTS"] ?? "", "utf8");
const certificate = await readCredentialFile(credentialPath);
const transport = createTransport({ ca, proxy: false });
const identity = {
  tenantId: tenantOf(1),
  clientId: CLIENT_ID,
  authorityHost: origin,
  transport,
  certificate,
};
const bare = createHttpsClient(ca);
const client = createConfidentialClient(identity);
const application = new ConfidentialClientApplication({
  auth: {
    clientId: CLIENT_ID,
    authority: `${origin}/${tenantOf(1)}`,
    knownAuthorities: [new URL(origin).host],
    authorityMetadata: discovery(),
    clientCertificate: {
      thumbprintSha256: certificate.certificate.thumbprintSha256.hex,
      privateKey: readFileSync(keyPath, "utf8"),
    },
  },
});
const form = new URLSearchParams({
  grant_type: "client_credentials",
  client_id: CLIENT_ID,
  scope: SCOPE,
  client_assertion: "a".repeat(700),
}).toString();

const requestCount = async (): Promise<number> => Number((await bare.send("GET", `${origin}/count`)).text);
const before = await requestCount();
const credential = new NightlatchCredential(identity);
await Promise.all(Array.from({ length: 1_000 }, () => credential.getToken(SCOPE)));
const requestsForConcurrentMisses = (await requestCount()) - before;

const endpoint = `${origin}/${tenantOf(1)}/oauth2/v2.0/token`;
const speeds = await race(
  [
    { name: "floor", lanes: 16, fn: () => bare.send("POST", endpoint, { headers: FORM, body: form }) },
    { name: "nightlatch", lanes: 16, fn: () => requestTokenByClientCredentials(client, { scope: SCOPE }) },
    {
      name: "msal",
      lanes: 16,
      fn: () => application.acquireTokenByClientCredential({ scopes: [SCOPE], skipCache: true }),
    },
  ],
  { rounds: 8, roundMs: 400 },
);
process.send?.({ speeds, requestsForConcurrentMisses } satisfies UncachedFigures, () => process.exit());

/** Saves msal-node a request that the local endpoint does not answer. */
function discovery(): string {
  const base = `${origin}/${tenantOf(1)}`;
  return JSON.stringify({
    issuer: `${base}/v2.0`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
  });
}
