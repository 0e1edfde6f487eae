/**
 * Mints the local CA, the TLS leaf and the issuer's certificate. Loaded only when something has to be minted, because
 * the certificate library costs more to load than the rest of the emulator together.
 */
import { createHash, randomBytes, webcrypto } from "node:crypto";
import { isIP } from "node:net";
import type * as X509 from "@peculiar/x509";
import type { KeyPem, LocalKeys } from "./local-keys.ts";

const DAY_MS = 86_400_000;
const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const RSA = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};

/**
 * Makes a whole set of keys.
 *
 * @param hostNames - DNS names and IP addresses of the leaf
 * @returns CA, leaf and issuer key in PEM
 */
export async function mintLocalKeys(hostNames: readonly string[]): Promise<LocalKeys> {
  // The RSA key is by far the dearest: it is searched for in the thread pool while the library loads.
  const issuer = mintIssuerKey();
  const ca = await mintCa(hostNames);
  return {
    version: 1,
    ca,
    leaf: await mintLeaf(ca, hostNames),
    issuer: await issuer,
    sealKeyBase64url: randomBytes(32).toString("base64url"),
  };
}

/**
 * Makes a signing key for tokens with its certificate.
 *
 * @returns RSA 2048, certificate valid for five years
 */
export async function mintIssuerKey(): Promise<KeyPem> {
  const keys = await webcrypto.subtle.generateKey(RSA, true, ["sign", "verify"]);
  const x509 = await loadX509();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: "CN=accounts.accesscontrol.windows.net",
      keys,
      signingAlgorithm: RSA,
      ...validFor(5 * 365),
    },
    webcrypto,
  );
  return {
    privateKeyPem: await pkcs8Pem(keys.privateKey),
    certificatePem: `${certificate.toString("pem")}\n`,
  };
}

/**
 * Makes a TLS leaf.
 *
 * @param ca - the local CA
 * @param hostNames - DNS names and IP addresses
 * @returns P-256, valid for 397 days, the longest that all verifiers take
 */
export async function mintLeaf(ca: KeyPem, hostNames: readonly string[]): Promise<LocalKeys["leaf"]> {
  const x509 = await loadX509();
  const keys = await webcrypto.subtle.generateKey(ECDSA, true, ["sign", "verify"]);
  const caCertificate = new x509.X509Certificate(ca.certificatePem);
  const certificate = await x509.X509CertificateGenerator.create(
    {
      subject: "CN=localhost,O=Nightlatch emulator",
      issuer: caCertificate.subjectName,
      publicKey: keys.publicKey,
      signingKey: await importEcdsaKey(ca.privateKeyPem),
      signingAlgorithm: ECDSA,
      ...validFor(397),
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(
          hostNames.map((name) => ({
            type: isIP(name) === 0 ? ("dns" as const) : ("ip" as const),
            value: name,
          })),
        ),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
        await x509.AuthorityKeyIdentifierExtension.create(caCertificate, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return {
    privateKeyPem: await pkcs8Pem(keys.privateKey),
    certificatePem: `${certificate.toString("pem")}\n`,
    hostNames: [...hostNames],
  };
}

async function mintCa(hostNames: readonly string[]): Promise<KeyPem> {
  const x509 = await loadX509();
  const keys = await webcrypto.subtle.generateKey(ECDSA, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: `CN=Nightlatch emulator CA ${randomBytes(3).toString("hex")},O=Nightlatch emulator`,
      keys,
      signingAlgorithm: ECDSA,
      ...validFor(10 * 365),
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
        new x509.Extension("2.5.29.30", true, nameConstraintsDer(hostNames)),
      ],
    },
    webcrypto,
  );
  return {
    privateKeyPem: await pkcs8Pem(keys.privateKey),
    certificatePem: `${certificate.toString("pem")}\n`,
  };
}

/**
 * Permits the CA to vouch for these names only, so that trusting it opens nothing else.
 *
 * @see RFC 5280 §4.2.1.10
 */
function nameConstraintsDer(hostNames: readonly string[]): Uint8Array<ArrayBuffer> {
  const subtrees = hostNames.map((name) => {
    const family = isIP(name);
    if (family === 0) return tlv(0x30, tlv(0x82, Buffer.from(name.replace(/^\*\./, ""), "ascii")));
    const address = family === 4 ? Buffer.from(name.split(".").map(Number)) : ipv6Bytes(name);
    return tlv(0x30, tlv(0x87, Buffer.concat([address, Buffer.alloc(address.length, 0xff)])));
  });
  return new Uint8Array(tlv(0x30, tlv(0xa0, Buffer.concat(subtrees))));
}

function ipv6Bytes(address: string): Buffer {
  const [head = "", tail] = address.split("::");
  const groups = (text: string): string[] => (text === "" ? [] : text.split(":"));
  const left = groups(head);
  const right = groups(tail ?? "");
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => "0");
  const bytes = Buffer.alloc(16);
  [...left, ...zeros, ...right].forEach((group, index) => {
    bytes.writeUInt16BE(Number.parseInt(group, 16), index * 2);
  });
  return bytes;
}

function tlv(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function validFor(days: number): { notBefore: Date; notAfter: Date; serialNumber: string } {
  const nowMs = Date.now();
  return {
    notBefore: new Date(nowMs - DAY_MS),
    notAfter: new Date(nowMs + (days - 1) * DAY_MS),
    serialNumber: `0${createHash("sha1").update(randomBytes(16)).digest("hex").slice(1, 32)}`,
  };
}

async function pkcs8Pem(key: webcrypto.CryptoKey): Promise<string> {
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key));
  return `-----BEGIN PRIVATE KEY-----\n${pkcs8.toString("base64").replace(/(.{64})/g, "$1\n")}\n-----END PRIVATE KEY-----\n`;
}

async function importEcdsaKey(privateKeyPem: string): Promise<webcrypto.CryptoKey> {
  const pkcs8 = Buffer.from(privateKeyPem.replace(/-----[^-]+-----|\s/g, ""), "base64");
  return webcrypto.subtle.importKey("pkcs8", pkcs8, ECDSA, false, ["sign"]);
}

/**
 * The library decorates its classes with tsyringe, which refuses to load without the metadata proposal but reads
 * nothing from it here. It is lent empty functions while it loads, and the global object is put back.
 */
async function loadX509(): Promise<typeof X509> {
  const target = Reflect as unknown as Record<string, unknown>;
  const lent: Record<string, unknown> = {
    getMetadata: () => undefined,
    getOwnMetadata: () => undefined,
    defineMetadata: () => undefined,
  };
  const names = Object.keys(lent).filter((name) => target[name] === undefined);
  for (const name of names) target[name] = lent[name];
  try {
    return await import("@peculiar/x509");
  } finally {
    for (const name of names) delete target[name];
  }
}
