/** Keys and certificates of every kind, made by openssl once for each test file. */
import { createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import forge from "node-forge";
import { Workshop } from "./openssl.ts";

export const PASSPHRASE = "pässphrase of the canary 7c1e";

const CA_CONFIG = `
[req]
distinguished_name = dn
[dn]
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = CA:FALSE
keyUsage = digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
`;

/** Makes the files that the tests share; each name says what it holds. */
export function makeFixtures(): Workshop {
  const shop = new Workshop();
  const run = shop.openssl.bind(shop);
  shop.write("ca.cnf", CA_CONFIG);
  shop.write("pass.txt", PASSPHRASE);
  const selfSigned = (name: string, subject: string, ...algorithm: string[]) =>
    run(
      ...["req", "-x509", "-nodes", "-days", "30", "-subj", subject, ...algorithm],
      ...["-keyout", `${name}.key.pem`, "-out", `${name}.cert.pem`],
    );
  selfSigned("main", "/CN=timetable/O=School", "-newkey", "rsa:2048");
  selfSigned("other", "/CN=other", "-newkey", "rsa:2048");
  selfSigned("small", "/CN=small", "-newkey", "rsa:1024");
  selfSigned("ec", "/CN=ec", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256");
  selfSigned("pss", "/CN=pss", "-newkey", "rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048");
  selfSigned("ed25519", "/CN=ed25519", "-newkey", "ed25519");
  makeChain(shop);
  makeEncodings(shop);
  makePfxFiles(shop);
  return shop;
}

/** root -> intermediate -> leaf; the leaf has the key of "main", the issuers share the key of "other". */
function makeChain(shop: Workshop): void {
  const run = shop.openssl.bind(shop);
  run("req", "-new", "-key", "main.key.pem", "-subj", "/CN=leaf", "-out", "leaf.csr");
  run("req", "-new", "-key", "other.key.pem", "-subj", "/CN=intermediate", "-out", "intermediate.csr");
  run(
    ...["req", "-x509", "-new", "-key", "other.key.pem", "-subj", "/CN=root", "-days", "60"],
    ...["-config", "ca.cnf", "-extensions", "ca", "-out", "root.pem"],
  );
  const sign = (csr: string, issuer: string, extensions: string, out: string) =>
    run(
      ...["x509", "-req", "-in", csr, "-CA", issuer, "-CAkey", "other.key.pem", "-CAcreateserial"],
      ...["-days", "40", "-extfile", "ca.cnf", "-extensions", extensions, "-out", out],
    );
  sign("intermediate.csr", "root.pem", "ca", "intermediate.pem");
  sign("leaf.csr", "intermediate.pem", "leaf", "leaf.pem");
}

function makeEncodings(shop: Workshop): void {
  const run = shop.openssl.bind(shop);
  const pass = ["-passout", "file:pass.txt"];
  run("rsa", "-in", "main.key.pem", "-traditional", "-out", "pkcs1.pem");
  run("rsa", "-in", "main.key.pem", "-pubout", "-out", "public.pem");
  run("rsa", "-in", "main.key.pem", "-traditional", "-aes256", ...pass, "-out", "traditional-aes.pem");
  run("rsa", "-in", "main.key.pem", "-traditional", "-des3", ...pass, "-out", "traditional-des3.pem");
  run("pkcs8", "-topk8", "-in", "main.key.pem", ...pass, "-out", "locked.pem");
  run("pkcs8", "-topk8", "-in", "main.key.pem", "-v2", "des3", ...pass, "-out", "locked-des3.pem");
  run("pkcs8", "-topk8", "-in", "main.key.pem", "-scrypt", ...pass, "-out", "locked-scrypt.pem");
  run(
    ...["pkcs8", "-topk8", "-in", "main.key.pem", "-v1", "PBE-MD5-DES", "-provider", "legacy"],
    ...["-provider", "default", ...pass, "-out", "locked-md5-des.pem"],
  );
  run("x509", "-in", "main.cert.pem", "-outform", "DER", "-out", "main.der");
  run("pkcs8", "-topk8", "-nocrypt", "-in", "main.key.pem", "-outform", "DER", "-out", "main.key.der");
  run("rsa", "-in", "main.key.pem", "-traditional", "-outform", "DER", "-out", "pkcs1.der");
  run("x509", "-in", "main.cert.pem", "-trustout", "-addtrust", "clientAuth", "-out", "trusted.pem");
  run("crl2pkcs7", "-nocrl", "-certfile", "main.cert.pem", "-out", "bundle.p7b.pem");
  run("crl2pkcs7", "-nocrl", "-certfile", "main.cert.pem", "-outform", "DER", "-out", "bundle.p7b");
}

function makePfxFiles(shop: Workshop): void {
  const pass = ["-passout", "file:pass.txt"];
  const pfx = (out: string, ...args: string[]) =>
    shop.openssl("pkcs12", "-export", "-inkey", "main.key.pem", "-out", out, ...args);
  const main = ["-in", "main.cert.pem"];
  pfx("aes.pfx", ...main, ...pass);
  pfx("legacy.pfx", ...main, "-legacy", ...pass);
  pfx("3des.pfx", ...main, "-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", ...pass);
  pfx("2des.pfx", ...main, "-keypbe", "PBE-SHA1-2DES", "-certpbe", "PBE-SHA1-2DES", ...pass);
  pfx(
    "rc2-128.pfx",
    ...main,
    "-legacy",
    "-keypbe",
    "PBE-SHA1-RC2-128",
    "-certpbe",
    "PBE-SHA1-RC2-128",
    ...pass,
  );
  pfx("rc4.pfx", ...main, "-legacy", "-keypbe", "PBE-SHA1-RC4-128", "-certpbe", "PBE-SHA1-RC4-128", ...pass);
  pfx("sha512.pfx", ...main, "-macalg", "sha512", "-iter", "5000", ...pass);
  pfx("no-mac.pfx", ...main, "-nomac", ...pass);
  pfx("camellia.pfx", ...main, "-keypbe", "camellia-256-cbc", "-certpbe", "camellia-128-cbc", ...pass);
  shop.write("pbmac1.pfx", withPbmac1(shop.bytes("no-mac.pfx"), PASSPHRASE));
  pfx("empty-password.pfx", ...main, "-passout", "pass:");
  pfx("open.pfx", ...main, "-keypbe", "NONE", "-certpbe", "NONE", "-nomac", "-passout", "pass:");
  pfx("no-key.pfx", ...main, "-nokeys", ...pass);
  shop.write("issuers.pem", shop.text("root.pem") + shop.text("intermediate.pem"));
  pfx("chain.pfx", "-in", "leaf.pem", "-certfile", "issuers.pem", ...pass);
  pfx("empty-legacy.pfx", ...main, "-legacy", "-passout", "pass:");
  makePfxWithoutPassword(shop);
  const bags = shop.openssl("pkcs12", "-in", "aes.pfx", "-passin", "file:pass.txt", "-nodes");
  shop.write("bag-attributes.pem", bags);
}

/**
 * Adds the integrity check of RFC 9579 to a PFX without one; openssl does so only from 3.4 on. PBKDF2 with SHA-512 and
 * an HMAC with SHA-256, so that the two cannot be mixed up unnoticed.
 */
export function withPbmac1(pfx: Buffer, passphrase: string, keyBytes = 32): Buffer {
  const salt = randomBytes(16);
  const [version, authSafe] = [pfx.subarray(4, 7), pfx.subarray(7)];
  // ContentInfo (4 + 11 bytes), [0] and OCTET STRING (4 bytes each): each is longer than 255 bytes.
  const authenticated = authSafe.subarray(4 + 11 + 4 + 4);
  const mac = createHmac("sha256", pbkdf2Sync(passphrase, salt, 2048, keyBytes, "sha512"));
  const oid = (hex: string): Buffer => element(0x06, Buffer.from(hex, "hex"));
  const sequence = (...parts: Buffer[]): Buffer => element(0x30, ...parts);
  const number = (value: number): Buffer => element(0x02, Buffer.from([value >> 8, value & 0xff]));
  const none = Buffer.from("0500", "hex");
  const pbkdf2Parameters = sequence(
    element(0x04, salt),
    number(2048),
    number(keyBytes),
    sequence(oid("2a864886f70d020b"), none),
  );
  const pbmac1 = sequence(
    oid("2a864886f70d01050e"),
    sequence(sequence(oid("2a864886f70d01050c"), pbkdf2Parameters), sequence(oid("2a864886f70d0209"), none)),
  );
  const digest = element(0x04, mac.update(authenticated).digest());
  return sequence(
    version,
    authSafe,
    sequence(sequence(pbmac1, digest), element(0x04, Buffer.from("NOT USED")), number(1)),
  );
}

function element(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

/** "No password at all" is not the empty one: Windows and node-forge write it, openssl cannot. */
function makePfxWithoutPassword(shop: Workshop): void {
  const key = forge.pki.privateKeyFromPem(shop.text("main.key.pem"));
  const certificate = forge.pki.certificateFromPem(shop.text("main.cert.pem"));
  const none = null as unknown as string;
  const pfx = forge.pkcs12.toPkcs12Asn1(key, certificate, none, { algorithm: "3des" });
  shop.write("no-password.pfx", Buffer.from(forge.asn1.toDer(pfx).getBytes(), "binary"));
}
