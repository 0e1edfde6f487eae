/**
 * Calls of APIs: addresses that are gone, headers that are missing.
 */
import type { HttpRequestRead } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding } from "../finding-table.ts";
import { SOURCES } from "../findings/sources.ts";
import { apiOfUrl } from "./api.ts";
import { allOf, type CaseFile } from "./case-file.ts";

/**
 * Looks at requests to APIs, and at addresses of retired ones.
 *
 * @param file - the case file
 * @returns findings
 */
export function checkApiRequest(file: CaseFile): Finding[] {
  const findings = allOf(file, "httpRequest").flatMap((request) => [
    ...headerFindings(file, request),
    ...retiredFindings(request.url),
    ...patchFindings(file, request),
  ]);
  for (const request of allOf(file, "tokenRequest")) {
    findings.push(
      ...retiredFindings(request.url ?? ""),
      ...retiredResource(request.parameters["resource"] ?? request.parameters["scope"] ?? ""),
    );
  }
  for (const jwt of allOf(file, "jwt"))
    if (typeof jwt.payload?.["aud"] === "string") findings.push(...retiredResource(jwt.payload["aud"]));
  return findings;
}

/** A header that was left out of a paste is no header that was not sent: only a refusal, or a whole command, tells. */
function maySendToken(file: CaseFile): boolean {
  if (allOf(file, "jwt").some((jwt) => jwt.nature === "accessToken")) return true;
  // Graph looked at more than the token, so there was one.
  const refusals = allOf(file, "graphError").filter(({ code }) => code !== "");
  if (
    refusals.length > 0 &&
    !refusals.some(({ code }) => /Unauth|unauth|InvalidAuthenticationToken/.test(code))
  )
    return true;
  const answers = allOf(file, "httpResponse");
  return answers.length > 0 && !answers.some(({ status }) => status === 401);
}

function basicFindings(request: HttpRequestRead): Finding[] {
  if (
    request.headers["authorization"] !== "Basic" ||
    !/^https?:\/\/outlook\.office(?:365)?\.com\//i.test(request.url)
  )
    return [];
  return [
    createFinding("EXCHANGE_BASIC_OFF", {
      explanation:
        "The request carries a user name and a password (Basic). Exchange Online has switched that off; the password may well be right.",
      evidence: { url: request.url.slice(0, 200) },
      remedy: {
        text: "Sign in with OAuth: register an application with a certificate, and send a token of Exchange's scope.",
        commands: ["nightlatch cert create"],
        snippet: "scope=https://outlook.office365.com/.default",
      },
    }),
  ];
}

function preferFindings(request: HttpRequestRead): Finding[] {
  const zone = /outlook\.timezone\s?=\s?'([^'\n]{0,80})'/i.exec(request.headers["prefer"] ?? "")?.[1];
  if (zone === undefined) return [];
  return [
    createFinding("EVENT_TIME_ZONE", {
      explanation: `The zone stands in single quotes: Prefer: outlook.timezone='${zone}'. Graph wants double quotes, and answers anything else with 500 or takes UTC without a word.`,
      evidence: { timeZone: zone },
      remedy: {
        text: "Write double quotes, and a name that Exchange knows.",
        snippet: `Prefer: outlook.timezone="${/[:+]/.test(zone) || zone === "" ? "Europe/London" : zone}"`,
      },
    }),
  ];
}

function headerFindings(file: CaseFile, request: HttpRequestRead): Finding[] {
  const findings: Finding[] = [...basicFindings(request), ...preferFindings(request)];
  const api = apiOfUrl(request.url);
  const authorization = request.headers["authorization"];
  if (
    api !== undefined &&
    !request.hasBearerToken &&
    request.isBareAddress !== true &&
    authorization !== "Basic" &&
    !(authorization === undefined && maySendToken(file)) &&
    !/\/(?:openid|oauth2)/i.test(request.url)
  ) {
    findings.push(
      createFinding("REQUEST_NO_BEARER", {
        explanation:
          authorization === undefined
            ? "There is no Authorization header."
            : "The Authorization header does not begin with Bearer and a blank.",
        evidence: { url: request.url },
        remedy: { text: "Send the header.", snippet: "Authorization: Bearer <access_token>" },
      }),
    );
  }
  if (request.impersonates === undefined || !/\/EWS\//i.test(request.url)) return findings;
  if (!request.impersonates && request.hasBearerToken) {
    findings.push(
      createFinding("REQUEST_EWS_IMPERSONATION", {
        severity: "warning",
        explanation:
          "The SOAP header has no ExchangeImpersonation. A token without user needs it: nothing else says whose mailbox is meant.",
        evidence: { url: request.url },
        remedy: {
          text: "Add it to soap:Header.",
          snippet:
            "<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>room-12@school.example</t:PrimarySmtpAddress></t:ConnectingSID></t:ExchangeImpersonation>",
        },
      }),
    );
  }
  if (request.headers["x-anchormailbox"] === undefined) {
    findings.push(
      createFinding("REQUEST_EWS_ANCHOR", {
        explanation:
          "Without X-AnchorMailbox Exchange Online has to guess where the mailbox lives: slow answers, 500 and 503.",
        evidence: { url: request.url },
        remedy: {
          text: "Send the address of the mailbox.",
          snippet: "X-AnchorMailbox: room-12@school.example",
        },
      }),
    );
  }
  return findings;
}

function retiredFindings(url: string): Finding[] {
  if (/^https?:\/\/outlook\.(?:office(?:365)?\.com|live\.com)\/api\//i.test(url)) {
    return [
      createFinding("RETIRED_OUTLOOK_REST", {
        explanation: `${url.slice(0, 200)}: Outlook REST v1.0 was switched off in November 2019, v2.0 and beta in March 2024.`,
        evidence: { url: url.slice(0, 200) },
        remedy: {
          text: "Use Microsoft Graph.",
          snippet: url
            .replace(/^https?:\/\/[^/]+\/api\/[^/]+/i, "https://graph.microsoft.com/v1.0")
            .slice(0, 200),
        },
      }),
    ];
  }
  if (/^https?:\/\/graph\.(?:windows\.net|microsoftazure\.us|chinacloudapi\.cn)\//i.test(url))
    return [azureAdGraph(url.slice(0, 200))];
  if (/^https?:\/\/outlook\.office(?:365)?\.com\/EWS\//i.test(url)) {
    return [
      createFinding("RETIRED_EWS", {
        explanation:
          "Since 2026-10-01 EWS in Exchange Online works only in tenants that keep it on with a list of applications; on 2027-04-01 it ends. Exchange Server keeps it.",
        evidence: { url: url.slice(0, 200) },
        remedy: "Move to Graph; until then let an administrator put the application on EwsAllowedAppIDs.",
      }),
    ];
  }
  if (/^https?:\/\/login\.windows\.net\//i.test(url)) {
    return [
      createFinding("RETIRED_LOGIN_WINDOWS_NET", {
        explanation: "It still answers, under its old name.",
        evidence: { url: url.slice(0, 200) },
        remedy: "Write login.microsoftonline.com.",
      }),
    ];
  }
  return [];
}

function retiredResource(resource: string): Finding[] {
  return /^(?:https:\/\/graph\.windows\.net\b|00000002-0000-0000-c000-000000000000(?:\/\.default)?$)/i.test(
    resource,
  ) && !resource.endsWith("c000-000000000000")
    ? [azureAdGraph(resource)]
    : [];
}

function azureAdGraph(what: string): Finding {
  return createFinding("RETIRED_AZURE_AD_GRAPH", {
    explanation: `${what}: Azure AD Graph was switched off on 2025-08-31.`,
    evidence: { address: what },
    remedy: { text: "Use Microsoft Graph.", snippet: "scope=https://graph.microsoft.com/.default" },
  });
}

/** A PATCH of keyCredentials replaces all of them. */
function patchFindings(file: CaseFile, request: HttpRequestRead): Finding[] {
  if (request.method !== "PATCH" || !/\/(?:applications|servicePrincipals)[/(]/i.test(request.url)) return [];
  const sent = allOf(file, "manifest").find(
    (manifest) => manifest.hasKeyCredentials && manifest.origin.place.startsWith(request.origin.place),
  );
  if (sent === undefined) return [];
  const present = allOf(file, "manifest").find((manifest) => manifest !== sent && manifest.hasKeyCredentials);
  const kept = new Set(sent.entries.map((entry) => entry.members["keyId"]));
  const lost = (present?.entries ?? [])
    .map((entry) => entry.members["keyId"])
    .filter((keyId) => typeof keyId === "string" && !kept.has(keyId));
  if (present !== undefined && lost.length === 0) return [];
  return [
    createFinding("MANIFEST_KEYS_WOULD_BE_LOST", {
      severity: lost.length > 0 ? "fault" : "warning",
      explanation: `A PATCH replaces the whole of keyCredentials; this one sends ${sent.entries.length}.${lost.length === 0 ? " Any other certificate that is registered now is deleted, and whoever signs with it is locked out." : ` These would be deleted: ${lost.join(", ")}.`}`,
      evidence: { sent: sent.entries.length, lost: lost.map(String) },
      remedy:
        "Read keyCredentials, append the new entry to what is there, and send all of it; or use addKey.",
      see: [SOURCES.addCertificate],
    }),
  ];
}
