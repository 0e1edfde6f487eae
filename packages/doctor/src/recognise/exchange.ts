/** Reads what Exchange and other resources say: diagnostics and challenge headers, EWS answers. */
import { maskText, shorten } from "../secrets.ts";
import { isMention, isRule } from "./mention.ts";
import { lineOf, originOf, type Reading } from "./reading.ts";
import { unescapeText } from "./unescape.ts";

/**
 * Reads a value of `x-ms-diagnostics`.
 *
 * @param reading - the input
 * @param value - `2000010;reason="…";error_category="…"`
 * @param place - where it stood
 * @returns true when it was one
 */
export function readDiagnostics(reading: Reading, value: string, place: string): boolean {
  const match = /^\s*(\d{4,8})\s*;/.exec(value);
  if (match === null) return false;
  const reason = /reason\s{0,3}=\s{0,3}"([^"]{0,2000})"?/i.exec(value)?.[1] ?? "";
  const id = Number(match[1]);
  const exists = reading.artifacts.some(
    (item) => item.kind === "diagnostics" && item.id === id && item.reason === reason,
  );
  if (exists) return true;
  reading.artifacts.push({
    kind: "diagnostics",
    origin: originOf(reading, place),
    summary: `x-ms-diagnostics ${id}: ${shorten(reason, 160)}`,
    id,
    reason,
    category: /error_category\s{0,3}=\s{0,3}"([\w-]{1,60})"/i.exec(value)?.[1],
  });
  return true;
}

/**
 * Finds `x-ms-diagnostics` values in free text, with or without the header's name.
 *
 * @param reading - the input
 * @param source - any text
 */
export function scanForDiagnostics(reading: Reading, source: string): void {
  const text = /&quot;|\\"/.test(source) ? unescapeText(source) : source;
  for (const match of text.matchAll(/(?<!\d)([2-4]\d{6})\s{0,3};\s{0,3}reason\s{0,3}=[^\n]{0,2500}/gi)) {
    readDiagnostics(reading, match[0], lineOf(text, match.index));
  }
  if (!reading.artifacts.some((item) => item.kind === "diagnostics")) readBareReason(reading, text);
  const legacy = /Unsupported app only token/i.exec(text);
  if (legacy !== null) {
    reading.artifacts.push({
      kind: "graphError",
      origin: originOf(reading, lineOf(text, legacy.index)),
      summary: "SharePoint answer: Unsupported app only token.",
      code: "UnsupportedAppOnlyToken",
      message: "Unsupported app only token.",
      innerCodes: [],
      status: 401,
    });
  }
}

/** Reasons whose number was lost on the way, and the number that belongs to each. */
const REASONS: ReadonlyArray<readonly [RegExp, number]> = [
  [/acquired using an authentication method that is too weak[^"\n]{0,140}/i, 2000010],
  [/The token contains no permissions, or permissions can ?not be understood/i, 2000008],
  [/The token contains not enough scope to make this call/i, 2000008],
  [/Invalid issuer or signature\.?|\bAudienceUriValidationFailedException\b/, 3000003],
];

function readBareReason(reading: Reading, text: string): void {
  for (const [pattern, id] of REASONS) {
    const match = pattern.exec(text);
    if (match === null || isRule(text, match.index, match[0].length)) continue;
    if (
      /no permissions/i.test(match[0]) &&
      /graph\.microsoft\.(?:com|us)/i.test(text) &&
      !/outlook\.office/i.test(text)
    ) {
      reading.artifacts.push({
        kind: "graphError",
        origin: originOf(reading, lineOf(text, match.index)),
        summary: `Graph answer: ${match[0]}`,
        code: "InvalidAuthenticationToken",
        message: match[0],
        innerCodes: [],
        status: 401,
      });
    } else readDiagnostics(reading, `${id};reason="${match[0]}"`, lineOf(text, match.index));
  }
}

/**
 * Reads a value of `WWW-Authenticate`.
 *
 * @param reading - the input
 * @param value - the header's value
 * @param place - where it stood
 */
export function readChallenge(reading: Reading, value: string, place: string): void {
  const scheme = /^\s*([A-Za-z]{4,20})\b/.exec(value)?.[1];
  if (scheme === undefined) return;
  const parameters: Record<string, string> = {};
  for (const match of value.slice(0, 20_000).matchAll(/([\w-]{2,40})\s{0,3}=\s{0,3}"([^"]{0,8000})"/g)) {
    parameters[(match[1] ?? "").toLowerCase()] ??= match[2] ?? "";
  }
  reading.artifacts.push({
    kind: "challenge",
    origin: originOf(reading, place),
    summary: `WWW-Authenticate ${scheme}: ${maskText(shorten(value.replace(/^\s*\w+\s*/, ""), 160))}`,
    scheme,
    parameters,
  });
}

/**
 * Finds EWS response codes and SOAP faults.
 *
 * @param reading - the input
 * @param source - XML, or the text of an exception of an EWS library
 */
export function scanForEws(reading: Reading, source: string): void {
  const text = /&lt;|\\"/.test(source) ? unescapeText(source) : source;
  if (scanForImpersonationHeader(reading, text)) return;
  const seen = new Set<string>();
  const patterns = [
    /<(?:\w{1,10}:)?ResponseCode[^>]{0,200}>\s{0,5}(Error\w{3,80})\s{0,5}</g,
    /<faultcode[^>]{0,300}>\s{0,5}(?:\w{1,10}:)?(Error\w{3,80})\s{0,5}</g,
    /exchangelib\.errors\.(Error[A-Z]\w{3,80})/g,
    /(?:ErrorCode|ResponseCode|ServiceResponseException|ServiceError)[^\w\n]{1,6}(Error[A-Z]\w{3,80})/g,
    /(?<![\w"'])(Error(?:NoRespondingCASInDestinationSite|InvalidAuthorizationContext|InvalidServerVersion|IncorrectSchemaVersion|SchemaValidation|ChangeKeyRequired|ProxyRequestNotAllowed|ExceededFindCountLimit|ImpersonateUserDenied|ImpersonationDenied|ImpersonationFailed|ServerBusy|NonExistentMailbox|InvalidSyncStateData|ExceededConnectionCount|InternalServerTransientError))(?!\w)/g,
  ];
  for (const pattern of patterns) {
    for (const match of text.matchAll(pattern)) {
      const responseCode = match[1] ?? "";
      if (seen.has(responseCode) || seen.size >= 20) continue;
      if (isMention(text, match.index, match[0].length)) continue;
      seen.add(responseCode);
      addEwsError(reading, text, responseCode, match.index);
    }
  }
  if (seen.size === 0) scanForEwsSentences(reading, text);
}

/** Whether the header has to be there or must not be stands in the sentence only; the code is the same for both. */
function scanForImpersonationHeader(reading: Reading, text: string): boolean {
  const match = /ExchangeImpersonation SOAP header must (not (?:exist|be present)|be present)/i.exec(text);
  if (match === null || isRule(text, match.index, match[0].length)) return false;
  const isUnwanted = /^not/i.test(match[1] ?? "");
  addEwsError(
    reading,
    text,
    isUnwanted ? "ErrorImpersonationUnwanted" : "ErrorImpersonationRequired",
    match.index,
  );
  return true;
}

const EWS_SENTENCES: ReadonlyArray<readonly [RegExp, string]> = [
  [/account does not have permission to impersonate the requested user/i, "ErrorImpersonateUserDenied"],
  [/token profile '?\w{0,40}'? is not applicable for the current protocol/i, "TokenProfileNotApplicable"],
  [/SMTP address has no mailbox associated with it/i, "ErrorNonExistentMailbox"],
  [/The server cannot service this request right now/i, "ErrorServerBusy"],
  [/Too many concurrent connections opened/i, "ErrorTooManyConcurrentMailboxes"],
  [/exceeded the available concurrent connections for your account/i, "ErrorExceededConnectionCount"],
  [/exceeded the available subscriptions for your account/i, "ErrorExceededSubscriptionCount"],
  [
    /(?:ServiceRequestException|EwsHttp|HttpErrorException|exchange\.webservices|EWS\/Exchange\.asmx)[\s\S]{0,400}\(?(?:401\)?[^\w\n]{0,3}Unauthori[sz]ed|HTTP(?:\/[\d.]{3})? 401\b)/i,
    "Unauthorized",
  ],
  [
    /(?:ServiceRequestException|EwsHttp|HttpErrorException|exchange\.webservices|EWS\/Exchange\.asmx)[\s\S]{0,400}\(?(?:403\)?[^\w\n]{0,3}Forbidden|HTTP(?:\/[\d.]{3})? 403\b)/i,
    "Forbidden",
  ],
  [
    /exchangelib\.errors\.UnauthorizedError|Invalid credentials for https:\/\/[^\s]{3,120}\/EWS/i,
    "Unauthorized",
  ],
  [
    /Autodiscover blocked a potentially insecure redirection|AutodiscoverRedirectionUrlValidationCallback/i,
    "AutodiscoverRedirect",
  ],
  [
    /Autodiscover service (?:couldn't|could not) be located|\bAutoDiscoverFailed\b|AutoDiscoverCircularRedirect|The Autodiscover service returned an error|Autodiscover(?:Local|Remote|Response)Exception|Failed to auto-?discover|autodiscover protocol failed/i,
    "Autodiscover",
  ],
  [
    /none of the Client Access Servers in the destination site could process/i,
    "ErrorNoRespondingCASInDestinationSite",
  ],
  [
    /response received from the service didn't contain valid XML|exchangelib\.errors\.(?:MalformedResponseError|TransportError): [^\n]{0,120}|Invalid XML[^\n]{0,40}EWS/i,
    "AnswerNotXml",
  ],
  [/token for this extension could not be retrieved/i, "ExtensionToken"],
  [/The specified folder could not be found in the store/i, "ErrorFolderNotFound"],
  [/The request failed schema validation/i, "ErrorSchemaValidation"],
  [
    /The requesting account does not have permission to serialize tokens/i,
    "ErrorInvalidAuthorizationContext",
  ],
  [/The mailbox database is temporarily unavailable|Cannot open mailbox\./i, "ErrorMailboxStoreUnavailable"],
  [
    /The change key passed in the request does not match the current change key/i,
    "ErrorIrresolvableConflict",
  ],
  [/EWS (?:is|has been) (?:disabled|blocked)|not (?:permitted|allowed) to (?:use|access) EWS/i, "EwsBlocked"],
  [
    /ServiceRequestException: The request failed\.(?: The request failed\.)? (?:null\b|The remote server returned an error: \((?:400|404)\))|SOAP client returned status of (?:400|404|500)/i,
    "RequestRefused",
  ],
  [/SOAP client returned status of 401/i, "Unauthorized"],
  [
    /(?:SOAP client returned status of|ServiceRequestException: The request failed\.[^\n]{0,60}\()50[234]\b/i,
    "ErrorServerBusy",
  ],
  [
    /(?:server and mailbox|Exchange EWS Provider)[\s\S]{0,200}HTTP Client error 401|\b401\b[^\n]{0,60}Unauthori[sz]ed[\s\S]{0,120}Exchange\.asmx/i,
    "Unauthorized",
  ],
];

/** Sentences of Exchange that arrive without a code, through the exceptions of EWS libraries. */
function scanForEwsSentences(reading: Reading, text: string): void {
  for (const [pattern, responseCode] of EWS_SENTENCES) {
    const match = pattern.exec(text);
    const isSaid = reading.artifacts.some((item) => item.kind === "diagnostics" || item.kind === "ewsError");
    if (isSaid && /^(?:Unauthorized|Forbidden)$/.test(responseCode)) continue;
    if (match !== null && !isRule(text, match.index, Math.min(match[0].length, 80)))
      addEwsError(reading, text, responseCode, match.index);
  }
}

function addEwsError(reading: Reading, text: string, responseCode: string, at: number): void {
  const message = /<(?:\w{1,10}:)?(?:MessageText|faultstring)[^>]{0,200}>([^<]{0,600})</.exec(text)?.[1];
  const backOff = /Name="BackOffMilliseconds"[^>]{0,40}>\s{0,3}(\d{1,9})/.exec(text)?.[1];
  reading.artifacts.push({
    kind: "ewsError",
    origin: originOf(reading, lineOf(text, at)),
    summary: `EWS answer ${responseCode}`,
    responseCode,
    message: (message ?? shorten(text.slice(at, at + 200), 200)).trim(),
    backOffMilliseconds: backOff === undefined ? undefined : Number(backOff),
  });
}
