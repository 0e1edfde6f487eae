import type { CheckResult, CheckStatus } from "../check/check.ts";

const WORDS: Readonly<Record<CheckStatus, string>> = {
  ok: "ok      ",
  warning: "WARNING ",
  fault: "FAULT   ",
  notRun: "not run ",
};

/**
 * Writes one result as one line; no colours.
 *
 * @param result - result of a check
 * @returns one line without line break
 */
export function formatCheckLine(result: CheckResult): string {
  return `${WORDS[result.status]} ${result.question} ${result.detail}`.replace(/\s*\n\s*/g, " ");
}
