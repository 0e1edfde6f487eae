import { describe, expect, test } from "vitest";
import { explain } from "../explain.ts";

const HEX = "62643165643263383337363130383338346565323733613138303161303766303862333164373234";
const TRACE = "de7154c6-21cb-4a40-855c-f26cdd483200";
const CORRELATION = "4c61b889-1e74-49f2-835c-d578230a976b";
const TEXT = `AADSTS700027: Client assertion contains an invalid signature. [Reason - The key was not found., Thumbprint of key used by client: '${HEX}', Please visit the Azure Portal]`;
const NEW = `${TEXT} Trace ID: ${TRACE} Correlation ID: ${CORRELATION} Timestamp: 2026-01-31 12:00:00Z`;
const OLD = `${TEXT}\r\nTrace ID: ${TRACE}\r\nCorrelation ID: ${CORRELATION}\r\nTimestamp: 2026-01-31 12:00:00Z`;
const BODY = {
  error: "invalid_client",
  error_description: OLD,
  error_codes: [700027],
  timestamp: "2026-01-31 12:00:00Z",
  trace_id: TRACE,
  correlation_id: CORRELATION,
  error_uri: "https://login.microsoftonline.com/error?code=700027",
};
const JSON_BODY = JSON.stringify(BODY);
const HTML = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/'/g, "&#39;").replace(/</g, "&lt;");
const WRAPPED = NEW.replace(/(.{60})/g, "$1\n   ");

const LAYOUTS: ReadonlyArray<readonly [string, string]> = [
  ["bare, new layout", NEW],
  ["bare, old layout", OLD],
  ["JSON body", JSON_BODY],
  ["JSON body, indented", JSON.stringify(BODY, null, 2)],
  ["JSON body without its braces", JSON_BODY.slice(1, -1)],
  ["JSON in JSON", JSON.stringify({ message: "failed", body: JSON_BODY })],
  ["JSON in JSON in JSON", JSON.stringify(JSON.stringify({ body: JSON_BODY }))],
  ["HTML", `<p>${HTML(JSON_BODY)}</p>`],
  ["HTML, twice", HTML(HTML(NEW))],
  [
    "address of a redirect",
    `https://app.school.example/#error=invalid_client&error_description=${encodeURIComponent(NEW)}&state=1`,
  ],
  [
    "address with plus signs",
    `https://app.school.example/?error=invalid_client&error_description=${new URLSearchParams({ x: OLD }).toString().slice(2)}`,
  ],
  ["wrapped by a terminal", WRAPPED],
  ["quoted in a mail", NEW.replace(/(.{70})/g, "$1\n> ")],
  ["Markdown", `**Error**: \`${NEW}\``],
  ["literal \\r\\n", OLD.replace(/\r\n/g, "\\r\\n")],
  [
    "MSAL.NET",
    `MSAL.NetCore.4.60.3.0.MsalServiceException: \n\tErrorCode: invalid_client\nMicrosoft.Identity.Client.MsalServiceException: A configuration issue is preventing authentication - check the error message from the server for details. Original exception: ${NEW}\n   at Microsoft.Identity.Client.Internal.Requests.RequestBase.RunAsync(CancellationToken cancellationToken)\n\tStatusCode: 401 \n\tResponseBody: ${JSON_BODY} \n\tHeaders: Pragma: no-cache`,
  ],
  [
    "MSAL for Java",
    `Caused by: com.microsoft.aad.msal4j.MsalServiceException: ${NEW}\n\tat com.microsoft.aad.msal4j.MsalServiceExceptionFactory.fromHttpResponse(MsalServiceExceptionFactory.java:38)\n\tat java.base/java.lang.Thread.run(Thread.java:840)`,
  ],
  [
    "MSAL for Python",
    `{'error': 'invalid_client', 'error_description': "${OLD.replace(/\r\n/g, "\\r\\n")}", 'error_codes': [700027], 'timestamp': '2026-01-31 12:00:00Z', 'trace_id': '${TRACE}', 'correlation_id': '${CORRELATION}'}`,
  ],
  [
    "MSAL for Node",
    `ServerError: invalid_client: Error(s): 700027 - Timestamp: 2026-01-31 12:00:00Z - Description: ${TEXT} - Correlation ID: ${CORRELATION} - Trace ID: ${TRACE}\n    at ServerError.createError (/app/node_modules/@azure/msal-node/lib/msal-node.cjs:3000:1)`,
  ],
  [
    "older MSAL for Node",
    `ServerError: invalid_client: 700027 - [2026-01-31 12:00:00Z]: ${TEXT} - Correlation ID: ${CORRELATION} - Trace ID: ${TRACE}`,
  ],
  [
    "MSAL for Go",
    `http call(https://login.microsoftonline.com/t/oauth2/v2.0/token)(POST) error: reply status code was 401:\n${JSON_BODY}`,
  ],
  [
    "azidentity for Go",
    `ClientCertificateCredential authentication failed\nPOST https://login.microsoftonline.com/t/oauth2/v2.0/token\n--------------------------------------------------------------------------------\nRESPONSE 401 Unauthorized\n--------------------------------------------------------------------------------\n${JSON.stringify(BODY, null, 2)}\n--------------------------------------------------------------------------------`,
  ],
  [
    "Guzzle for PHP",
    `PHP Fatal error: Uncaught GuzzleHttp\\Exception\\ClientException: Client error: \`POST https://login.microsoftonline.com/t/oauth2/v2.0/token\` resulted in a \`401 Unauthorized\` response:\n${JSON_BODY} (truncated...)`,
  ],
  [
    "Ruby",
    `OAuth2::Error: invalid_client: ${OLD}\n${JSON_BODY}\n\tfrom oauth2-1.4.7/lib/oauth2/client.rb:126:in \`request'`,
  ],
  [
    "PowerShell",
    `Connect-MgGraph : ClientCertificateCredential authentication failed: ${NEW}\nAt line:1 char:1\n+ Connect-MgGraph -ClientId\n+ ~~~~~~~~~~~~~~~~`,
  ],
  [
    "Azure CLI",
    `ERROR: ${NEW}\nThe error may be caused by passing a service principal certificate with an incorrect subject name and issuer.`,
  ],
  [
    "Terraform",
    `│ Error: building AzureAD Client: clientCredentialsToken: received HTTP status 401 with response: ${JSON_BODY}\n│ \n│   with provider["registry.terraform.io/hashicorp/azuread"],`,
  ],
  ["Rust", `Error: Request { status: 401, body: ${JSON.stringify(JSON_BODY)} }`],
  [
    "raw HTTP",
    `HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json; charset=utf-8\r\nx-ms-request-id: ${TRACE}\r\n\r\n${JSON_BODY}`,
  ],
  [
    "curl -v",
    `> POST /t/oauth2/v2.0/token HTTP/2\n> Host: login.microsoftonline.com\n>\n< HTTP/2 401\n< content-type: application/json; charset=utf-8\n<\n* Connection #0 to host left intact\n${JSON_BODY}`,
  ],
  [
    "log lines",
    NEW.replace(/(.{50})/g, "$1\n2026-01-31T12:00:00.123Z app | ").replace(
      /\n2026-01-31T12:00:00\.123Z app \| /g,
      "\n",
    ),
  ],
];

describe("scanForSignInErrors()", () => {
  test.each(LAYOUTS)("reads code and thumbprint when the text is %s", async (_name, content) => {
    const { findings, recognised } = await explain([{ content }]);
    expect(recognised.filter((item) => item.kind === "signInError")).toHaveLength(1);
    const made = findings.find((finding) => finding.code === "ASSERTION_X5T_HEX_TEXT");
    expect(made?.evidence["printedThumbprint"]).toBe(HEX);
    expect(findings[0]?.code).toBe("ASSERTION_X5T_HEX_TEXT");
    const general = findings.find((finding) => finding.code === "AADSTS700027");
    expect(general?.evidence["correlationId"]).toBe(CORRELATION);
    expect(general?.evidence["traceId"]).toBe(TRACE);
  });

  test("reads the inner code when an outer one wraps it, as before 2019", async () => {
    const body = {
      error: "invalid_client",
      error_description: `AADSTS70002: Error validating credentials. AADSTS50012: Client assertion contains an invalid signature. [Reason - The key was not found., Thumbprint of key used by client: '${HEX}']`,
      error_codes: [70002, 50012],
    };
    const { findings } = await explain([{ content: JSON.stringify(body) }]);
    expect(findings[0]?.code).toBe("ASSERTION_X5T_HEX_TEXT");
    const general = findings.find((finding) => finding.code === "AADSTS50012");
    expect(general?.evidence["outerCodes"]).toEqual(["70002"]);
  });

  test("reads what survived when the text was cut", async () => {
    for (const length of [13, 40, 90, 130, 180]) {
      const { findings } = await explain([{ content: NEW.slice(0, length) }]);
      expect(findings.some((finding) => finding.code === "AADSTS700027")).toBe(true);
    }
  });
});
