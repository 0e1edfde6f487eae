/** Private keys from PKCS#8, PKCS#1, SEC 1 and their encrypted forms, and from JWK. */
import { constants, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { childOf, DerFault, octetsOf, readDer, TAG } from "../encoding/der.ts";
import { formatPem, type PemBlock } from "../encoding/pem.ts";
import { loadRefusal } from "../refusal.ts";
import { decryptWithPassphrase, UnsupportedCipher } from "./password-based-encryption.ts";

/** How a DER private key is wrapped. */
export type PrivateKeyEncoding = "pkcs8" | "pkcs1" | "sec1";

/**
 * Makes a key from DER.
 *
 * @param der - the key, DER
 * @param encoding - how it is wrapped
 * @param sourceName - file name for messages
 * @returns the private key, of any kind
 * @throws {@link NightlatchError} `CREDENTIAL_KEY_MALFORMED`
 */
export function privateKeyFromDer(
  der: Uint8Array,
  encoding: PrivateKeyEncoding,
  sourceName: string,
): KeyObject {
  try {
    return createPrivateKey({ key: Buffer.from(der), format: "der", type: encoding });
  } catch {
    // The foreign error is dropped: it adds nothing and may quote the key.
    throw loadRefusal("CREDENTIAL_KEY_MALFORMED", sourceName, "the private key cannot be read");
  }
}

/**
 * Opens an encrypted PKCS#8 key.
 *
 * @param der - EncryptedPrivateKeyInfo, DER
 * @param passphrase - its passphrase
 * @param sourceName - file name for messages
 * @returns the private key, of any kind
 * @throws {@link NightlatchError} `CREDENTIAL_PASSPHRASE_MISSING`, `CREDENTIAL_PASSPHRASE_WRONG`,
 *   `CREDENTIAL_CIPHER_UNSUPPORTED`, `CREDENTIAL_KEY_MALFORMED`
 */
export async function privateKeyFromEncryptedPkcs8(
  der: Uint8Array,
  passphrase: string | undefined,
  sourceName: string,
): Promise<KeyObject> {
  if (passphrase === undefined || passphrase === "") throw passphraseMissing(sourceName);
  try {
    const outer = readDer(der);
    const algorithm = childOf(outer, 0, TAG.sequence);
    const ciphertext = octetsOf(childOf(outer, 1, TAG.octetString));
    const open = async (candidate: string): Promise<KeyObject | undefined> => {
      const pkcs8 = await decryptWithPassphrase(algorithm, ciphertext, candidate);
      if (pkcs8 === undefined) return undefined;
      try {
        return createPrivateKey({ key: Buffer.from(pkcs8), format: "der", type: "pkcs8" });
      } catch {
        // One wrong passphrase in 256 leaves a padding that looks right; what comes out is no key.
        return undefined;
      }
    };
    const key = await open(passphrase);
    if (key !== undefined) return key;
    const trimmed = passphrase.trim();
    const blank = trimmed !== passphrase && (await open(trimmed)) !== undefined;
    throw passphraseWrong(sourceName, blank);
  } catch (error) {
    if (error instanceof UnsupportedCipher)
      throw loadRefusal(
        "CREDENTIAL_CIPHER_UNSUPPORTED",
        sourceName,
        `the private key is encrypted with ${error.message}`,
      );
    if (error instanceof DerFault)
      throw loadRefusal(
        "CREDENTIAL_KEY_MALFORMED",
        sourceName,
        `the encrypted private key is damaged: ${error.message}`,
      );
    throw error;
  }
}

/**
 * Opens a key that is encrypted in the traditional PEM way (`Proc-Type: 4,ENCRYPTED`).
 *
 * @param block - the PEM block, with its `dekInfo`
 * @param passphrase - its passphrase
 * @param sourceName - file name for messages
 * @returns the private key, of any kind
 * @throws {@link NightlatchError} `CREDENTIAL_PASSPHRASE_MISSING`, `CREDENTIAL_PASSPHRASE_WRONG`,
 *   `CREDENTIAL_CIPHER_UNSUPPORTED`
 */
export function privateKeyFromTraditionalPem(
  block: PemBlock,
  passphrase: string | undefined,
  sourceName: string,
): KeyObject {
  if (passphrase === undefined || passphrase === "") throw passphraseMissing(sourceName);
  const cipher = (block.dekInfo ?? "").split(",")[0] ?? "";
  if (!/^(AES-(128|192|256)|DES-EDE3)-CBC$/.test(cipher))
    throw loadRefusal(
      "CREDENTIAL_CIPHER_UNSUPPORTED",
      sourceName,
      `the private key is encrypted with ${cipher}`,
    );
  const pem = formatPem(block.label, block.der, block.dekInfo);
  const open = (candidate: string): KeyObject | undefined => {
    try {
      return createPrivateKey({ key: pem, format: "pem", passphrase: candidate });
    } catch {
      return undefined;
    }
  };
  const key = open(passphrase);
  if (key !== undefined) return key;
  const trimmed = passphrase.trim();
  throw passphraseWrong(sourceName, trimmed !== passphrase && open(trimmed) !== undefined);
}

/**
 * Makes a key from a JWK.
 *
 * @param jwk - JSON Web Key with its private members
 * @param sourceName - file name for messages
 * @returns the private key, of any kind
 * @throws {@link NightlatchError} `CREDENTIAL_PUBLIC_KEY_ONLY`, `CREDENTIAL_JWK_INVALID`
 * @see RFC 7517, RFC 7518 §6.3
 */
export function privateKeyFromJwk(jwk: Readonly<Record<string, unknown>>, sourceName: string): KeyObject {
  if (typeof jwk["kty"] !== "string" || jwk["kty"] === "oct")
    throw loadRefusal("CREDENTIAL_JWK_INVALID", sourceName, "the JWK is a shared secret, not a key pair");
  if (jwk["d"] === undefined)
    throw loadRefusal("CREDENTIAL_PUBLIC_KEY_ONLY", sourceName, "the JWK holds only the public key");
  try {
    return createPrivateKey({ key: jwk as never, format: "jwk" });
  } catch {
    throw loadRefusal(
      "CREDENTIAL_JWK_INVALID",
      sourceName,
      "the JWK has members that are missing or do not form a key",
    );
  }
}

/**
 * Makes sure that a private RSA key signs what its public half verifies: damage in the private numbers shows only so.
 *
 * @param privateKey - an RSA key
 * @param sourceName - file name for messages
 * @throws {@link NightlatchError} `CREDENTIAL_KEY_MALFORMED`
 */
export async function requireWorkingKey(privateKey: KeyObject, sourceName: string): Promise<void> {
  const probe = Buffer.from("nightlatch");
  const padding = constants.RSA_PKCS1_PADDING;
  const works = await new Promise<boolean>((resolve) => {
    try {
      sign("sha256", probe, { key: privateKey, padding }, (error, signature) => {
        if (error !== null) resolve(false);
        else resolve(verifies(signature));
      });
    } catch {
      resolve(false);
    }
  });
  function verifies(signature: Buffer): boolean {
    try {
      return verify("sha256", probe, { key: createPublicKey(privateKey), padding }, signature);
    } catch {
      return false;
    }
  }
  if (!works)
    throw loadRefusal(
      "CREDENTIAL_KEY_MALFORMED",
      sourceName,
      "the private key is damaged: what it signs does not verify with its own public half",
    );
}

function passphraseMissing(sourceName: string) {
  return loadRefusal(
    "CREDENTIAL_PASSPHRASE_MISSING",
    sourceName,
    "the private key is encrypted and no passphrase was given",
  );
}

function passphraseWrong(sourceName: string, blank: boolean) {
  return loadRefusal(
    "CREDENTIAL_PASSPHRASE_WRONG",
    sourceName,
    "the passphrase does not open the private key",
    {
      hint: blank
        ? "Take away the line break or blanks around the passphrase; without them it fits"
        : undefined,
    },
  );
}
