import { createHmac, createPrivateKey, sign } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningEmulator } from "../src/index.ts";
import {
  type Answer,
  API,
  type AssertionParts,
  DAEMON,
  encode,
  JWT_BEARER,
  KEYLESS,
  makeAssertion,
  makeCertificate,
  SECRET,
  schoolSeed,
  send,
  startSchool,
  TENANT,
  type TestCertificate,
  WEB,
} from "./entra-school.ts";

let daemon: TestCertificate;
let stranger: TestCertificate;
let emulator: RunningEmulator;
let endpoint: string;

beforeAll(async () => {
  daemon = makeCertificate("Timetable daemon");
  stranger = makeCertificate("Stranger");
  emulator = await startSchool(schoolSeed(daemon));
  endpoint = `${emulator.origin}/${TENANT}/oauth2/v2.0/token`;
});

afterAll(() => emulator.close());

function present(
  assertion: string | undefined,
  more: Readonly<Record<string, string | undefined>> = {},
  path = endpoint,
): Promise<Answer> {
  return send(emulator, path, {
    form: {
      grant_type: "client_credentials",
      client_id: DAEMON,
      scope: "https://graph.microsoft.com/.default",
      client_assertion_type: JWT_BEARER,
      client_assertion: assertion,
      ...more,
    },
  });
}

const own = (parts: AssertionParts = {}, audience = endpoint): string =>
  makeAssertion(daemon, audience, DAEMON, parts);

function expectRefusal(answer: Answer, code: number, error = "invalid_client"): void {
  expect(answer.json["error_codes"], answer.text).toEqual([code]);
  expect(answer.json["error"]).toBe(error);
  expect(answer.status).toBe(error === "invalid_client" ? 401 : 400);
  expect(String(answer.json["error_description"])).toMatch(new RegExp(`^AADSTS${code}: `));
}

describe("client assertions that are taken", () => {
  const sha1Hex = () => daemon.sha1.toString("hex");
  const taken: readonly (readonly [string, () => string])[] = [
    ["RS256 with x5t", () => own()],
    [
      "PS256 with x5t#S256",
      () =>
        own({ header: { alg: "PS256", x5t: undefined, "x5t#S256": daemon.sha256.toString("base64url") } }),
    ],
    ["RS384", () => own({ header: { alg: "RS384" } })],
    ["RS512", () => own({ header: { alg: "RS512" } })],
    ["no typ, as the sample of 2015", () => own({ header: { typ: undefined } })],
    ["typ of the first drafts", () => own({ header: { typ: "http://openid.net/specs/jwt/1.0" } })],
    ["x5t padded, as MSAL Python", () => own({ header: { x5t: `${daemon.sha1.toString("base64url")}=` } })],
    [
      "x5t in the plain base64 alphabet, as the Perl script of 2016",
      () => own({ header: { x5t: daemon.sha1.toString("base64") } }),
    ],
    [
      "kid with the thumbprint in hex",
      () => own({ header: { x5t: undefined, kid: sha1Hex().toUpperCase() } }),
    ],
    [
      "kid with the thumbprint in base64url",
      () => own({ header: { x5t: undefined, kid: daemon.sha1.toString("base64url") } }),
    ],
    [
      "times as texts, as MSAL.NET",
      () =>
        own({
          claims: {
            nbf: String(Math.floor(Date.now() / 1000)),
            exp: String(Math.floor(Date.now() / 1000) + 600),
          },
        }),
    ],
    [
      "times with a fraction and no nbf, as MSAL Python",
      () => own({ claims: { nbf: undefined, iat: Date.now() / 1000, exp: Date.now() / 1000 + 600 } }),
    ],
    ["x5c as one text, as MSAL.NET", () => own({ header: { x5c: daemon.x509.raw.toString("base64") } })],
    [
      "x5c with line breaks, as MSAL Python",
      () => own({ header: { x5c: [daemon.x509.raw.toString("base64").replace(/(.{64})/g, "$1\n")] } }),
    ],
    ["a life of a year", () => own({ claims: { exp: Math.floor(Date.now() / 1000) + 31_536_000 } })],
    [
      "nbf five minutes back, as the sample of 2015",
      () => own({ claims: { nbf: Math.floor(Date.now() / 1000) - 300 } }),
    ],
    ["audience with the domain", () => own({}, `${emulator.origin}/school.example/oauth2/v2.0/token`)],
    ["audience of v1", () => own({}, `${emulator.origin}/${TENANT}/oauth2/token`)],
    [
      "audience under the real name",
      () => own({}, `https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`),
    ],
    ["audience under an alias", () => own({}, `https://login.windows.net/${TENANT}/oauth2/token`)],
    ["audience as the v1 issuer", () => own({}, `https://sts.windows.net/${TENANT}/`)],
    ["audience as the v2 issuer", () => own({}, `${emulator.origin}/${TENANT}/v2.0`)],
    ["client id in upper case", () => makeAssertion(daemon, endpoint, DAEMON.toUpperCase())],
  ];
  it.each(taken)("takes %s", async (_name, make) => {
    const answer = await present(make());
    expect(answer.status, answer.text).toBe(200);
  });

  it("takes the same jti twice", async () => {
    const assertion = own({ claims: { jti: "one" } });
    expect((await present(assertion)).status).toBe(200);
    expect((await present(assertion)).status).toBe(200);
  });

  it("takes an assertion without client_id in the form", async () => {
    expect((await present(own(), { client_id: undefined })).status).toBe(200);
  });

  it("takes a certificate registered as base64 of the whole PEM text without dates", async () => {
    const value = Buffer.from(daemon.certificatePem).toString("base64");
    const manifest = {
      appId: DAEMON,
      keyCredentials: [
        {
          customKeyIdentifier: daemon.sha1.toString("hex").toUpperCase(),
          keyId: "ff3ce8e8-7268-4b46-88be-d3a191a0695e",
          type: "AsymmetricX509Cert",
          usage: "Verify",
          value,
        },
      ],
    };
    const seed = {
      tenants: [{ tenantId: TENANT, domains: ["school.example"], applications: [{ manifest }] }],
    };
    const other = await startSchool(seed);
    const url = `${other.origin}/${TENANT}/oauth2/v2.0/token`;
    const form = {
      grant_type: "client_credentials",
      client_id: DAEMON,
      scope: "https://graph.microsoft.com/.default",
      client_assertion_type: JWT_BEARER,
      client_assertion: makeAssertion(daemon, url, DAEMON),
    };
    const answer = await send(other, url, { form });
    await other.close();
    expect(answer.status, answer.text).toBe(200);
  });
});

describe("client assertions that are refused", () => {
  const nowSeconds = () => Math.floor(Date.now() / 1000);
  const refusals: readonly (readonly [string, number, string, () => string])[] = [
    ["no JWT at all", 50027, "invalid_request", () => "nonsense"],
    ["two parts", 50027, "invalid_request", () => "e30.e30"],
    [
      "a header that is not JSON",
      50027,
      "invalid_request",
      () => `${Buffer.from("x").toString("base64url")}.e30.eA`,
    ],
    ["an array as audience", 50027, "invalid_request", () => own({ claims: { aud: [endpoint] } })],
    ["a time that is no number", 50027, "invalid_request", () => own({ claims: { exp: "soon" } })],
    ["another typ", 5002727, "invalid_request", () => own({ header: { typ: "at+jwt" } })],
    ["alg none", 5002738, "invalid_client", () => own({ header: { alg: "none" } })],
    [
      "ES384",
      5002738,
      "invalid_client",
      () =>
        own({
          header: { alg: "ES384" },
          key: makeCertificate("EC", ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"]).privateKeyPem,
        }),
    ],
    ["no reference to a key", 5002723, "invalid_client", () => own({ header: { x5t: undefined } })],
    ["no iss", 90014, "invalid_request", () => own({ claims: { iss: undefined } })],
    ["no aud", 90014, "invalid_request", () => own({ claims: { aud: undefined } })],
    ["no sub", 90014, "invalid_request", () => own({ claims: { sub: undefined } })],
    ["iss and sub that differ", 50048, "invalid_client", () => own({ claims: { sub: WEB } })],
    [
      "iss and sub of another client",
      700021,
      "invalid_client",
      () => own({ claims: { iss: WEB, sub: WEB } }),
    ],
    [
      "an audience of another tenant",
      700023,
      "invalid_client",
      () => own({}, `${emulator.origin}/second.example/oauth2/v2.0/token`),
    ],
    [
      "an audience on /common",
      700023,
      "invalid_client",
      () => own({}, `${emulator.origin}/common/oauth2/v2.0/token`),
    ],
    ["an audience with a stray slash", 700023, "invalid_client", () => own({}, `${endpoint}/`)],
    [
      "an audience of another host",
      700023,
      "invalid_client",
      () => own({}, `https://login.example.org/${TENANT}/oauth2/v2.0/token`),
    ],
    [
      "an unregistered certificate",
      700027,
      "invalid_client",
      () => makeAssertion(stranger, endpoint, DAEMON),
    ],
    [
      "an unregistered certificate with its chain",
      700030,
      "invalid_client",
      () =>
        makeAssertion(stranger, endpoint, DAEMON, {
          header: { x5c: [stranger.x509.raw.toString("base64")] },
        }),
    ],
    [
      "a chain that is none",
      700029,
      "invalid_client",
      () => makeAssertion(stranger, endpoint, DAEMON, { header: { x5c: ["AAAA"] } }),
    ],
    ["a signature by another key", 700027, "invalid_client", () => own({ key: stranger.privateKeyPem })],
    ["PKCS#1 padding under a PS256 header", 700027, "invalid_client", () => mislabelled()],
    ["no exp", 700024, "invalid_client", () => own({ claims: { exp: undefined } })],
    [
      "an assertion of an hour ago",
      700024,
      "invalid_client",
      () => own({ claims: { nbf: nowSeconds() - 7200, exp: nowSeconds() - 3600 } }),
    ],
    [
      "an assertion of tomorrow",
      700024,
      "invalid_client",
      () => own({ claims: { nbf: nowSeconds() + 86_400, exp: nowSeconds() + 90_000 } }),
    ],
    ["nbf in milliseconds", 700024, "invalid_client", () => own({ claims: { nbf: Date.now() } })],
  ];
  it.each(refusals)("refuses %s with AADSTS%d", async (_name, code, error, make) => {
    expectRefusal(await present(make()), code, error);
  });

  /** RS256 signature, PS256 header: the signed bytes are right, the padding is not. */
  function mislabelled(): string {
    const [, claims] = own().split(".");
    const input = `${encode({ alg: "PS256", typ: "JWT", x5t: daemon.sha1.toString("base64url") })}.${claims}`;
    return `${input}.${sign("sha256", Buffer.from(input), createPrivateKey(daemon.privateKeyPem)).toString("base64url")}`;
  }

  it("refuses an assertion made with the client secret for its missing key reference", async () => {
    const input = `${encode({ alg: "HS256", typ: "JWT" })}.${encode({ iss: DAEMON, sub: DAEMON, aud: endpoint })}`;
    const assertion = `${input}.${createHmac("sha256", SECRET).update(input).digest("base64url")}`;
    expectRefusal(await present(assertion), 5002723);
  });

  it("refuses an assertion and a secret together, and neither", async () => {
    expectRefusal(await present(own(), { client_secret: SECRET }), 9002324, "invalid_request");
    expectRefusal(await present(undefined), 7000216);
  });

  it("refuses an assertion without its type", async () => {
    expectRefusal(await present(own(), { client_assertion_type: undefined }), 7000218);
  });

  it("says so when the application has no certificate at all", async () => {
    expectRefusal(await present(makeAssertion(daemon, endpoint, KEYLESS), { client_id: KEYLESS }), 700026);
    expectRefusal(await present(makeAssertion(daemon, endpoint, API), { client_id: API }), 700026);
  });

  it("looks at the header before the claims, and at the claims before the key", async () => {
    expectRefusal(await present(own({ header: { x5t: undefined }, claims: { aud: undefined } })), 5002723);
    expectRefusal(await present(makeAssertion(stranger, "https://elsewhere.example/", DAEMON)), 700023);
    expectRefusal(await present(makeAssertion(stranger, endpoint, DAEMON, { claims: { exp: 1 } })), 700027);
    expectRefusal(await present(own({ claims: { exp: 1 } }), { scope: "nonsense" }), 700024);
  });
});

describe("the reason in AADSTS700027", () => {
  const description = async (assertion: string): Promise<string> =>
    String((await present(assertion)).json["error_description"]);

  it("prints the thumbprint that x5t decodes to, in upper-case hex", async () => {
    const text = await description(makeAssertion(stranger, endpoint, DAEMON));
    expect(text).toContain("[Reason - The key was not found., Thumbprint of key used by client: '");
    expect(text).toContain(`'${stranger.sha1.toString("hex").toUpperCase()}'`);
    expect(text).toContain(`see configured keys for app Id '${DAEMON}'`);
  });

  it("prints 80 digits when the hex text itself was base64url-encoded, as in the question of 2019", async () => {
    const hexText = "bd1ed2c83761038844ee273a810a07f08b1d3d74";
    const text = await description(own({ header: { x5t: Buffer.from(hexText).toString("base64url") } }));
    expect(text).toContain(`'${Buffer.from(hexText).toString("hex").toUpperCase()}'`);
    expect(Buffer.from(hexText).toString("hex")).toHaveLength(80);
  });

  it("prints 64 digits when SHA-256 bytes stand in x5t", async () => {
    const text = await description(own({ header: { x5t: daemon.sha256.toString("base64url") } }));
    expect(text).toContain(`'${daemon.sha256.toString("hex").toUpperCase()}'`);
  });

  it("prints no thumbprint when x5t#S256 matched nothing", async () => {
    const text = await description(
      own({ header: { x5t: undefined, "x5t#S256": stranger.sha256.toString("base64url") } }),
    );
    expect(text).toContain("[Reason - The key was not found., Please visit");
  });

  it("prints the dates of the key whose signature does not fit", async () => {
    const text = await description(own({ key: stranger.privateKeyPem }));
    expect(text).toContain(
      "[Reason - Key was found, but use of the key to verify the signature failed., Found key 'Start=",
    );
    const start = new Date(daemon.x509.validFrom).toISOString();
    expect(text).toContain(
      `Start=${start.slice(5, 7)}/${start.slice(8, 10)}/${start.slice(0, 4)} ${start.slice(11, 19)}, End=`,
    );
  });

  it("prints the dates of a key that expired", async () => {
    emulator.clock.freeze(Date.parse(daemon.x509.validTo) + 86_400_000);
    const text = await description(own());
    emulator.clock.reset();
    expect(text).toContain("[Reason - The key used is expired., Found key 'Start=");
  });

  it("uses the older words in the classic style", async () => {
    const classic = await startSchool(schoolSeed(daemon), { entra: { errorStyle: "classic" } });
    const url = `${classic.origin}/${TENANT}/oauth2/v2.0/token`;
    const answer = await send(classic, url, {
      form: {
        grant_type: "client_credentials",
        client_id: DAEMON,
        scope: "x/.default",
        client_assertion_type: JWT_BEARER,
        client_assertion: makeAssertion(stranger, url, DAEMON),
      },
    });
    await classic.close();
    expect(answer.json["error_description"]).toMatch(
      /^AADSTS700027: Client assertion contains an invalid signature\. \[Reason - The key was not found\./,
    );
    expect(answer.json["error_description"]).toMatch(
      /\r\nTrace ID: [^\r]+\r\nCorrelation ID: [^\r]+\r\nTimestamp: /,
    );
    expect(answer.json).not.toHaveProperty("error_uri");
  });
});

describe("times in AADSTS700024", () => {
  it("prints a missing exp as 1970, with seven digits of a second", async () => {
    const { json } = await present(own({ claims: { exp: undefined } }));
    expect(json["error_description"]).toContain("expiry time of assertion 1970-01-01T00:00:00.0000000Z.");
    expect(json["error_description"]).toMatch(
      /Current time: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z, assertion valid from /,
    );
  });

  it("allows five minutes of difference between the clocks", async () => {
    const soon = Math.floor(Date.now() / 1000) + 240;
    expect((await present(own({ claims: { nbf: soon, exp: soon + 600 } }))).status).toBe(200);
  });
});

describe("switches", () => {
  it("refuses a jti that was seen before when strict", async () => {
    const strict = await startSchool(schoolSeed(daemon), { switches: { strictJti: true } });
    const url = `${strict.origin}/${TENANT}/oauth2/v2.0/token`;
    const form = {
      grant_type: "client_credentials",
      client_id: DAEMON,
      scope: "https://graph.microsoft.com/.default",
      client_assertion_type: JWT_BEARER,
      client_assertion: makeAssertion(daemon, url, DAEMON),
    };
    const first = await send(strict, url, { form });
    const second = await send(strict, url, { form });
    await strict.close();
    expect(first.status).toBe(200);
    expect(second.json["error_codes"]).toEqual([700027]);
  });
});
