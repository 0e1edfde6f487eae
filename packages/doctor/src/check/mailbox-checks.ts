/** Questions about mailboxes: is each one reachable, and is the scope narrow where it is meant to be? */
import { explain } from "../explain.ts";
import { createFinding } from "../finding-table.ts";
import { networkFinding } from "./authority-checks.ts";
import type { Check, CheckAnswer } from "./check.ts";
import { type CheckContext, graphOf } from "./context.ts";
import type { CheckFacts } from "./facts.ts";

/**
 * Makes the check that a mailbox's calendar can be opened.
 *
 * @param mailbox - user principal name or id
 * @returns the check
 */
export function createMailboxCheck(mailbox: string): Check {
  return {
    id: `mailbox:${mailbox}`,
    question: `Can the calendar of ${mailbox} be opened?`,
    needs: ["claims-graph"],
    group: "mailbox",
    ask: (context, facts) => askMailbox(context, facts, mailbox),
  };
}

async function askMailbox(context: CheckContext, facts: CheckFacts, mailbox: string): Promise<CheckAnswer> {
  const probe = await openCalendar(context, facts, mailbox);
  if ("notRun" in probe) return { status: "notRun", detail: probe.notRun };
  if ("answer" in probe) return probe.answer;
  if (probe.status === 200) return { status: "ok", detail: "opened" };
  const findings = await explainAnswer(probe.status, probe.body, mailbox);
  const passing = probe.status === 429 || probe.status >= 500;
  return {
    status: passing ? "warning" : "fault",
    detail: `HTTP ${probe.status}: ${findings[0]?.title ?? "refused"}`,
    findings,
  };
}

type Probe =
  | { readonly notRun: string }
  | { readonly answer: CheckAnswer }
  | { readonly status: number; readonly body: string };

async function openCalendar(context: CheckContext, facts: CheckFacts, mailbox: string): Promise<Probe> {
  const { send } = context;
  const token = facts.tokenOf("graph");
  if (send === undefined || token === undefined) return { notRun: "there is no token for Graph" };
  const url = `${graphOf(context.configuration)}/users/${encodeURIComponent(mailbox)}/calendar?$select=id`;
  try {
    const response = await send({
      method: "GET",
      url,
      headers: { authorization: `Bearer ${token}` },
      signal: context.signal,
    });
    return { status: response.status, body: response.text() };
  } catch (error) {
    const finding = networkFinding(error, new URL(url).origin);
    return { answer: { status: "fault", detail: finding.title, findings: [finding] } };
  }
}

async function explainAnswer(status: number, body: string, mailbox: string): ReturnType<typeof listFindings> {
  const findings = await listFindings(`HTTP/1.1 ${status} Refused\n\n${body}`);
  if (findings.length > 0) return findings;
  return [
    createFinding("MAILBOX_UNREACHABLE", {
      explanation: `Graph answered ${status} for ${mailbox}.`,
      evidence: { mailbox, status },
      remedy: "Look at the answer by hand: nightlatch doctor explain.",
    }),
  ];
}

async function listFindings(content: string): Promise<Awaited<ReturnType<typeof explain>>["findings"]> {
  const { findings } = await explain([{ name: "answer", content }]);
  return findings.filter((finding) => finding.severity === "fault" || finding.severity === "warning");
}

/**
 * Makes the check that a mailbox outside the scope stays closed.
 *
 * @param mailbox - user principal name or id that must not be reachable
 * @returns the check
 */
export function createScopeCheck(mailbox: string): Check {
  return {
    id: `scope:${mailbox}`,
    question: `Does ${mailbox}, which is outside the scope, stay closed?`,
    needs: ["claims-graph"],
    group: "mailbox",
    async ask(context, facts) {
      const probe = await openCalendar(context, facts, mailbox);
      if ("notRun" in probe) return { status: "notRun", detail: probe.notRun };
      if ("answer" in probe) return probe.answer;
      if (probe.status === 403) return { status: "ok", detail: "closed" };
      if (probe.status !== 200)
        return { status: "notRun", detail: `HTTP ${probe.status} says nothing about the scope` };
      const finding = createFinding("SCOPE_DEFEATED", {
        explanation: `The calendar of ${mailbox} could be opened. Grants add up: a consent to Calendars permissions in Entra holds for every mailbox, whatever scope RBAC for Applications sets in Exchange; an application access policy needs up to an hour or more to work.`,
        evidence: { mailbox },
        remedy: {
          text: "Take the consent in Entra back and leave the permission to the scoped role in Exchange.",
          commands: ["Test-ServicePrincipalAuthorization -Identity <client id> -Resource <mailbox>"],
        },
      });
      return { status: "warning", detail: "open", findings: [finding] };
    },
  };
}
