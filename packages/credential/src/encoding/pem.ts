/**
 * Finds PEM blocks in text as people really have it: with bag attributes between the blocks, any line ends, indented,
 * or with all line ends lost.
 *
 * The rules are: markers are five hyphens on either side; white space in the body has no meaning; what cannot be
 * repaired in exactly one way is refused with the number of the line.
 *
 * @see RFC 7468, RFC 1421 §4.6 (Proc-Type, DEK-Info)
 */
import { loadRefusal } from "../refusal.ts";
import { DerFault, readDer } from "./der.ts";

/** One block. */
export interface PemBlock {
  /** The words after BEGIN, for example "RSA PRIVATE KEY". */
  readonly label: string;
  /** The decoded body: DER, or ciphertext where `dekInfo` is there. */
  readonly der: Uint8Array;
  /** Cipher and IV of traditional PEM encryption, for example "AES-256-CBC,0A1B…". */
  readonly dekInfo: string | undefined;
  /** Line of the BEGIN marker, from 1. */
  readonly line: number;
}

const MARKER = /-----(BEGIN|END) ([A-Za-z0-9][A-Za-z0-9 .]{0,60})-----/g;
const DAMAGED_MARKER =
  /[-_=\u2010-\u2015\u2212][ \t]*(BEGIN|END)[ \t]+(?:[A-Z0-9]+ )*(?:CERTIFICATE|PRIVATE KEY|PUBLIC KEY)\b/gi;
const ENCRYPTION_HEADER =
  /^\s*Proc-Type:\s*4,\s*ENCRYPTED\s*DEK-Info:\s*((?:AES|CAMELLIA|ARIA|SEED)-[A-Z0-9-]+,[0-9A-Fa-f]{32}|[A-Z0-9-]+,[0-9A-Fa-f]{16})\s*/;
/** Blocks whose body is not DER; callers look at the label alone. */
const NOT_DER = /^(OPENSSH|SSH2|PGP|PUTTY)/;

/**
 * Tells whether a text claims to hold PEM.
 *
 * @param text - any text
 * @returns true when there is a marker, whole or damaged
 */
export function looksLikePem(text: string): boolean {
  return text.search(MARKER) >= 0 || text.search(DAMAGED_MARKER) >= 0;
}

/**
 * Parses all PEM blocks of a text.
 *
 * @param text - text with real line ends where it has any
 * @param sourceName - file name for messages
 * @returns the blocks in their order; empty when there is no marker
 * @throws {@link NightlatchError} `CREDENTIAL_PEM_TRUNCATED`, `CREDENTIAL_PEM_CORRUPT`, with the line
 */
export function parsePem(text: string, sourceName: string): PemBlock[] {
  const lineOf = lineCounter(text);
  refuseDamagedMarkers(text, lineOf, sourceName);
  const blocks: PemBlock[] = [];
  let open: { label: string; start: number; bodyStart: number } | undefined;
  for (const match of text.matchAll(MARKER)) {
    const label = (match[2] ?? "").toUpperCase();
    if (match[1] === "BEGIN") {
      if (open !== undefined) throw missingEnd(lineOf, open, sourceName);
      open = { label, start: match.index, bodyStart: match.index + match[0].length };
      continue;
    }
    const line = lineOf(match.index);
    if (open === undefined)
      throw loadRefusal(
        "CREDENTIAL_PEM_TRUNCATED",
        sourceName,
        `line ${line} ends a ${label} that never began: the first lines are missing`,
        { details: { line } },
      );
    if (open.label !== label)
      throw loadRefusal(
        "CREDENTIAL_PEM_CORRUPT",
        sourceName,
        `the ${open.label} that begins in line ${lineOf(open.start)} is ended as ${label} in line ${line}`,
        { details: { line } },
      );
    blocks.push(parseBody(text, lineOf, open, match.index, sourceName));
    open = undefined;
  }
  if (open !== undefined) throw missingEnd(lineOf, open, sourceName);
  return blocks;
}

/**
 * Formats bytes as one PEM block.
 *
 * @param label - for example "CERTIFICATE"
 * @param der - the bytes
 * @param dekInfo - cipher and IV when the bytes are encrypted in the traditional way
 * @returns PEM with lines of 64 characters and a final line end
 */
export function formatPem(label: string, der: Uint8Array, dekInfo?: string): string {
  const lines = Buffer.from(der)
    .toString("base64")
    .match(/.{1,64}/g);
  const head = dekInfo === undefined ? "" : `Proc-Type: 4,ENCRYPTED\nDEK-Info: ${dekInfo}\n\n`;
  return `-----BEGIN ${label}-----\n${head}${(lines ?? []).join("\n")}\n-----END ${label}-----\n`;
}

function parseBody(
  text: string,
  lineOf: LineOf,
  open: { label: string; start: number; bodyStart: number },
  bodyEnd: number,
  sourceName: string,
): PemBlock {
  const line = lineOf(open.start);
  const whole = text.slice(open.bodyStart, bodyEnd);
  if (NOT_DER.test(open.label)) return { label: open.label, der: new Uint8Array(), dekInfo: undefined, line };
  const header = ENCRYPTION_HEADER.exec(whole);
  const body = header === null ? whole : whole.slice(header[0].length);
  const at = open.bodyStart + (header?.[0].length ?? 0);
  const stray = /[^A-Za-z0-9+/=\s]|=(?=[=\s]*[A-Za-z0-9+/])/.exec(body);
  if (stray !== null) {
    const where = lineOf(at + stray.index);
    throw loadRefusal(
      "CREDENTIAL_PEM_CORRUPT",
      sourceName,
      `line ${where} of the ${open.label} holds a character that is no base64`,
      { details: { line: where } },
    );
  }
  const base64 = body.replace(/\s+/g, "");
  const details = { line };
  const named = `the ${open.label} that begins in line ${line}`;
  if (base64 === "")
    throw loadRefusal("CREDENTIAL_PEM_TRUNCATED", sourceName, `${named} is empty`, { details });
  if (base64.replace(/=+$/, "").length % 4 === 1 || /={3,}$/.test(base64))
    throw loadRefusal(
      "CREDENTIAL_PEM_CORRUPT",
      sourceName,
      `${named} has ${base64.length} base64 characters, which is no possible number: some are lost or added`,
      { details },
    );
  const der = Buffer.from(base64, "base64");
  // Whole lines have characters in fours; where that is not so, single ones are lost.
  const loss = base64.length % 4 === 0 ? "lines" : "characters";
  if (header === null) requireWholeDer(der, named, open.label, sourceName, line, loss);
  return { label: open.label, der, dekInfo: header?.[1], line };
}

function requireWholeDer(
  der: Uint8Array,
  named: string,
  label: string,
  sourceName: string,
  line: number,
  loss: "lines" | "characters",
): void {
  const details = { line };
  let length: number;
  try {
    length = readDer(der).bytes.length;
  } catch (error) {
    if (!(error instanceof DerFault)) throw error;
    if (error.kind === "truncated" && der[0] === 0x30)
      throw loadRefusal(
        loss === "lines" ? "CREDENTIAL_PEM_TRUNCATED" : "CREDENTIAL_PEM_CORRUPT",
        sourceName,
        `${named} holds ${der.length} of ${error.expectedBytes} bytes: ${loss} are missing`,
        { details },
      );
    throw loadRefusal("CREDENTIAL_PEM_CORRUPT", sourceName, `${named} is damaged: it is no DER`, { details });
  }
  // OpenSSL writes trust settings behind a TRUSTED CERTIFICATE.
  if (length < der.length && label !== "TRUSTED CERTIFICATE")
    throw loadRefusal(
      "CREDENTIAL_PEM_CORRUPT",
      sourceName,
      `${named} holds ${der.length - length} bytes too many`,
      { details },
    );
}

function missingEnd(lineOf: LineOf, open: { label: string; start: number }, sourceName: string) {
  const line = lineOf(open.start);
  return loadRefusal(
    "CREDENTIAL_PEM_TRUNCATED",
    sourceName,
    `the ${open.label} that begins in line ${line} has no END line`,
    { details: { line } },
  );
}

function refuseDamagedMarkers(text: string, lineOf: LineOf, sourceName: string): void {
  // A damaged marker is found from its last hyphen on, which is the fifth of a whole one.
  const whole = new Set([...text.matchAll(MARKER)].map((match) => match.index + 4));
  for (const match of text.matchAll(DAMAGED_MARKER)) {
    if (whole.has(match.index)) continue;
    const line = lineOf(match.index);
    throw loadRefusal(
      "CREDENTIAL_PEM_CORRUPT",
      sourceName,
      `the ${(match[1] ?? "").toUpperCase()} marker in line ${line} is damaged, wanted five hyphens on either side and capitals between`,
      { details: { line } },
    );
  }
}

/** Tells the line of a place, from 1. */
type LineOf = (index: number) => number;

function lineCounter(text: string): LineOf {
  const ends = [...text.matchAll(/\r\n|\r|\n/g)].map((match) => match.index);
  return (index) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] as number) < index) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}
