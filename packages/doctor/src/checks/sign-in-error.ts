/**
 * What the token endpoint said, code by code, with the values that the text holds.
 */
import { AADSTS_EXPLANATIONS, type AadstsExplanation } from "../aadsts.generated.ts";
import type { SignInError } from "../artifact.ts";
import type { EvidenceValue, Finding, Severity } from "../finding.ts";
import { createFinding } from "../finding-table.ts";
import { SOURCES } from "../findings/sources.ts";
import { allOf, type CaseFile } from "./case-file.ts";
import { userSignInCodes } from "./user-sign-in-codes.ts";

const BY_CODE: ReadonlyMap<number, AadstsExplanation> = new Map(
  AADSTS_EXPLANATIONS.map((entry) => [entry.code, entry]),
);

/** What stands of a code in the short table. */
const SHORT: ReadonlyMap<number, AadstsExplanation> = new Map(
  userSignInCodes().map(([code, name, cause, fix]) => [
    code,
    {
      code,
      name,
      cause,
      fix,
      oauthError: "",
      message: null,
      variants: [],
      source: SOURCES.errorCodes,
      group: "user",
    },
  ]),
);

const PASSING_GROUPS = new Set(["transient", "throttle"]);

/**
 * Explains every sign-in error as such; the other checks add why it came to it here.
 *
 * @param file - the case file
 * @returns one finding for each code
 */
export function checkSignInError(file: CaseFile): Finding[] {
  return allOf(file, "signInError").map((error) => {
    const code = error.codes[0] ?? 0;
    const entry = BY_CODE.get(code) ?? SHORT.get(code);
    return entry === undefined ? unknownCode(error, code) : known(error, entry);
  });
}

function known(error: SignInError, entry: AadstsExplanation): Finding {
  const severity: Severity = PASSING_GROUPS.has(entry.group) ? "warning" : "fault";
  return {
    code: `AADSTS${entry.code}`,
    severity,
    title: `AADSTS${entry.code} ${entry.name}`,
    explanation: `${entry.cause}${error.description === "" ? "" : ` The service said: "${error.description.slice(0, 600)}"`}`,
    evidence: { ...facts(error), ...templateValues(entry, error.description) },
    remedy: { text: entry.fix },
    see: [`https://login.microsoftonline.com/error?code=${entry.code}`, SOURCES.errorCodes],
  };
}

function unknownCode(error: SignInError, code: number): Finding {
  const read = SAID.find(([pattern]) => pattern.test(error.description));
  const finding = createFinding("ERROR_CODE_UNKNOWN", {
    title: `AADSTS${code} is not in the table`,
    explanation: `The doctor does not know AADSTS${code}${looksCut(error) ? " (the number may be cut)" : ""}. The service said: "${error.description.slice(0, 600)}"${read === undefined ? "" : ` ${read[1]}`}`,
    evidence: facts(error),
    remedy: `${read === undefined ? "" : `${read[2]} `}Look it up at https://login.microsoftonline.com/error?code=${code}; with the trace id Microsoft's support can find the request.`,
    see: [`https://login.microsoftonline.com/error?code=${code}`],
  });
  return finding;
}

/** What a sentence comes down to, whatever number it has: the subject, and the next step. */
const SAID: ReadonlyArray<readonly [RegExp, string, string]> = [
  [
    /Microsoft account|personal account|consumer/i,
    "A personal account signs in where only accounts of an organisation can: at the v1.0 endpoint, at a tenant, or in an application that was registered without them.",
    "Take the v2.0 endpoint and an application for personal accounts, or an account of the organisation.",
  ],
  [
    /'?prompt'?[^.]{0,30} value|Unsupported 'prompt'/i,
    "The client sends a value of prompt= that Entra does not know; it takes one of login, none, consent, select_account.",
    "Correct prompt= in the address of the sign-in, or take a newer version of the client.",
  ],
  [
    /redirect|reply (?:URL|URI|address)/i,
    "The address to which the sign-in returns is not as it was registered.",
    "Register the very address that the request sends, under the platform of the client.",
  ],
  [
    /consent/i,
    "A consent is missing or could not be given.",
    "Let an administrator consent to the application in this tenant.",
  ],
  [
    /conditional access|device|complian/i,
    "A policy of the tenant stands in the way.",
    "Let an administrator look the request up in the sign-in log by its correlation id.",
  ],
  [
    /certificate|assertion|signature/i,
    "The proof of the application's identity was not taken.",
    "Paste the assertion and the manifest here as well.",
  ],
  [
    /secret/i,
    "The client secret was not taken.",
    "Compare it with the registration, or register a certificate in its place.",
  ],
];

function looksCut(error: SignInError): boolean {
  return error.description === "" && error.traceId === undefined;
}

function facts(error: SignInError): Record<string, EvidenceValue> {
  const evidence: Record<string, EvidenceValue> = { code: error.codes[0] ?? 0 };
  const members: ReadonlyArray<readonly [string, string | undefined]> = [
    ["error", error.error],
    ["suberror", error.suberror],
    ["correlationId", error.correlationId],
    ["traceId", error.traceId],
    ["timestamp", error.timestamp?.toISOString()],
    ["claims", error.claims],
  ];
  for (const [name, value] of members) if (value !== undefined) evidence[name] = value;
  if (error.codes.length > 1) evidence["outerCodes"] = error.codes.slice(1).map(String);
  return evidence;
}

/**
 * Reads the values that stand in a text where its template has names in braces.
 *
 * @param entry - the table's entry
 * @param text - the text of the service
 * @returns values by the template's names
 */
function templateValues(entry: AadstsExplanation, text: string): Record<string, string> {
  for (const template of [entry.message, ...entry.variants]) {
    if (template === null) continue;
    const values = matchTemplate(template, text);
    if (values !== undefined) return values;
  }
  return {};
}

function matchTemplate(template: string, text: string): Record<string, string> | undefined {
  const pieces = template.replace(/\s+/g, " ").split(/\{(\w{1,40})\}/);
  const values: Record<string, string> = {};
  let at = text.indexOf(pieces[0] ?? "");
  if (at === -1 || pieces.length < 3) return undefined;
  at += (pieces[0] ?? "").length;
  for (let index = 1; index < pieces.length; index += 2) {
    const literal = pieces[index + 1] ?? "";
    const end = literal === "" ? text.length : text.indexOf(literal, at);
    if (end === -1) return Object.keys(values).length > 0 ? values : undefined;
    const value = text.slice(at, end);
    if (value.length <= 200) values[pieces[index] ?? ""] = value;
    at = end + literal.length;
  }
  return values;
}
