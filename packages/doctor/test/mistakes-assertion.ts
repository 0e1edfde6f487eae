/** Ways of making a client assertion wrong, each with the finding that names it. */
import { constants, createHash, generateKeyPairSync, sign } from "node:crypto";
import {
  API,
  ASSERTION_TYPE,
  DAEMON,
  ENDPOINT,
  OTHER_TENANT,
  type PastedExchange,
  postForm,
  type School,
  TENANT,
} from "./emulated-school.ts";
import { part, type SampleKey, signJwt } from "./samples.ts";

/** What the doctor is given besides the answer. */
export type Given = "answer" | "request" | "certificate" | "everything";

/** One way of being wrong. */
export interface Mistake {
  readonly name: string;
  /** What was made wrong, as a finding code. */
  readonly expect: string;
  readonly given: Given;
  readonly make: (school: School) => Promise<PastedExchange>;
}

interface Parts {
  readonly header?: Record<string, unknown>;
  readonly claims?: Record<string, unknown>;
  readonly key?: SampleKey;
}

const now = (): number => Math.floor(Date.now() / 1000);
const x5t = (key: SampleKey): string => key.credential.certificate.thumbprintSha1.base64url;
const hex = (key: SampleKey): string => key.credential.certificate.thumbprintSha1.hex;
const text = (value: string): string => Buffer.from(value).toString("base64url");

function claimsOf(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    aud: ENDPOINT,
    iss: DAEMON,
    sub: DAEMON,
    jti: crypto.randomUUID(),
    nbf: now(),
    exp: now() + 600,
    ...changes,
  };
}

function assertionOf(school: School, { header, claims, key }: Parts): string {
  return signJwt(
    (key ?? school.daemon).privateKey,
    { alg: "RS256", typ: "JWT", x5t: x5t(school.daemon), ...header },
    claimsOf(claims),
  );
}

function present(school: School, assertion: string): Promise<PastedExchange> {
  return postForm(school, {
    grant_type: "client_credentials",
    client_id: DAEMON,
    scope: "https://graph.microsoft.com/.default",
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: assertion,
  });
}

function mistake(name: string, expect: string, given: Given, parts: (school: School) => Parts): Mistake {
  return { name, expect, given, make: (school) => present(school, assertionOf(school, parts(school))) };
}

function raw(name: string, expect: string, given: Given, make: (school: School) => string): Mistake {
  return { name, expect, given, make: (school) => present(school, make(school)) };
}

function thumbprint(name: string, expect: string, given: Given, value: (key: SampleKey) => string): Mistake {
  return mistake(`x5t: ${name}`, expect, given, (school) => ({ header: { x5t: value(school.daemon) } }));
}

const pairs = (value: string, separator: string): string =>
  value.replace(/../g, `$&${separator}`).slice(0, -separator.length);

const THUMBPRINTS: readonly Mistake[] = [
  thumbprint("lower-case hex digits as text", "ASSERTION_X5T_HEX_TEXT", "answer", (key) =>
    text(hex(key).toLowerCase()),
  ),
  thumbprint("upper-case hex digits as text", "ASSERTION_X5T_HEX_TEXT", "answer", (key) => text(hex(key))),
  thumbprint("hex digits and a line break as text", "ASSERTION_X5T_HEX_TEXT", "answer", (key) =>
    text(`${hex(key)}\n`),
  ),
  thumbprint("SHA-256 hex digits as text", "ASSERTION_X5T_HEX_TEXT", "answer", (key) =>
    text(key.credential.certificate.thumbprintSha256.hex),
  ),
  thumbprint("upper-case hex digits as they are", "ASSERTION_X5T_HEX_AS_BASE64", "answer", hex),
  thumbprint("lower-case hex digits as they are", "ASSERTION_X5T_HEX_AS_BASE64", "answer", (key) =>
    hex(key).toLowerCase(),
  ),
  thumbprint("hex with colons as text", "ASSERTION_X5T_SEPARATORS", "answer", (key) =>
    text(pairs(hex(key), ":")),
  ),
  thumbprint("hex with blanks as text", "ASSERTION_X5T_SEPARATORS", "answer", (key) =>
    text(pairs(hex(key), " ")),
  ),
  thumbprint("U+200E before the hex digits", "ASSERTION_X5T_SEPARATORS", "answer", (key) =>
    text(`\u200e${hex(key)}`),
  ),
  thumbprint("hex with colons as it is", "ASSERTION_X5T_SEPARATORS", "request", (key) =>
    pairs(hex(key), ":"),
  ),
  thumbprint("base64 encoded once more", "ASSERTION_X5T_ENCODED_TWICE", "answer", (key) =>
    text(key.credential.certificate.thumbprintSha1.base64),
  ),
  thumbprint("base64url encoded once more", "ASSERTION_X5T_ENCODED_TWICE", "answer", (key) => text(x5t(key))),
  thumbprint("UTF-16 of the hex digits", "ASSERTION_X5T_UTF16", "answer", (key) =>
    Buffer.from(hex(key), "utf16le").toString("base64url"),
  ),
  thumbprint(
    "SHA-256",
    "ASSERTION_X5T_SHA256",
    "answer",
    (key) => key.credential.certificate.thumbprintSha256.base64url,
  ),
  thumbprint("the keyId", "ASSERTION_X5T_KEY_ID", "answer", () =>
    text("bbbbbbbb-0000-4000-8000-000000000001"),
  ),
  thumbprint("the whole certificate", "ASSERTION_X5T_WHOLE_CERTIFICATE", "answer", (key) =>
    Buffer.from(key.credential.certificate.der).toString("base64url"),
  ),
  thumbprint("the PEM text", "ASSERTION_X5T_WHOLE_CERTIFICATE", "answer", (key) => text(key.certificatePem)),
  thumbprint("ten bytes of it", "ASSERTION_X5T_WRONG_LENGTH", "answer", (key) =>
    Buffer.from(hex(key).slice(0, 20), "hex").toString("base64url"),
  ),
  thumbprint("SHA-512", "ASSERTION_X5T_WRONG_LENGTH", "answer", (key) =>
    createHash("sha512").update(key.credential.certificate.der).digest("base64url"),
  ),
  thumbprint("a subject name", "ASSERTION_X5T_WRONG_LENGTH", "answer", () => text("CN=timetable daemon")),
  thumbprint("hash of the PEM text", "ASSERTION_X5T_OF_PEM_TEXT", "certificate", (key) =>
    createHash("sha1").update(key.certificatePem).digest("base64url"),
  ),
  thumbprint("hash of the public key", "ASSERTION_X5T_OF_PUBLIC_KEY", "certificate", (key) =>
    createHash("sha1")
      .update(key.credential.certificate.publicKey.export({ type: "spki", format: "der" }))
      .digest("base64url"),
  ),
  thumbprint("bytes in reverse order", "ASSERTION_X5T_REVERSED", "certificate", (key) =>
    Buffer.from(hex(key), "hex").reverse().toString("base64url"),
  ),
  mistake(
    "another certificate signs and is named",
    "ASSERTION_CERTIFICATE_NOT_REGISTERED",
    "answer",
    ({ stranger }) => ({ key: stranger, header: { x5t: x5t(stranger) } }),
  ),
  mistake(
    "another certificate is named than the one at hand",
    "ASSERTION_X5T_OTHER_CERTIFICATE",
    "certificate",
    ({ stranger }) => ({ key: stranger, header: { x5t: x5t(stranger) } }),
  ),
  mistake("x5t#S256 of another certificate", "ASSERTION_KEY_REFERENCE_UNKNOWN", "answer", ({ stranger }) => ({
    header: { x5t: undefined, "x5t#S256": stranger.credential.certificate.thumbprintSha256.base64url },
  })),
  mistake("kid of another certificate", "ASSERTION_KEY_REFERENCE_UNKNOWN", "answer", ({ stranger }) => ({
    header: { x5t: undefined, kid: hex(stranger) },
  })),
  mistake("SHA-1 under x5t#S256", "ASSERTION_X5T_S256_SHA1", "request", ({ daemon }) => ({
    header: { x5t: undefined, "x5t#S256": x5t(daemon) },
  })),
  mistake("x5t#s256 with a small s", "ASSERTION_X5T_S256_CASING", "request", ({ daemon }) => ({
    header: { x5t: undefined, "x5t#s256": daemon.credential.certificate.thumbprintSha256.base64url },
  })),
  mistake("no key reference", "ASSERTION_NO_KEY_REFERENCE", "answer", () => ({ header: { x5t: undefined } })),
];

const SIGNATURES: readonly Mistake[] = [
  mistake("signed with another key", "ASSERTION_SIGNATURE_MISMATCH", "answer", ({ stranger }) => ({
    key: stranger,
  })),
  raw("claims changed after signing", "ASSERTION_SIGNATURE_MISMATCH", "answer", (school) => {
    const [header, , signature] = assertionOf(school, {}).split(".");
    return `${header}.${part(claimsOf({ jti: "changed" }))}.${signature}`;
  }),
  mistake("RS256 signature under PS256", "ASSERTION_SIGNATURE_PADDING", "everything", () => ({
    header: { alg: "PS256" },
  })),
  raw("PS256 signature under RS256", "ASSERTION_SIGNATURE_PADDING", "everything", (school) => {
    const input = `${part({ alg: "RS256", typ: "JWT", x5t: x5t(school.daemon) })}.${part(claimsOf())}`;
    const key = { key: school.daemon.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    return `${input}.${sign("sha256", Buffer.from(input), key).toString("base64url")}`;
  }),
  mistake("alg none", "ASSERTION_ALG_UNSUPPORTED", "answer", () => ({ header: { alg: "none" } })),
  mistake("alg in lower case", "ASSERTION_ALG_UNSUPPORTED", "answer", () => ({ header: { alg: "rs256" } })),
  mistake("HS256", "ASSERTION_ALG_UNSUPPORTED", "answer", () => ({ header: { alg: "HS256" } })),
  raw("ES256 with an EC key", "ASSERTION_ALG_UNSUPPORTED", "answer", (school) => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const input = `${part({ alg: "ES256", typ: "JWT", x5t: x5t(school.daemon) })}.${part(claimsOf())}`;
    return `${input}.${sign("sha256", Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
  }),
  mistake("typ of an access token", "ASSERTION_TYP_WRONG", "answer", () => ({ header: { typ: "at+jwt" } })),
];

const SHAPES: readonly Mistake[] = [
  raw("no JWT", "ASSERTION_NOT_JWT", "request", () => "nonsense"),
  raw("two parts", "ASSERTION_NOT_JWT", "request", (school) =>
    assertionOf(school, {}).split(".").slice(0, 2).join("."),
  ),
  raw(
    "an encrypted JWT",
    "ASSERTION_NOT_JWT",
    "request",
    () => `${part({ alg: "RSA-OAEP", enc: "A256GCM" })}.a.b.c.d`,
  ),
  raw(
    "header is not JSON",
    "ASSERTION_HEADER_NOT_JSON",
    "request",
    (school) => `${text("alg=RS256")}.${assertionOf(school, {}).split(".").slice(1).join(".")}`,
  ),
  raw("payload is not JSON", "ASSERTION_PAYLOAD_NOT_JSON", "request", (school) => {
    const [header, , signature] = assertionOf(school, {}).split(".");
    return `${header}.${text("iss=x")}.${signature}`;
  }),
  raw(
    "no signature",
    "ASSERTION_SIGNATURE_MISSING",
    "request",
    (school) => `${assertionOf(school, {}).split(".").slice(0, 2).join(".")}.`,
  ),
  mistake("aud is an array", "ASSERTION_AUD_ARRAY", "request", () => ({ claims: { aud: [ENDPOINT] } })),
  mistake("exp is a text", "ASSERTION_CLAIM_TYPE", "request", () => ({
    claims: { exp: "2026-01-31T12:00:00Z" },
  })),
];

const CLAIMS: readonly Mistake[] = [
  mistake("no iss", "ASSERTION_ISS_MISSING", "answer", () => ({ claims: { iss: undefined } })),
  mistake("no sub", "ASSERTION_SUB_MISSING", "answer", () => ({ claims: { sub: undefined } })),
  mistake("no aud", "ASSERTION_AUD_MISSING", "answer", () => ({ claims: { aud: undefined } })),
  mistake("no exp", "ASSERTION_EXP_MISSING", "answer", () => ({ claims: { exp: undefined } })),
  mistake("iss and sub differ", "ASSERTION_ISS_SUB_DIFFER", "answer", () => ({ claims: { sub: API } })),
  mistake("another client", "ASSERTION_CLIENT_MISMATCH", "answer", () => ({
    claims: { iss: API, sub: API },
  })),
  mistake("aud of another tenant", "ASSERTION_AUD_TENANT", "request", () => ({
    claims: { aud: ENDPOINT.replace(TENANT, OTHER_TENANT) },
  })),
  mistake("aud on /common", "ASSERTION_AUD_COMMON", "request", () => ({
    claims: { aud: ENDPOINT.replace(TENANT, "common") },
  })),
  mistake("aud with a slash at its end", "ASSERTION_AUD_SLASH", "request", () => ({
    claims: { aud: `${ENDPOINT}/` },
  })),
  mistake("aud with two slashes", "ASSERTION_AUD_SLASH", "request", () => ({
    claims: { aud: ENDPOINT.replace(".com/", ".com//") },
  })),
  mistake("aud is Graph", "ASSERTION_AUD_RESOURCE", "request", () => ({
    claims: { aud: "https://graph.microsoft.com" },
  })),
  mistake("aud is a GUID", "ASSERTION_AUD_RESOURCE", "request", () => ({ claims: { aud: DAEMON } })),
  mistake("aud is the authorize endpoint", "ASSERTION_AUD_AUTHORIZE", "request", () => ({
    claims: { aud: ENDPOINT.replace("token", "authorize") },
  })),
  mistake("aud in another cloud", "ASSERTION_AUD_CLOUD", "request", () => ({
    claims: { aud: ENDPOINT.replace(".com", ".us") },
  })),
  mistake("aud with http", "ASSERTION_AUD_HTTP", "request", () => ({
    claims: { aud: ENDPOINT.replace("https", "http") },
  })),
  mistake("aud of an unknown host", "ASSERTION_AUD_WRONG", "request", () => ({
    claims: { aud: `https://login.example.org/${TENANT}/oauth2/v2.0/token` },
  })),
  mistake("aud without oauth2", "ASSERTION_AUD_WRONG", "request", () => ({
    claims: { aud: ENDPOINT.replace("oauth2/", "") },
  })),
  mistake("aud is empty", "ASSERTION_AUD_EMPTY", "request", () => ({ claims: { aud: "" } })),
];

const TIMES: readonly Mistake[] = [
  mistake("kept for seventy minutes", "ASSERTION_EXPIRED", "answer", () => ({
    claims: { nbf: now() - 4200, exp: now() - 3600 },
  })),
  mistake("kept for three days", "ASSERTION_EXPIRED", "answer", () => ({
    claims: { nbf: now() - 260_000, exp: now() - 259_400 },
  })),
  mistake("clock 23 minutes fast", "ASSERTION_CLOCK_AHEAD", "answer", () => ({
    claims: { nbf: now() + 1380, exp: now() + 1980 },
  })),
  mistake("clock a day fast", "ASSERTION_CLOCK_AHEAD", "answer", () => ({
    claims: { nbf: now() + 86_400, exp: now() + 87_000 },
  })),
  mistake("local time two hours east", "ASSERTION_TIME_LOCAL", "answer", () => ({
    claims: { nbf: now() + 7200, exp: now() + 7800 },
  })),
  mistake("local time in India", "ASSERTION_TIME_LOCAL", "answer", () => ({
    claims: { nbf: now() + 19_800, exp: now() + 20_400 },
  })),
  mistake("local time five hours west", "ASSERTION_TIME_LOCAL", "answer", () => ({
    claims: { nbf: now() - 18_000, exp: now() - 17_400 },
  })),
  mistake("a lifetime in exp", "ASSERTION_EXP_IS_LIFETIME", "answer", () => ({ claims: { exp: 600 } })),
  mistake("milliseconds", "ASSERTION_TIME_MILLISECONDS", "request", () => ({
    claims: { nbf: Date.now(), exp: Date.now() + 600_000 },
  })),
  {
    name: "the registered certificate has expired",
    expect: "ASSERTION_KEY_EXPIRED",
    given: "answer",
    make: async (school) => {
      const end = school.daemon.credential.certificate.notAfter.getTime() + 86_400_000;
      school.emulator.clock.freeze(end);
      const seconds = Math.floor(end / 1000);
      const exchanged = await present(
        school,
        assertionOf(school, { claims: { nbf: seconds, exp: seconds + 600 } }),
      );
      school.emulator.clock.reset();
      return exchanged;
    },
  },
];

/** Every way of making an assertion wrong that the emulator refuses. */
export const ASSERTION_MISTAKES: readonly Mistake[] = [
  ...THUMBPRINTS,
  ...SIGNATURES,
  ...SHAPES,
  ...CLAIMS,
  ...TIMES,
];
