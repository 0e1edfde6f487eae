/**
 * What Exchange says: x-ms-diagnostics, challenges, EWS response codes.
 */
import type { Challenge, Diagnostics, EwsError } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding, type FindingCode, type FindingDetails } from "../finding-table.ts";
import { allOf, type CaseFile, claim, GUID } from "./case-file.ts";
import { EWS_RESPONSES } from "./ews-responses.ts";

/**
 * Explains the answers of Exchange.
 *
 * @param file - the case file
 * @returns findings with what has to be changed
 */
export function checkExchange(file: CaseFile): Finding[] {
  return [
    ...allOf(file, "diagnostics").flatMap((item) =>
      OF_SHAREPOINT.test(item.reason) ? sharePoint(item) : diagnosticsFindings(file, item),
    ),
    ...allOf(file, "challenge").flatMap((item) => challengeFindings(file, item)),
    ...allOf(file, "ewsError").flatMap(ewsFindings),
  ];
}

const OF_SHAREPOINT =
  /Invalid audience Uri|Invalid issuer or signature|AudienceUriValidation|Token type is not allowed/i;

function one(code: FindingCode, details: FindingDetails): Finding[] {
  return [createFinding(code, details)];
}

function diagnosticsFindings(file: CaseFile, item: Diagnostics): Finding[] {
  const evidence = { id: item.id, reason: item.reason, category: item.category };
  if (/V1S2SAppOnly|token profile/i.test(item.reason)) return onPremises(evidence);
  if (/auth(?:entication)? (?:strength|method)/i.test(item.reason) || item.id === 2000010) {
    return one("EWS_AUTH_TOO_WEAK", {
      explanation: `Exchange says ${item.id}: the token was obtained with a client secret (strength 1), it requires a certificate (strength 2). In the token this is appidacr or azpacr.`,
      evidence,
      remedy: {
        text: "Register a certificate on the same application and ask for the token with a client assertion instead of client_secret.",
        commands: ["nightlatch cert create"],
      },
    });
  }
  const byId: Readonly<Record<number, () => Finding[]>> = {
    2000000: () =>
      one("EWS_TOKEN_SIGNATURE", {
        explanation:
          "The signature of the token does not verify: it was not issued by Entra, or was changed on the way.",
        evidence,
        remedy: "Send the access_token exactly as the token endpoint returned it.",
      }),
    2000001: () =>
      one("EWS_TOKEN_INVALID", {
        explanation: `Exchange refuses the token: "${item.reason}".${/roles/i.test(item.reason) ? " The roles in it are not application permissions of Exchange." : ""}`,
        evidence,
        remedy:
          "Ask for a token with scope=https://outlook.office365.com/.default, with the application permission full_access_as_app consented to.",
      }),
    2000002: () =>
      one("EWS_TOKEN_EXPIRED", {
        explanation: "The token had run out, or the server's clock differs.",
        evidence,
        remedy: "Ask for a new token; keep it only until shortly before expires_in is over.",
      }),
    2000003: () => audienceFindings(file, item),
    2000004: () =>
      one("EWS_TENANT", {
        explanation: `Exchange has no tenant as the token names it: "${item.reason}". The token came from another tenant than the mailbox's.`,
        evidence,
        remedy: "Ask for the token at the tenant that holds the mailbox.",
      }),
    2000005: () =>
      one("EWS_USER", {
        explanation: `"${item.reason}" The user of the token has no mailbox here, or its address exists twice.`,
        evidence,
        remedy: "Compare the user principal name, and the address in X-AnchorMailbox, with the mailbox.",
      }),
    2000006: () =>
      one("EWS_CLIENT", {
        explanation: `"${item.reason}"`,
        evidence,
        remedy:
          "Check that the application is consented to in the tenant of the mailbox, and not kept out by EwsAllowedAppIDs.",
      }),
    2000007: () =>
      one("EWS_INTERNAL", { explanation: `"${item.reason}"`, evidence, remedy: "Try again after a pause." }),
    2000008: () => grantFindings(item),
    4000000: () =>
      one("EWS_OAUTH_UNAVAILABLE", {
        explanation: `"${item.reason}"`,
        evidence,
        remedy: "Use the address of Exchange Online (outlook.office365.com), or set up OAuth on the server.",
      }),
  };
  return (
    byId[item.id]?.() ??
    one("EWS_DIAGNOSTICS_UNKNOWN", {
      explanation: `The number ${item.id} is not documented. Its reason: "${item.reason}"${item.category === undefined ? "" : ` (${item.category})`}.`,
      evidence,
      remedy: "Read the reason; with the request-id header Microsoft's support can find the request.",
    })
  );
}

/** SharePoint has its own numbers (300…); its sentences say enough. */
function sharePoint(item: Diagnostics): Finding[] {
  const evidence = { id: item.id, reason: item.reason, category: item.category };
  const actual = /Invalid audience Uri '([^']{0,300})'/i.exec(item.reason)?.[1];
  if (/Token type is not allowed/i.test(item.reason))
    return one("SHAREPOINT_APP_ONLY_SECRET", {
      explanation:
        "SharePoint refuses the token by its kind: it came from the old app-only sign-in (Azure ACS, appregnew.aspx), which is switched off for this tenant and everywhere since 2026-04-02.",
      evidence,
      remedy:
        "Register an application in Entra with a certificate, give it the application permission of SharePoint, and ask for the token with a client assertion.",
    });
  return one("TOKEN_AUDIENCE", {
    explanation: `SharePoint does not take the token: ${actual === undefined ? "it was issued for another API, mostly Graph" : `its audience is ${actual === "" ? "empty" : actual}, which is ${/^[0-9a-f-]{36}$/i.test(actual) ? "the client's own id (an id_token, or a token for itself)" : "another API"}`}. SharePoint wants a token for its own host.`,
    evidence: { ...evidence, actual },
    remedy: {
      text: "Ask for a token with the scope of the SharePoint host that is called.",
      snippet: "scope=https://<tenant>.sharepoint.com/.default",
    },
  });
}

function audienceFindings(file: CaseFile, item: Diagnostics): Finding[] {
  const aud = /audience claim value is invalid\s?'?([^'.]{0,200})'/i.exec(item.reason)?.[1];
  const hosts = /Expected '([^']{1,200})'\.?\s{0,3}Actual '([^']{1,200})'/i.exec(item.reason);
  const ownToken = allOf(file, "jwt").find((jwt) => jwt.nature === "assertion");
  const explanation =
    hosts !== null
      ? `The token names ${hosts[2] ?? ""}, the server expects ${hosts[1] ?? ""}. Behind a proxy that ends TLS the server sees http instead of https.`
      : aud === "" || (ownToken !== undefined && claim(ownToken, "aud") === "")
        ? "The audience in the token is empty. Entra never issues such a token: what was sent is not an access token of Entra, but one of your own making."
        : `The audience in the token${aud === undefined ? "" : ` ("${aud}")`} is not Exchange: the token is for another API.`;
  return one("EWS_TOKEN_AUDIENCE", {
    explanation,
    evidence: { reason: item.reason, expected: hosts?.[1], actual: hosts?.[2] ?? aud },
    remedy: {
      text: "Ask Entra for a token with the scope of Exchange and send that.",
      snippet: "scope=https://outlook.office365.com/.default",
    },
  });
}

function grantFindings(item: Diagnostics): Finding[] {
  const evidence = { id: item.id, reason: item.reason };
  if (/not enough scope/i.test(item.reason)) {
    return one("EWS_NOT_ENOUGH_SCOPE", {
      explanation:
        "The token is for Exchange, but its permission is not the one that EWS wants: Mail.Read and the like are for Graph, EWS wants full_access_as_app (without user) or EWS.AccessAsUser.All (with user). On Exchange Server the same answer comes for every application token.",
      evidence,
      remedy: {
        text: "Add the application permission full_access_as_app of Office 365 Exchange Online and let an administrator consent.",
        snippet:
          '{ "resourceAppId": "00000002-0000-0ff1-ce00-000000000000", "resourceAccess": [{ "id": "dc890d15-9560-4a4c-9b7f-a736ec74ec40", "type": "Role" }] }',
      },
    });
  }
  return one("EWS_NO_PERMISSIONS", {
    explanation:
      "The token has no roles that Exchange knows: no application permission of Office 365 Exchange Online is listed, or no administrator has consented.",
    evidence,
    remedy: {
      text: "Add full_access_as_app, let an administrator consent, and ask for a new token.",
      snippet:
        '{ "resourceAppId": "00000002-0000-0ff1-ce00-000000000000", "resourceAccess": [{ "id": "dc890d15-9560-4a4c-9b7f-a736ec74ec40", "type": "Role" }] }',
    },
  });
}

function onPremises(evidence: FindingDetails["evidence"]): Finding[] {
  return one("EWS_ONPREM_APP_ONLY", {
    explanation:
      "This is Exchange Server, and it does not take application tokens of Entra on this path (V1S2SAppOnly). Documented for it are tokens of a user (hybrid modern authentication).",
    evidence,
    remedy:
      "Use Exchange Online for application tokens, or another way of signing in for the server; see the notes of your EWS wing.",
  });
}

function challengeFindings(file: CaseFile, item: Challenge): Finding[] {
  if (!/^Bearer$/i.test(item.scheme)) return [];
  const { parameters } = item;
  if (parameters["error"] === "insufficient_claims" || parameters["claims"] !== undefined) {
    const claims = Buffer.from(parameters["claims"] ?? "", "base64")
      .toString("utf8")
      .slice(0, 500);
    return one("GRAPH_CLAIMS_CHALLENGE", {
      explanation:
        "The API refuses a token that is not out of date: something changed (the application was disabled, its network or risk changed), and it wants a token that Entra has just checked (Continuous Access Evaluation).",
      evidence: { claims: /^[\x20-\x7e]*$/.test(claims) ? claims : "(unreadable)" },
      remedy: "Ask for a new token with the claims of this header in the claims field, past the cache.",
    });
  }
  if (parameters["client_id"] === "00000002-0000-0ff1-ce00-000000000000") {
    const issuers = parameters["trusted_issuers"] ?? "";
    const isServer = !issuers.endsWith("@*") && GUID.test(issuers.split("@")[1] ?? "");
    const invalid = parameters["error"] === "invalid_token";
    const hasReason = allOf(file, "diagnostics").length > 0;
    const details: FindingDetails = {
      explanation: `${isServer ? "Exchange Server in hybrid operation" : "Exchange"} asks for a bearer token${invalid ? "; the one that was sent is not valid" : ""}.${hasReason ? "" : " Why, it says in the x-ms-diagnostics header of the same answer."}`,
      evidence: { trustedIssuers: issuers, error: parameters["error"] },
      remedy:
        "Send an access token for https://outlook.office365.com that was obtained with a certificate; look at x-ms-diagnostics for the reason.",
    };
    return one("CHALLENGE_EXCHANGE", { ...details, severity: invalid && !hasReason ? "warning" : "info" });
  }
  const resource = parameters["resource"] ?? parameters["resource_id"];
  return one("CHALLENGE_OTHER", {
    explanation: `The API wants a token${resource === undefined ? "" : ` for ${resource}`}${parameters["authorization"] === undefined ? "" : ` from ${parameters["authorization"]}`}.`,
    evidence: {
      resource,
      authorization: parameters["authorization"] ?? parameters["authorization_uri"],
      error: parameters["error"],
    },
    remedy: {
      text: "Ask Entra for a token of that API.",
      snippet: `scope=${resource ?? "<resource>"}/.default`,
    },
  });
}

function ewsFindings(item: EwsError): Finding[] {
  const evidence = {
    responseCode: item.responseCode,
    message: item.message,
    backOffMilliseconds: item.backOffMilliseconds,
  };

  const row = EWS_RESPONSES[item.responseCode];
  if (row !== undefined) return one(row[0], { explanation: row[1], evidence, remedy: row[2] });
  return one("EWS_RESPONSE", {
    explanation: `Exchange answered ${item.responseCode}${item.message === "" ? "" : `: "${item.message}"`}.`,
    evidence,
    remedy: "Look the response code up on the page below.",
  });
}
