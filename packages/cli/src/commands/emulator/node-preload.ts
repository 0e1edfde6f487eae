/**
 * A program that Node loads before another one (`--require`), so that `fetch`, `https` and `http2` of every version meet
 * the emulator under the real names. All of them open TLS connections through `tls.connect`.
 */

/**
 * Writes the program.
 *
 * @param hostNames - names that the emulator answers for; `*.` in front stands for one label
 * @param port - port of the emulator on 127.0.0.1
 * @returns a CommonJS program
 */
export function nodePreload(hostNames: readonly string[], port: number): string {
  return `"use strict";
const tls = require("node:tls");
const { isIP } = require("node:net");
const { syncBuiltinESMExports } = require("node:module");

const names = new Set(${JSON.stringify(hostNames)});
const isEmulated = (host) => names.has(host) || names.has(host.replace(/^[^.]+/, "*"));
const isLocal = (host) => host === "localhost" || host.endsWith(".localhost") || isIP(host) !== 0;

// (options), (port, options) and (port, host, options), each with a listener behind.
const optionsOf = (values) => {
  const [first, second] = values;
  const named = typeof first === "object" ? {} : { port: first, ...(typeof second === "string" && { host: second }) };
  return Object.assign(named, ...values.filter((value) => typeof value === "object"));
};

const connect = tls.connect;
tls.connect = function (...values) {
  const options = optionsOf(values);
  const host = String(options.host ?? "localhost").toLowerCase();
  // What has a socket already came through a proxy, or begins TLS in the middle of another protocol.
  if (options.socket != null || options.path != null || Number(options.port) !== 443 || isLocal(host))
    return connect.apply(this, values);
  const listener = values.find((value) => typeof value === "function");
  const servername = options.servername || host;
  if (isEmulated(host)) return connect.call(this, { ...options, servername, host: "127.0.0.1", port: ${port} }, listener);
  const refusal = Object.assign(
    new Error(\`nightlatch emulator exec lets nothing through to \${host}: it answers for Microsoft's sign-in, Graph and Outlook hosts only\`),
    { code: "ENOTFOUND", syscall: "getaddrinfo", hostname: host },
  );
  return connect.call(this, { ...options, servername, lookup: (_name, _options, done) => process.nextTick(done, refusal) }, listener);
};
syncBuiltinESMExports();
`;
}
