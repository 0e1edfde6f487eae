/** Connections: kept alive, with the caller's CA beside Node's roots, directly or through a proxy. */
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import * as tls from "node:tls";
import { ConnectProxyAgent } from "./connect-proxy.ts";

/** What {@link createAgents} takes. */
export interface AgentsOptions {
  /** PEM of further CA certificates. */
  readonly ca?: string | readonly string[] | undefined;
  readonly proxyUrl: URL | undefined;
  /** Connections to one host at a time. */
  readonly maxConnections: number;
}

/** The agents of one transport, made on first use. */
export interface Agents {
  direct(): Agent;
  proxied(): Agent;
  close(): void;
}

/**
 * Prepares the agents of a transport. Reading a CA list takes some 20 ms, so it happens at the first connection,
 * once for all connections.
 *
 * @param options - trust, proxy and bound
 * @returns the agents
 */
export function createAgents(options: AgentsOptions): Agents {
  let direct: Agent | undefined;
  let proxied: Agent | undefined;
  let trust: { secureContext?: tls.SecureContext } | undefined;
  const agentOptions = () => {
    trust ??=
      options.ca === undefined || options.ca.length === 0
        ? {}
        : { secureContext: contextTrusting(options.ca) };
    return {
      keepAlive: true,
      maxSockets: options.maxConnections,
      maxFreeSockets: options.maxConnections,
      scheduling: "lifo" as const,
      ...trust,
    };
  };
  return {
    direct() {
      direct ??= new Agent(agentOptions());
      return direct;
    },
    proxied() {
      if (options.proxyUrl === undefined) return this.direct();
      proxied ??= new ConnectProxyAgent(options.proxyUrl, agentOptions());
      return proxied;
    },
    close() {
      direct?.destroy();
      proxied?.destroy();
      direct = undefined;
      proxied = undefined;
    },
  };
}

function contextTrusting(ca: string | readonly string[]): tls.SecureContext {
  return tls.createSecureContext({ ca: [...defaultRoots(), ...(typeof ca === "string" ? [ca] : ca)] });
}

/** An explicit list replaces Node's own, so what Node would trust is named again. */
function defaultRoots(): readonly string[] {
  const newer = tls as { getCACertificates?: (type: "default") => string[] };
  if (newer.getCACertificates !== undefined) return newer.getCACertificates("default");
  const file = process.env["NODE_EXTRA_CA_CERTS"];
  if (file === undefined || file === "") return tls.rootCertificates;
  try {
    return [...tls.rootCertificates, readFileSync(file, "utf8")];
  } catch {
    // Node itself warns about the file and goes on without it.
    return tls.rootCertificates;
  }
}
