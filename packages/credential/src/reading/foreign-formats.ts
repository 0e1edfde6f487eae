/** Files that people give by mistake, told by how they begin, each with the name of the mistake. */
import type { CredentialErrorCode } from "../errors.ts";

/** One kind of wrong file. */
export interface ForeignFormat {
  /** The code under which it is refused. */
  readonly code: CredentialErrorCode;
  /** What it is, as the end of the sentence "it is …". */
  readonly what: string;
  /** The next act, where the table's hint is not exact enough. */
  readonly hint?: string;
}

const KEYSTORE = "CREDENTIAL_KEYSTORE_UNSUPPORTED";
const UNSUPPORTED = "CREDENTIAL_FORMAT_UNSUPPORTED";

/** First bytes in hex, and what they mean. */
const BY_MAGIC: ReadonlyArray<readonly [magicHex: string, format: ForeignFormat]> = [
  ["feedfeed", { code: KEYSTORE, what: "a Java keystore (JKS)" }],
  ["cececece", { code: KEYSTORE, what: "a Java keystore (JCEKS)" }],
  ["0000000200000014", { code: KEYSTORE, what: "a Bouncy Castle keystore (BKS)" }],
  [
    "1ef1b5b0",
    {
      code: UNSUPPORTED,
      what: "a Microsoft PVK key",
      hint: "Convert it with openssl rsa -inform PVK -in FILE -out key.pem",
    },
  ],
  [
    "0702000000a40000",
    {
      code: UNSUPPORTED,
      what: "a Microsoft key blob",
      hint: "Convert it with openssl rsa -inform MSBLOB -in FILE -out key.pem",
    },
  ],
  [
    "504b0304",
    { code: UNSUPPORTED, what: "a ZIP archive", hint: "Unpack it and give the certificate file inside" },
  ],
  [
    "1f8b",
    { code: UNSUPPORTED, what: "a gzip archive", hint: "Unpack it and give the certificate file inside" },
  ],
  ["25504446", { code: UNSUPPORTED, what: "a PDF document" }],
  ["89504e47", { code: UNSUPPORTED, what: "a PNG picture" }],
  ["7f454c46", { code: UNSUPPORTED, what: "a program" }],
  ["4d5a9000", { code: UNSUPPORTED, what: "a program" }],
];

/** Texts, tried in order on text without surrounding white space. */
const BY_TEXT: ReadonlyArray<readonly [pattern: RegExp, format: ForeignFormat]> = [
  [/^-----BEGIN OPENSSH PRIVATE KEY/m, { code: "CREDENTIAL_SSH_KEY", what: "an OpenSSH private key" }],
  [/^---- BEGIN SSH2 /m, { code: "CREDENTIAL_SSH_KEY", what: "an SSH2 key" }],
  [/^-----BEGIN SSH2 /m, { code: "CREDENTIAL_SSH_KEY", what: "an SSH2 key" }],
  [
    /^(ssh-(rsa|dss|ed25519)|ecdsa-sha2-\S+|sk-\S+@openssh\.com) AAAA/,
    { code: "CREDENTIAL_SSH_KEY", what: "an SSH public key" },
  ],
  [/^PuTTY-User-Key-File-/, { code: "CREDENTIAL_SSH_KEY", what: "a PuTTY key" }],
  [/^-----BEGIN PGP /m, { code: "CREDENTIAL_PGP_KEY", what: "a PGP key or message" }],
  [
    /^-----BEGIN (PKCS7|CMS)-----/m,
    {
      code: UNSUPPORTED,
      what: "a PKCS#7 bundle, which holds certificates only",
      hint: "Convert it with openssl pkcs7 -print_certs -in FILE, and give the private key as well",
    },
  ],
  [
    /^(<\?xml[\s\S]{0,200})?\s*<RSAKeyValue/i,
    {
      code: UNSUPPORTED,
      what: "a .NET RSA key in XML",
      hint: "Export the certificate with its key as PFX instead",
    },
  ],
  [
    /^<(!doctype|html|head|body|\?xml|!--)/i,
    { code: "CREDENTIAL_INPUT_IS_HTML", what: "a web page or XML document" },
  ],
  [
    /(?<!-----BEGIN[\s\S]*)^kind:\s*Secret\b(?![\s\S]*-----BEGIN)/m,
    {
      code: UNSUPPORTED,
      what: "a Kubernetes secret in YAML",
      hint: "Give it as JSON, as kubectl get secret NAME -o json prints it, or the files that it is mounted as",
    },
  ],
  [
    // DER begins with 30 82, PEM with five hyphens.
    /^(3[01] ?:?8[0-4]|(2d ?:?){5})[0-9a-f\s:]{200,}$/i,
    { code: UNSUPPORTED, what: "hex text", hint: "Make bytes of it with xxd -r -p FILE out.der" },
  ],
  [/^HTTP\/[\d.]+ \d{3}/, { code: "CREDENTIAL_INPUT_IS_HTML", what: "the answer of a web server" }],
];

/**
 * Recognises a binary file that is no credential.
 *
 * @param bytes - content of the file
 * @returns the mistake, or `undefined`
 */
export function foreignFormatOfBytes(bytes: Uint8Array): ForeignFormat | undefined {
  const start = Buffer.from(bytes.subarray(0, 8)).toString("hex");
  return BY_MAGIC.find(([magicHex]) => start.startsWith(magicHex))?.[1];
}

/**
 * Recognises a text that is no credential.
 *
 * @param text - content without surrounding white space
 * @returns the mistake, or `undefined`
 */
export function foreignFormatOfText(text: string): ForeignFormat | undefined {
  return BY_TEXT.find(([pattern]) => pattern.test(text))?.[1];
}
