/** A token of another issuer in place of certificate and secret; the issuer is made with `jose`. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspectAccessToken, NightlatchCredential } from "@nightlatch/oauth";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GRAPH_SCOPE, openSchool, type School } from "./school.ts";

const keys = await generateKeyPair("RS256");
let issuer = "";
const server = createServer(async (request, response) => {
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: "one", use: "sig" };
  response.end(
    JSON.stringify(request.url?.endsWith("/keys") ? { keys: [jwk] } : { issuer, jwks_uri: `${issuer}/keys` }),
  );
});

let school: School;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  school = await openSchool({
    federatedIdentityCredentials: [
      { name: "ci", issuer, subject: "repo:timetable", audiences: ["api://AzureADTokenExchange"] },
    ],
  });
});
afterAll(async () => {
  server.close();
  await school.close();
});

const sign = (subject: string) =>
  new SignJWT({})
    .setProtectedHeader({ alg: "RS256", kid: "one" })
    .setIssuer(issuer)
    .setSubject(subject)
    .setAudience("api://AzureADTokenExchange")
    .setIssuedAt()
    .setExpirationTime("5m")
    .sign(keys.privateKey);

describe("a federated assertion", () => {
  it("getToken() calls back for it, once per request, and gets a token as strong as by certificate", async () => {
    let calls = 0;
    const credential = new NightlatchCredential({
      ...school.base,
      assertion: () => {
        calls += 1;
        return sign("repo:timetable");
      },
    });
    const { token } = await credential.getToken(GRAPH_SCOPE);
    await credential.getToken(GRAPH_SCOPE);
    expect(calls).toBe(1);
    expect(inspectAccessToken(token)).toMatchObject({
      clientAuthentication: "certificate",
      roles: ["Calendars.ReadWrite"],
    });
  });

  it("a subject that nobody trusts is refused with 700213", async () => {
    const credential = new NightlatchCredential({ ...school.base, assertion: () => sign("repo:other") });
    await expect(credential.getToken(GRAPH_SCOPE)).rejects.toMatchObject({
      details: { aadstsCodes: [700213] },
    });
  });
});
