import type { Explanation } from "../explain.ts";
import type { Finding, Severity } from "../finding.ts";

const WORDS: Readonly<Record<Severity, string>> = {
  fault: "FAULT",
  warning: "WARNING",
  info: "note",
  ok: "ok",
};

/**
 * Writes an explanation as plain text for a terminal or a file; no colours.
 *
 * @param explanation - the answer of `explain`
 * @returns text of several lines, ending in a line break
 */
export function formatText(explanation: Explanation): string {
  const lines: string[] = [];
  for (const item of explanation.recognised) lines.push(`${item.input}, ${item.place}: ${item.summary}`);
  if (lines.length > 0) lines.push("");
  for (const finding of explanation.findings) lines.push(...findingLines(finding), "");
  if (explanation.findings.length === 0) lines.push("Nothing to report.", "");
  return `${lines.join("\n").trimEnd()}\n`;
}

/**
 * Writes one finding as plain text.
 *
 * @param finding - the finding
 * @returns text without line break at its end
 */
export function formatFinding(finding: Finding): string {
  return findingLines(finding).join("\n");
}

function findingLines(finding: Finding): string[] {
  const lines = [
    `${WORDS[finding.severity]}: ${finding.title} (${finding.code})`,
    indent(finding.explanation),
  ];
  if (finding.severity !== "ok") {
    lines.push(indent(`Do: ${finding.remedy.text}`));
    if (finding.remedy.snippet !== undefined) lines.push(indent(finding.remedy.snippet, 6));
    for (const command of finding.remedy.commands ?? []) lines.push(indent(`$ ${command}`, 6));
    for (const address of finding.see.slice(0, 2)) lines.push(indent(`See: ${address}`));
  }
  return lines;
}

function indent(text: string, width = 2): string {
  return text
    .split("\n")
    .map((line) => " ".repeat(width) + line)
    .join("\n");
}
