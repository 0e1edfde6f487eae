import { beforeAll, describe, expect, it, vi } from "vitest";
import { createClientAssertion, createProofOfPossession } from "./client-assertion.ts";
import { type CertificateCredential, createCertificateCredential } from "./credential.ts";
import { parseCompactJws } from "./jose/compact-jws.ts";
import { createSelfSigned } from "./x509/self-signed.ts";

const clientId = "2f877daa-b6f5-42a3-8430-acf238b234e1";
const audience = "https://login.microsoftonline.com/school.example/oauth2/v2.0/token";
const now = new Date("2026-10-11T14:20:51.900Z");

describe("createClientAssertion()", () => {
  let credential: CertificateCredential;

  beforeAll(async () => {
    ({ credential } = await createSelfSigned({ subject: "CN=timetable", now, validDays: 1 }));
  });

  const parsed = async (options: object = {}) =>
    parseCompactJws(await createClientAssertion(credential, { clientId, audience, now, ...options }));

  it("has the header and the claims that Microsoft documents", async () => {
    const { protectedHeader, payload } = await parsed({ jti: "one" });
    expect(protectedHeader).toEqual({
      alg: "PS256",
      typ: "JWT",
      "x5t#S256": credential.certificate.thumbprintSha256.base64url,
    });
    const nbf = 1_791_728_451;
    expect(payload).toEqual({
      aud: audience,
      iss: clientId,
      sub: clientId,
      jti: "one",
      nbf,
      exp: nbf + 600,
      iat: nbf,
    });
  });

  it("names the certificate by x5t with RS256, and by the other hash on request", async () => {
    const { thumbprintSha1, thumbprintSha256 } = credential.certificate;
    expect((await parsed({ algorithm: "RS256" })).protectedHeader).toEqual({
      alg: "RS256",
      typ: "JWT",
      x5t: thumbprintSha1.base64url,
    });
    const mixed = await parsed({ algorithm: "RS256", thumbprint: "sha256" });
    expect(mixed.protectedHeader["x5t#S256"]).toBe(thumbprintSha256.base64url);
    expect(mixed.protectedHeader["x5t"]).toBeUndefined();
  });

  it("names the key by kid besides the thumbprint or instead of it", async () => {
    const { thumbprintSha1, thumbprintSha256 } = credential.certificate;
    const header = async (options: object) => (await parsed(options)).protectedHeader;
    expect(await header({ algorithm: "RS256", kid: "hex" })).toEqual({
      alg: "RS256",
      typ: "JWT",
      kid: thumbprintSha1.hex,
      x5t: thumbprintSha1.base64url,
    });
    expect(await header({ thumbprint: "none", kid: "base64url" })).toEqual({
      alg: "PS256",
      typ: "JWT",
      kid: thumbprintSha256.base64url,
    });
    expect(await header({ algorithm: "RS256", thumbprint: "none", kid: "hex" })).toMatchObject({
      kid: thumbprintSha1.hex,
    });
    expect(await header({ thumbprint: "sha1", kid: { text: "hex" } })).toMatchObject({
      kid: "hex",
      x5t: thumbprintSha1.base64url,
    });
    expect(Object.keys(await header({ thumbprint: "none", includeChain: true }))).toEqual([
      "alg",
      "typ",
      "x5c",
    ]);
    await expect(header({ thumbprint: "none" })).rejects.toThrow(TypeError);
    await expect(header({ kid: { text: "" } })).rejects.toThrow(TypeError);
  });

  it.each([
    ["too short", async () => new Uint8Array(255)],
    ["empty", async () => new Uint8Array(0)],
    ["its base64", async () => Buffer.alloc(256).toString("base64")],
    ["nothing", async () => undefined],
    ["an ArrayBuffer", async () => new ArrayBuffer(256)],
  ])("refuses what a signer elsewhere returns instead of a signature: %s", async (_, sign) => {
    const signer = { sign: sign as unknown as CertificateCredential["signer"]["sign"] };
    await expect(
      createClientAssertion({ ...credential, signer }, { clientId, audience, now }),
    ).rejects.toMatchObject({ code: "CREDENTIAL_SIGNER_FAILED" });
  });

  it("refuses the first signature that is not one of the certificate's key, and goes on once it is", async () => {
    const stranger = (await createSelfSigned({ subject: "CN=other", now, validDays: 1 })).credential;
    let sign = stranger.signer.sign.bind(stranger.signer);
    const mixed = { ...credential, signer: { sign: (...args: Parameters<typeof sign>) => sign(...args) } };
    for (const algorithm of ["PS256", "RS256"] as const)
      await expect(
        createClientAssertion(mixed, { clientId, audience, now, algorithm }),
      ).rejects.toMatchObject({ code: "CREDENTIAL_KEY_MISMATCH" });
    sign = credential.signer.sign.bind(credential.signer);
    expect(await createClientAssertion(mixed, { clientId, audience, now })).toMatch(/^ey/);
  });

  it("gives up on a signer that never answers", async () => {
    vi.useFakeTimers();
    const signer = { sign: () => new Promise<never>(() => undefined) };
    const signing = createClientAssertion({ ...credential, signer }, { clientId, audience, now });
    const outcome = expect(signing).rejects.toMatchObject({
      code: "CREDENTIAL_SIGNER_UNAVAILABLE",
      retryable: true,
    });
    await vi.advanceTimersByTimeAsync(60_000);
    await outcome;
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it("makes another jti each time, and lets extra claims add but not replace", async () => {
    const [one, two] = [await parsed(), await parsed({ extraClaims: { role: "x", iss: "other" } })];
    expect(one.payload["jti"]).not.toBe(two.payload["jti"]);
    expect(two.payload).toMatchObject({ role: "x", iss: clientId });
  });

  it("refuses misuse before it signs", async () => {
    const sign = vi.fn(credential.signer.sign.bind(credential.signer));
    const bound = await createCertificateCredential(credential.certificate, {
      signer: { algorithm: "RS256", sign },
      verify: false,
    });
    const make = (options: object) => createClientAssertion(bound, { clientId, audience, now, ...options });
    await expect(make({ clientId: "" })).rejects.toThrow(TypeError);
    await expect(make({ audience: "" })).rejects.toThrow(TypeError);
    await expect(make({ lifetimeSeconds: 0 })).rejects.toThrow(RangeError);
    await expect(make({ algorithm: "PS256" })).rejects.toThrow(RangeError);
    const later = new Date("2026-10-13T00:00:00Z");
    await expect(make({ now: later })).rejects.toMatchObject({ code: "CREDENTIAL_EXPIRED" });
    expect(sign).not.toHaveBeenCalled();
    expect(parseCompactJws(await make({})).protectedHeader["alg"]).toBe("RS256");
  });

  it("signs with an expired certificate when the credential was loaded for that", async () => {
    const assertion = createClientAssertion({ ...credential, allowExpired: true }, { clientId, audience });
    await expect(assertion).resolves.toMatch(/^ey/);
  });
});

describe("createProofOfPossession()", () => {
  it("has Azure AD Graph as audience, the object id as issuer, and lives ten minutes", async () => {
    const { credential } = await createSelfSigned({ subject: "CN=timetable" });
    const objectId = "b1f3cd5c-0000-4000-8000-000000000001";
    const { protectedHeader, payload } = parseCompactJws(
      await createProofOfPossession(credential, { objectId }),
    );
    expect(protectedHeader).toMatchObject({
      alg: "RS256",
      x5t: credential.certificate.thumbprintSha1.base64url,
    });
    expect(payload).toMatchObject({ aud: "00000002-0000-0000-c000-000000000000", iss: objectId });
    expect(payload["sub"]).toBeUndefined();
    expect(Number(payload["exp"]) - Number(payload["nbf"])).toBe(600);
  });
});
