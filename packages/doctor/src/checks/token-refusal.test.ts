import { describe, expect, test } from "vitest";
import { accessTokenClaims, mintKey, signJwt } from "../../test/samples.ts";
import { explain } from "../explain.ts";

const NOW = new Date("2026-06-15T10:00:00Z");
const TENANT = "8f2d1b7c-0a45-4c55-9a1e-6a1de0a1b001";
const PERSONAL = "9188040d-6c67-4c5b-b112-36a304b66dad";

async function refusal(code: string, ...contents: string[]) {
  const { findings } = await explain(
    contents.map((content) => ({ content })),
    { now: NOW },
  );
  return findings.find((finding) => finding.code === code);
}

describe("refusals by an API's own validator", () => {
  const issuer = (iss: string) =>
    refusal(
      "API_ISSUER_REFUSED",
      `Microsoft.IdentityModel.Tokens.SecurityTokenInvalidIssuerException: IDX10205: Issuer validation failed. Issuer: '${iss}'. Did not match: validationParameters.ValidIssuer: 'https://sts.windows.net/${TENANT}/' or validationParameters.ValidIssuers: 'null'.`,
    );

  test("an issuer of the tenant, of personal accounts and of somebody else are told apart", async () => {
    const [own, personal, foreign] = await Promise.all([
      issuer(`https://login.microsoftonline.com/${TENANT}/v2.0`),
      issuer(`https://login.microsoftonline.com/${PERSONAL}/v2.0`),
      issuer("http://auth.school.example/realms/school"),
    ]);
    expect(own?.evidence).toMatchObject({ actual: `https://login.microsoftonline.com/${TENANT}/v2.0` });
    expect(own?.remedy.snippet).toContain("requestedAccessTokenVersion");
    expect(personal?.remedy).not.toHaveProperty("snippet");
    expect(foreign?.remedy).not.toHaveProperty("snippet");
    expect(new Set([own, personal, foreign].map((finding) => finding?.remedy.text)).size).toBe(3);
  });

  test("a signature that cannot be verified is put down to Graph where the token is for Graph", async () => {
    const key = await mintKey(NOW);
    const said =
      "JsonWebTokenError: invalid signature\n    at /srv/api/node_modules/jsonwebtoken/verify.js:171:19";
    const token = (aud: string) =>
      signJwt(key.privateKey, { alg: "RS256", typ: "JWT" }, accessTokenClaims(NOW, { aud }));
    const found = (aud: string) => refusal("API_SIGNATURE_REFUSED", said, token(aud));
    const graph = await found("https://graph.microsoft.com");
    const own = await found("api://00000000-0000-4000-8000-0000000000bb");
    expect(graph?.evidence["aud"]).toBe("https://graph.microsoft.com");
    expect(own?.evidence["aud"]).toBe("api://00000000-0000-4000-8000-0000000000bb");
    expect(graph?.explanation).not.toBe(own?.explanation);
    expect(graph?.explanation).toContain("https://graph.microsoft.com");
  });
});
