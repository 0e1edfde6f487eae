/**
 * Finds out what an input is, and takes it apart into certificates, keys and containers.
 *
 * The rules are: the content decides, never the file name; what can be read in exactly one way is read; everything
 * else is refused by the name of the mistake.
 */
import { childrenOf, type DerElement, DerFault, oidOf, readDer, TAG } from "../encoding/der.ts";
import { looksLikePem, type PemBlock, parsePem } from "../encoding/pem.ts";
import { decodeText, unwrapText } from "../encoding/text.ts";
import { loadRefusal } from "../refusal.ts";
import { type ForeignFormat, foreignFormatOfBytes, foreignFormatOfText } from "./foreign-formats.ts";
import type { InputItem } from "./input-item.ts";
import { itemsOfJson } from "./json-input.ts";

const MOST_BYTES = 1024 * 1024;
const DEEPEST_WRAPPING = 4;
const OID_SIGNED_DATA = "1.2.840.113549.1.7.2";

/**
 * Takes an input apart.
 *
 * @param input - content of a file, or text from an environment variable or a secret store
 * @param sourceName - file name for messages
 * @param depth - how many wrappings (base64, JSON) are already off
 * @returns what the input holds, in its order, at least one item
 * @throws {@link NightlatchError} the codes that begin with `CREDENTIAL_INPUT_`, `CREDENTIAL_PEM_` and
 *   `CREDENTIAL_DER_`, `CREDENTIAL_KEYSTORE_UNSUPPORTED`, `CREDENTIAL_FORMAT_UNSUPPORTED`, `CREDENTIAL_SSH_KEY`,
 *   `CREDENTIAL_PGP_KEY`
 */
export function recognise(input: string | Uint8Array, sourceName: string, depth = 0): readonly InputItem[] {
  if (input.length > MOST_BYTES)
    throw loadRefusal("CREDENTIAL_INPUT_TOO_LARGE", sourceName, `it holds ${input.length} bytes`);
  if (depth > DEEPEST_WRAPPING)
    throw loadRefusal("CREDENTIAL_INPUT_UNRECOGNISED", sourceName, "it is wrapped too many times");
  if (typeof input === "string") return itemsOfText(input, sourceName, depth);
  if (input.length === 0) throw loadRefusal("CREDENTIAL_INPUT_EMPTY", sourceName, "it is empty");
  const foreign = foreignFormatOfBytes(input);
  if (foreign !== undefined) throw foreignRefusal(foreign, sourceName);
  // The first byte of DER is "0" in ASCII, so text is only what does not go on like DER.
  if (input[0] === TAG.sequence && looksLikeDer(input)) return [itemOfDer(input, sourceName)];
  const text = decodeText(input);
  if (text !== undefined) return itemsOfText(text, sourceName, depth);
  throw loadRefusal(
    "CREDENTIAL_INPUT_UNRECOGNISED",
    sourceName,
    "it is binary, but neither a DER certificate or key nor a PFX",
  );
}

/**
 * Names the DER structure that some bytes are.
 *
 * @param der - bytes that begin with a SEQUENCE
 * @param sourceName - file name for messages
 * @returns the item
 * @throws {@link NightlatchError} `CREDENTIAL_DER_TRUNCATED`, `CREDENTIAL_DER_CORRUPT`,
 *   `CREDENTIAL_FORMAT_UNSUPPORTED`
 */
function itemOfDer(der: Uint8Array, sourceName: string): InputItem {
  let element: DerElement;
  let parts: readonly DerElement[];
  try {
    element = readDer(der);
    parts = childrenOf(element);
  } catch (error) {
    if (!(error instanceof DerFault)) throw error;
    if (error.kind === "truncated")
      throw loadRefusal(
        "CREDENTIAL_DER_TRUNCATED",
        sourceName,
        `it is cut short: it holds ${der.length} of ${error.expectedBytes} bytes`,
      );
    throw loadRefusal("CREDENTIAL_DER_CORRUPT", sourceName, `the DER is damaged: ${error.message}`);
  }
  const item = classify(parts, der);
  if (item === undefined)
    throw loadRefusal(
      "CREDENTIAL_INPUT_UNRECOGNISED",
      sourceName,
      "it is DER, but neither a certificate nor a private key nor a PFX",
    );
  if (item === "pkcs7")
    throw foreignRefusal(
      {
        code: "CREDENTIAL_FORMAT_UNSUPPORTED",
        what: "a PKCS#7 bundle, which holds certificates only",
        hint: "Convert it with openssl pkcs7 -inform DER -print_certs -in FILE, and give the private key as well",
      },
      sourceName,
    );
  // Some tools end binary files with a line end; more than that is a mistake.
  const extra = der.subarray(element.bytes.length);
  if (item.kind !== "pfx" && extra.some((byte) => byte !== 0x0a && byte !== 0x0d))
    throw loadRefusal("CREDENTIAL_DER_CORRUPT", sourceName, `${extra.length} bytes follow the DER structure`);
  return "der" in item ? { ...item, der: element.bytes } : item;
}

function classify(parts: readonly DerElement[], der: Uint8Array): InputItem | "pkcs7" | undefined {
  const tags = parts.map((part) => part.tag);
  const [first, second] = parts;
  if (first === undefined || second === undefined) return undefined;
  const starts = (...wanted: number[]): boolean => wanted.every((tag, index) => tags[index] === tag);
  if (starts(TAG.integer, TAG.sequence, TAG.octetString))
    return { kind: "privateKey", der, encoding: "pkcs8" };
  if (starts(TAG.integer, TAG.sequence)) return { kind: "pfx", der };
  if (starts(TAG.integer, TAG.integer, TAG.integer, TAG.integer))
    return { kind: "privateKey", der, encoding: "pkcs1" };
  if (starts(TAG.integer, TAG.octetString)) return { kind: "privateKey", der, encoding: "sec1" };
  if (starts(TAG.integer, TAG.integer)) return { kind: "publicKey" };
  if (starts(TAG.sequence, TAG.octetString)) return { kind: "encryptedPkcs8", der };
  if (starts(TAG.sequence, TAG.bitString)) return { kind: "publicKey" };
  if (starts(TAG.oid, TAG.context0)) return safeOid(first) === OID_SIGNED_DATA ? "pkcs7" : undefined;
  if (starts(TAG.sequence, TAG.sequence, TAG.bitString))
    return isRequest(first) ? { kind: "certificateRequest" } : { kind: "certificate", der };
  return undefined;
}

/** A request's third field is the public key (algorithm and BIT STRING), a certificate's is a name or its validity. */
function isRequest(info: DerElement): boolean {
  try {
    const [version, , publicKey] = childrenOf(info);
    if (version?.tag !== TAG.integer || publicKey === undefined) return false;
    return childrenOf(publicKey)[1]?.tag === TAG.bitString;
  } catch {
    return false;
  }
}

function safeOid(element: DerElement): string | undefined {
  try {
    return oidOf(element);
  } catch {
    return undefined;
  }
}

function looksLikeDer(bytes: Uint8Array): boolean {
  const length = bytes[1] ?? 0;
  // Long lengths, or a short structure that fills the input: no text continues so.
  return length >= 0x80 ? length <= 0x84 : length + 2 <= bytes.length && bytes.includes(0);
}

function itemsOfText(raw: string, sourceName: string, depth: number): readonly InputItem[] {
  const binary = bytesReadAsText(raw, sourceName);
  if (binary !== undefined) return recognise(binary, sourceName, depth + 1);
  const text = unwrapText(raw);
  if (text === "") throw loadRefusal("CREDENTIAL_INPUT_EMPTY", sourceName, "it is empty");
  const foreign = foreignFormatOfText(text);
  if (foreign !== undefined) throw foreignRefusal(foreign, sourceName);
  if (/^[{[]/.test(text))
    return itemsOfJson([raw, text], sourceName, (inside, name) => recognise(inside, name, depth + 1));
  if (looksLikePem(text)) return itemsOfPem(text, sourceName);
  refuseNamesOfCredentials(text, sourceName);
  const decoded = decodeWholeBase64(text);
  if (decoded !== undefined) return recognise(decoded, sourceName, depth + 1);
  throw loadRefusal(
    "CREDENTIAL_INPUT_UNRECOGNISED",
    sourceName,
    "it is text, but neither PEM nor base64 nor a JWK",
  );
}

function itemsOfPem(text: string, sourceName: string): readonly InputItem[] {
  const items: InputItem[] = [];
  for (const block of parsePem(text, sourceName)) {
    const item = itemOfBlock(block, sourceName);
    if (item !== undefined) items.push(item);
  }
  if (items.length === 0)
    throw loadRefusal(
      "CREDENTIAL_INPUT_UNRECOGNISED",
      sourceName,
      "its PEM holds neither a certificate nor a private key",
    );
  return items;
}

function itemOfBlock(block: PemBlock, sourceName: string): InputItem | undefined {
  if (block.dekInfo !== undefined) return { kind: "traditionalPem", block };
  const { der, label } = block;
  if (/^(X509 |TRUSTED )?CERTIFICATE$/.test(label)) return { kind: "certificate", der: firstOf(der) };
  if (/CERTIFICATE REQUEST$/.test(label)) return { kind: "certificateRequest" };
  // GnuTLS and GnuPG write PFX files so.
  if (label === "PKCS12") return { kind: "pfx", der };
  if (label === "ENCRYPTED PRIVATE KEY") return { kind: "encryptedPkcs8", der };
  if (/PRIVATE KEY$/.test(label)) {
    // The label is often wrong ("RSA PRIVATE KEY" around PKCS#8): the structure decides.
    const item = itemOfDer(der, sourceName);
    if (item.kind === "privateKey" || item.kind === "encryptedPkcs8") return item;
    return {
      kind: "privateKey",
      der,
      encoding: label.startsWith("RSA") ? "pkcs1" : label.startsWith("EC") ? "sec1" : "pkcs8",
    };
  }
  if (/PUBLIC KEY$/.test(label)) return { kind: "publicKey" };
  return undefined;
}

function firstOf(der: Uint8Array): Uint8Array {
  return readDer(der).bytes;
}

/** A PFX or DER file that was read with `latin1` can be turned back; read as UTF-8 it is lost. */
function bytesReadAsText(raw: string, sourceName: string): Uint8Array | undefined {
  if (!/^0[\u0080-\u0084\uFFFD]/.test(raw)) return undefined;
  if (raw.includes("\uFFFD"))
    throw loadRefusal(
      "CREDENTIAL_INPUT_IS_MANGLED",
      sourceName,
      "it is a binary file that was read as text, and its bytes are lost",
    );
  for (let index = 0; index < raw.length; index += 1) if (raw.charCodeAt(index) > 0xff) return undefined;
  return Buffer.from(raw, "latin1");
}

function refuseNamesOfCredentials(text: string, sourceName: string): void {
  if (/^([0-9A-Fa-f]{2}[: ]?){19}[0-9A-Fa-f]{2}$|^([0-9A-Fa-f]{2}[: ]?){31}[0-9A-Fa-f]{2}$/.test(text))
    throw loadRefusal("CREDENTIAL_INPUT_IS_THUMBPRINT", sourceName, "it is a thumbprint, not a certificate");
  if (text.length < 1024 && /^[^\n]*\.(pem|pfx|p12|cer|crt|key|der|jwk|json)$/i.test(text))
    throw loadRefusal("CREDENTIAL_INPUT_IS_PATH", sourceName, "it is the name of a file, not its content");
}

function decodeWholeBase64(text: string): Uint8Array | undefined {
  const compact = text.replace(/\s+/g, "");
  if (compact.length < 64 || !/^([A-Za-z0-9+/]+|[A-Za-z0-9_-]+)={0,2}$/.test(compact)) return undefined;
  const bytes = Buffer.from(compact, "base64");
  return bytes.length > 0 ? bytes : undefined;
}

function foreignRefusal(format: ForeignFormat, sourceName: string): Error {
  return loadRefusal(format.code, sourceName, `it is ${format.what}`, { hint: format.hint });
}
