/**
 * Which API an address or an audience belongs to, and which permissions a call needs.
 */

/** The APIs that the doctor tells apart. */
export type Api = "graph" | "exchange" | "sharepoint" | "own";

const AUDIENCES: ReadonlyArray<readonly [RegExp, Api]> = [
  [
    /^(?:https:\/\/(?:graph\.microsoft\.(?:com|us)|dod-graph\.microsoft\.us|microsoftgraph\.chinacloudapi\.cn)\/?|00000003-0000-0000-c000-000000000000)$/i,
    "graph",
  ],
  [
    /^(?:https:\/\/(?:outlook\.office(?:365)?\.com|outlook\.com|outlook\.office365\.us|outlook-dod\.office365\.us|partner\.outlook\.cn|ps\.outlook\.com)\/?|00000002-0000-0ff1-ce00-000000000000)$/i,
    "exchange",
  ],
  [
    /^(?:https:\/\/[\w-]{1,80}\.sharepoint\.(?:com|us|cn)\/?|00000003-0000-0ff1-ce00-000000000000(?:\/.{0,100})?)$/i,
    "sharepoint",
  ],
];

/** A short name of an API for sentences. */
export const API_NAMES: Readonly<Record<Api, string>> = {
  graph: "Microsoft Graph",
  exchange: "Exchange Online (EWS)",
  sharepoint: "SharePoint",
  own: "an API of your own",
};

/** Scope with which a client asks for a token of the API. */
export const API_SCOPES: Readonly<Record<Api, string>> = {
  graph: "https://graph.microsoft.com/.default",
  exchange: "https://outlook.office365.com/.default",
  sharepoint: "https://<tenant>.sharepoint.com/.default",
  own: "api://<client id of the API>/.default",
};

/**
 * Tells which API an audience names.
 *
 * @param audience - the claim `aud`, a resource or a scope without `/.default`
 * @returns the API; `own` for anything unknown
 */
export function apiOfAudience(audience: string): Api {
  return AUDIENCES.find(([pattern]) => pattern.test(audience))?.[1] ?? "own";
}

/**
 * Tells which API an address belongs to.
 *
 * @param url - absolute address that was called
 * @returns the API, or `undefined` when it cannot be told
 */
export function apiOfUrl(url: string): Api | undefined {
  if (
    /^https?:\/\/(?:graph\.microsoft\.(?:com|us)|dod-graph\.microsoft\.us|microsoftgraph\.chinacloudapi\.cn)\//i.test(
      url,
    )
  )
    return "graph";
  if (/\/EWS\/(?:Exchange|Services)\./i.test(url)) return "exchange";
  if (/^https?:\/\/(?:outlook\.office(?:365)?\.com|outlook\.office365\.us|partner\.outlook\.cn)\//i.test(url))
    return "exchange";
  if (/^https?:\/\/[\w-]{1,80}\.sharepoint\./i.test(url)) return "sharepoint";
  if (/^https?:\/\/(?:localhost|127\.0\.0\.1)(?::\d{1,5})?\/(?:v1\.0|beta)\//i.test(url)) return "graph";
  return undefined;
}

/** What a Graph call needs: any one of these application permissions. */
const CALLS: ReadonlyArray<readonly [RegExp, RegExp, readonly string[]]> = [
  [
    /^GET$/,
    /\/users\/[^/]+\/(?:calendars?|calendarGroups|calendarView|events)(?:[/?(]|$)/i,
    ["Calendars.ReadBasic.All", "Calendars.Read", "Calendars.ReadWrite"],
  ],
  [
    /^(?:POST|PATCH|PUT|DELETE)$/,
    /\/users\/[^/]+\/(?:calendars?\/)?getSchedule/i,
    ["Calendars.ReadBasic.All", "Calendars.Read", "Calendars.ReadWrite"],
  ],
  [
    /^(?:POST|PATCH|PUT|DELETE)$/,
    /\/users\/[^/]+\/(?:calendars?|calendarGroups|events)(?:[/?(]|$)/i,
    ["Calendars.ReadWrite"],
  ],
  [/^GET$/, /\/users\/[^/]+\/mailboxSettings/i, ["MailboxSettings.Read", "MailboxSettings.ReadWrite"]],
  [/^PATCH$/, /\/users\/[^/]+\/mailboxSettings/i, ["MailboxSettings.ReadWrite"]],
  [/^POST$/, /\/groups\/?$/i, ["Group.Create", "Group.ReadWrite.All", "Directory.ReadWrite.All"]],
  [
    /^(?:POST|DELETE)$/,
    /\/groups\/[^/]+\/members\//i,
    ["GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All"],
  ],
  [
    /^GET$/,
    /\/users(?:\/[^/?]+)?(?:\?|$)/i,
    [
      "User.ReadBasic.All",
      "User.Read.All",
      "User.ReadWrite.All",
      "Directory.Read.All",
      "Directory.ReadWrite.All",
    ],
  ],
  [/^GET$/, /\/places\/microsoft\.graph\.room/i, ["Place.Read.All", "Place.ReadWrite.All"]],
];

/**
 * Lists the application permissions of which a Graph call needs one.
 *
 * @param method - HTTP method
 * @param url - absolute address
 * @returns permissions, least first; empty when the call is not in the table
 */
export function permissionsFor(method: string, url: string): readonly string[] {
  const path = url.replace(/^https?:\/\/[^/]+\/(?:v1\.0|beta)/i, "");
  return CALLS.find(([verb, pattern]) => verb.test(method) && pattern.test(path))?.[2] ?? [];
}
