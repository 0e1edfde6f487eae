/** Program code as people paste it: with one known mistake, and without any. */

const TENANT = "8c5b0d56-9b0e-4a39-8ac4-6f4f6a6a1e02";
const CLIENT = "2f6f2f5e-1d3c-4a57-9a43-0c1a6f0f2b11";

/** Name, the code of the mistake, the snippet. */
export const WRONG_CODE: ReadonlyArray<readonly [string, string, string]> = [
  [
    "C#, x5t of the hex text",
    "ASSERTION_X5T_HEX_TEXT",
    `var header = new Dictionary<string, object> {
  { "alg", "RS256" }, { "typ", "JWT" },
  { "x5t", Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes(certificate.Thumbprint)) },
};`,
  ],
  [
    "C#, string overload of the encoder",
    "ASSERTION_X5T_HEX_TEXT",
    `using Microsoft.IdentityModel.Tokens;
string x5t = Base64UrlEncoder.Encode(cert.Thumbprint.ToLower());
var clientAssertion = Sign(x5t);`,
  ],
  [
    "Python, x5t of the hex text",
    "ASSERTION_X5T_HEX_TEXT",
    `import base64, jwt, time
x5t = base64.urlsafe_b64encode(thumbprint.encode("utf-8")).decode()
client_assertion = jwt.encode(claims, key, algorithm="RS256", headers={"x5t": x5t})`,
  ],
  [
    "Python, hexdigest",
    "ASSERTION_X5T_HEX_TEXT",
    `import base64, hashlib, jwt
headers = {"x5t": base64.urlsafe_b64encode(hashlib.sha1(der).hexdigest().encode()).decode()}
assertion = jwt.encode(payload, private_key, algorithm="RS256", headers=headers)`,
  ],
  [
    "Node, x5t of the hex text",
    "ASSERTION_X5T_HEX_TEXT",
    `const jwt = require("jsonwebtoken");
const x5t = Buffer.from(thumbprint.replace(/:/g, "")).toString("base64url");
const client_assertion = jwt.sign(payload, key, { algorithm: "RS256", header: { alg: "RS256", x5t } });`,
  ],
  [
    "PHP, x5t of the hex text",
    "ASSERTION_X5T_HEX_TEXT",
    `<?php
$x5t = base64_encode(openssl_x509_fingerprint($cert, 'sha1'));
$header = ['alg' => 'RS256', 'typ' => 'JWT', 'x5t' => $x5t];`,
  ],
  [
    "PowerShell, x5t of the hex text",
    "ASSERTION_X5T_HEX_TEXT",
    `$cert = Get-Item Cert:\\CurrentUser\\My\\$id
$x5t = [Convert]::ToBase64String([System.Text.Encoding]::UTF8.GetBytes($cert.Thumbprint))
$header = @{ alg = "RS256"; typ = "JWT"; x5t = $x5t }`,
  ],
  [
    "shell, x5t of the hex text",
    "ASSERTION_X5T_HEX_TEXT",
    `THUMBPRINT=$(openssl x509 -in cert.pem -noout -fingerprint -sha1 | cut -d= -f2 | tr -d ':')
x5t=$(echo -n $THUMBPRINT | openssl base64 -A)`,
  ],
  [
    "Java, x5t of the hex text",
    "ASSERTION_X5T_HEX_TEXT",
    `String x5t = Base64.getUrlEncoder().withoutPadding().encodeToString(thumbprint.getBytes(StandardCharsets.UTF_8));
JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256).x509CertThumbprint(new Base64URL(x5t)).build();`,
  ],
  [
    "Go, x5t of the hex text",
    "ASSERTION_X5T_HEX_TEXT",
    `func assertion() string {
  token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
  token.Header["x5t"] = base64.RawURLEncoding.EncodeToString([]byte(thumbprint))
  return token
}`,
  ],
  [
    "C#, raw hex in x5t",
    "ASSERTION_X5T_HEX_AS_BASE64",
    `var header = new JwtHeader(credentials);
header["x5t"] = certificate.Thumbprint;
var clientAssertion = new JwtSecurityTokenHandler().WriteToken(new JwtSecurityToken(header, payload));`,
  ],
  [
    "Python, raw hex in x5t",
    "ASSERTION_X5T_HEX_AS_BASE64",
    `import jwt
headers = {"alg": "RS256", "x5t": "BD1ED2C8376108384EE273A1801A07F08B31D724"}
client_assertion = jwt.encode(claims, key, algorithm="RS256", headers=headers)`,
  ],
  [
    "C#, plain base64 in x5t",
    "ASSERTION_X5T_NOT_BASE64URL",
    `var header = new { alg = "RS256", typ = "JWT", x5t = Convert.ToBase64String(cert.GetCertHash()) };
var claims = new { aud, iss = clientId, sub = clientId };`,
  ],
  [
    "MSAL Node, thumbprint with colons",
    "ASSERTION_X5T_SEPARATORS",
    `const msal = require("@azure/msal-node");
const app = new msal.ConfidentialClientApplication({ auth: { clientId, authority, clientCertificate: {
  thumbprint: "BD:1E:D2:C8:37:61:08:38:4E:E2:73:A1:80:1A:07:F0:8B:31:D7:24", privateKey } } });`,
  ],
  [
    "MSAL.NET, single permission",
    "REQUEST_SCOPE_NOT_DEFAULT",
    `var app = ConfidentialClientApplicationBuilder.Create(clientId).WithCertificate(cert).WithTenantId(tenantId).Build();
string[] scopes = new string[] { "https://graph.microsoft.com/Calendars.ReadWrite" };
var result = await app.AcquireTokenForClient(scopes).ExecuteAsync();`,
  ],
  [
    "MSAL Python, single permission",
    "REQUEST_SCOPE_NOT_DEFAULT",
    `import msal
app = msal.ConfidentialClientApplication(client_id, authority=authority, client_credential=credential)
result = app.acquire_token_for_client(scopes=["User.Read.All"])`,
  ],
  [
    "azure/identity, single permission",
    "REQUEST_SCOPE_NOT_DEFAULT",
    `import { ClientCertificateCredential } from "@azure/identity";
const credential = new ClientCertificateCredential(tenantId, clientId, path);
const token = await credential.getToken("https://graph.microsoft.com/Calendars.Read");`,
  ],
  [
    "PowerShell body, single permission",
    "REQUEST_SCOPE_NOT_DEFAULT",
    `$Body = @{
    client_id     = $clientId
    scope         = "https://graph.microsoft.com/Calendars.Read"
    client_secret = $secret
    grant_type    = "client_credentials"
}
$token = Invoke-RestMethod -Method Post -Uri "https://login.microsoftonline.com/$tenant/oauth2/v2.0/token" -Body $Body`,
  ],
  [
    "MSAL Node, /common",
    "REQUEST_TENANT_COMMON",
    `const cca = new ConfidentialClientApplication({ auth: { clientId, authority: "https://login.microsoftonline.com/common", clientCertificate } });
const result = await cca.acquireTokenByClientCredential({ scopes: ["https://graph.microsoft.com/.default"] });`,
  ],
  [
    "Graph SDK, /me without user",
    "TOKEN_ME_PATH",
    `var credential = new ClientCertificateCredential(tenantId, clientId, certificate);
var graphClient = new GraphServiceClient(credential, new[] { "https://graph.microsoft.com/.default" });
var events = await graphClient.Me.Events.GetAsync();`,
  ],
  [
    "Graph SDK, group calendar",
    "TOKEN_GROUP_CALENDAR",
    `var credential = new ClientSecretCredential(tenantId, clientId, clientSecret);
var graphClient = new GraphServiceClient(credential, new[] { "https://graph.microsoft.com/.default" });
await graphClient.Groups[groupId].Events.PostAsync(newEvent);`,
  ],
  [
    "requests, JSON body",
    "REQUEST_NOT_FORM",
    `import requests
payload = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret, "scope": "https://graph.microsoft.com/.default"}
r = requests.post(f"https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token", json=payload)`,
  ],
  [
    "fetch, JSON body",
    "REQUEST_NOT_FORM",
    `const response = await fetch(\`https://login.microsoftonline.com/\${tenant}/oauth2/v2.0/token\`, {
  method: "POST", headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ grant_type: "client_credentials", client_id: clientId, client_secret: secret, scope: "https://graph.microsoft.com/.default" }),
});`,
  ],
  [
    "PowerShell, JSON body",
    "REQUEST_NOT_FORM",
    `$body = @{ grant_type = "client_credentials"; client_id = $id; client_secret = $secret; scope = "https://graph.microsoft.com/.default" }
Invoke-RestMethod -Method Post -Uri $tokenUri -Body ($body | ConvertTo-Json) -ContentType "application/json"`,
  ],
  [
    "Node, own JWT as bearer",
    "TOKEN_SELF_MADE",
    `const jwt = require("jsonwebtoken");
const clientAssertion = jwt.sign({ aud, iss: clientId, sub: clientId }, privateKey, { algorithm: "RS256", header: { x5t } });
const answer = await axios.get("https://graph.microsoft.com/v1.0/users", { headers: { Authorization: \`Bearer \${clientAssertion}\` } });`,
  ],
  [
    "EWS managed API with a secret",
    "EWS_AUTH_TOO_WEAK",
    `var cca = ConfidentialClientApplicationBuilder.Create(appId).WithClientSecret(secret).WithTenantId(tenantId).Build();
var result = await cca.AcquireTokenForClient(new[] { "https://outlook.office365.com/.default" }).ExecuteAsync();
var service = new ExchangeService { Credentials = new OAuthCredentials(result.AccessToken), ImpersonatedUserId = new ImpersonatedUserId(ConnectingIdType.SmtpAddress, mailbox) };`,
  ],
  [
    "EWS managed API without impersonation",
    "REQUEST_EWS_IMPERSONATION",
    `var cca = ConfidentialClientApplicationBuilder.Create(appId).WithCertificate(certificate).WithTenantId(tenantId).Build();
var result = await cca.AcquireTokenForClient(new[] { "https://outlook.office365.com/.default" }).ExecuteAsync();
var service = new ExchangeService();
service.Credentials = new OAuthCredentials(result.AccessToken);
var found = service.FindAppointments(WellKnownFolderName.Calendar, view);`,
  ],
  [
    "Node, assertion by HMAC",
    "ASSERTION_ALG_UNSUPPORTED",
    `const client_assertion = jwt.sign({ aud: tokenEndpoint, iss: clientId, sub: clientId }, clientSecret, { algorithm: "HS256" });
const params = new URLSearchParams({ grant_type: "client_credentials", client_assertion });`,
  ],
  [
    "Python, audience is the API",
    "ASSERTION_AUD_RESOURCE",
    `import jwt
claims = {"aud": "https://graph.microsoft.com", "iss": client_id, "sub": client_id, "exp": now + 600}
client_assertion = jwt.encode(claims, key, algorithm="RS256", headers={"x5t": x5t})`,
  ],
  [
    "Java, audience is the authorize endpoint",
    "ASSERTION_AUD_AUTHORIZE",
    `JWTClaimsSet claims = new JWTClaimsSet.Builder().audience("https://login.microsoftonline.com/${TENANT}/oauth2/authorize").issuer(clientId).build();
SignedJWT clientAssertion = new SignedJWT(header, claims);`,
  ],
  [
    "Node, audience with /common",
    "ASSERTION_AUD_COMMON",
    `const payload = { aud: "https://login.microsoftonline.com/common/oauth2/v2.0/token", iss: "${CLIENT}", sub: "${CLIENT}" };
const client_assertion = jwt.sign(payload, key, { algorithm: "RS256", header: { x5t } });`,
  ],
  [
    "Node, milliseconds",
    "ASSERTION_TIME_MILLISECONDS",
    `const payload = { aud, iss: clientId, sub: clientId, exp: Date.now() + 600000, jti: uuid() };
const client_assertion = jwt.sign(payload, key, { algorithm: "RS256", header: { x5t } });`,
  ],
  [
    "Python, local time",
    "ASSERTION_TIME_LOCAL",
    `import jwt
from datetime import datetime, timedelta
claims = {"aud": aud, "iss": cid, "sub": cid, "exp": int((datetime.utcnow() + timedelta(minutes=10)).timestamp())}
client_assertion = jwt.encode(claims, key, algorithm="RS256", headers={"x5t": x5t})`,
  ],
  [
    "Node, resource at the v2.0 endpoint",
    "REQUEST_RESOURCE_ON_V2",
    `const url = "https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token";
const body = new URLSearchParams({ grant_type: "client_credentials", client_id: "${CLIENT}", client_secret: secret, resource: "https://graph.microsoft.com" });`,
  ],
  [
    "Python, resource at the v2.0 endpoint",
    "REQUEST_RESOURCE_ON_V2",
    `import requests
url = "https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token"
data = {"grant_type": "client_credentials", "client_id": "${CLIENT}", "client_secret": secret, "resource": "https://graph.microsoft.com"}
token = requests.post(url, data=data).json()["access_token"]`,
  ],
];

/** Name and snippet; nothing is wrong in them. */
export const RIGHT_CODE: ReadonlyArray<readonly [string, string]> = [
  [
    "C# assertion by hand",
    `string x5t = Base64UrlEncoder.Encode(certificate.GetCertHash());
var header = new Dictionary<string, object> { { "alg", "RS256" }, { "typ", "JWT" }, { "x5t", x5t } };
var claims = new Dictionary<string, object> { { "aud", $"https://login.microsoftonline.com/{tenantId}/oauth2/v2.0/token" }, { "iss", clientId }, { "sub", clientId }, { "exp", DateTimeOffset.UtcNow.AddMinutes(10).ToUnixTimeSeconds() } };`,
  ],
  [
    "C# descriptor",
    `var descriptor = new SecurityTokenDescriptor {
  Claims = new Dictionary<string, object> { { "aud", aud }, { "iss", clientId }, { "sub", clientId } },
  SigningCredentials = new X509SigningCredentials(certificate),
};
string clientAssertion = new JsonWebTokenHandler().CreateToken(descriptor);`,
  ],
  [
    "C# GetCertHash and Replace",
    `var x5t = Convert.ToBase64String(cert.GetCertHash()).TrimEnd('=').Replace('+', '-').Replace('/', '_');
var header = new { alg = "RS256", typ = "JWT", x5t = Convert.ToBase64String(cert.GetCertHash()).TrimEnd('=').Replace('+', '-').Replace('/', '_') };`,
  ],
  [
    "MSAL.NET",
    `var app = ConfidentialClientApplicationBuilder.Create(clientId).WithCertificate(certificate).WithAuthority($"https://login.microsoftonline.com/{tenantId}").Build();
var result = await app.AcquireTokenForClient(new[] { "https://graph.microsoft.com/.default" }).ExecuteAsync();`,
  ],
  [
    "MSAL.NET for many tenants",
    `var cca = ConfidentialClientApplicationBuilder.Create(id).WithCertificate(cert).WithAuthority("https://login.microsoftonline.com/common").Build();
var result = await cca.AcquireTokenForClient(scopes).WithAuthority(AzureCloudInstance.AzurePublic, tenantId).ExecuteAsync();`,
  ],
  [
    "MSAL.NET with a user",
    `var app = ConfidentialClientApplicationBuilder.Create(id).WithCertificate(cert).WithAuthority("https://login.microsoftonline.com/common").Build();
var result = await app.AcquireTokenByAuthorizationCode(new[] { "Calendars.ReadWrite" }, code).ExecuteAsync();
var me = await graphClient.Me.GetAsync();`,
  ],
  [
    "Python assertion by hand",
    `import base64, binascii, jwt, time, uuid
x5t = base64.urlsafe_b64encode(binascii.a2b_hex(thumbprint)).decode().rstrip("=")
claims = {"aud": f"https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token", "iss": client_id, "sub": client_id, "jti": str(uuid.uuid4()), "nbf": int(time.time()), "exp": int(time.time()) + 600}
client_assertion = jwt.encode(claims, private_key, algorithm="RS256", headers={"x5t": x5t})`,
  ],
  [
    "MSAL Python",
    `import msal
app = msal.ConfidentialClientApplication(config["client_id"], authority=config["authority"],
    client_credential={"thumbprint": config["thumbprint"], "private_key": open(config["private_key_file"]).read()})
result = app.acquire_token_for_client(scopes=["https://graph.microsoft.com/.default"])`,
  ],
  [
    "requests, form",
    `import requests
data = {"grant_type": "client_credentials", "client_id": client_id, "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion": assertion, "scope": "https://graph.microsoft.com/.default"}
r = requests.post(f"https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token", data=data)
r = requests.post("https://graph.microsoft.com/v1.0/users/room-12@school.example/events", json={"subject": "Maths"}, headers=headers)`,
  ],
  [
    "requests, form with literals",
    `import requests
payload = {
    "grant_type": "client_credentials",
    "client_id": "${CLIENT}",
    "client_secret": "<secret>",
    "scope": "https://graph.microsoft.com/.default"
}
token = requests.post("https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token", data=payload).json()`,
  ],
  [
    "Node assertion by hand",
    `const jwt = require("jsonwebtoken");
const x5t = Buffer.from(thumbprint, "hex").toString("base64url");
const now = Math.floor(Date.now() / 1000);
const payload = { aud: \`https://login.microsoftonline.com/\${tenantId}/oauth2/v2.0/token\`, iss: clientId, sub: clientId, jti: crypto.randomUUID(), nbf: now, exp: now + 600 };
const client_assertion = jwt.sign(payload, privateKey, { algorithm: "RS256", header: { alg: "RS256", x5t } });`,
  ],
  [
    "Node, digest of the certificate",
    `const thumbprint = crypto.createHash("sha1").update(der).digest();
const header = { alg: "RS256", typ: "JWT", x5t: Buffer.from(thumbprint).toString("base64url") };`,
  ],
  [
    "Node, seconds",
    `const payload = { iss: clientId, sub: clientId, aud, exp: Math.floor(Date.now() / 1000) + 600, iat: Math.floor(new Date().getTime() / 1000) };
const client_assertion = jwt.sign(payload, key, { algorithm: "RS256", header: { x5t } });`,
  ],
  [
    "MSAL Node",
    `const cca = new ConfidentialClientApplication({ auth: { clientId: process.env.CLIENT_ID, authority: "https://login.microsoftonline.com/${TENANT}",
  clientCertificate: { thumbprintSha256: process.env.THUMBPRINT, privateKey } } });
const { accessToken } = await cca.acquireTokenByClientCredential({ scopes: ["https://graph.microsoft.com/.default"] });`,
  ],
  [
    "fetch, form",
    `const body = new URLSearchParams({ grant_type: "client_credentials", client_id: clientId, client_assertion: assertion,
  client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", scope: "https://graph.microsoft.com/.default" });
const token = await (await fetch(tokenEndpoint, { method: "POST", body })).json();
await fetch(eventsUrl, { method: "POST", headers: { Authorization: \`Bearer \${token.access_token}\` }, body: JSON.stringify(event) });`,
  ],
  [
    "Express, verifying tokens",
    `const jwt = require("jsonwebtoken");
jwt.verify(token, key, { audience: "https://graph.microsoft.com", algorithms: ["RS256"] });
const client_assertion = await getAssertion();`,
  ],
  [
    "PHP assertion by hand",
    `<?php
$x5t = rtrim(strtr(base64_encode(hex2bin($thumbprint)), '+/', '-_'), '=');
$payload = ['aud' => "https://login.microsoftonline.com/$tenant/oauth2/v2.0/token", 'iss' => $clientId, 'sub' => $clientId, 'exp' => time() + 600];
$client_assertion = JWT::encode($payload, $key, 'RS256', null, ['x5t' => $x5t]);`,
  ],
  [
    "PHP, raw fingerprint",
    `<?php
$x5t = base64url_encode(openssl_x509_fingerprint($cert, 'sha1', true));
$header = ['alg' => 'RS256', 'x5t' => $x5t];`,
  ],
  [
    "PowerShell, form",
    `$body = @{
    grant_type            = "client_credentials"
    client_id             = $clientId
    client_assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    client_assertion      = $jwt
    scope                 = "https://graph.microsoft.com/.default"
}
$token = Invoke-RestMethod -Method Post -Uri "https://login.microsoftonline.com/$tenantId/oauth2/v2.0/token" -Body $body`,
  ],
  [
    "PowerShell, GetCertHash",
    `$hash = [System.Convert]::ToBase64String($cert.GetCertHash()) -replace '\\+','-' -replace '/','_' -replace '='
$header = @{ alg = "RS256"; typ = "JWT"; x5t = $hash } | ConvertTo-Json`,
  ],
  [
    "PowerShell, Graph module",
    `$cert = Get-Item Cert:\\CurrentUser\\My\\BD1ED2C8376108384EE273A1801A07F08B31D724
Connect-MgGraph -ClientId $clientId -TenantId $tenantId -CertificateThumbprint $cert.Thumbprint
Get-MgUserCalendarView -UserId room-12@school.example -StartDateTime $from -EndDateTime $to`,
  ],
  [
    "shell with variables",
    `TOKEN=$(curl -s -X POST "https://login.microsoftonline.com/$TENANT_ID/oauth2/v2.0/token" \\
  -d "grant_type=client_credentials" -d "client_id=$CLIENT_ID" --data-urlencode "client_assertion@assertion.jwt" \\
  -d "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer" \\
  --data-urlencode "scope=https://graph.microsoft.com/.default" | jq -r .access_token)`,
  ],
  [
    "shell, thumbprint",
    `x5t=$(openssl x509 -in cert.pem -noout -fingerprint -sha1 | cut -d= -f2 | tr -d ':' | xxd -r -p | base64 | tr '+/' '-_' | tr -d '=')
echo "thumbprint $x5t"`,
  ],
  [
    "Java, MSAL4J",
    `import com.microsoft.aad.msal4j.*;
IClientCredential credential = ClientCredentialFactory.createFromCertificate(key, certificate);
ConfidentialClientApplication app = ConfidentialClientApplication.builder(clientId, credential).authority("https://login.microsoftonline.com/" + tenantId).build();
ClientCredentialParameters parameters = ClientCredentialParameters.builder(Collections.singleton("https://graph.microsoft.com/.default")).build();`,
  ],
  [
    "Java, Nimbus",
    `String x5t = Base64.getUrlEncoder().withoutPadding().encodeToString(MessageDigest.getInstance("SHA-1").digest(cert.getEncoded()));
JWTClaimsSet claims = new JWTClaimsSet.Builder().audience(tokenEndpoint).issuer(clientId).subject(clientId).build();
SignedJWT clientAssertion = new SignedJWT(header, claims);`,
  ],
  [
    "Go, azidentity",
    `package main
func main() {
  cred, err := azidentity.NewClientCertificateCredential(tenantID, clientID, certs, key, nil)
  token, err := cred.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{"https://graph.microsoft.com/.default"}})
}`,
  ],
  [
    "EWS managed API",
    `var result = await cca.AcquireTokenForClient(new[] { "https://outlook.office365.com/.default" }).ExecuteAsync();
var service = new ExchangeService { Url = new Uri("https://outlook.office365.com/EWS/Exchange.asmx"), Credentials = new OAuthCredentials(result.AccessToken) };
service.ImpersonatedUserId = new ImpersonatedUserId(ConnectingIdType.SmtpAddress, "room-12@school.example");
var found = service.FindAppointments(WellKnownFolderName.Calendar, view);`,
  ],
  [
    "a mistake in a comment",
    `// wrong: Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes(certificate.Thumbprint))
var x5t = Base64UrlEncoder.Encode(certificate.GetCertHash());
var clientAssertion = Sign(x5t);`,
  ],
  [
    "a mistake in a Python comment",
    `import jwt
# never: headers={"x5t": "BD1ED2C8376108384EE273A1801A07F08B31D724"}
client_assertion = jwt.encode(claims, key, algorithm="PS256", headers={"x5t#S256": x5t_s256})`,
  ],
  [
    "Graph SDK without user",
    `var credential = new ClientCertificateCredential(tenantId, clientId, certificate);
var graphClient = new GraphServiceClient(credential, new[] { "https://graph.microsoft.com/.default" });
await graphClient.Users["room-12@school.example"].Events.PostAsync(newEvent);`,
  ],
  [
    "Node, handling errors",
    `const credential = new ClientCertificateCredential(tenantId, clientId, path);
try { await client.api("/users/room-12@school.example/events/" + id).delete(); }
catch (error) { if (error.code === "ErrorItemNotFound" || error.code === "MailboxNotEnabledForRESTAPI") return; throw error; }`,
  ],
  [
    "Python, handling errors",
    `import msal
result = app.acquire_token_for_client(scopes=["https://graph.microsoft.com/.default"])
try:
    item.delete()
except (ErrorItemNotFound, ErrorServerBusy):
    pass`,
  ],
  [
    "EWS managed API, handling errors",
    `service.Credentials = new OAuthCredentials(result.AccessToken);
var service2 = new ExchangeService();
try { appointment.Delete(DeleteMode.HardDelete); }
catch (ServiceResponseException e) when (e.ErrorCode == ServiceError.ErrorItemNotFound) { }`,
  ],
  [
    "exchangelib, importing errors",
    `from exchangelib import Account, Configuration, OAUTH2
from exchangelib.errors import ErrorItemNotFound, ErrorServerBusy
try:
    item.delete()
except ErrorItemNotFound:
    pass
client_assertion = make_assertion()`,
  ],
  [
    "JavaScript, tokens under names with dots",
    `const result = { accessToken: response.body.access_token, idToken: response.body.id_token };
const client_assertion = await makeAssertion(config.auth.clientCertificate.thumbprint);`,
  ],
  [
    "MSAL Python, bodies left out",
    `import msal
app = msal.ConfidentialClientApplication("${CLIENT}", client_credential={
    "private_key": "...-----BEGIN PRIVATE KEY-----... in PEM format",
    "thumbprint": thumbprint_of_the_certificate_in_hex,
    "public_certificate": "...-----BEGIN CERTIFICATE-----... (Optional. For subject name and issuer.)",
})`,
  ],
];
