import { shorten } from "../secrets.ts";
import { addMention, isMention, isRule } from "./mention.ts";
import { isRecord, lineOf, originOf, type Reading, stringMember } from "./reading.ts";
import { unescapeText } from "./unescape.ts";

/** Codes of Graph that are found in free text, where no JSON envelope survived. */
const KNOWN_CODES = [
  "ErrorAccessDenied",
  "ErrorGroupIsUsedInNonGroupURI",
  "MailboxNotEnabledForRESTAPI",
  "MailboxNotSupportedForRESTAPI",
  "ErrorNonExistentMailbox",
  "ErrorInvalidUser",
  "ErrorMissingEmailAddress",
  "ErrorItemNotFound",
  "ErrorIrresolvableConflict",
  "ErrorOccurrenceCrossingBoundary",
  "Authorization_RequestDenied",
  "Authorization_IdentityNotFound",
  "Authentication_MissingOrMalformed",
  "Request_ResourceNotFound",
  "Request_BadRequest",
  "ResourceNotFound",
  "InvalidAuthenticationToken",
  "CompactToken parsing failed",
  "CompactToken validation failed",
  "InvalidDeltaToken",
  "syncStateNotFound",
  "SyncStateInvalid",
  "SyncStateNotFound",
  "AuthOMMissingRequiredPermissions",
  "resyncRequired",
  "ApplicationThrottled",
  "activityLimitReached",
  "TooManyRequests",
  "KeyCredentialsInvalidEndDate",
  "KeyCredentialsInvalidStartDate",
  "KeyCredentialsInvalidValue",
  "CredentialInvalidLifetimeAsPerAppPolicy",
  "CredentialTypeNotAllowedAsPerAppPolicy",
  "HostNameNotOnVerifiedDomain",
  "ExtensionError",
  "UnsupportedEntityExpression",
  "TimeZoneNotSupportedException",
  "ErrorInvalidIdMalformed",
  "ErrorInvalidRecipients",
  "ErrorInvalidRequest",
  "ErrorInvalidParameter",
  "ErrorInvalidUrlQuery",
  "ErrorPropertyValidationFailure",
  "ErrorCalendarViewRangeTooBig",
  "ErrorFolderNotFound",
  "ErrorInternalServerError",
  "ErrorSendAsDenied",
  "ErrorQuotaExceeded",
  "ErrorTimeoutExpired",
  "ErrorMailboxStoreUnavailable",
  "ErrorMailboxMoveInProgress",
  "ErrorExecuteSearchStaleData",
  "ErrorMessageSizeExceeded",
  "ErrorNameAlreadyExists",
  "ErrorFolderExists",
  "ErrorIncorrectRecurrence",
  "ErrorInvalidGroup",
  "ErrorNoFreeBusyAccess",
  "ErrorMailRecipientNotFound",
  "ErrorOrganizerIsAttendee",
  "ErrorExceededMessageLimit",
  "MailboxInfoStale",
  "Request_UnsupportedQuery",
  "Request_MultipleObjectsWithSameKeyValue",
  "Directory_QuotaExceeded",
  "Directory_ObjectNotFound",
  "Authentication_Unauthorized",
  "Authentication_ExpiredToken",
  "Service_ServiceUnavailable",
] as const;

/** Comes at the top of the answer where a part of a batch, or a library, dropped the envelope. */
const UNREAD_BODY = "UnableToDeserializePostBody";

/** Sentences that arrive without their code, and the code that belongs to each; the first that fits is taken. */
const SENTENCES: ReadonlyArray<readonly [RegExp, string]> = [
  [/Access to OData is disabled[^\n"]{0,80}/i, "ErrorAccessDenied"],
  [/Insufficient privileges to complete the operation[^\n"]{0,20}/i, "Authorization_RequestDenied"],
  [/[^\n"]{0,40}MailboxConcurrency limit[^\n"]{0,40}/i, "ApplicationThrottled"],
  [/Update to existing credential with KeyId[^\n]{0,100}/i, "Request_BadRequest"],
  [/Key credential end date is invalid[^\n]{0,60}/i, "KeyCredentialsInvalidEndDate"],
  [
    /New password credentials must be generated using service actions[^\n]{0,20}|(?:key|password)Credentials in payload has a value that does not match schema[^\n]{0,20}|Invalid value specified for property '(?:keyCredentials|customKeyIdentifier)'[^\n]{0,80}/i,
    "Request_BadRequest",
  ],
  [
    /value for the property \W{0,3}usage\W{0,3} in one of your credentials[^\n]{0,100}/i,
    "KeyCredentialsInvalidUsage",
  ],
  [
    /ParameterValidationException=[^\n]{0,200}|Failed to (?:save|update)\b[^.\n]{0,120}\. Error details?: [^\n]{3,200}|\bKeyValueMustBeNull\b[^\n]{0,60}/i,
    "Request_BadRequest",
  ],
  [/Change tracking is not supported against[^\n]{0,80}/i, "BadRequest"],
  [
    /This request requires a time window specified by the query string parameters[^\n]{0,60}/i,
    "ErrorInvalidParameter",
  ],
  [
    /(?:The )?Event\.(?:Start|End) property for an all-day event needs to be set to midnight/i,
    "ErrorPropertyValidationFailure",
  ],
  [/The property '\w{1,60}' does not support filtering/i, "ErrorInvalidProperty"],
  [/A valid TimeZone value must be specified[^\n]{0,120}/i, "TimeZoneNotSupportedException"],
  [/Resource not found for the segment '[^'\n]{1,80}'/i, "BadRequest"],
  [/\/me request is only valid with delegated authentication flow/i, "BadRequest"],
  [
    /(?:REST API is not yet supported for this mailbox|The mailbox is either inactive, soft-deleted, or is hosted on-premise)/i,
    "MailboxNotEnabledForRESTAPI",
  ],
  [/The specified object was not found in the store/i, "ErrorItemNotFound"],
  [
    /The role assigned to application \S{1,60} isn't supported in this scenario|The application \S{1,60} isn't assigned to any management roles|User is not allowed to call [A-Z][a-z]+-\w{2,40}/i,
    "ExchangeRoleMissing",
  ],
  [/The requested user '[^'\n]{1,200}' is invalid/i, "ErrorInvalidUser"],
  [
    /(?:Application ID URI|identifierUris?)[^\n"]{0,40} must be from a verified domain[^\n"]{0,60}|A conflicting object with one or more of the specified property values is present[^\n"]{0,60}|Property identifierUris is invalid[^\n"]{0,60}/i,
    "Request_BadRequest",
  ],
  [
    /Insufficient privileges to perform requested operation by the application[^\n"]{0,160}|you need to consent to one of the permissions on the Modify permissions tab/i,
    "Authorization_RequestDenied",
  ],
  [
    /The property '[^'\n]{1,80}' does not exist on type '(?:Microsoft\.OutlookServices|microsoft\.graph)\.[^\n]{0,160}/i,
    "RequestBodyRead",
  ],
  [/(?:ODataError: |"message"\s?:\s?")were unable to deserialize/, UNREAD_BODY],
  [/The request is malformed or incorrect: expected[^\n"]{0,120}/, "BadRequest"],
  [
    /does not have authorization to perform action '[^'\n]{3,160}' over scope '[^'\n]{1,400}'/i,
    "AuthorizationFailed",
  ],
  [/Access blocked to AAD Graph API for this application[^\n"]{0,80}/i, "Authentication_Unauthorized"],
  [/JWT is not well formed[^\n"]{0,120}/i, "InvalidAuthenticationToken"],
  [/Either scp or roles claim need to be present in the token/i, "InvalidAuthenticationToken"],
  [/Unable to initialize RPS/i, "UnknownError"],
  [/No authorization information present on the request/i, "InvalidAuthenticationToken"],
  [
    /Error authenticating with resource|The tenant for tenant guid '[^'\n]{1,80}' does not exist/i,
    "OrganizationFromTenantGuidNotFound",
  ],
  [/No application access policy found for this app[^\n"]{0,120}/i, "Forbidden"],
  [
    /token doesn't contain the permissions required by the target API[^\n"]{0,120}/i,
    "AuthOMMissingRequiredPermissions",
  ],
  [/Access to Dataverse API is restricted for this application[^\n"]{0,80}/i, "0x80095ffc"],
  [/too many 5\d\d error responses/i, "UnknownError"],
  [/\bat Microsoft\.(?:Griffin|Exchange\.(?:Services|OData|Net))\.[\w.]{3,120}/, "UnknownError"],
  [/Subscription validation request (?:failed|timed out)[^\n"]{0,120}/i, "ValidationError"],
  [/Could not process subscription creation payload[^\n"]{0,120}/i, "InvalidRequest"],
  [/Access is denied\. Check credentials and try again/i, "ErrorAccessDenied"],
  [
    /(?:Access token validation failure|Access token has expired|Lifetime validation failed)[^\n"]{0,80}/i,
    "InvalidAuthenticationToken",
  ],
  [
    /at least one of the claims 'puid' or 'altsecid' or 'oid' should be present/i,
    "InvalidAuthenticationToken",
  ],
  [
    /Resource '[^'\n]{1,120}' does not exist or one of its queried reference-property objects/i,
    "Request_ResourceNotFound",
  ],
];

/**
 * Reads a Graph or OData error that is JSON.
 *
 * @param reading - the input
 * @param body - an object with `error` or `odata.error`
 * @param place - where it stood
 * @param status - HTTP status, when known
 * @returns true when it was one
 */
export function readGraphErrorBody(
  reading: Reading,
  body: Readonly<Record<string, unknown>>,
  place: string,
  status?: number | undefined,
): boolean {
  const bare = stringMember(body, "code");
  const error = body["error"] ?? body["odata.error"] ?? (bare === UNREAD_BODY ? body : undefined);
  if (!isRecord(error)) return false;
  const code = stringMember(error, "code") ?? "";
  const message = isRecord(error["message"])
    ? stringMember(error["message"], "value")
    : stringMember(error, "message");
  if (code === "" && (message === undefined || typeof error["name"] === "string")) return false;
  const innerCodes: string[] = [];
  let inner: unknown = error["innerError"] ?? error["innererror"];
  for (let depth = 0; isRecord(inner) && depth < 6; depth += 1) {
    const innerCode = stringMember(inner, "code");
    if (innerCode !== undefined) innerCodes.push(innerCode);
    inner = inner["innerError"] ?? inner["innererror"];
  }
  addGraphError(reading, code, message ?? "", innerCodes, status, place);
  return true;
}

/**
 * Finds Graph error codes in free text.
 *
 * @param reading - the input
 * @param source - any text
 */
export function scanForGraphErrors(reading: Reading, source: string): void {
  const text = /\\"|&quot;/.test(source) ? unescapeText(source) : source;
  for (const code of KNOWN_CODES) {
    const at = text.indexOf(code);
    if (at === -1) continue;
    if (
      reading.artifacts.some(
        (item) => item.kind === "graphError" && (item.code === code || item.innerCodes.includes(code)),
      )
    ) {
      continue;
    }
    if (reading.artifacts.some((item) => item.kind === "ewsError" && item.responseCode === code)) continue;
    if (isMention(text, at, code.length)) {
      addMention(reading, text, at, code);
      continue;
    }
    const after = text.slice(at, at + 600);
    addGraphError(
      reading,
      code.startsWith("CompactToken") ? "InvalidAuthenticationToken" : code,
      after.replace(/\s+/g, " "),
      [],
      statusNear(text, at),
      lineOf(text, at),
    );
  }
  scanForNamedCodes(reading, text);
  const sentence = SENTENCES.find(([pattern]) => pattern.test(text));
  if (sentence !== undefined) addBareMessage(reading, text, sentence[1], sentence[0]);
}

/** `"code": "ErrorX", "message": "…"` of a body that was cut, and `Code: X` as the libraries of .NET and Java print it. */
function scanForNamedCodes(reading: Reading, text: string): void {
  if (reading.artifacts.some((item) => item.kind === "graphError" || item.kind === "ewsError")) return;
  if (
    !/graph\.microsoft|Microsoft\.Graph|ODataError|microsoft\.graph|GraphServiceException|\bCode: \w{4,60}\s{1,20}Message: /.test(
      text,
    )
  )
    return;
  const match =
    /(?:["']code["']\s{0,3}:\s{0,3}["']|\b(?:err(?:or)?|res)_?code["']?\s{0,3}[:=]\s{0,3}["']?|\b(?:Error )?[cC]ode: )([A-Za-z][A-Za-z_]{4,60})["']?,?\s{1,20}(?:["']message["']\s{0,3}:\s{0,3}["']|(?:err(?:or)?|res)_?message["']?\s{0,3}[:=]\s{0,3}["']?|(?:Error )?[mM]essage: ?)([^\n"]{0,400})/.exec(
      text,
    );
  if (match === null || isMention(text, match.index, match[0].length)) return;
  addGraphError(
    reading,
    match[1] ?? "",
    match[2] ?? "",
    [],
    statusNear(text, match.index),
    lineOf(text, match.index),
  );
}

function addBareMessage(reading: Reading, text: string, code: string, pattern: RegExp): void {
  const match = pattern.exec(text);
  if (match === null || isRule(text, match.index, match[0].length)) return;
  if (
    reading.artifacts.some((item) => item.kind === "ewsError" && item.message.includes(match[0].slice(0, 25)))
  )
    return;
  const isThere = reading.artifacts.some(
    (item) => item.kind === "graphError" && item.message.includes(match[0].slice(0, 25)),
  );
  if (!isThere)
    addGraphError(reading, code, match[0], [], statusNear(text, match.index), lineOf(text, match.index));
}

function statusNear(text: string, at: number): number | undefined {
  const around = text.slice(Math.max(0, at - 300), at + 300);
  const match = /(?:HTTP\/[\d.]{1,3}\s|status(?:\s?code)?["']?\s{0,3}[:=]?\s{0,3}|\()([45]\d\d)\b/i.exec(
    around,
  );
  return match === null ? undefined : Number(match[1]);
}

function addGraphError(
  reading: Reading,
  code: string,
  message: string,
  innerCodes: readonly string[],
  status: number | undefined,
  place: string,
): void {
  reading.artifacts.push({
    kind: "graphError",
    origin: originOf(reading, place),
    summary: `Graph error ${code}: ${shorten(message, 120)}`,
    code,
    message,
    innerCodes,
    status,
  });
}
