/** What stands behind connections that fail: TLS, proxy, name, timeout. */
import type { FindingCode } from "../finding-table.ts";

/** Finding, explanation, next step, commands. */
export type MessageRow = readonly [FindingCode, string, string, (readonly string[])?];

/** By the message of `recognise/connection-message.ts`. */
export const CONNECTION_ROWS: Readonly<Record<string, MessageRow>> = {
  proxyRefused: [
    "AUTHORITY_PROXY",
    "Not the service but the proxy on the way refused: it wants a user and a password (407), does not allow the host, or does not know CONNECT.",
    "Give the proxy with its credentials to this very program (libraries differ in what they read: HTTPS_PROXY, the system's setting, an option), and let login.microsoftonline.com and the API's host pass.",
    [
      "curl -v -x http://<proxy>:<port> https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration",
    ],
  ],
  clockBehind: [
    "CLOCK_SKEW",
    "The host's certificate counts as not valid yet: the clock of this machine is behind. Client assertions and tokens are judged wrongly too as long as that lasts.",
    "Set the clock by NTP, in containers and virtual machines on the host.",
    ["date -u", "curl -sI https://login.microsoftonline.com | grep -i ^date"],
  ],
  tlsOld: [
    "RETIRED_TLS",
    "The client offers only versions of TLS or ciphers that the service takes no longer (it wants TLS 1.2), or a proxy on the way cuts the handshake off. Old .NET says the same when a client certificate's private key cannot be opened.",
    "Let the client use TLS 1.2 or later: a present runtime, or in old .NET Framework and Windows PowerShell the line below.",
    ["[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12"],
  ],
  tlsPlain: [
    "CLIENT_TLS",
    "What answered does not speak TLS: the address of the proxy begins with https:// where http:// is meant, the port is one for plain HTTP, or a device on the way answers by itself.",
    "Write the proxy as http://host:port (also for https requests), and check the port.",
    ["env | grep -i _proxy | cut -d= -f1"],
  ],
  tlsUntrusted: [
    "CLIENT_TLS",
    "The certificate of the host was not accepted: its authority is not one that the program trusts (a proxy that opens TLS, an old runtime or bare container image without present roots), or it is for another name.",
    "Look at who issued the certificate that arrives; give that authority to the program (NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, REQUESTS_CA_BUNDLE, keytool -importcert, the system's store), or renew the roots. Do not switch the check off.",
    [
      "openssl s_client -connect login.microsoftonline.com:443 -servername login.microsoftonline.com </dev/null | openssl x509 -noout -issuer",
    ],
  ],
  tlsCut: [
    "CLIENT_TLS",
    "The connection was cut while TLS was being agreed: a firewall or proxy that does not let this host through, a proxy that the program does not know of, or a client so old that no common version is left.",
    "Try the host from the same machine and account; set the proxy for the program, or let the host pass.",
    ["curl -v https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration"],
  ],
  nameUnknown: [
    "CLIENT_NETWORK",
    "The name of the host could not be resolved: no name service where the program runs (containers, a private network), a proxy that would have to resolve it, or a typing error in the host (a tenant or a variable that is empty).",
    "Resolve the name from the same machine or container, look at the host in the message letter by letter, and set the proxy.",
    ["nslookup login.microsoftonline.com"],
  ],
  networkClosed: [
    "CLIENT_NETWORK",
    "The connection did not come about, or was cut off without an answer: a firewall, a proxy that the program does not know of (many libraries do not read the system's), a service that is switched off, or too many connections at once (SNAT ports in Azure).",
    "Try the host from the same machine and account; set HTTPS_PROXY or the library's option, keep one client and its connections, and send it again after a pause.",
    ["curl -v https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration"],
  ],
};
