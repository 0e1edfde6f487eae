import { describe, expect, test } from "vitest";
import { explain } from "../explain.ts";

const TENANT = "8c5b0d56-9b0e-4a39-8ac4-6f4f6a6a1e02";
const CLIENT = "2f6f2f5e-1d3c-4a57-9a43-0c1a6f0f2b11";

function tokenFor(aud: string, iss: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { aud, iss, exp: 4_102_444_800, appid: CLIENT, idtyp: "app", tid: TENANT, ver: "1.0" };
  return `${part({ alg: "RS256", typ: "JWT", kid: "k" })}.${part(claims)}.c2lnbmF0dXJlLXNpZ25hdHVyZQ`;
}

async function remedyFor(...contents: string[]): Promise<string> {
  const { findings } = await explain(contents.map((content) => ({ content })));
  const missing = findings.find(({ code }) => code === "TOKEN_ROLES_MISSING");
  return JSON.stringify(missing?.remedy);
}

describe("adminConsent()", () => {
  test.each([
    [
      "https://graph.microsoft.com",
      `https://sts.windows.net/${TENANT}/`,
      "https://login.microsoftonline.com",
    ],
    ["https://graph.microsoft.us", `https://sts.windows.net/${TENANT}/`, "https://login.microsoftonline.us"],
    [
      "https://microsoftgraph.chinacloudapi.cn",
      `https://sts.chinacloudapi.cn/${TENANT}/`,
      "https://login.partner.microsoftonline.cn",
    ],
    ["https://localhost:8443", `https://localhost:8443/${TENANT}/v2.0`, "https://localhost:8443"],
    ["https://graph.microsoft.com", `https://localhost:8443/${TENANT}/v2.0`, "https://localhost:8443"],
  ])("names the authority of a token for %s by %s", async (aud, iss, authority) => {
    const remedy = await remedyFor(tokenFor(aud, iss));
    expect(remedy).toContain(`${authority}/${TENANT}/adminconsent?client_id=${CLIENT}`);
    expect(remedy.includes("az ad app")).toBe(!authority.includes("localhost"));
  });

  test("names the authority at which the token was asked for", async () => {
    const token = tokenFor("https://graph.microsoft.com", `https://sts.windows.net/${TENANT}/`);
    const request = `POST https://login.emulator.example:8443/${TENANT}/oauth2/v2.0/token\n\ngrant_type=client_credentials`;
    expect(await remedyFor(token, request)).toContain(
      `https://login.emulator.example:8443/${TENANT}/adminconsent`,
    );
  });
});
