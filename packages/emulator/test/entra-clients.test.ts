/** Unmodified client libraries and tools, each in a process of its own that trusts the emulator's CA. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningEmulator } from "../src/index.ts";
import { Browser } from "./entra-browser.ts";
import {
  DAEMON,
  makeCertificate,
  NATIVE,
  payloadOf,
  SECRET,
  schoolSeed,
  send,
  startSchool,
  TENANT,
  type TestCertificate,
  WEB,
} from "./entra-school.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../..", import.meta.url));

let daemon: TestCertificate;
let emulator: RunningEmulator;

beforeAll(async () => {
  daemon = makeCertificate("Timetable daemon");
  emulator = await startSchool(schoolSeed(daemon));
});

afterAll(() => emulator.close());

/** Runs a module in a fresh Node and gives back the JSON that it prints. */
async function node(
  source: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Record<string, unknown>> {
  const facts = {
    origin: emulator.origin,
    tenant: TENANT,
    daemon: DAEMON,
    web: WEB,
    native: NATIVE,
    secret: SECRET,
  };
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: tmpdir(),
    NODE_EXTRA_CA_CERTS: emulator.ca,
    FACTS: JSON.stringify({
      ...facts,
      cert: daemon.certificatePem,
      key: daemon.privateKeyPem,
      certPath: daemon.certificatePath,
      keyPath: daemon.privateKeyPath,
      sha1: daemon.sha1.toString("hex"),
      sha256: daemon.sha256.toString("hex"),
      x5t: daemon.sha1.toString("base64url"),
      x5tS256: daemon.sha256.toString("base64url"),
    }),
    ...environment,
  };
  const preamble =
    "const facts = JSON.parse(process.env.FACTS);\nconst print = (value) => console.log(JSON.stringify(value));\n";
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", preamble + source], {
    cwd: root,
    env,
  });
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe("@azure/msal-node", () => {
  const confidential = (credential: string): string => `
    import { ConfidentialClientApplication } from "@azure/msal-node";
    const app = new ConfidentialClientApplication({ auth: { clientId: facts.daemon, authority: facts.origin + "/" + facts.tenant, knownAuthorities: [new URL(facts.origin).host], ${credential} } });
    const { accessToken } = await app.acquireTokenByClientCredential({ scopes: ["https://graph.microsoft.com/.default"] });
    print({ accessToken });`;

  it("signs in with a certificate by SHA-256 thumbprint (PS256)", async () => {
    const result = await node(
      confidential("clientCertificate: { thumbprintSha256: facts.sha256, privateKey: facts.key }"),
    );
    expect(payloadOf(result["accessToken"])).toMatchObject({ appidacr: "2", roles: ["Calendars.ReadWrite"] });
  });

  it("signs in with a certificate by SHA-1 thumbprint and chain (RS256)", async () => {
    const result = await node(
      confidential("clientCertificate: { thumbprint: facts.sha1, privateKey: facts.key, x5c: facts.cert }"),
    );
    expect(payloadOf(result["accessToken"])["appidacr"]).toBe("2");
  });

  it("signs in with a secret", async () => {
    const result = await node(confidential("clientSecret: facts.secret"));
    expect(payloadOf(result["accessToken"])["appidacr"]).toBe("1");
  });

  it("gets a long-lived token when it can handle revocation", async () => {
    const source = confidential("clientSecret: facts.secret, clientCapabilities: ['cp1']");
    expect(payloadOf((await node(source))["accessToken"])["xms_cc"]).toEqual(["cp1"]);
  });

  it("reads the error's number", async () => {
    const result = await node(`
      import { ConfidentialClientApplication } from "@azure/msal-node";
      const app = new ConfidentialClientApplication({ auth: { clientId: facts.daemon, authority: facts.origin + "/" + facts.tenant, knownAuthorities: [new URL(facts.origin).host], clientSecret: "wrong" } });
      await app.acquireTokenByClientCredential({ scopes: ["https://graph.microsoft.com/.default"] }).catch(({ errorNo, errorCode, correlationId }) => print({ errorNo, errorCode, correlationId }));`);
    expect(result).toMatchObject({ errorNo: 7000215, errorCode: "invalid_client" });
    expect(result["correlationId"]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("signs a person in with a code and renews silently", async () => {
    const app = `
      import { PublicClientApplication, CryptoProvider } from "@azure/msal-node";
      const app = new PublicClientApplication({ auth: { clientId: facts.native, authority: facts.origin + "/" + facts.tenant, knownAuthorities: [new URL(facts.origin).host] } });
      const request = { scopes: ["User.Read"], redirectUri: "http://localhost:4321" };`;
    const begun = await node(`${app}
      const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
      print({ verifier, url: await app.getAuthCodeUrl({ ...request, codeChallenge: challenge, codeChallengeMethod: "S256" }) });`);
    const browser = new Browser(emulator);
    const consent = await browser.signIn(await browser.open(String(begun["url"])));
    const answer = await browser.submit(consent, { action: "accept" });
    const code = new URL(String(answer.headers["location"])).searchParams.get("code");
    const result = await node(`${app}
      const first = await app.acquireTokenByCode({ ...request, code: ${JSON.stringify(code)}, codeVerifier: ${JSON.stringify(begun["verifier"])} });
      const second = await app.acquireTokenSilent({ account: first.account, scopes: ["User.Read"], forceRefresh: true });
      print({ user: first.account.username, home: first.account.homeAccountId, fresh: second.accessToken !== first.accessToken, scopes: second.scopes });`);
    expect(result).toMatchObject({ user: "office@school.example", fresh: true });
    expect(result["home"]).toMatch(new RegExp(`\\.${TENANT}$`));
  });
});

describe("@azure/identity", () => {
  it("signs in with a certificate file, instance discovery off", async () => {
    const pem = join(temporaryDirectory("pem"), "both.pem");
    writeFileSync(pem, daemon.privateKeyPem + daemon.certificatePem, { mode: 0o600 });
    const result = await node(
      `import { ClientCertificateCredential } from "@azure/identity";
      const credential = new ClientCertificateCredential(facts.tenant, facts.daemon, { certificatePath: process.env.PEM }, { authorityHost: facts.origin, disableInstanceDiscovery: true });
      print(await credential.getToken("https://graph.microsoft.com/.default"));`,
      { PEM: pem },
    );
    expect(payloadOf(result["token"])).toMatchObject({ appidacr: "2", tid: TENANT });
  });

  it("knows nothing of the emulator behind the proxy, instance discovery on", async () => {
    const result = await node(
      `import { ClientSecretCredential } from "@azure/identity";
      const credential = new ClientSecretCredential(facts.tenant, facts.daemon, facts.secret);
      print(await credential.getToken("https://graph.microsoft.com/.default"));`,
      { HTTPS_PROXY: emulator.proxy },
    );
    expect(payloadOf(result["token"])["iss"]).toBe(`https://sts.windows.net/${TENANT}/`);
  });
});

describe("openid-client and oauth4webapi", () => {
  it("openid-client discovers, signs in with a certificate and validates an id token", async () => {
    const result = await node(`
      import * as client from "openid-client";
      import { importPKCS8 } from "jose";
      const key = await importPKCS8(facts.key, "RS256");
      const auth = client.PrivateKeyJwt(key, { [client.modifyAssertion]: (header) => { header.x5t = facts.x5t; } });
      const config = await client.discovery(new URL(facts.origin + "/" + facts.tenant + "/v2.0"), facts.daemon, undefined, auth);
      const tokens = await client.clientCredentialsGrant(config, { scope: "https://graph.microsoft.com/.default" });
      print({ token: tokens.access_token, issuer: config.serverMetadata().issuer });`);
    expect(payloadOf(result["token"])["appidacr"]).toBe("2");
    expect(result["issuer"]).toBe(`${emulator.origin}/${TENANT}/v2.0`);
  });

  it("openid-client takes the code flow to its end, id token validated", async () => {
    const setup = `
      import * as client from "openid-client";
      const config = await client.discovery(new URL(facts.origin + "/" + facts.tenant + "/v2.0"), facts.web, facts.secret);`;
    const begun = await node(`${setup}
      const verifier = client.randomPKCECodeVerifier(), nonce = client.randomNonce(), state = client.randomState();
      const url = client.buildAuthorizationUrl(config, { redirect_uri: "http://localhost/callback", scope: "openid profile User.Read", code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256", nonce, state });
      print({ url: url.href, verifier, nonce, state });`);
    const browser = new Browser(emulator);
    const consent = await browser.signIn(await browser.open(String(begun["url"])));
    const location = String((await browser.submit(consent, { action: "accept" })).headers["location"]);
    const result = await node(`${setup}
      const begun = ${JSON.stringify(begun)};
      const tokens = await client.authorizationCodeGrant(config, new URL(${JSON.stringify(location)}), { pkceCodeVerifier: begun.verifier, expectedNonce: begun.nonce, expectedState: begun.state });
      const claims = tokens.claims();
      const info = await client.fetchUserInfo(config, tokens.access_token, client.skipSubjectCheck);
      print({ ...claims, infoName: info.name });`);
    expect(result).toMatchObject({ preferred_username: "office@school.example", infoName: "School office" });
  });

  it("oauth4webapi authenticates with HTTP Basic", async () => {
    const result = await node(`
      import * as oauth from "oauth4webapi";
      const issuer = new URL(facts.origin + "/" + facts.tenant + "/v2.0");
      const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer));
      const client = { client_id: facts.daemon };
      const response = await oauth.clientCredentialsGrantRequest(as, client, oauth.ClientSecretBasic(facts.secret), new URLSearchParams({ scope: "https://graph.microsoft.com/.default" }));
      print(await oauth.processClientCredentialsResponse(as, client, response));`);
    expect(payloadOf(result["access_token"])["appidacr"]).toBe("1");
  });

  it("jose verifies a token with the published keys", async () => {
    const result = await node(`
      import { createRemoteJWKSet, jwtVerify } from "jose";
      const keys = createRemoteJWKSet(new URL(facts.origin + "/" + facts.tenant + "/discovery/v2.0/keys"));
      const body = new URLSearchParams({ grant_type: "client_credentials", client_id: facts.daemon, client_secret: facts.secret, scope: "https://graph.microsoft.com/.default" });
      const { access_token } = await (await fetch(facts.origin + "/" + facts.tenant + "/oauth2/v2.0/token", { method: "POST", body })).json();
      const { payload } = await jwtVerify(access_token, keys, { issuer: "https://sts.windows.net/" + facts.tenant + "/", audience: "https://graph.microsoft.com" });
      print(payload);`);
    expect(result["appid"]).toBe(DAEMON);
  });
});

describe("openssl and curl", () => {
  /** The recipe of 2016: shell, openssl, base64 thumbprint, v1 endpoint with resource and a stray scope. */
  it("sign in by shell alone, through the proxy under the real name", async () => {
    const script = `
      set -eu
      x5t=$(openssl x509 -in "$CERT" -fingerprint -sha1 -noout | sed 's/^.*=//; s/://g' | xxd -r -p | base64)
      url="https://login.microsoftonline.com/$TENANT/oauth2/token"
      now=$(date +%s)
      b64() { base64 -w0 | tr '+/' '-_' | tr -d '='; }
      header=$(printf '{"alg":"RS256","x5t":"%s"}' "$x5t" | b64)
      claims=$(printf '{"aud":"%s","iss":"%s","sub":"%s","jti":"%s","nbf":%s,"exp":%s}' "$url" "$APP" "$APP" "$APP" "$now" "$((now + 3600))" | b64)
      signature=$(printf '%s.%s' "$header" "$claims" | openssl dgst -sha256 -sign "$KEY" -binary | b64)
      curl --silent --show-error --fail-with-body --proxy "$PROXY" --cacert "$CA" "$url" \\
        --data-urlencode grant_type=client_credentials --data-urlencode "client_id=$APP" \\
        --data-urlencode resource=https://outlook.office365.com/ --data-urlencode scope=Group.ReadWrite.All \\
        --data-urlencode client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer \\
        --data-urlencode "client_assertion=$header.$claims.$signature"`;
    const env = {
      PATH: process.env["PATH"] ?? "",
      CERT: daemon.certificatePath,
      KEY: daemon.privateKeyPath,
      CA: emulator.ca,
      PROXY: emulator.proxy,
      TENANT,
      APP: DAEMON,
    };
    const { stdout } = await run("bash", ["-c", script], { env });
    const answer = JSON.parse(stdout) as Record<string, unknown>;
    expect(answer["resource"]).toBe("https://outlook.office365.com/");
    expect(payloadOf(answer["access_token"])).toMatchObject({
      aud: "https://outlook.office365.com/",
      appidacr: "2",
      roles: ["full_access_as_app"],
    });
  });

  it("openssl accepts the chain for the real names and for localhost", async () => {
    const { port } = new URL(emulator.origin);
    for (const name of [
      "localhost",
      "login.microsoftonline.com",
      "graph.microsoft.com",
      "outlook.office365.com",
    ]) {
      const { stdout } = await run("bash", [
        "-c",
        `openssl s_client -connect 127.0.0.1:${port} -servername ${name} -verify_hostname ${name} -verify_return_error -CAfile "${emulator.ca}" </dev/null 2>/dev/null | grep "Verify return code"`,
      ]);
      expect(stdout).toContain("Verify return code: 0 (ok)");
    }
  });
});

describe("Exchange's answer to tokens it does not take", () => {
  const call = async (token: string, path = "/EWS/Exchange.asmx") => {
    const { status, headers } = await send(emulator, path, { headers: { authorization: `Bearer ${token}` } });
    return {
      status,
      diagnostics: String(headers["x-ms-diagnostics"] ?? ""),
      challenge: String(headers["www-authenticate"] ?? ""),
    };
  };
  const token = async (fields: Readonly<Record<string, string>>): Promise<string> => {
    const form = { grant_type: "client_credentials", client_id: DAEMON, client_secret: SECRET, ...fields };
    return String((await send(emulator, `/${TENANT}/oauth2/v2.0/token`, { form })).json["access_token"]);
  };
  const outlook = "https://outlook.office365.com";

  it("is 2000003 for a token that the program made itself", async () => {
    const selfMade = `${Buffer.from('{"alg":"RS256"}').toString("base64url")}.${Buffer.from('{"aud":"","iss":"clientId","scp":"Calendars.Read"}').toString("base64url")}.AAAA`;
    for (const path of ["/EWS/Exchange.asmx", "/api/v1.0/me/calendars", "/api/v2.0/users('x')/events"])
      expect(await call(selfMade, path)).toMatchObject({
        status: 401,
        diagnostics: `2000003;reason="The audience claim value is invalid ''.";error_category="invalid_resource"`,
      });
  });

  it("is 2000003 with the audience of another API", async () => {
    const { diagnostics } = await call(await token({ scope: "https://graph.microsoft.com/.default" }));
    expect(diagnostics).toContain(
      "2000003;reason=\"The audience claim value is invalid 'https://graph.microsoft.com'.\"",
    );
  });

  it("is 2000010 for a token that was got with a secret", async () => {
    const answer = await call(await token({ scope: `${outlook}/.default` }));
    expect(answer).toMatchObject({ status: 401 });
    expect(answer.diagnostics).toMatch(
      /^2000010;reason="The access token is acquired using an authentication method that is too weak/,
    );
    expect(answer.challenge).toContain('client_id="00000002-0000-0ff1-ce00-000000000000"');
  });

  it("tells no roles, a wrong role, a forged signature and an old token apart", async () => {
    const { access_token: none } = await emulator.tokenFor({ audience: outlook, roles: [] });
    expect(await call(none)).toMatchObject({
      status: 401,
      diagnostics: expect.stringContaining('2000008;reason="The token contains no permissions'),
    });
    const { access_token: wrong } = await emulator.tokenFor({ audience: outlook, roles: ["Mail.Read"] });
    expect(await call(wrong)).toMatchObject({
      status: 403,
      diagnostics: expect.stringContaining('2000008;reason="The token contains not enough scope'),
    });
    expect((await call(`${wrong.slice(0, -8)}AAAAAAAA`)).diagnostics).toMatch(/^2000000;/);
    const { access_token: old } = await emulator.tokenFor({
      audience: outlook,
      roles: ["full_access_as_app"],
      expiresInSeconds: -10,
    });
    expect((await call(old)).diagnostics).toMatch(/^2000002;/);
  });
});
