/**
 * Every kind of credential input that people really have, with what becomes of it.
 *
 * The tests run these cases; `write-inputs-doc.ts` prints them as docs/inputs.md.
 */
import { createPrivateKey } from "node:crypto";
import type { CredentialErrorCode } from "../src/index.ts";
import { PASSPHRASE } from "./fixtures.ts";
import type { Workshop } from "./openssl.ts";

export type Input = string | Uint8Array;

export interface InputCase {
  /** What the input is, as the documentation says it. */
  readonly input: string;
  /** "loads", or the code of the refusal. */
  readonly outcome: "loads" | CredentialErrorCode;
  readonly make: (shop: Workshop) => Input | readonly Input[];
  readonly passphrase?: string;
  readonly now?: (shop: Workshop) => Date;
  /** Length of the chain that comes out; 1 unless said. */
  readonly chainLength?: number;
  /** What the message must name. */
  readonly names?: RegExp;
}

export interface InputGroup {
  readonly title: string;
  readonly cases: readonly InputCase[];
}

const pair = (shop: Workshop): string => shop.text("main.key.pem") + shop.text("main.cert.pem");
const body = (pem: string): string => pem.replace(/-----[^-]+-----|\s/g, "");
const jwk = (shop: Workshop): Record<string, unknown> => ({
  ...createPrivateKey(shop.text("main.key.pem")).export({ format: "jwk" }),
});
const inDays = (days: number) => (): Date => new Date(Date.now() + days * 86_400_000);
const armoured = (label: string, der: Buffer): string =>
  `-----BEGIN ${label}-----\n${der.toString("base64").replace(/(.{64})/g, "$1\n")}\n-----END ${label}-----\n`;
const withCertificate = (name: string) => (shop: Workshop) => [shop.bytes(name), shop.bytes("main.cert.pem")];
const file = (name: string) => (shop: Workshop) => shop.bytes(name);

const PEM: readonly InputCase[] = [
  { input: "PKCS#8 key and certificate in one PEM file", outcome: "loads", make: pair },
  {
    input: "certificate before key",
    outcome: "loads",
    make: (shop) => shop.text("main.cert.pem") + shop.text("main.key.pem"),
  },
  { input: "key and certificate in two files", outcome: "loads", make: withCertificate("main.key.pem") },
  {
    input: "certificate and key in two files, the other way round",
    outcome: "loads",
    make: (shop) => [shop.bytes("main.cert.pem"), shop.bytes("main.key.pem")],
  },
  { input: "PKCS#1 key (`RSA PRIVATE KEY`)", outcome: "loads", make: withCertificate("pkcs1.pem") },
  {
    input: "PKCS#8 key under the label `RSA PRIVATE KEY`",
    outcome: "loads",
    make: (shop) => pair(shop).replaceAll(" PRIVATE KEY", " RSA PRIVATE KEY"),
  },
  {
    input: "encrypted PKCS#8 key (AES-256) with its passphrase",
    outcome: "loads",
    make: withCertificate("locked.pem"),
    passphrase: PASSPHRASE,
  },
  {
    input: "encrypted PKCS#8 key (triple DES) with its passphrase",
    outcome: "loads",
    make: withCertificate("locked-des3.pem"),
    passphrase: PASSPHRASE,
  },
  {
    input: "encrypted PKCS#8 key (scrypt) with its passphrase",
    outcome: "loads",
    make: withCertificate("locked-scrypt.pem"),
    passphrase: PASSPHRASE,
  },
  {
    input: "traditional encrypted key (`Proc-Type: 4,ENCRYPTED`, AES-256)",
    outcome: "loads",
    make: withCertificate("traditional-aes.pem"),
    passphrase: PASSPHRASE,
  },
  {
    input: "traditional encrypted key (triple DES)",
    outcome: "loads",
    make: withCertificate("traditional-des3.pem"),
    passphrase: PASSPHRASE,
  },
  { input: "CRLF line ends", outcome: "loads", make: (shop) => pair(shop).replaceAll("\n", "\r\n") },
  {
    input: "CR line ends, as old Macs wrote them",
    outcome: "loads",
    make: (shop) => pair(shop).replaceAll("\n", "\r"),
  },
  {
    input: "bag attributes, as `openssl pkcs12` prints them",
    outcome: "loads",
    make: file("bag-attributes.pem"),
  },
  {
    input: "every line indented, as in YAML",
    outcome: "loads",
    make: (shop) => pair(shop).replace(/^/gm, "    "),
  },
  {
    input: "`\\n` escaped in an environment variable",
    outcome: "loads",
    make: (shop) => pair(shop).replaceAll("\n", "\\n"),
  },
  {
    input: "`\\r\\n` escaped, in quotation marks, with white space around",
    outcome: "loads",
    make: (shop) => `  "${pair(shop).replaceAll("\n", "\\r\\n")}"\n`,
  },
  {
    input: "line ends replaced by blanks",
    outcome: "loads",
    make: (shop) => pair(shop).replaceAll("\n", " "),
  },
  { input: "line ends lost entirely", outcome: "loads", make: (shop) => pair(shop).replaceAll("\n", "") },
  {
    input: "line ends of a traditional encrypted key lost entirely",
    outcome: "loads",
    make: (shop) => shop.text("traditional-aes.pem").replaceAll("\n", "") + shop.text("main.cert.pem"),
    passphrase: PASSPHRASE,
  },
  {
    input: "UTF-16 with byte order mark, as Windows PowerShell writes it",
    outcome: "loads",
    make: (shop) => Buffer.from(`\uFEFF${pair(shop)}`, "utf16le"),
  },
  {
    input: "UTF-16 without byte order mark",
    outcome: "loads",
    make: (shop) => Buffer.from(pair(shop), "utf16le"),
  },
  {
    input: "UTF-16 with the high byte first",
    outcome: "loads",
    make: (shop) => Buffer.from(`\uFEFF${pair(shop)}`, "utf16le").swap16(),
  },
  {
    input: "UTF-8 with byte order mark",
    outcome: "loads",
    make: (shop) => Buffer.from(`\uFEFF${pair(shop)}`, "utf8"),
  },
  {
    input: "`TRUSTED CERTIFICATE` of OpenSSL with its key",
    outcome: "loads",
    make: (shop) => [shop.bytes("trusted.pem"), shop.bytes("main.key.pem")],
  },
  {
    input: "a plain key with a passphrase that it does not need",
    outcome: "loads",
    make: pair,
    passphrase: "not needed",
  },
];

const CHAINS: readonly InputCase[] = [
  {
    input: "key, leaf, intermediate and root",
    outcome: "loads",
    make: (shop) =>
      ["main.key.pem", "leaf.pem", "intermediate.pem", "root.pem"].map((name) => shop.bytes(name)),
    chainLength: 3,
  },
  {
    input: "root first, key in the middle, leaf last",
    outcome: "loads",
    make: (shop) =>
      shop.text("root.pem") +
      shop.text("main.key.pem") +
      shop.text("intermediate.pem") +
      shop.text("leaf.pem"),
    chainLength: 3,
  },
  {
    input: "the certificate and one that has nothing to do with it",
    outcome: "loads",
    make: (shop) => shop.text("other.cert.pem") + pair(shop),
  },
  {
    input: "issuer instead of leaf",
    outcome: "CREDENTIAL_ISSUER_INSTEAD_OF_LEAF",
    make: (shop) => shop.text("main.key.pem") + shop.text("intermediate.pem"),
    names: /CN=intermediate/,
  },
  {
    input: "whole chain without the leaf",
    outcome: "CREDENTIAL_ISSUER_INSTEAD_OF_LEAF",
    make: (shop) => shop.text("main.key.pem") + shop.text("root.pem") + shop.text("intermediate.pem"),
  },
  {
    input: "two keys, each with its certificate",
    outcome: "CREDENTIAL_AMBIGUOUS",
    make: (shop) => pair(shop) + shop.text("other.key.pem") + shop.text("other.cert.pem"),
    names: /CN=timetable.*CN=other/,
  },
];

const BINARY: readonly InputCase[] = [
  {
    input: "PFX of OpenSSL 3 (AES-256, PBKDF2 with SHA-256)",
    outcome: "loads",
    make: file("aes.pfx"),
    passphrase: PASSPHRASE,
  },
  {
    input: "PFX made with `-legacy` (RC2-40 and triple DES)",
    outcome: "loads",
    make: file("legacy.pfx"),
    passphrase: PASSPHRASE,
  },
  {
    input: "PFX with triple DES throughout, as Windows exports it",
    outcome: "loads",
    make: file("3des.pfx"),
    passphrase: PASSPHRASE,
  },
  { input: "PFX with two-key triple DES", outcome: "loads", make: file("2des.pfx"), passphrase: PASSPHRASE },
  { input: "PFX with RC2-128", outcome: "loads", make: file("rc2-128.pfx"), passphrase: PASSPHRASE },
  {
    input: "PFX with a SHA-512 integrity check",
    outcome: "loads",
    make: file("sha512.pfx"),
    passphrase: PASSPHRASE,
  },
  {
    input: "PFX with a PBMAC1 integrity check (RFC 9579), as FIPS modes write it",
    outcome: "loads",
    make: file("pbmac1.pfx"),
    passphrase: PASSPHRASE,
  },
  {
    input: "PFX with Camellia, as NSS may write it",
    outcome: "loads",
    make: file("camellia.pfx"),
    passphrase: PASSPHRASE,
  },
  {
    input: "PFX as PEM (`PKCS12`), as GnuTLS and GnuPG write it",
    outcome: "loads",
    make: (shop) => armoured("PKCS12", shop.bytes("aes.pfx")),
    passphrase: PASSPHRASE,
  },
  {
    input: "PFX without integrity check",
    outcome: "loads",
    make: file("no-mac.pfx"),
    passphrase: PASSPHRASE,
  },
  {
    input: "PFX holding a chain",
    outcome: "loads",
    make: file("chain.pfx"),
    passphrase: PASSPHRASE,
    chainLength: 3,
  },
  { input: "PFX with an empty password, none given", outcome: "loads", make: file("empty-password.pfx") },
  {
    input: "PFX with an empty password, an empty one given",
    outcome: "loads",
    make: file("empty-password.pfx"),
    passphrase: "",
  },
  {
    input: "PFX with no password at all, which is not the empty one",
    outcome: "loads",
    make: file("no-password.pfx"),
  },
  {
    input: "PFX made with `-legacy` and an empty password",
    outcome: "loads",
    make: file("empty-legacy.pfx"),
  },
  { input: "PFX without any protection", outcome: "loads", make: file("open.pfx") },
  {
    input: "DER certificate and DER key (PKCS#8)",
    outcome: "loads",
    make: (shop) => [shop.bytes("main.der"), shop.bytes("main.key.der")],
  },
  {
    input: "DER certificate and DER key (PKCS#1)",
    outcome: "loads",
    make: (shop) => [shop.bytes("main.der"), shop.bytes("pkcs1.der")],
  },
  {
    input: "base64 `.cer` of Windows and PEM key",
    outcome: "loads",
    make: (shop) => [body(shop.text("main.cert.pem")), shop.bytes("main.key.pem")],
  },
  {
    input: "base64 of a PFX",
    outcome: "loads",
    make: (shop) => shop.bytes("aes.pfx").toString("base64"),
    passphrase: PASSPHRASE,
  },
  {
    input: "base64 of a whole PEM file",
    outcome: "loads",
    make: (shop) => Buffer.from(pair(shop)).toString("base64"),
  },
  {
    input: "PFX that was read with the encoding latin1",
    outcome: "loads",
    make: (shop) => shop.bytes("aes.pfx").toString("latin1"),
    passphrase: PASSPHRASE,
  },
];

const JSON_INPUTS: readonly InputCase[] = [
  {
    input: "Kubernetes TLS secret, as `kubectl get secret -o json` prints it",
    outcome: "loads",
    make: (shop) =>
      JSON.stringify({
        apiVersion: "v1",
        kind: "Secret",
        data: {
          "ca.crt": "",
          password: "bm8=",
          "tls.crt": shop.bytes("main.cert.pem").toString("base64"),
          "tls.key": shop.bytes("main.key.pem").toString("base64"),
        },
      }),
  },
  {
    input: "Kubernetes secret without certificate or key",
    outcome: "CREDENTIAL_INPUT_IS_JSON",
    make: () => JSON.stringify({ apiVersion: "v1", kind: "Secret", data: { password: "bm8=" } }),
    names: /Kubernetes/,
  },
  {
    input: "Key Vault secret, as the SDKs of Azure hold it",
    outcome: "loads",
    make: (shop) =>
      JSON.stringify({
        value: shop.bytes("open.pfx").toString("base64"),
        name: "timetable",
        properties: { contentType: "application/x-pkcs12" },
      }),
  },
  {
    input: "JWK private key and certificate",
    outcome: "loads",
    make: (shop) => [JSON.stringify(jwk(shop)), shop.text("main.cert.pem")],
  },
  {
    input: "JWK private key with its certificate in `x5c`",
    outcome: "loads",
    make: (shop) => JSON.stringify({ ...jwk(shop), x5c: [body(shop.text("main.cert.pem"))] }),
  },
  {
    input: "JWK set with one key",
    outcome: "loads",
    make: (shop) => [JSON.stringify({ keys: [jwk(shop)] }), shop.text("main.cert.pem")],
  },
  {
    input: "Key Vault secret, content type `application/x-pkcs12`",
    outcome: "loads",
    make: (shop) =>
      JSON.stringify({
        value: shop.bytes("open.pfx").toString("base64"),
        contentType: "application/x-pkcs12",
        id: "https://school.vault.azure.net/secrets/timetable/1",
      }),
  },
  {
    input: "Key Vault secret, content type `application/x-pem-file`",
    outcome: "loads",
    make: (shop) => JSON.stringify({ value: pair(shop), contentType: "application/x-pem-file" }),
  },
  {
    input: "value of a Key Vault secret alone (base64 PFX)",
    outcome: "loads",
    make: (shop) => shop.bytes("open.pfx").toString("base64"),
  },
  {
    input: "Key Vault certificate instead of its secret",
    outcome: "CREDENTIAL_KEY_MISSING",
    make: (shop) =>
      JSON.stringify({
        cer: body(shop.text("main.cert.pem")),
        sid: "https://school.vault.azure.net/secrets/timetable/1",
      }),
  },
  {
    input: "public JWK",
    outcome: "CREDENTIAL_PUBLIC_KEY_ONLY",
    make: (shop) => JSON.stringify({ kty: "RSA", n: jwk(shop)["n"], e: "AQAB" }),
  },
  {
    input: "JWK of a shared secret",
    outcome: "CREDENTIAL_JWK_INVALID",
    make: () => '{"kty":"oct","k":"c2VjcmV0"}',
  },
  {
    input: "JWK without its prime factors",
    outcome: "CREDENTIAL_JWK_INVALID",
    make: (shop) => JSON.stringify({ kty: "RSA", n: jwk(shop)["n"], e: "AQAB", d: jwk(shop)["d"] }),
  },
  {
    input: "other JSON, such as an application manifest",
    outcome: "CREDENTIAL_INPUT_IS_JSON",
    make: () => '{"appId":"x","keyCredentials":[]}',
    names: /"appId"/,
  },
];

const WRONG_CREDENTIALS: readonly InputCase[] = [
  {
    input: "key of another certificate",
    outcome: "CREDENTIAL_KEY_MISMATCH",
    make: (shop) => shop.text("other.key.pem") + shop.text("main.cert.pem"),
    names: /CN=timetable.*[0-9A-F]{40}/,
  },
  {
    input: "expired certificate",
    outcome: "CREDENTIAL_EXPIRED",
    make: pair,
    now: inDays(31),
    names: /expired at \d{4}-/,
  },
  {
    input: "certificate that is not valid yet",
    outcome: "CREDENTIAL_NOT_YET_VALID",
    make: pair,
    now: inDays(-1),
    names: /not valid before \d{4}-/,
  },
  {
    input: "elliptic-curve key",
    outcome: "CREDENTIAL_KEY_NOT_RSA",
    make: (shop) => shop.text("ec.key.pem") + shop.text("ec.cert.pem"),
    names: /EC/,
  },
  {
    input: "Ed25519 key",
    outcome: "CREDENTIAL_KEY_NOT_RSA",
    make: (shop) => shop.text("ed25519.key.pem") + shop.text("ed25519.cert.pem"),
    names: /ED25519/,
  },
  {
    input: "RSA key restricted to RSASSA-PSS",
    outcome: "CREDENTIAL_KEY_NOT_RSA",
    make: (shop) => shop.text("pss.key.pem") + shop.text("pss.cert.pem"),
    names: /RSASSA-PSS/,
  },
  {
    input: "RSA key of 1024 bits",
    outcome: "CREDENTIAL_KEY_TOO_SMALL",
    make: (shop) => shop.text("small.key.pem") + shop.text("small.cert.pem"),
    names: /1024/,
  },
  { input: "public certificate only (PEM)", outcome: "CREDENTIAL_KEY_MISSING", make: file("main.cert.pem") },
  {
    input: "public certificate only (DER, `.cer`)",
    outcome: "CREDENTIAL_KEY_MISSING",
    make: file("main.der"),
  },
  {
    input: "PFX without a key",
    outcome: "CREDENTIAL_KEY_MISSING",
    make: file("no-key.pfx"),
    passphrase: PASSPHRASE,
  },
  { input: "private key only", outcome: "CREDENTIAL_CERTIFICATE_MISSING", make: file("main.key.pem") },
  {
    input: "certificate with the public key instead of the private one",
    outcome: "CREDENTIAL_PUBLIC_KEY_ONLY",
    make: withCertificate("public.pem"),
  },
  {
    input: "key with the certificate request instead of the certificate",
    outcome: "CREDENTIAL_REQUEST_ONLY",
    make: (shop) => shop.text("main.key.pem") + shop.text("leaf.csr"),
  },
  {
    input: "encrypted key without passphrase",
    outcome: "CREDENTIAL_PASSPHRASE_MISSING",
    make: withCertificate("locked.pem"),
  },
  {
    input: "encrypted key with a wrong passphrase",
    outcome: "CREDENTIAL_PASSPHRASE_WRONG",
    make: withCertificate("locked.pem"),
    passphrase: "wrong",
  },
  {
    input: "traditional encrypted key without passphrase",
    outcome: "CREDENTIAL_PASSPHRASE_MISSING",
    make: withCertificate("traditional-aes.pem"),
  },
  {
    input: "traditional encrypted key with a wrong passphrase",
    outcome: "CREDENTIAL_PASSPHRASE_WRONG",
    make: withCertificate("traditional-aes.pem"),
    passphrase: "wrong",
  },
  { input: "PFX without its passphrase", outcome: "CREDENTIAL_PASSPHRASE_MISSING", make: file("aes.pfx") },
  {
    input: "PFX with a wrong passphrase",
    outcome: "CREDENTIAL_PASSPHRASE_WRONG",
    make: file("legacy.pfx"),
    passphrase: "wrong",
  },
  {
    input: "PFX without integrity check with a wrong passphrase",
    outcome: "CREDENTIAL_PASSPHRASE_WRONG",
    make: file("no-mac.pfx"),
    passphrase: "wrong",
  },
  {
    input: "PFX that has no passphrase, and one was given",
    outcome: "CREDENTIAL_PASSPHRASE_NOT_NEEDED",
    make: file("empty-password.pfx"),
    passphrase: "given",
  },
  {
    input: "key encrypted with MD5 and DES",
    outcome: "CREDENTIAL_CIPHER_UNSUPPORTED",
    make: withCertificate("locked-md5-des.pem"),
    passphrase: PASSPHRASE,
    names: /MD5 and DES/,
  },
  {
    input: "PFX with RC4",
    outcome: "CREDENTIAL_CIPHER_UNSUPPORTED",
    make: file("rc4.pfx"),
    passphrase: PASSPHRASE,
    names: /RC4/,
  },
];

const cutPem = (shop: Workshop): string =>
  shop
    .text("main.key.pem")
    .split("\n")
    .filter((_, line) => line < 10 || line > 20)
    .join("\n");

const DAMAGED: readonly InputCase[] = [
  { input: "empty file", outcome: "CREDENTIAL_INPUT_EMPTY", make: () => Buffer.alloc(0) },
  { input: "file of blanks", outcome: "CREDENTIAL_INPUT_EMPTY", make: () => " \r\n\t" },
  {
    input: "PEM whose last lines are missing",
    outcome: "CREDENTIAL_PEM_TRUNCATED",
    make: (shop) => pair(shop).slice(0, -400),
    names: /no END line/,
  },
  {
    input: "PEM whose first lines are missing",
    outcome: "CREDENTIAL_PEM_TRUNCATED",
    make: (shop) => pair(shop).slice(200),
    names: /line \d+/,
  },
  {
    input: "PEM with lines missing in the middle",
    outcome: "CREDENTIAL_PEM_TRUNCATED",
    make: cutPem,
    names: /holds \d+ of \d+ bytes/,
  },
  {
    input: "PEM with a character that is no base64",
    outcome: "CREDENTIAL_PEM_CORRUPT",
    make: (shop) => shop.text("main.key.pem").replace(/^(.*\n.*\n.{9})./, "$1*"),
    names: /line 3/,
  },
  {
    input: "PEM with a character lost",
    outcome: "CREDENTIAL_PEM_CORRUPT",
    make: (shop) => shop.text("main.cert.pem").replace(/^(.*\n.{9})./, "$1"),
  },
  {
    input: "PEM block that begins as one thing and ends as another",
    outcome: "CREDENTIAL_PEM_CORRUPT",
    make: (shop) => pair(shop).replace("END CERTIFICATE", "END PRIVATE KEY"),
    names: /begins in line \d+ is ended as PRIVATE KEY/,
  },
  {
    input: "something else under the label `CERTIFICATE`",
    outcome: "CREDENTIAL_NOT_A_CERTIFICATE",
    make: (shop) => shop.text("main.key.pem").replaceAll("PRIVATE KEY", "CERTIFICATE"),
  },
  {
    input: "PFX with nonsense inside",
    outcome: "CREDENTIAL_PFX_CORRUPT",
    make: () => Buffer.from("30160201033011" + "06092a864886f70d010701" + "a00404020078", "hex"),
  },
  {
    input: "PEM marker with four hyphens",
    outcome: "CREDENTIAL_PEM_CORRUPT",
    make: (shop) => pair(shop).replace("-----BEGIN CERT", "----BEGIN CERT"),
    names: /line \d+/,
  },
  {
    input: "PEM markers with dashes instead of hyphens",
    outcome: "CREDENTIAL_PEM_CORRUPT",
    make: (shop) => pair(shop).replaceAll("-----", "\u2014\u2014"),
  },
  {
    input: "PEM key with wrong numbers inside",
    outcome: "CREDENTIAL_KEY_MALFORMED",
    make: (shop) => [damagedKey(shop), shop.bytes("main.cert.pem")],
  },
  {
    input: "PFX cut short",
    outcome: "CREDENTIAL_DER_TRUNCATED",
    make: (shop) => shop.bytes("aes.pfx").subarray(0, 1000),
    passphrase: PASSPHRASE,
    names: /1000 of \d+ bytes/,
  },
  {
    input: "DER certificate cut short",
    outcome: "CREDENTIAL_DER_TRUNCATED",
    make: (shop) => shop.bytes("main.der").subarray(0, 300),
  },
  {
    input: "DER certificate with bytes behind it",
    outcome: "CREDENTIAL_DER_CORRUPT",
    make: (shop) => Buffer.concat([shop.bytes("main.der"), Buffer.from("more")]),
    names: /4 bytes/,
  },
  {
    input: "PFX that was read as UTF-8 text",
    outcome: "CREDENTIAL_INPUT_IS_MANGLED",
    make: (shop) => shop.bytes("aes.pfx").toString("utf8"),
  },
];

/** The key with its private exponents changed: it parses, and has the right public half, but signs wrongly. */
function damagedKey(shop: Workshop): string {
  const damaged = jwk(shop);
  for (const member of ["d", "dp", "dq"])
    damaged[member] = String(damaged[member]).replace(
      /^(.{60})(.)/,
      (_, start: string, letter: string) => `${start}${letter === "-" ? "A" : "-"}`,
    );
  return createPrivateKey({ key: damaged as never, format: "jwk" })
    .export({ type: "pkcs1", format: "pem" })
    .toString();
}

const FOREIGN: readonly InputCase[] = [
  {
    input: "Java keystore (JKS)",
    outcome: "CREDENTIAL_KEYSTORE_UNSUPPORTED",
    make: () => Buffer.from("feedfeed0000000200000001", "hex"),
    names: /JKS/,
  },
  {
    input: "Java keystore (JCEKS)",
    outcome: "CREDENTIAL_KEYSTORE_UNSUPPORTED",
    make: () => Buffer.from("cececece0000000200000001", "hex"),
    names: /JCEKS/,
  },
  {
    input: "OpenSSH private key",
    outcome: "CREDENTIAL_SSH_KEY",
    make: () =>
      "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
  },
  {
    input: "SSH public key",
    outcome: "CREDENTIAL_SSH_KEY",
    make: () => "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ school",
  },
  {
    input: "PuTTY key",
    outcome: "CREDENTIAL_SSH_KEY",
    make: () => "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\n",
  },
  {
    input: "PGP private key",
    outcome: "CREDENTIAL_PGP_KEY",
    make: () => "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQOYBF\n-----END PGP PRIVATE KEY BLOCK-----\n",
  },
  {
    input: "PKCS#7 bundle (`.p7b`)",
    outcome: "CREDENTIAL_FORMAT_UNSUPPORTED",
    make: file("bundle.p7b"),
    names: /PKCS#7/,
  },
  {
    input: "PKCS#7 bundle as PEM",
    outcome: "CREDENTIAL_FORMAT_UNSUPPORTED",
    make: file("bundle.p7b.pem"),
    names: /PKCS#7/,
  },
  {
    input: ".NET key in XML",
    outcome: "CREDENTIAL_FORMAT_UNSUPPORTED",
    make: () => "<RSAKeyValue><Modulus>AQAB</Modulus></RSAKeyValue>",
  },
  {
    input: "Kubernetes secret in YAML",
    outcome: "CREDENTIAL_FORMAT_UNSUPPORTED",
    make: () => "apiVersion: v1\nkind: Secret\ntype: kubernetes.io/tls\ndata:\n  tls.crt: LS0tLS1CRUdJTg==\n",
    names: /YAML/,
  },
  {
    input: "DER certificate as hex text",
    outcome: "CREDENTIAL_FORMAT_UNSUPPORTED",
    make: () => `308203${"0a1B".repeat(100)}`,
    names: /hex/,
  },
  {
    input: "ZIP archive",
    outcome: "CREDENTIAL_FORMAT_UNSUPPORTED",
    make: () => Buffer.from("504b030414000000", "hex"),
    names: /ZIP/,
  },
  {
    input: "web page saved by mistake",
    outcome: "CREDENTIAL_INPUT_IS_HTML",
    make: () => "<!DOCTYPE html><html><title>Sign in</title></html>",
  },
  {
    input: "name of the file instead of its content",
    outcome: "CREDENTIAL_INPUT_IS_PATH",
    make: () => "/etc/nightlatch/cert.pem",
  },
  {
    input: "thumbprint instead of the certificate",
    outcome: "CREDENTIAL_INPUT_IS_THUMBPRINT",
    make: () => "3B:C8:79:80:31:0C:49:0A:62:AA:5F:63:43:D4:C5:5D:F8:EB:BA:85",
  },
  {
    input: "some other text",
    outcome: "CREDENTIAL_INPUT_UNRECOGNISED",
    make: () => "Dear administrator, please find attached",
  },
  {
    input: "some other binary file",
    outcome: "CREDENTIAL_INPUT_UNRECOGNISED",
    make: () => Buffer.from("00ff10e2000101ee", "hex"),
  },
  {
    input: "file larger than 1 MiB",
    outcome: "CREDENTIAL_INPUT_TOO_LARGE",
    make: () => Buffer.alloc(1024 * 1024 + 1, 65),
  },
];

export const INPUT_GROUPS: readonly InputGroup[] = [
  { title: "PEM", cases: PEM },
  { title: "Chains and several certificates", cases: CHAINS },
  { title: "PFX, DER and base64", cases: BINARY },
  { title: "JWK, Key Vault and other JSON", cases: JSON_INPUTS },
  { title: "Certificates and keys that cannot be used", cases: WRONG_CREDENTIALS },
  { title: "Damaged files", cases: DAMAGED },
  { title: "Other files", cases: FOREIGN },
];
