/** Requests, tokens, thumbprints and entries in the many forms in which they are pasted. */
import { Buffer } from "node:buffer";
import {
  ACCESS_CLAIMS,
  CLIENT,
  encoded,
  FORM_BODY,
  HEX,
  harOf,
  NOW_SECONDS,
  SECRET_REFUSAL_BODY,
  TENANT,
  TOKEN_URL,
  tokenOf,
} from "./odd-parts.ts";

/** Name, what was pasted, and the faults and warnings that must be found, the chief one first. */
export const ODD_REQUESTS: ReadonlyArray<readonly [string, string | Buffer, readonly string[]]> = [
  [
    "t01-wrapped",
    tokenOf({
      ...ACCESS_CLAIMS,
      aud: "https://outlook.office365.com",
      appidacr: "1",
      roles: ["full_access_as_app"],
    }).replace(/(.{64})/g, "$1\n"),
    ["TOKEN_FROM_SECRET"],
  ],
  [
    "t02-json",
    `PS> $response\ntoken_type     : Bearer\nexpires_in     : 3599\next_expires_in : 3599\naccess_token   : ${tokenOf({ ...ACCESS_CLAIMS, roles: undefined })}\n`,
    ["TOKEN_ROLES_MISSING"],
  ],
  [
    "t03-jwtms",
    `{\n  "typ": "JWT",\n  "alg": "RS256",\n  "kid": "k"\n}.{\n  "aud": "${CLIENT}",\n  "iss": "https://login.microsoftonline.com/${TENANT}/v2.0",\n  "iat": ${NOW_SECONDS},\n  "nbf": ${NOW_SECONDS},\n  "exp": ${NOW_SECONDS + 3600},\n  "name": "Year 7 tutor",\n  "nonce": "678910",\n  "oid": "00000000-0000-0000-66f3-3332eca7ea81",\n  "preferred_username": "year7@school.example",\n  "sub": "AAAA",\n  "tid": "${TENANT}",\n  "ver": "2.0"\n}.[Signature]`,
    [],
  ],
  [
    "t04-psformat",
    tokenOf({ ...ACCESS_CLAIMS, roles: undefined }).replace(/(.{100})/g, "$1\r\n      "),
    ["TOKEN_ROLES_MISSING"],
  ],
  [
    "t05-assertion-urlenc",
    `client_assertion=${encodeURIComponent(`${encoded({ alg: "RS256", typ: "JWT", x5t: "vR7SyDdhCDhO4nOhgBoH8Isx1yQ=" })}.${encoded({ aud: `https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`, iss: CLIENT, sub: CLIENT, exp: NOW_SECONDS + 600, nbf: NOW_SECONDS, jti: "1" })}.c2lnbmF0dXJl`)}`,
    ["ASSERTION_X5T_PADDED"],
  ],
  [
    "t06-debugdump",
    `{\n  Header: { alg: 'HS256', typ: 'JWT' },\n  Payload: {\n    aud: 'https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token',\n    iss: '${CLIENT}',\n    sub: '${CLIENT}',\n    exp: ${NOW_SECONDS * 1000 + 600000},\n    jti: '1'\n  }\n}`,
    ["ASSERTION_ALG_UNSUPPORTED", "ASSERTION_NO_KEY_REFERENCE", "ASSERTION_TIME_MILLISECONDS"],
  ],
  [
    "c01-caret",
    `curl.exe -X POST ^\r\n  -H "Content-Type: application/x-www-form-urlencoded" ^\r\n  -d "grant_type=client_credentials" ^\r\n  -d "client_id=${CLIENT}" ^\r\n  -d "client_secret=abc~def.ghijklmnopqrstuvwxyz0123456789AB" ^\r\n  --data-urlencode "scope=https://graph.microsoft.com/User.Read" ^\r\n  "${TOKEN_URL}"\r\n`,
    ["REQUEST_SCOPE_NOT_DEFAULT"],
  ],
  [
    "c02-backtick",
    "curl.exe -X POST `\r\n  -d 'grant_type=client_credentials' `\r\n  -d 'client_id=" +
      CLIENT +
      "' `\r\n  -d 'client_secret=abc~def.ghijklmnopqrstuvwxyz0123456789AB' `\r\n  -d 'resource=https://graph.microsoft.com' `\r\n  '" +
      TOKEN_URL +
      "'\r\n",
    ["REQUEST_RESOURCE_ON_V2"],
  ],
  [
    "c03-file",
    `curl -s --data @body.txt ${TOKEN_URL} -H 'Content-Type: application/x-www-form-urlencoded'`,
    [],
  ],
  [
    "c04-form",
    `curl --location --request POST '${TOKEN_URL}' \\\n--form 'grant_type="client_credentials"' \\\n--form 'client_id="${CLIENT}"' \\\n--form 'scope="https://graph.microsoft.com/.default"' \\\n--form 'client_secret="abc~def.ghijklmnopqrstuvwxyz0123456789AB"'`,
    ["REQUEST_NOT_FORM"],
  ],
  [
    "c05-json",
    `curl ${TOKEN_URL} --json '{"grant_type":"client_credentials","client_id":"${CLIENT}","scope":"https://graph.microsoft.com/.default"}'`,
    ["REQUEST_NOT_FORM", "REQUEST_CREDENTIAL_MISSING"],
  ],
  [
    "c06-chrome-cmd",
    `curl ^"${TOKEN_URL}^" ^\r\n  -H ^"content-type: application/x-www-form-urlencoded^" ^\r\n  --data-raw ^"${FORM_BODY.replace(/%/g, "^%").replace(/&/g, "^&")}^"`,
    ["REQUEST_SCOPE_NOT_DEFAULT"],
  ],
  [
    "c07-dollarquote",
    `curl '${TOKEN_URL}' -H 'content-type: application/x-www-form-urlencoded' --data-raw $'grant_type=client_credentials&client_id=${CLIENT}&client_secret=abc\\u0021def&scope=user.read'`,
    ["REQUEST_SCOPE_NOT_DEFAULT"],
  ],
  [
    "c08-get",
    `curl -G ${TOKEN_URL} --data-urlencode grant_type=client_credentials -d client_id=${CLIENT}`,
    ["REQUEST_METHOD", "REQUEST_CREDENTIAL_MISSING", "REQUEST_SCOPE_MISSING"],
  ],
  [
    "c09-api",
    `curl -k -H "Authorization: ${tokenOf(ACCESS_CLAIMS)}" "https://graph.microsoft.com/v1.0/me/events"`,
    ["TOKEN_ME_PATH", "REQUEST_NO_BEARER"],
  ],
  [
    "c10-subshell",
    `TOKEN=$(curl -s -X POST "${TOKEN_URL}" -d "grant_type=client_credentials&client_id=$CLIENT_ID&scope=https://graph.microsoft.com/Calendars.Read&client_secret=$SECRET" | jq -r .access_token)`,
    ["REQUEST_SCOPE_NOT_DEFAULT"],
  ],
  [
    "c11-iwr",
    `Invoke-RestMethod -Method Post -Uri "https://login.microsoftonline.com/common/oauth2/v2.0/token" -Body @{ grant_type = "client_credentials"; client_id = "${CLIENT}"; client_secret = "abc~def.ghijklmnopqrstuvwxyz0123456789AB"; scope = "https://graph.microsoft.com/.default" }`,
    ["REQUEST_TENANT_COMMON"],
  ],
  [
    "c12-httpie",
    `http --form POST ${TOKEN_URL} grant_type=client_credentials client_id=${CLIENT} client_secret=abc~defghi scope=Calendars.ReadWrite`,
    ["REQUEST_SCOPE_NOT_DEFAULT"],
  ],
  [
    "c13-wget",
    `wget --post-data 'grant_type=client_credentials&client_id=${CLIENT}&client_secret=abc~def&scope=Calendars.ReadWrite' ${TOKEN_URL}`,
    ["REQUEST_SCOPE_NOT_DEFAULT"],
  ],
  [
    "r01-base64",
    harOf([
      {
        startedDateTime: "2026-01-31T12:00:00.000Z",
        request: {
          method: "POST",
          url: TOKEN_URL,
          headers: [{ name: "Content-Type", value: "application/x-www-form-urlencoded" }],
          postData: {
            mimeType: "application/x-www-form-urlencoded",
            params: [
              { name: "grant_type", value: "client_credentials" },
              { name: "client_id", value: CLIENT },
              { name: "scope", value: "https://graph.microsoft.com/.default" },
              { name: "client_secret", value: "abc~def" },
            ],
          },
        },
        response: {
          status: 401,
          headers: [],
          content: {
            mimeType: "application/json",
            encoding: "base64",
            text: Buffer.from(SECRET_REFUSAL_BODY).toString("base64"),
          },
        },
      },
    ]),
    ["APPLICATION_SECRET_WRONG"],
  ],
  [
    "r02-pretty",
    JSON.stringify(
      JSON.parse(
        harOf([
          {
            startedDateTime: "2026-01-31T12:00:00.000Z",
            request: {
              method: "GET",
              url: "https://graph.microsoft.com/v1.0/users/room-12@school.example/calendarView",
              headers: [
                {
                  name: "Authorization",
                  value: `Bearer ${tokenOf({ ...ACCESS_CLAIMS, aud: "https://outlook.office365.com" })}`,
                },
              ],
            },
            response: {
              status: 401,
              headers: [
                {
                  name: "WWW-Authenticate",
                  value:
                    'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"',
                },
              ],
              content: {
                mimeType: "application/json",
                text: JSON.stringify({
                  error: {
                    code: "InvalidAuthenticationToken",
                    message: "Access token validation failure. Invalid audience.",
                  },
                }),
              },
            },
          },
        ]),
      ),
      null,
      2,
    ),
    ["TOKEN_AUDIENCE", "CALENDAR_WINDOW_MISSING"],
  ],
  [
    "r03-postman",
    JSON.stringify({
      info: { name: "Entra", schema: "https://schema.getpostman.com/json/collection/v2.1.0/collection.json" },
      item: [
        {
          name: "token",
          request: {
            method: "POST",
            header: [],
            body: {
              mode: "urlencoded",
              urlencoded: [
                { key: "grant_type", value: "client_credentials", type: "text" },
                { key: "client_id", value: CLIENT, type: "text" },
                { key: "scope", value: "Calendars.ReadWrite", type: "text" },
                { key: "client_secret", value: "abc~def", type: "text" },
              ],
            },
            url: {
              raw: TOKEN_URL,
              protocol: "https",
              host: ["login", "microsoftonline", "com"],
              path: [TENANT, "oauth2", "v2.0", "token"],
            },
          },
        },
      ],
    }),
    ["REQUEST_SCOPE_NOT_DEFAULT"],
  ],
  [
    "r04-bom",
    "\ufeff" +
      harOf([
        {
          request: { method: "POST", url: TOKEN_URL, headers: [], postData: { text: FORM_BODY } },
          response: {
            status: 400,
            headers: [],
            content: {
              text: JSON.stringify({
                error: "invalid_scope",
                error_description:
                  "AADSTS1002012: The provided value for scope https://graph.microsoft.com/Calendars.ReadWrite is not valid.",
              }),
            },
          },
        },
      ]),
    ["REQUEST_SCOPE_NOT_DEFAULT"],
  ],
  [
    "b01-raw",
    `POST /${TENANT}/oauth2/v2.0/token HTTP/1.1\r\nHost: login.microsoftonline.com\r\nContent-Type: application/json\r\n\r\n{"grant_type":"client_credentials","client_id":"${CLIENT}","client_secret":"abc","scope":"https://graph.microsoft.com/.default"}`,
    ["REQUEST_NOT_FORM"],
  ],
  [
    "b02-lines",
    `grant_type=client_credentials\n&client_id=${CLIENT}\n&scope=Calendars.ReadWrite\n&client_secret=abc~def`,
    ["REQUEST_SCOPE_NOT_DEFAULT"],
  ],
  [
    "b03-restfile",
    `### token\nPOST https://login.microsoftonline.com/{{tenant}}/oauth2/v2.0/token\nContent-Type: application/x-www-form-urlencoded\n\ngrant_type=client_credentials\n&client_id={{clientId}}\n&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:saml2-bearer\n&client_assertion={{assertion}}\n&scope=https://graph.microsoft.com/.default`,
    ["REQUEST_ASSERTION_TYPE"],
  ],
  [
    "b04-hash",
    `$Body = @{\n    client_id     = $clientId\n    scope         = "https://graph.microsoft.com/Calendars.Read"\n    client_secret = $secret\n    grant_type    = "client_credentials"\n}`,
    ["REQUEST_SCOPE_NOT_DEFAULT"],
  ],
  ["p01", `SHA1 Fingerprint=${HEX.toUpperCase().replace(/(..)(?=.)/g, "$1:")}`, []],
  [
    "p02",
    `Thumbprint                                Subject\n----------                                -------\n${HEX.toUpperCase()}  CN=timetable daemon`,
    [],
  ],
  ["p03", `sha256 Fingerprint=${"AB".repeat(32).replace(/(..)(?=.)/g, "$1:")}`, []],
  ["p04", `{189, 30, 210, 200, 55, 97, 8, 56, 78, 226, 115, 161, 128, 26, 7, 240, 139, 49, 215, 36}`, []],
  ["p05", "\u200ebd 1e d2 c8 37 61 08 38 4e e2 73 a1 80 1a 07 f0 8b 31 d7 24", ["THUMBPRINT_INVISIBLE_MARK"]],
  ["p06", "0xBD1ED2C8376108384EE273A1801A07F08B31D724", []],
  [
    "m01",
    `"keyCredentials": [\n  {\n    "customKeyIdentifier": "${HEX.toUpperCase()}",\n    "keyId": "11111111-2222-4333-8444-555555555555",\n    "type": "AsymmetricX509Cert",\n    "usage": "Verify",\n    "value": "MIIC..."\n  }\n],`,
    ["MANIFEST_DATES_MISSING"],
  ],
  [
    "m02-azcli",
    JSON.stringify([
      {
        customKeyIdentifier: HEX.toUpperCase(),
        displayName: "CN=x",
        endDateTime: "2024-01-01T00:00:00Z",
        key: null,
        keyId: "11111111-2222-4333-8444-555555555555",
        startDateTime: "2023-01-01T00:00:00Z",
        type: "AsymmetricX509Cert",
        usage: "Verify",
      },
    ]),
    ["MANIFEST_KEY_EXPIRED"],
  ],
  [
    "m03-ps",
    `CustomKeyIdentifier : {189, 30, 210, 200...}\nDisplayName         : CN=timetable\nEndDateTime         : 01/01/2024 00:00:00\nKey                 :\nKeyId               : 11111111-2222-4333-8444-555555555555\nStartDateTime       : 01/01/2023 00:00:00\nType                : AsymmetricX509Cert\nUsage               : Verify`,
    ["MANIFEST_KEY_EXPIRED"],
  ],
  [
    "m04",
    `keyCredentials:\n  - customKeyIdentifier: ${HEX}\n    type: AsymmetricX509Cert\n    usage: Sign\n    value: MIIC...`,
    ["MANIFEST_USAGE_WRONG"],
  ],
];
