/** Writings in program code that are wrong in every program, and how each is found. */

/** A place in code. */
export interface CodePlace {
  readonly at: number;
  readonly text: string;
}

/** One rule. */
export interface CodeRule {
  readonly mistake: string;
  /** Finds the writing; `undefined` when it does not stand there. */
  readonly find: (code: string) => CodePlace | undefined;
}

/** A call that gets a token without a user. */
const APP_ONLY =
  /AcquireTokenForClient|acquire_token_for_client|acquireTokenByClientCredential|ClientCredentialParameters|new\s+Client(?:Secret|Certificate|Assertion)Credential|(?<!\w)Client(?:Secret|Certificate|Assertion)Credential\(|NewClient(?:Secret|Certificate)Credential|grant_type["']?\]?\s{0,5}(?:=>|[:=,])\s{0,5}["']?client_credentials/;

/** A sign-in of a user in the same text: then scopes, /me and /common may be meant for that. */
const USER_FLOW =
  /AcquireToken(?:Interactive|ByAuthorizationCode|Silent|OnBehalfOf|WithDeviceCode|ByUsernamePassword)|acquire_token_(?:interactive|by_authorization_code|by_auth_code_flow|on_behalf_of|by_device_flow|by_username|silent)|acquireToken(?:ByCode|OnBehalfOf|Silent|Popup|Redirect|ByDeviceCode)|getAuthCodeUrl|get_authorization_request_url|initiate_auth_code_flow|InteractiveBrowserCredential|DeviceCodeCredential|OnBehalfOfCredential|UsernamePasswordCredential|authorization_code|jwt-bearer&|response_type/;

const THUMBPRINT =
  "[\\w.$>-]{0,60}?(?:[tT]humb_?[pP]rint|[fF]ingerprint|THUMBPRINT|CertHashString\\(\\))\\w{0,30}";
const CHANGED =
  "(?:\\.(?:[rR]eplace|[tT]o(?:Lower|Upper)(?:Case|Invariant)?|lower|upper|strip|trim)\\([^()\\n]{0,60}\\)){0,3}";

/** The digits of a thumbprint taken for text. */
const HEX_TEXT: readonly RegExp[] = [
  new RegExp(
    `Encoding\\]?(?:::|\\.)(?:UTF8|ASCII|Unicode|Default|Latin1)\\.GetBytes\\(\\s{0,5}${THUMBPRINT}${CHANGED}\\s{0,5}\\)`,
  ),
  new RegExp(
    `Base64Url(?:Encoder|TextEncoder)\\.Encode\\(\\s{0,5}[\\w.]{1,60}\\.(?:Thumbprint|GetCertHashString\\(\\))${CHANGED}\\s{0,5}\\)`,
  ),
  new RegExp(
    `b64encode\\(\\s{0,5}(?:bytes\\(\\s{0,5})?${THUMBPRINT}${CHANGED}(?:\\.encode\\([^()\\n]{0,30}\\)|\\s{0,5},\\s{0,5}(?:encoding\\s?=\\s?)?["'](?:utf-?8|ascii)["']\\s{0,5}\\))`,
  ),
  /b64encode\([^\n]{0,160}\.hexdigest\(\)(?:\.(?:upper|lower)\(\))?\.encode\(/,
  new RegExp(
    `Buffer\\.from\\(\\s{0,5}${THUMBPRINT}${CHANGED}\\s{0,5}(?:,\\s{0,5}["'](?:utf-?8|ascii|latin1|binary)["']\\s{0,5})?\\)\\.toString\\(\\s{0,5}["']base64(?:url)?["']`,
  ),
  new RegExp(`\\bbtoa\\(\\s{0,5}${THUMBPRINT}${CHANGED}\\s{0,5}\\)`),
  /base64(?:url)?_?encode\(\s{0,5}openssl_x509_fingerprint\(\s{0,5}[^,()\n]{1,80}(?:,\s{0,5}['"]sha(?:1|256)['"]\s{0,5})?\)\s{0,5}\)/i,
  new RegExp(`[eE]ncode(?:ToString)?\\(\\s{0,5}${THUMBPRINT}${CHANGED}\\.getBytes\\(`),
  new RegExp(`EncodeToString\\(\\s{0,5}\\[\\]byte\\(\\s{0,5}${THUMBPRINT}\\s{0,5}\\)\\s{0,5}\\)`),
  /(?:echo|printf)\s[^|\n]{0,80}(?:thumb_?print|fingerprint)[^|\n]{0,60}\|\s{0,5}(?:openssl\s+(?:base64|enc\s[^|\n]{0,20}-base64)|base64)\b/i,
];

/** Hash bytes under the same name, or digits that were turned into bytes: then the writing above is right. */
const BYTES_ELSEWHERE =
  /\.digest\(\s{0,3}\)|\.digest\(["']latin1["']\)|hex2bin|pack\(\s{0,3}["']H|unhexlify|a2b_hex|fromhex|FromHexString|parseHexBinary|decodeHex|xxd\s+-r|openssl_x509_fingerprint\([^()\n]{0,100},\s{0,5}true\s{0,5}\)|["']hex["']\s{0,3}\)/;

function first(code: string, patterns: readonly RegExp[]): CodePlace | undefined {
  for (const pattern of patterns) {
    const match = pattern.exec(code);
    if (match !== null) return { at: match.index, text: match[0] };
  }
  return undefined;
}

/** The same, unless something within reach after it puts it right. */
function firstUnmended(code: string, patterns: readonly RegExp[], mends: RegExp): CodePlace | undefined {
  for (const pattern of patterns) {
    const match = pattern.exec(code);
    if (match === null) continue;
    const end = match.index + match[0].length;
    if (!mends.test(code.slice(match.index, end + 240))) return { at: match.index, text: match[0] };
  }
  return undefined;
}

function isAppOnly(code: string): boolean {
  return APP_ONLY.test(code) && !USER_FLOW.test(code);
}

/** A JWT for the token endpoint is made here. */
function makesAssertion(code: string): boolean {
  return (
    /jwt\.(?:sign|encode)\(|JWT::encode|JwtSecurityToken|SecurityTokenDescriptor|JsonWebTokenHandler|new\s+SignJWT|setAudience|JWTClaimsSet|SignedJWT|RSASignature|openssl_sign/.test(
      code,
    ) &&
    /x5t|client_?assertion|ClientAssertion/i.test(code) &&
    !/jwt\.(?:verify|decode)\(|ValidateToken|TokenValidationParameters/.test(code)
  );
}

const PERMISSION =
  "(?:https:\\/\\/(?:graph\\.microsoft\\.(?:com|us)|outlook\\.office(?:365)?\\.com)\\/(?!\\.default)[A-Za-z]\\w{0,40}\\.[\\w.]{2,60}|(?:Calendars|User|Users|Mail|MailboxSettings|Group|GroupMember|Directory|Files|EWS|Sites|Contacts|Application)\\.[A-Z]\\w{2,40}(?:\\.\\w{2,20}){0,2})";

/** Every rule; those that name the same mistake as a token, an assertion or a request would are explained alike. */
export const CODE_RULES: readonly CodeRule[] = [
  {
    mistake: "x5tHexText",
    find: (code) =>
      /x5t|client_?assertion/i.test(code) && !BYTES_ELSEWHERE.test(code) ? first(code, HEX_TEXT) : undefined,
  },
  {
    mistake: "x5tRawHex",
    find: (code) =>
      first(code, [
        /["']?x5t["']?\]?\s{0,5}(?:=>|[:=,])\s{0,5}["'](?:[0-9A-Fa-f]{2}[: ]?){20}["']/,
        /["']x5t["']\]?\s{0,5}[:=,]\s{0,5}[\w.]{1,60}\.(?:Thumbprint|GetCertHashString\(\))(?=\s{0,5}[,;})\n])/,
      ]),
  },
  {
    mistake: "x5tBase64",
    find: (code) =>
      firstUnmended(
        code,
        [
          /["']?x5t(?:#S256)?["']?\]?\s{0,5}(?:=>|[:=,])\s{0,5}(?:System\.)?Convert\.ToBase64String\([^\n]{0,160}/,
          /["']x5t(?:#S256)?["']\]?\s{0,5}[:=]\s{0,5}(?:base64\.)?b64encode\([^\n]{0,160}/,
          /["']?x5t(?:#S256)?["']?\]?\s{0,5}[:=]\s{0,5}[^\n]{0,160}\.(?:toString|digest)\(\s{0,5}["']base64["']\s{0,5}\)/,
        ],
        /[rR]eplace|TrimEnd|rstrip|translate|strtr|base64url|Base64Url/,
      ),
  },
  {
    mistake: "x5tSeparators",
    find: (code) =>
      /clientCertificate|client_credential|ConfidentialClient/.test(code)
        ? first(code, [
            /["']?thumbprint["']?\s{0,5}[:=]\s{0,5}["'](?:[0-9A-Fa-f]{2}[: ]){19}[0-9A-Fa-f]{2}["']/,
          ])
        : undefined,
  },
  {
    mistake: "scopeNotDefault",
    find: (code) =>
      isAppOnly(code) && !/\/?\.default\b/.test(code)
        ? first(code, [
            new RegExp(
              `(?:[sS]copes?["']?\\]?\\s{0,5}(?:=>|[:=,(])|For_?[cC]lient\\(|getToken\\(|get_token\\(|singleton\\()[^\\n;]{0,80}["']${PERMISSION}["']`,
            ),
          ])
        : undefined,
  },
  {
    mistake: "commonAuthority",
    find: (code) =>
      isAppOnly(code) &&
      !/WithTenantId|tenant_id\s?=|with_tenant/i.test(code) &&
      (code.match(/WithAuthority\(/g) ?? []).length < 2
        ? first(code, [
            /https:\/\/login\.microsoftonline\.(?:com|us)\/(?:common|organizations|consumers)\b[^\s"'`]{0,60}/,
          ])
        : undefined,
  },
  {
    mistake: "mePath",
    find: (code) =>
      isAppOnly(code)
        ? first(code, [
            /\b[gG]raph(?:Service)?(?:_)?[cC]lient\.[mM]e(?:\(\))?(?=\s{0,5}[.\n])/,
            /https:\/\/graph\.microsoft\.(?:com|us)\/(?:v1\.0|beta)\/me(?=[/?"'`\s])/,
            /\.api\(\s{0,3}["'`]\/me(?=[/?"'`])/,
          ])
        : undefined,
  },
  {
    mistake: "groupCalendar",
    find: (code) =>
      isAppOnly(code)
        ? first(code, [
            /\b[gG]raph(?:Service)?(?:_)?[cC]lient\.Groups\[[^\]\n]{1,80}\]\.(?:Events|Calendar|CalendarView)\b/,
            /\/groups\/[^/"'`\s]{1,80}\/(?:events|calendar|calendarView)(?=[/?"'`\s])/,
          ])
        : undefined,
  },
  { mistake: "jsonBody", find: findJsonBody },
  {
    mistake: "selfMadeBearer",
    find: (code) =>
      /jwt\.(?:sign|encode)\(|JWT::encode|JwtSecurityToken|SignJWT/.test(code)
        ? first(code, [
            /Bearer\s{0,3}["'`]?\s{0,3}(?:\+|\.|,)?\s{0,3}(?:\$?\{)?\$?(?:client_?[aA]ssertion|signed_?[jJ]wt|jwt_?[aA]ssertion)\b/,
          ])
        : undefined,
  },
  {
    mistake: "ewsSecret",
    find: (code) =>
      /ExchangeService|OAuthCredentials|outlook\.office(?:365)?\.com\/(?:\.default|EWS)|exchangelib/i.test(
        code,
      ) && !/WithCertificate|client_?assertion|ClientCertificate/i.test(code)
        ? first(code, [
            /WithClientSecret\(|new\s+ClientSecretCredential\(|(?<!\w)ClientSecretCredential\(|OAuth2Credentials\([^)]{0,300}client_secret\s{0,3}=(?!=)/,
          ])
        : undefined,
  },
  {
    mistake: "ewsImpersonation",
    find: (code) =>
      isAppOnly(code) &&
      /OAuthCredentials\(/.test(code) &&
      !/ImpersonatedUserId|ExchangeImpersonation|IMPERSONATION/.test(code)
        ? first(code, [
            /\.(?:FindAppointments|FindItems|SyncFolderItems|LoadPropertiesForItems)\(|(?:Calendar)?Folder\.Bind\(|Appointment\.Bind\(/,
          ])
        : undefined,
  },
  {
    mistake: "ewsDelegate",
    find: (code) => {
      const credentials = /OAuth2Credentials\(([^()]{0,600})\)/.exec(code);
      if (credentials === null || /identity\s{0,3}=|username\s{0,3}=/.test(credentials[1] ?? ""))
        return undefined;
      return first(code, [/access_type\s{0,3}=\s{0,3}DELEGATE\b/]);
    },
  },
  {
    mistake: "preferQuotes",
    find: (code) => first(code, [/outlook\.timezone\s?=\s?\\?'[^'"\n]{1,60}'/]),
  },
  {
    mistake: "algorithm",
    find: (code) =>
      makesAssertion(code)
        ? first(code, [
            /["']?alg(?:orithm)?["']?\]?\s{0,5}(?:=>|[:=,])\s{0,5}["'](?:HS(?:256|384|512)|ES(?:256|384|512)|none)["']/,
            /SecurityAlgorithms\.(?:HmacSha\d{3}|EcdsaSha\d{3})(?:Signature)?\b/,
          ])
        : undefined,
  },
  {
    mistake: "audResource",
    find: (code) => audience(code, /^https:\/\/(?:graph\.microsoft\.|graph\.windows\.net|outlook\.office)/),
  },
  { mistake: "audAuthorize", find: (code) => audience(code, /\/oauth2\/(?:v2\.0\/)?authorize\b/) },
  {
    mistake: "audCommon",
    find: (code) => audience(code, /^https:\/\/login\.[^/]+\/(?:common|organizations)\//),
  },
  {
    mistake: "timeMilliseconds",
    find: (code) =>
      makesAssertion(code)
        ? firstUnmended(
            code,
            [
              /["']?(?:exp|nbf|iat)["']?\s{0,5}[:=]\s{0,5}(?:Date\.now\(\)|new Date\(\)\.getTime\(\))[^,;\n}]{0,60}/,
            ],
            /\/\s{0,3}1(?:000|e3|_000)\b/,
          )
        : undefined,
  },
  {
    mistake: "timeLocal",
    find: (code) =>
      makesAssertion(code)
        ? first(code, [
            /["']?(?:exp|nbf|iat)["']?\s{0,5}[:=]\s{0,5}[^,\n]{0,60}datetime\.utcnow\(\)[^,\n]{0,80}\.timestamp\(\)/,
            /DateTime\.Now\s{0,3}-\s{0,3}(?:new\s+DateTime\(\s{0,3}1970|\w{0,20}[eE]poch)/,
          ])
        : undefined,
  },
];

/** `aud` of a JWT that is being made, as a literal. */
function audience(code: string, wrong: RegExp): CodePlace | undefined {
  if (!makesAssertion(code)) return undefined;
  const pattern =
    /(?:["']?aud(?:ience)?["']?\]?\s{0,5}(?:=>|[:=,])|setAudience\(|\.audience\()\s{0,5}[fr$@]?["'`](https:\/\/[^"'`\n]{1,300})["'`]/gi;
  for (const match of code.matchAll(pattern))
    if (wrong.test(match[1] ?? "")) return { at: match.index, text: match[0] };
  return undefined;
}

/** A body for the token endpoint that is turned into JSON on the way. */
function findJsonBody(code: string): CodePlace | undefined {
  const pattern =
    /(?:JSON\.stringify\(\s{0,5}|\bjson\s{0,3}=\s{0,3}|json_encode\(\s{0,5}|json\.dumps\(\s{0,5})(\{[^}]{0,600}|\[[^\]]{0,600}|\$?\w{1,60})|(\$\w{1,60})\s{0,3}\|\s{0,3}ConvertTo-Json/g;
  const seen = new Set<string>();
  for (const match of code.matchAll(pattern)) {
    const body = match[1] ?? match[2] ?? "";
    if (seen.has(body)) continue;
    seen.add(body);
    if (seen.size > 30) break;
    if (/^[{[]/.test(body)) {
      if (/\bgrant_type\b/.test(body)) return { at: match.index, text: match[0] };
      continue;
    }
    const name = body.replace(/[$]/g, "\\$&");
    const assigned = new RegExp(
      `${name}\\s{0,5}=\\s{0,5}(?:@?\\{|\\[|dict\\()[^}\\]]{0,600}\\bgrant_type\\b`,
    );
    if (assigned.test(code)) return { at: match.index, text: match[0] };
  }
  return undefined;
}
