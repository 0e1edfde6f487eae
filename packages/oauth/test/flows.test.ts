import {
  createConfidentialClient,
  createTransport,
  inspectAccessToken,
  NightlatchCredential,
  requestTokenByClientCredentials,
} from "@nightlatch/oauth";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CLIENT_ID, GRAPH_SCOPE, openSchool, type School, SECRET, TENANT_ID } from "./school.ts";

let school: School;
beforeAll(async () => {
  school = await openSchool();
});
afterAll(() => school.close());
beforeEach(() => school.emulator.reset());

const tokenRequests = () =>
  school.emulator.requests({ showSecrets: true }).filter((request) => request.url.includes("/token"));

describe("client credentials", () => {
  it.each([
    ["PS256", undefined],
    ["RS256", undefined],
    ["PS256", true],
  ] as const)(
    "requestTokenByClientCredentials() by certificate, %s, chain %s, costs one request",
    async (algorithm, chain) => {
      const client = createConfidentialClient({
        ...school.base,
        certificate: school.credential,
        algorithm,
        sendCertificateChain: chain,
      });
      const token = await requestTokenByClientCredentials(client, { scope: GRAPH_SCOPE });
      const seen = inspectAccessToken(token.accessToken);
      expect(seen.clientAuthentication).toBe("certificate");
      expect(seen.clientId).toBe(CLIENT_ID);
      expect(seen.tenantId).toBe(TENANT_ID);
      expect(seen.roles).toEqual(["Calendars.ReadWrite"]);
      expect(token.expiresInSeconds).toBe(3599);
      expect(school.emulator.requests()).toHaveLength(1);
    },
  );

  it("requestTokenByClientCredentials() with a resource goes to the v1 endpoint, whose numbers are text", async () => {
    const client = createConfidentialClient({ ...school.base, certificate: school.credential });
    const token = await requestTokenByClientCredentials(client, {
      resource: "https://outlook.office365.com",
    });
    expect(token.expiresInSeconds).toBe(3599);
    expect(token.resource).toBe("https://outlook.office365.com");
    expect(inspectAccessToken(token.accessToken).audience).toBe("https://outlook.office365.com");
    expect(tokenRequests()[0]?.url).toMatch(/\/oauth2\/token$/);
  });

  it("requestTokenByClientCredentials() by secret encodes every character of it", async () => {
    const client = createConfidentialClient({ ...school.base, clientSecret: SECRET });
    const token = await requestTokenByClientCredentials(client, { scope: GRAPH_SCOPE });
    expect(inspectAccessToken(token.accessToken).clientAuthentication).toBe("secret");
  });

  it("a tenant may be named by its domain", async () => {
    const client = createConfidentialClient({
      ...school.base,
      tenantId: "school.example",
      certificate: school.credential,
    });
    const token = await requestTokenByClientCredentials(client, { scope: GRAPH_SCOPE });
    expect(inspectAccessToken(token.accessToken).tenantId).toBe(TENANT_ID);
  });

  it("a refusal carries number, correlation id and trace id, and the correlation id is the one that was sent", async () => {
    const client = createConfidentialClient({ ...school.base, clientSecret: "wrong-secret-value" });
    const correlationId = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
    const asking = requestTokenByClientCredentials(client, { scope: GRAPH_SCOPE }, { correlationId });
    const error = await asking.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "OAUTH_REFUSED",
      exitCode: 4,
      details: { error: "invalid_client", aadstsCodes: [7000215], status: 401, correlationId },
    });
    expect((error as { details: { traceId: string } }).details.traceId).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("the real host names", () => {
  it.each(["global", "usGov", "china"])(
    "through the proxy the first token of cloud %s costs one request",
    async (cloud) => {
      const transport = createTransport({ ca: school.emulator.caPem, proxy: school.emulator.proxy });
      const client = createConfidentialClient({
        ...school.base,
        authorityHost: cloud,
        transport,
        certificate: school.credential,
      });
      await requestTokenByClientCredentials(client, { scope: GRAPH_SCOPE });
      const urls = school.emulator.requests().map(({ url }) => url);
      expect(urls).toEqual([client.authority.tokenEndpointV2]);
      transport.close();
    },
  );
});

describe("NightlatchCredential", () => {
  it("getToken() makes one request for 1,000 callers", async () => {
    const credential = new NightlatchCredential({ ...school.base, certificate: school.credential });
    const tokens = await Promise.all(Array.from({ length: 1_000 }, () => credential.getToken(GRAPH_SCOPE)));
    expect(new Set(tokens.map(({ token }) => token)).size).toBe(1);
    expect(tokenRequests()).toHaveLength(1);
  });

  it("getToken() reuses one assertion per audience", async () => {
    const credential = new NightlatchCredential({ ...school.base, certificate: school.credential });
    await credential.getToken(GRAPH_SCOPE);
    await credential.getToken("https://outlook.office365.com/.default");
    await credential.getTokenForResource("https://outlook.office365.com");
    const assertions = tokenRequests().map(
      ({ body }) => new URLSearchParams(body).get("client_assertion") ?? "",
    );
    expect(assertions).toHaveLength(3);
    expect(assertions[0]).toBe(assertions[1]);
    expect(assertions[2]).not.toBe(assertions[0]);
  });

  it("getToken() waits as long as a throttling service says, and then succeeds", async () => {
    const credential = new NightlatchCredential({ ...school.base, certificate: school.credential });
    school.emulator.faults.add({ kind: "throttle", retryAfterSeconds: 1, endpoint: "token", times: 1 });
    const startedAtMs = performance.now();
    await credential.getToken(GRAPH_SCOPE);
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(1_000);
  });

  it("getToken() survives a connection that breaks before or after the service worked", async () => {
    for (const when of ["before", "after"] as const) {
      const credential = new NightlatchCredential({ ...school.base, certificate: school.credential });
      school.emulator.faults.add({ kind: "drop", when, endpoint: "token", times: 1 });
      await expect(credential.getToken(GRAPH_SCOPE)).resolves.toMatchObject({ tokenType: "Bearer" });
    }
  });

  it("getToken() says that the clock is the cause of 700024, and by how much", async () => {
    school.emulator.clock.advance(3_600_000);
    const credential = new NightlatchCredential({ ...school.base, certificate: school.credential });
    const error = await credential.getToken(GRAPH_SCOPE).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "OAUTH_REFUSED", details: { aadstsCodes: [700024] } });
    expect((error as { hint: string }).hint).toMatch(/clock.* (3599|3600|3601) s behind/);
  });

  it("getToken() signs with the service's time when it is told to, and says so", async () => {
    school.emulator.clock.advance(-3_600_000);
    const warnings: string[] = [];
    const credential = new NightlatchCredential({
      ...school.base,
      certificate: school.credential,
      correctClockSkew: true,
      onWarning: ({ code }) => warnings.push(code),
    });
    await expect(credential.getToken(GRAPH_SCOPE)).resolves.toMatchObject({ tokenType: "Bearer" });
    expect(warnings).toEqual(["OAUTH_CLOCK_SKEW"]);
  });

  it("getToken() with enableCae gets a token that lives a day, apart from the others", async () => {
    const credential = new NightlatchCredential({ ...school.base, certificate: school.credential });
    const plain = await credential.getToken(GRAPH_SCOPE);
    const continuous = await credential.getToken(GRAPH_SCOPE, { enableCae: true });
    expect(inspectAccessToken(continuous.token).payload["xms_cc"]).toEqual(["cp1"]);
    expect(continuous.expiresOnTimestamp - plain.expiresOnTimestamp).toBeGreaterThan(10 * 3_600_000);
    expect((await credential.getToken(GRAPH_SCOPE)).token).toBe(plain.token);
    expect(tokenRequests()).toHaveLength(2);
  });
});
