/**
 * What was asked for: scope on v2.0, resource on v1, one API at a time.
 */
import type { TokenRequest } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding, type FindingCode, type FindingDetails } from "../finding-table.ts";
import { isPlaceholder } from "../placeholder.ts";

const RESOURCE_OF: ReadonlyArray<readonly [RegExp, string]> = [
  [/^(?:EWS\.AccessAsUser\.All|full_access_as_app|IMAP\.|POP\.|SMTP\.)/i, "https://outlook.office365.com"],
  [/^(?:openid|profile|email|offline_access)$/i, "https://graph.microsoft.com"],
  [/^[A-Z]\w*\.(?:Read|ReadWrite|ReadBasic|Send|Create|Selected|FullControl)/, "https://graph.microsoft.com"],
];

/**
 * Judges scope and resource of a token request.
 *
 * @param request - the request
 * @returns what is wrong with them
 */
export function scopeFindings(request: TokenRequest): Finding[] {
  const { parameters, url } = request;
  if (parameters["grant_type"] !== "client_credentials") return [];
  const isV1 = url !== undefined && /\/oauth2\/token(?:[/?#]|$)/i.test(url);
  const isV2 = url !== undefined && /\/oauth2\/v2\.0\//i.test(url);
  const { scope, resource } = parameters;
  if (isV1) return v1Findings(scope, resource);
  const findings: Finding[] = [];
  if (isV2 && resource !== undefined) {
    findings.push(
      make("REQUEST_RESOURCE_ON_V2", {
        explanation: `The v2.0 endpoint does not know resource= (AADSTS901002).`,
        evidence: { resource },
        remedy: { text: "Send scope instead.", snippet: `scope=${resource.replace(/\/$/, "")}/.default` },
      }),
    );
  }
  if (scope === undefined || scope.trim() === "") {
    if (resource === undefined && request.form !== "list")
      findings.push(
        make("REQUEST_SCOPE_MISSING", {
          explanation: "There is no scope.",
          remedy: { text: "Name the API.", snippet: "scope=https://graph.microsoft.com/.default" },
        }),
      );
    else if (resource !== undefined && resource === "") findings.push(emptyResource());
    return findings;
  }
  if (resource !== undefined && url === undefined) return [...findings, ...v1Findings(scope, resource)];
  return [...findings, ...scopeTextFindings(scope)];
}

/**
 * Judges one scope of an application's request.
 *
 * @param scope - the value of scope, decoded
 * @returns what is wrong with it
 */
export function scopeTextFindings(scope: string): Finding[] {
  if (isPlaceholder(scope)) return [];
  const parts = scope
    .trim()
    .split(/[\s,]+/)
    .filter((part) => part !== "");
  const resources = new Set(parts.map((part) => part.replace(/\/[^/]*$/, "")));
  const defaults = parts.filter((part) => /\/\.default$/.test(part));
  if (defaults.length > 1 || (defaults.length === 1 && parts.length > 1)) {
    const explanation = `scope names ${parts.join(" and ")}. An application asks for one API at a time, and .default stands alone.`;
    return [
      make("REQUEST_SCOPE_SEVERAL", {
        explanation,
        evidence: { scope },
        remedy: {
          text: `One request for each of: ${[...resources].join(", ")}.`,
          snippet: `scope=${defaults[0] ?? ""}`,
        },
      }),
    ];
  }
  const only = parts[0] ?? "";
  if (defaults.length === 1) return slashFindings(only);
  return [
    make("REQUEST_SCOPE_NOT_DEFAULT", {
      explanation: `scope is "${scope}". Single permissions are for users who consent at sign-in; an application gets all that an administrator consented to, and asks for <resource>/.default.`,
      evidence: { scope },
      remedy: { text: "Send the resource with /.default.", snippet: `scope=${resourceFor(only)}/.default` },
    }),
  ];
}

function slashFindings(scope: string): Finding[] {
  const resource = scope.replace(/\/\.default$/, "");
  const isHost = /^https?:\/\/[^/]+\/+$/.test(resource);
  if (!isHost || /management\.(?:core\.windows\.net|azure\.com)/i.test(resource)) return [];
  return [
    make("REQUEST_RESOURCE_UNKNOWN", {
      severity: "warning",
      explanation: `scope has two slashes before .default, so the API is called "${resource}". Some APIs have the slash in their name, Graph and Exchange do not.`,
      evidence: { scope },
      remedy: { text: "Use one slash.", snippet: `scope=${resource.replace(/\/+$/, "")}/.default` },
    }),
  ];
}

function v1Findings(scope: string | undefined, resource: string | undefined): Finding[] {
  const findings: Finding[] = [];
  if (resource === undefined || resource.trim() === "") {
    findings.push(
      scope === undefined
        ? emptyResource()
        : make("REQUEST_RESOURCE_MISSING", {
            explanation: `The v1 endpoint (…/oauth2/token) reads resource=, which is ${resource === undefined ? "missing" : "empty"}; scope ("${scope}") has no effect there.`,
            evidence: { scope },
            remedy: {
              text: "Send resource, or go to the v2.0 endpoint with scope.",
              snippet: "resource=https://graph.microsoft.com",
            },
          }),
    );
  }
  if (scope !== undefined && scope !== "") {
    findings.push(
      make("REQUEST_SCOPE_ON_V1", {
        explanation: `scope ("${scope}") has no effect on the v1 endpoint: an application gets the permissions an administrator consented to.`,
        evidence: { scope },
        remedy: "Leave scope out, or use …/oauth2/v2.0/token with <resource>/.default.",
      }),
    );
  }
  return findings;
}

function emptyResource(): Finding {
  return make("REQUEST_RESOURCE_MISSING", {
    explanation: "resource is missing or empty: nobody knows for which API the token is to be.",
    remedy: { text: "Name the API.", snippet: "resource=https://outlook.office365.com" },
  });
}

function resourceFor(scope: string): string {
  if (/^https?:\/\/[^/]+/i.test(scope)) return /^https?:\/\/[^/]+/i.exec(scope)?.[0] ?? scope;
  if (/^api:\/\/[^/]+/i.test(scope)) return /^api:\/\/[^/]+/i.exec(scope)?.[0] ?? scope;
  return RESOURCE_OF.find(([pattern]) => pattern.test(scope))?.[1] ?? "https://graph.microsoft.com";
}

function make(code: FindingCode, details: FindingDetails): Finding {
  return createFinding(code, details);
}
