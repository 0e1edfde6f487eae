/**
 * What refusals of the directory come down to: wrong tenant, wrong application, wrong API, no consent.
 */
import type { SignInError } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding, type FindingCode } from "../finding-table.ts";
import { isPlaceholder, isRedacted } from "../placeholder.ts";
import { API_SCOPES } from "./api.ts";
import {
  applicationDisabled,
  applicationNotFound,
  badClientId,
  certificateRefused,
  chainMismatch,
  consentMissing,
  entraTokenForFederation,
  expiredSecret,
  federationMismatch,
  noCredential,
  noKeys,
  noServicePrincipal,
  notAssigned,
  one,
  publicClient,
  quoted,
  severalCredentials,
  unknownRealm,
  weakKey,
  wrongSecret,
} from "./application-error.ts";
import { allOf, type CaseFile } from "./case-file.ts";
import { scopeTextFindings } from "./scope.ts";
import { tenantCommon } from "./token-request.ts";

type Reader = (error: SignInError, file: CaseFile) => Finding[];

/**
 * Turns codes about tenant, application, scope, resource, consent and policy into what has to be done.
 *
 * @param file - the case file
 * @returns findings with the reader's own values
 */
export function checkDirectoryError(file: CaseFile): Finding[] {
  return allOf(file, "signInError").flatMap((error) => readerFor(error)?.(error, file) ?? []);
}

function readerFor(error: SignInError): Reader | undefined {
  const { description } = error;
  if (/Invalid client secret/i.test(description)) return wrongSecret;
  if (/request body must contain the following parameter: '\w/i.test(description) && error.codes[0] === 90014)
    return missingParameter;
  if (/Unexpected client assertion type/i.test(description)) return assertionType;
  if (/Public clients? can'?(?:t|not) send a client secret/i.test(description)) return publicClient;
  return READERS.get(error.codes[0] ?? 0);
}

const READERS: ReadonlyMap<number, Reader> = new Map([
  ...spread([700016, 70001, 700011, 7000217], applicationNotFound),
  ...spread([700038, 90112], badClientId),
  ...spread([7000112, 7000116], applicationDisabled),
  ...spread([7000229], noServicePrincipal),
  ...spread([700025, 9002319], publicClient),
  ...spread([700026], noKeys),
  ...spread([7000215], wrongSecret),
  ...spread([7000222], expiredSecret),
  ...spread([7000216, 7000218, 7000219], noCredential),
  ...spread([9002324], severalCredentials),
  ...spread([90002], tenantNotFound),
  ...spread([900023, 50128], malformedTenant),
  ...spread([50059, 90019, 9001023, 90010, 50194, 1002026], commonTenant),
  ...spread([500011, 50001, 650052, 650057, 7000117], resourceUnknown),
  ...spread([500014], resourceDisabled),
  ...spread([70011, 1002012, 28002], badScope),
  ...spread([901002], resourceOnV2),
  ...spread([9010010], resourceBesideScope),
  ...spread([900144, 900143], missingParameter),
  ...spread([900561, 90116], wrongMethod),
  ...spread([70003], wrongGrant),
  ...spread([50107], unknownRealm),
  ...spread([65001, 650056, 650011, 90094, 65004], consentMissing),
  ...spread([501051], notAssigned),
  ...spread([53003], policyBlocked),
  ...spread([70021, 700211, 700212, 700213, 7002137, 7002138, 7000226, 7000227], federationMismatch),
  ...spread([700222, 700226, 700227], entraTokenForFederation),
  ...spread([1002016], oldTls),
  ...spread([90038, 900439, 900382, 900432], wrongCloud),
  ...spread([1000502, 7000214, 7000277], certificateRefused),
  ...spread([50032], weakKey),
  ...spread([500033], chainMismatch),
  ...spread([90055, 50196, 90045], throttled),
]);

function spread(codes: readonly number[], reader: Reader): Array<readonly [number, Reader]> {
  return codes.map((code) => [code, reader] as const);
}

function tenantNotFound(error: SignInError): Finding[] {
  const tenant = quoted(error, "tenant") ?? /^Tenant (\S{1,100}) not found/i.exec(error.description)?.[1];
  if (tenant !== undefined && /^(?:common|organizations|consumers)$/i.test(tenant))
    return [tenantCommon(tenant)];
  if (tenant !== undefined && isPlaceholder(tenant) && !isRedacted(tenant))
    return one("REQUEST_PLACEHOLDER", {
      explanation: `The tenant in the address is still "${tenant}".`,
      evidence: { tenant },
      remedy: "Put the tenant id there.",
    });
  return one("TENANT_NOT_FOUND", {
    explanation: `${tenant === undefined ? "The tenant of the address does not exist" : `No tenant "${tenant}" exists`} in this cloud: a typing error, a tenant of another national cloud, or one that was deleted.`,
    evidence: { tenant },
    remedy: {
      text: "Take the Directory (tenant) ID from the Overview page, and the token host of the right cloud.",
      commands: [
        `curl https://login.microsoftonline.com/${tenant ?? "<tenant>"}/v2.0/.well-known/openid-configuration`,
      ],
    },
  });
}

function malformedTenant(error: SignInError): Finding[] {
  const tenant = quoted(error, "identifier");
  const isLeftOver =
    tenant !== undefined && isPlaceholder(decodeURIComponentSafely(tenant)) && !isRedacted(tenant);
  return one(isLeftOver ? "REQUEST_PLACEHOLDER" : "REQUEST_TENANT", {
    explanation: `The tenant in the address is "${tenant ?? ""}"; it must be a GUID or a domain name${tenant?.includes("http") === true ? ", not an address" : ""}.`,
    evidence: { tenant },
    remedy: "Use the tenant id or <name>.onmicrosoft.com.",
  });
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function commonTenant(error: SignInError, file: CaseFile): Finding[] {
  const segment = /\/(common|organizations|consumers)\//i.exec(
    allOf(file, "tokenRequest")[0]?.url ?? "",
  )?.[1];
  return [
    tenantCommon(
      segment ??
        (/\/consumers/.test(error.description) && !/common/.test(error.description) ? "consumers" : "common"),
    ),
  ];
}

function resourceUnknown(error: SignInError): Finding[] {
  const name =
    quoted(error, "resource principal named") ??
    quoted(error, "resource value from request:") ??
    /resource principal named ([^\s']{1,200}) was/i.exec(error.description)?.[1] ??
    quoted(error, "service");
  return one("REQUEST_RESOURCE_UNKNOWN", {
    explanation: `The API${name === undefined ? " that was asked for" : ` "${name}"`} has no service principal in the tenant. ${resourceGuess(name)}`,
    evidence: { resource: name },
    remedy: resourceRemedy(name),
  });
}

function resourceDisabled(error: SignInError): Finding[] {
  const name = quoted(error, "resource");
  return one("APPLICATION_DISABLED", {
    explanation: `The API${name === undefined ? "" : ` ${name}`} is there in the tenant, but its service principal is switched off: an administrator disabled it, or the subscription behind it has lapsed.`,
    evidence: { resource: name },
    remedy: {
      text: "Let an administrator look at the licence of the service, and switch the service principal on.",
      commands: [`az ad sp update --id ${name ?? "<client id of the API>"} --set accountEnabled=true`],
    },
  });
}

function resourceGuess(name: string | undefined): string {
  if (name === undefined) return "It is misspelled, or not present in this tenant.";
  if (/^api:\/{2,3}$/i.test(name))
    return "Nothing stands after api://: the variable that should hold the API's client id is empty.";
  if (/^http:\/\//i.test(name))
    return "It begins with http; identifiers of Microsoft's APIs begin with https.";
  if (/\/{1,3}$/.test(name))
    return "It ends in a slash, which is part of the name: https://graph.microsoft.com/ and https://graph.microsoft.com are written differently in requests.";
  if (/graph\.windows\.net/i.test(name)) return "Azure AD Graph was switched off on 2025-08-31.";
  if (/^(?:https?:\/\/)?[^/]+\/(?:v1\.0|beta|EWS|api)\b/i.test(name))
    return "It has a path; only the host part names the API.";
  if (/graph\.microsoft\.us|chinacloudapi|office365\.us/i.test(name))
    return "It belongs to another national cloud.";
  if (/^(?:graph|outlook)\./i.test(name)) return "https:// is missing before it.";
  if (/^api:\/\//i.test(name))
    return "The Application ID URI is not set on that API's registration, or the API is in another tenant and was never consented to here.";
  return "It is misspelled, in another tenant, or was never consented to here.";
}

function resourceRemedy(name: string | undefined): { text: string; snippet: string } {
  return {
    text: "Name the API as it is registered, and add its permission to the application.",
    snippet: `scope=${resourceScope(name)}`,
  };
}

function resourceScope(name: string | undefined): string {
  if (/^api:\/\/[^/]/i.test(name ?? "")) return `${name ?? ""}/.default`;
  if (/outlook|office|exchange/i.test(name ?? "")) return API_SCOPES.exchange;
  if (/sharepoint/i.test(name ?? "")) return API_SCOPES.sharepoint;
  if (name === undefined || /graph|^00000003-/i.test(name)) return API_SCOPES.graph;
  return "<Application ID URI or client id of the API>/.default";
}

function badScope(error: SignInError): Finding[] {
  const scope = /(?:The scope|for scope|parameter scope)\s{1,3}'?([^']{1,300}?)'?\s{1,3}is not valid/i
    .exec(error.description)?.[1]
    ?.trim();
  const findings = scope === undefined ? [] : scopeTextFindings(scope.replace(/^(?:.*The scope\s)/i, ""));
  if (findings.length > 0) return findings;
  return one("REQUEST_SCOPE_NOT_DEFAULT", {
    explanation: `The scope${scope === undefined ? "" : ` "${scope}"`} is not one that an application may ask for.`,
    evidence: { scope },
    remedy: {
      text: "Send exactly one <resource>/.default.",
      snippet: "scope=https://graph.microsoft.com/.default",
    },
  });
}

function assertionType(): Finding[] {
  return one("REQUEST_ASSERTION_TYPE", {
    explanation:
      "A client assertion was sent, and client_assertion_type beside it is missing, misspelled or encoded twice. Some libraries leave it out when they renew a token.",
    remedy: {
      text: "Send exactly this value, URL-encoded once, in every request with an assertion.",
      snippet: "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    },
  });
}

function resourceBesideScope(): Finding[] {
  return one("REQUEST_RESOURCE_ON_V2", {
    explanation:
      "The request names an API twice, and not the same: resource= (as the MCP specification and RFC 8707 have it) and the API in front of the scope. A bare scope name counts as one of Graph's.",
    remedy: {
      text: "Leave resource out, or give the API's identifier URI in both places.",
      snippet: "scope=api://<client id of the API>/<scope>",
    },
  });
}

function resourceOnV2(): Finding[] {
  return one("REQUEST_RESOURCE_ON_V2", {
    explanation: "The v2.0 endpoint does not know resource=.",
    remedy: { text: "Send scope instead.", snippet: "scope=<resource>/.default" },
  });
}

function missingParameter(error: SignInError, file: CaseFile): Finding[] {
  const name = quoted(error, "parameter:") ?? /^'([\w]{1,40})' is required/.exec(error.description)?.[1];
  const isJson = allOf(file, "tokenRequest").some((request) => request.form === "json");
  const hasIt =
    name !== undefined &&
    allOf(file, "tokenRequest").some((request) => request.parameters[name] !== undefined);
  if (isJson || hasIt)
    return one("REQUEST_NOT_FORM", {
      explanation: `The field ${name ?? ""} was sent, but not as application/x-www-form-urlencoded; the service did not see it.`,
      evidence: { parameter: name },
      remedy: "Send Content-Type: application/x-www-form-urlencoded and a form body.",
    });
  const started = name ?? /parameter: '(\w{1,30})/i.exec(error.description)?.[1];
  if (
    started !== undefined &&
    /^(?:co(?:de?(?:_\w*)?)?|re(?:fresh|direct)\w*|us\w*|pa\w*|as\w*)$/.test(started)
  )
    return [fieldMissing(started)];
  const code: FindingCode =
    name === "scope"
      ? "REQUEST_SCOPE_MISSING"
      : name === "client_id"
        ? "REQUEST_CLIENT_ID"
        : name === "grant_type"
          ? "REQUEST_GRANT_TYPE"
          : "REQUEST_NOT_FORM";
  return one(code, {
    explanation: `The service misses the field ${name ?? ""}: it was left out, or the body was sent as JSON, multipart or in the query instead of a form.`,
    evidence: { parameter: name },
    remedy: `Send ${name ?? "it"} in a body of Content-Type application/x-www-form-urlencoded.`,
  });
}

/** Fields of the flows with a user; the message may have been cut inside the name. */
function fieldMissing(started: string): Finding {
  const field = "code".startsWith(started) ? "code" : started;
  const reason = field.startsWith("code")
    ? "The user came back from the sign-in page without a code: consent was declined, or the sign-in failed, and the address holds error= and error_description= in its place. The program did not look at those and asked for a token all the same."
    : "The program asked for a token before it had this value, or under another name.";
  return createFinding("REQUEST_PARAMETER_MISSING", {
    explanation: `The request has no ${field}, or an empty one. ${reason}`,
    evidence: { parameter: field },
    remedy: field.startsWith("code")
      ? "Look at the whole address to which the sign-in returned; paste its error_description here."
      : `Print what is sent as ${field}.`,
  });
}

function wrongMethod(error: SignInError): Finding[] {
  const method =
    /Received a (\w{3,8}) request/i.exec(error.description)?.[1] ??
    /^(\w{3,8}) request is made/i.exec(error.description)?.[1];
  return one("REQUEST_METHOD", {
    explanation: `The service received a ${method ?? "GET"}. A redirect from http to https turns POST into GET.`,
    evidence: { method },
    remedy: "POST to the https address.",
  });
}

function wrongGrant(error: SignInError): Finding[] {
  const grant = quoted(error, "grant type");
  return one("REQUEST_GRANT_TYPE", {
    explanation: `grant_type "${grant ?? ""}" is not known.`,
    evidence: { grantType: grant },
    remedy: {
      text: "A program without user sends client_credentials.",
      snippet: "grant_type=client_credentials",
    },
  });
}

function policyBlocked(error: SignInError): Finding[] {
  const policies = [...(error.claims ?? "").matchAll(/[0-9a-f]{8}-[0-9a-f-]{27}/gi)]
    .map((match) => match[0])
    .slice(0, 10);
  return one("POLICY_BLOCKED", {
    explanation: `A Conditional Access policy for workload identities refuses the token, by the address the request came from or by risk.${policies.length === 0 ? "" : ` Policies: ${policies.join(", ")}.`}`,
    evidence: { policies },
    remedy:
      "Let an administrator exclude the service principal, call from a named location, or clear its risk.",
  });
}

function oldTls(): Finding[] {
  return one("RETIRED_TLS", {
    explanation: "The client connected with TLS 1.0 or 1.1.",
    remedy: "Let the client use TLS 1.2 or later (ServicePointManager.SecurityProtocol in old .NET).",
  });
}

function wrongCloud(): Finding[] {
  return one("REQUEST_CLOUD", {
    explanation:
      "The tenant, the application or the API belongs to another national cloud than the token host that was called.",
    remedy:
      "Use login.microsoftonline.us for US Government, login.partner.microsoftonline.cn for China, login.microsoftonline.com for all others.",
  });
}

function throttled(): Finding[] {
  return one("SERVICE_BUSY", {
    explanation: "Too many token requests, or the same one in a loop: tokens are not kept between calls.",
    remedy: "Keep the token until shortly before it ends; wait as long as Retry-After says.",
  });
}
