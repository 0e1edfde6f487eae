/**
 * Requests to the token endpoint: address, grant, credential, scope.
 */
import type { TokenRequest } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding, type FindingCode, type FindingDetails } from "../finding-table.ts";
import { isPlaceholder, isRedacted, placeholderSegment } from "../placeholder.ts";
import { isTemplateVariable } from "../recognise/token-request.ts";
import { allOf, type CaseFile, GUID } from "./case-file.ts";
import { scopeFindings } from "./scope.ts";

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const GRANTS = new Set([
  "client_credentials",
  "authorization_code",
  "refresh_token",
  "password",
  "urn:ietf:params:oauth:grant-type:jwt-bearer",
  "urn:ietf:params:oauth:grant-type:device_code",
  "device_code",
  "urn:ietf:params:oauth:grant-type:token-exchange",
]);

/**
 * Judges token requests.
 *
 * @param file - the case file
 * @returns every fault of the request at once
 */
export function checkTokenRequest(file: CaseFile): Finding[] {
  return allOf(file, "tokenRequest").flatMap((request) => {
    const findings = [
      ...addressFindings(request),
      ...grantFindings(request),
      ...clientFindings(file, request),
      ...credentialFindings(file, request),
      ...scopeFindings(request),
      ...placeholderFindings(file, request),
    ];
    const isClean = !findings.some((finding) => finding.severity === "fault");
    if (isClean && request.form === "form")
      findings.push(
        make("REQUEST_VALID", {
          explanation: "grant_type, client_id, credential and scope are there.",
          remedy: "Nothing to do here.",
        }),
      );
    return findings;
  });
}

function make(code: FindingCode, details: FindingDetails): Finding {
  return createFinding(code, details);
}

function addressFindings(request: TokenRequest): Finding[] {
  const { url, method } = request;
  const findings: Finding[] = [];
  if (method !== undefined && method !== "POST" && url !== undefined && /\/token(?:[/?#]|$)/i.test(url)) {
    findings.push(
      make("REQUEST_METHOD", {
        explanation: `The request was a ${method}. Entra answers AADSTS900561.`,
        evidence: { method },
        remedy: "POST the fields as the body.",
      }),
    );
  }
  if (request.form === "json" || request.form === "multipart") {
    const what = request.form === "json" ? "JSON" : "multipart/form-data (curl -F, Postman's form-data)";
    findings.push(
      make("REQUEST_NOT_FORM", {
        explanation: `The body is ${what}. The token endpoint reads application/x-www-form-urlencoded only and misses every field (AADSTS900144).`,
        remedy: {
          text: "Send the fields as a form.",
          commands: [
            "curl -d grant_type=client_credentials -d client_id=… https://login.microsoftonline.com/<tenant id>/oauth2/v2.0/token",
          ],
        },
      }),
    );
  }
  if (url === undefined) return findings;
  if (/^http:\/\//i.test(url) && !/^http:\/\/(?:localhost|127\.)/i.test(url)) {
    findings.push(
      make("REQUEST_HTTP", {
        explanation: `${url} begins with http; the credential would travel in the clear.`,
        evidence: { url },
        remedy: "Use https.",
      }),
    );
  }
  if (/\/oauth2\/(?:v2\.0\/)?authorize/i.test(url) && request.parameters["grant_type"] !== undefined) {
    findings.push(
      make("REQUEST_AUTHORIZE_ENDPOINT", {
        explanation: "authorize is where users sign in in a browser; tokens come from …/token.",
        evidence: { url },
        remedy: { text: "Post to the token endpoint.", snippet: url.replace(/authorize.*$/i, "token") },
      }),
    );
  }
  const tenant = /^https?:\/\/[^/]+\/([^/?#]+)\/oauth2/i.exec(url)?.[1];
  if (
    tenant !== undefined &&
    /^(?:common|organizations|consumers)$/i.test(tenant) &&
    request.parameters["grant_type"] === "client_credentials"
  ) {
    findings.push(tenantCommon(tenant));
  }
  const host = /^https?:\/\/([^/:]+)/i.exec(url)?.[1]?.toLowerCase() ?? "";
  const asked = request.parameters["scope"] ?? request.parameters["resource"] ?? "";
  findings.push(...cloudFindings(host, asked));
  return findings;
}

/**
 * Explains that applications cannot sign in at /common.
 *
 * @param tenant - the segment that was used
 * @returns the finding
 */
export function tenantCommon(tenant: string): Finding {
  return make("REQUEST_TENANT_COMMON", {
    explanation: `/${tenant} leaves the tenant open, which works only when a user signs in and thereby names one. An application has to say in which tenant it wants to work.`,
    evidence: { tenant },
    remedy: {
      text: "Put the tenant's id or a verified domain into the address.",
      snippet: "https://login.microsoftonline.com/<tenant id>/oauth2/v2.0/token",
    },
  });
}

function cloudFindings(host: string, asked: string): Finding[] {
  const clouds: ReadonlyArray<readonly [string, RegExp, RegExp]> = [
    [
      "global",
      /^login\.(?:microsoftonline\.com|windows\.net)$/,
      /graph\.microsoft\.com|outlook\.office(?:365)?\.com/i,
    ],
    ["US Government", /^login\.microsoftonline\.us$/, /graph\.microsoft\.us|office365\.us/i],
    [
      "China",
      /^login\.(?:partner\.microsoftonline|chinacloudapi)\.cn$/,
      /chinacloudapi\.cn|partner\.outlook\.cn/i,
    ],
  ];
  const ofHost = clouds.find(([, hosts]) => hosts.test(host))?.[0];
  const ofApi = clouds.find(([, , apis]) => apis.test(asked))?.[0];
  if (ofHost === undefined || ofApi === undefined || ofHost === ofApi) return [];
  return [
    make("REQUEST_CLOUD", {
      explanation: `${host} is the ${ofHost} cloud, the API that is asked for belongs to the ${ofApi} cloud.`,
      evidence: { host, asked },
      remedy: "Use token host and API of the same cloud.",
    }),
  ];
}

function grantFindings(request: TokenRequest): Finding[] {
  const grant = request.parameters["grant_type"];
  if (grant !== undefined && (GRANTS.has(grant) || isPlaceholder(grant))) return [];
  if (grant === undefined && request.form === "list") return [];
  return [
    make("REQUEST_GRANT_TYPE", {
      explanation: grant === undefined ? "The body has no grant_type." : `grant_type is "${grant}".`,
      evidence: { grantType: grant },
      remedy: {
        text: "A program without user sends client_credentials.",
        snippet: "grant_type=client_credentials",
      },
    }),
  ];
}

function clientFindings(file: CaseFile, request: TokenRequest): Finding[] {
  const id = request.parameters["client_id"] ?? request.basicClientId;
  if (id === undefined) {
    const isNamedByAssertion = file.assertions.length > 0;
    if (request.form === "list" || isNamedByAssertion) return [];
    return [
      make("REQUEST_CLIENT_ID", {
        explanation: "The body has no client_id.",
        remedy: "Send client_id, the application (client) id.",
      }),
    ];
  }
  if (GUID.test(id) && !/^0{8}-/.test(id)) return [];
  if (GUID.test(id) || isPlaceholder(id) || (id === "" && request.form === "list")) {
    return GUID.test(id)
      ? [
          make("REQUEST_CLIENT_ID", {
            explanation: `client_id is ${id}, the GUID of all zeros.`,
            evidence: { clientId: id },
            remedy: "Send the real client id.",
          }),
        ]
      : [];
  }
  return [
    make("REQUEST_CLIENT_ID", {
      explanation: `client_id is "${id}", not a GUID.`,
      evidence: { clientId: id },
      remedy: "Send the application (client) id from the Overview page, not the name or an address.",
    }),
  ];
}

function credentialFindings(file: CaseFile, request: TokenRequest): Finding[] {
  const { parameters } = request;
  const secret = parameters["client_secret"];
  const assertion = parameters["client_assertion"];
  const type = parameters["client_assertion_type"];
  const findings: Finding[] = [];
  const count =
    [secret, assertion, parameters["request"]].filter((value) => value !== undefined).length +
    (request.basicClientId === undefined ? 0 : 1);
  if (count > 1)
    findings.push(
      make("REQUEST_CREDENTIALS_SEVERAL", {
        explanation: "A secret and an assertion were sent together; Entra wants exactly one (AADSTS9002324).",
        remedy: "Leave client_secret out when client_assertion is sent.",
      }),
    );
  if (count === 0 && parameters["grant_type"] === "client_credentials" && request.form !== "list") {
    findings.push(
      make("REQUEST_CREDENTIAL_MISSING", {
        explanation: "There is neither client_assertion nor client_secret (AADSTS7000216).",
        remedy: "Send client_assertion and client_assertion_type.",
      }),
    );
  }
  if (
    assertion !== undefined &&
    type !== ASSERTION_TYPE &&
    !(request.form === "list" && type === undefined)
  ) {
    findings.push(
      make("REQUEST_ASSERTION_TYPE", {
        explanation:
          type === undefined ? "client_assertion_type is missing." : `client_assertion_type is "${type}".`,
        evidence: { clientAssertionType: type },
        remedy: { text: "Send it exactly so.", snippet: `client_assertion_type=${ASSERTION_TYPE}` },
      }),
    );
  }
  if (type === ASSERTION_TYPE && assertion === "") {
    findings.push(
      make("REQUEST_CREDENTIAL_MISSING", {
        explanation: "client_assertion is empty.",
        remedy: "Put the signed JWT into client_assertion.",
      }),
    );
  }
  findings.push(...secretFindings(file, secret));
  return findings;
}

function secretFindings(file: CaseFile, secret: string | undefined): Finding[] {
  if (secret === undefined) return [];
  if (GUID.test(secret)) {
    return [
      make("REQUEST_SECRET_ID", {
        explanation:
          "client_secret is a GUID. The portal shows two columns: the secret ID is a GUID, the value is about forty characters with ~ and . in it. The value is wanted.",
        remedy: "Send the value; if it was not kept, make a new secret.",
      }),
    ];
  }
  const isRefused = allOf(file, "signInError").some((error) => error.codes.includes(7000215));
  if (isRefused && /[ &%]/.test(secret)) {
    return [
      make("REQUEST_SECRET_ENCODING", {
        explanation:
          "The decoded secret has a blank, & or % in it; a + in a form body that is not URL-encoded turns into a blank.",
        remedy: "URL-encode the secret in the body (curl --data-urlencode).",
      }),
    ];
  }
  return [];
}

/** Codes that a value which was never filled in can bring about. */
const CODES_OF_PLACEHOLDERS = new Set([
  700016, 70001, 700011, 7000217, 700038, 90112, 90002, 90005, 900021, 900023, 900144, 500011, 650057, 70011,
  50027,
]);

/** The service went past what a placeholder would have brought about: real values were sent, and hidden for the paste. */
function wereValuesSent(file: CaseFile): boolean {
  if (
    ["graphError", "ewsError", "diagnostics"].some((kind) =>
      file.artifacts.some((item) => item.kind === kind),
    )
  )
    return true;
  const codes = allOf(file, "signInError").flatMap((error) => error.codes);
  return codes.length > 0 && !codes.some((code) => CODES_OF_PLACEHOLDERS.has(code));
}

function placeholderFindings(file: CaseFile, request: TokenRequest): Finding[] {
  if (wereValuesSent(file)) return [];
  const findings: Finding[] = [];
  const segment = request.url === undefined ? undefined : placeholderSegment(request.url);
  const isFilledIn = (value: string): boolean => request.isTemplate === true && isTemplateVariable(value);
  if (segment !== undefined && !isFilledIn(decodeSegment(segment)))
    findings.push(placeholder("the address", segment));
  for (const name of ["client_id", "scope", "resource", "client_assertion"]) {
    const value = request.parameters[name];
    if (value !== undefined && isPlaceholder(value) && !isRedacted(value) && !isFilledIn(value))
      findings.push(placeholder(name, value));
  }
  return findings.slice(0, 1);
}

function decodeSegment(segment: string): string {
  return segment.replace(/%7b/gi, "{").replace(/%7d/gi, "}").replace(/%3c/gi, "<").replace(/%3e/gi, ">");
}

function placeholder(where: string, value: string): Finding {
  return make("REQUEST_PLACEHOLDER", {
    explanation: `"${value}" in ${where} is a placeholder.`,
    evidence: { where, value },
    remedy: "Put the real value there.",
  });
}
