/** Assertions that are trusted for their issuer: federated credentials, and certificate chains. */
import { execFileSync } from "node:child_process";
import { createPublicKey } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningEmulator } from "../src/index.ts";
import {
  type Answer,
  type AssertionParts,
  DAEMON,
  JWT_BEARER,
  makeAssertion,
  makeCertificate,
  payloadOf,
  readCertificateFiles,
  send,
  startSchool,
  TENANT,
  type TestCertificate,
} from "./entra-school.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const AUDIENCE = "api://AzureADTokenExchange";
const SUBJECT = "repo:school/timetable:ref:refs/heads/main";

let workload: TestCertificate;
let issuerServer: Server;
let issuer: string;
let chain: { leaf: TestCertificate; ca: TestCertificate };
let emulator: RunningEmulator;
let endpoint: string;

beforeAll(async () => {
  workload = makeCertificate("Workload");
  chain = makeChain("daemon.school.example");
  issuerServer = createServer((request, response) => {
    const jwk = {
      ...createPublicKey(workload.privateKeyPem).export({ format: "jwk" }),
      kid: "workload-1",
      use: "sig",
    };
    const document = request.url === "/keys" ? { keys: [jwk] } : { issuer, jwks_uri: `${issuer}/keys` };
    response.end(JSON.stringify(document));
  });
  await new Promise<void>((resolve) => issuerServer.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(issuerServer.address() as AddressInfo).port}`;
  emulator = await startSchool({
    tenants: [
      {
        tenantId: TENANT,
        domains: ["school.example"],
        certificateAuthorities: [{ id: "school-ca", certificates: [chain.ca.certificatePem] }],
        applications: [
          {
            manifest: {
              appId: DAEMON,
              displayName: "Daemon",
              federatedIdentityCredentials: [
                { name: "main", issuer, subject: SUBJECT, audiences: [AUDIENCE] },
                {
                  name: "far",
                  issuer: "https://token.actions.example",
                  subject: "far",
                  audiences: [AUDIENCE],
                },
              ],
              trustedCertificateSubjects: [
                {
                  authorityId: "school-ca",
                  subjectName: "daemon.school.example",
                  revokedCertificateIdentifiers: [],
                },
                { authorityId: "unknown", subjectName: "other.school.example" },
              ],
            },
          },
        ],
      },
    ],
  });
  endpoint = `${emulator.origin}/${TENANT}/oauth2/v2.0/token`;
});

afterAll(async () => {
  await emulator.close();
  await new Promise((resolve) => issuerServer.close(resolve));
});

function present(client_assertion: string): Promise<Answer> {
  return send(emulator, endpoint, {
    form: {
      grant_type: "client_credentials",
      client_id: DAEMON,
      scope: "https://graph.microsoft.com/.default",
      client_assertion_type: JWT_BEARER,
      client_assertion,
    },
  });
}

async function codeOf(client_assertion: string): Promise<unknown> {
  const { json, status } = await present(client_assertion);
  return status === 200 ? "token" : (json["error_codes"] as number[])[0];
}

describe("federated credentials", () => {
  const external = (parts: AssertionParts = {}): string =>
    makeAssertion(workload, AUDIENCE, SUBJECT, {
      header: { x5t: undefined, kid: "workload-1", ...parts.header },
      claims: { iss: issuer, ...parts.claims },
      ...(parts.key === undefined ? {} : { key: parts.key }),
    });

  it("let a program in with the token of another issuer, as strongly as a certificate", async () => {
    const { status, json, text } = await present(external());
    expect(status, text).toBe(200);
    expect(payloadOf(json["access_token"])["appidacr"]).toBe("2");
  });

  const refusals: readonly (readonly [string, number, () => string])[] = [
    ["an unknown issuer", 700211, () => external({ claims: { iss: "https://elsewhere.example" } })],
    ["another audience", 700212, () => external({ claims: { aud: "api://other" } })],
    ["another subject", 700213, () => external({ claims: { sub: "repo:school/other" } })],
    ["a subject that differs in case", 7002138, () => external({ claims: { sub: SUBJECT.toUpperCase() } })],
    [
      "an issuer that differs in case",
      7002137,
      () => external({ claims: { iss: issuer.replace("http", "HTTP") } }),
    ],
    [
      "an issuer that cannot be reached",
      501661,
      () => external({ claims: { iss: "https://token.actions.example", sub: "far" } }),
    ],
    ["a key that the issuer does not publish", 5000811, () => external({ header: { kid: "workload-2" } })],
    ["a signature by another key", 700027, () => external({ key: chain.leaf.privateKeyPem })],
    ["PS256", 5002738, () => external({ header: { alg: "PS256" } })],
    ["an old token", 700024, () => external({ claims: { nbf: 1, exp: 2 } })],
  ];
  it.each(refusals)("refuse %s with AADSTS%d", async (_name, code, make) => {
    expect(await codeOf(make())).toBe(code);
  });

  it("print what the token named", async () => {
    const { json } = await present(external({ claims: { sub: "someone" } }));
    expect(json["error_description"]).toContain("presented assertion subject 'someone'");
  });
});

describe("certificate chains", () => {
  const chained = (certificate: TestCertificate, x5c: readonly TestCertificate[]): string =>
    makeAssertion(certificate, endpoint, DAEMON, {
      header: { x5c: x5c.map(({ x509 }) => x509.raw.toString("base64")) },
    });

  it("are trusted for subject and issuer, without a registered certificate", async () => {
    expect(await codeOf(chained(chain.leaf, [chain.leaf, chain.ca]))).toBe("token");
    expect(await codeOf(chained(chain.leaf, [chain.leaf]))).toBe("token");
  });

  it("are refused for another subject, issuer, or order", async () => {
    const stranger = makeCertificate("stranger.school.example");
    expect(await codeOf(chained(stranger, [stranger]))).toBe(700030);
    const pretender = makeChain("daemon.school.example");
    expect(await codeOf(chained(pretender.leaf, [pretender.leaf, pretender.ca]))).toBe(7000213);
    const unknown = makeCertificate("other.school.example");
    expect(await codeOf(chained(unknown, [unknown]))).toBe(7000211);
    expect(await codeOf(chained(chain.leaf, [chain.ca, chain.leaf]))).toBe(700030);
  });

  it("do not stand in for the signature", async () => {
    const parts = { header: { x5c: [chain.leaf.x509.raw.toString("base64")] }, key: workload.privateKeyPem };
    expect(await codeOf(makeAssertion(chain.leaf, endpoint, DAEMON, parts))).toBe(700027);
  });
});

function makeChain(name: string): { leaf: TestCertificate; ca: TestCertificate } {
  const ca = makeCertificate("School CA", ["rsa:2048"], ["-addext", "basicConstraints=critical,CA:TRUE"]);
  const directory = temporaryDirectory("chain");
  const [key, request, certificate] = ["key.pem", "request.pem", "cert.pem"].map((file) =>
    join(directory, file),
  ) as [string, string, string];
  execFileSync(
    "openssl",
    ["req", "-newkey", "rsa:2048", "-nodes", "-subj", `/CN=${name}`, "-keyout", key, "-out", request],
    { stdio: "ignore" },
  );
  execFileSync(
    "openssl",
    [
      "x509",
      "-req",
      "-in",
      request,
      "-CA",
      ca.certificatePath,
      "-CAkey",
      ca.privateKeyPath,
      "-CAcreateserial",
      "-days",
      "10",
      "-out",
      certificate,
    ],
    { stdio: "ignore" },
  );
  return { leaf: readCertificateFiles(key, certificate), ca };
}
