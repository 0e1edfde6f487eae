// A program's test with Vitest: an emulator for all tests of the file, back at its seed before each.
import { type RunningEmulator, startEmulator } from "@nightlatch/emulator";
import {
  createConfidentialClient,
  createTransport,
  requestTokenByClientCredentials,
} from "@nightlatch/oauth";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

const tenantId = "11111111-0000-4000-8000-000000000000";
const clientId = "22222222-0000-4000-8000-000000000000";
let emulator: RunningEmulator;

beforeAll(async () => {
  emulator = await startEmulator({
    seed: {
      tenants: [
        {
          tenantId,
          displayName: "School",
          domains: ["school.example"],
          applications: [
            {
              manifest: { appId: clientId, displayName: "Timetable", requiredResourceAccess: [] },
              secrets: [{ secretText: "only~for~tests", endDateTime: "2027-06-01T00:00:00Z" }],
            },
          ],
        },
      ],
    },
  });
});
beforeEach(() => emulator.reset());
afterAll(() => emulator.close());

describe("a program that signs in with a secret", () => {
  const signIn = () => {
    const transport = createTransport({ ca: emulator.caPem, proxy: false });
    const client = createConfidentialClient({
      tenantId,
      clientId,
      clientSecret: "only~for~tests",
      authorityHost: emulator.authority,
      transport,
    });
    return requestTokenByClientCredentials(client, { scope: "https://graph.microsoft.com/.default" });
  };

  it("gets a token", async () => {
    expect((await signIn()).accessToken.split(".")).toHaveLength(3);
  });

  it("is refused from the day on which the secret ends", async () => {
    emulator.clock.freeze(Date.parse("2027-06-02T00:00:00Z"));
    await expect(signIn()).rejects.toMatchObject({
      code: "OAUTH_REFUSED",
      details: { aadstsCodes: [7000222] },
    });
  });

  it("learns that a Conditional Access policy blocks it", async () => {
    emulator.faults.add({ endpoint: "token", kind: "aadsts", code: 53003, times: 1 });
    await expect(signIn()).rejects.toMatchObject({ details: { aadstsCodes: [53003] } });
  });
});
