import { describe, expect, it } from "vitest";
import { createConfidentialClient } from "../confidential-client.ts";
import { requestTokenByClientCredentials } from "./request.ts";

let sent = 0;
const base = {
  clientId: "11111111-2222-4333-8444-555555555555",
  tenantId: "school.example",
  certificate: async () => Promise.reject(new Error("the key was asked for")),
  transport: {
    send: async () => {
      sent += 1;
      throw new Error("the network was asked");
    },
    close: () => undefined,
  },
};

describe("requestTokenByClientCredentials", () => {
  it.each([
    ["", undefined],
    ["Calendars.Read", "https://graph.microsoft.com/.default"],
    ["https://graph.microsoft.com", "https://graph.microsoft.com/.default"],
    ["https://graph.microsoft.com/", "https://graph.microsoft.com/.default"],
    ["https://graph.microsoft.com/Calendars.Read", "https://graph.microsoft.com/.default"],
    ["https://outlook.office365.com/Calendars.ReadWrite.All", "https://outlook.office365.com/.default"],
    ["https://graph.microsoft.com/.default openid", undefined],
    ["https://graph.microsoft.com/.default https://outlook.office365.com/.default", undefined],
    [".default", undefined],
    ["https://graph.microsoft.com/.Default", undefined],
  ])("scope %j is refused before key and network are asked", async (scope, suggested) => {
    const client = createConfidentialClient(base);
    const error = await requestTokenByClientCredentials(client, { scope }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "OAUTH_SCOPE_UNFIT", exitCode: 2 });
    if (suggested !== undefined) expect((error as { hint: string }).hint).toContain(`"${suggested}"`);
    expect(sent).toBe(0);
  });

  it.each(["", "a b", "https://graph.microsoft.com/.default"])(
    "resource %j is refused before the wire",
    async (resource) => {
      const client = createConfidentialClient(base);
      await expect(requestTokenByClientCredentials(client, { resource })).rejects.toMatchObject({
        code: "OAUTH_SCOPE_UNFIT",
      });
    },
  );

  it.each(["common", "organizations", "consumers"])(
    "tenant %s is refused before key and network are asked",
    async (tenantId) => {
      const client = createConfidentialClient({ ...base, tenantId });
      await expect(
        requestTokenByClientCredentials(client, { scope: "https://graph.microsoft.com/.default" }),
      ).rejects.toMatchObject({ code: "OAUTH_TENANT_UNFIT" });
      expect(sent).toBe(0);
    },
  );

  it.each([
    "https://management.core.windows.net//.default",
    "00000003-0000-0000-c000-000000000000/.default",
    "api://school/x/.default",
  ])("scope %j reaches the key", async (scope) => {
    const client = createConfidentialClient(base);
    await expect(requestTokenByClientCredentials(client, { scope })).rejects.toThrow("the key was asked for");
  });
});
