/** Mistakes in program code, explained as the same mistake in a token, an assertion or a request would be. */
import type { CodeMistake } from "../artifact.ts";
import type { Finding, Severity } from "../finding.ts";
import { createFinding, type FindingCode, type FindingDetails } from "../finding-table.ts";
import { allOf, type CaseFile } from "./case-file.ts";

interface Row {
  readonly code: FindingCode;
  readonly explanation: string;
  readonly remedy: FindingDetails["remedy"];
  readonly severity?: Severity;
}

/**
 * Explains what is wrong in program code.
 *
 * @param file - the case file
 * @returns one finding for each mistake
 */
export function checkCodeMistakes(file: CaseFile): Finding[] {
  const mistakes = allOf(file, "codeMistake");
  if (mistakes.length > 0) return mistakes.flatMap(explainMistake);
  return allOf(file, "code")
    .slice(0, 1)
    .map(({ language }) =>
      createFinding("CODE_READ", {
        explanation: `${language} code was searched for the known mistakes of a certificate sign-in, and none of them stands there. That does not say that it works: code is not run, and what its variables hold is not known.`,
        remedy: "Paste what the program prints: the error, the assertion, the token.",
      }),
    );
}

function explainMistake({ mistake, quoted, origin }: CodeMistake): Finding[] {
  const row = ROWS[mistake];
  if (row === undefined) return [];
  return [
    createFinding(row.code, {
      explanation: `${row.explanation} In the code: ${quoted}`,
      evidence: { code: quoted, place: `${origin.input}, ${origin.place}` },
      remedy: row.remedy,
      severity: row.severity,
    }),
  ];
}

const RIGHT_THUMBPRINT = [
  "C#      Base64UrlEncoder.Encode(certificate.GetCertHash())",
  "Python  base64.urlsafe_b64encode(bytes.fromhex(thumbprint)).rstrip(b'=').decode()",
  'Node    Buffer.from(thumbprint, "hex").toString("base64url")',
  "PHP     rtrim(strtr(base64_encode(hex2bin($thumbprint)), '+/', '-_'), '=')",
].join("\n");

const ROWS: Readonly<Record<string, Row>> = {
  x5tHexText: {
    code: "ASSERTION_X5T_HEX_TEXT",
    explanation:
      "The thumbprint is a text of hexadecimal digits, and here its characters are encoded instead of the bytes that they stand for. Entra decodes 40 characters where it expects 20 bytes, and answers AADSTS700027.",
    remedy: { text: "Turn the digits into bytes first.", snippet: RIGHT_THUMBPRINT },
  },
  x5tRawHex: {
    code: "ASSERTION_X5T_HEX_AS_BASE64",
    explanation:
      "x5t is given the hexadecimal thumbprint as it stands. Entra reads it as base64url and gets other bytes.",
    remedy: { text: "Encode the bytes of the thumbprint as base64url.", snippet: RIGHT_THUMBPRINT },
  },
  x5tBase64: {
    code: "ASSERTION_X5T_NOT_BASE64URL",
    severity: "warning",
    explanation:
      "x5t is written as plain base64. JWS wants base64url: - for +, _ for /, no =. It goes well as long as no + or / happens to stand in the thumbprint.",
    remedy: { text: "Write base64url.", snippet: RIGHT_THUMBPRINT },
  },
  x5tSeparators: {
    code: "ASSERTION_X5T_SEPARATORS",
    explanation:
      "The thumbprint is given to the library with separators. MSAL wants the digits alone; it cuts the value at the first colon or makes something else of it, and says nothing.",
    remedy: "Take the colons and blanks out of the thumbprint.",
  },
  scopeNotDefault: {
    code: "REQUEST_SCOPE_NOT_DEFAULT",
    explanation:
      "A token without user is asked for with a single permission as its scope. An application gets all that an administrator consented to, and asks for <resource>/.default (AADSTS70011, AADSTS1002012).",
    remedy: { text: "Name the API.", snippet: '"https://graph.microsoft.com/.default"' },
  },
  commonAuthority: {
    code: "REQUEST_TENANT_COMMON",
    explanation:
      "The authority leaves the tenant open, and no user signs in who could name it. An application says in which tenant it wants to work.",
    remedy: { text: "Put the tenant's id there.", snippet: "https://login.microsoftonline.com/<tenant id>" },
  },
  mePath: {
    code: "TOKEN_ME_PATH",
    explanation: "/me means the signed-in user, and this program signs in without one.",
    remedy: { text: "Name the mailbox.", snippet: "/users/<user principal name or id>/…" },
  },
  groupCalendar: {
    code: "TOKEN_GROUP_CALENDAR",
    explanation:
      "The calendar of a group is opened only to a signed-in member of it, never to an application without user, whatever was consented to.",
    remedy:
      "Write into the calendars of the members, or organise the event in a service mailbox and invite the group.",
  },
  jsonBody: {
    code: "REQUEST_NOT_FORM",
    explanation:
      "The fields for the token endpoint are sent as JSON. It reads application/x-www-form-urlencoded only and misses every field (AADSTS900144).",
    remedy: {
      text: "Send a form.",
      snippet:
        "Python  requests.post(url, data=fields)\nNode    fetch(url, { method: 'POST', body: new URLSearchParams(fields) })",
    },
  },
  selfMadeBearer: {
    code: "TOKEN_SELF_MADE",
    explanation:
      "The JWT that the program signed itself is sent to the API as the bearer token. APIs take tokens only that Entra signed; one's own JWT is the client_assertion with which such a token is asked for.",
    remedy: "Post it to the token endpoint as client_assertion, and send the access_token of the answer.",
  },
  ewsSecret: {
    code: "EWS_AUTH_TOO_WEAK",
    severity: "warning",
    explanation:
      "The token for Exchange is obtained with a client secret. Where Exchange demands a certificate it answers 401 with x-ms-diagnostics 2000010 (presented auth strength was 1, required is 2).",
    remedy: {
      text: "Register a certificate and sign in with that.",
      commands: ["nightlatch cert create"],
      snippet: ".WithCertificate(certificate)",
    },
  },
  ewsImpersonation: {
    code: "REQUEST_EWS_IMPERSONATION",
    severity: "warning",
    explanation:
      "The token has no user, and nothing here says whose mailbox is meant: ImpersonatedUserId is not set before the first call.",
    remedy: {
      text: "Name the mailbox, and where it lives.",
      snippet:
        'service.ImpersonatedUserId = new ImpersonatedUserId(ConnectingIdType.SmtpAddress, "room-12@school.example");\nservice.HttpHeaders.Add("X-AnchorMailbox", "room-12@school.example");',
    },
  },
  ewsDelegate: {
    code: "REQUEST_EWS_IMPERSONATION",
    explanation:
      "A token of client credentials has no user, so there is nobody to be a delegate: an application acts as a mailbox (impersonation), and the credentials name none.",
    remedy: {
      text: "Name the mailbox in the credentials, and impersonate.",
      snippet:
        "credentials = OAuth2Credentials(client_id=…, client_secret=…, tenant_id=…, identity=Identity(primary_smtp_address=mailbox))\naccount = Account(primary_smtp_address=mailbox, config=config, access_type=IMPERSONATION)",
    },
  },
  preferQuotes: {
    code: "EVENT_TIME_ZONE",
    explanation:
      "Prefer: outlook.timezone wants its value in double quotes; in single quotes Graph answers 500 or takes UTC without a word.",
    remedy: { text: "Write double quotes.", snippet: 'Prefer: outlook.timezone="Europe/London"' },
  },
  algorithm: {
    code: "ASSERTION_ALG_UNSUPPORTED",
    explanation:
      "The assertion is signed with an algorithm that Entra does not take: it wants PS256 or RS256 with the key of the registered certificate.",
    remedy: { text: "Sign with the RSA key.", snippet: '"alg": "PS256"' },
  },
  audResource: {
    code: "ASSERTION_AUD_RESOURCE",
    explanation:
      "aud of the assertion names the API. The assertion is for the token endpoint; the API is named by scope in the request (AADSTS700023).",
    remedy: {
      text: "Name the token endpoint.",
      snippet: '"aud": "https://login.microsoftonline.com/<tenant id>/oauth2/v2.0/token"',
    },
  },
  audAuthorize: {
    code: "ASSERTION_AUD_AUTHORIZE",
    explanation: "aud of the assertion names the authorize endpoint, where users sign in.",
    remedy: {
      text: "Name the token endpoint.",
      snippet: '"aud": "https://login.microsoftonline.com/<tenant id>/oauth2/v2.0/token"',
    },
  },
  audCommon: {
    code: "ASSERTION_AUD_COMMON",
    explanation: "aud of the assertion leaves the tenant open.",
    remedy: {
      text: "Name the token endpoint of the tenant.",
      snippet: '"aud": "https://login.microsoftonline.com/<tenant id>/oauth2/v2.0/token"',
    },
  },
  timeMilliseconds: {
    code: "ASSERTION_TIME_MILLISECONDS",
    explanation: "A time claim counts milliseconds; JWT counts seconds since 1970.",
    remedy: { text: "Divide by 1000.", snippet: "exp: Math.floor(Date.now() / 1000) + 600" },
  },
  timeLocal: {
    code: "ASSERTION_TIME_LOCAL",
    explanation:
      "A time claim is counted from a local time: utcnow() without a zone, or DateTime.Now, is taken for this machine's zone, and off by its distance from UTC.",
    remedy: {
      text: "Count from UTC.",
      snippet:
        "Python  int(datetime.now(timezone.utc).timestamp())\nC#      DateTimeOffset.UtcNow.ToUnixTimeSeconds()",
    },
  },
};
