import type { EvidenceValue, Finding, FindingEntry, FindingTable, Remedy, Severity } from "./finding.ts";
import { API_FINDINGS } from "./findings/api.ts";
import { ASSERTION_FINDINGS } from "./findings/assertion.ts";
import { CALENDAR_FINDINGS } from "./findings/calendar.ts";
import { CHECK_FINDINGS } from "./findings/check.ts";
import { CREDENTIAL_FINDINGS } from "./findings/credential.ts";
import { INPUT_FINDINGS } from "./findings/input.ts";
import { REQUEST_FINDINGS } from "./findings/request.ts";
import { TOKEN_FINDINGS } from "./findings/token.ts";

/** Every finding code with its severity, title and sources; `AADSTS…` codes come from the other table. */
export const FINDINGS = {
  ...ASSERTION_FINDINGS,
  ...CREDENTIAL_FINDINGS,
  ...TOKEN_FINDINGS,
  ...REQUEST_FINDINGS,
  ...API_FINDINGS,
  ...CALENDAR_FINDINGS,
  ...INPUT_FINDINGS,
  ...CHECK_FINDINGS,
} as const satisfies FindingTable;

/** Any finding code of the table. */
export type FindingCode = keyof typeof FINDINGS;

/** What a check adds to the table's entry. */
export interface FindingDetails {
  readonly explanation: string;
  readonly remedy: Remedy | string;
  readonly evidence?: Readonly<Record<string, EvidenceValue | undefined>> | undefined;
  /** Replaces the severity of the table. */
  readonly severity?: Severity | undefined;
  /** Replaces the title of the table. */
  readonly title?: string | undefined;
  /** Stands before the sources of the table. */
  readonly see?: readonly string[] | undefined;
}

/**
 * Makes one finding from its code and what was found.
 *
 * @param code - a code of {@link FINDINGS}
 * @param details - explanation, remedy and evidence; members of the evidence that are `undefined` are left out
 * @returns the finding as plain data
 */
export function createFinding(code: FindingCode, details: FindingDetails): Finding {
  const entry: FindingEntry = FINDINGS[code];
  const evidence: Record<string, EvidenceValue> = {};
  for (const [name, value] of Object.entries(details.evidence ?? {})) {
    if (value !== undefined) evidence[name] = value;
  }
  return {
    code,
    severity: details.severity ?? entry.severity,
    title: details.title ?? entry.title,
    explanation: details.explanation,
    evidence,
    remedy: typeof details.remedy === "string" ? { text: details.remedy } : details.remedy,
    see: [...new Set([...(details.see ?? []), ...entry.see])],
  };
}
