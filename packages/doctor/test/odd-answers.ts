/** Answers of Entra, Graph and Exchange in the many forms in which they are pasted. */
import { Buffer } from "node:buffer";
import { CLIENT, REFUSAL, REFUSAL_BODY, TENANT } from "./odd-parts.ts";

/** Name, what was pasted, and the faults and warnings that must be found, the chief one first. */
export const ODD_ANSWERS: ReadonlyArray<readonly [string, string | Buffer, readonly string[]]> = [
  [
    "e01-go",
    `panic: ClientCertificateCredential authentication failed. \nPOST https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token\n--------------------------------------------------------------------------------\nRESPONSE 401 Unauthorized\n--------------------------------------------------------------------------------\n${JSON.stringify(JSON.parse(REFUSAL_BODY), null, 2)}\n--------------------------------------------------------------------------------\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:33 +0x1d\n`,
    ["ASSERTION_X5T_HEX_TEXT"],
  ],
  [
    "e02-java",
    `Exception in thread "main" java.util.concurrent.ExecutionException: com.microsoft.aad.msal4j.MsalServiceException: ${REFUSAL}\n\tat java.base/java.util.concurrent.CompletableFuture.reportGet(CompletableFuture.java:396)\nCaused by: com.microsoft.aad.msal4j.MsalServiceException: ${REFUSAL}\n`,
    ["ASSERTION_X5T_HEX_TEXT"],
  ],
  [
    "e03-python",
    `Traceback (most recent call last):\n  File "app.py", line 20, in <module>\n    raise Exception(result)\nException: {'error': 'invalid_client', 'error_description': "${REFUSAL.replace(
      / Trace ID/,
      "\\r\\nTrace ID",
    )
      .replace(/ Correlation/, "\\r\\nCorrelation")
      .replace(
        / Timestamp/,
        "\\r\\nTimestamp",
      )}", 'error_codes': [700027], 'timestamp': '2026-01-31 12:00:00Z', 'error_uri': 'https://login.microsoftonline.com/error?code=700027'}`,
    ["ASSERTION_X5T_HEX_TEXT"],
  ],
  [
    "e04-net",
    `MSAL.NetCore.4.61.3.0.MsalServiceException: \n\tErrorCode: invalid_client\nMicrosoft.Identity.Client.MsalServiceException: A configuration issue is preventing authentication - check the error message from the server for details. You can modify the configuration in the application registration portal. See https://aka.ms/msal-net-invalid-client for details.  Original exception: ${REFUSAL}\n   at Microsoft.Identity.Client.OAuth2.OAuth2Client.ThrowServerException(HttpResponse response, RequestContext requestContext)\n\tStatusCode: 401\n\tResponseBody: ${REFUSAL_BODY}\n\tHeaders: Cache-Control: no-store`,
    ["ASSERTION_X5T_HEX_TEXT"],
  ],
  [
    "e05-js",
    `ServerError: invalid_client: Error(s): 700027 - Timestamp: 2026-01-31 12:00:00Z - Description: ${REFUSAL.replace("AADSTS", "AADSTS")} - Correlation ID: 5f5f5f5f-6a6a-7b7b-8c8c-9d9d9d9d9d9d - Trace ID: 0a0a0a0a-1b1b-2c2c-3d3d-4e4e4e4e0100\n    at ResponseHandler.validateTokenResponse (/app/node_modules/@azure/msal-common/dist/response/ResponseHandler.cjs:53:25) {\n  errorCode: 'invalid_client',\n  errorMessage: "700027",\n  subError: '',\n}`,
    ["ASSERTION_X5T_HEX_TEXT"],
  ],
  [
    "e06-powershell",
    `Invoke-RestMethod : {"error":"invalid_client","error_description":"${REFUSAL.replace(/ Trace ID/, "\\r\\nTrace ID")}","error_codes":[700027]}\nAt C:\\scripts\\token.ps1:14 char:10\n+ $token = Invoke-RestMethod -Method Post -Uri $uri -Body $body\n+          ~~~~~~~~~~~~~~~~~\n    + CategoryInfo          : InvalidOperation: (System.Net.HttpWebRequest:HttpWebRequest) [Invoke-RestMethod], WebException`,
    ["ASSERTION_X5T_HEX_TEXT"],
  ],
  [
    "e07-jsoninjson",
    `2026-01-31T12:00:01Z {"level":"error","logger":"sync","msg":${JSON.stringify(JSON.stringify({ upstream: REFUSAL_BODY }))},"pod":"timetable-0"}`,
    ["ASSERTION_X5T_HEX_TEXT"],
  ],
  [
    "e08-redirect",
    `https://timetable.school.example/signin-oidc?error=invalid_client&error_description=${encodeURIComponent(REFUSAL)}&error_uri=https%3a%2f%2flogin.microsoftonline.com%2ferror%3fcode%3d700027&state=12345`,
    ["ASSERTION_X5T_HEX_TEXT"],
  ],
  [
    "e09-redirectplus",
    `http://localhost:3000/callback#error=unauthorized_client&error_description=AADSTS700016%3a+Application+with+identifier+%27${CLIENT}%27+was+not+found+in+the+directory+%27Example+School%27.+This+can+happen+if+the+application+has+not+been+installed+by+the+administrator+of+the+tenant.%0d%0aTrace+ID%3a+0a0a0a0a-1b1b-2c2c-3d3d-4e4e4e4e0100%0d%0aCorrelation+ID%3a+5f5f5f5f-6a6a-7b7b-8c8c-9d9d9d9d9d9d%0d%0aTimestamp%3a+2026-01-31+12%3a00%3a00Z&error_subcode=x`,
    ["APPLICATION_NOT_FOUND"],
  ],
  [
    "e10-azurecli",
    `ERROR: AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${CLIENT}'. Trace ID: 0a0a0a0a-1b1b-2c2c-3d3d-4e4e4e4e0100 Correlation ID: 5f5f5f5f-6a6a-7b7b-8c8c-9d9d9d9d9d9d Timestamp: 2026-01-31 12:00:00Z\nInteractive authentication is needed. Please run:\naz logout\naz login`,
    ["APPLICATION_SECRET_WRONG"],
  ],
  [
    "e11-ruby",
    `OAuth2::Error: invalid_client: AADSTS7000222: The provided client secret keys for app '${CLIENT}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.\nTrace ID: 0a0a\n{"error":"invalid_client","error_description":"AADSTS7000222: The provided client secret keys`,
    ["APPLICATION_SECRET_EXPIRED"],
  ],
  [
    "e12-phplog",
    `[2026-01-31 12:00:00] production.ERROR: Client error: \`POST https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token\` resulted in a \`400 Bad Request\` response:\n{"error":"invalid_scope","error_description":"AADSTS1002012: The provided value for scope Calendars.ReadWrite is not valid. (truncated...)\n {"exception":"[object] (GuzzleHttp\\\\Exception\\\\ClientException(code: 400): ..."}`,
    ["REQUEST_SCOPE_NOT_DEFAULT"],
  ],
  [
    "e13-xml",
    `<log4j:event logger="sync" level="ERROR"><log4j:message><![CDATA[{&quot;error&quot;:&quot;invalid_request&quot;,&quot;error_description&quot;:&quot;AADSTS900144: The request body must contain the following parameter: &#39;scope&#39;.&quot;}]]></log4j:message></log4j:event>`,
    ["REQUEST_SCOPE_MISSING"],
  ],
  ["e14-wrappedmail", REFUSAL.replace(/(.{60})/g, "> $1\n"), ["ASSERTION_X5T_HEX_TEXT"]],
  ["e15-utf16", Buffer.from(`\ufeff${REFUSAL}`, "utf16le"), ["ASSERTION_X5T_HEX_TEXT"]],
  [
    "g01-sdknet",
    `Microsoft.Graph.Models.ODataErrors.ODataError: Access is denied. Check credentials and try again.\n   at Microsoft.Kiota...\nCode: ErrorAccessDenied\n`,
    ["GRAPH_ACCESS_DENIED"],
  ],
  [
    "g02-kiotajs",
    `ODataError: {"errorEscaped":{"code":"ErrorAccessDenied","message":"Access is denied. Check credentials and try again."}}`,
    ["GRAPH_ACCESS_DENIED"],
  ],
  [
    "g03-graphclientjs",
    `GraphError: Lifetime validation failed, the token is expired.\n    at new GraphError\n  statusCode: 401,\n  code: 'InvalidAuthenticationToken',\n  requestId: 'x',\n  body: '{"code":"InvalidAuthenticationToken","message":"Lifetime validation failed, the token is expired.","innerError":{"date":"2026-01-31T12:00:00"}}'`,
    ["TOKEN_EXPIRED"],
  ],
  [
    "g04-powershell",
    `Get-MgUserCalendarView_List: {"error":{"code":"ErrorAccessDenied","message":"Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings."}}\n\nStatus: 403 (Forbidden)\nErrorCode: ErrorAccessDenied`,
    ["GRAPH_ODATA_DISABLED"],
  ],
  [
    "g05-batch",
    JSON.stringify({
      responses: [
        { id: "1", status: 201, body: { id: "AAMk1" } },
        {
          id: "2",
          status: 429,
          headers: { "Retry-After": "10" },
          body: {
            error: {
              code: "ApplicationThrottled",
              message: "Application is over its MailboxConcurrency limit.",
            },
          },
        },
      ],
    }),
    ["GRAPH_MAILBOX_CONCURRENCY"],
  ],
  [
    "g06-python",
    `APIError\n        Code: 404\n        message: None\n        error: MainError(additional_data={}, code='MailboxNotEnabledForRESTAPI', message='The mailbox is either inactive, soft-deleted, or is hosted on-premise.')`,
    ["GRAPH_MAILBOX_NOT_IN_CLOUD"],
  ],
  [
    "w01-soap",
    `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode xmlns:a="http://schemas.microsoft.com/exchange/services/2006/types">a:ErrorImpersonateUserDenied</faultcode><faultstring xml:lang="en-US">The account does not have permission to impersonate the requested user.</faultstring><detail><e:ResponseCode xmlns:e="http://schemas.microsoft.com/exchange/services/2006/errors">ErrorImpersonateUserDenied</e:ResponseCode></detail></s:Fault></s:Body></s:Envelope>`,
    ["EWS_IMPERSONATION_DENIED"],
  ],
  [
    "w02-exchangelib",
    `exchangelib.errors.ErrorAccessDenied: The requested user 'room-12@school.example' is invalid.\n`,
    ["GRAPH_ACCESS_DENIED"],
  ],
  [
    "w03-exchangelib2",
    `exchangelib.errors.UnauthorizedError: Invalid credentials for https://outlook.office365.com/EWS/Exchange.asmx\nResponse headers: {'x-ms-diagnostics': '2000008;reason="The token contains not enough scope to make this call.";error_category="invalid_grant"', 'WWW-Authenticate': 'Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@*", token_types="app_asserted_user_v1 service_asserted_app_v1", error="invalid_token"'}`,
    ["EWS_NOT_ENOUGH_SCOPE"],
  ],
  [
    "w04-managed",
    `Microsoft.Exchange.WebServices.Data.ServiceRequestException: The request failed. The remote server returned an error: (401) Unauthorized. ---> System.Net.WebException: The remote server returned an error: (401) Unauthorized.\n   at Microsoft.Exchange.WebServices.Data.EwsHttpWebRequest...`,
    ["EWS_REFUSED_UNSAID"],
  ],
  [
    "w05-403",
    `microsoft.exchange.webservices.data.core.exception.http.HttpErrorException: The remote server returned an error: (403)Forbidden`,
    ["EWS_REFUSED_UNSAID"],
  ],
  [
    "w06-soapbusy",
    `&lt;s:Fault&gt;&lt;faultcode&gt;a:ErrorServerBusy&lt;/faultcode&gt;&lt;faultstring&gt;The server cannot service this request right now.&lt;/faultstring&gt;&lt;t:Value Name="BackOffMilliseconds"&gt;297749&lt;/t:Value&gt;`,
    ["EWS_BUSY"],
  ],
  [
    "h01-curlv",
    `< HTTP/1.1 401 Unauthorized\n< X-MS-Diagnostics: 2000003;reason="The audience claim value is invalid 'https://graph.microsoft.com'.";error_category="invalid_resource"\n< WWW-Authenticate: Bearer client_id="00000002-0000-0ff1-ce00-000000000000"\n`,
    ["EWS_TOKEN_AUDIENCE"],
  ],
  [
    "h02-nethttp",
    `StatusCode: 401, ReasonPhrase: 'Unauthorized', Version: 1.1, Content: System.Net.Http.HttpConnectionResponseContent, Headers:\n{\n  x-ms-diagnostics: 2000001;reason="The access token is invalid: the roles are not recognised."\n  WWW-Authenticate: Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"\n}`,
    ["EWS_TOKEN_INVALID"],
  ],
  [
    "h03-claims",
    `www-authenticate: Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000", errorDescription="Continuous access evaluation resulted in challenge", error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZSwidmFsdWUiOiIxNzM4MzI0ODAwIn19fQ=="`,
    ["GRAPH_CLAIMS_CHALLENGE"],
  ],
  [
    "20-msalgo",
    `http call(https://login.microsoftonline.com/8c5b0d56-9b0e-4a39-8ac4-6f4f6a6a1e02/oauth2/v2.0/token)(POST) error: reply status code was 400:\n{"error":"invalid_request","error_description":"AADSTS90002: Tenant '8c5b0d56-9b0e-4a39-8ac4-6f4f6a6a1e02' not found. Check to make sure you have the correct tenant ID.","error_codes":[90002]}`,
    ["TENANT_NOT_FOUND"],
  ],
  [
    "21-html",
    `<div class="error">Sign-in error<br>AADSTS50011: The redirect URI &#39;https://timetable.school.example/signin-oidc&#39; specified in the request does not match the redirect URIs configured for the application &#39;2f6f2f5e-1d3c-4a57-9a43-0c1a6f0f2b11&#39;.</div>`,
    ["AADSTS50011"],
  ],
  [
    "22-splunk",
    `{"_raw":"2026-01-31 ERROR {\\"error\\":\\"invalid_client\\",\\"error_description\\":\\"AADSTS7000222: The provided client secret keys for app '2f6f2f5e-1d3c-4a57-9a43-0c1a6f0f2b11' are expired.\\"}","host":"a"}`,
    ["APPLICATION_SECRET_EXPIRED"],
  ],
  [
    "23-csv",
    `"2026-01-31","sync","AADSTS700016: Application with identifier '2f6f2f5e-1d3c-4a57-9a43-0c1a6f0f2b11' was not found in the directory 'School'.","FAIL"`,
    ["APPLICATION_NOT_FOUND"],
  ],
  [
    "24-signinlog",
    `Sign-in error code\n7000215\nFailure reason\nInvalid client secret is provided.\nCorrelation ID\n5f5f5f5f-6a6a-7b7b-8c8c-9d9d9d9d9d9d`,
    ["APPLICATION_SECRET_WRONG"],
  ],
  [
    "25-signinjson",
    JSON.stringify({
      createdDateTime: "2026-01-31T12:00:00Z",
      appId: "2f6f2f5e-1d3c-4a57-9a43-0c1a6f0f2b11",
      servicePrincipalName: "timetable",
      resourceDisplayName: "Microsoft Graph",
      status: { errorCode: 700027, failureReason: "Client assertion failed signature validation." },
    }),
    ["AADSTS700027"],
  ],
  [
    "26-terraform",
    `Error: building client: unable to obtain access token: running Azure CLI: exit status 1: ERROR: AADSTS700082: The refresh token has expired due to inactivity.`,
    ["AADSTS700082"],
  ],
  [
    "27-german",
    `AADSTS700027: Die Clientassertion enthält eine ungültige Signatur. [Reason - The key was not found., Thumbprint of key used by client: 'BD1ED2C8376108384EE273A1801A07F08B31D724']`,
    ["ASSERTION_CERTIFICATE_NOT_REGISTERED"],
  ],
  ["28-lowercase", `error aadsts7000215: invalid client secret provided.`, ["APPLICATION_SECRET_WRONG"]],
  [
    "30-graphtoolkit",
    `{"statusCode":403,"code":"Authorization_RequestDenied","body":"{\\"code\\":\\"Authorization_RequestDenied\\",\\"message\\":\\"Insufficient privileges to complete the operation.\\"}"}`,
    ["GRAPH_PRIVILEGES"],
  ],
  [
    "31-pwsh",
    `Connect-MgGraph: ClientCertificateCredential authentication failed: AADSTS700027: The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found., Thumbprint of key used by client: 'BD1ED2C8376108384EE273A1801A07F08B31D724', Please visit the Azure Portal]`,
    ["ASSERTION_CERTIFICATE_NOT_REGISTERED"],
  ],
  [
    "32-429",
    `HTTP/1.1 429 Too Many Requests\nRetry-After: 10\nContent-Type: application/json\n\n{"error":{"code":"TooManyRequests","message":"Please retry again later.","innerError":{"code":"429"}}}`,
    ["GRAPH_THROTTLED"],
  ],
  [
    "33-occurrence",
    JSON.stringify({
      error: {
        code: "ErrorOccurrenceCrossingBoundary",
        message: "Modified occurrence is crossing or overlapping adjacent occurrence.",
      },
    }),
    ["GRAPH_REQUEST_MALFORMED"],
  ],
  [
    "34-allday",
    JSON.stringify({
      error: {
        code: "ErrorPropertyValidationFailure",
        message: "The Event.Start property for an all-day event needs to be set to midnight.",
      },
    }),
    ["EVENT_ALL_DAY_TIMES"],
  ],
  [
    "35-allday-body",
    JSON.stringify({
      subject: "Inset day",
      isAllDay: true,
      start: { dateTime: "2026-09-01T09:00:00", timeZone: "Europe/London" },
      end: { dateTime: "2026-09-01T17:00:00", timeZone: "Europe/London" },
    }),
    ["EVENT_ALL_DAY_TIMES"],
  ],
  [
    "36-tz",
    JSON.stringify({
      error: {
        code: "TimeZoneNotSupportedException",
        message:
          "A valid TimeZone value must be specified. The following TimeZone value is not supported: 'CET+1'.",
      },
    }),
    ["EVENT_TIME_ZONE"],
  ],
  [
    "37-plus",
    "https://graph.microsoft.com/v1.0/users/room-12@school.example/calendarView?startDateTime=2026-09-01T00:00:00+01:00&endDateTime=2026-09-08T00:00:00+01:00",
    ["CALENDAR_WINDOW_PLUS"],
  ],
  [
    "38-reversed",
    "GET https://graph.microsoft.com/v1.0/users/room-12@school.example/calendarView?startDateTime=2026-10-01T00:00:00Z&endDateTime=2026-09-08T00:00:00Z",
    ["CALENDAR_WINDOW_REVERSED"],
  ],
  ["39-retiredews", "https://outlook.office365.com/EWS/Exchange.asmx", ["RETIRED_EWS"]],
  [
    "40-testpolicy",
    "AppId             : 2f6f2f5e-1d3c-4a57-9a43-0c1a6f0f2b11\nMailbox           : room-12\nAccessCheckResult : Denied",
    ["POLICY_DENIES"],
  ],
  [
    "41-rbac",
    "RoleName          : Application Calendars.ReadWrite\nGrantedPermissions : Calendars.ReadWrite\nAllowedResourceScope : Rooms\nScopeType : CustomRecipientScope\nInScope           : False",
    ["POLICY_DENIES"],
  ],
  [
    "42-aspnet",
    `info: System.Net.Http.HttpClient[101]\n      End processing HTTP request after 120ms - 403\n{ "error": { "code": "ErrorAccessDenied", "message": "Access is denied. Check credentials and try again." } }`,
    ["GRAPH_ACCESS_DENIED"],
  ],
  [
    "43-idtoken-callback",
    `https://timetable.school.example/#id_token=${Buffer.from(JSON.stringify({ typ: "JWT", alg: "RS256", kid: "k" })).toString("base64url")}.${Buffer.from(JSON.stringify({ aud: "2f6f2f5e-1d3c-4a57-9a43-0c1a6f0f2b11", iss: "https://login.microsoftonline.com/8c5b0d56-9b0e-4a39-8ac4-6f4f6a6a1e02/v2.0", exp: 4102444800, nonce: "1", sub: "A", tid: "8c5b0d56-9b0e-4a39-8ac4-6f4f6a6a1e02", ver: "2.0" })).toString("base64url")}.c2lnbmF0dXJlLXNpZ25hdHVyZQ&state=1`,
    [],
  ],
];
