/** The host names of Microsoft's clouds that the emulator answers for, and what stands behind each. */

/** A cloud with its hosts; the first login host is the canonical one. */
export interface Cloud {
  readonly name: "global" | "usGov" | "usGovDod" | "china";
  /** Names of the token service; the first is the one that metadata prints. */
  readonly loginHosts: readonly string[];
  /** Host of `iss` in v1 tokens. */
  readonly stsHost: string;
  readonly graphHosts: readonly string[];
  readonly outlookHosts: readonly string[];
  /** `cloud_instance_name` of the metadata. */
  readonly instanceName: string;
  /** `cloud_graph_host_name` of the metadata: the retired Azure AD Graph. */
  readonly azureAdGraphHost: string;
  /** `audiences` of a federated credential in this cloud. */
  readonly tokenExchangeAudience: string;
}

const GLOBAL: Cloud = {
  name: "global",
  loginHosts: [
    "login.microsoftonline.com",
    "login.windows.net",
    "login.microsoft.com",
    "sts.windows.net",
    "mtlsauth.microsoft.com",
  ],
  stsHost: "sts.windows.net",
  graphHosts: ["graph.microsoft.com"],
  outlookHosts: ["outlook.office365.com", "outlook.office.com"],
  instanceName: "microsoftonline.com",
  azureAdGraphHost: "graph.windows.net",
  tokenExchangeAudience: "api://AzureADTokenExchange",
};

/** All clouds that are open; Germany closed in 2021. */
export const CLOUDS: readonly Cloud[] = [
  GLOBAL,
  {
    name: "usGov",
    loginHosts: ["login.microsoftonline.us", "login.usgovcloudapi.net"],
    stsHost: "sts.windows.net",
    graphHosts: ["graph.microsoft.us"],
    outlookHosts: ["outlook.office365.us"],
    instanceName: "microsoftonline.us",
    azureAdGraphHost: "graph.microsoftazure.us",
    tokenExchangeAudience: "api://AzureADTokenExchangeUSGov",
  },
  {
    name: "usGovDod",
    loginHosts: [],
    stsHost: "sts.windows.net",
    graphHosts: ["dod-graph.microsoft.us"],
    outlookHosts: ["outlook-dod.office365.us"],
    instanceName: "microsoftonline.us",
    azureAdGraphHost: "graph.microsoftazure.us",
    tokenExchangeAudience: "api://AzureADTokenExchangeUSGov",
  },
  {
    name: "china",
    loginHosts: ["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
    stsHost: "sts.chinacloudapi.cn",
    graphHosts: ["microsoftgraph.chinacloudapi.cn"],
    outlookHosts: ["partner.outlook.cn"],
    instanceName: "partner.microsoftonline.cn",
    azureAdGraphHost: "graph.chinacloudapi.cn",
    tokenExchangeAudience: "api://AzureADTokenExchangeChina",
  },
];

/** What a real host name leads to. */
type RealHostRole = "login" | "graph" | "outlook" | "azureAdGraph";

/** A host name of Microsoft's. */
export interface RealHost {
  readonly role: RealHostRole;
  readonly cloud: Cloud;
}

const HOST_TABLE: ReadonlyMap<string, RealHost> = new Map(
  CLOUDS.flatMap((cloud) => {
    const roles: readonly (readonly [RealHostRole, readonly string[]])[] = [
      ["login", cloud.loginHosts],
      ["graph", cloud.graphHosts],
      ["outlook", cloud.outlookHosts],
      ["azureAdGraph", [cloud.azureAdGraphHost]],
    ];
    return roles.flatMap(([role, hosts]) => hosts.map((host): [string, RealHost] => [host, { role, cloud }]));
  }),
);

/** Hosts below which each cloud has a token endpoint per region: `westeurope.login.microsoft.com`. */
const REGIONAL_HOSTS: readonly string[] = [
  "login.microsoft.com",
  "login.microsoftonline.us",
  "login.partner.microsoftonline.cn",
];

/** Every host name that the TLS leaf carries beside localhost; the wildcards cover regional token endpoints. */
export const REAL_HOST_NAMES: readonly string[] = [
  ...HOST_TABLE.keys(),
  ...REGIONAL_HOSTS.map((host) => `*.${host}`),
];

/**
 * Looks up a host name of Microsoft's.
 *
 * @param host - host name without port, lower case
 * @returns the role and cloud; `undefined` for any other host, for example localhost
 */
export function findRealHost(host: string): RealHost | undefined {
  const known = HOST_TABLE.get(host);
  if (known !== undefined) return known;
  const dot = host.indexOf(".");
  if (dot < 1) return undefined;
  const parent = host.slice(dot + 1);
  return REGIONAL_HOSTS.includes(parent) ? HOST_TABLE.get(parent) : undefined;
}

/**
 * The cloud whose rules apply to a request.
 *
 * @param host - host name without port, lower case
 * @returns the cloud of a real host name; the global one for localhost
 */
export function cloudOf(host: string): Cloud {
  return findRealHost(host)?.cloud ?? GLOBAL;
}
