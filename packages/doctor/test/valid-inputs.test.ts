/** Wrong diagnoses are worse than none: what is right gives no fault. */
import { createClientAssertion, createKeyCredential, type SigningAlgorithm } from "@nightlatch/credential";
import { expect, test } from "vitest";
import { explain } from "../src/index.ts";
import { RIGHT_CALENDARS } from "./calendar-samples.ts";
import { RIGHT_CODE } from "./code-samples.ts";
import { ODD_VALID_CLAIMS, ODD_VALID_MESSAGES } from "./odd-valid-messages.ts";
import { ODD_VALID } from "./odd-valid-samples.ts";
import {
  accessTokenClaims,
  assertionClaims,
  CLIENT_ID,
  mintKey,
  OBJECT_ID,
  part,
  type SampleKey,
  signJwt,
  TENANT_ID,
  TOKEN_ENDPOINT,
} from "./samples.ts";

const NOW = new Date("2026-06-15T10:00:00Z");
const WANTED = 500;

type Sample = readonly [string, ReadonlyArray<string | Uint8Array>];

test(`explain() finds no fault in ${WANTED} valid inputs`, async () => {
  const samples = await makeSamples();
  expect(samples.length).toBeGreaterThanOrEqual(WANTED);
  const wrong: string[] = [];
  const unread: string[] = [];
  for (const [name, contents] of samples) {
    const { findings, recognised } = await explain(
      contents.map((content) => ({ content })),
      { now: NOW },
    );
    const faults = findings.filter((finding) => finding.severity === "fault").map((finding) => finding.code);
    if (faults.length > 0) wrong.push(`${name}: ${faults.join(", ")}`);
    if (recognised.length === 0 && !name.startsWith("prose")) unread.push(name);
  }
  expect(wrong).toEqual([]);
  expect(unread).toEqual([]);
});

test("explain() does not even warn of calendars in which nothing is wrong", async () => {
  const wrong: string[] = [];
  for (const [name, content] of RIGHT_CALENDARS) {
    const { findings } = await explain([{ content }], { now: NOW });
    for (const { severity, code } of findings) if (severity === "warning") wrong.push(`${name}: ${code}`);
  }
  expect(wrong).toEqual([]);
});

async function makeSamples(): Promise<Sample[]> {
  const keys = [await mintKey(NOW), await mintKey(NOW, "CN=other,O=School,C=GB")];
  const samples: Sample[] = [];
  for (const key of keys) {
    samples.push(...(await assertions(key)), ...foreignAssertions(key), ...manifests(key), ...files(key));
    samples.push(...requests(await assertion(key, "PS256")), vaultBundle(key), rotatingManifest(key));
  }
  samples.push(...tokens(), ...answers(), ...prose());
  const texts = [...RIGHT_CODE, ...RIGHT_CALENDARS, ...ODD_VALID, ...ODD_VALID_MESSAGES];
  for (const [name, text] of texts) samples.push([name, [text]]);
  for (const [name, claims] of ODD_VALID_CLAIMS) samples.push([name, [tokenOf(claims)]]);
  return samples;
}

/** A certificate as Key Vault answers it: nbf and exp there are attributes, not claims. */
function vaultBundle(key: SampleKey): Sample {
  const { certificate } = key.credential;
  const bundle = {
    id: "https://school.vault.azure.net/certificates/daemon/0123",
    sid: "https://school.vault.azure.net/secrets/daemon/0123",
    x5t: certificate.thumbprintSha1.base64url,
    cer: Buffer.from(certificate.der).toString("base64"),
    attributes: {
      enabled: true,
      nbf: certificate.notBefore.getTime() / 1000,
      exp: certificate.notAfter.getTime() / 1000,
      recoveryLevel: "Recoverable+Purgeable",
    },
    policy: { key_props: { exportable: false, kty: "RSA", key_size: 2048 } },
  };
  return ["bundle of Key Vault", [JSON.stringify(bundle)]];
}

/** One key in use, the next one laid in for later. */
function rotatingManifest(key: SampleKey): Sample {
  const { certificate } = key.credential;
  const entry = { type: "AsymmetricX509Cert", usage: "Verify", key: null, displayName: "CN=daemon" };
  const keyCredentials = [
    {
      ...entry,
      customKeyIdentifier: certificate.thumbprintSha1.hex,
      keyId: OBJECT_ID,
      startDateTime: "2026-01-01T00:00:00Z",
      endDateTime: "2027-01-01T00:00:00Z",
    },
    {
      ...entry,
      customKeyIdentifier: "AB".repeat(20),
      keyId: TENANT_ID,
      startDateTime: "2026-12-01T00:00:00Z",
      endDateTime: "2027-12-01T00:00:00Z",
    },
  ];
  return ["manifest with the next key", [JSON.stringify({ appId: CLIENT_ID, keyCredentials })]];
}

function tokenOf(claims: Readonly<Record<string, unknown>>): string {
  const now = NOW.getTime() / 1000;
  const header = { alg: "RS256", typ: "JWT", kid: "aB3dEfGhIjKlMnOpQrStUvWxYz0" };
  return `${part(header)}.${part({ iat: now - 300, nbf: now - 300, exp: now + 3300, ...claims })}.c2lnbmF0dXJl`;
}

function assertion(key: SampleKey, algorithm: SigningAlgorithm, audience = TOKEN_ENDPOINT): Promise<string> {
  return createClientAssertion(key.credential, { clientId: CLIENT_ID, audience, algorithm, now: NOW });
}

async function assertions(key: SampleKey): Promise<Sample[]> {
  const samples: Sample[] = [];
  const audiences = [
    TOKEN_ENDPOINT,
    `https://login.microsoftonline.com/${TENANT_ID}/oauth2/token`,
    `https://login.microsoftonline.com/${TENANT_ID}/v2.0`,
    `https://sts.windows.net/${TENANT_ID}/`,
    "https://login.microsoftonline.com/school.example/oauth2/v2.0/token",
    `https://login.microsoftonline.us/${TENANT_ID}/oauth2/v2.0/token`,
    `https://login.partner.microsoftonline.cn/${TENANT_ID}/oauth2/v2.0/token`,
    `https://login.windows.net/${TENANT_ID}/oauth2/token`,
    `https://localhost:8443/${TENANT_ID}/oauth2/v2.0/token`,
    "https://fs.school.example/adfs/oauth2/token",
  ];
  for (const algorithm of ["PS256", "RS256"] as const) {
    for (const audience of audiences) {
      for (const includeChain of [false, true]) {
        for (const thumbprint of ["sha1", "sha256"] as const) {
          const options = { clientId: CLIENT_ID, audience, algorithm, now: NOW, includeChain, thumbprint };
          const text = await createClientAssertion(key.credential, options);
          const name = `assertion ${algorithm} ${audience} ${includeChain} ${thumbprint}`;
          samples.push([name, [text]], [`${name} with certificate`, [text, key.certificatePem]]);
        }
      }
    }
  }
  return samples;
}

/** Peculiarities of real clients, as facts about their sources tell them. */
function foreignAssertions(key: SampleKey): Sample[] {
  const x5t = key.credential.certificate.thumbprintSha1.base64url;
  const seconds = Math.floor(NOW.getTime() / 1000);
  const sign = (header: object, payload: object): string => signJwt(key.privateKey, header, payload);
  const header = { alg: "RS256", typ: "JWT", x5t };
  const rows: Array<readonly [string, string]> = [
    [
      "MSAL.NET: times as strings",
      sign(header, assertionClaims(NOW, { nbf: String(seconds), exp: String(seconds + 600) })),
    ],
    [
      "MSAL Python: fractions, no nbf",
      sign(header, assertionClaims(NOW, { nbf: undefined, iat: seconds + 0.25, exp: seconds + 600.25 })),
    ],
    ["MSAL Python: padded thumbprint", sign({ ...header, x5t: `${x5t}=` }, assertionClaims(NOW))],
    [
      "2015: no typ",
      sign({ alg: "RS256", x5t }, assertionClaims(NOW, { nbf: seconds - 300, exp: seconds + 900 })),
    ],
    ["oauth4webapi: sixty seconds", sign(header, assertionClaims(NOW, { exp: seconds + 60 }))],
    [
      "kid only",
      sign({ alg: "RS256", kid: key.credential.certificate.thumbprintSha1.hex }, assertionClaims(NOW)),
    ],
    ["long typ", sign({ ...header, typ: "http://openid.net/specs/jwt/1.0" }, assertionClaims(NOW))],
    ["one hour", sign(header, assertionClaims(NOW, { exp: seconds + 3600 }))],
    ["no jti", sign(header, assertionClaims(NOW, { jti: undefined }))],
    ["sent an hour ago", sign(header, assertionClaims(new Date(NOW.getTime() - 3_600_000)))],
  ];
  return rows.flatMap(([name, text]): Sample[] => [
    [name, [text]],
    [`${name}, with certificate`, [text, key.certificatePem]],
    [`${name}, with manifest`, [text, graphManifest(key)]],
  ]);
}

function graphManifest(key: SampleKey): string {
  const entry = createKeyCredential(key.credential.certificate, "graph");
  return JSON.stringify({
    id: OBJECT_ID,
    appId: CLIENT_ID,
    displayName: "timetable",
    signInAudience: "AzureADMyOrg",
    api: { requestedAccessTokenVersion: 2 },
    web: { redirectUris: [] },
    requiredResourceAccess: [
      {
        resourceAppId: "00000003-0000-0000-c000-000000000000",
        resourceAccess: [{ id: "ef54d2bf-783f-4e0f-bca1-3210c0444d99", type: "Role" }],
      },
    ],
    keyCredentials: [entry],
  });
}

function manifests(key: SampleKey): Sample[] {
  const certificate = key.credential.certificate;
  const graph = createKeyCredential(certificate, "graph");
  const old = createKeyCredential(certificate, "azureAdGraph");
  const hexNamed = { ...graph, customKeyIdentifier: certificate.thumbprintSha1.hex };
  const unnamed = { ...graph, customKeyIdentifier: undefined };
  const samples: Sample[] = [
    ["manifest", [graphManifest(key)]],
    ["manifest with certificate", [graphManifest(key), key.certificatePem]],
    ["manifest with key and certificate", [graphManifest(key), key.certificatePem, key.privateKeyPem]],
    ["manifest indented", [JSON.stringify(JSON.parse(graphManifest(key)), null, 2)]],
    ["manifest with BOM", [`\ufeff${graphManifest(key)}`]],
    [
      "read back, key null",
      [JSON.stringify({ ...JSON.parse(graphManifest(key)), keyCredentials: [{ ...graph, key: null }] })],
    ],
    [
      "old manifest",
      [
        JSON.stringify({
          id: OBJECT_ID,
          appId: CLIENT_ID,
          name: "timetable",
          accessTokenAcceptedVersion: 2,
          replyUrlsWithType: [],
          keyCredentials: [old],
        }),
      ],
    ],
    [
      "token signing key",
      [
        JSON.stringify({
          keyCredentials: [
            graph,
            { ...graph, keyId: OBJECT_ID, type: "X509CertAndPassword", usage: "Sign", key: null },
          ],
        }),
      ],
    ],
  ];
  for (const [name, entry] of [
    ["graph", graph],
    ["old", old],
    ["hex", hexNamed],
    ["unnamed", unnamed],
  ] as const) {
    samples.push([`entry ${name}`, [JSON.stringify(entry)]]);
    samples.push([`list ${name}`, [JSON.stringify([entry])]]);
    samples.push([`fragment ${name}`, [`"keyCredentials": ${JSON.stringify([entry])}`]]);
    samples.push([`entry indented ${name}`, [JSON.stringify(entry, null, 4)]]);
    samples.push([`entry with certificate ${name}`, [JSON.stringify(entry), key.certificatePem]]);
  }
  return samples;
}

function files(key: SampleKey): Sample[] {
  const { certificatePem, privateKeyPem } = key;
  const certificate = key.credential.certificate;
  const base64 = Buffer.from(certificate.der).toString("base64");
  const both = privateKeyPem + certificatePem;
  const samples: Sample[] = [
    ["certificate PEM", [certificatePem]],
    ["certificate CRLF", [certificatePem.replace(/\n/g, "\r\n")]],
    ["certificate with text before", [`subject=CN = x\nissuer=CN = x\n${certificatePem}`]],
    ["certificate with bag attributes", [`Bag Attributes\n    localKeyID: 01\n${certificatePem}`]],
    ["certificate DER", [certificate.der]],
    ["certificate base64", [base64]],
    ["certificate UTF-16", [Buffer.from(`\ufeff${certificatePem}`, "utf16le")]],
    ["key and certificate", [both]],
    ["certificate and key", [certificatePem + privateKeyPem]],
    [
      "key, PKCS#1, and certificate",
      [key.privateKey.export({ type: "pkcs1", format: "pem" }).toString() + certificatePem],
    ],
    ["key alone", [privateKeyPem]],
    ["key DER", [key.privateKey.export({ type: "pkcs8", format: "der" })]],
    [
      "encrypted key and certificate",
      [
        key.privateKey
          .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "night" })
          .toString() + certificatePem,
      ],
    ],
    ["bytes of PEM", [Buffer.from(both)]],
  ];
  const hex = certificate.thumbprintSha1.hex;
  const spaced = hex.replace(/../g, "$& ").trim();
  const writings = [
    hex,
    hex.toLowerCase(),
    hex.replace(/../g, "$&:").replace(/:$/, ""),
    spaced,
    certificate.thumbprintSha1.base64,
    certificate.thumbprintSha1.base64url,
    certificate.thumbprintSha256.hex,
    certificate.thumbprintSha256.base64,
    certificate.thumbprintSha256.base64url,
    `\u200e${spaced}`,
    `SHA1 Fingerprint=${hex.replace(/../g, "$&:").replace(/:$/, "")}`,
    `Thumbprint: ${hex}`,
  ];
  for (const text of writings) {
    samples.push(
      [`thumbprint ${text}`, [text]],
      [`thumbprint ${text} with certificate`, [text, certificatePem]],
    );
  }
  return samples;
}

function requests(assertionText: string): Sample[] {
  const form = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();
  const base = {
    grant_type: "client_credentials",
    client_id: CLIENT_ID,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertionText,
  };
  const graph = form({ ...base, scope: "https://graph.microsoft.com/.default" });
  const exchange = form({ ...base, scope: "https://outlook.office365.com/.default" });
  const own = form({ ...base, scope: `api://${CLIENT_ID}/.default` });
  const secret = form({
    grant_type: "client_credentials",
    client_id: CLIENT_ID,
    client_secret: "abc~DEF.ghi_JKL-mno123456789",
    scope: "https://graph.microsoft.com/.default",
  });
  const v1 = form({ ...base, resource: "https://outlook.office365.com" });
  const code = form({
    ...base,
    grant_type: "authorization_code",
    code: "OAQABAAIA",
    redirect_uri: "https://app.school.example/",
    scope: "openid",
  });
  const bodies: Array<readonly [string, string, string]> = [
    ["graph", graph, TOKEN_ENDPOINT],
    ["exchange", exchange, TOKEN_ENDPOINT],
    ["own API", own, TOKEN_ENDPOINT],
    ["secret", secret, TOKEN_ENDPOINT],
    ["v1", v1, `https://login.microsoftonline.com/${TENANT_ID}/oauth2/token`],
    ["code", code, TOKEN_ENDPOINT],
  ];
  return bodies.flatMap(([name, body, url]): Sample[] => [
    [`body ${name}`, [body]],
    [
      `HTTP ${name}`,
      [
        `POST ${url} HTTP/1.1\r\nHost: login.microsoftonline.com\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n${body}`,
      ],
    ],
    [
      `relative HTTP ${name}`,
      [
        `POST ${new URL(url).pathname} HTTP/1.1\nHost: login.microsoftonline.com\nContent-Type: application/x-www-form-urlencoded\n\n${body}`,
      ],
    ],
    [
      `curl ${name}`,
      [`curl -X POST '${url}' -H 'Content-Type: application/x-www-form-urlencoded' --data '${body}'`],
    ],
    [
      `curl in lines ${name}`,
      [
        `curl "${url}" \\\n${body
          .split("&")
          .map((field) => `  -d '${field}'`)
          .join(" \\\n")}`,
      ],
    ],
    [`HAR ${name}`, [har(url, body)]],
  ]);
}

function har(url: string, body: string): string {
  const request = {
    method: "POST",
    url,
    headers: [{ name: "Content-Type", value: "application/x-www-form-urlencoded" }],
    postData: { mimeType: "application/x-www-form-urlencoded", text: body },
  };
  const response = {
    status: 200,
    headers: [{ name: "Date", value: NOW.toUTCString() }],
    content: {
      mimeType: "application/json",
      text: JSON.stringify({ token_type: "Bearer", expires_in: 3599, access_token: token() }),
    },
  };
  return JSON.stringify({
    log: {
      version: "1.2",
      creator: { name: "test", version: "1" },
      entries: [{ startedDateTime: NOW.toISOString(), request, response }],
    },
  });
}

function token(changes: Record<string, unknown> = {}, header: Record<string, unknown> = {}): string {
  return `${part({ typ: "JWT", alg: "RS256", kid: "a", ...header })}.${part(accessTokenClaims(NOW, changes))}.c2lnbmF0dXJl`;
}

function tokens(): Sample[] {
  const exchange = { aud: "https://outlook.office365.com", roles: ["full_access_as_app"] };
  const v2 = {
    iss: `https://login.microsoftonline.com/${TENANT_ID}/v2.0`,
    aud: CLIENT_ID,
    azp: CLIENT_ID,
    azpacr: "2",
    appid: undefined,
    appidacr: undefined,
    ver: "2.0",
    roles: ["Things.Read"],
  };
  const user = {
    scp: "Calendars.ReadWrite",
    roles: undefined,
    idtyp: undefined,
    upn: "office@school.example",
  };
  const rows: Array<readonly [string, string]> = [
    ["Graph", token()],
    ["Graph, nonce", token({}, { nonce: "abc" })],
    ["Graph by GUID", token({ aud: "00000003-0000-0000-c000-000000000000" })],
    ["Graph with a slash", token({ aud: "https://graph.microsoft.com/" })],
    ["Graph by secret", token({ appidacr: "1" })],
    [
      "US Government",
      token({ aud: "https://graph.microsoft.us", iss: `https://sts.windows.net/${TENANT_ID}/` }),
    ],
    ["Exchange", token(exchange)],
    ["Exchange by GUID", token({ ...exchange, aud: "00000002-0000-0ff1-ce00-000000000000" })],
    ["own API, v2", token(v2)],
    ["own API by secret", token({ ...v2, azpacr: "1" })],
    ["own API without roles", token({ ...v2, roles: undefined })],
    ["user", token(user)],
    ["long-lived", token({ exp: Math.floor(NOW.getTime() / 1000) + 86_000, xms_cc: ["cp1"] })],
    [
      "id_token",
      `${part({ typ: "JWT", alg: "RS256", kid: "a" })}.${part({ ver: "2.0", iss: `https://login.microsoftonline.com/${TENANT_ID}/v2.0`, sub: "AAA", aud: CLIENT_ID, exp: 1_781_600_000, iat: 1_781_500_000, nbf: 1_781_500_000, name: "School office", preferred_username: "office@school.example", oid: OBJECT_ID, tid: TENANT_ID, nonce: "n" })}.c2ln`,
    ],
  ];
  const samples: Sample[] = rows.flatMap(([name, text]): Sample[] => [
    [`token ${name}`, [text]],
    [
      `token ${name} in JSON`,
      [JSON.stringify({ token_type: "Bearer", expires_in: 3599, ext_expires_in: 3599, access_token: text })],
    ],
    [`token ${name} in a log`, [`2026-06-15T10:00:00Z info acquired ${text} for app`]],
  ]);
  const calls: Array<readonly [string, string, string, string]> = [
    ["GET", "https://graph.microsoft.com/v1.0/users/room-12@school.example/events", token(), ""],
    [
      "POST",
      "https://graph.microsoft.com/v1.0/users/room-12@school.example/events",
      token(),
      '{"subject":"Mathematics"}',
    ],
    ["GET", "https://graph.microsoft.com/v1.0/me/events", token(user), ""],
    [
      "POST",
      "https://outlook.office365.com/EWS/Exchange.asmx",
      token(exchange),
      "<s:Envelope><s:Header><t:ExchangeImpersonation><t:ConnectingSID><t:SmtpAddress>room-12@school.example</t:SmtpAddress></t:ConnectingSID></t:ExchangeImpersonation></s:Header></s:Envelope>",
    ],
  ];
  for (const [method, url, bearer, body] of calls) {
    samples.push([
      `call ${method} ${url}`,
      [
        `${method} ${url} HTTP/1.1\nAuthorization: Bearer ${bearer}\nX-AnchorMailbox: room-12@school.example\n\n${body}`,
      ],
    ]);
    samples.push([
      `curl ${method} ${url}`,
      [
        `curl -X ${method} -H "Authorization: Bearer ${bearer}" -H "X-AnchorMailbox: room-12@school.example" ${body === "" ? "" : `-d '${body}'`} ${url}`,
      ],
    ]);
  }
  return samples;
}

/** Answers that are no failures. */
function answers(): Sample[] {
  return [
    [
      "prose Graph list",
      [
        '{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users","value":[{"id":"1","displayName":"Room 12"}]}',
      ],
    ],
    [
      "prose event",
      [
        '{"id":"AAMk","subject":"Mathematics","start":{"dateTime":"2026-06-15T09:00:00","timeZone":"Europe/London"}}',
      ],
    ],
    [
      "prose EWS",
      [
        '<s:Envelope><s:Body><m:FindItemResponse><m:ResponseMessages><m:FindItemResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode></m:FindItemResponseMessage></m:ResponseMessages></m:FindItemResponse></s:Body></s:Envelope>',
      ],
    ],
    [
      "HTTP 200",
      [
        'HTTP/1.1 200 OK\nDate: Mon, 15 Jun 2026 10:00:00 GMT\nContent-Type: application/json\n\n{"value":[]}',
      ],
    ],
    [
      "prose batch",
      [
        '{"responses":[{"id":"1","status":200,"body":{"value":[]}},{"id":"2","status":201,"body":{"id":"AAMk"}}]}',
      ],
    ],
    [
      "prose JWKS",
      ['{"keys":[{"kty":"RSA","use":"sig","kid":"a","x5t":"a","n":"AQAB","e":"AQAB","alg":"RS256"}]}'],
    ],
    [
      "prose discovery",
      [
        '{"issuer":"https://login.microsoftonline.com/{tenantid}/v2.0","token_endpoint":"https://login.microsoftonline.com/common/oauth2/v2.0/token"}',
      ],
    ],
  ];
}

/** Texts that speak of these things without being one. */
function prose(): Sample[] {
  return [
    [
      "prose 1",
      ["Use New-SelfSignedCertificate to make a self signed certificate, then upload the .cer file."],
    ],
    ["prose 2", ["The header has x5t and alg; the payload has iss, sub, aud and exp."]],
    [
      "prose 3",
      ["A PEM file begins with -----BEGIN CERTIFICATE----- and ends with -----END CERTIFICATE-----."],
    ],
    ["prose 4", ["Please check the access token, the scope and the resource before you call Graph."]],
    ["prose 5", [""]],
    ["prose 6", ["BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"]],
    ["prose 7", ["name,start,end\nMathematics,2026-06-15 09:00,2026-06-15 10:00\n"]],
    ["prose 8", ['{"compilerOptions":{"strict":true},"include":["src"]}']],
    ["prose 9", ["commit 9e8fd60 Add the doctor\nAuthor: school\n"]],
  ];
}
