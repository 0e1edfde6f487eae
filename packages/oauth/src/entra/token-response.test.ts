import { inspect } from "node:util";
import { isNightlatchError } from "@nightlatch/credential";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ReceivedResponse } from "../transport/response.ts";
import { processTokenResponse } from "./token-response.ts";

const respond = (body: string, status = 200) =>
  new ReceivedResponse(status, { "client-request-id": "id" }, Buffer.from(body, "utf8"));
const v2 = { token_type: "Bearer", expires_in: 3599, ext_expires_in: 3599, access_token: "eyJ.canary.token" };
// Shape of [MATT] and the recordings of 2020 to 2023: all numbers are text.
const v1 = {
  token_type: "Bearer",
  expires_in: "3599",
  ext_expires_in: "0",
  expires_on: "1600000000",
  not_before: "1599996100",
  resource: "https://outlook.office365.com",
  access_token: "eyJ.v1.token",
};

describe("processTokenResponse", () => {
  it("processTokenResponse() reads v2 and v1 alike", () => {
    expect(processTokenResponse(respond(JSON.stringify(v2)))).toMatchObject({
      expiresInSeconds: 3599,
      extExpiresInSeconds: 3599,
      correlationId: "id",
    });
    expect(processTokenResponse(respond(JSON.stringify(v1)))).toMatchObject({
      expiresInSeconds: 3599,
      extExpiresInSeconds: 0,
      resource: v1.resource,
    });
    expect(
      processTokenResponse(
        respond(`\uFEFF${JSON.stringify({ ...v2, refresh_in: "1800", token_type: "bearer" })}`),
      ),
    ).toMatchObject({ refreshInSeconds: 1800, tokenType: "Bearer" });
  });

  it.each([
    ["no access_token", { ...v2, access_token: undefined }],
    ["an empty access_token", { ...v2, access_token: "" }],
    ["an access_token with a line break", { ...v2, access_token: "a\r\nx: y" }],
    ["expires_in 0", { ...v2, expires_in: 0 }],
    ["expires_in soon", { ...v2, expires_in: "soon" }],
    ["expires_in Infinity", { ...v2, expires_in: "1e999" }],
    ["no expires_in", { ...v2, expires_in: undefined }],
    ["token_type pop", { ...v2, token_type: "pop" }],
  ])("processTokenResponse() refuses a grant with %s", (_name, body) => {
    expect(() => processTokenResponse(respond(JSON.stringify(body)))).toThrow(
      expect.objectContaining({ code: "OAUTH_UNREADABLE_ANSWER" }),
    );
  });

  it("processTokenResponse() quotes nothing of a broken grant, which may be half a token", () => {
    const broken = '{"access_token":"eyJ.canary';
    const error = (() => {
      try {
        return processTokenResponse(respond(broken));
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(inspect(error, { depth: null })).not.toContain("canary");
  });

  it("a token response shows no token in inspection and JSON", () => {
    const response = processTokenResponse(
      respond(JSON.stringify({ ...v2, refresh_token: "canary-refresh", id_token: "canary-id" })),
    );
    expect(response.refreshToken).toBe("canary-refresh");
    expect(
      inspect(response, { depth: null, showHidden: true, getters: false }) + JSON.stringify(response),
    ).not.toContain("canary");
  });

  it("processTokenResponse() never crashes, whatever comes", () => {
    const bodies = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({
          access_token: fc.anything(),
          expires_in: fc.anything(),
          token_type: fc.anything(),
          error: fc.anything(),
          error_codes: fc.anything(),
          error_description: fc.anything(),
        })
        .map((value) => {
          try {
            return JSON.stringify(value) ?? "";
          } catch {
            return "";
          }
        }),
    );
    fc.assert(
      fc.property(bodies, fc.integer({ min: 100, max: 599 }), (body, status) => {
        try {
          const { accessToken, expiresInSeconds } = processTokenResponse(respond(body, status));
          expect(accessToken.length).toBeGreaterThan(0);
          expect(expiresInSeconds).toBeGreaterThan(0);
        } catch (error) {
          if (!isNightlatchError(error)) throw error;
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
