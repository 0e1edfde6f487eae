/**
 * What each language says when the connection itself fails: TLS, proxy, name, timeout. The first that fits is taken,
 * so what names the cause stands before what names the effect.
 */

/** Message and the sentences that stand for it. */
export const CONNECTION_MESSAGES: ReadonlyArray<readonly [string, RegExp]> = [
  [
    "proxyRefused",
    /407 (?:\(?Proxy|authenticationrequired)[^\n]{0,120}|\(407\)[^\n]{0,80}|ProxyError\([^\n]{0,160}|Cannot connect to proxy[^\n]{0,120}|tunnel(?:l?ing)? (?:socket|connection|request)[^\n]{0,120}(?:40[37]|50[0-4]|failed|could not)[^\n]{0,80}|Unable to tunnel through proxy[^\n]{0,120}|proxyconnect tcp[^\n]{0,160}|ERR_(?:PROXY|TUNNEL)_\w{3,40}|Received HTTP code \d{3} from proxy after CONNECT|CONNECT tunnel failed[^\n]{0,60}/i,
  ],
  [
    "clockBehind",
    /x509: certificate has expired or is not yet valid: current time [^\n]{4,60} is before [^\n]{4,60}|CertificateNotYetValidException[^\n]{0,120}|CERT_NOT_YET_VALID|certificate is not yet valid[^\n]{0,60}/i,
  ],
  [
    "tlsOld",
    /Could not create SSL\/TLS secure channel|(?:underlying connection was closed: )An unexpected error occurred on a (?:send|receive)|fatal alert: protocol_version|alert(?:_| )protocol(?:_| )version|No appropriate protocol \(protocol is disabled|do not possess a common algorithm|SSL routines[^\n]{0,60}unsupported protocol|tls: protocol version not supported/i,
  ],
  [
    "tlsPlain",
    /WRONG_VERSION_NUMBER|SSL routines[^\n]{0,60}wrong version number|first record does not look like a TLS handshake|Unsupported or unrecognized SSL message|handshake failed due to an unexpected packet format|Cannot determine the frame size or a corrupted frame|server gave HTTP response to HTTPS client/i,
  ],
  [
    "tlsUntrusted",
    /certificate verify failed|SSL certificate problem[^\n]{0,80}|cURL error (?:60|77)\b[^\n]{0,120}|curl: \((?:60|77)\)[^\n]{0,120}|unable to (?:find valid certification path|get local issuer certificate)|UNABLE_TO_VERIFY_LEAF_SIGNATURE|Could not establish trust relationship for the SSL\/TLS|RemoteCertificate(?:ChainErrors|NameMismatch|NotAvailable)|trustAnchors parameter must be non-empty|tls: failed to verify certificate|x509: (?:cannot validate certificate|certificate (?:has expired|is not trusted|relies on legacy)|failed to load system roots)[^\n]{0,120}|invalid peer certificate[^\n]{0,40}|hostname mismatch, certificate|No subject alternative (?:DNS )?names?\b[^\n]{0,80}|CERT_HAS_EXPIRED|SEC_E_UNTRUSTED_ROOT|CERT_TRUST_IS_UNTRUSTED_ROOT|NSURLErrorDomain[^\n]{0,40}-120[0-6]\b[^\n]{0,80}|unable to load the SSL certificate|SSLCertVerificationError|OPENSSL_X509_V_ERR_\w{3,40}|CRYPT_E_NO_REVOCATION_CHECK|revocation server was offline/i,
  ],
  [
    "tlsCut",
    /SSLHandshakeException[^\n]{0,160}|An SSL error has occurred and a secure connection|SSL peer shut down incorrectly|EOF occurred in violation of protocol|UNEXPECTED_EOF_WHILE_READING|disconnected before secure TLS connection was established|Authentication failed because the remote party[^\n]{0,80}|Received an unexpected EOF or 0 bytes from the transport stream|SSL_ERROR_SYSCALL|cURL error 35\b[^\n]{0,120}|curl: \(35\)[^\n]{0,120}|TLS handshake timeout|remote error: tls: [^\n]{0,60}|SSL_connect returned=\d[^\n]{0,120}|sslv3 alert handshake failure|ERR_SSL_\w{5,50}/i,
  ],
  [
    "nameUnknown",
    /UnknownHostException[^\n]{0,120}|dial tcp: lookup [^\n]{3,160}|no such host\b|NameResolutionError[^\n]{0,120}|Temporary failure in name resolution|getaddrinfo (?:failed|ENOTFOUND|EAI_AGAIN)[^\n]{0,80}|No such host is known|Name or service not known|nodename nor servname provided|The remote name could not be resolved[^\n]{0,120}|Could not resolve host[^\n]{0,80}|cURL error 6\b[^\n]{0,80}|curl: \(6\)|UnresolvedAddressException|ERR_NAME_NOT_RESOLVED|NSURLErrorDomain[^\n]{0,40}-1003\b|failed to lookup address information/i,
  ],
  [
    "networkClosed",
    /(?:ConnectException|SocketException|SocketTimeoutException|HttpHostConnectException|NoRouteToHostException|ConnectTimeoutException|ConnectionPoolTimeoutException|HttpConnectTimeoutException)\b[^\n]{0,160}|dial tcp [\d.[\]:a-f]{5,60}: [^\n]{0,120}|read tcp [^\n]{5,160}|context deadline exceeded[^\n]{0,80}|Max retries exceeded with url(?![^\n]{0,300}ResponseError)[^\n]{0,160}|Failed to establish a new connection[^\n]{0,80}|(?:Connect|Read)TimeoutError[^\n]{0,120}|RemoteDisconnected|Remote end closed connection without response|socket hang up|UND_ERR_\w{4,40}|\bE(?:HOSTUNREACH|NETUNREACH|CONNREFUSED|CONNRESET|TIMEDOUT)\b[^\n]{0,100}|connected party did not properly respond[^\n]{0,80}|target machine actively refused it[^\n]{0,60}|Unable to connect to the remote server|existing connection was forcibly closed by the remote host|configured HttpClient\.Timeout of \d{1,6}|Request to the endpoint timed out|ErrorCode: request_timeout|The (?:operation|request) (?:has )?timed out|(?:Read|Connect|Connection) timed out\b[^\n]{0,60}|TaskCanceledException: A task was canceled|cURL error (?:7|28|52|56)\b[^\n]{0,120}|curl: \((?:7|28|52|56)\)[^\n]{0,80}|NSURLErrorDomain[^\n]{0,40}-100[1459]\b[^\n]{0,80}|Failed to open TCP connection to [^\n]{3,120}|Network is unreachable|ERR_(?:CONNECTION|INTERNET|ADDRESS|TIMED_OUT|EMPTY)_?\w{0,40}|ClientAuthError: network_error[^\n]{0,120}|Resource temporarily unavailable \(/i,
  ],
];
