import type { Artifact } from "../artifact.ts";
import type { Origin } from "../origin.ts";
import type { SecretKeeper } from "../secrets.ts";

/** What every recogniser works with: where it is, where findings go, what must stay secret. */
export interface Reading {
  readonly input: string;
  readonly secrets: SecretKeeper;
  readonly passphrase: string | undefined;
  /** Everything found so far, in the order of the input. */
  readonly artifacts: Artifact[];
  /** Compact JWTs already taken, so that a later scan does not take them again. */
  readonly seenJwts: Set<string>;
  /** Manifests already taken, as JSON: a body is read with its request and again as text. */
  readonly seenManifests: Set<string>;
  /** Certificates already taken, by SHA-1 hex. */
  readonly seenCertificates: Set<string>;
}

/**
 * Names a place of the input being read.
 *
 * @param reading - the input
 * @param place - `line 3`, a JSON path
 * @returns the origin of an artifact
 */
export function originOf(reading: Reading, place: string): Origin {
  return { input: reading.input, place };
}

/**
 * Names the line of an offset.
 *
 * @param text - the text of the input
 * @param offset - characters from its beginning
 * @returns `line n`, counted from 1
 */
export function lineOf(text: string, offset: number): string {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line += 1;
  return `line ${line}`;
}

/**
 * Tells whether a value is a plain JSON object.
 *
 * @param value - anything
 * @returns true for objects that are not arrays
 */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Takes a string member out of a record.
 *
 * @param record - plain JSON object
 * @param name - name of the member
 * @returns the string, or `undefined` when it is absent or of another type
 */
export function stringMember(record: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = record[name];
  return typeof value === "string" ? value : undefined;
}
