/**
 * What Graph and the directory say.
 */
import type { GraphError } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding, type FindingCode, type FindingDetails } from "../finding-table.ts";
import { deltaUnsupported, filterUnsupported, windowMissing } from "./calendar-request.ts";
import { allOf, type CaseFile } from "./case-file.ts";
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

function one(
  code: FindingCode,
  error: GraphError,
  explanation: string,
  remedy: FindingDetails["remedy"],
): Finding[] {
  return [
    createFinding(code, {
      explanation,
      evidence: { code: error.code, message: error.message.slice(0, 300), status: error.status },
      remedy,
    }),
  ];
}

/** Texts that tell more than the code they come with. */
function byMessage(file: CaseFile, error: GraphError): Finding[] | undefined {
  const { message } = error;
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
  if (/Lifetime validation failed|token is expired|Access token has expired/i.test(message)) {
    return one(
      "TOKEN_EXPIRED",
      error,
      "Graph says that the token has run out.",
      "Ask for a new token; keep it only until shortly before expires_in is over.",
    );
  }
  if (/Access token validation failure\.? Invalid audience|audience.{0,30}invalid/i.test(message)) {
    return one("TOKEN_AUDIENCE", error, "Graph says that the token is for another API.", {
      text: "Ask for a token with Graph's scope.",
      snippet: "scope=https://graph.microsoft.com/.default",
    });
  }
  return byCalendarMessage(file, error) ?? byTokenMessage(file, error);
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
    /Access token is empty|Bearer token is missing|Access token missing/i.test(message) &&
    !/Authentication_MissingOrMalformed/.test(error.code)
  ) {
    return one("REQUEST_NO_BEARER", error, "The Authorization header is missing, or has no token in it.", {
      text: "Send the header.",
      snippet: "Authorization: Bearer <access_token>",
    });
  }
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

type Row = readonly [FindingCode, string, FindingDetails["remedy"]];

const CODES: Readonly<Record<string, Row>> = {
  InvalidAuthenticationToken: [
    "GRAPH_TOKEN_UNREADABLE",
    "Graph refuses the token: it is missing, for another API, out of date, or not one of Entra's.",
    { text: "Send an access token for Graph.", snippet: "scope=https://graph.microsoft.com/.default" },
  ],
  ErrorAccessDenied: [
    "GRAPH_ACCESS_DENIED",
    "The token is accepted, but does not reach for this mailbox: the application permission (Calendars.ReadWrite and the like) is missing or not consented to, only delegated ones are there, a scope in Exchange leaves the mailbox out, or it is a group's calendar.",
    "Look at roles in the token; if the role is there, look at application access policies and RBAC for Applications.",
  ],
  Authorization_RequestDenied: [
    "GRAPH_PRIVILEGES",
    "The token's permissions do not reach for this call to the directory: the application permission is missing, is only a delegated one, or nobody has consented. Tokens from before the consent do not learn of it.",
    "Add the application permission that the page of the call names, consent, and ask for a new token.",
  ],
  Authorization_IdentityNotFound: [
    "GRAPH_PRIVILEGES",
    "The identity of the application is not established: the token was asked for at /common, or there is no service principal in this tenant.",
    "Ask for the token at the tenant itself.",
  ],
  MailboxNotEnabledForRESTAPI: [
    "GRAPH_MAILBOX_NOT_IN_CLOUD",
    "Graph reaches mailboxes in Exchange Online only. This one is on an Exchange Server, has no licence, was not set up yet, or is inactive: all four look alike.",
    {
      text: "Look at the licence and where the mailbox lives; for a server use EWS.",
      commands: ["Get-EXORecipient <address> | Format-List RecipientTypeDetails"],
    },
  ],
  MailboxNotSupportedForRESTAPI: [
    "GRAPH_MAILBOX_NOT_IN_CLOUD",
    "Graph reaches mailboxes in Exchange Online only.",
    "Look at the licence and where the mailbox lives; for a server use EWS.",
  ],
  ErrorNonExistentMailbox: [
    "GRAPH_MAILBOX_UNKNOWN",
    "No mailbox is behind this address.",
    "Check the address; look the user up with /users/<address>.",
  ],
  Request_ResourceNotFound: [
    "GRAPH_RESOURCE_UNKNOWN",
    "The directory does not have this object, in this tenant, or not yet: a new user or group takes seconds to minutes to be everywhere.",
    "Check id and tenant; right after creating it, wait and try again.",
  ],
  ResourceNotFound: [
    "GRAPH_RESOURCE_UNKNOWN",
    "The object does not exist, or not yet.",
    "Check the id; right after creating it, wait and try again.",
  ],
  ErrorItemNotFound: [
    "GRAPH_ITEM_UNKNOWN",
    "The event was deleted or moved, or the id belongs to another mailbox. Ids change when an item moves unless immutable ids are asked for.",
    'Look the event up by its key; send Prefer: IdType="ImmutableId".',
  ],
  ErrorGroupIsUsedInNonGroupURI: [
    "GRAPH_GROUP_AS_USER",
    "The address under /users/ is that of a Microsoft 365 group.",
    "Expand the group into its members, or invite the group from a service mailbox.",
  ],
  InvalidDeltaToken: [
    "GRAPH_DELTA_TOKEN",
    "The delta token is malformed, too old, or for another query.",
    "Throw the token away and read everything once; plan for this to happen.",
  ],
  syncStateNotFound: [
    "GRAPH_DELTA_TOKEN",
    "Graph has dropped the state behind the token.",
    "Throw the token away and read everything once; plan for this to happen.",
  ],
  SyncStateNotFound: [
    "GRAPH_DELTA_TOKEN",
    "Graph has dropped the state behind the token.",
    "Throw the token away and read everything once; plan for this to happen.",
  ],
  SyncStateInvalid: [
    "GRAPH_DELTA_TOKEN",
    "The token does not fit this query.",
    "Throw the token away and read everything once.",
  ],
  resyncRequired: [
    "GRAPH_DELTA_TOKEN",
    "Graph asks for a full read.",
    "Throw the token away and read everything once.",
  ],
  ApplicationThrottled: [
    "GRAPH_THROTTLED",
    "The application sends more than its share.",
    "Wait as long as Retry-After says, at least; when it keeps saying 1, wait longer each time.",
  ],
  TooManyRequests: [
    "GRAPH_THROTTLED",
    "Too many requests in too short a time.",
    "Wait as long as Retry-After says, at least; when it keeps saying 1, wait longer each time.",
  ],
  activityLimitReached: [
    "GRAPH_THROTTLED",
    "Too many requests in too short a time.",
    "Wait as long as Retry-After says, at least.",
  ],
  ErrorIrresolvableConflict: [
    "GRAPH_CONFLICT",
    "The event changed between reading and writing.",
    "Read it again and decide anew.",
  ],
  resourceModified: ["GRAPH_CONFLICT", "The ETag no longer fits.", "Read it again and decide anew."],
  UnknownError: [
    "GRAPH_TRANSIENT",
    "A passing fault; a write may have happened all the same.",
    "Look the event up by its key before sending the write again.",
  ],
  ServiceNotAvailable: [
    "GRAPH_TRANSIENT",
    "A passing fault; a write may have happened all the same.",
    "Look the event up by its key before sending the write again.",
  ],
  Authentication_MissingOrMalformed: [
    "PROOF_MALFORMED",
    "addKey or removeKey could not read the proof. Which part is wrong is never said: aud must be 00000002-0000-0000-c000-000000000000, iss the object id (not the client id), exp at most ten minutes after nbf, base64url without =, and the signature by a certificate that is registered and still valid.",
    "Paste the proof here as well; each part is then checked.",
  ],
  KeyCredentialsInvalidEndDate: [
    "MANIFEST_REFUSED",
    "endDateTime of the entry lies after the certificate's own end, be it by a second.",
    "Copy the dates from the certificate, or leave them out.",
  ],
  KeyCredentialsInvalidStartDate: [
    "MANIFEST_REFUSED",
    "startDateTime of the entry lies before the certificate's own start.",
    "Copy the dates from the certificate, or leave them out.",
  ],
  KeyCredentialsInvalidValue: [
    "MANIFEST_REFUSED",
    "The key of the entry is not the base64 of a DER certificate.",
    { text: "Make it so.", commands: ["openssl x509 -in cert.pem -outform der | openssl base64 -A"] },
  ],
  KeyCredentialsInvalidUsage: [
    "MANIFEST_REFUSED",
    "usage must be Verify for sign-in (Sign is for token signing).",
    { text: "Correct it.", snippet: '"usage": "Verify"' },
  ],
  HostNameNotOnVerifiedDomain: [
    "MANIFEST_REFUSED",
    "An identifier URI must be api://<client id> or lie in a verified domain of the tenant.",
    { text: "Use the safe form.", snippet: '"identifierUris": ["api://<client id>"]' },
  ],
  ErrorOccurrenceCrossingBoundary: [
    "GRAPH_REQUEST_MALFORMED",
    "An exception of a series may not be moved onto or past its neighbour.",
    "Choose a time between the occurrences before and after it.",
  ],
  Request_BadRequest: [
    "GRAPH_REQUEST_MALFORMED",
    "The request is not well formed, or a value is not allowed.",
    "Read the message; it names the property.",
  ],
  BadRequest: [
    "GRAPH_REQUEST_MALFORMED",
    "The request is not well formed.",
    "Read the message; it names the property.",
  ],
  ErrorInvalidRequest: [
    "GRAPH_REQUEST_MALFORMED",
    "The request is not well formed.",
    "Read the message; it names the property.",
  ],
  ErrorInvalidIdMalformed: [
    "GRAPH_REQUEST_MALFORMED",
    "An id in the address is not one of Exchange: it was cut, belongs to another API, or its + / = were not URL-encoded.",
    "Send the id exactly as Graph returned it, URL-encoded.",
  ],
  ErrorInvalidParameter: [
    "GRAPH_REQUEST_MALFORMED",
    "A parameter has a value that is not allowed.",
    "Read the message; it names the parameter.",
  ],
  ErrorCalendarViewRangeTooBig: [
    "GRAPH_REQUEST_MALFORMED",
    "The window of a calendar view is longer than Exchange takes.",
    "Ask in pieces of two years at most.",
  ],
  RequestBodyRead: [
    "GRAPH_REQUEST_MALFORMED",
    "The body could not be read as this kind of object.",
    "Read the message; it names the property.",
  ],
  ErrorPropertyValidationFailure: [
    "GRAPH_REQUEST_MALFORMED",
    "A property has a value that is not allowed.",
    "Read the message; it names the property.",
  ],
  UnsupportedAppOnlyToken: [
    "SHAREPOINT_APP_ONLY_SECRET",
    "SharePoint accepts application tokens only when they were obtained with a certificate.",
    "Register a certificate on the application and ask for the token with a client assertion.",
  ],
};

function byTable(error: GraphError, code: string): Finding[] | undefined {
  const row = CODES[code];
  return row === undefined ? undefined : one(row[0], error, row[1], row[2]);
}

function byCode(file: CaseFile, error: GraphError): Finding[] {
  for (const code of [error.code, ...error.innerCodes]) {
    const row = CODES[code];
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
  return one(
    "GRAPH_ERROR_UNKNOWN",
    error,
    `The doctor does not know ${error.code}. Graph said: "${error.message.slice(0, 300)}".`,
    "Read the message; keep the request-id for Microsoft's support.",
  );
}
