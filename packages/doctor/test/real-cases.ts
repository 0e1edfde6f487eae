/** The real cases of `packages/doctor/cases`. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface CaseInput {
  name?: string;
  content?: string;
  contentBase64?: string;
  jwt?: { header: unknown; payload: unknown };
}

/** What somebody had, and what it turned out to be. */
export interface RealCase {
  id: string;
  /** Address of the thread. */
  source: string;
  /** What was finally found to be wrong there. */
  found: string;
  inputs: CaseInput[];
  /** Codes that must be found; the first finding must be one of them. */
  expect: string[];
  /** Faults that may be named beside them. */
  also?: string[];
  first?: string;
  /** Only one of `expect` and `also` has to come first. */
  anyOf?: boolean;
  now?: string;
}

const folder = join(import.meta.dirname, "..", "cases");

/** @returns every case, in the order of the file names */
export function readRealCases(): RealCase[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as RealCase);
}

/** @returns what `explain()` is given of an input */
export function toInput(input: CaseInput): { name?: string; content: string | Uint8Array } {
  const name = input.name === undefined ? {} : { name: input.name };
  if (input.contentBase64 !== undefined)
    return { ...name, content: Buffer.from(input.contentBase64, "base64") };
  if (input.jwt !== undefined) {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    return { ...name, content: `${part(input.jwt.header)}.${part(input.jwt.payload)}.c2lnbmF0dXJl` };
  }
  return { ...name, content: input.content ?? "" };
}
