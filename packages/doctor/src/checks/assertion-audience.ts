import type { Jwt } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding, type FindingCode } from "../finding-table.ts";
import { isPlaceholder, isRedacted, placeholderSegment } from "../placeholder.ts";
import { authorityOf } from "./authority.ts";
import { type CaseFile, claim, GUID, hasCode, hasText, tenantOf, tokenEndpointOf } from "./case-file.ts";

const CLOUDS: ReadonlyArray<readonly [RegExp, string]> = [
  [
    /^(?:login\.microsoftonline\.com|login\.windows\.net|login\.microsoft\.com|sts\.windows\.net)$/i,
    "global",
  ],
  [
    /^(?:login\.microsoftonline\.us|login\.usgovcloudapi\.net|login-us\.microsoftonline\.com)$/i,
    "US Government",
  ],
  [/^(?:login\.partner\.microsoftonline\.cn|login\.chinacloudapi\.cn|sts\.chinacloudapi\.cn)$/i, "China"],
  [/^login\.microsoftonline\.de$/i, "Germany (closed)"],
];

const RESOURCE_HOST =
  /(?:^|\.)(?:graph\.microsoft\.(?:com|us)|graph\.windows\.net|outlook\.office(?:365)?\.com|outlook\.com|management\.(?:core\.windows\.net|azure\.com)|vault\.azure\.net|sharepoint\.com|microsoftgraph\.chinacloudapi\.cn|api\.office\.com)$/i;

/**
 * Compares aud with the token endpoint.
 *
 * @param file - the case file
 * @returns what is wrong with aud, and the value that belongs there
 */
export function checkAssertionAudience(file: CaseFile): Finding[] {
  const findings = file.assertions
    .filter((jwt) => jwt.nature === "assertion")
    .flatMap((jwt) => audienceFindings(file, jwt));
  const isRefused = hasCode(file, 700023) || hasText(file, /assertion audience claim does not match/i);
  if (isRefused && !findings.some((finding) => finding.severity === "fault")) {
    const aud = file.assertions.map((jwt) => claim(jwt, "aud")).find((value) => value !== undefined);
    findings.push(
      wrong(
        file,
        "ASSERTION_AUD_WRONG",
        aud,
        `The service does not take aud${aud === undefined ? "" : ` "${aud}"`} for the tenant whose token endpoint was called: another tenant, /common, another cloud, a slash too many, or the API instead of the endpoint.`,
      ),
    );
  }
  return findings;
}

function audienceFindings(file: CaseFile, jwt: Jwt): Finding[] {
  const aud = claim(jwt, "aud");
  if (aud === undefined) return [];
  if (aud.trim() === "")
    return [
      wrong(
        file,
        "ASSERTION_AUD_EMPTY",
        aud,
        "aud is an empty text. It must name the token endpoint that the assertion is for.",
      ),
    ];
  if (isRedacted(aud)) return [];
  const placeholder = isPlaceholder(aud) ? aud : placeholderSegment(aud);
  if (placeholder !== undefined)
    return [wrong(file, "ASSERTION_PLACEHOLDER", aud, `aud still holds the placeholder "${placeholder}".`)];
  const url = parseUrl(aud);
  if (url === undefined) {
    if (/^https?:\/\//i.test(aud))
      return [wrong(file, "ASSERTION_AUD_WRONG", aud, `aud "${aud}" is not an address that can be read.`)];
    return [bareAudience(file, aud)];
  }
  if (url.protocol === "http:" && isLoginHost(url.hostname))
    return [wrong(file, "ASSERTION_AUD_HTTP", aud, `aud "${aud}" begins with http.`)];
  if (RESOURCE_HOST.test(url.hostname))
    return [
      wrong(
        file,
        "ASSERTION_AUD_RESOURCE",
        aud,
        `aud "${aud}" is the API. The assertion is for the token endpoint; the API is named by scope (or resource) in the request.`,
      ),
    ];
  if (/\.login\.microsoft(?:online)?\.com$/i.test(url.hostname)) {
    return [
      wrong(
        file,
        "ASSERTION_AUD_REGIONAL",
        aud,
        `aud names the regional host ${url.hostname}. Entra compares with the global host, also when the regional one is called.`,
      ),
    ];
  }
  if (!isLoginHost(url.hostname)) return compareWithRequest(file, aud, url);
  return loginAudience(file, aud, url);
}

function bareAudience(file: CaseFile, aud: string): Finding {
  if (/^api:/i.test(aud) || GUID.test(aud) || RESOURCE_HOST.test(aud)) {
    return wrong(
      file,
      "ASSERTION_AUD_RESOURCE",
      aud,
      `aud "${aud}" is an application, not the token endpoint.`,
    );
  }
  return wrong(file, "ASSERTION_AUD_WRONG", aud, `aud "${aud}" is not the address of a token endpoint.`);
}

function loginAudience(file: CaseFile, aud: string, url: URL): Finding[] {
  const path = aud.replace(/^https?:\/\/[^/]*/i, "");
  const [, tenant = "", ...rest] = path.split("/");
  if (/^(?:common|organizations|consumers)$/i.test(tenant)) {
    return [
      wrong(
        file,
        "ASSERTION_AUD_COMMON",
        aud,
        `aud names /${tenant}. An application signs in at one tenant, and aud must name that tenant.`,
      ),
    ];
  }
  if (/\/{2,}/.test(path))
    return [wrong(file, "ASSERTION_AUD_SLASH", aud, `aud "${aud}" has two slashes in a row.`)];
  const tail = rest.join("/");
  if (/oauth2\/(?:v2\.0\/)?authorize\/?$/i.test(tail)) {
    return [
      wrong(
        file,
        "ASSERTION_AUD_AUTHORIZE",
        aud,
        `aud "${aud}" is the authorize endpoint, where users sign in.`,
      ),
    ];
  }
  if (/token\/$/i.test(tail))
    return [
      wrong(file, "ASSERTION_AUD_SLASH", aud, `aud "${aud}" ends in a slash; the token endpoint does not.`),
    ];
  if (tenant === "" || /^(?:oauth2|v2\.0)$/i.test(tenant)) {
    return [wrong(file, "ASSERTION_AUD_WRONG", aud, `aud "${aud}" names no tenant.`)];
  }
  if (!/^(?:oauth2\/token|oauth2\/v2\.0\/token|v2\.0\/?|)$/i.test(tail)) {
    return [
      wrong(
        file,
        "ASSERTION_AUD_WRONG",
        aud,
        `aud "${aud}" has a path that is neither a token endpoint nor the issuer of a tenant.`,
      ),
    ];
  }
  return compareWithRequest(file, aud, url);
}

/** With the called address at hand: same cloud, same tenant. */
function compareWithRequest(file: CaseFile, aud: string, url: URL): Finding[] {
  const called = parseUrl(tokenEndpointOf(file) ?? "");
  if (called === undefined) return compareWithTenant(file, aud, url);
  const [audCloud, calledCloud] = [cloudOf(url.hostname), cloudOf(called.hostname)];
  if (audCloud !== undefined && calledCloud !== undefined && audCloud !== calledCloud) {
    return [
      wrong(
        file,
        "ASSERTION_AUD_CLOUD",
        aud,
        `aud is in the ${audCloud} cloud, the request went to ${called.hostname} in the ${calledCloud} cloud.`,
      ),
    ];
  }
  if (
    audCloud === undefined &&
    calledCloud === undefined &&
    url.host !== called.host &&
    !isLoopback(url, called)
  ) {
    return [
      wrong(file, "ASSERTION_AUD_WRONG", aud, `aud names ${url.host}, the request went to ${called.host}.`),
    ];
  }
  const [audTenant, calledTenant] = [tenantSegment(url), tenantSegment(called)];
  if (isOtherTenant(audTenant, calledTenant)) {
    return [
      wrong(
        file,
        "ASSERTION_AUD_TENANT",
        aud,
        `aud names tenant ${audTenant}, the request went to tenant ${calledTenant}.`,
      ),
    ];
  }
  return [];
}

function compareWithTenant(file: CaseFile, aud: string, url: URL): Finding[] {
  const tenant = tenantOf(file);
  if (!hasCode(file, 700023) || tenant === undefined || !isOtherTenant(tenantSegment(url), tenant)) return [];
  return [
    wrong(
      file,
      "ASSERTION_AUD_TENANT",
      aud,
      `aud names tenant ${tenantSegment(url)}, everything else speaks of ${tenant}.`,
    ),
  ];
}

function wrong(file: CaseFile, code: FindingCode, aud: string | undefined, explanation: string): Finding {
  const right = rightAudience(file);
  return createFinding(code, {
    explanation,
    evidence: { aud, endpoint: tokenEndpointOf(file) },
    remedy: { text: `Set aud to the address of the token endpoint: ${right}`, snippet: `"aud": "${right}"` },
  });
}

function rightAudience(file: CaseFile): string {
  const called = tokenEndpointOf(file);
  const tenant = tenantOf(file);
  if (
    called !== undefined &&
    /\/token$/i.test(called) &&
    placeholderSegment(called) === undefined &&
    tenant !== undefined
  )
    return called;
  return `${authorityOf(file)}/${tenant ?? "<tenant id>"}/oauth2/v2.0/token`;
}

function parseUrl(text: string): URL | undefined {
  try {
    const url = new URL(text);
    return url.protocol === "https:" || url.protocol === "http:" ? url : undefined;
  } catch {
    return undefined;
  }
}

function isLoginHost(host: string): boolean {
  return cloudOf(host) !== undefined;
}

function cloudOf(host: string): string | undefined {
  return CLOUDS.find(([pattern]) => pattern.test(host))?.[1];
}

function isLoopback(one: URL, other: URL): boolean {
  const local = /^(?:localhost|127\.0\.0\.1|\[::1\])$/;
  return local.test(one.hostname) || local.test(other.hostname);
}

function tenantSegment(url: URL): string {
  return (url.pathname.split("/")[1] ?? "").toLowerCase();
}

/** Only two GUIDs, or two domains of which neither is the first name of the other's tenant, can be told apart. */
function isOtherTenant(one: string, other: string): boolean {
  const [first, second] = [one.toLowerCase(), other.toLowerCase()];
  return first !== second && GUID.test(first) && GUID.test(second);
}
