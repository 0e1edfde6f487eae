import type { Explanation } from "../explain.ts";

/** Version of the shape of the JSON report; rises when a member changes its meaning. */
const REPORT_VERSION = 1;

/**
 * Writes an explanation as one JSON document.
 *
 * @param explanation - the answer of `explain`
 * @returns JSON text without line break at its end
 */
export function formatJson(explanation: Explanation): string {
  return JSON.stringify({ version: REPORT_VERSION, ...explanation });
}
