/**
 * What the doctor answers with: findings as plain data, so that a terminal, a JSON document and a page can show them.
 *
 * The rules are: a code is permanent; the explanation uses the reader's own values; nothing secret stands in any field.
 */

/** How bad a finding is. `fault` stops the sign-in or the call, `warning` will or may, `info` and `ok` do not. */
export type Severity = "fault" | "warning" | "ok" | "info";

/** The next act. */
export interface Remedy {
  /** What to do, imperative, with the reader's own values filled in. */
  readonly text: string;
  /** Commands that do it, one a line, ready to be pasted. */
  readonly commands?: readonly string[] | undefined;
  /** A piece of manifest, header or code that is right. */
  readonly snippet?: string | undefined;
}

/** A value that led to a finding. */
export type EvidenceValue = string | number | boolean | readonly string[];

/** One answer of the doctor. */
export interface Finding {
  /** Permanent code in upper case, prefixed by the subject; `AADSTS<number>` for a sign-in error as such. */
  readonly code: string;
  readonly severity: Severity;
  /** One line, capital, no full stop. */
  readonly title: string;
  /** Plain words: what is wrong and why the service said what it said. */
  readonly explanation: string;
  /** The facts that led here, by name; secrets are masked. */
  readonly evidence: Readonly<Record<string, EvidenceValue>>;
  readonly remedy: Remedy;
  /** Addresses of the pages that document it. */
  readonly see: readonly string[];
}

/** What the table of finding codes says about one code. */
export interface FindingEntry {
  readonly severity: Severity;
  readonly title: string;
  readonly see: readonly string[];
}

/** A subject's table from code to entry. */
export type FindingTable = Readonly<Record<string, FindingEntry>>;
