/**
 * Every answer of the token endpoint that is on public record and that the emulator gives: number, status, OAuth error,
 * wording with its values, members in their order, and whether `error_uri` comes along.
 *
 * The texts are Microsoft's, from the error lookup page, recorded fixtures of Microsoft's libraries, and public threads.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RunningEmulator } from "../src/index.ts";
import { Browser, makePkce, redirected } from "./entra-browser.ts";
import {
  type Answer,
  API,
  type AssertionParts,
  DAEMON,
  JWT_BEARER,
  makeAssertion,
  makeCertificate,
  NATIVE,
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

const DISABLED = "aaaaaaaa-0000-4000-8000-0000000000d1";
const UNACCOUNTED = "aaaaaaaa-0000-4000-8000-0000000000d2";
const ELLIPTIC = "aaaaaaaa-0000-4000-8000-0000000000d3";
const FEDERATED = "aaaaaaaa-0000-4000-8000-0000000000d4";
const STRANGER = "aaaaaaaa-0000-4000-8000-0000000000d5";
const SUBJECT = "repo:school/timetable:ref:refs/heads/main";
const EXCHANGE = "api://AzureADTokenExchange";
const GRAPH = "https://graph.microsoft.com/.default";
const REVIEW =
  "Review the documentation at https://docs.microsoft.com/azure/active-directory/develop/active-directory-certificate-credentials .";
const FEDERATION =
  "Please check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://docs.microsoft.com/en-us/azure/active-directory/develop/workload-identity-federation";
const KEYS_TAIL = `Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '${DAEMON}'. Review the documentation at https://docs.microsoft.com/en-us/graph/deployments to determine the corresponding service endpoint and https://docs.microsoft.com/en-us/graph/api/application-get?view=graph-rest-1.0&tabs=http to build a query request URL, such as 'https://graph.microsoft.com/beta/applications/${DAEMON}'].`;

type Fields = Readonly<Record<string, string | undefined>>;

let daemon: TestCertificate;
let elliptic: TestCertificate;
let stranger: TestCertificate;
let issuerServer: Server;
let issuer: string;
let emulator: RunningEmulator;
let browser: Browser;
let url: string;
const pkce = makePkce();

beforeAll(async () => {
  daemon = makeCertificate("Timetable daemon");
  elliptic = makeCertificate("Elliptic", ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]);
  stranger = makeCertificate("Stranger");
  issuerServer = createServer((_, response) => response.end("{}"));
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
    tenants: { applications: Record<string, unknown>[] }[];
  };
  const secrets = [{ secretText: SECRET }];
  const trust = (name: string, of: string, subject: string): object => ({
    name,
    issuer: of,
    subject,
    audiences: [EXCHANGE],
  });
  school.tenants[0]?.applications.push(
    {
      manifest: {
        appId: DISABLED,
        displayName: "Closed",
        disabledByMicrosoftStatus: "DisabledDueToViolation",
      },
      secrets,
    },
    { manifest: { appId: UNACCOUNTED, displayName: "Lone" }, secrets, servicePrincipal: false },
    {
      manifest: {
        appId: ELLIPTIC,
        keyCredentials: [
          { key: elliptic.x509.raw.toString("base64"), type: "AsymmetricX509Cert", usage: "Verify" },
        ],
      },
    },
    {
      manifest: {
        appId: FEDERATED,
        federatedIdentityCredentials: [
          trust("main", issuer, SUBJECT),
          trust("far", "https://token.actions.example", "far"),
          trust("entra", `https://login.microsoftonline.com/${TENANT}/v2.0`, DAEMON),
        ],
      },
    },
  );
  return school as unknown as Record<string, unknown>;
}

function post(fields: Fields, path = url, headers = {}): Promise<Answer> {
  return send(emulator, path, { form: fields, headers });
}

const bySecret = (fields: Fields = {}, path?: string): Promise<Answer> =>
  post(
    { grant_type: "client_credentials", client_id: DAEMON, client_secret: SECRET, scope: GRAPH, ...fields },
    path,
  );

const byAssertion = (client_assertion: string, fields: Fields = {}): Promise<Answer> =>
  bySecret({
    client_secret: undefined,
    client_assertion_type: JWT_BEARER,
    client_assertion,
    ...fields,
  });

const own = (parts: AssertionParts = {}, audience = url, certificate = daemon): string =>
  makeAssertion(certificate, audience, DAEMON, parts);

const external = (claims: Readonly<Record<string, unknown>>): Promise<Answer> => {
  const parts = { header: { x5t: undefined, kid: "workload-1" }, claims: { iss: issuer, ...claims } };
  return byAssertion(makeAssertion(stranger, EXCHANGE, SUBJECT, parts), { client_id: FEDERATED });
};

async function signIn(fields: Fields): Promise<string> {
  const all: Record<string, string> = {
    response_type: "code",
    redirect_uri: REDIRECT,
    client_id: WEB,
    scope: "openid offline_access User.Read",
    code_challenge: pkce.challenge,
    code_challenge_method: "S256",
    ...(fields as Record<string, string>),
  };
  const page = await browser.open(`/${TENANT}/oauth2/v2.0/authorize?${new URLSearchParams(all)}`);
  const consent = await browser.signIn(page);
  const back = /Permissions requested/.test(consent.text)
    ? await browser.submit(consent, { action: "accept" })
    : consent;
  return redirected(back).get("code") ?? "";
}

const redeem = (code: string, fields: Fields = {}, headers = {}): Promise<Answer> =>
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
    url,
    headers,
  );

const password = (fields: Fields = {}): Promise<Answer> =>
  bySecret({
    client_id: API,
    grant_type: "password",
    username: "admin@school.example",
    password: PASSWORD,
    scope: "User.Read",
    ...fields,
  });

const device = async (wait: number): Promise<Answer> => {
  const { json } = await send(emulator, `/${TENANT}/oauth2/v2.0/devicecode`, {
    form: { client_id: NATIVE, scope: "openid" },
  });
  emulator.clock.advance(wait);
  return post({
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
    client_id: NATIVE,
    device_code: String(json["device_code"]),
  });
};

const hex = (): string => stranger.sha1.toString("hex").toUpperCase();
/** Dates of a certificate as 700027 prints them. */
const dates = (): string => {
  const words = [daemon.x509.validFrom, daemon.x509.validTo].map((text) => {
    const [day = "", time = ""] = new Date(text).toISOString().slice(0, 19).split("T");
    const [year, month, date] = day.split("-");
    return `${month}/${date}/${year} ${time}`;
  });
  return `Found key 'Start=${words[0]}, End=${words[1]}'`;
};

interface Published {
  readonly code: number;
  readonly error: string;
  /** `undefined`: not on record. */
  readonly errorUri?: boolean;
  /** Text behind the number; a pattern where it prints times. */
  readonly text: string | RegExp | (() => string);
  readonly ask: () => Promise<Answer>;
}

const ANSWERS: readonly Published[] = [
  {
    code: 50027,
    error: "invalid_request",
    errorUri: true,
    text: "JWT token is invalid or malformed.",
    ask: () => byAssertion("nonsense"),
  },
  {
    code: 50048,
    error: "invalid_client",
    text: "Subject must match the issuer claim in the client assertion.",
    ask: () => byAssertion(own({ claims: { sub: WEB } })),
  },
  ...["iss", "aud"].map((name) => ({
    code: 90014,
    error: "invalid_request",
    errorUri: true,
    text: `The required field '${name}' is missing from the credential. Ensure that you have all the necessary parameters for the login request.`,
    ask: () => byAssertion(own({ claims: { [name]: undefined } })),
  })),
  {
    code: 700021,
    error: "invalid_client",
    errorUri: true,
    text: `Client assertion application identifier doesn't match 'client_id' parameter. ${REVIEW}`,
    ask: () => byAssertion(own({ claims: { iss: WEB, sub: WEB } })),
  },
  {
    code: 700023,
    error: "invalid_client",
    text: `Client assertion audience claim does not match Realm issuer. ${REVIEW}`,
    ask: () => byAssertion(own({}, "https://login.example.org/token")),
  },
  {
    code: 700024,
    error: "invalid_client",
    errorUri: true,
    text: /^Client assertion is not within its valid time range\. Current time: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z, assertion valid from 2018-01-18T01:30:22\.0000000Z, expiry time of assertion 1970-01-01T00:00:00\.0000000Z\. Review the documentation at https:\/\/learn\.microsoft\.com\/entra\/identity-platform\/certificate-credentials \.$/,
    ask: () => byAssertion(own({ claims: { nbf: 1_516_239_022, exp: undefined } })),
  },
  {
    code: 700027,
    error: "invalid_client",
    errorUri: true,
    text: () =>
      `The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found., Thumbprint of key used by client: '${hex()}', ${KEYS_TAIL} Alternatively, SNI may be configured on the app. Please ensure that client assertion is being sent with the x5c claim in the JWT header using MSAL's WithSendX5C() method so that Azure Active Directory can validate the certificate being used.`,
    ask: () => byAssertion(own({}, url, stranger)),
  },
  {
    code: 700027,
    error: "invalid_client",
    errorUri: true,
    text: () =>
      `Client assertion contains an invalid signature. [Reason - Key was found, but use of the key to verify the signature failed., ${dates()}, ${KEYS_TAIL}`,
    ask: () => byAssertion(own({ key: stranger.privateKeyPem })),
  },
  {
    code: 700030,
    error: "invalid_client",
    text: /^Invalid certificate - subject name in certificate is not authorized\. SubjectNames\/SubjectAlternativeNames \(up to 10\) in token certificate are: .*\bStranger\.$/,
    ask: () => byAssertion(own({ header: { x5c: [stranger.x509.raw.toString("base64")] } }, url, stranger)),
  },
  {
    code: 5002723,
    error: "invalid_client",
    errorUri: true,
    text: "Invalid JWT token. No certificate SHA-1 thumbprint, certificate SHA-256 thumbprint, nor keyId specified in token header.",
    ask: () => byAssertion(own({ header: { x5t: undefined } })),
  },
  {
    code: 5002727,
    error: "invalid_request",
    errorUri: false,
    text: "Invalid JWT header type specified. Allowed types: 'JWT','http://openid.net/specs/jwt/1.0'.",
    ask: () => byAssertion(own({ header: { typ: "client-authentication+jwt" } })),
  },
  {
    code: 5002730,
    error: "invalid_request",
    text: "Invalid JWT token. Unsupported key for the signing algorithm.",
    ask: () => {
      const header = { alg: "RS256", x5t: elliptic.sha1.toString("base64url") };
      return byAssertion(makeAssertion(daemon, url, ELLIPTIC, { header }), { client_id: ELLIPTIC });
    },
  },
  {
    code: 5002738,
    error: "invalid_client",
    errorUri: true,
    text: "Invalid JWT token. 'none' is not a supported signature algorithm. Supported signing algorithms are: 'RS256,RS384,RS512'",
    ask: () => byAssertion(own({ header: { alg: "none" } })),
  },
  {
    code: 7000216,
    error: "invalid_client",
    errorUri: true,
    text: "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
    ask: () => bySecret({ client_secret: undefined }),
  },
  {
    code: 7000218,
    error: "invalid_client",
    text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    ask: async () => redeem(await signIn({}), { client_secret: undefined }),
  },
  {
    code: 700025,
    error: "invalid_client",
    text: "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
    ask: async () => {
      const { json } = await graph("POST", `/applications(appId='${NATIVE}')/addPassword`, {});
      const redirect_uri = "http://localhost";
      const code = await signIn({ client_id: NATIVE, redirect_uri });
      const client_secret = String(json["secretText"]);
      return redeem(code, { client_id: NATIVE, redirect_uri, client_secret });
    },
  },
  {
    code: 700016,
    error: "unauthorized_client",
    errorUri: true,
    text: `Application with identifier '${STRANGER}' was not found in the directory 'Example School'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
    ask: () => bySecret({ client_id: STRANGER }),
  },
  {
    code: 700038,
    error: "unauthorized_client",
    errorUri: false,
    text: "00000000-0000-0000-0000-000000000000 is not a valid application identifier.",
    ask: () => bySecret({ client_id: "00000000-0000-0000-0000-000000000000" }),
  },
  {
    code: 7000112,
    error: "unauthorized_client",
    text: `Application '${DISABLED}'(Closed) is disabled.`,
    ask: () => bySecret({ client_id: DISABLED }),
  },
  {
    code: 7000229,
    error: "invalid_client",
    text: `The client application ${UNACCOUNTED} is missing service principal in the tenant ${TENANT}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119`,
    ask: () => bySecret({ client_id: UNACCOUNTED }),
  },
  {
    code: 54005,
    error: "invalid_grant",
    text: "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.",
    ask: async () => {
      const code = await signIn({});
      await redeem(code);
      return redeem(code);
    },
  },
  {
    code: 70000,
    error: "invalid_grant",
    text: "Provided grant is invalid or malformed.",
    ask: async () => {
      const code = await signIn({});
      await graph("DELETE", "/users/office@school.example");
      return redeem(code);
    },
  },
  {
    code: 70008,
    error: "invalid_grant",
    text: "The provided authorization code or refresh token has expired due to inactivity.",
    ask: async () => {
      const code = await signIn({});
      emulator.clock.advance(601_000);
      return redeem(code);
    },
  },
  {
    code: 700082,
    error: "invalid_grant",
    // The lookup page has a blank there that does not break.
    text: /^The refresh token has expired due to inactivity\.\s+The token was issued on \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z and was inactive for 90\.00:00:00\.$/,
    ask: async () => renewAfter(await redeem(await signIn({})), 91 * 86_400_000),
  },
  {
    code: 700084,
    error: "invalid_grant",
    text: /^The refresh token was issued to a single page app \(SPA\), and therefore has a fixed, limited lifetime of 1\.00:00:00, which cannot be extended\. It is now expired and a new sign in request must be sent by the SPA to the sign in page\. The token was issued on \S+Z\.$/,
    ask: async () => {
      const page = { client_id: SPA, redirect_uri: "https://page.school.example/" };
      const headers = { origin: "https://page.school.example" };
      const first = await redeem(await signIn(page), { ...page, client_secret: undefined }, headers);
      return renewAfter(first, 25 * 3_600_000, { client_id: SPA, client_secret: undefined }, headers);
    },
  },
  {
    code: 65001,
    error: "invalid_grant",
    text: `The user or administrator has not consented to use the application with ID '${API}' named 'Timetable API'. Send an interactive authorization request for this user and resource.`,
    ask: () => password({ scope: "Mail.Read" }),
  },
  {
    code: 501051,
    error: "invalid_grant",
    errorUri: true,
    text: `Application '${DAEMON}'(Timetable daemon) is not assigned to a role for the application '${API}'(Timetable API).`,
    ask: async () => {
      await graph("PATCH", `/servicePrincipals(appId='${API}')`, { appRoleAssignmentRequired: true });
      return bySecret({ scope: `api://${API}/.default` });
    },
  },
  {
    code: 53003,
    error: "invalid_grant",
    errorUri: true,
    text: "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
    ask: () => {
      emulator.faults.add({ endpoint: "token", kind: "aadsts", code: 53003, times: 1 });
      return bySecret();
    },
  },
  {
    code: 70016,
    error: "authorization_pending",
    text: "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
    ask: () => device(0),
  },
  {
    code: 70020,
    error: "expired_token",
    text: "The provided value for the input parameter 'device_code' is not valid. This device code has expired.",
    ask: () => device(901_000),
  },
  {
    code: 501661,
    error: "invalid_request",
    text: /./,
    ask: () => external({ iss: "https://token.actions.example", sub: "far" }),
  },
  {
    code: 700211,
    error: "invalid_client",
    text: `No matching federated identity record found for presented assertion issuer 'https://elsewhere.example'. ${FEDERATION}`,
    ask: () => external({ iss: "https://elsewhere.example" }),
  },
  {
    code: 700212,
    error: "invalid_client",
    text: `No matching federated identity record found for presented assertion audience 'api://other'. ${FEDERATION}`,
    ask: () => external({ aud: "api://other" }),
  },
  {
    code: 700213,
    error: "invalid_client",
    text: `No matching federated identity record found for presented assertion subject 'someone'. ${FEDERATION}`,
    ask: () => external({ sub: "someone" }),
  },
  {
    code: 7002138,
    error: "invalid_client",
    text: `No matching federated identity record found for presented assertion subject '${SUBJECT.toUpperCase()}'. The subject matches with case-insensitive comparison, but not with case-sensitive comparison.`,
    ask: () => external({ sub: SUBJECT.toUpperCase() }),
  },
  {
    code: 700222,
    error: "invalid_client",
    text: "AAD-issued tokens may not be used for federated identity flows.",
    ask: () => external({ iss: `https://login.microsoftonline.com/${TENANT}/v2.0`, sub: DAEMON }),
  },
  {
    code: 50013,
    error: "invalid_grant",
    text: /^Assertion failed signature validation\./,
    ask: async () => {
      const { json } = await bySecret({ scope: `api://${API}/.default` });
      const assertion = `${String(json["access_token"]).slice(0, -8)}AAAAAAAA`;
      return bySecret({
        client_id: API,
        grant_type: JWT_BEARER.replace("client-assertion-type", "grant-type"),
        requested_token_use: "on_behalf_of",
        assertion,
      });
    },
  },
  {
    code: 50148,
    error: "invalid_grant",
    errorUri: true,
    text: "The code_verifier does not match the code_challenge supplied in the authorization request for PKCE.",
    ask: async () => redeem(await signIn({}), { code_verifier: makePkce().verifier }),
  },
  {
    code: 9002326,
    error: "invalid_request",
    text: "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type. Request origin: 'https://page.school.example'.",
    ask: async () => redeem(await signIn({}), {}, { origin: "https://page.school.example" }),
  },
  {
    code: 9002327,
    error: "invalid_request",
    text: "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.",
    ask: async () => {
      const page = { client_id: SPA, redirect_uri: "https://page.school.example/" };
      return redeem(await signIn(page), { ...page, client_secret: undefined });
    },
  },
  {
    code: 70003,
    error: "unsupported_grant_type",
    errorUri: false,
    text: "The app requested an unsupported grant type 'magic'.",
    ask: () => bySecret({ grant_type: "magic" }),
  },
  {
    code: 900144,
    error: "invalid_request",
    errorUri: true,
    text: "The request body must contain the following parameter: 'grant_type'.",
    ask: () => bySecret({ grant_type: undefined }),
  },
  {
    code: 9002313,
    error: "invalid_grant",
    errorUri: true,
    text: "Invalid request. Request is malformed or invalid.",
    ask: () => redeem("garbled"),
  },
  {
    code: 500011,
    error: "invalid_resource",
    errorUri: true,
    text: "The resource principal named https://unknown.example was not found in the tenant named Example School. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.",
    ask: () => bySecret({ scope: "https://unknown.example/.default" }),
  },
  {
    code: 70011,
    error: "invalid_scope",
    errorUri: false,
    text: `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${GRAPH} https://outlook.office365.com/.default is not valid.`,
    ask: () => bySecret({ scope: `${GRAPH} https://outlook.office365.com/.default` }),
  },
  {
    code: 1002012,
    error: "invalid_scope",
    errorUri: false,
    text: "The provided value for scope https://graph.microsoft.com/User.Read is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).",
    ask: () => bySecret({ scope: "https://graph.microsoft.com/User.Read" }),
  },
  {
    code: 7000215,
    error: "invalid_client",
    errorUri: true,
    text: `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${DAEMON}'.`,
    ask: () => bySecret({ client_secret: "wrong" }),
  },
  {
    code: 7000222,
    error: "invalid_client",
    errorUri: true,
    text: `The provided client secret keys for app '${DAEMON}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
    ask: () => bySecret({ client_secret: "an-old-secret" }),
  },
  {
    code: 50059,
    error: "invalid_request",
    errorUri: false,
    text: "No tenant-identifying information found in either the request or implied by any provided credentials.",
    ask: () => bySecret({}, "/common/oauth2/v2.0/token"),
  },
  {
    code: 90002,
    error: "invalid_request",
    errorUri: true,
    text: "Tenant 'nowhere.example' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.",
    ask: () => bySecret({}, "/nowhere.example/oauth2/v2.0/token"),
  },
  {
    code: 900023,
    error: "invalid_request",
    errorUri: true,
    text: "Specified tenant identifier 'no_tenant' is neither a valid DNS name, nor a valid external domain.",
    ask: () => bySecret({}, "/no_tenant/oauth2/v2.0/token"),
  },
  {
    code: 50034,
    error: "invalid_grant",
    text: "The user account nobody@school.example does not exist in the Example School directory. To sign into this application, the account must be added to the directory.",
    ask: () => password({ username: "nobody@school.example" }),
  },
  {
    code: 50126,
    error: "invalid_grant",
    text: "Error validating credentials due to invalid username or password.",
    ask: () => password({ password: "wrong" }),
  },
];

describe("the token endpoint", () => {
  it.each(ANSWERS)("answers AADSTS$code as published", async ({ code, error, errorUri, text, ask }) => {
    const { status, json, text: body } = await ask();
    expect(json["error_codes"], body).toEqual([code]);
    expect(json["error"]).toBe(error);
    expect(status).toBe(error === "invalid_client" ? 401 : 400);
    const description = String(json["error_description"]);
    const said = /^AADSTS\d+: (.*) Trace ID: (\S+) Correlation ID: (\S+) Timestamp: (\S+ \S+)$/.exec(
      description,
    );
    expect(said, description).not.toBeNull();
    const [, words = "", ...suffix] = said ?? [];
    if (text instanceof RegExp) expect(words).toMatch(text);
    else expect(words).toBe(typeof text === "string" ? text : text());
    expect(suffix).toEqual([json["trace_id"], json["correlation_id"], json["timestamp"]]);
    expect(json["timestamp"]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/);
    if (errorUri !== undefined) expect("error_uri" in json).toBe(errorUri);
    const members = ["error", "error_description", "error_codes", "timestamp", "trace_id", "correlation_id"];
    const optional = ["error_uri", "suberror", "claims"].filter((name) => name in json);
    expect(Object.keys(json)).toEqual([...members, ...optional]);
    if (errorUri === true) expect(json["error_uri"]).toBe(`${emulator.origin}/error?code=${code}`);
  });
});

describe("headers", () => {
  /** As recorded in fixtures of Microsoft's libraries, 2020 to 2023. */
  it("of the token endpoint are the service's, on success and on failure", async () => {
    const telemetry = { "x-client-current-telemetry": "2|771,0|,", "return-client-request-id": "true" };
    const id = { "client-request-id": "5f5f5f5f-6a6a-4b7b-8c8c-9d9d9d9d9d9d" };
    const form = { grant_type: "client_credentials", client_id: DAEMON, client_secret: SECRET, scope: GRAPH };
    const taken = await post(form, url, { ...telemetry, ...id });
    const refused = await post({ ...form, client_secret: "x" }, url, { ...telemetry, ...id });
    expect([taken.status, refused.status]).toEqual([200, 401]);
    for (const { headers } of [taken, refused]) {
      expect(headers).toMatchObject({
        "cache-control": "no-store, no-cache",
        pragma: "no-cache",
        "content-type": "application/json; charset=utf-8",
        expires: "-1",
        "strict-transport-security": "max-age=31536000; includeSubDomains",
        "x-content-type-options": "nosniff",
        p3p: 'CP="DSP CUR OTPi IND OTRi ONL FIN"',
        "x-xss-protection": "0",
        "client-request-id": id["client-request-id"],
      });
      expect(headers["x-ms-ests-server"]).toMatch(/^\d+\.\d+\.\d+\.\d+ - /);
      expect(headers["www-authenticate"]).toBeUndefined();
      const cookies = [headers["set-cookie"] ?? []].flat();
      expect(cookies.map((cookie) => cookie.split(";")[0]?.replace(/^fpc=.*/, "fpc"))).toEqual([
        "fpc",
        "x-ms-gateway-slice=estsfd",
        "stsservicecookie=estsfd",
      ]);
      const [, end = ""] =
        /expires=([^;]+); path=\/; secure; HttpOnly; SameSite=None$/.exec(cookies[0] ?? "") ?? [];
      expect(Math.round((Date.parse(end) - Date.now()) / 86_400_000)).toBe(30);
    }
    expect(refused.headers["x-ms-request-id"]).toBe(refused.json["trace_id"]);
    expect(refused.json["correlation_id"]).toBe(id["client-request-id"]);
    expect(taken.headers["x-ms-clitelem"]).toBe("1,0,0,,");
    expect(refused.headers["x-ms-clitelem"]).toBe("1,7000215,0,,");
  });

  it("of discovery let pages of other origins read it, for a day", async () => {
    for (const path of [
      `/${TENANT}/v2.0/.well-known/openid-configuration`,
      `/${TENANT}/discovery/v2.0/keys`,
      "/common/discovery/instance?api-version=1.1&authorization_endpoint=https://login.microsoftonline.com/common/oauth2/authorize",
    ]) {
      const { status, headers } = await send(emulator, path);
      expect([path, status]).toEqual([path, 200]);
      expect(headers).toMatchObject({
        "access-control-allow-origin": "*",
        "access-control-allow-methods": "GET, OPTIONS",
        "cache-control": "max-age=86400, private",
      });
    }
  });

  it("of a throttled token endpoint say when to come back, beside plain text", async () => {
    emulator.faults.add({ endpoint: "token", kind: "throttle", retryAfterSeconds: 60, times: 1 });
    const { status, headers, text } = await bySecret();
    expect([status, headers["retry-after"], text]).toEqual([429, "60", "Too Many Requests"]);
  });
});

describe("Graph", () => {
  const ask = (authorization: string): Promise<Answer> =>
    send(emulator, "/v1.0/users/room-12@school.example/calendars", { headers: { authorization } });
  const expectRefusal = ({ status, json }: Answer, wanted: number, code: string, message: string): void => {
    expect(status).toBe(wanted);
    expect(json["error"]).toMatchObject({ code, message });
  };

  it("names what is wrong with a token as published", async () => {
    const { json } = await bySecret();
    const token = String(json["access_token"]);
    const invalid = "InvalidAuthenticationToken";
    expectRefusal(
      await ask("Bearer nonsense"),
      401,
      invalid,
      "CompactToken parsing failed with error code: 80049217",
    );
    expectRefusal(
      await ask(`Bearer ${token.slice(0, -8)}AAAAAAAA`),
      401,
      invalid,
      "CompactToken validation failed with reason code: 8004920A",
    );
    emulator.clock.advance(3_601_000);
    expectRefusal(
      await ask(`Bearer ${token}`),
      401,
      invalid,
      "CompactToken validation failed with reason code: 80049228",
    );
  });

  it("refuses directory objects without the role as published", async () => {
    const { access_token: token } = await emulator.tokenFor({ roles: ["Calendars.Read"] });
    const answer = await send(emulator, "/v1.0/applications", {
      headers: { authorization: `Bearer ${token}` },
    });
    const text = "Insufficient privileges to complete the operation.";
    expectRefusal(answer, 403, "Authorization_RequestDenied", text);
  });
});

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

function renewAfter(first: Answer, waitMs: number, fields: Fields = {}, headers = {}): Promise<Answer> {
  emulator.clock.advance(waitMs);
  const refresh_token = String(first.json["refresh_token"]);
  return post(
    { grant_type: "refresh_token", client_id: WEB, client_secret: SECRET, refresh_token, ...fields },
    url,
    headers,
  );
}
