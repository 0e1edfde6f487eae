import { describe, expect, it } from "vitest";
import { recordedTransport, type Scripted } from "../../test/recorded-transport.ts";
import { createGraphCalendar } from "./graph-calendar.ts";

const MAILBOX = "room-12@school.example";

async function refusalOf(answer: Scripted): Promise<unknown> {
  const calendar = createGraphCalendar({
    tokens: { getToken: async () => ({ token: "t", expiresOnTimestamp: 0 }) },
    transport: recordedTransport(() => answer),
    retry: { maxAttempts: 1 },
  });
  return calendar.getEvent(MAILBOX, "AAMk1").catch((error: unknown) => error);
}

function answer(status: number, code: string, message = ""): Scripted {
  return { status, body: { error: { code, message } } };
}

describe("refusalError()", () => {
  it.each([
    [400, "ErrorInvalidRequest", "CALENDAR_REJECTED"],
    [400, "ErrorPropertyValidationFailure", "CALENDAR_REJECTED"],
    [400, "ErrorOccurrenceCrossingBoundary", "CALENDAR_REJECTED"],
    [400, "ErrorInvalidIdMalformed", "CALENDAR_NOT_FOUND"],
    [400, "ErrorGroupIsUsedInNonGroupURI", "CALENDAR_IS_A_GROUP"],
    [404, "ErrorGroupIsUsedInNonGroupURI", "CALENDAR_IS_A_GROUP"],
    [401, "InvalidAuthenticationToken", "CALENDAR_TOKEN_REFUSED"],
    [401, "ErrorAccessDenied", "CALENDAR_TOKEN_REFUSED"],
    [403, "ErrorAccessDenied", "CALENDAR_ACCESS_DENIED"],
    [403, "Authorization_RequestDenied", "CALENDAR_ACCESS_DENIED"],
    [404, "ErrorItemNotFound", "CALENDAR_NOT_FOUND"],
    [404, "ErrorNonExistentMailbox", "CALENDAR_MAILBOX_NOT_FOUND"],
    [404, "ErrorInvalidUser", "CALENDAR_MAILBOX_NOT_FOUND"],
    [404, "Request_ResourceNotFound", "CALENDAR_MAILBOX_NOT_FOUND"],
    [404, "ResourceNotFound", "CALENDAR_MAILBOX_NOT_FOUND"],
    [404, "MailboxNotEnabledForRESTAPI", "CALENDAR_MAILBOX_NOT_ENABLED"],
    [404, "MailboxNotSupportedForRESTAPI", "CALENDAR_MAILBOX_NOT_ENABLED"],
    [409, "ErrorFolderExists", "CALENDAR_NAME_TAKEN"],
    [409, "ErrorIrresolvableConflict", "CALENDAR_CONFLICT"],
    [412, "resourceModified", "CALENDAR_CONFLICT"],
    [413, "RequestEntityTooLarge", "CALENDAR_REJECTED"],
    [429, "TooManyRequests", "CALENDAR_THROTTLED"],
    [429, "activityLimitReached", "CALENDAR_THROTTLED"],
    [503, "ServiceUnavailable", "CALENDAR_UNAVAILABLE"],
    [504, "UnknownError", "CALENDAR_UNAVAILABLE"],
    [507, "ErrorQuotaExceeded", "CALENDAR_MAILBOX_FULL"],
    [418, "ErrorNobodyHasSeen", "CALENDAR_REJECTED"],
  ])("turns %d %s into %s", async (status, code, ours) => {
    expect(await refusalOf(answer(status, code))).toMatchObject({ code: ours, details: { status, code } });
  });

  it("keeps what the server said, verbatim", async () => {
    const error = await refusalOf({
      status: 403,
      headers: { "x-ms-ags-diagnostic": '{"ServerInfo":{"Ring":"3"}}' },
      body: {
        error: {
          code: "ErrorAccessDenied",
          message: "Access is denied.\r\nCheck credentials and try again.",
          innerError: {
            code: "Inner",
            date: "2026-06-01T08:00:00",
            "request-id": "5b5d7c8e-0000-4000-8000-000000000001",
            "client-request-id": "5b5d7c8e-0000-4000-8000-000000000002",
          },
        },
      },
    });
    expect(error).toMatchObject({
      details: {
        mailbox: MAILBOX,
        status: 403,
        code: "ErrorAccessDenied",
        innerCode: "Inner",
        serverMessage: "Access is denied.\r\nCheck credentials and try again.",
        requestId: "5b5d7c8e-0000-4000-8000-000000000001",
        clientRequestId: "5b5d7c8e-0000-4000-8000-000000000002",
        diagnostic: '{"ServerInfo":{"Ring":"3"}}',
      },
    });
    expect((error as Error).message.split("\n")).toHaveLength(1);
  });

  it("takes the request ids from the headers when the body has none", async () => {
    const error = await refusalOf({ status: 502, headers: { "request-id": "from-header" }, body: "<html>" });
    expect(error).toMatchObject({ details: { requestId: "from-header" } });
    expect((error as { details: Record<string, unknown> }).details["clientRequestId"]).toMatch(
      /^[0-9a-f-]{36}$/,
    );
  });

  it("tells a policy from a missing permission", async () => {
    const policy = await refusalOf(answer(403, "ErrorAccessDenied", "Access to OData is disabled."));
    const permission = await refusalOf(
      answer(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."),
    );
    expect((policy as { hint: string }).hint).toContain("policy");
    expect((policy as { hint: string }).hint).not.toBe((permission as { hint: string }).hint);
    expect((permission as { hint: string }).hint).toContain("Calendars.ReadWrite");
  });
});
