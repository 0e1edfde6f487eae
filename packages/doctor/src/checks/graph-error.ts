/**
 * What Graph and the directory say.
 */
import type { GraphError } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding } from "../finding-table.ts";
import { apiOfAudience } from "./api.ts";
import { deltaUnsupported, filterUnsupported, windowMissing } from "./calendar-request.ts";
import { allOf, type CaseFile, claim } from "./case-file.ts";
import { GRAPH_CODES } from "./graph-error-codes.ts";
import { byServiceMessage, one } from "./graph-message.ts";
import { groupCalendar } from "./token.ts";

/**
 * Explains errors of Graph.
 *
 * @param file - the case file
 * @returns findings with what has to be changed
 */
export function checkGraphError(file: CaseFile): Finding[] {
  return allOf(file, "graphError").flatMap((error) => byMessage(file, error) ?? byCode(file, error));
}

/** Texts that tell more than the code they come with. */
function byMessage(file: CaseFile, error: GraphError): Finding[] | undefined {
  const { message } = error;
  if (/User is not allowed to call [A-Z][a-z]+-\w/i.test(message))
    return one(
      "EXCHANGE_ROLE_MISSING",
      error,
      GRAPH_CODES["ExchangeRoleMissing"]?.[1] ?? "",
      GRAPH_CODES["ExchangeRoleMissing"]?.[2] ?? "",
    );
  if (/Access to OData is disabled/i.test(message)) {
    return one(
      "GRAPH_ODATA_DISABLED",
      error,
      "An application access policy of Exchange Online (or, for EWS paths, the allow list) keeps this application out of the mailbox. The permission in Entra is there; the policy narrows it. A change takes up to an hour or more to work, even when Test-ApplicationAccessPolicy already says granted.",
      {
        text: "Put the mailbox into the group that the policy allows, and wait.",
        commands: [
          "Test-ApplicationAccessPolicy -AppId <client id> -Identity <mailbox>",
          "Get-ApplicationAccessPolicy | Format-List AppId,ScopeName,AccessRight",
        ],
      },
    );
  }
  if (/MailboxConcurrency/i.test(message)) {
    return one(
      "GRAPH_MAILBOX_CONCURRENCY",
      error,
      "Graph lets an application run four requests on one mailbox at the same time. The parts of a $batch run at once too, so a batch of twenty for one mailbox fails in part.",
      "Run at most four requests for each mailbox at once; in a batch chain them with dependsOn or mix mailboxes.",
    );
  }
  if (/CompactToken (?:parsing|validation) failed/i.test(message)) return compactToken(error);
  if (/JWT is not well formed|IDX1(?:2709|2741|4100)\b/i.test(message))
    return one(
      "GRAPH_TOKEN_UNREADABLE",
      error,
      "What stands after Bearer is not a JWT at all: an empty or undefined variable, the whole JSON of the answer, an authorization code or a refresh token, a token that was cut when it was copied, or the opaque token of a personal account.",
      "Print the first characters of what is sent: an access token begins with eyJ and has two dots. Send the value of access_token, unchanged.",
    );
  if (/Lifetime validation failed|token is expired|Access token has expired/i.test(message)) {
    return one(
      "TOKEN_EXPIRED",
      error,
      "Graph says that the token has run out.",
      "Ask for a new token; keep it only until shortly before expires_in is over.",
    );
  }
  if (/Access token validation failure\.? Invalid audience|audience.{0,30}invalid/i.test(message)) {
    const shown = allOf(file, "jwt").find(
      (jwt) => jwt.nature === "accessToken" && apiOfAudience(claim(jwt, "aud") ?? "") === "graph",
    );
    if (shown !== undefined)
      return one(
        "TOKEN_AUDIENCE",
        error,
        `Graph says that the token is for another API; the one shown here is for Graph (aud ${claim(shown, "aud") ?? ""}). So it is not the one that was sent: a cache, a variable or a client object holds another.`,
        "Print the aud of the token in the very request that fails, and send the one that is shown here.",
      );
    return one("TOKEN_AUDIENCE", error, "Graph says that the token is for another API.", {
      text: "Ask for a token with Graph's scope.",
      snippet: "scope=https://graph.microsoft.com/.default",
    });
  }
  return byServiceMessage(error) ?? byCalendarMessage(file, error) ?? byTokenMessage(file, error);
}

/** Refusals of calendar requests that say more by their text than by their code. */
function byCalendarMessage(file: CaseFile, error: GraphError): Finding[] | undefined {
  const { message } = error;
  const address = allOf(file, "httpRequest").find(({ url }) => /\/(?:events|calendar)/i.test(url))?.url;
  const filtered =
    /\(?\w{1,20}\.(\w{1,60})\s*[!=]=[^\n]{0,2000}is not a supported filter expression/i.exec(message)?.[1] ??
    /property '(\w{1,60})' does not support filtering/i.exec(message)?.[1] ??
    /Invalid filter clause: Could not find a property named '(\w{1,60})'/i.exec(message)?.[1];
  if (filtered !== undefined) return [filterUnsupported(filtered.toLowerCase(), message)];
  if (/Change tracking is not supported against/i.test(message)) return [deltaUnsupported(address)];
  if (/requires a time window specified by the query string parameters/i.test(message))
    return [windowMissing(address)];
  if (/all-day event needs to be set to midnight/i.test(message))
    return one(
      "EVENT_ALL_DAY_TIMES",
      error,
      "isAllDay is true, and start or end is not at midnight in the zone that was sent with it. Midnight in one zone converted to UTC is no midnight any more.",
      {
        text: "Send midnight of the first day and midnight after the last day, with the zone of the calendar.",
        snippet:
          '"start": { "dateTime": "2026-09-07T00:00:00", "timeZone": "Europe/London" }, "end": { "dateTime": "2026-09-08T00:00:00", "timeZone": "Europe/London" }',
      },
    );
  if (error.code === "TimeZoneNotSupportedException" || /TimeZone value is not supported/i.test(message))
    return one(
      "EVENT_TIME_ZONE",
      error,
      "timeZone (or Prefer: outlook.timezone) is not a name that Exchange knows: abbreviations such as CET or BST and offsets such as GMT+1 are not.",
      { text: "Send an IANA name, a Windows name, or UTC.", snippet: '"timeZone": "Europe/London"' },
    );
  const own =
    /Resource not found for the segment '(calendars?|calendarView|events|messages|mailFolders)'/i.exec(
      message,
    )?.[1];
  if (own !== undefined && !/\/(?:me|users\/[^/]+|groups\/[^/]+)\//i.test(address ?? ""))
    return one(
      "GRAPH_REQUEST_MALFORMED",
      error,
      `The address does not say whose ${own} is meant. A program without user has none of its own, and clients that put the address together leave the owner out when they know no user.`,
      `Name the mailbox: /users/<user principal name or id>/${own} (in python-o365: account.schedule(resource="…")).`,
    );
  const segment = /Resource not found for the segment '([^']{1,80})'/i.exec(message)?.[1];
  if (segment !== undefined)
    return one(
      "GRAPH_REQUEST_MALFORMED",
      error,
      `Graph has no "${segment}" at this place of the address: the address was put together wrongly (a missing version, a missing id), or the path exists only in beta.`,
      "Compare the address with the page of the call; an application writes /v1.0/users/<mailbox>/… in full.",
    );
  return undefined;
}

function byTokenMessage(file: CaseFile, error: GraphError): Finding[] | undefined {
  const { message } = error;
  if (
    /token contains no permissions, or permissions can|Either scp or roles claim need to be present/i.test(
      message,
    )
  )
    return one(
      "TOKEN_ROLES_MISSING",
      error,
      "The token that Graph got has neither roles nor scp: the registration lists delegated permissions only (which do not count without a user), or no administrator has consented to the application permissions.",
      {
        text: "Add the application permission (Calendars.ReadWrite or the like), consent, and ask for a new token.",
        commands: ["az ad app permission admin-consent --id <client id>"],
      },
    );
  if (
    /Access token is empty|Bearer token is missing|Access token missing|No authorization information present/i.test(
      message,
    ) &&
    !/Authentication_MissingOrMalformed/.test(error.code)
  ) {
    return one("REQUEST_NO_BEARER", error, "The Authorization header is missing, or has no token in it.", {
      text: "Send the header.",
      snippet: "Authorization: Bearer <access_token>",
    });
  }
  if (/at least one of the claims 'puid' or 'altsecid' or 'oid'/i.test(message))
    return one(
      "APPLICATION_NO_SERVICE_PRINCIPAL",
      error,
      "The token names no object of the directory: the application has no service principal (enterprise application) in the tenant that issued the token, because it was never consented to there, was deleted, or is only minutes old. Entra issues a token all the same.",
      {
        text: "Create the service principal in that tenant, or take the tenant that has it, and ask for a new token.",
        commands: ["az ad sp create --id <client id>"],
      },
    );
  if (/\/me request is only valid with delegated/i.test(message))
    return one(
      "TOKEN_ME_PATH",
      error,
      "/me means the signed-in user; an application has none.",
      "Write /users/<user principal name or id> in place of /me.",
    );
  if (/Update to existing credential with KeyId/i.test(message)) {
    return one(
      "MANIFEST_REFUSED",
      error,
      "An entry that already is registered was sent again with other values (often with an empty key, as Graph returns it). Entries that stay must be sent unchanged, with their keyId.",
      "Read keyCredentials, append the new entry, and send the old ones exactly as they were read.",
    );
  }
  if (/Key credential end date is invalid/i.test(message))
    return byTable(error, "KeyCredentialsInvalidEndDate");
  if (/added object references already exist/i.test(message))
    return one(
      "GRAPH_MEMBER_EXISTS",
      error,
      "The reference is already there: what was wanted holds.",
      "Go on as if it had succeeded.",
    );
  if (/group (?:shard|mailbox)|ErrorGroupIsUsedInNonGroupURI/i.test(`${error.code} ${message}`))
    return groupAsUser(error);
  return groupPath(file, error);
}

/** A denial on the calendar of a group has its own reason. */
function groupPath(file: CaseFile, error: GraphError): Finding[] | undefined {
  if (error.code !== "ErrorAccessDenied") return undefined;
  const url = allOf(file, "httpRequest").find((request) =>
    /\/groups\/[^/]+\/(?:events|calendar|calendarView)/i.test(request.url),
  )?.url;
  return url === undefined ? undefined : [groupCalendar(url)];
}

function compactToken(error: GraphError): Finding[] {
  const reason = /(?:error|reason) code:?\s?([0-9A-F]{8})/i.exec(error.message)?.[1]?.toUpperCase();
  if (reason === "80049228")
    return one("TOKEN_EXPIRED", error, "Graph says 80049228: the token has run out.", "Ask for a new token.");
  return one(
    "GRAPH_TOKEN_UNREADABLE",
    error,
    `Graph cannot read the token${reason === undefined ? "" : ` (${reason})`}: it is not a token for Graph, was cut, has quotes or line breaks around it, or is a JWT of your own making.`,
    {
      text: "Send the access_token of an answer for Graph's scope, unchanged.",
      snippet: "scope=https://graph.microsoft.com/.default",
    },
  );
}

function groupAsUser(error: GraphError): Finding[] {
  return one(
    "GRAPH_GROUP_AS_USER",
    error,
    "The address under /users/ is that of a Microsoft 365 group. A group is not a user mailbox, and its calendar is closed to applications.",
    "Expand the group into its members and write to their calendars, or invite the group from a service mailbox.",
  );
}

function byTable(error: GraphError, code: string): Finding[] | undefined {
  const row = GRAPH_CODES[code];
  return row === undefined ? undefined : one(row[0], error, row[1], row[2]);
}

function byCode(file: CaseFile, error: GraphError): Finding[] {
  // UnknownError says nothing; a refusal by status says more.
  if (error.code === "UnknownError" && [401, 403, 404, 429].includes(error.status ?? 0))
    return byStatus(error);
  for (const code of [error.code, ...error.innerCodes]) {
    const row = GRAPH_CODES[code];
    if (row === undefined) continue;
    if (
      code === "InvalidAuthenticationToken" &&
      allOf(file, "jwt").some((jwt) => jwt.nature === "assertion" || jwt.nature === "accessToken")
    ) {
      return [
        createFinding(row[0], { explanation: row[1], severity: "info", evidence: { code }, remedy: row[2] }),
      ];
    }
    return one(row[0], error, row[1], row[2]);
  }
  return byStatus(error);
}

/** What is left when the code is not in the table: the status, and words that leave no doubt. */
function byStatus(error: GraphError): Finding[] {
  const said = `${error.code} is not in the doctor's table. The service said: "${error.message.slice(0, 300)}".`;
  const key =
    BY_NAME.find(([pattern]) => pattern.test(error.code)) ??
    BY_WORDS.find(([pattern]) => pattern.test(error.message));
  const row = GRAPH_CODES[key?.[1] ?? BY_STATUS[error.status ?? 0] ?? ""];
  if (row !== undefined) return one(row[0], error, `${said} ${row[1]}`, row[2]);
  return one(
    "GRAPH_ERROR_UNKNOWN",
    error,
    `The doctor does not know ${error.code}. Graph said: "${error.message.slice(0, 300)}".`,
    "Read the message; keep the request-id for Microsoft's support.",
  );
}

/** Exchange names its codes by what went wrong. */
const BY_NAME: ReadonlyArray<readonly [RegExp, string]> = [
  [/^Error\w*(?:Denied|NotAllowed|NoPermission|Unauthorized)\w*$/, "ErrorAccessDenied"],
  [/^Error\w*(?:NotFound|NonExistent|Deleted)\w*$/, "ErrorFolderNotFound"],
  [/^Error\w*(?:Exceeded|TooMany|Throttl|ServerBusy)\w*$/, "ErrorServerBusy"],
  [
    /^Error\w*(?:Unavailable|Transient|TimedOut|Timeout|Offline|ConnectionFailed)\w*$/,
    "ErrorMailboxStoreUnavailable",
  ],
  [
    /^Error(?:Invalid|Calendar|Missing|Recurrence|Unsupported|NotSupported|Property|Cannot|Schema)\w*$/,
    "ErrorInvalidRequest",
  ],
];

const BY_WORDS: ReadonlyArray<readonly [RegExp, string]> = [
  [
    /insufficient (?:privileges|permissions?)|missing (?:required )?(?:permissions?|scopes?)|required scopes are missing|not authorized to (?:perform|access)|does(?:n't| not) have (?:the )?(?:required )?permissions?/i,
    "Forbidden",
  ],
  [/too many requests|throttl/i, "TooManyRequests"],
  [/token (?:has |is )?expired/i, "Authentication_ExpiredToken"],
  [/temporarily unavailable|try again later/i, "ServiceNotAvailable"],
];

const BY_STATUS: Readonly<Record<number, string>> = {
  400: "BadRequest",
  401: "unauthenticated",
  403: "Forbidden",
  404: "NotFound",
  409: "ErrorIrresolvableConflict",
  412: "preconditionFailed",
  429: "TooManyRequests",
  500: "InternalServerError",
  502: "BadGateway",
  503: "ServiceUnavailable",
  504: "GatewayTimeout",
};
