import { describe, expect, it } from "vitest";
import { requireOneTenant, resolveAuthority } from "./authority.ts";
import { CLOUDS, findCloud } from "./clouds.ts";

const tenantId = "8d1b2c3e-0f4a-4b5c-9d6e-7f8091a2b3c4";
const codeOf = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return undefined;
};

describe("resolveAuthority", () => {
  it.each([
    ["global", "https://login.microsoftonline.com"],
    ["usGov", "https://login.microsoftonline.us"],
    ["USGOV", "https://login.microsoftonline.us"],
    ["usGovDod", "https://login.microsoftonline.us"],
    ["china", "https://login.partner.microsoftonline.cn"],
    [undefined, "https://login.microsoftonline.com"],
    ["login.windows.net", "https://login.windows.net"],
    ["https://login.microsoftonline.us/", "https://login.microsoftonline.us"],
    ["https://localhost:8443", "https://localhost:8443"],
    ["localhost:8443", "https://localhost:8443"],
    [" https://LOGIN.microsoftonline.com ", "https://login.microsoftonline.com"],
  ])("resolveAuthority() with host %j asks %s", (authorityHost, host) => {
    const authority = resolveAuthority({ tenantId, authorityHost });
    expect(authority.tokenEndpointV2).toBe(`${host}/${tenantId}/oauth2/v2.0/token`);
    expect(authority.tokenEndpointV1).toBe(`${host}/${tenantId}/oauth2/token`);
    expect(authority.audienceV2).toBe(authority.tokenEndpointV2);
  });

  it.each([
    "http://login.microsoftonline.com",
    "https://login.microsoftonline.com/contoso",
    "https://a b",
    "ftp://x.example",
    "https://user:hunter2@host.example",
    "",
  ])("resolveAuthority() refuses the host %j", (authorityHost) => {
    expect(codeOf(() => resolveAuthority({ tenantId, authorityHost }))).toBe("OAUTH_AUTHORITY_UNFIT");
    expect(() => resolveAuthority({ tenantId, authorityHost })).not.toThrow(/hunter2/);
  });

  it.each([
    tenantId,
    tenantId.toUpperCase(),
    "school.example",
    "contoso.onmicrosoft.com",
    "a-b.c3.school.example",
    "common",
  ])("resolveAuthority() takes the tenant %j", (tenant) => {
    expect(resolveAuthority({ tenantId: tenant }).tenantId).toBe(tenant.toLowerCase());
  });

  it.each([
    "",
    "contoso",
    `{${tenantId}}`,
    `${tenantId}0`,
    "https://login.microsoftonline.com/x",
    "school.example/../common",
    "a..b",
    "-a.example",
    "school.example?x",
    `${"a".repeat(64)}.example`,
  ])("resolveAuthority() refuses the tenant %j", (tenant) => {
    expect(codeOf(() => resolveAuthority({ tenantId: tenant }))).toBe("OAUTH_TENANT_UNFIT");
  });

  it.each(["common", "organizations", "consumers", "COMMON"])("requireOneTenant() refuses %s", (tenant) => {
    const authority = resolveAuthority({ tenantId: tenant });
    expect(codeOf(() => requireOneTenant(authority))).toBe("OAUTH_TENANT_UNFIT");
  });
});

describe("findCloud", () => {
  it("findCloud() knows every authority and alias, and no other host", () => {
    expect(findCloud(CLOUDS.china.authorityHost)).toBe("china");
    expect(findCloud("https://login.windows.net")).toBe("global");
    expect(findCloud("https://localhost:8443")).toBeUndefined();
  });
});
