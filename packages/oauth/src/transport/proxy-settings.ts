/** Which hosts are reached through a proxy, read from the environment as curl reads it. */
import { oauthError } from "../errors.ts";

/** Where to go for a host. */
export interface ProxySettings {
  /** http or https address of the proxy; `undefined` when every host is reached directly. */
  readonly proxyUrl: URL | undefined;
  /**
   * @param url - address of the request
   * @returns true when it is reached without the proxy
   */
  readonly isDirect: (url: URL) => boolean;
}

/** No proxy at all. */
export const EVERY_HOST_DIRECT: ProxySettings = { proxyUrl: undefined, isDirect: () => true };

/**
 * Reads `https_proxy`/`HTTPS_PROXY`, `all_proxy`/`ALL_PROXY` and `no_proxy`/`NO_PROXY`; lower case wins, as in curl.
 *
 * `NO_PROXY` entries are separated by commas or blanks: `*`, a host (which covers its subdomains), the same with a
 * leading dot or `*.`, an address, each optionally with `:port`; a block of addresses such as `10.0.0.0/8`.
 *
 * @param env - the environment
 * @param proxy - address given by the caller, which replaces that of the environment
 * @returns the settings
 * @throws {NightlatchError} `OAUTH_NETWORK_PROXY`: the proxy is not an http or https address
 */
export function readProxySettings(
  env: Readonly<Record<string, string | undefined>>,
  proxy?: string | undefined,
): ProxySettings {
  const spelled =
    proxy ?? env["https_proxy"] ?? env["HTTPS_PROXY"] ?? env["all_proxy"] ?? env["ALL_PROXY"] ?? "";
  if (spelled.trim() === "") return EVERY_HOST_DIRECT;
  const entries = (env["no_proxy"] ?? env["NO_PROXY"] ?? "")
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .map(parseEntry);
  return {
    proxyUrl: parseProxy(spelled.trim()),
    isDirect: (url) => {
      const host = url.hostname.replace(/^\[|\]$|\.$/g, "").toLowerCase();
      const port = url.port === "" ? "443" : url.port;
      return entries.some((entry) => entry(host, port));
    },
  };
}

function parseEntry(entry: string): (host: string, port: string) => boolean {
  if (entry === "*") return () => true;
  const block = blockOf(entry);
  if (block !== undefined) return block;
  const parts = /^(?:\[(?<address>[^\]]+)\]|(?<name>[^:]+|[^:]*:[^:]*:.*?))(?::(?<port>\d+))?$/.exec(
    entry.toLowerCase(),
  );
  const wanted = (parts?.groups?.["address"] ?? parts?.groups?.["name"] ?? entry)
    .replace(/^\*?\./, "")
    .replace(/\.$/, "");
  const wantedPort = parts?.groups?.["port"];
  return (host, port) =>
    (host === wanted || host.endsWith(`.${wanted}`)) && (wantedPort === undefined || wantedPort === port);
}

/** By hand, since `BlockList` of `node:net` would be loaded with every import of this package. */
function blockOf(entry: string): ((host: string) => boolean) | undefined {
  const [, address = "", length] = /^\[?([0-9a-f.:]+)\]?\/(\d{1,3})$/i.exec(entry) ?? [];
  const bits = bitsOf(address);
  if (bits === undefined || Number(length) > bits.length) return undefined;
  const prefix = bits.slice(0, Number(length));
  return (host) => {
    const of = bitsOf(host);
    return of?.length === bits.length && of.startsWith(prefix);
  };
}

/** The 32 or 128 bits of an address, as text; `undefined` for everything else. */
function bitsOf(address: string): string | undefined {
  const binary = (number: number, width: number): string => number.toString(2).padStart(width, "0");
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) {
    const octets = address.split(".").map(Number);
    return octets.every((octet) => octet < 256)
      ? octets.map((octet) => binary(octet, 8)).join("")
      : undefined;
  }
  if (!address.includes(":") || !URL.canParse(`http://[${address}]`)) return undefined;
  const spelled = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = "", tail] = spelled.split("::");
  const groups = (text: string): string[] => (text === "" ? [] : text.split(":"));
  const missing = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  return [...groups(head), ...Array<string>(missing).fill("0"), ...groups(tail ?? "")]
    .map((group) => binary(Number.parseInt(group, 16), 16))
    .join("");
}

function parseProxy(text: string): URL {
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
    // A "/", "?" or "#" in a password that is not escaped ends the host early: what follows would go astray, and show.
    const isCut = `${url.pathname}${url.search}${url.hash}`.includes("@");
    if (!isCut && (url.protocol === "http:" || url.protocol === "https:")) return url;
  } catch {
    // falls through to the refusal, which must not quote a password
  }
  throw oauthError(
    "OAUTH_NETWORK_PROXY",
    `Cannot use "${text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, "$1…@")}" as proxy: it is not an http or https address`,
  );
}
