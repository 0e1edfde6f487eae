/** Every loader and parser of this package: whatever comes in, it is taken or refused with a code, and in time. */
import { createPublicKey, verify } from "node:crypto";
import fc from "fast-check";
import { describe, expect } from "vitest";
import { mergeKeyCredential, parseCertificate, parseCompactJws, readCredential } from "../../src/index.ts";
import { describeFuzzing, mutated, readCorpus } from "./fuzzing.ts";

const folder = new URL("./", import.meta.url);
const file = (name: string): Buffer => readCorpus(folder, name);
const now = new Date("2030-01-01T00:00:00Z");
const passphrase = "corpus";
const certificatePem = file("certificate.pem");
const publicKey = createPublicKey(certificatePem);
const assertions = ["ps256.jwt", "rs256.jwt"].map((name) => parseCompactJws(file(name).toString("latin1")));
const text = Buffer.from("text");

/** Whatever loads beside the certificate must be the very key, whatever was changed. */
async function readBesideCertificate(input: Buffer): Promise<void> {
  const credential = await readCredential([input, certificatePem], { passphrase, now });
  expect(verify("sha256", text, publicKey, await credential.signer.sign(text, "RS256"))).toBe(true);
}

/** Whatever loads alone signs what its own certificate verifies. */
async function readAlone(input: Buffer): Promise<void> {
  const { certificate, signer } = await readCredential(input, { passphrase, now });
  expect(verify("sha256", text, certificate.publicKey, await signer.sign(text, "RS256"))).toBe(true);
}

/** A token verifies if and only if it says what was signed. */
function verifyAssertion(input: Buffer): void {
  const { signingInput, signature } = parseCompactJws(input.toString("latin1"));
  const same = (one: Uint8Array, other: Uint8Array): boolean => Buffer.from(one).equals(other);
  const [ps256, rs256] = assertions.map(
    (each) => same(each.signingInput, signingInput) && same(each.signature, signature),
  );
  const key = { key: publicKey, padding: 6, saltLength: 32 };
  expect(verify("sha256", signingInput, key, signature)).toBe(ps256);
  expect(verify("sha256", signingInput, publicKey, signature)).toBe(rs256);
}

/** What comes out is JSON with one key more or the same, and stays as it is when merged again. */
function mergeManifest(input: Buffer): void {
  const certificate = parseCertificate(certificatePem);
  const { manifestText } = mergeKeyCredential(input.toString("utf8"), certificate);
  expect(() => JSON.parse(manifestText.replace(/^\uFEFF/, "")) as unknown).not.toThrow();
  expect(mergeKeyCredential(manifestText, certificate)).toMatchObject({ manifestText, added: false });
}

const pem = file("key-and-certificate.pem").toString("latin1");
const marks = [
  "-----BEGIN CERTIFICATE-----",
  "-----END CERTIFICATE-----",
  "-----BEGIN RSA PRIVATE KEY-----",
  "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00",
  ...'\\n|\r\n|"|{|}|[|\uFEFF|\u0000'.split("|"),
];
const piece = fc.oneof(
  fc
    .tuple(fc.nat({ max: pem.length - 1 }), fc.nat({ max: 400 }))
    .map(([at, length]) => pem.slice(at, at + length)),
  fc.constantFrom(...marks),
  fc.string({ unit: "binary", maxLength: 20 }),
);

const tag = fc.constantFrom(0x30, 0x31, 0x02, 0x03, 0x04, 0x05, 0x06, 0xa0, 0xa3, 0x80, 0x24, 0x1f);
const { element } = fc.letrec<{ element: Buffer }>((tie) => ({
  element: fc.oneof(
    { maxDepth: 5, depthSize: "medium" },
    fc
      .tuple(tag, fc.uint8Array({ maxLength: 24 }))
      .map(([type, content]) => encode(type, Buffer.from(content))),
    fc
      .tuple(tag, fc.array(tie("element"), { maxLength: 5 }))
      .map(([type, inside]) => encode(type, Buffer.concat(inside))),
  ),
}));

const members = fc.record(
  {
    kty: fc.constantFrom("RSA", "EC", "OKP", "oct", "x"),
    n: fc.string(),
    e: fc.constantFrom("AQAB", ""),
    d: fc.string(),
    p: fc.string(),
    x5c: fc.array(fc.base64String()),
    keys: fc.array(fc.jsonValue()),
    value: fc.string(),
    contentType: fc.string(),
    cer: fc.string(),
  },
  { requiredKeys: [] },
);
const part = fc.oneof(
  fc.constantFrom(..."e30|bnVsbA|W10|IiI|eyJhbGciOiJub25lIn0||=|+|A".split("|")),
  fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString("base64url")),
  fc.string({ maxLength: 12 }),
);

describe("fuzz", () => {
  describeFuzzing(
    folder,
    {
      "readCredential()": readAlone,
      "readCredential() beside a certificate": readBesideCertificate,
      "parseCertificate()": parseCertificate,
      "parseCompactJws()": verifyAssertion,
      "mergeKeyCredential()": mergeManifest,
    },
    {
      "mutated PEM": {
        parser: "readCredential() beside a certificate",
        runs: 400,
        inputs: mutated(
          ...["pkcs1.pem", "locked.pem", "traditional-aes256.pem", "utf16-with-mark.pem"].map(file),
        ),
      },
      "mutated PEM alone": {
        parser: "readCredential()",
        runs: 300,
        inputs: mutated(
          ...["key-and-certificate.pem", "newlines-lost.pem", "newlines-escaped.pem"].map(file),
        ),
      },
      "mutated DER keys": {
        countedOnNode20: true,
        parser: "readCredential() beside a certificate",
        runs: 300,
        inputs: mutated(...["key-pkcs8.der", "key-pkcs1.der"].map(file)),
      },
      "mutated PFX": {
        parser: "readCredential() beside a certificate",
        runs: 400,
        inputs: mutated(
          ...["aes256.pfx", "rc2-40.pfx", "triple-des.pfx", "unprotected.pfx", "without-mac.pfx"].map(file),
        ),
      },
      "mutated certificates": {
        parser: "parseCertificate()",
        runs: 500,
        inputs: mutated(...["certificate.der", "certificate.pem", "certificate-base64.cer"].map(file)),
      },
      "mutated JWK and Key Vault secrets": {
        countedOnNode20: true,
        parser: "readCredential()",
        runs: 300,
        inputs: mutated(...["private.jwk", "key-vault-pfx.secret"].map(file)),
      },
      "pieces of PEM": {
        parser: "readCredential()",
        runs: 400,
        inputs: fc.array(piece, { maxLength: 12 }).map((pieces) => Buffer.from(pieces.join(""), "utf8")),
      },
      "shapes of DER": {
        parser: "readCredential()",
        runs: 600,
        inputs: fc
          .tuple(element, fc.boolean())
          .map(([inside, wrapped]) => (wrapped ? encode(0x30, inside) : inside)),
      },
      "shapes of JSON": {
        parser: "readCredential()",
        runs: 300,
        inputs: fc.oneof(members, fc.jsonValue()).map((value) => Buffer.from(JSON.stringify(value))),
      },
      "mutated assertions": {
        parser: "parseCompactJws()",
        runs: 600,
        inputs: mutated(...["ps256.jwt", "rs256.jwt"].map(file)),
      },
      "shapes of tokens": {
        parser: "parseCompactJws()",
        runs: 300,
        inputs: fc
          .array(part, { minLength: 1, maxLength: 5 })
          .map((parts) => Buffer.from(parts.join("."), "latin1")),
      },
      "mutated manifests": {
        parser: "mergeKeyCredential()",
        runs: 400,
        inputs: mutated(...["graph.manifest", "azure-ad-graph.manifest", "twice.manifest"].map(file)),
      },
    },
  );
});

function encode(tagByte: number, content: Buffer): Buffer {
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tagByte, ...size]), content]);
}
