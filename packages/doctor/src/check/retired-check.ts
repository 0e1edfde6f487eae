import type { Finding } from "../finding.ts";
import { createFinding } from "../finding-table.ts";
import type { Check } from "./check.ts";
import { authorityOf, type CheckConfiguration, graphOf, nowOf, scopeOf } from "./context.ts";

const EWS_LISTED_ONLY_FROM = Date.UTC(2026, 9, 1);
const EWS_END = Date.UTC(2027, 3, 1);

/** Is anything in use that has been switched off, or will be? */
export const retiredCheck: Check = {
  id: "retired-apis",
  question: "Is anything in use that has been switched off, or will be?",
  async ask(context) {
    const findings = retiredFindings(context.configuration, nowOf(context).getTime());
    const [first] = findings;
    if (first === undefined) return { status: "ok", detail: "no" };
    const isFault = findings.some((finding) => finding.severity === "fault");
    const isWarning = findings.some((finding) => finding.severity === "warning");
    return { status: isFault ? "fault" : isWarning ? "warning" : "ok", detail: first.title, findings };
  },
};

function retiredFindings(configuration: CheckConfiguration, nowMs: number): Finding[] {
  const findings: Finding[] = [];
  const graph = graphOf(configuration);
  if (
    /^https?:\/\/graph\.windows\.net/i.test(graph) ||
    /graph\.windows\.net/i.test(scopeOf(configuration, "graph"))
  ) {
    findings.push(
      createFinding("RETIRED_AZURE_AD_GRAPH", {
        explanation: "graph.windows.net was switched off on 2025-08-31.",
        evidence: { endpoint: graph },
        remedy: "Use https://graph.microsoft.com/v1.0.",
      }),
    );
  }
  if (/^https?:\/\/outlook\.office(?:365)?\.com\/api\//i.test(graph)) {
    findings.push(
      createFinding("RETIRED_OUTLOOK_REST", {
        explanation: "Outlook REST was switched off in March 2024.",
        evidence: { endpoint: graph },
        remedy: "Use https://graph.microsoft.com/v1.0.",
      }),
    );
  }
  if (/^https:\/\/login\.windows\.net/i.test(authorityOf(configuration))) {
    findings.push(
      createFinding("RETIRED_LOGIN_WINDOWS_NET", {
        explanation: "It still answers, under its old name.",
        remedy: "Write https://login.microsoftonline.com.",
      }),
    );
  }
  return [...findings, ...ewsFindings(configuration.ewsEndpoint, nowMs)];
}

function ewsFindings(endpoint: string | undefined, nowMs: number): Finding[] {
  if (endpoint === undefined || !/^https:\/\/outlook\.office(?:365)?\.com\//i.test(endpoint)) return [];
  const isOver = nowMs >= EWS_END;
  const state = isOver
    ? "It ended on 2027-04-01."
    : nowMs >= EWS_LISTED_ONLY_FROM
      ? "Since 2026-10-01 it works only in tenants that keep it on, for the applications on their list; on 2027-04-01 it ends."
      : "From 2026-10-01 only listed applications may use it; on 2027-04-01 it ends.";
  return [
    createFinding("RETIRED_EWS", {
      severity: isOver ? "fault" : "warning",
      explanation: `EWS of Exchange Online is configured. ${state} Exchange Server keeps it.`,
      evidence: { endpoint },
      remedy: "Move to Graph; until then have the application put on EwsAllowedAppIDs.",
    }),
  ];
}
