/**
 * Made the files of `corpus/` once: `node --import tsx --conditions=@nightlatch/source packages/credential/test/fuzz/make-corpus.ts`.
 * Their keys are worthless: they were made here, are public with this file, and are registered nowhere.
 */
import { existsSync, writeFileSync } from "node:fs";
import { createClientAssertion, readCredential } from "../../src/index.ts";
import { Workshop } from "../openssl.ts";

const PASSWORD = ["-passout", "pass:corpus"];
const SUBJECT = "/O=Nightlatch fuzz corpus/CN=worthless test key";
const shop = new Workshop();
const run = shop.openssl.bind(shop);
const keep = (name: string, data: string | Uint8Array): void => {
  const path = new URL(`corpus/${name}`, import.meta.url);
  // Made anew, keys and signatures would differ, and with them every count.
  if (!existsSync(path)) writeFileSync(path, data);
};

function selfSigned(name: string, ...algorithm: string[]): void {
  run(
    ...["req", "-x509", "-nodes", "-days", "36500", "-subj", SUBJECT, ...algorithm],
    ...["-keyout", `${name}.key`, "-out", `${name}.cert`],
  );
}
selfSigned("main", "-newkey", "rsa:2048");
selfSigned("other", "-newkey", "rsa:2048");
selfSigned("small", "-newkey", "rsa:1024");
selfSigned("ec", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
const certificate = shop.text("main.cert");
const key = shop.text("main.key");
const pem = key + certificate;

// PEM and its usual mutilations.
keep("key-and-certificate.pem", pem);
keep("certificate.pem", certificate);
run("rsa", "-in", "main.key", "-traditional", "-out", "pkcs1");
keep("pkcs1.pem", shop.text("pkcs1") + certificate);
run("pkcs8", "-topk8", "-in", "main.key", ...PASSWORD, "-out", "locked");
keep("locked.pem", shop.text("locked"));
run("rsa", "-in", "main.key", "-traditional", "-aes256", ...PASSWORD, "-out", "traditional");
keep("traditional-aes256.pem", shop.text("traditional"));
keep("utf16-with-mark.pem", Buffer.from(`\uFEFF${pem.replaceAll("\n", "\r\n")}`, "utf16le"));
keep("newlines-lost.pem", pem.replaceAll("\n", ""));
keep("newlines-escaped.pem", JSON.stringify(pem));
keep("certificate-base64.cer", certificate.replaceAll(/-----.*-----|\n/g, ""));
keep("ec.pem", shop.text("ec.key") + shop.text("ec.cert"));
keep("rsa-1024.pem", shop.text("small.key") + shop.text("small.cert"));
keep("key-of-another.pem", shop.text("other.key") + certificate);
keep("unterminated.pem", pem.slice(0, -30));
keep("many-begins.pem", "-----BEGIN CERTIFICATE-----\n".repeat(600));

// DER.
run("x509", "-in", "main.cert", "-outform", "DER", "-out", "main.der");
keep("certificate.der", shop.bytes("main.der"));
run("pkcs8", "-topk8", "-nocrypt", "-in", "main.key", "-outform", "DER", "-out", "pkcs8.der");
keep("key-pkcs8.der", shop.bytes("pkcs8.der"));
run("rsa", "-in", "main.key", "-traditional", "-outform", "DER", "-out", "pkcs1.der");
keep("key-pkcs1.der", shop.bytes("pkcs1.der"));
keep("nested-5000-deep.der", Buffer.alloc(10_000, Buffer.from([0x30, 0x80])));
keep("length-of-4-gigabytes.der", Buffer.from([0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x02, 0x01, 0x00]));
keep("certificate-cut.der", shop.bytes("main.der").subarray(0, 400));
keep("certificate-and-more.der", Buffer.concat([shop.bytes("main.der"), Buffer.from("more")]));

// PFX.
const pfx = (name: string, ...args: string[]): void => {
  run("pkcs12", "-export", "-inkey", "main.key", "-in", "main.cert", "-out", name, ...args);
  keep(name, shop.bytes(name));
};
pfx("aes256.pfx", ...PASSWORD);
pfx("rc2-40.pfx", "-legacy", ...PASSWORD);
pfx("triple-des.pfx", "-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", ...PASSWORD);
pfx("empty-password.pfx", "-passout", "pass:");
pfx("unprotected.pfx", "-keypbe", "NONE", "-certpbe", "NONE", "-nomac", "-passout", "pass:");
pfx("without-mac.pfx", "-nomac", ...PASSWORD);
const many = Buffer.from(shop.bytes("aes256.pfx"));
for (let at = many.indexOf("02020800", 0, "hex"); at >= 0; at = many.indexOf("02020800", at + 1, "hex"))
  many.writeUInt16BE(0x7fff, at + 2);
keep("other-iteration-counts.pfx", many);

// JSON.
const jwk = {
  ...(await import("node:crypto")).createPrivateKey(key).export({ format: "jwk" }),
  x5c: [certificate.replaceAll(/-----.*-----|\n/g, "")],
};
keep("private.jwk", JSON.stringify(jwk));
keep(
  "key-vault-pfx.secret",
  JSON.stringify({
    value: shop.bytes("unprotected.pfx").toString("base64"),
    contentType: "application/x-pkcs12",
  }),
);
keep("brackets.jwk", "[".repeat(5_000));
keep("prototype.jwk", '{"__proto__":{"kty":"RSA"},"constructor":1,"kty":"RSA","n":"","e":"","d":{}}');

// Manifests.
keep(
  "graph.manifest",
  '{\n  "id": "x",\n  "keyCredentials": [\n    {"keyId": "y", "endDateTime": "z"}\n  ],\n  "web": {}\n}\n',
);
keep(
  "azure-ad-graph.manifest",
  '\uFEFF{"appId":"x","keyCredentials":[],"oauth2Permissions":[],\r\n\t"unknown":1e400}',
);
keep("twice.manifest", '{"keyCredentials":[],"keyCredentials":[{"keyId":"a"}]}');

// JSON Web Tokens.
const credential = await readCredential(pem);
const options = {
  clientId: "11111111-2222-4333-8444-555555555555",
  audience: "https://login.microsoftonline.com/x/oauth2/v2.0/token",
};
const assertion = await createClientAssertion(credential, options);
const [header = "", payload = "", signature = ""] = assertion.split(".");
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
keep("ps256.jwt", assertion);
keep("rs256.jwt", await createClientAssertion(credential, { ...options, algorithm: "RS256" }));
keep("alg-none.jwt", `${encode({ alg: "none", typ: "JWT" })}.${payload}.`);
keep("alg-none-with-signature.jwt", `${encode({ alg: "none", typ: "JWT" })}.${payload}.${signature}`);
keep("alg-hs256.jwt", `${encode({ alg: "HS256", typ: "JWT" })}.${payload}.${signature}`);
keep("padded.jwt", `${header}=.${payload}=.${signature}==`);
keep("two-parts.jwt", `${header}.${payload}`);
keep("header-is-an-array.jwt", `${encode([1])}.${payload}.${signature}`);
keep(
  "other-last-bits.jwt",
  `${header}.${payload}.${signature.slice(0, -1)}${signature.endsWith("A") ? "B" : "A"}`,
);
shop.close();
