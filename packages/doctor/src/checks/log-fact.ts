/** What logs of synchronising programs, of MSAL and of Exchange's shell come down to. */
import type { LogFact, LogFactName } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding } from "../finding-table.ts";
import { allOf, type CaseFile } from "./case-file.ts";

/**
 * Explains what logs tell.
 *
 * @param file - the case file
 * @returns findings
 */
export function checkLogFacts(file: CaseFile): Finding[] {
  return allOf(file, "logFact").map((item) => BY_FACT[item.fact](item));
}

const BY_FACT: Readonly<Record<LogFactName, (item: LogFact) => Finding>> = {
  sourceEmpty: ({ values }) =>
    createFinding("SOURCE_EMPTY_DELETES", {
      // Without a failure in the log the source may truly have been emptied.
      severity: values["failure"] === undefined ? "warning" : "fault",
      explanation: `The log says "${values["nothing"] ?? ""}" and then takes ${values["deleted"] ?? ""} event(s) away.${values["failure"] === undefined ? "" : ` Before that it says "${values["failure"]}": the source was not empty, it could not be read.`} A source that fails looks like an empty one as soon as its failure is not checked, and then everything in the target is "too much".`,
      evidence: { deleted: values["deleted"], failure: values["failure"] },
      remedy: {
        text: "Take a failed or incomplete read for a failure, never for an empty timetable, and refuse a run that deletes more than a set share. nightlatch sync refuses both by name.",
        commands: ["nightlatch sync plan --help"],
      },
    }),
  tokensCached: ({ values }) =>
    cacheFinding(`MSAL says that ${values["one"] ?? ""} access tokens lie in one cache.`),
  tokenCacheDefault: () =>
    cacheFinding(
      "MSAL.NET says that its default cache is not made for confidential clients: every token of every tenant lies in one list.",
    ),
  tokenCacheSlow: ({ values }) =>
    cacheFinding(
      `The request took ${values["httpMs"] ?? ""} ms, the whole call ${values["totalMs"] ?? ""} ms: the rest was spent in the library, looking through its own cache.`,
    ),
  tokenRequestsRepeated: ({ values }) =>
    createFinding("REQUEST_TOKEN_REPEATED", {
      explanation: `${values["count"] ?? ""} requests for the same token were answered within a minute at ${values["url"] ?? ""}. A token lives for an hour or more: either none is kept, or many callers found the old one out of date at the same moment and each fetched a new one, because the library does not let them share one request.`,
      evidence: { count: values["count"], url: values["url"] },
      remedy:
        "Keep one client object for the life of the program, and let callers that miss at the same moment wait for one request (NightlatchCredential does both).",
    }),
  policyCommand: ({ values }) =>
    createFinding("POLICY_SCOPE_GROUPS", {
      explanation: `The policy narrows the application to the user, shared and room mailboxes that are members of ${values["two"] ?? "the group"}. The mailbox and the calendar of a Microsoft 365 group are not touched by it: they are not members, and an application without a user cannot open group calendars at all.`,
      evidence: { scopeGroup: values["two"] },
      remedy: {
        text: "Scope by a mail-enabled security group that holds the mailboxes themselves. Where events are meant for a group, write them into its members' calendars.",
        commands: ["Test-ApplicationAccessPolicy -AppId <client id> -Identity <mailbox>"],
      },
    }),
  policyDenied: () =>
    createFinding("POLICY_DENIES", {
      explanation:
        'Exchange says Denied: an application access policy leaves this mailbox out, whatever was consented to in Entra. Graph then answers 403 ErrorAccessDenied, "Access to OData is disabled".',
      remedy: {
        text: "Put the mailbox into the group of the policy; it takes up to an hour or more to work.",
        commands: ["Get-ApplicationAccessPolicy | Format-List AppId,ScopeName,AccessRight"],
      },
    }),
  roleOutOfScope: ({ values }) =>
    createFinding("POLICY_DENIES", {
      explanation: `The role ${values["one"] ?? ""} is assigned, but its scope does not hold this mailbox (InScope is False).`,
      evidence: { role: values["one"] },
      remedy: {
        text: "Widen the scope of the role assignment, or name a mailbox inside it.",
        commands: ["Get-ManagementScope | Format-List Name,RecipientFilter"],
      },
    }),
};

function cacheFinding(seen: string): Finding {
  return createFinding("CLIENT_TOKEN_CACHE", {
    explanation: `${seen} Each look-up goes through all of them, nothing is ever thrown out, and tokens of an application cannot be cleared by account.`,
    remedy:
      "Keep one client object for each tenant, or give the library a cache of its own that is divided by tenant and limited; in MSAL.NET app.AddInMemoryTokenCache() or AddDistributedTokenCache.",
  });
}
