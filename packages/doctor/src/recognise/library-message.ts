import { CONNECTION_MESSAGES } from "./connection-message.ts";
import { KEY_MESSAGES } from "./key-message.ts";
import { isRule } from "./mention.ts";
import { PROGRAM_MESSAGES } from "./program-message.ts";
import { lineOf, originOf, type Reading } from "./reading.ts";

/** Sentences of libraries and tools, and the message that each stands for. */
const MESSAGES: ReadonlyArray<readonly [string, RegExp]> = [
  [
    "parameterUnknown",
    /A parameter cannot be found that matches parameter name '(?:Certificate\w{0,30}|App(?:lication)?Id|ManagedIdentity|AccessToken|Organization)'/i,
  ],
  [
    "mailRefused",
    /\bNO AUTHENTICATE failed\b|AUTHENTICATE failed\.?['"]?$|User is authenticated but not connected|SmtpClientAuthentication is disabled for the (?:Tenant|Mailbox)|(?:SaslMechanismOAuth2|XOAUTH2|AuthenticateAsync)[\s\S]{0,1500}MailKit\.Security\.AuthenticationException: Authentication failed|535 5\.7\.(?:3|139) Authentication unsuccessful|-ERR Authentication failure: unknown user name or bad password[\s\S]{0,200}XOAUTH2/im,
  ],
  [
    "basicRefused",
    /basic authentication is disabled|outlook\.office(?:365)?\.com[\s\S]{0,600}(?:NO LOGIN failed|LOGIN failed\.|-ERR Logon failure: unknown user name or bad password)|(?:NO LOGIN failed|LOGIN failed\.)[\s\S]{0,400}outlook\.office(?:365)?\.com|HTTPBasicAuth[\s\S]{0,400}outlook\.office(?:365)?\.com\/EWS|outlook\.office(?:365)?\.com\/EWS[\s\S]{0,600}Basic realm|outlook\.office(?:365)?\.com\/EWS[\s\S]{0,400}HTTPBasicAuth/i,
  ],
  [
    "clientRefused",
    /Client authentication failed \(e\.g\., unknown client, no client authentication included/i,
  ],
  [
    "consentWanted",
    /needs? permission to access resources in your organi[sz]ation that only an admin can grant|insufficient_permissions[^\n]{0,40}admin[^\n]{0,20}approval|\bApproval required\b[\s\S]{0,120}requires your admin's approval/i,
  ],
  ["federationServer", /\bMSIS\d{4}: [^\n]{0,160}/],
  ["authorityNotJson", /tenant_discovery[\s\S]{0,800}(?:JSONDecodeError|Expecting value: line 1 column 1)/],
  ["tokenNotRenewed", /TokenExpiredError: \(token_expired\)/],
  [
    "permissionNotInToken",
    /requests permission: '[\w.]{3,80}'\. Not available in token[^\n]{0,80}|Minimum required permissions not granted: [^\n]{3,120}/i,
  ],
  ["addKeyWithoutProof", /\/microsoft\.graph\.addKey[\s\S]{0,4000}Unexpected invalid input parameters/i],
  ["tokenNotRenewed", /errorcouldnotrefreshtoken/],
  [
    "keyAlgorithm",
    /InvalidKeySpecException: Unexpected key type|InvalidKeyException: (?:No installed provider supports this key|Not an RSA key)[^\n]{0,80}/,
  ],
  [
    "keyUnreadable",
    /InvalidKeySpecException: java\.security\.InvalidKeyException: (?:IOException : )?(?:algid parse error|invalid key format|DerInputStream|unexpected)[^\n]{0,80}/,
  ],
  [
    "managedIdentity",
    /\binvalid_request\b[^\n]{0,60}\bIdentity not found\b|ManagedIdentityCredential authentication unavailable[^\n]{0,160}|No (?:User Assigned or Delegated )?Managed Identity found for specified[^\n]{0,80}|managed identity endpoint (?:is )?not (?:found|available)|CredentialUnavailable[^\n]{0,80}IMDS[^\n]{0,80}/i,
  ],
  ["network", /Failed to refresh XOAUTH2 access_token[^\n]{0,120}Request failed! \(code: 0\)/],
  [
    "credentialEmpty",
    /Client credential \(secret, certificate, or assertion\) must not be empty|No ClientId was specified|No client secret or certificate (?:was )?specified|Credential: (?:tenantId|clientId|certificatePath|clientSecret)\b[^\n]{0,60}\b(?:is a|are) required parameters?|Invalid tenant id provided\. You can locate your tenant id/i,
  ],
  [
    "retiredClient",
    /Microsoft\.Azure\.Management\.Graph\.RBAC[\s\S]{0,300}invalid status code '(?:Forbidden|Unauthorized)'/,
  ],
  [
    "answerNotJson",
    /Content type text\/html does not have a factory registered|Unexpected token '?<'?[^\n]{0,40}(?:JSON|DOCTYPE)|invalid character '<' looking for beginning of value|Unexpected character encountered while parsing value: \S[^\n]{0,80}\n[^\n]{0,40}\bat Microsoft\.(?:Graph|Identity)\.|statusCode: (?:undefined|-1),[^\n]{0,40}\n[^\n]{0,40}\n?[^\n]{0,40}Unexpected token[^\n]{0,8} in JSON at position 0/,
  ],
  [
    "consentWanted",
    /scopes requested are unauthorized or expired\. The user must first sign in and grant|\berror["']?\s{0,3}[:=]\s{0,3}["']consent_required["']/i,
  ],
  ["privateKeyMissing", /IDX10638:|'?key\.HasPrivateKey'? is false/],
  [
    "authorityUnreachable",
    /IDX2080[34]: Unable to (?:obtain configuration|retrieve document) from: ?'?[^\n']{0,200}/,
  ],
  ["keyProvider", /Invalid provider type specified/i],
  [
    "pfxLoad",
    /Could not load the certificate private key\. Please check the authentication certificate password/i,
  ],
  [
    "privateKeyMissing",
    /(?:certificate is missing the private key|found no private key\b|private key is not present in the X\.?509 certificate|NetCoreCryptographyManager\.SignWithCertificate|cert_without_private_key)/i,
  ],
  ["keyUnreadable", /(?:pkcs12: error reading P12 data|InvalidData\(InvalidByte\()/i],
  [
    "certificateMissing",
    /Valid PEM but no BEGIN CERTIFICATE\/END CERTIFICATE delimiters|The selected Certificate was not found/i,
  ],
  [
    "certificateNotInStore",
    /Connect-\w{2,30}\b[^\n]{0,300}-(?:Certificate)?Thumbprint[\s\S]{0,300}Value cannot be null\.[\s\S]{0,40}certificate/i,
  ],
  ["tls", /x509: certificate signed by unknown authority|x509: certificate is (?:not )?valid for/i],
  ["authorityUnreachable", /unable to resolve an endpoint: server response error/i],
  ["network", /https:\/\/login\.[^\s"'\\]{3,200}[^\n]{0,40}(?:read tcp|dial tcp|net\/http)[^\n]{0,120}/i],
  ["keyUnreadable", /secretOrPrivateKey must be an asymmetric key/i],
  [
    "keyUnreadable",
    /error:[0-9A-F]{8}:(?:PEM routines|DECODER routines|asn1 encoding routines|digital envelope)[^\n]{0,80}(?:no start line|unsupported|wrong tag|bad decrypt|bad base64)/i,
  ],
  ["keyUnreadable", /PEM routines:[^\n]{0,40}no start line/i],
  ["keyUnreadable", /Unparsed DER bytes remain after ASN\.1 parsing/i],
  [
    "keyUnreadable",
    /(?:Could not deserialize key data|Unable to load PEM file|Invalid PEM formatted message|Too few bytes to read ASN\.1 value|Could not parse the provided public key|"?pkcs8"? must be PKCS#8 formatted string|must be PKCS#8)/i,
  ],
  ["keyUnreadable", /secretOrPrivateKey must have a value/i],
  ["keyUnreadable", /Expected Start of Certificate to be '?-----BEGIN/i],
  ["keyUnreadable", /DECODER routines::unsupported/i],
  [
    "pkcs12TooNew",
    /pkcs12: (?:unknown digest algorithm|unknown algorithm|expected exactly|trailing data found)|unknown digest algorithm: 2\.16\.840/i,
  ],
  [
    "notBase64",
    /(?:could not decode client certificate data|decoding client certificate)[^\n]{0,40}illegal base64/i,
  ],
  ["pkcs12Passphrase", /pkcs12: decryption password incorrect/i],
  [
    "environmentIncomplete",
    /(?:EnvironmentCredential[^\n]{0,60}unavailable[^\n]{0,40}Environment variables are not fully configured|missing environment variable AZURE_\w{2,40})/i,
  ],
  [
    "certificateFileNotFound",
    /WindowsCryptographicException: The system cannot find the file specified|CryptographicException: The system cannot find the file specified[\s\S]{0,200}X509Certificate|Could not load certificate file[\s\S]{0,120}cannot find the file/i,
  ],
  [
    "certificateNotInStore",
    /Value cannot be null[\s\S]{0,40}Parameter name: certificate[\s\S]{0,120}ClientAssertionCertificate/i,
  ],
  [
    "certificateCannotSign",
    /Could not use the certificate for signing|cryptographic_error[^\n]{0,80}certificate/i,
  ],
  [
    "thumbprintNotHex",
    /(?:unhexlify|a2b_hex)[\s\S]{0,200}(?:Non-hexadecimal digit found|Odd-length string)/i,
  ],
  [
    "tlsUnsaid",
    /The SSL connection could not be established, see inner exception(?![\s\S]{0,2000}The remote certificate)/i,
  ],
  [
    "pkcs12Unsupported",
    /(?:RC2-40-CBC|unsupported PKCS12 PFX data|inner_evp_generic_fetch:unsupported|PKCS12 routines[^\n]{0,60}(?:unsupported|unknown digest)|Unsupported PKCS12 PFX data)/i,
  ],
  [
    "pkcs12Passphrase",
    /(?:mac verify failure|PKCS#12 MAC could not be verified|network password is not correct|Invalid password\?)/i,
  ],
  ["pfxNotAccepted", /(?:pfx|p12|pkcs\s?#?12)[^\n]{0,80}(?:not supported|is not accepted|unable to load)/i],
  ["pfxNotAccepted", /'utf-?8' codec can't decode byte/i],
  [
    "certificateMissing",
    /does not contain a PEM-encoded certificate|The file at the specified path does not contain|no certificate(?:s)? (?:was |were )?found in/i,
  ],
  [
    "certificateNotInStore",
    /(?:'CertificateThumbprint' must have a length of 40|certificate was not found or has expired|(?:certificate with (?:the )?thumbprint|No certificate(?: was)? found[^\n]{0,30}thumbprint)[^\n]{0,80}(?:not (?:be )?found)|Cannot find certificate with this thumbprint)/i,
  ],
  ["notConnected", /Authentication needed[,.]\s{0,3}(?:call|Please call) Connect-(?:Mg)?Graph/i],
  [
    "privateKeyMissing",
    /(?:NullReferenceException[\s\S]{0,600}SignWithCertificate|null-valued expression[\s\S]{0,300}\.PrivateKey\.Sign)/i,
  ],
  [
    "privateKeyMissing",
    /(?:certificate (?:does not have|without|has no) (?:a )?private key|does not contain a private key|Unable to find (?:a )?private key|no private key (?:was )?found|Keyset does not exist|key pair is missing|HasPrivateKey\s{0,20}[:=]\s{0,5}False)/i,
  ],
  [
    "keyAlgorithm",
    /(?:`?alg`? parameter for "?ec"? key type must be|(?:ec|ecdsa) (?:key|certificate)s? (?:is|are) not supported|key must be an RSA key|not an RSA key|GetRSAPrivateKey[^\n]{0,60}null|Only RSA)/i,
  ],
  [
    "keyNotExportable",
    /(?:Key not valid for use in specified state|not exportable|The requested operation is not supported[^\n]{0,60}(?:export|Cng)|CKR_KEY_UNEXTRACTABLE|key is not extractable)/i,
  ],
  ["keyIdRefused", /Update to existing credential with KeyId/i],
  ["authorityUnreachable", /endpoints_resolution_error|Could not resolve endpoints|openid_config_error/i],
  [
    "tls",
    /(?:unable to verify the first certificate|self[- ]signed certificate in certificate chain|(?:error|reason|failed)[^\n]{0,60}self[- ]signed certificate|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?|DEPTH_ZERO_SELF_SIGNED_CERT|CERTIFICATE_VERIFY_FAILED|ERR_TLS_CERT_ALTNAME_INVALID|PKIX path building failed|The remote certificate is invalid)/i,
  ],
  [
    "network",
    /(?:getaddrinfo ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|No such host is known|Name or service not known)\s?[^\n]{0,100}/i,
  ],
  ["addKeyProof", /(?:proof[^\n]{0,40}(?:invalid|malformed)|Access Token missing or malformed)/i],
  ["pemInText", /InvalidCharacterError|Invalid character[^\n]{0,40}(?:pem|key|base64)/i],
];

/**
 * Finds sentences of client libraries that stand for a known mistake.
 *
 * @param reading - the input
 * @param text - any text, mostly a stack trace
 */
export function scanForLibraryMessages(reading: Reading, text: string): void {
  const sample = text.slice(0, 300_000);
  const seen = new Set<string>();
  for (const [messageId, pattern] of MESSAGES) {
    if (!seen.has(messageId) && addMessage(reading, sample, messageId, pattern)) seen.add(messageId);
  }
  // A client certificate that does not load fails as a connection too.
  const isKey = seen.size === 0 && /\] PEM lib \(|key values mismatch/i.test(sample);
  if (isKey && addFirst(reading, sample, KEY_MESSAGES)) return;
  if ([...seen].some((id) => CONNECTION_IDS.has(id)) || addFirst(reading, sample, CONNECTION_MESSAGES))
    return;
  if (seen.size > 0 || addFirst(reading, sample, KEY_MESSAGES)) return;
  if (!reading.artifacts.some((item) => SAID.has(item.kind))) addFirst(reading, sample, PROGRAM_MESSAGES);
}

/** Messages that tell of the connection; one is enough. */
const CONNECTION_IDS: ReadonlySet<string> = new Set([
  "network",
  "tls",
  "tlsUnsaid",
  "authorityUnreachable",
  "authorityNotJson",
  "managedIdentity",
  "answerNotJson",
]);

/** A service has given its reason; what the program makes of it adds nothing. */
const SAID: ReadonlySet<string> = new Set(["signInError", "graphError", "ewsError", "diagnostics"]);

function addFirst(
  reading: Reading,
  sample: string,
  messages: ReadonlyArray<readonly [string, RegExp]>,
): boolean {
  return messages.some(([messageId, pattern]) => addMessage(reading, sample, messageId, pattern));
}

function addMessage(reading: Reading, sample: string, messageId: string, pattern: RegExp): boolean {
  const match = pattern.exec(sample);
  if (match === null) return false;
  // Patterns run on to the end of the line; advice may stand in what they took.
  const word = /^\S+/.exec(match[0])?.[0].length ?? 1;
  if ([word, 24, 80].some((length) => isRule(sample, match.index, Math.min(match[0].length, length))))
    return false;
  reading.artifacts.push({
    kind: "libraryMessage",
    origin: originOf(reading, lineOf(sample, match.index)),
    summary: `message of a library: ${match[0].slice(0, 120)}`,
    messageId,
    quoted: match[0].slice(0, 200),
  });
  return true;
}
