import { describe, expect, it } from "vitest";
import { ReceivedResponse } from "../transport/response.ts";
import { processRefusal, type RefusalDetails } from "./refusal.ts";

const respond = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new ReceivedResponse(
    status,
    headers,
    Buffer.from(typeof body === "string" ? body : JSON.stringify(body), "utf8"),
  );
const detailsOf = (error: { details: unknown }) => error.details as RefusalDetails;

// Body of 2019-10-11, from the public question that became document 002.
const DOCUMENT_002 = {
  error: "invalid_request",
  error_description:
    "AADSTS5002723: Invalid JWT token. No certificate thumbprint nor keyId specified in token header.\r\nTrace ID: 89f69560-9ae7-482f-803c-9faa71d44100\r\nCorrelation ID: e2ebab72-8b4d-47a6-85be-14893158dd5e\r\nTimestamp: 2019-10-11 14:23:32Z",
  error_codes: [5002723],
  timestamp: "2019-10-11 14:23:32Z",
  trace_id: "89f69560-9ae7-482f-803c-9faa71d44100",
  correlation_id: "e2ebab72-8b4d-47a6-85be-14893158dd5e",
};

describe("processRefusal", () => {
  it("processRefusal() keeps the whole body, and says the text without its trailer", () => {
    const error = processRefusal(respond(401, DOCUMENT_002), { clientId: "c", tenantId: "t" });
    expect(error).toMatchObject({ code: "OAUTH_REFUSED", exitCode: 4, retryable: false });
    expect(detailsOf(error)).toMatchObject({
      error: "invalid_request",
      aadstsCodes: [5002723],
      traceId: DOCUMENT_002.trace_id,
      correlationId: DOCUMENT_002.correlation_id,
      timestamp: DOCUMENT_002.timestamp,
      status: 401,
      body: DOCUMENT_002,
    });
    expect(error.message).toMatch(/AADSTS5002723: Invalid JWT token\. No certificate .* header$/);
    expect(error.hint).toMatch(/x5t/);
  });

  it.each([
    ["CR LF", "\r\n"],
    ["blanks", " "],
  ])("processRefusal() reads a trailer joined by %s when the fields are missing", (_name, join) => {
    const description = [
      "AADSTS90002: Tenant 'x' not found.",
      "Trace ID: 0a0a0a0a-1b1b-2c2c-3d3d-4e4e4e4e0100",
      "Correlation ID: 5f5f5f5f-6a6a-7b7b-8c8c-9d9d9d9d9d9d",
      "Timestamp: 2026-01-31 12:00:00Z",
    ].join(join);
    const details = detailsOf(
      processRefusal(respond(400, { error: "invalid_request", error_description: description })),
    );
    expect(details).toMatchObject({
      aadstsCodes: [90002],
      traceId: "0a0a0a0a-1b1b-2c2c-3d3d-4e4e4e4e0100",
      correlationId: "5f5f5f5f-6a6a-7b7b-8c8c-9d9d9d9d9d9d",
      timestamp: "2026-01-31 12:00:00Z",
    });
  });

  it("processRefusal() collects the outer and the inner number of answers before 2018", () => {
    const description = "AADSTS70002: Error validating credentials. AADSTS54005: already redeemed.";
    const body = { error: "invalid_grant", error_description: description, error_codes: [70002, 54005] };
    expect(detailsOf(processRefusal(respond(400, body))).aadstsCodes).toEqual([70002, 54005]);
  });

  it("processRefusal() decodes HTML entities in the text and leaves the body as it came", () => {
    const body = {
      error: "invalid_client",
      error_description: "AADSTS700016: Application &#39;x&#39; &amp; &quot;y&quot; &lt;z&gt;",
    };
    const details = detailsOf(processRefusal(respond(400, body)));
    expect(details.errorDescription).toBe("AADSTS700016: Application 'x' & \"y\" <z>");
    expect(details.body).toEqual(body);
  });

  it("processRefusal() passes on suberror and claims", () => {
    const claims = '{"access_token":{"capolids":{"essential":true,"values":["p"]}}}';
    const body = {
      error: "invalid_grant",
      error_description: "AADSTS53003: Blocked.",
      suberror: "message_only",
      claims,
    };
    expect(detailsOf(processRefusal(respond(400, body)))).toMatchObject({ suberror: "message_only", claims });
  });

  it("processRefusal() passes unknown numbers and foreign servers through as data", () => {
    expect(
      detailsOf(processRefusal(respond(400, { error: "whatever", error_codes: [123456] }))).aadstsCodes,
    ).toEqual([123456]);
    expect(detailsOf(processRefusal(respond(400, { error: "invalid_grant" })))).toMatchObject({
      errorDescription: "",
      aadstsCodes: [],
    });
  });

  it("processRefusal() calls a throttled plain text what it is, and keeps Retry-After", () => {
    const error = processRefusal(
      respond(429, "Too Many Requests", { "retry-after": "60", "content-type": "text/plain" }),
    );
    expect(error).toMatchObject({
      code: "OAUTH_UNREADABLE_ANSWER",
      retryable: true,
      retryAfterMs: 60_000,
      details: { status: 429, contentType: "text/plain", excerpt: "Too Many Requests" },
    });
  });

  it.each([
    ["a proxy's page", 407, "<html><title>Proxy</title></html>"],
    ["an empty body", 502, ""],
    ["an array", 400, "[]"],
    ["null", 400, "null"],
    ["JSON of another kind", 404, '{"message":"no such route"}'],
    ["half an answer", 400, '{"error":"invalid_cl'],
  ])("processRefusal() gives OAUTH_UNREADABLE_ANSWER with the status for %s", (_name, status, body) => {
    expect(processRefusal(respond(status, body))).toMatchObject({
      code: "OAUTH_UNREADABLE_ANSWER",
      details: { status },
    });
  });

  it("processRefusal() removes what was sent from text and body", () => {
    const secret = "s3cret~with+/=&chars";
    const body = `<p>POST client_secret=${encodeURIComponent(secret)}&x=${secret}</p>`;
    const page = processRefusal(respond(502, body), { secrets: [secret] });
    const json = processRefusal(
      respond(400, { error: "invalid_request", error_description: `bad ${secret}` }),
      { secrets: [secret] },
    );
    for (const error of [page, json]) {
      expect(JSON.stringify([error.message, error.details])).not.toContain("s3cret");
    }
  });
});
