/** Which authority the inputs speak of: one of Microsoft's clouds, or one on this machine. */
import { allOf, type CaseFile, claim, tokenEndpointOf } from "./case-file.ts";

const GLOBAL = "https://login.microsoftonline.com";
const US_GOVERNMENT = "https://login.microsoftonline.us";
const CHINA = "https://login.partner.microsoftonline.cn";

/** Hosts of other services of a cloud, and the authority that belongs to them. */
const CLOUD_HOSTS: ReadonlyArray<readonly [RegExp, string]> = [
  [
    /^https:\/\/(?:graph\.microsoft\.us|dod-graph\.microsoft\.us|outlook(?:-dod)?\.office365\.us|login\.microsoftonline\.us)(?:[/:]|$)/i,
    US_GOVERNMENT,
  ],
  [
    /^https:\/\/(?:microsoftgraph\.chinacloudapi\.cn|partner\.outlook\.cn|sts\.chinacloudapi\.cn|login\.chinacloudapi\.cn|login\.partner\.microsoftonline\.cn)(?:[/:]|$)/i,
    CHINA,
  ],
  [
    /^https:\/\/(?:graph\.microsoft\.com|outlook\.office(?:365)?\.com|login\.microsoftonline\.com|login\.windows\.net)(?:[/:]|$)/i,
    GLOBAL,
  ],
];

/**
 * Finds the authority at which tokens are asked for: that of the token request, else that of the tokens and
 * assertions, else that of the APIs which were called.
 *
 * @param file - the case file
 * @returns origin without slash; the global cloud's when nothing tells
 */
export function authorityOf(file: CaseFile): string {
  if (file.authorityHost !== undefined) return file.authorityHost;
  const jwts = allOf(file, "jwt");
  const addresses = [
    tokenEndpointOf(file),
    ...file.assertions.map((jwt) => claim(jwt, "aud")),
    ...jwts.filter((jwt) => jwt.nature !== "federated").map((jwt) => claim(jwt, "iss")),
    ...jwts.map((jwt) => claim(jwt, "aud")),
    ...allOf(file, "httpRequest").map((request) => request.url),
  ];
  for (const address of addresses) {
    if (address === undefined) continue;
    const known = CLOUD_HOSTS.find(([pattern]) => pattern.test(address))?.[1];
    if (known !== undefined) return known;
    const local = localOrigin(address);
    if (local !== undefined) return local;
    const ownAuthority = /^(https:\/\/[^/]{1,200})\/[^/]{1,100}\/oauth2\/(?:v2\.0\/)?token\b/i.exec(
      address,
    )?.[1];
    if (ownAuthority !== undefined && !/placeholder|[<{$]/.test(ownAuthority)) return ownAuthority;
  }
  return GLOBAL;
}

/**
 * Names the commands and the address by which an administrator consents.
 *
 * @param file - the case file
 * @param tenantId - GUID or domain, when known
 * @param clientId - GUID, when known
 * @returns address for a browser, and commands; none for an authority that the Azure CLI does not reach
 */
export function adminConsent(
  file: CaseFile,
  tenantId: string | undefined,
  clientId: string | undefined,
): { readonly url: string; readonly commands: readonly string[] } {
  const authority = authorityOf(file);
  const id = clientId ?? "<client id>";
  const isMicrosofts = CLOUD_HOSTS.some(([, origin]) => origin === authority);
  return {
    url: `${authority}/${tenantId ?? "<tenant id>"}/adminconsent?client_id=${id}`,
    commands: isMicrosofts ? [`az ad app permission admin-consent --id ${id}`] : [],
  };
}

function localOrigin(address: string): string | undefined {
  return /^https?:\/\/(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(?::\d{1,5})?(?=\/|$)/i.exec(
    address,
  )?.[0];
}
