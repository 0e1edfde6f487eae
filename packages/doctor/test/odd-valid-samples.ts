/** Texts that speak of failures, look like them or handle them, and in which nothing has failed. */
import { CLIENT_ID, TENANT_ID } from "./samples.ts";

const THUMBPRINT = "CC233AE05EEAE038C85795CF01E24210BE7B62FB";
const SOAP_OK =
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><m:CreateItemResponse xmlns:m="m"><m:ResponseMessages><m:CreateItemResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode></m:CreateItemResponseMessage></m:ResponseMessages></m:CreateItemResponse></s:Body></s:Envelope>';

/** Name and text; a name that begins with "prose" may hold nothing that the doctor knows. */
export const ODD_VALID: ReadonlyArray<readonly [string, string]> = [
  [
    "prose, over",
    "Last week we still had AADSTS700027 now and then; since the certificate was rotated it is gone and everything works. Thanks!",
  ],
  [
    "prose, page of codes",
    "If you get 401 Unauthorized, see https://login.microsoftonline.com/error?code=50058. The page lists AADSTS50058 and others.",
  ],
  [
    "prose, release notes",
    "Release notes: the client now retries on AADSTS90033 and ErrorServerBusy, and prints the thumbprint when it meets AADSTS700027.",
  ],
  [
    "prose, runbook",
    "Our runbook says: when Graph answers ErrorAccessDenied, ask the administrators for Calendars.ReadWrite.",
  ],
  [
    "prose, documentation of EWS",
    "Docs: the ExchangeImpersonation SOAP header must be present when a token without user is used; our client adds it.",
  ],
  [
    "prose, table of codes",
    "| Code | Meaning |\n|---|---|\n| AADSTS700016 | application not found |\n| AADSTS7000215 | invalid secret |\n| AADSTS50034 | user unknown |",
  ],
  ["prose, changelog", "Changelog: pkcs12 archives made by OpenSSL 3 (SHA-256 MAC, AES) can now be read."],
  ["prose, me", "Remember that /me does not work without a user; use /users/{id}."],
  ["prose, question", "Does a daemon ever see AADSTS50058, or is that one for browsers with a user only?"],
  ["prose, numbers", "request-id 7000215-1 took 700027 ms; 50013 rows; error_count=0"],
  [
    "prose, log of answers",
    `2026-06-15T09:00:00Z INFO GET https://graph.microsoft.com/v1.0/users/room-12@school.example/events 200 OK 120ms\n2026-06-15T09:00:01Z INFO POST https://login.microsoftonline.com/${TENANT_ID}/oauth2/v2.0/token 200 OK`,
  ],
  [
    "prose, log of MSAL",
    "[Mon, 15 Jun 2026 09:00:01 GMT] : [a] : @azure/msal-node@7.2.1 : Verbose - Access token found in cache",
  ],
  [
    "prose, log of Azure Identity",
    "2026-06-15 09:00:00 INFO  c.a.i.ClientCertificateCredential - Azure Identity => getToken() result for scopes [https://graph.microsoft.com/.default]: SUCCESS",
  ],
  [
    "prose, store",
    `Thumbprint    : ${THUMBPRINT}\nNotAfter      : 11/21/2027 9:00:00 AM\nHasPrivateKey : True`,
  ],
  [
    "prose, script for the store",
    `$cert = Get-Item Cert:\\CurrentUser\\My\\${THUMBPRINT}\nif (-not $cert.HasPrivateKey) { throw "no private key" }`,
  ],
  [
    "prose, C# that looks before it signs",
    `var cert = new X509Certificate2("app.pfx", password, X509KeyStorageFlags.EphemeralKeySet);\nif (!cert.HasPrivateKey) throw new InvalidOperationException("certificate has no private key");\nvar app = ConfidentialClientApplicationBuilder.Create("${CLIENT_ID}").WithAuthority("https://login.microsoftonline.com/${TENANT_ID}").WithCertificate(cert).Build();`,
  ],
  [
    "prose, JavaScript that handles a code",
    'if (error.code === "ErrorAccessDenied") retry(); // Access is denied\nawait client.api("/users/room-12@school.example/events").get();',
  ],
  [
    "prose, C# that handles a code",
    'try { await app.AcquireTokenForClient(scopes).ExecuteAsync(); }\ncatch (MsalServiceException ex) when (ex.Message.Contains("AADSTS70011")) { Console.WriteLine("scope"); }',
  ],
  [
    "prose, Python that handles a refusal",
    'try:\n    account = Account("room-12@school.example", config=config, access_type=IMPERSONATION)\nexcept exchangelib.errors.UnauthorizedError as error:\n    print(error)',
  ],
  [
    "request with hidden values",
    "curl -X POST https://login.microsoftonline.com/xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx/oauth2/v2.0/token -d grant_type=client_credentials -d client_id=xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx -d scope=https://graph.microsoft.com/.default -d client_secret=****",
  ],
  [
    "prose, environment",
    `AZURE_TENANT_ID=${TENANT_ID}\nAZURE_CLIENT_ID=${CLIENT_ID}\nAZURE_CLIENT_CERTIFICATE_PATH=/run/secrets/app.pem`,
  ],
  ["prose, EWS", SOAP_OK],
  ["prose, empty error", '{"error":"","error_description":""}'],
  ["prose, no error", '{"error":null,"data":{"ok":true}}'],
  [
    "prose, event about a denial",
    '{"value":[{"id":"AAMk1","subject":"Access is denied to the chemistry lab","start":{"dateTime":"2026-06-15T09:00:00","timeZone":"UTC"},"end":{"dateTime":"2026-06-15T10:00:00","timeZone":"UTC"}}]}',
  ],
  [
    "prose, sign-in log",
    `{"createdDateTime":"2026-06-15T09:00:00Z","appId":"${CLIENT_ID}","status":{"errorCode":0,"failureReason":"Other."}}`,
  ],
  [
    "prose, HAR",
    '{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[{"startedDateTime":"2026-06-15T09:00:00Z","request":{"method":"GET","url":"https://school.example/missing.png","headers":[]},"response":{"status":404,"headers":[],"content":{"text":""}}}]}}',
  ],
  [
    "prose, Terraform",
    `provider "azuread" {\n  client_id = "${CLIENT_ID}"\n  tenant_id = "${TENANT_ID}"\n  client_certificate_path = "/run/app.pfx"\n}`,
  ],
];
