import { type CertificateCredential, createSelfSigned, parseCompactJws } from "@nightlatch/credential";
import { beforeAll, describe, expect, it } from "vitest";
import { entraClientAuth } from "./entra-client-auth.ts";

const as = {
  issuer: "https://login.microsoftonline.com/school.example/v2.0",
  token_endpoint: "https://login.microsoftonline.com/school.example/oauth2/v2.0/token",
};
const client = { client_id: "11111111-2222-4333-8444-555555555555" };

async function headerBy(authenticate: ReturnType<typeof entraClientAuth>) {
  const body = new URLSearchParams();
  await authenticate(as, client, body, new Headers());
  return parseCompactJws(body.get("client_assertion") ?? "").protectedHeader;
}

describe("entraClientAuth()", () => {
  let old: CertificateCredential;
  let fresh: CertificateCredential;
  beforeAll(async () => {
    const make = async (subject: string) => (await createSelfSigned({ subject })).credential;
    [old, fresh] = await Promise.all([make("CN=Old"), make("CN=Fresh")]);
  });

  it("signs with the certificate that its source gives now, since nobody tells it of a refusal", async () => {
    let current = old;
    let nowMs = Date.now();
    const authenticate = entraClientAuth(async () => current, { nowMs: () => nowMs });
    expect((await headerBy(authenticate))["x5t#S256"]).toBe(old.certificate.thumbprintSha256.base64url);
    current = fresh;
    nowMs += 500_000;
    expect((await headerBy(authenticate))["x5t#S256"]).toBe(fresh.certificate.thumbprintSha256.base64url);
  });

  it("names the key as other servers want it", async () => {
    const header = await headerBy(
      entraClientAuth(old, { algorithm: "RS256", thumbprint: "none", kid: "base64url" }),
    );
    expect(header).toEqual({ alg: "RS256", typ: "JWT", kid: old.certificate.thumbprintSha1.base64url });
  });
});
