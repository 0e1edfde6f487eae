/**
 * Codes that a text speaks of without showing that they were met: what they mean, and no more.
 */
import { AADSTS_EXPLANATIONS } from "../aadsts.generated.ts";
import type { Finding } from "../finding.ts";
import { createFinding } from "../finding-table.ts";
import { SOURCES } from "../findings/sources.ts";
import { allOf, type CaseFile } from "./case-file.ts";
import { GRAPH_CODES } from "./graph-error-codes.ts";

/**
 * Explains what is spoken of.
 *
 * @param file - the case file
 * @returns notes, never faults
 */
export function checkMentions(file: CaseFile): Finding[] {
  return allOf(file, "mention").flatMap(({ code }): Finding[] => {
    const number = Number(/^AADSTS(\d+)$/.exec(code)?.[1]);
    const entry = AADSTS_EXPLANATIONS.find((known) => known.code === number);
    const note = `The text speaks of ${code}; it does not show that it was met here.`;
    if (entry !== undefined)
      return [
        {
          code,
          severity: "info",
          title: `${code} ${entry.name}`,
          explanation: `${note} It means: ${entry.cause}`,
          evidence: { code: number },
          remedy: { text: entry.fix },
          see: [`https://login.microsoftonline.com/error?code=${number}`, SOURCES.errorCodes],
        },
      ];
    const row = GRAPH_CODES[code];
    if (row === undefined) return [];
    const [finding, cause, remedy] = row;
    return [
      createFinding(finding, {
        severity: "info",
        explanation: `${note} It means: ${cause}`,
        evidence: { code },
        remedy,
      }),
    ];
  });
}
