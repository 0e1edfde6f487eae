/** Refusals that the flows of the other files do not come to: each by a request that deserves it. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AADSTS_ROWS } from "../src/entra/aadsts.generated.ts";
import type { RunningEmulator } from "../src/index.ts";
import { Browser, makePkce, redirected } from "./entra-browser.ts";
import {
  type Answer,
  API,
  DAEMON,
  JWT_BEARER,
  MULTI,
  makeAssertion,
  makeCertificate,
  OTHER_TENANT,
  PASSWORD,
  REDIRECT,
  SECRET,
  SPA,
  schoolSeed,
  send,
  startSchool,
  TENANT,
  type TestCertificate,
  WEB,
} from "./entra-school.ts";

const WEAK = "aaaaaaaa-0000-4000-8000-0000000000e1";
const OLD = "aaaaaaaa-0000-4000-8000-0000000000e2";
const TRUSTING = "aaaaaaaa-0000-4000-8000-0000000000e3";
const FEDERATED = "aaaaaaaa-0000-4000-8000-0000000000e4";
const PLAIN = "aaaaaaaa-0000-4000-8000-0000000000e5";
const GRAPH = "https://graph.microsoft.com/.default";
const EXCHANGE = "api://AzureADTokenExchange";
const OBO = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const DAY_MS = 86_400_000;

type Fields = Readonly<Record<string, string | undefined>>;

let daemon: TestCertificate;
let weak: TestCertificate;
let nameless: TestCertificate;
let authority: TestCertificate;
let issuerServer: Server;
let issuer: string;
let emulator: RunningEmulator;
let browser: Browser;
let url: string;
const pkce = makePkce();

beforeAll(async () => {
  daemon = makeCertificate("Timetable daemon");
  weak = makeCertificate("Weak", ["rsa:1024"]);
  nameless = makeCertificate("x", ["rsa:2048"], ["-subj", "/"]);
  authority = makeCertificate("revoked.school.example");
  issuerServer = createServer((request, response) =>
    response.end(request.url === "/keys" ? "{}" : JSON.stringify({ issuer, jwks_uri: `${issuer}/keys` })),
  );
  await new Promise<void>((resolve) => issuerServer.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(issuerServer.address() as AddressInfo).port}`;
  emulator = await startSchool(seed());
  url = `${emulator.origin}/${TENANT}/oauth2/v2.0/token`;
});
beforeEach(() => {
  emulator.reset();
  browser = new Browser(emulator);
});
afterAll(async () => {
  await emulator.close();
  await new Promise((resolve) => issuerServer.close(resolve));
});

function seed(): Record<string, unknown> {
  const school = structuredClone(schoolSeed(daemon)) as {
    tenants: Record<string, unknown>[];
  };
  const [home, other] = school.tenants as [Record<string, unknown>, Record<string, unknown>];
  const key = (certificate: TestCertificate, more = {}): object => ({
    key: certificate.x509.raw.toString("base64"),
    type: "AsymmetricX509Cert",
    usage: "Verify",
    ...more,
  });
  home["certificateAuthorities"] = [{ id: "school-ca", certificates: [authority.certificatePem] }];
  (home["applications"] as object[]).push(
    { manifest: { appId: WEAK, keyCredentials: [key(weak)] } },
    { manifest: { appId: OLD, keyCredentials: [key(daemon, { endDateTime: "2099-01-01T00:00:00Z" })] } },
    {
      manifest: {
        appId: TRUSTING,
        trustedCertificateSubjects: [
          {
            authorityId: "school-ca",
            subjectName: "revoked.school.example",
            revokedCertificateIdentifiers: [authority.x509.serialNumber],
          },
        ],
      },
    },
    {
      manifest: {
        appId: FEDERATED,
        federatedIdentityCredentials: [{ name: "main", issuer, subject: "job", audiences: [EXCHANGE] }],
      },
    },
    { manifest: { appId: PLAIN, web: { redirectUris: ["http://app.school.example/callback"] } } },
  );
  other["servicePrincipals"] = [{ appId: MULTI, accountEnabled: false }];
  return school as unknown as Record<string, unknown>;
}

const post = (form: Fields, path = url, headers = {}): Promise<Answer> =>
  send(emulator, path, { form, headers });

const bySecret = (fields: Fields = {}, path?: string): Promise<Answer> =>
  post(
    { grant_type: "client_credentials", client_id: DAEMON, client_secret: SECRET, scope: GRAPH, ...fields },
    path,
  );

const byAssertion = (client_id: string, client_assertion: string): Promise<Answer> =>
  bySecret({ client_id, client_secret: undefined, client_assertion_type: JWT_BEARER, client_assertion });

async function graph(method: string, path: string, body?: object): Promise<Answer> {
  const { access_token: token } = await emulator.tokenFor({
    roles: ["Application.ReadWrite.All", "User.ReadWrite.All"],
  });
  const answer = await send(emulator, `/v1.0${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
  });
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer;
}

function authorize(fields: Fields = {}, tenant = TENANT): Promise<Answer> {
  const all: Fields = {
    response_type: "code",
    redirect_uri: REDIRECT,
    client_id: WEB,
    scope: "openid offline_access User.Read",
    code_challenge: pkce.challenge,
    code_challenge_method: "S256",
    ...fields,
  };
  const pairs = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return browser.open(`/${tenant}/oauth2/v2.0/authorize?${new URLSearchParams(pairs)}`);
}

async function signIn(fields: Fields = {}): Promise<string> {
  const consent = await browser.signIn(await authorize(fields));
  const back = /Permissions requested/.test(consent.text)
    ? await browser.submit(consent, { action: "accept" })
    : consent;
  return redirected(back).get("code") ?? "";
}

const redeem = (code: string, fields: Fields = {}, path = url, headers = {}): Promise<Answer> =>
  post(
    {
      grant_type: "authorization_code",
      client_id: WEB,
      client_secret: SECRET,
      code,
      redirect_uri: REDIRECT,
      code_verifier: pkce.verifier,
      ...fields,
    },
    path,
    headers,
  );

const password = (fields: Fields = {}): Promise<Answer> =>
  bySecret({
    client_id: API,
    grant_type: "password",
    username: "admin@school.example",
    password: PASSWORD,
    scope: "User.Read offline_access",
    ...fields,
  });

type Refusal = readonly [what: string, code: number, error: string, ask: () => Promise<Answer>];

const CLIENT: readonly Refusal[] = [
  [
    "an RSA key of 1,024 bits",
    50032,
    "invalid_request",
    () => byAssertion(WEAK, makeAssertion(weak, url, WEAK)),
  ],
  [
    "a certificate out of date whose credential is not",
    1000502,
    "invalid_client",
    () => {
      emulator.clock.advance(40 * DAY_MS);
      const seconds = Math.floor(emulator.clock.nowMs() / 1000);
      return byAssertion(
        OLD,
        makeAssertion(daemon, url, OLD, { claims: { nbf: seconds, exp: seconds + 600 } }),
      );
    },
  ],
  [
    "a chain whose leaf has no name",
    700031,
    "invalid_client",
    () => {
      const header = { x5c: [nameless.x509.raw.toString("base64")] };
      return byAssertion(TRUSTING, makeAssertion(nameless, url, TRUSTING, { header }));
    },
  ],
  [
    "a chain whose leaf was revoked",
    7000214,
    "invalid_client",
    () => {
      const header = { x5c: [authority.x509.raw.toString("base64")] };
      return byAssertion(TRUSTING, makeAssertion(authority, url, TRUSTING, { header }));
    },
  ],
  [
    "an issuer whose documents lack a field",
    70024,
    "invalid_request",
    () => {
      const parts = { header: { x5t: undefined, kid: "1" }, claims: { iss: issuer } };
      return byAssertion(FEDERATED, makeAssertion(daemon, EXCHANGE, "job", parts));
    },
  ],
  [
    "a secret that stands on the service principal",
    7002104,
    "invalid_client",
    async () => {
      const { json } = await graph("POST", `/servicePrincipals(appId='${DAEMON}')/addPassword`, {});
      return bySecret({ client_secret: String(json["secretText"]) });
    },
  ],
  [
    "a multi-tenant application that is disabled here",
    7000116,
    "unauthorized_client",
    () => bySecret({ client_id: MULTI }, `/${OTHER_TENANT}/oauth2/v2.0/token`),
  ],
  [
    "an API that is disabled",
    500014,
    "invalid_resource",
    async () => {
      await graph("PATCH", `/servicePrincipals(appId='${API}')`, { accountEnabled: false });
      return bySecret({ scope: `api://${API}/.default` });
    },
  ],
];

const GRANTS: readonly Refusal[] = [
  [
    "a form that names a field twice",
    9000411,
    "invalid_request",
    () =>
      send(emulator, url, {
        body: "grant_type=client_credentials&scope=openid&scope=openid",
        headers: { "content-type": "application/x-www-form-urlencoded" },
      }),
  ],
  [
    "a code for an application of one tenant on /common",
    50194,
    "invalid_request",
    async () => redeem(await signIn(), {}, "/common/oauth2/v2.0/token"),
  ],
  [
    "a code of a school on /consumers",
    9002332,
    "invalid_request",
    async () => redeem(await signIn(), {}, "/consumers/oauth2/v2.0/token"),
  ],
  ...["common", "consumers"].map(
    (segment): Refusal => [
      `a refresh token on /${segment}`,
      segment === "common" ? 50194 : 9002332,
      "invalid_request",
      async () => {
        const { json } = await redeem(await signIn());
        const refresh_token = String(json["refresh_token"]);
        const form = { grant_type: "refresh_token", client_id: WEB, client_secret: SECRET, refresh_token };
        return post(form, `/${segment}/oauth2/v2.0/token`);
      },
    ],
  ),
  [
    "a code of another tenant",
    700005,
    "invalid_grant",
    async () => redeem(await signIn(), {}, `/${OTHER_TENANT}/oauth2/v2.0/token`),
  ],
  [
    "a refresh token of another tenant",
    7000012,
    "invalid_grant",
    async () => {
      const { json } = await redeem(await signIn());
      const refresh_token = String(json["refresh_token"]);
      const form = { grant_type: "refresh_token", client_id: WEB, client_secret: SECRET, refresh_token };
      return post(form, `/${OTHER_TENANT}/oauth2/v2.0/token`);
    },
  ],
  [
    "the refresh token of a user who was disabled",
    50057,
    "invalid_grant",
    async () => {
      const { json } = await redeem(await signIn());
      await graph("PATCH", "/users/office@school.example", { accountEnabled: false });
      const refresh_token = String(json["refresh_token"]);
      return post({ grant_type: "refresh_token", client_id: WEB, client_secret: SECRET, refresh_token });
    },
  ],
  [
    "the password of a user who was disabled",
    50057,
    "invalid_grant",
    async () => {
      await graph("PATCH", "/users/admin@school.example", { accountEnabled: false });
      return password();
    },
  ],
  [
    "a single-page application's code without a verifier",
    9002325,
    "invalid_request",
    async () => {
      const page = { client_id: SPA, redirect_uri: "https://page.school.example/" };
      const fields = { ...page, client_secret: undefined, code_verifier: undefined };
      return redeem(await signIn(page), fields, url, { origin: "https://page.school.example" });
    },
  ],
  [
    "a permission that the API does not offer",
    650053,
    "invalid_client",
    () => password({ client_id: WEB, scope: `api://${API}/timetable.burn` }),
  ],
  ...([1, 2] as const).map((version): Refusal => {
    const [code, path] =
      version === 2 ? [500136, `/${TENANT}/oauth2/token`] : [500137, `/${TENANT}/oauth2/v2.0/token`];
    return [
      `a v${version} token on behalf of its user at the other endpoint`,
      code,
      "invalid_grant",
      async () => {
        const { access_token: assertion } = await emulator.tokenFor({
          audience: `api://${API}`,
          user: "office@school.example",
          scopes: ["timetable.read"],
          claims: { ver: `${version}.0` },
        });
        const fields = { grant_type: OBO, requested_token_use: "on_behalf_of", assertion };
        const resource = version === 2 ? "https://graph.microsoft.com" : undefined;
        return bySecret({ client_id: API, resource, scope: "User.Read", ...fields }, path);
      },
    ];
  }),
  [
    "instance discovery without an endpoint",
    50050,
    "invalid_request",
    () => send(emulator, "/common/discovery/instance?api-version=1.1"),
  ],
];

describe("answers with an error body", () => {
  it.each([...CLIENT, ...GRANTS])("refuse %s with AADSTS%i", async (_, code, error, ask) => {
    const { status, json, text } = await ask();
    expect(json["error_codes"], text).toEqual([code]);
    expect(json["error"]).toBe(error);
    expect(status).toBe(error === "invalid_client" ? 401 : 400);
    expect(json["error_description"]).toMatch(new RegExp(`^AADSTS${code}: \\S.+ Trace ID: `));
  });
});

describe("sign-in pages", () => {
  const shown: readonly (readonly [what: string, code: number, ask: () => Promise<Answer>])[] = [
    ["an application without any redirect URI", 500113, () => authorize({ client_id: DAEMON })],
    [
      "neither a registered nor a named redirect URI",
      900971,
      () => authorize({ client_id: DAEMON, redirect_uri: undefined }),
    ],
    ["a redirect URI that is none", 90102, () => authorize({ redirect_uri: "callback" })],
    [
      "a redirect URI over plain HTTP",
      500117,
      () => authorize({ client_id: PLAIN, redirect_uri: "http://app.school.example/callback" }),
    ],
    ["the consumers' segment", 9002332, () => authorize({}, "consumers")],
    [
      "a parameter that is there twice",
      9000411,
      () => send(emulator, `/${TENANT}/oauth2/v2.0/authorize?login_hint=a&client_id=${WEB}&login_hint=b`),
    ],
  ];
  it.each(shown)("show for %s AADSTS%i, and send nobody anywhere", async (_, code, ask) => {
    const { text, headers } = await ask();
    expect(text).toContain(`AADSTS${code}`);
    expect(headers["location"]).toBeUndefined();
  });

  it.each([
    ["an id token without openid", 700053, { response_type: "id_token", scope: "User.Read", nonce: "n" }],
    ["an id token that is switched off", 700054, { response_type: "id_token", nonce: "n", client_id: MULTI }],
    ["a method without a challenge", 501471, { code_challenge: undefined }],
    ["a response mode that does not exist", 70007, { response_mode: "pigeon" }],
    ["tokens in the query", 70007, { response_type: "id_token", response_mode: "query", nonce: "n" }],
  ] as const)("send %s back with AADSTS%i", async (_, code, fields) => {
    const answer = await authorize(fields);
    expect(answer.status, answer.text).toBe(302);
    const parameters = redirected(answer);
    expect(parameters.get("error_description")).toMatch(new RegExp(`^AADSTS${code}: `));
    expect(parameters.get("error")).toMatch(/^(unsupported_response_type|invalid_request)$/);
  });

  it("sends a user who is not assigned back with AADSTS50105", async () => {
    await graph("PATCH", `/servicePrincipals(appId='${WEB}')`, { appRoleAssignmentRequired: true });
    const answer = await browser.signIn(await authorize());
    expect(redirected(answer).get("error_description")).toMatch(
      /^AADSTS50105: .*'office@school\.example' is blocked because they are not a direct member of a group with access/,
    );
  });
});

describe("an armed fault", () => {
  it("answers any number of the table with its error, its status and a text without gaps", async () => {
    for (const [code, error, status, text] of AADSTS_ROWS) {
      emulator.faults.add({ endpoint: "token", kind: "aadsts", code, times: 1 });
      const answer = await bySecret();
      expect(answer.json["error_codes"], answer.text).toEqual([code]);
      expect(answer.json["error"]).toBe(error);
      expect([code, answer.status]).toEqual([code, error === "invalid_client" ? 401 : status]);
      expect(answer.json["error_description"]).toMatch(new RegExp(`^AADSTS${code}: \\S`));
      if (text !== null) expect(answer.json["error_description"]).not.toMatch(/\{\w+\}|''| {2}is /);
    }
  });

  it("prints what the request names", async () => {
    emulator.faults.add({ endpoint: "token", kind: "aadsts", code: 700016, times: 1 });
    expect((await bySecret()).json["error_description"]).toContain(
      `AADSTS700016: Application with identifier '${DAEMON}' was not found in the directory 'Example School'. `,
    );
  });
});
