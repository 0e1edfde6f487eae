/**
 * Access tokens: whose they are, which API takes them, and why the one that was called does not.
 */
import type { Jwt } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding } from "../finding-table.ts";
import { API_NAMES, API_SCOPES, type Api, apiOfAudience, apiOfUrl, permissionsFor } from "./api.ts";
import { adminConsent, authorityOf } from "./authority.ts";
import { allOf, type CaseFile, claim, GUID, tenantOf, timeClaim } from "./case-file.ts";

const WEAK_METHOD = "1";
/** Azure itself keeps who may do what beside the token (role assignments), not in it. */
const USES_AZURE_ROLES =
  /^https:\/\/(?:[\w.-]{1,80}\.)?(?:management\.(?:azure|usgovcloudapi|chinacloudapi|core\.windows)|vault\.(?:azure|usgovcloudapi)|managedhsm\.azure|storage\.azure|database\.windows|servicebus\.(?:azure|windows)|eventhubs\.azure|cosmos\.azure|azconfig|cognitiveservices\.azure|azuredatabricks|batch\.core\.windows|api\.loganalytics|monitor\.azure)\b/i;
const ME_PATH = /\/(?:v1\.0|beta|api\/v2\.0)\/me(?:[/?]|$)/i;

/**
 * Judges access tokens and whatever was sent in their place.
 *
 * @param file - the case file
 * @returns the verdict for each API, and what is wrong for the one that was called
 */
export function checkToken(file: CaseFile): Finding[] {
  const called = calledApi(file);
  const findings = allOf(file, "jwt").flatMap((jwt) => {
    if (isSelfMade(file, jwt)) return [selfMade(file, jwt, called)];
    if (jwt.nature === "federated" && jwt.use === "bearer") return [foreignIssuer(jwt)];
    if (jwt.nature === "idToken") return idTokenFindings(jwt, called);
    if (jwt.nature !== "accessToken" || jwt.use === "clientAssertion") return malformed(jwt);
    return accessTokenFindings(file, jwt, called);
  });
  return findings.some(({ code }) => code === "TOKEN_ME_PATH")
    ? findings
    : [...findings, ...meOfNobody(file)];
}

/** A call of /me beside the token request of a program without user. */
function meOfNobody(file: CaseFile): Finding[] {
  const requests = allOf(file, "tokenRequest");
  if (
    requests.length === 0 ||
    !requests.every(({ parameters }) => parameters["grant_type"] === "client_credentials")
  )
    return [];
  const call = allOf(file, "httpRequest").find(({ url }) => ME_PATH.test(url));
  return call === undefined ? [] : [mePath(call.url)];
}

function mePath(url: string): Finding {
  return createFinding("TOKEN_ME_PATH", {
    explanation: `${url} means the signed-in user; this token has none.`,
    evidence: { url },
    remedy: "Write /users/<user principal name or id> in place of /me.",
  });
}

/** The API that the rest of the paste speaks of. */
function calledApi(file: CaseFile): Api | undefined {
  for (const request of allOf(file, "httpRequest")) {
    const api = apiOfUrl(request.url);
    if (api !== undefined) return api;
  }
  if (allOf(file, "diagnostics").length > 0 || allOf(file, "ewsError").length > 0) return "exchange";
  if (
    allOf(file, "challenge").some(
      (challenge) => challenge.parameters["client_id"] === "00000002-0000-0ff1-ce00-000000000000",
    )
  )
    return "exchange";
  if (allOf(file, "graphError").length > 0)
    return allOf(file, "graphError")[0]?.code === "UnsupportedAppOnlyToken" ? "sharepoint" : "graph";
  return undefined;
}

function isSelfMade(file: CaseFile, jwt: Jwt): boolean {
  if (jwt.nature !== "assertion" || jwt.use === "clientAssertion") return false;
  if (jwt.use === "bearer") return true;
  const hasResourceRefusal = ["diagnostics", "challenge", "graphError", "ewsError"].some((kind) =>
    file.artifacts.some((item) => item.kind === kind),
  );
  const hasSignIn = file.artifacts.some(
    (item) => item.kind === "signInError" || item.kind === "tokenRequest",
  );
  if (hasResourceRefusal && !hasSignIn) return true;
  return !hasSignIn && jwt.payload?.["scp"] !== undefined && jwt.payload["iss"] === jwt.payload["sub"];
}

function selfMade(file: CaseFile, jwt: Jwt, called: Api | undefined): Finding {
  const api = called ?? "graph";
  const clientId = claim(jwt, "iss") ?? "";
  return createFinding("TOKEN_SELF_MADE", {
    explanation: `This JWT was signed by the application itself (iss "${clientId}"), and it was sent to ${API_NAMES[api]} as if it were an access token. APIs accept only tokens that Entra signed. Your own key merely proves to Entra who you are: the JWT is the client assertion with which an access token is asked for.`,
    evidence: { iss: claim(jwt, "iss"), aud: claim(jwt, "aud"), usedAs: jwt.use ?? "bearer token" },
    remedy: {
      text: "Send it to the token endpoint as client_assertion (with aud set to that endpoint), and put the access_token of the answer after Bearer.",
      commands: [
        `curl -d grant_type=client_credentials -d client_id=${GUID.test(clientId) ? clientId : "<client id>"} --data-urlencode scope=${API_SCOPES[api]} -d client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer -d client_assertion=<the JWT> ${authorityOf(file)}/${tenantOf(file) ?? "<tenant id>"}/oauth2/v2.0/token`,
      ],
    },
  });
}

function foreignIssuer(jwt: Jwt): Finding {
  const issuer = claim(jwt, "iss") ?? "";
  return createFinding("TOKEN_ISSUER", {
    explanation: `The token was issued by ${issuer}. Microsoft's APIs take tokens of Entra only; an external token can be exchanged for one through a federated credential.`,
    evidence: { iss: issuer },
    remedy: "Send it to the token endpoint as client_assertion, and use the access_token of the answer.",
  });
}

function idTokenFindings(jwt: Jwt, called: Api | undefined): Finding[] {
  const isUsed = jwt.use === "bearer" || called !== undefined;
  return [
    createFinding("TOKEN_IS_ID_TOKEN", {
      severity: isUsed ? "fault" : "info",
      explanation: `This is an id_token: it tells the application ${claim(jwt, "aud") ?? ""} who signed in. No API takes it in place of an access token.`,
      evidence: { aud: claim(jwt, "aud"), iss: claim(jwt, "iss") },
      remedy: "Use the access_token of the same answer, asked for with the scope of the API.",
    }),
  ];
}

function malformed(jwt: Jwt): Finding[] {
  if (jwt.use !== "bearer" || jwt.compact === undefined || jwt.payload !== undefined) return [];
  return [
    createFinding("TOKEN_MALFORMED", {
      explanation: `What stands after Bearer has ${jwt.compact.partCount} part(s) and does not decode to claims.`,
      evidence: { parts: jwt.compact.partCount, characters: jwt.compact.text.length },
      remedy:
        "Send the access_token exactly as the token endpoint returned it: no quotes, no line breaks, not cut.",
    }),
  ];
}

function accessTokenFindings(file: CaseFile, jwt: Jwt, called: Api | undefined): Finding[] {
  const audience = audienceOf(jwt);
  const api = apiOfAudience(audience);
  const findings: Finding[] = [...timeFindings(file, jwt), ...pathFindings(file, jwt)];
  if (called !== undefined && called !== api && !(called === "graph" && api === "own" && isOwnEmulator(jwt)))
    findings.push(wrongAudience(jwt, api, called));
  if (api === "exchange" && isAppOnly(jwt) && authStrength(jwt) === WEAK_METHOD)
    findings.push(fromSecret(jwt));
  if (isAppOnly(jwt) && roles(jwt).length === 0 && !USES_AZURE_ROLES.test(audience))
    findings.push(rolesMissing(file, jwt, api));
  else if (isAppOnly(jwt) && roles(jwt).length > 0) findings.push(...roleFindings(file, jwt, api, called));
  if (!isAppOnly(jwt)) findings.push(delegated(jwt));
  findings.push(...reachFindings(jwt, api), verdict(file, jwt, api));
  if (!findings.some((finding) => finding.severity === "fault")) findings.push(valid(jwt, api));
  return findings;
}

function timeFindings(file: CaseFile, jwt: Jwt): Finding[] {
  const [exp, nbf] = [timeClaim(jwt, "exp"), timeClaim(jwt, "nbf")];
  const at = file.failedAt.getTime() / 1000;
  if (exp !== undefined && exp < at) {
    const end = instantText(exp);
    return [
      createFinding("TOKEN_EXPIRED", {
        severity: isAnswered(file) ? "info" : "fault",
        explanation: `It ended at ${end}; access tokens live 60 to 90 minutes.`,
        evidence: { exp: end, at: file.failedAt.toISOString() },
        remedy: "Ask for a new one; keep tokens only until shortly before expires_in is over.",
      }),
    ];
  }
  if (nbf !== undefined && nbf > at + 300) {
    return [
      createFinding("TOKEN_NOT_YET_VALID", {
        explanation: "Its beginning lies in the future: this machine's clock is slow.",
        evidence: { nbf: instantText(nbf) },
        remedy: "Set the clock right.",
      }),
    ];
  }
  return [];
}

/** The API said why it refused, and not when: the token may have run out only since then. */
function isAnswered(file: CaseFile): boolean {
  if (file.isFailureDated) return false;
  return file.artifacts.some(
    (item) =>
      (item.kind === "tokenRefusal" && item.reason !== "lifetime") ||
      (item.kind === "graphError" && !/expire|lifetime|80049228/i.test(item.message)) ||
      (item.kind === "diagnostics" && item.id !== 2000002 && !/expire|lifetime/i.test(item.reason)),
  );
}

/** Any number may stand in a claim, also one that is no time. */
function instantText(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString();
}

function wrongAudience(jwt: Jwt, api: Api, called: Api): Finding {
  return createFinding("TOKEN_AUDIENCE", {
    explanation: `aud is ${audienceOf(jwt)}, so the token is for ${API_NAMES[api]}; it was sent to ${API_NAMES[called]}. One token serves one API.`,
    evidence: { aud: audienceOf(jwt), called },
    remedy: {
      text: `Ask for a second token with scope=${API_SCOPES[called]}.`,
      snippet: `scope=${API_SCOPES[called]}`,
    },
  });
}

function fromSecret(jwt: Jwt): Finding {
  return createFinding("TOKEN_FROM_SECRET", {
    explanation: `${jwt.payload?.["appidacr"] === undefined ? "azpacr" : "appidacr"} is 1: the application signed in with a client secret. Exchange calls that too weak and answers 401 with x-ms-diagnostics 2000010; it wants 2, a certificate.`,
    evidence: { authenticationMethod: WEAK_METHOD, aud: audienceOf(jwt) },
    remedy: {
      text: "Register a certificate on the application and ask for the token with a client assertion. The secret may stay for other APIs.",
      commands: ["nightlatch cert create"],
    },
  });
}

function rolesMissing(file: CaseFile, jwt: Jwt, api: Api): Finding {
  const isRefused = ["diagnostics", "graphError", "ewsError"].some((kind) =>
    file.artifacts.some((item) => item.kind === kind),
  );
  const clientId = claim(jwt, "appid") ?? claim(jwt, "azp");
  const consent = adminConsent(file, claim(jwt, "tid"), clientId);
  return createFinding("TOKEN_ROLES_MISSING", {
    severity: isRefused ? "fault" : "warning",
    explanation: `The token has no roles. Either the registration lists no application permissions for ${API_NAMES[api]} (delegated ones do not count without a user), or no administrator has consented to them. Entra issues such a token without complaint.${api === "own" ? "" : " (With RBAC for Applications in Exchange Online a mailbox may still be open to it.)"}`,
    evidence: { aud: audienceOf(jwt), clientId },
    remedy: {
      text: `Add the application permission and let an administrator consent: ${consent.url} . Then ask for a new token; the old one does not change.`,
      commands: consent.commands,
    },
  });
}

function roleFindings(file: CaseFile, jwt: Jwt, api: Api, called: Api | undefined): Finding[] {
  if (
    called === "exchange" &&
    api === "exchange" &&
    isEwsCall(file) &&
    !roles(jwt).includes("full_access_as_app")
  ) {
    return [insufficient(jwt, ["full_access_as_app"], "EWS")];
  }
  for (const request of allOf(file, "httpRequest")) {
    const needed = permissionsFor(request.method, request.url);
    if (api !== "graph" || needed.length === 0 || needed.some((role) => roles(jwt).includes(role))) continue;
    return [insufficient(jwt, needed, `${request.method} ${request.url.replace(/\?.*$/, "")}`)];
  }
  return [];
}

function insufficient(jwt: Jwt, needed: readonly string[], call: string): Finding {
  return createFinding("TOKEN_ROLE_INSUFFICIENT", {
    explanation: `${call} needs ${needed.join(" or ")}; the token has ${roles(jwt).join(", ")}.`,
    evidence: { needed, roles: roles(jwt) },
    remedy: `Add the application permission ${needed[0] ?? ""}, let an administrator consent, and ask for a new token.`,
  });
}

/** Paths that an application without user cannot use, whatever its permissions. */
function pathFindings(file: CaseFile, jwt: Jwt): Finding[] {
  if (!isAppOnly(jwt)) return [];
  return allOf(file, "httpRequest").flatMap((request) => {
    if (ME_PATH.test(request.url)) return [mePath(request.url)];
    if (/\/groups\/[^/]+\/(?:events|calendar|calendarView)/i.test(request.url))
      return [groupCalendar(request.url)];
    return [];
  });
}

/**
 * Explains that group calendars are closed to applications.
 *
 * @param url - the address that was called
 * @returns the finding
 */
export function groupCalendar(url: string): Finding {
  return createFinding("TOKEN_GROUP_CALENDAR", {
    explanation:
      "Graph opens the calendar of a group only to a signed-in member of it. No application permission does, Calendars.ReadWrite and Group.ReadWrite.All included, and being an administrator does not help either.",
    evidence: { url },
    remedy:
      "Write the event into the calendars of the members, or organise it in a service mailbox and invite the group's address.",
  });
}

function delegated(jwt: Jwt): Finding {
  return createFinding("TOKEN_DELEGATED", {
    explanation: `It carries scp (${claim(jwt, "scp") ?? ""}): a user signed in, and it reaches no further than that user.`,
    evidence: { scp: claim(jwt, "scp") },
    remedy: "For a program without user ask with grant_type=client_credentials and <resource>/.default.",
  });
}

/** Permissions of an application for mailboxes hold for all of them. */
function reachFindings(jwt: Jwt, api: Api): Finding[] {
  if (!isAppOnly(jwt) || (api !== "graph" && api !== "exchange")) return [];
  const wide = roles(jwt).filter((role) =>
    /^(?:(?:Calendars|Mail|Contacts|MailboxSettings)\.|full_access_as_app$)/.test(role),
  );
  if (wide.length === 0) return [];
  return [
    createFinding("TOKEN_ALL_MAILBOXES", {
      explanation: `${wide.join(", ")} in a token without user holds for every mailbox of the tenant, rooms and people alike, private events included, unless Exchange limits the application. The token does not show whether it does.`,
      evidence: { roles: wide },
      remedy: {
        text: "Where a few mailboxes are meant, take the consent in Entra back and assign the role in Exchange with a scope (RBAC for Applications); then see that a mailbox outside stays closed.",
        commands: [
          "Test-ServicePrincipalAuthorization -Identity <client id> -Resource <mailbox>",
          "nightlatch doctor check --closed <mailbox outside the scope>",
        ],
      },
    }),
  ];
}

/** Says for Graph, EWS and an own API whether they take it, and why not. */
function verdict(file: CaseFile, jwt: Jwt, api: Api): Finding {
  const isOver = (timeClaim(jwt, "exp") ?? Number.POSITIVE_INFINITY) < file.failedAt.getTime() / 1000;
  const answers: Record<string, string> = {};
  for (const candidate of ["graph", "exchange", "own"] as const)
    answers[candidate] = verdictFor(jwt, api, candidate, isOver);
  return createFinding("TOKEN_VERDICT", {
    explanation: `Graph: ${answers["graph"] ?? ""}. EWS: ${answers["exchange"] ?? ""}. An API of your own: ${answers["own"] ?? ""}.`,
    evidence: {
      ...answers,
      aud: audienceOf(jwt),
      roles: roles(jwt),
      scp: claim(jwt, "scp"),
      clientId: claim(jwt, "appid") ?? claim(jwt, "azp"),
      tenantId: claim(jwt, "tid"),
      authenticationMethod: authStrength(jwt),
      version: claim(jwt, "ver"),
    },
    remedy: "Each API gets its own token, asked for with its own scope.",
  });
}

function verdictFor(jwt: Jwt, api: Api, candidate: Api, isOver: boolean): string {
  if (candidate === "own" && jwt.header?.["nonce"] !== undefined)
    return "no, tokens with a nonce in the header can only be checked by Microsoft's APIs";
  if (api !== candidate)
    return candidate === "own"
      ? `no, its audience is ${API_NAMES[api]}`
      : `no, the audience is ${audienceOf(jwt)}`;
  if (isOver) return "no, it has expired";
  if (candidate === "exchange" && isAppOnly(jwt) && authStrength(jwt) === WEAK_METHOD)
    return "no, it was obtained with a client secret";
  if (candidate === "exchange" && isAppOnly(jwt) && !roles(jwt).includes("full_access_as_app"))
    return "no, the role full_access_as_app is missing";
  if (isAppOnly(jwt) && roles(jwt).length === 0) return "yes, but it may do nothing: no roles";
  return isAppOnly(jwt)
    ? `yes, with ${roles(jwt).join(", ")}`
    : `yes, as the user, with ${claim(jwt, "scp") ?? ""}`;
}

function valid(jwt: Jwt, api: Api): Finding {
  return createFinding("TOKEN_VALID", {
    explanation: `Issued by Entra for ${API_NAMES[api]}${audienceOf(jwt) === "" ? "" : ` (${audienceOf(jwt)})`}. The signature was not checked: that needs Entra's keys, and nothing is sent anywhere.`,
    remedy: "Nothing to do here.",
  });
}

function audienceOf(jwt: Jwt): string {
  const aud = jwt.payload?.["aud"];
  if (Array.isArray(aud)) return String(aud[0] ?? "");
  return typeof aud === "string" ? aud : "";
}

function roles(jwt: Jwt): string[] {
  const value = jwt.payload?.["roles"];
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.map(String) : [];
}

function isAppOnly(jwt: Jwt): boolean {
  if (jwt.payload?.["idtyp"] === "app") return true;
  return jwt.payload?.["scp"] === undefined && jwt.payload?.["upn"] === undefined;
}

function authStrength(jwt: Jwt): string | undefined {
  const value = jwt.payload?.["appidacr"] ?? jwt.payload?.["azpacr"];
  return value === undefined ? undefined : String(value);
}

function isEwsCall(file: CaseFile): boolean {
  return (
    allOf(file, "httpRequest").some((request) => /\/EWS\//i.test(request.url)) ||
    allOf(file, "ewsError").length > 0 ||
    allOf(file, "diagnostics").some((item) => item.id === 2000008)
  );
}

/** The audience of an emulator on this machine. */
function isOwnEmulator(jwt: Jwt): boolean {
  return /^https?:\/\/(?:localhost|127\.0\.0\.1)/.test(audienceOf(jwt));
}
