/** Right settings, requests, code, logs and documentation around sentences that the doctor knows as failures. */

import { NEAR_MISSES } from "./near-misses.ts";

/** Name and text; a name that begins with "prose" may hold nothing that the doctor knows. */
export const ODD_VALID_MESSAGES: ReadonlyArray<readonly [string, string]> = [
  ...NEAR_MISSES,
  [
    "service principal saml keys",
    '{"servicePrincipalType":"Application","appId":"2f877daa-b6f5-42a3-8430-acf238b234e1","keyCredentials":[{"customKeyIdentifier":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","endDateTime":"2028-01-01T00:00:00Z","key":null,"keyId":"5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a","startDateTime":"2025-01-01T00:00:00Z","type":"AsymmetricX509Cert","usage":"Verify"},{"customKeyIdentifier":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","endDateTime":"2028-01-01T00:00:00Z","key":null,"keyId":"8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001","startDateTime":"2025-01-01T00:00:00Z","type":"X509CertAndPassword","usage":"Sign"}]}',
  ],
  [
    "curl ok secret",
    "curl -sS https://login.microsoftonline.com/8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001/oauth2/v2.0/token -d grant_type=client_credentials -d client_id=2f877daa-b6f5-42a3-8430-acf238b234e1 --data-urlencode 'client_secret=a~b.c~defghijklmnopqrstuvwxyz0123456' -d scope=https%3A%2F%2Fgraph.microsoft.com%2F.default",
  ],
  [
    "curl ok assertion v1 resource",
    'curl -X POST https://login.microsoftonline.com/8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001/oauth2/token -d "grant_type=client_credentials&client_id=2f877daa-b6f5-42a3-8430-acf238b234e1&resource=https://outlook.office365.com/&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion=$ASSERTION"',
  ],
  [
    "curl graph",
    "curl -H \"Authorization: Bearer $TOKEN\" -H 'Prefer: outlook.timezone=\"Europe/London\"' 'https://graph.microsoft.com/v1.0/users/room12@school.example/calendarView?startDateTime=2026-09-07T00:00:00Z&endDateTime=2026-09-14T00:00:00Z'",
  ],
  [
    "curl onprem basic",
    "curl -u 'school\\svc:pw12345678' https://mail.school.example/EWS/Exchange.asmx -H 'Content-Type: text/xml' -d @req.xml",
  ],
  [
    "curl imds",
    'curl -H Metadata:true "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://graph.microsoft.com"',
  ],
  [
    "curl webhook validation",
    'curl -i -X POST "https://hook.school.example/graph?validationToken=Validation%3A%20Testing"\nHTTP/2 200\ncontent-type: text/plain\n\nValidation: Testing',
  ],
  [
    "http doc snippet",
    'GET https://graph.microsoft.com/v1.0/me/events?$select=subject,start\nPrefer: outlook.timezone="Pacific Standard Time"\n\nHTTP/1.1 200 OK\nContent-type: application/json\n\n{"value":[]}',
  ],
  [
    "http post 201 no auth shown",
    'POST https://graph.microsoft.com/v1.0/users/room12@school.example/events\nContent-Type: application/json\n\n{"subject":"Chess"}\n\nHTTP/1.1 201 Created',
  ],
  [
    "prose, log sync ok",
    "2026-11-21T12:00:00Z INFO sync finished created=3 updated=1 deleted=2 error=0 failed=0 skipped=0\n2026-11-21T12:00:00Z INFO token expires in 3599 s, refresh in 1800 s",
  ],
  [
    "prose, log jwt ok",
    'level=debug msg="Validating audience" audience=5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a client_id=5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a\nlevel=debug msg="AzureAD OAuth: trying to parse token with key" kid=abc\nlevel=info msg="Request Completed" status=302',
  ],
  [
    "prose, log pytest",
    "tests/test_auth.py::test_expired_signature_error PASSED\ntests/test_auth.py::test_invalid_audience PASSED\ntests/test_auth.py::test_signature_verification_failed PASSED\n3 passed in 0.31s",
  ],
  [
    "prose, log vitest",
    ' ✓ verify() throws "jwt expired" when exp is past\n ✓ verify() throws "jwt audience invalid. expected: api" when aud differs\n Tests 2 passed (2)',
  ],
  [
    "prose, log imap ok",
    "--> b'00000001 AUTHENTICATE XOAUTH2 '\n<-- b'00000001 OK AUTHENTICATE completed.\\r\\n'",
  ],
  [
    "prose, log retry then ok",
    "WARN GET https://graph.microsoft.com/v1.0/users/room12/events attempt 1 of 3\nINFO 200 OK after 2 attempts",
  ],
  [
    "python right jwt verify",
    'import jwt\nfrom jwt import PyJWKClient\nfrom jwt.exceptions import ExpiredSignatureError, InvalidAudienceError, InvalidIssuerError\n\ndef verify(token):\n    key = PyJWKClient("https://login.microsoftonline.com/8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001/discovery/v2.0/keys").get_signing_key_from_jwt(token)\n    try:\n        return jwt.decode(token, key.key, algorithms=["RS256"], audience="5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a", issuer="https://login.microsoftonline.com/8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001/v2.0")\n    except ExpiredSignatureError:\n        return None\n    except (InvalidAudienceError, InvalidIssuerError) as error:\n        log.warning("refused: %s", error)\n        return None\n',
  ],
  [
    "js right verify",
    'import { jwtVerify, createRemoteJWKSet, errors } from "jose";\nconst keys = createRemoteJWKSet(new URL("https://login.microsoftonline.com/8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001/discovery/v2.0/keys"));\ntry {\n  await jwtVerify(token, keys, { audience: "5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a", issuer: "https://login.microsoftonline.com/8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001/v2.0" });\n} catch (error) {\n  if (error instanceof errors.JWSSignatureVerificationFailed) return reject("signature");\n  if (error instanceof errors.JWTExpired) return reject("expired");\n}',
  ],
  [
    "prose, cs right IDX handler",
    'options.Events = new JwtBearerEvents\n{\n    OnAuthenticationFailed = context =>\n    {\n        if (context.Exception is SecurityTokenExpiredException) // IDX10223\n            context.Response.Headers.Append("Token-Expired", "true");\n        return Task.CompletedTask;\n    }\n};',
  ],
  [
    "exchangelib right",
    'from exchangelib import Account, Configuration, IMPERSONATION, OAUTH2, Identity, OAuth2Credentials\ncredentials = OAuth2Credentials(client_id=cid, client_assertion=assertion, tenant_id=tid, identity=Identity(primary_smtp_address="room12@school.example"))\nconfig = Configuration(server="outlook.office365.com", credentials=credentials, auth_type=OAUTH2)\naccount = Account("room12@school.example", config=config, autodiscover=False, access_type=IMPERSONATION)',
  ],
  [
    "prose, exchangelib onprem delegate",
    'from exchangelib import Credentials, Account, DELEGATE, Configuration\ncredentials = Credentials("SCHOOL\\\\svc", "pw")\naccount = Account("room12@school.example", config=Configuration(server="mail.school.example", credentials=credentials), access_type=DELEGATE)',
  ],
  [
    "terraform right",
    'resource "azuread_application_certificate" "daemon" {\n  application_id = azuread_application.daemon.id\n  type           = "AsymmetricX509Cert"\n  encoding       = "hex"\n  value          = azurerm_key_vault_certificate.daemon.certificate_data\n  end_date       = azurerm_key_vault_certificate.daemon.certificate_attribute[0].expires\n}',
  ],
  [
    "terraform right base64",
    'resource "azuread_application_certificate" "daemon" {\n  type     = "AsymmetricX509Cert"\n  encoding = "base64"\n  value    = azurerm_key_vault_certificate.daemon.certificate_data_base64\n}',
  ],
  [
    "prose, grafana ini right",
    "[auth.azuread]\nenabled = true\nscopes = openid email profile offline_access\nauth_url = https://login.microsoftonline.com/8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001/oauth2/v2.0/authorize\ntoken_url = https://login.microsoftonline.com/8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001/oauth2/v2.0/token",
  ],
  [
    "prose, discovery document",
    '{"token_endpoint":"https://login.microsoftonline.com/8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001/oauth2/v2.0/token","token_endpoint_auth_methods_supported":["client_secret_post","private_key_jwt","client_secret_basic","self_signed_tls_client_auth"],"jwks_uri":"https://login.microsoftonline.com/8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001/discovery/v2.0/keys","issuer":"https://login.microsoftonline.com/8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001/v2.0","authorization_endpoint":"https://login.microsoftonline.com/8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001/oauth2/v2.0/authorize","device_authorization_endpoint":"x"}',
  ],
  [
    "prose, powershell exo right",
    "Connect-ExchangeOnline -CertificateThumbprint 767F3B8CE67AD89B8906633AAA7A5DBF38D36324 -AppId 2f877daa-b6f5-42a3-8430-acf238b234e1 -Organization school.onmicrosoft.com -ShowBanner:$false\nGet-EXOMailbox -ResultSize 1",
  ],
  [
    "prose, powershell help",
    "Connect-ExchangeOnline [-CertificateThumbprint <String>] [-AppId <String>] [-Organization <String>] [-CertificatePassword <SecureString>]",
  ],
  [
    "cs prefer right",
    'request.Headers.Add("Prefer", "outlook.timezone=\\"Europe/London\\"");\nvar token = await credential.GetTokenAsync(new TokenRequestContext(new[] { "https://graph.microsoft.com/.default" }));\nvar credential = new ClientCertificateCredential(tenantId, clientId, certificate);',
  ],
  [
    "js prefer right",
    "const events = await client.api('/users/room12@school.example/events').header('Prefer', 'outlook.timezone=\"Europe/London\"').get();\nconst credential = new ClientCertificateCredential(tenantId, clientId, { certificatePath });",
  ],
  [
    "event weekly right",
    '{"subject":"Chess","start":{"dateTime":"2026-09-07T09:00:00","timeZone":"Europe/London"},"end":{"dateTime":"2026-09-07T10:00:00","timeZone":"Europe/London"},"recurrence":{"pattern":{"type":"weekly","interval":1,"daysOfWeek":["monday","wednesday"]},"range":{"type":"endDate","startDate":"2026-09-07","endDate":"2026-12-18"}}}',
  ],
  [
    "event read series utc",
    '{"@odata.context":"x","id":"AAMk","iCalUId":"1","subject":"Chess","type":"seriesMaster","start":{"dateTime":"2026-09-06T23:00:00.0000000","timeZone":"UTC"},"end":{"dateTime":"2026-09-07T01:00:00.0000000","timeZone":"UTC"},"recurrence":{"pattern":{"type":"weekly","interval":1,"month":0,"dayOfMonth":0,"daysOfWeek":["monday"],"firstDayOfWeek":"sunday","index":"first"},"range":{"type":"noEnd","startDate":"2026-09-07","endDate":"0001-01-01","recurrenceTimeZone":"GMT Standard Time","numberOfOccurrences":0}}}',
  ],
  [
    "event daily",
    '{"subject":"Bell","start":{"dateTime":"2026-09-07T09:00:00","timeZone":"Europe/London"},"end":{"dateTime":"2026-09-07T09:05:00","timeZone":"Europe/London"},"recurrence":{"pattern":{"type":"daily","interval":1},"range":{"type":"numbered","startDate":"2026-09-07","numberOfOccurrences":10}}}',
  ],
  [
    "ics outlook",
    "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nPRODID:Microsoft Exchange Server 2010\r\nVERSION:2.0\r\nX-WR-CALNAME:Calendar\r\nBEGIN:VTIMEZONE\r\nTZID:GMT Standard Time\r\nBEGIN:STANDARD\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0000\r\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:16010101T010000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260901T000000Z\r\nDTSTART;TZID=GMT Standard Time:20260907T090000\r\nDTEND;TZID=GMT Standard Time:20260907T100000\r\nRRULE:FREQ=WEEKLY;UNTIL=20261218T090000Z\r\nEXDATE;TZID=GMT Standard Time:20261019T090000\r\nSUMMARY:Chess\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
  ],
  [
    "prose imap docs",
    "If the server answers NO AUTHENTICATE failed, check that the service principal was registered in Exchange and that the mailbox permission was given.",
  ],
  [
    "prose idx docs",
    "IDX10223 means that the token has expired, IDX10214 that the audience differs and IDX10501 that no key matches; see the wiki for each.",
  ],
  [
    "prose adfs docs",
    "MSIS9605: The client is not allowed to access the requested resource. This page of the manual lists the codes of AD FS and what to do about each.",
  ],
  [
    "prose basic",
    "Basic authentication for EWS in Exchange Online was switched off; we moved to OAuth in 2022 and all works.",
  ],
  [
    "prose consent page",
    "Users see 'Need admin approval' when the application asks for permissions that only an admin can grant; for us consent was given centrally, so nobody sees it.",
  ],
  [
    "prose x509",
    "Our runbook: when Go says x509: certificate signed by unknown authority, mount the school's root into the container.",
  ],
  [
    "prose pfx",
    "Note: if you see 'Could not load the certificate private key. Please check the authentication certificate password', set WEBSITE_LOAD_USER_PROFILE to 1.",
  ],
  [
    "prose param",
    "With version 1.0.1 one got 'A parameter cannot be found that matches parameter name CertificateThumbPrint'; since 2.0.3 it works.",
  ],
  [
    "prose fixed verify",
    "The error 'failed to verify id token signature' went away after we restarted the pods; closing.",
  ],
  [
    "prose, md table messages",
    "| Message | Meaning |\n|---|---|\n| `Signed JWT rejected: Invalid signature` | token for Graph |\n| `jwt expired` | get a new one |\n| `NO AUTHENTICATE failed` | service principal |",
  ],
  [
    "prose, schema of EWS",
    '<s:simpleType name="ResponseCodeType">\n<s:enumeration value="ErrorServerBusy" />\n<s:enumeration value="ErrorImpersonateUserDenied" />\n<s:enumeration value="ErrorNonExistentMailbox" />\n</s:simpleType>',
  ],
  [
    "prose, log of calls that were refused on purpose",
    "INFO probe https://graph.microsoft.com/v1.0/me as expected returned 404 for the unknown room",
  ],
];

/** Claims, without times, of right tokens of other kinds than those for Graph and Exchange. */
export const ODD_VALID_CLAIMS: ReadonlyArray<readonly [string, Readonly<Record<string, unknown>>]> = [
  [
    "token v1 own api app",
    {
      aud: "api://5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a",
      iss: "https://sts.windows.net/8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001/",
      appid: "2f877daa-b6f5-42a3-8430-acf238b234e1",
      appidacr: "2",
      oid: "5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a",
      sub: "5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a",
      tid: "8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001",
      uti: "x",
      ver: "1.0",
      roles: ["Timetable.Write"],
    },
  ],
  [
    "token v2 own api app",
    {
      aud: "5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a",
      iss: "https://login.microsoftonline.com/8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001/v2.0",
      azp: "2f877daa-b6f5-42a3-8430-acf238b234e1",
      azpacr: "2",
      oid: "5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a",
      sub: "5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a",
      tid: "8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001",
      ver: "2.0",
      roles: ["Timetable.Write"],
      idtyp: "app",
    },
  ],
  [
    "token v2 own api user",
    {
      aud: "5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a",
      iss: "https://login.microsoftonline.com/8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001/v2.0",
      azp: "2f877daa-b6f5-42a3-8430-acf238b234e1",
      azpacr: "0",
      name: "Room",
      oid: "5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a",
      preferred_username: "room@school.example",
      scp: "Timetable.Read",
      sub: "x",
      tid: "8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001",
      ver: "2.0",
    },
  ],
  [
    "token b2c access",
    {
      iss: "https://school.b2clogin.com/8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001/v2.0/",
      aud: "5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a",
      sub: "5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a",
      tfp: "B2C_1_signin",
      scp: "read",
      azp: "2f877daa-b6f5-42a3-8430-acf238b234e1",
      ver: "1.0",
    },
  ],
  [
    "id token b2c",
    {
      iss: "https://school.b2clogin.com/8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001/v2.0/",
      aud: "2f877daa-b6f5-42a3-8430-acf238b234e1",
      sub: "5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a",
      nonce: "n",
      tfp: "B2C_1_signin",
      auth_time: 1795262100,
      ver: "1.0",
    },
  ],
  [
    "token ciam access",
    {
      iss: "https://8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001.ciamlogin.com/8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001/v2.0",
      aud: "5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a",
      azp: "2f877daa-b6f5-42a3-8430-acf238b234e1",
      azpacr: "0",
      scp: "read",
      oid: "5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a",
      sub: "x",
      tid: "8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001",
      ver: "2.0",
    },
  ],
  [
    "token managed identity graph",
    {
      aud: "https://graph.microsoft.com",
      iss: "https://sts.windows.net/8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001/",
      appid: "2f877daa-b6f5-42a3-8430-acf238b234e1",
      appidacr: "2",
      idp: "https://sts.windows.net/8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001/",
      idtyp: "app",
      oid: "5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a",
      sub: "5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a",
      tid: "8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001",
      ver: "1.0",
      roles: ["Calendars.ReadWrite"],
      xms_mirid:
        "/subscriptions/8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001/resourcegroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/x",
      xms_tcdt: 1500000000,
    },
  ],
  [
    "token arm",
    {
      aud: "https://management.azure.com/",
      iss: "https://sts.windows.net/8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001/",
      appid: "2f877daa-b6f5-42a3-8430-acf238b234e1",
      appidacr: "2",
      oid: "5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a",
      sub: "5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a",
      tid: "8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001",
      ver: "1.0",
      idtyp: "app",
      xms_mirid: "x",
    },
  ],
  [
    "token keyvault",
    {
      aud: "https://vault.azure.net",
      iss: "https://sts.windows.net/8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001/",
      appid: "2f877daa-b6f5-42a3-8430-acf238b234e1",
      appidacr: "2",
      oid: "5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a",
      sub: "5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a",
      tid: "8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001",
      ver: "1.0",
    },
  ],
  [
    "id token v1",
    {
      aud: "2f877daa-b6f5-42a3-8430-acf238b234e1",
      iss: "https://sts.windows.net/8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001/",
      amr: ["pwd"],
      name: "Room 12",
      oid: "5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a",
      sub: "x",
      tid: "8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001",
      ver: "1.0",
      unique_name: "room12@school.example",
    },
  ],
  [
    "id token v2 short",
    {
      aud: "2f877daa-b6f5-42a3-8430-acf238b234e1",
      iss: "https://login.microsoftonline.com/8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001/v2.0",
      name: "Room",
      oid: "5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a",
      sub: "x",
      tid: "8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001",
      ver: "2.0",
    },
  ],
  [
    "id token acct",
    {
      aud: "2f877daa-b6f5-42a3-8430-acf238b234e1",
      iss: "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
      name: "R",
      oid: "5c1d2e3f-0000-4c55-9a1e-6a1de0a1b00a",
      sub: "x",
      tid: "9188040d-6c67-4c5b-b112-36a304b66dad",
      ver: "2.0",
    },
  ],
  [
    "github oidc token",
    {
      iss: "https://token.actions.githubusercontent.com",
      aud: "api://AzureADTokenExchange",
      sub: "repo:school/timetable:ref:refs/heads/main",
      jti: "x",
      ref: "refs/heads/main",
    },
  ],
  [
    "k8s token",
    {
      iss: "https://oidc.prod-aks.azure.com/0/",
      aud: ["api://AzureADTokenExchange"],
      sub: "system:serviceaccount:default:sa",
      "kubernetes.io": {
        namespace: "default",
      },
    },
  ],
];
