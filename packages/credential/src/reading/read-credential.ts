/** Reads certificate and key from whatever people have them in, and names every mistake before the wire. */
import { createPublicKey, type KeyObject } from "node:crypto";
import { assemble, type CertificateCredential, requireUsableKey } from "../credential.ts";
import { loadRefusal } from "../refusal.ts";
import { createKeyObjectSigner } from "../signing/signer.ts";
import {
  type Certificate,
  certificateFromDer,
  isIssuedBy,
  maySignCertificates,
} from "../x509/certificate.ts";
import { nameCertificate } from "../x509/certificate-name.ts";
import { readPfx } from "../x509/pkcs12.ts";
import {
  privateKeyFromDer,
  privateKeyFromEncryptedPkcs8,
  privateKeyFromJwk,
  privateKeyFromTraditionalPem,
  requireWorkingKey,
} from "../x509/private-key.ts";
import type { InputItem } from "./input-item.ts";
import { recognise } from "./recognise.ts";

/** Content of a file, or text from an environment variable or a secret store. */
export type CredentialInput = string | Uint8Array;

/** Options of {@link readCredential}. */
export interface ReadCredentialOptions {
  /** Passphrase of the encrypted key or PFX; a plain PEM key ignores it. @defaultValue none */
  readonly passphrase?: string | undefined;
  /** The instant against which the validity is judged. @defaultValue the clock of this machine */
  readonly now?: Date | undefined;
  /** File name for messages; one for each input when an array is given. @defaultValue "the input" */
  readonly sourceName?: string | readonly string[] | undefined;
  /** Whether a certificate outside its validity is loaded all the same. @defaultValue false */
  readonly allowExpired?: boolean | undefined;
}

interface Found<T> {
  readonly value: T;
  readonly sourceName: string;
}

interface Findings {
  readonly certificates: Found<Certificate>[];
  readonly privateKeys: Found<KeyObject>[];
  /** Names of the sources that hold a public key or a request instead of what is wanted. */
  readonly publicKeys: string[];
  readonly requests: string[];
  secretAddress: string | undefined;
}

/**
 * Reads a certificate and its private key.
 *
 * Takes PEM (any key encoding, encrypted or not, any order, damaged line ends repaired), DER, PFX, JWK, base64 of any
 * of these, and Key Vault secrets, as one input or several. The leaf is the certificate that fits the key; further
 * certificates become the chain. The whole list, with every refusal, is in docs/inputs.md.
 *
 * @param input - one input, or several such as certificate and key
 * @param options - passphrase, instant, names for messages
 * @returns the credential
 * @throws {@link NightlatchError} a code of {@link CREDENTIAL_ERRORS} that names the mistake
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createSelfSigned, readCredential } from "@nightlatch/credential";
 *
 * const { certificatePem, privateKeyPem } = await createSelfSigned({ subject: "CN=timetable" });
 * const credential = await readCredential([privateKeyPem, certificatePem]);
 * assert.equal(credential.certificate.subject, "CN=timetable");
 * await assert.rejects(readCredential(certificatePem), { code: "CREDENTIAL_KEY_MISSING" });
 * ```
 */
export async function readCredential(
  input: CredentialInput | readonly CredentialInput[],
  options: ReadCredentialOptions = {},
): Promise<CertificateCredential> {
  const inputs = typeof input === "string" || input instanceof Uint8Array ? [input] : input;
  requireInputs(inputs);
  const names = inputs.map((_, index) => nameOf(index, inputs.length, options.sourceName));
  const findings: Findings = {
    certificates: [],
    privateKeys: [],
    publicKeys: [],
    requests: [],
    secretAddress: undefined,
  };
  for (const [index, one] of inputs.entries()) {
    const sourceName = names[index] ?? "the input";
    for (const item of recognise(one, sourceName)) await open(item, sourceName, options.passphrase, findings);
  }
  const allNames = [...new Set(names)].join(" and ");
  const privateKeys = await usableKeys(findings, allNames);
  const { certificate, privateKey, sourceName } = choose(
    findings,
    privateKeys,
    options.now ?? new Date(),
    allNames,
  );
  await requireWorkingKey(privateKey, sourceName);
  if (options.allowExpired !== true) requireValidity(certificate, options.now ?? new Date(), allNames);
  return assemble(
    certificate,
    createKeyObjectSigner(privateKey),
    findings.certificates.map((found) => found.value),
    options.allowExpired === true,
  );
}

function nameOf(index: number, count: number, sourceName: string | readonly string[] | undefined): string {
  if (typeof sourceName === "string") return sourceName;
  return sourceName?.[index] ?? (count === 1 ? "the input" : `input ${index + 1}`);
}

async function open(
  item: InputItem,
  sourceName: string,
  passphrase: string | undefined,
  findings: Findings,
): Promise<void> {
  const foundKey = (value: KeyObject) => findings.privateKeys.push({ value, sourceName });
  const foundCertificate = (der: Uint8Array) =>
    findings.certificates.push({ value: certificateFromDer(der, sourceName), sourceName });
  switch (item.kind) {
    case "certificate":
      foundCertificate(item.der);
      break;
    case "privateKey":
      foundKey(privateKeyFromDer(item.der, item.encoding, sourceName));
      break;
    case "encryptedPkcs8":
      foundKey(await privateKeyFromEncryptedPkcs8(item.der, passphrase, sourceName));
      break;
    case "traditionalPem":
      foundKey(privateKeyFromTraditionalPem(item.block, passphrase, sourceName));
      break;
    case "jwk":
      foundKey(privateKeyFromJwk(item.jwk, sourceName));
      break;
    case "pfx": {
      const contents = await readPfx(item.der, passphrase, sourceName);
      for (const der of contents.certificates) foundCertificate(der);
      for (const der of contents.privateKeys) foundKey(privateKeyFromDer(der, "pkcs8", sourceName));
      break;
    }
    case "publicKey":
      findings.publicKeys.push(sourceName);
      break;
    case "certificateRequest":
      findings.requests.push(sourceName);
      break;
    case "secretAddress":
      findings.secretAddress = item.url;
      break;
  }
}

/** Refuses what lacks a half, and keys that Entra ID does not take. */
async function usableKeys(findings: Findings, allNames: string): Promise<readonly Found<KeyObject>[]> {
  const { certificates, privateKeys, publicKeys, requests, secretAddress } = findings;
  if (privateKeys.length === 0) {
    const publicKey = publicKeys[0];
    if (publicKey !== undefined)
      throw loadRefusal(
        "CREDENTIAL_PUBLIC_KEY_ONLY",
        publicKey,
        "it holds a public key, not the private one",
      );
    const request = requests[0];
    if (request !== undefined && certificates.length === 0)
      throw loadRefusal(
        "CREDENTIAL_REQUEST_ONLY",
        request,
        "it holds a certificate request, not a certificate",
      );
    throw loadRefusal(
      "CREDENTIAL_KEY_MISSING",
      allNames,
      certificates.length === 0
        ? "it holds neither a private key nor a certificate"
        : "it holds only the public certificate, the private key is missing",
      {
        hint:
          secretAddress === undefined
            ? undefined
            : `Read the secret at ${secretAddress} instead: Key Vault keeps the private key there`,
      },
    );
  }
  if (certificates.length === 0) {
    const request = requests[0];
    if (request !== undefined)
      throw loadRefusal(
        "CREDENTIAL_REQUEST_ONLY",
        request,
        "it holds a certificate request, not a certificate",
      );
    throw loadRefusal(
      "CREDENTIAL_CERTIFICATE_MISSING",
      allNames,
      "it holds only the private key, the certificate is missing",
    );
  }
  const rsaKeys = privateKeys.filter((found) => found.value.asymmetricKeyType === "rsa");
  const first = (rsaKeys[0] ?? privateKeys[0]) as Found<KeyObject>;
  const usable = rsaKeys.filter((found) => sizeOf(found.value) >= 2048);
  if (usable.length === 0)
    requireUsableKey(
      { keyType: first.value.asymmetricKeyType ?? "unknown", keySizeBits: sizeOf(first.value) },
      first.sourceName,
    );
  return usable;
}

function sizeOf(key: KeyObject): number {
  return key.asymmetricKeyDetails?.modulusLength ?? 0;
}

interface Choice {
  readonly certificate: Certificate;
  readonly privateKey: KeyObject;
  readonly sourceName: string;
}

/** The leaf is the certificate that fits the key; of several for one key, the one that is valid, then the newest. */
function choose(findings: Findings, keys: readonly Found<KeyObject>[], now: Date, allNames: string): Choice {
  const fits = new Map<string, Choice>();
  for (const key of keys) {
    const spki = spkiOf(createPublicKey(key.value));
    const leaves = findings.certificates
      .map((found) => found.value)
      .filter((certificate) => spkiOf(certificate.publicKey) === spki)
      .sort((left, right) => rank(right, now) - rank(left, now) || +right.notBefore - +left.notBefore);
    const [leaf] = leaves;
    if (leaf !== undefined)
      fits.set(spki, { certificate: leaf, privateKey: key.value, sourceName: key.sourceName });
  }
  const choices = [...fits.values()];
  const [choice, another] = choices;
  if (choice === undefined) throw nothingFits(findings, allNames);
  if (another !== undefined)
    throw loadRefusal(
      "CREDENTIAL_AMBIGUOUS",
      allNames,
      `it holds ${choices.length} private keys that each fit a certificate: ${choices
        .map((each) => nameCertificate(each.certificate))
        .join(", ")}`,
    );
  return choice;
}

function rank(certificate: Certificate, now: Date): number {
  return certificate.notBefore <= now && now <= certificate.notAfter ? 1 : 0;
}

function spkiOf(publicKey: KeyObject): string {
  return publicKey.export({ type: "spki", format: "der" }).toString("base64");
}

function nothingFits(findings: Findings, allNames: string): Error {
  const certificates = findings.certificates.map((found) => found.value);
  const named = certificates.map(nameCertificate).join(", ");
  const details = { thumbprintsSha1: certificates.map((certificate) => certificate.thumbprintSha1.hex) };
  const isIssuer = (certificate: Certificate): boolean =>
    certificate.isCertificateAuthority &&
    (maySignCertificates(certificate) ||
      !certificate.isSelfSigned ||
      certificates.some((other) => other !== certificate && isIssuedBy(other, certificate)));
  if (certificates.every(isIssuer))
    return loadRefusal(
      "CREDENTIAL_ISSUER_INSTEAD_OF_LEAF",
      allNames,
      `${named} is the certificate of an issuer (CA), the one that belongs to the private key is missing`,
      { details },
    );
  return loadRefusal(
    "CREDENTIAL_KEY_MISMATCH",
    allNames,
    certificates.length === 1
      ? `the private key belongs to another certificate than ${named}`
      : `the private key fits none of the certificates ${named}`,
    { details },
  );
}

function requireValidity(certificate: Certificate, now: Date, allNames: string): void {
  const details = {
    thumbprintSha1: certificate.thumbprintSha1.hex,
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
  };
  if (now > certificate.notAfter)
    throw loadRefusal(
      "CREDENTIAL_EXPIRED",
      allNames,
      `the certificate ${nameCertificate(certificate)} expired at ${details.notAfter}`,
      { details },
    );
  if (now < certificate.notBefore)
    throw loadRefusal(
      "CREDENTIAL_NOT_YET_VALID",
      allNames,
      `the certificate ${nameCertificate(certificate)} is not valid before ${details.notBefore}`,
      { details },
    );
}

/** Callers without types give a variable of the environment that is not set, and the like. */
function requireInputs(inputs: readonly CredentialInput[]): void {
  if (Array.isArray(inputs) && inputs.length === 0)
    throw new TypeError("readCredential() needs at least one input");
  const isInput = (one: unknown) => typeof one === "string" || one instanceof Uint8Array;
  const wrong: unknown = Array.isArray(inputs) ? inputs.find((one) => !isInput(one)) : inputs;
  if (!Array.isArray(inputs) || !inputs.every(isInput))
    throw new TypeError(
      `readCredential() takes text or bytes (Uint8Array), not ${wrong === null ? "null" : typeof wrong === "object" ? (wrong.constructor?.name ?? "an object") : typeof wrong}`,
    );
}
