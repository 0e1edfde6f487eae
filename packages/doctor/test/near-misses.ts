/** Texts that look like a failure of a connection, a key file or a program, and tell of none. */

/** Name and text; a name that begins with "prose" may hold nothing that the doctor knows. */
export const NEAR_MISSES: ReadonlyArray<readonly [string, string]> = [
  ["prose, proxy setting", "HTTPS_PROXY=http://proxy.school.example:3128\nNO_PROXY=localhost,127.0.0.1"],
  [
    "prose, proxy log ok",
    "CONNECT login.microsoftonline.com:443 HTTP/1.1\nHTTP/1.1 200 Connection established",
  ],
  [
    "prose, proxy docs",
    "If the proxy answers 407 Proxy Authentication Required, set HTTPS_PROXY with a user and a password.",
  ],
  ["prose, clock ok", "chronyc tracking\nSystem time : 0.000012 seconds slow of NTP time"],
  [
    "prose, tls 12",
    "SSL-Session:\n    Protocol  : TLSv1.3\n    Cipher    : TLS_AES_256_GCM_SHA384\nVerify return code: 0 (ok)",
  ],
  [
    "prose, tls docs",
    "When the certificate verify failed message shows up, install the certifi package and run the installer again.",
  ],
  [
    "prose, tls changelog",
    "- Fixed a hang after SSL peer shut down incorrectly when the pool was closed\n- Bumped okhttp",
  ],
  [
    "prose, dns ok",
    "nslookup login.microsoftonline.com\nServer: 10.0.0.10\nName: login.microsoftonline.com\nAddress: 20.190.160.1",
  ],
  [
    "prose, network docs",
    "Our retry policy treats ECONNRESET, ETIMEDOUT and socket hang up as passing faults.",
  ],
  ["prose, network table", "| ECONNREFUSED | nothing listens at the port | start the service |"],
  [
    "prose, file listing",
    "-rw------- 1 daemon daemon 1704 Nov 21 12:00 key.pem\n-rw-r--r-- 1 daemon daemon 1184 Nov 21 12:00 cert.pem",
  ],
  ["prose, file opened", 'openat(AT_FDCWD, "/etc/daemon/cert.pem", O_RDONLY) = 3'],
  ["prose, file code", "with open('cert.pem', 'rb') as file:\n    data = file.read()"],
  [
    "prose, key code python",
    "try:\n    key = load_pem_private_key(data, password=None)\nexcept TypeError:\n    raise SystemExit('the key is encrypted')",
  ],
  ["prose, key match ok", "openssl verify -CAfile ca.pem cert.pem\ncert.pem: OK"],
  ["prose, pfx log ok", "keytool -list -storetype PKCS12 -keystore app.p12\nYour keystore contains 1 entry"],
  [
    "prose, pfx docs",
    "If the keystore password was incorrect, check the variable KEYSTORE_PASSWORD and restart.",
  ],
  ["prose, key docs", "When you see no start line, check that the file begins with BEGIN PRIVATE KEY."],
  [
    "prose, certificate store ok",
    "Get-ChildItem Cert:\\CurrentUser\\My\n\nThumbprint                                Subject\n----------                                -------\nBD1ECB4837618108388133E273A18010A07F08B8  CN=daemon",
  ],
  [
    "prose, powershell ok",
    "Connect-ExchangeOnline -CertificateThumbprint $thumbprint -AppId $appId -Organization school.onmicrosoft.com -ShowBanner:$false",
  ],
  [
    "prose, powershell mandatory",
    "param([Parameter(Mandatory)][string]$CertificateThumbprint, [Parameter(Mandatory)][string]$TenantId)",
  ],
  [
    "prose, module list",
    "ModuleType Version Name\n---------- ------- ----\nScript     3.4.0   ExchangeOnlineManagement\nScript     2.19.0  Microsoft.Graph.Authentication",
  ],
  ["prose, pip ok", "Successfully installed msal-1.31.0 azure-identity-1.19.0"],
  [
    "prose, az ok",
    '{"environmentName":"AzureCloud","isDefault":true,"state":"Enabled","user":{"type":"servicePrincipal"}}',
  ],
  ["prose, az docs", "Please sign in with az login before you run the script."],
  [
    "prose, vault ok",
    '{"attributes":{"enabled":true},"contentType":"application/x-pkcs12","id":"https://school.vault.azure.net/secrets/daemon"}',
  ],
  [
    "prose, default credential docs",
    "DefaultAzureCredential tries the environment, workload identity, managed identity and then the developer tools.",
  ],
  [
    "prose, autodiscover docs",
    "Autodiscover finds the address of EWS for a mailbox; with Exchange Online it is always the same.",
  ],
  [
    "prose, autodiscover ok",
    "<Protocol><Type>EXCH</Type><EwsUrl>https://mail.school.example/EWS/Exchange.asmx</EwsUrl></Protocol>",
  ],
  [
    "prose, ews code",
    'catch (AutodiscoverLocalException) { service.Url = new Uri("https://outlook.office365.com/EWS/Exchange.asmx"); }',
  ],
  [
    "prose, ews ok",
    '<m:FindItemResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode></m:FindItemResponseMessage>',
  ],
  ["prose, sharepoint docs", "Access denied pages can be switched off in the site settings."],
  [
    "prose, codes in code",
    'const retryable = ["ErrorServerBusy", "ErrorTimeoutExpired", "ErrorMailboxStoreUnavailable"];',
  ],
  [
    "prose, codes switch",
    'switch (error.code) { case "ErrorFolderNotFound": return null; case "ErrorQuotaExceeded": throw error; }',
  ],
  [
    "prose, codes release note",
    "## 2.3.0\n- Retry ErrorInternalServerError and MailboxInfoStale\n- Explain AADSTS50074 and AADSTS53003 in the log",
  ],
  [
    "prose, credentials release note",
    "- New password credentials must be generated by addPassword since this version; keyCredentials stay as they are",
  ],
  [
    "prose, oauth words",
    "The token endpoint may answer invalid_client, invalid_grant, unauthorized_client, invalid_scope or invalid_request.",
  ],
  ["prose, oauth code", 'if (error.error === "invalid_grant") await signIn();'],
  ["prose, oauth catch", "except InvalidGrantError:\n    return redirect('/login')"],
  ["prose, oauth union", 'type OAuthError = "invalid_client" | "invalid_grant" | "invalid_scope";'],
  [
    "prose, imap ok",
    "* OK The Microsoft Exchange IMAP4 service is ready. outlook.office365.com\nA1 OK LOGIN completed.",
  ],
  [
    "prose, imap docs",
    "If LOGIN failed. appears, check that IMAP is switched on for the mailbox, or use a token.",
  ],
  [
    "prose, silent code",
    "try { result = await app.AcquireTokenSilent(scopes, account).ExecuteAsync(); }\ncatch (MsalUiRequiredException) { result = await app.AcquireTokenInteractive(scopes).ExecuteAsync(); }",
  ],
  ["prose, silent docs", "When MsalUiRequiredException is thrown, start an interactive sign-in."],
  [
    "prose, b2c docs",
    "AADB2C90118 means that the user asked to reset the password; our handler starts that flow.",
  ],
  [
    "prose, tenant option",
    'new ClientSecretCredential(tenantId, clientId, secret, new ClientSecretCredentialOptions { AdditionallyAllowedTenants = { "*" } })',
  ],
  [
    "prose, free busy docs",
    "availabilityViewInterval is between 5 and 1440 minutes, and not longer than the window.",
  ],
  [
    "prose, exchange session ok",
    "VERBOSE: [ThreadID: 12] Successfully got a token from AAD\nVERBOSE: Connected, 1 session",
  ],
  ["prose, unauthorized docs", "Connect-ExchangeOnline needs the role; without one the command is refused."],
  ["prose, android keystore docs", "On Android the library keeps its key in AndroidKeyStore."],
  ["prose, axios docs", "axios throws for every status code outside 2xx; read error.response.data."],
  ["prose, sentence docs", "When the refresh token has expired due to inactivity, the user signs in again."],
  ["prose, office error object", '{"value":null,"status":"succeeded","error":null}'],
  [
    "prose, token ok",
    "POST https://login.microsoftonline.com/8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001/oauth2/v2.0/token 200 OK 312ms",
  ],
  ["prose, manifest saved", "Successfully updated Timetable application. Update Timetable permissions"],
  [
    "prose, vault cmdlet",
    "Set-AzKeyVaultAccessPolicy -VaultName school -ObjectId $id -PermissionsToSecrets get",
  ],
  [
    "prose, devops docs",
    "Azure DevOps wants the service principal to be added as a user of the organisation.",
  ],
  ["prose, bearer docs", "Send Authorization: Bearer followed by the access token."],
  ["prose, assertion type", "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer"],
  ["prose, null check", "if (secureString == null) throw new ArgumentNullException(nameof(secureString));"],
  ["prose, client id docs", "The client ID is optional where the pod has a workload identity."],
  [
    "prose, meeting policy ok",
    "Get-CsApplicationAccessPolicy\n\nIdentity : Global\nAppIds   : {2f877daa-b6f5-42a3-8430-acf238b234e1}",
  ],
  ["prose, privilege docs", "Give the application user the role Basic User, which has prvReadContact."],
  [
    "prose, thumbprint script",
    "$cert = Get-Item Cert:\\CurrentUser\\My\\$Thumbprint\nConnect-AzAccount -ServicePrincipal -CertificateThumbprint $cert.Thumbprint -ApplicationId $id -Tenant $tenant",
  ],
  ["prose, code and message form", "Postal code: SW1A\nMessage: please deliver before noon"],
  ["prose, stack frames docs", "The constructor X509Certificate2(String, String) reads a PFX from a file."],
  ["prose, ews provider ok", "Exchange EWS Provider is active.\nServer and mailbox checked: OK"],
  [
    "prose, json parser alone",
    "JSON.parse of an empty string: Unexpected end of JSON input is what node says.",
  ],
  ["prose, malformed docs", "Status 400 means that the request is malformed or incorrect."],
  ["prose, deserialize docs", "The workers were able to deserialize every message."],
];
