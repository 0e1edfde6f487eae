/** A school with applications, an emulator that knows it, and the requests that the tests of this folder send. */
import { execFileSync } from "node:child_process";
import { constants, createHash, createPrivateKey, randomUUID, sign, X509Certificate } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmulatorOptions, type RunningEmulator, type Seed, startEmulator } from "../src/index.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

export const TENANT = "11111111-1111-4111-8111-111111111111";
export const OTHER_TENANT = "22222222-2222-4222-8222-222222222222";
export const DAEMON = "aaaaaaaa-0000-4000-8000-000000000001";
export const KEYLESS = "aaaaaaaa-0000-4000-8000-000000000002";
export const API = "aaaaaaaa-0000-4000-8000-000000000003";
export const WEB = "aaaaaaaa-0000-4000-8000-000000000004";
export const NATIVE = "aaaaaaaa-0000-4000-8000-000000000005";
export const SPA = "aaaaaaaa-0000-4000-8000-000000000006";
export const MULTI = "aaaaaaaa-0000-4000-8000-000000000007";
export const GRAPH_APP = "00000003-0000-0000-c000-000000000000";
export const EXCHANGE_APP = "00000002-0000-0ff1-ce00-000000000000";
export const CALENDARS_READWRITE = "ef54d2bf-783f-4e0f-bca1-3210c0444d99";
export const USER_READ = "e1fe6dd8-ba31-4d61-89e7-88639da4683d";
export const FULL_ACCESS_AS_APP = "dc890d15-9560-4a4c-9b7f-a736ec74ec40";
export const SECRET = "a~Secret+with/odd=characters";
export const PASSWORD = "Correct-Horse-7";
export const REDIRECT = "https://app.school.example/callback";

/** Directory in which the CA of all tests stays, so that it is made once. */
export const STATE_DIR = join(tmpdir(), "nightlatch-emulator-tests");

/** A certificate that openssl made, with its key. */
export interface TestCertificate {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  readonly certificatePath: string;
  readonly privateKeyPath: string;
  readonly x509: X509Certificate;
  readonly sha1: Buffer;
  readonly sha256: Buffer;
}

/** Makes a self-signed certificate with openssl. */
export function makeCertificate(
  name: string,
  key: readonly string[] = ["rsa:2048"],
  more: readonly string[] = [],
): TestCertificate {
  const directory = temporaryDirectory("certificate");
  const [keyPath, certPath] = [join(directory, "key.pem"), join(directory, "cert.pem")];
  execFileSync(
    "openssl",
    [
      "req",
      "-x509",
      "-newkey",
      ...key,
      "-nodes",
      "-days",
      "30",
      "-subj",
      `/CN=${name}`,
      "-keyout",
      keyPath,
      "-out",
      certPath,
      ...more,
    ],
    { stdio: "ignore" },
  );
  return readCertificateFiles(keyPath, certPath);
}

export function readCertificateFiles(privateKeyPath: string, certificatePath: string): TestCertificate {
  const certificatePem = readFileSync(certificatePath, "utf8");
  const x509 = new X509Certificate(certificatePem);
  return {
    certificatePem,
    privateKeyPem: readFileSync(privateKeyPath, "utf8"),
    certificatePath,
    privateKeyPath,
    x509,
    sha1: createHash("sha1").update(x509.raw).digest(),
    sha256: createHash("sha256").update(x509.raw).digest(),
  };
}

/** Everything that the tests register, with the daemon's certificate. */
export function schoolSeed(daemon: TestCertificate): Seed {
  const resourceAccess = (appId: string, ids: readonly string[], type: "Role" | "Scope") => ({
    resourceAppId: appId,
    resourceAccess: ids.map((id) => ({ id, type })),
  });
  return {
    tenants: [
      {
        tenantId: TENANT,
        displayName: "Example School",
        domains: ["school.example", "exampleschool.onmicrosoft.com"],
        users: [
          {
            userPrincipalName: "admin@school.example",
            displayName: "Administrator",
            password: PASSWORD,
            mailbox: true,
            roles: ["Global Administrator"],
          },
          {
            userPrincipalName: "office@school.example",
            displayName: "School office",
            password: PASSWORD,
            mailbox: true,
          },
          {
            userPrincipalName: "room-12@school.example",
            displayName: "Room 12",
            mailbox: true,
            timeZone: "Europe/London",
          },
        ],
        applications: [
          {
            manifest: {
              appId: DAEMON,
              displayName: "Timetable daemon",
              keyCredentials: [
                {
                  customKeyIdentifier: daemon.sha1.toString("base64"),
                  keyId: "bbbbbbbb-0000-4000-8000-000000000001",
                  type: "AsymmetricX509Cert",
                  usage: "Verify",
                  value: daemon.x509.raw.toString("base64"),
                },
              ],
              requiredResourceAccess: [
                resourceAccess(GRAPH_APP, [CALENDARS_READWRITE], "Role"),
                resourceAccess(EXCHANGE_APP, [FULL_ACCESS_AS_APP], "Role"),
              ],
            },
            secrets: [
              { secretText: SECRET },
              { secretText: "an-old-secret", endDateTime: "2020-01-01T00:00:00Z" },
            ],
            adminConsent: true,
          },
          { manifest: { appId: KEYLESS, displayName: "No keys" } },
          {
            manifest: {
              appId: API,
              displayName: "Timetable API",
              identifierUris: [`api://${API}`],
              api: {
                requestedAccessTokenVersion: 2,
                oauth2PermissionScopes: [
                  {
                    id: "cccccccc-0000-4000-8000-000000000001",
                    value: "timetable.read",
                    type: "User",
                    isEnabled: true,
                  },
                ],
              },
              appRoles: [
                {
                  id: "cccccccc-0000-4000-8000-000000000002",
                  value: "Timetable.Read.All",
                  displayName: "Read timetables",
                  description: "Read timetables",
                  allowedMemberTypes: ["Application"],
                  isEnabled: true,
                },
              ],
              requiredResourceAccess: [resourceAccess(GRAPH_APP, [USER_READ], "Scope")],
            },
            secrets: [{ secretText: SECRET }],
            adminConsent: true,
          },
          {
            manifest: {
              appId: WEB,
              displayName: "Timetable web",
              web: {
                redirectUris: [REDIRECT, "http://localhost/callback"],
                implicitGrantSettings: { enableIdTokenIssuance: true, enableAccessTokenIssuance: false },
              },
              keyCredentials: [
                { key: daemon.x509.raw.toString("base64"), type: "AsymmetricX509Cert", usage: "Verify" },
              ],
              requiredResourceAccess: [resourceAccess(GRAPH_APP, [USER_READ], "Scope")],
            },
            secrets: [{ secretText: SECRET }],
          },
          {
            manifest: {
              appId: NATIVE,
              displayName: "Timetable desk",
              publicClient: { redirectUris: ["http://localhost"] },
              isFallbackPublicClient: true,
            },
          },
          {
            manifest: {
              appId: SPA,
              displayName: "Timetable page",
              spa: { redirectUris: ["https://page.school.example/"] },
            },
          },
          {
            manifest: {
              appId: MULTI,
              displayName: "Timetable cloud",
              signInAudience: "AzureADMultipleOrgs",
              web: { redirectUris: [REDIRECT] },
              requiredResourceAccess: [resourceAccess(GRAPH_APP, [CALENDARS_READWRITE], "Role")],
            },
            secrets: [{ secretText: SECRET }],
            adminConsent: true,
          },
        ],
      },
      {
        tenantId: OTHER_TENANT,
        displayName: "Second School",
        domains: ["second.example"],
        users: [
          {
            userPrincipalName: "admin@second.example",
            displayName: "Second admin",
            password: PASSWORD,
            roles: ["Global Administrator"],
          },
        ],
      },
    ],
  };
}

/** Starts an emulator whose CA is shared by all tests. */
export function startSchool(seed: Seed, options: EmulatorOptions = {}): Promise<RunningEmulator> {
  mkdirSync(STATE_DIR, { recursive: true });
  return startEmulator({ port: 0, stateDir: STATE_DIR, seed, ...options });
}

/** An answer as a client sees it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

/** Sends a request to an emulator, with its CA. */
export function send(
  emulator: RunningEmulator,
  path: string,
  options: {
    readonly method?: string;
    readonly form?: Readonly<Record<string, string | undefined>>;
    readonly body?: string;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<Answer> {
  const fields = Object.entries(options.form ?? {}).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  const body = options.form === undefined ? options.body : new URLSearchParams(fields).toString();
  const url = new URL(path.startsWith("/") ? `${emulator.origin}${path}` : path);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: options.method ?? (body === undefined ? "GET" : "POST"),
        ca: emulator.caPem,
        agent: false,
        servername: "localhost",
        headers: {
          ...(options.form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
          ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }),
          ...options.headers,
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text,
            json: parseJson(text),
          });
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function parseJson(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

export const JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** Parts of an assertion that a test replaces; `undefined` drops a member. */
export interface AssertionParts {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly key?: string;
}

/** Signs a client assertion with node:crypto alone. */
export function makeAssertion(
  certificate: TestCertificate,
  audience: string,
  clientId: string,
  parts: AssertionParts = {},
): string {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const header = { alg: "RS256", typ: "JWT", x5t: certificate.sha1.toString("base64url"), ...parts.header };
  const claims = {
    aud: audience,
    iss: clientId,
    sub: clientId,
    jti: randomUUID(),
    nbf: nowSeconds,
    iat: nowSeconds,
    exp: nowSeconds + 600,
    ...parts.claims,
  };
  const signingInput = `${encode(header)}.${encode(claims)}`;
  return `${signingInput}.${signBytes(String(header.alg), signingInput, parts.key ?? certificate.privateKeyPem)}`;
}

function signBytes(algorithm: string, signingInput: string, privateKeyPem: string): string {
  const key = createPrivateKey(privateKeyPem);
  const digest = `sha${algorithm.slice(2)}`;
  const isPss = algorithm.startsWith("PS");
  if (!/^(RS|PS|ES)\d+$/.test(algorithm)) return Buffer.from("none").toString("base64url");
  return sign(
    digest,
    Buffer.from(signingInput),
    isPss
      ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
      : { key, dsaEncoding: "ieee-p1363" },
  ).toString("base64url");
}

export function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** Payload of a compact JWS, unverified. */
export function payloadOf(token: unknown): Record<string, unknown> {
  return JSON.parse(Buffer.from(String(token).split(".")[1] ?? "", "base64url").toString("utf8")) as Record<
    string,
    unknown
  >;
}

export function headerOf(token: unknown): Record<string, unknown> {
  return JSON.parse(Buffer.from(String(token).split(".")[0] ?? "", "base64url").toString("utf8")) as Record<
    string,
    unknown
  >;
}
