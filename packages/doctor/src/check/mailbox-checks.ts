/** Questions about mailboxes: is each one reachable, and is the scope narrow where it is meant to be? */
import { explain } from "../explain.ts";
import { createFinding } from "../finding-table.ts";
import { networkFinding } from "./authority-checks.ts";
import type { Check, CheckAnswer } from "./check.ts";
import {
  type CheckConfiguration,
  type CheckContext,
  type CheckedApi,
  ewsOf,
  graphOf,
  mailboxApiOf,
} from "./context.ts";
import { calendarFolderEnvelope, readCalendarFolderAnswer } from "./ews-probe.ts";
import type { CheckFacts } from "./facts.ts";

const NAMES: Readonly<Record<CheckedApi, string>> = { graph: "Graph", exchange: "Exchange" };

/**
 * Makes the check that a mailbox's calendar can be opened: through EWS where no token for Graph is looked at.
 *
 * @param mailbox - user principal name or id; EWS takes an SMTP address only
 * @param configuration - says which API carries the calendars
 * @returns the check
 */
export function createMailboxCheck(mailbox: string, configuration: CheckConfiguration = {}): Check {
  return {
    id: `mailbox:${mailbox}`,
    question: `Can the calendar of ${mailbox} be opened?`,
    needs: [`claims-${mailboxApiOf(configuration)}`],
    group: "mailbox",
    ask: (context, facts) => askMailbox(context, facts, mailbox),
  };
}

async function askMailbox(context: CheckContext, facts: CheckFacts, mailbox: string): Promise<CheckAnswer> {
  const probe = await openCalendar(context, facts, mailbox);
  if ("notRun" in probe) return { status: "notRun", detail: probe.notRun };
  if ("answer" in probe) return probe.answer;
  if (probe.isOpen) return { status: "ok", detail: "opened" };
  const findings = await explainAnswer(probe, mailbox);
  const isPassing =
    probe.status === 429 ||
    (probe.status >= 500 && probe.responseCode === undefined) ||
    /^Error(?:ServerBusy|ExceededConnectionCount|InternalServerTransientError)$/.test(
      probe.responseCode ?? "",
    );
  return {
    status: isPassing ? "warning" : "fault",
    detail: `${probe.responseCode ?? `HTTP ${probe.status}`}: ${findings[0]?.title ?? "refused"}`,
    findings,
  };
}

/** What came back from the API. */
interface CalendarAnswer {
  readonly isOpen: boolean;
  readonly api: CheckedApi;
  readonly status: number;
  readonly responseCode?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Probe = { readonly notRun: string } | { readonly answer: CheckAnswer } | CalendarAnswer;

async function openCalendar(context: CheckContext, facts: CheckFacts, mailbox: string): Promise<Probe> {
  const { send, configuration } = context;
  const api = mailboxApiOf(configuration);
  const token = facts.tokenOf(api);
  if (send === undefined || token === undefined) return { notRun: `there is no token for ${NAMES[api]}` };
  if (api === "exchange" && !mailbox.includes("@"))
    return { notRun: "EWS names a mailbox by its SMTP address, and this is none" };
  const url =
    api === "graph"
      ? `${graphOf(configuration)}/users/${encodeURIComponent(mailbox)}/calendar?$select=id`
      : ewsOf(configuration);
  const request =
    api === "graph"
      ? { method: "GET", url, headers: { authorization: `Bearer ${token}` } }
      : {
          method: "POST",
          url,
          headers: {
            authorization: `Bearer ${token}`,
            "content-type": "text/xml; charset=utf-8",
            "x-anchormailbox": mailbox,
          },
          body: calendarFolderEnvelope(mailbox),
        };
  try {
    const response = await send({ ...request, signal: context.signal });
    const { status, headers } = response;
    const body = response.text();
    if (api === "graph") return { isOpen: status === 200, api, status, headers, body };
    return { ...readCalendarFolderAnswer(status, body), api, status, headers, body };
  } catch (error) {
    const finding = networkFinding(error, new URL(url).origin);
    return { answer: { status: "fault", detail: finding.title, findings: [finding] } };
  }
}

async function explainAnswer(answer: CalendarAnswer, mailbox: string): ReturnType<typeof listFindings> {
  const told = ["x-ms-diagnostics", "www-authenticate"]
    .filter((name) => answer.headers[name] !== undefined)
    .map((name) => `${name}: ${answer.headers[name] ?? ""}\n`);
  const findings = await listFindings(`HTTP/1.1 ${answer.status} Refused\n${told.join("")}\n${answer.body}`);
  if (findings.length > 0) return findings;
  return [
    createFinding("MAILBOX_UNREACHABLE", {
      explanation: `${NAMES[answer.api]} answered ${answer.responseCode ?? answer.status} for ${mailbox}.`,
      evidence: { mailbox, status: answer.status, responseCode: answer.responseCode },
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
 * @param mailbox - user principal name or id that must not be reachable; EWS takes an SMTP address only
 * @param configuration - says which API carries the calendars
 * @returns the check
 */
export function createScopeCheck(mailbox: string, configuration: CheckConfiguration = {}): Check {
  return {
    id: `scope:${mailbox}`,
    question: `Does ${mailbox}, which is outside the scope, stay closed?`,
    needs: [`claims-${mailboxApiOf(configuration)}`],
    group: "mailbox",
    async ask(context, facts) {
      const probe = await openCalendar(context, facts, mailbox);
      if ("notRun" in probe) return { status: "notRun", detail: probe.notRun };
      if ("answer" in probe) return probe.answer;
      if (isClosed(probe)) return { status: "ok", detail: "closed" };
      if (!probe.isOpen)
        return {
          status: "notRun",
          detail: `${probe.responseCode ?? `HTTP ${probe.status}`} says nothing about the scope`,
        };
      const finding = createFinding("SCOPE_DEFEATED", {
        explanation: `The calendar of ${mailbox} could be opened. Grants add up: a consent in Entra to ${probe.api === "graph" ? "Calendars permissions" : "full_access_as_app"} holds for every mailbox, whatever scope RBAC for Applications sets in Exchange; an application access policy needs up to an hour or more to work.`,
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

function isClosed({ api, status, responseCode }: CalendarAnswer): boolean {
  if (api === "graph" || responseCode === undefined) return status === 403;
  return /^Error(?:ImpersonateUserDenied|ImpersonationDenied|AccessDenied)$/.test(responseCode);
}
