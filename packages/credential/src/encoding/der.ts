/**
 * Reads ASN.1 as DER, and as much of BER as PFX files use: indefinite lengths and chunked OCTET STRINGs.
 *
 * The rules are: nothing is read outside its parent; nesting is limited; every fault is a {@link DerFault}.
 */

/** Tags of the types that are read here. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
  set: 0x31,
  context0: 0xa0,
  context3: 0xa3,
} as const;

const DEEPEST_NESTING = 32;

/** One element: its identifier octet, and where its content lies. */
export interface DerElement {
  /** Identifier octet; high tag numbers (31 and above) are refused. */
  readonly tag: number;
  /** The content octets, a view on the input. */
  readonly content: Uint8Array;
  /** The whole element with its header, a view on the input. */
  readonly bytes: Uint8Array;
}

/** What is wrong with the encoding; callers turn it into an error of this floor. */
export class DerFault extends Error {
  /** Whether the input ended too early, or is wrong in itself. */
  readonly kind: "truncated" | "malformed";
  /** Length in bytes that the header promises, when `kind` is "truncated". */
  readonly expectedBytes: number | undefined;

  constructor(kind: "truncated" | "malformed", message: string, expectedBytes?: number) {
    super(message);
    this.name = "DerFault";
    this.kind = kind;
    this.expectedBytes = expectedBytes;
  }
}

/**
 * Reads the first element of some bytes.
 *
 * @param der - bytes that begin with an element; more may follow
 * @param depth - how deep the caller already is, in levels
 * @returns the element; `element.bytes.length` tells where the next one begins
 * @throws {DerFault} when the bytes end early or are no ASN.1
 */
export function readDer(der: Uint8Array, depth = 0): DerElement {
  if (depth > DEEPEST_NESTING)
    throw new DerFault("malformed", `nested more than ${DEEPEST_NESTING} levels deep`);
  const tag = der[0];
  const first = der[1];
  if (tag === undefined || first === undefined)
    throw new DerFault("truncated", "ends inside a header", der.length + 1);
  if ((tag & 0x1f) === 0x1f) throw new DerFault("malformed", "uses a tag number of 31 or above");
  if (first === 0x80) return readIndefinite(der, tag, depth);
  let headerLength = 2;
  let length = first;
  if (first > 0x80) {
    const count = first & 0x7f;
    if (count > 4) throw new DerFault("malformed", "has a length of more than 4 bytes");
    headerLength += count;
    if (der.length < headerLength) throw new DerFault("truncated", "ends inside a header", headerLength);
    length = 0;
    for (let index = 2; index < headerLength; index += 1) length = length * 256 + (der[index] ?? 0);
  }
  const end = headerLength + length;
  if (end > der.length) throw new DerFault("truncated", `holds ${der.length} of ${end} bytes`, end);
  return { tag, content: der.subarray(headerLength, end), bytes: der.subarray(0, end) };
}

/**
 * Lists the elements inside a constructed element.
 *
 * @param element - a SEQUENCE, SET or context-specific element
 * @param depth - how deep the caller already is, in levels
 * @returns its children in order
 * @throws {DerFault} when the content is not a row of elements
 */
export function childrenOf(element: DerElement, depth = 0): readonly DerElement[] {
  if ((element.tag & 0x20) === 0) throw new DerFault("malformed", "expected a constructed element");
  const children: DerElement[] = [];
  let rest = element.content;
  while (rest.length > 0) {
    try {
      const child = readDer(rest, depth + 1);
      children.push(child);
      rest = rest.subarray(child.bytes.length);
    } catch (error) {
      // Inside a complete parent nothing can be "truncated": the lengths contradict each other.
      if (error instanceof DerFault && error.kind === "truncated")
        throw new DerFault("malformed", "an element is longer than the one around it");
      throw error;
    }
  }
  return children;
}

/**
 * Takes one child, checked for its tag.
 *
 * @param element - the parent
 * @param index - position of the child, from 0
 * @param tag - the identifier octet it must have; leave out to take any
 * @returns the child
 * @throws {DerFault} when it is absent or of another type
 */
export function childOf(element: DerElement, index: number, tag?: number): DerElement {
  const child = childrenOf(element)[index];
  if (child === undefined) throw new DerFault("malformed", `element ${index} is missing`);
  if (tag !== undefined && child.tag !== tag)
    throw new DerFault("malformed", `element ${index} has tag ${child.tag}, wanted ${tag}`);
  return child;
}

/**
 * Joins the bytes of an OCTET STRING, chunked (BER) or not.
 *
 * @param element - OCTET STRING, or an IMPLICIT context-specific form of it
 * @param depth - how deep the caller already is, in levels
 * @returns the bytes
 * @throws {DerFault} when a chunk is no OCTET STRING
 */
export function octetsOf(element: DerElement, depth = 0): Uint8Array {
  if ((element.tag & 0x20) === 0) return element.content;
  if (depth > DEEPEST_NESTING)
    throw new DerFault("malformed", `nested more than ${DEEPEST_NESTING} levels deep`);
  return Buffer.concat(
    childrenOf(element).map((chunk) => {
      if ((chunk.tag & 0xdf) !== TAG.octetString)
        throw new DerFault("malformed", "a chunk is no OCTET STRING");
      return octetsOf(chunk, depth + 1);
    }),
  );
}

/**
 * Formats an OBJECT IDENTIFIER with dots.
 *
 * @param element - an OBJECT IDENTIFIER
 * @returns for example "1.2.840.113549.1.1.1"
 * @throws {DerFault} when it is of another type, empty or longer than 64 bytes
 */
export function oidOf(element: DerElement): string {
  const { content } = element;
  if (element.tag !== TAG.oid || content.length === 0 || content.length > 64)
    throw new DerFault("malformed", "expected an object identifier");
  const arcs: number[] = [];
  let arc = 0;
  for (const octet of content) {
    arc = arc * 128 + (octet & 0x7f);
    if ((octet & 0x80) !== 0) continue;
    if (arcs.length === 0) {
      const root = Math.min(2, Math.floor(arc / 40));
      arcs.push(root, arc - root * 40);
    } else arcs.push(arc);
    arc = 0;
  }
  return arcs.join(".");
}

/**
 * Reads a non-negative INTEGER that fits a double.
 *
 * @param element - an INTEGER
 * @returns its value, 0 to 2^53 - 1
 * @throws {DerFault} when it is of another type, negative or larger
 */
export function integerOf(element: DerElement): number {
  const { content } = element;
  if (element.tag !== TAG.integer || content.length === 0 || (content[0] ?? 0) > 0x7f)
    throw new DerFault("malformed", "expected a non-negative integer");
  let value = 0;
  for (const octet of content) {
    value = value * 256 + octet;
    if (value > Number.MAX_SAFE_INTEGER) throw new DerFault("malformed", "an integer is too large");
  }
  return value;
}

function readIndefinite(der: Uint8Array, tag: number, depth: number): DerElement {
  if ((tag & 0x20) === 0) throw new DerFault("malformed", "a primitive element has no length");
  let offset = 2;
  for (;;) {
    if (der[offset] === 0 && der[offset + 1] === 0)
      return { tag, content: der.subarray(2, offset), bytes: der.subarray(0, offset + 2) };
    offset += readDer(der.subarray(offset), depth + 1).bytes.length;
  }
}
