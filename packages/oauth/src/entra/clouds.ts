/** The four clouds of Entra ID, known without asking anybody, so that the first token costs one request. */

/** Hosts of one cloud. */
export interface Cloud {
  /** Where tokens come from, an https origin without trailing slash. */
  readonly authorityHost: string;
  /** Other hosts under which the same authority answers. */
  readonly authorityAliases: readonly string[];
  /** Microsoft Graph, an https origin without trailing slash. */
  readonly graph: string;
  /** Exchange Online, an https origin without trailing slash; the resource of EWS tokens. */
  readonly outlook: string;
  /** The portal in which applications are registered. */
  readonly portal: string;
}

/**
 * The clouds by name. US Government L4 (GCC High) and DoD (L5) share the authority and differ in Graph.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { CLOUDS } from "@nightlatch/oauth";
 *
 * assert.equal(CLOUDS.china.authorityHost, "https://login.partner.microsoftonline.cn");
 * ```
 * @see https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
 * @see https://learn.microsoft.com/graph/deployments
 */
export const CLOUDS = {
  global: {
    authorityHost: "https://login.microsoftonline.com",
    authorityAliases: ["https://login.windows.net", "https://login.microsoft.com", "https://sts.windows.net"],
    graph: "https://graph.microsoft.com",
    outlook: "https://outlook.office365.com",
    portal: "https://entra.microsoft.com",
  },
  usGov: {
    authorityHost: "https://login.microsoftonline.us",
    authorityAliases: ["https://login.usgovcloudapi.net"],
    graph: "https://graph.microsoft.us",
    outlook: "https://outlook.office365.us",
    portal: "https://portal.azure.us",
  },
  usGovDod: {
    authorityHost: "https://login.microsoftonline.us",
    authorityAliases: ["https://login.usgovcloudapi.net"],
    graph: "https://dod-graph.microsoft.us",
    outlook: "https://outlook-dod.office365.us",
    portal: "https://portal.azure.us",
  },
  china: {
    authorityHost: "https://login.partner.microsoftonline.cn",
    authorityAliases: ["https://login.chinacloudapi.cn"],
    graph: "https://microsoftgraph.chinacloudapi.cn",
    outlook: "https://partner.outlook.cn",
    portal: "https://portal.azure.cn",
  },
} as const satisfies Readonly<Record<string, Cloud>>;

/** Name of a cloud. */
export type CloudName = keyof typeof CLOUDS;

/**
 * Finds the cloud an authority belongs to.
 *
 * @param authorityHost - an https origin, for example `https://login.microsoftonline.us`
 * @returns the first cloud with that authority (`usGov` for both US Government clouds), or `undefined` for an
 *   emulator and any other host
 */
export function findCloud(authorityHost: string): CloudName | undefined {
  for (const name of Object.keys(CLOUDS) as CloudName[]) {
    const cloud: Cloud = CLOUDS[name];
    if (cloud.authorityHost === authorityHost || cloud.authorityAliases.includes(authorityHost)) return name;
  }
  return undefined;
}
