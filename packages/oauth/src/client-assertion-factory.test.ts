import { type CertificateCredential, createSelfSigned, parseCompactJws } from "@nightlatch/credential";
import { beforeAll, describe, expect, it } from "vitest";
import { createClientAssertionFactory } from "./client-assertion-factory.ts";
import type { OauthWarning } from "./warnings.ts";

const clientId = "11111111-2222-4333-8444-555555555555";
const audience = "https://login.microsoftonline.com/school.example/oauth2/v2.0/token";
const DAY_MS = 86_400_000;

let first: CertificateCredential;
let second: CertificateCredential;
beforeAll(async () => {
  [first, second] = (await Promise.all(
    ["CN=One", "CN=Two"].map(
      async (subject) => (await createSelfSigned({ subject, validDays: 30 })).credential,
    ),
  )) as [CertificateCredential, CertificateCredential];
});

/** Counts signatures. */
function counting(credential: CertificateCredential) {
  let signatures = 0;
  const signer = {
    sign: (input: Uint8Array, algorithm: "PS256" | "RS256") => {
      signatures += 1;
      return credential.signer.sign(input, algorithm);
    },
  };
  return { credential: { ...credential, signer }, signatures: () => signatures };
}

const thumbprintIn = (assertion: string) => parseCompactJws(assertion).protectedHeader["x5t#S256"];

describe("createClientAssertionFactory", () => {
  it("getAssertion() signs once per audience for four fifths of the life, also for many at once", async () => {
    let nowMs = Date.now();
    const { credential, signatures } = counting(first);
    const factory = createClientAssertionFactory(credential, { clientId, nowMs: () => nowMs });
    const made = await Promise.all(Array.from({ length: 50 }, () => factory.getAssertion(audience)));
    expect(new Set(made).size).toBe(1);
    nowMs += 479_000;
    expect(await factory.getAssertion(audience)).toBe(made[0]);
    expect(signatures()).toBe(1);
    nowMs += 2_000;
    expect(await factory.getAssertion(audience)).not.toBe(made[0]);
    await factory.getAssertion(`${audience}/other`);
    expect(signatures()).toBe(3);
  });

  it("getAssertion() signs anew when the clock was set back, since the kept one begins in the future", async () => {
    let nowMs = Date.now();
    const factory = createClientAssertionFactory(first, { clientId, nowMs: () => nowMs });
    const made = await factory.getAssertion(audience);
    nowMs -= 30_000;
    expect(await factory.getAssertion(audience)).toBe(made);
    nowMs -= 3_600_000;
    const again = await factory.getAssertion(audience);
    expect(Number(parseCompactJws(again).payload["nbf"]) * 1000).toBeLessThanOrEqual(nowMs);
  });

  it("getAssertion() keeps a bounded number of audiences", async () => {
    let signatures = 0;
    const quick = {
      ...first,
      signer: {
        // Only the first is looked at.
        sign: async (...input: Parameters<typeof first.signer.sign>) => {
          signatures += 1;
          return signatures === 1 ? first.signer.sign(...input) : new Uint8Array(256);
        },
      },
    };
    const factory = createClientAssertionFactory(quick, { clientId });
    await factory.getAssertion(audience);
    for (let tenant = 0; tenant < 1_200; tenant += 50) {
      await Promise.all(
        Array.from({ length: 50 }, (_, index) => factory.getAssertion(`${audience}${tenant + index}`)),
      );
    }
    const before = signatures;
    await factory.getAssertion(`${audience}1199`);
    expect(signatures).toBe(before);
    await factory.getAssertion(`${audience}0`);
    expect(signatures).toBe(before + 1);
  });

  it("getAssertion() signs off the event loop", async () => {
    const factory = createClientAssertionFactory(first, { clientId });
    await factory.getAssertion("warm");
    let turns = 0;
    let counting = true;
    const turn = () => {
      turns += 1;
      if (counting) setImmediate(turn);
    };
    setImmediate(turn);
    await Promise.all(Array.from({ length: 100 }, (_, index) => factory.getAssertion(`${audience}${index}`)));
    counting = false;
    // Signed on the event loop, all would be done before it turns once.
    expect(turns).toBeGreaterThan(1);
  });

  it("a signature that failed is not kept", async () => {
    let fails = true;
    const flaky = {
      ...first,
      signer: {
        sign: async (input: Uint8Array, algorithm: "PS256" | "RS256") => {
          if (fails) throw new Error("the HSM is away");
          return first.signer.sign(input, algorithm);
        },
      },
    };
    const factory = createClientAssertionFactory(flaky, { clientId });
    await expect(factory.getAssertion(audience)).rejects.toThrow("the HSM is away");
    fails = false;
    expect(await factory.getAssertion(audience)).toMatch(/^eyJ/);
  });

  it("reload() takes another certificate from a function and drops the assertions of the old one", async () => {
    let current = first;
    const factory = createClientAssertionFactory(async () => current, { clientId });
    expect(thumbprintIn(await factory.getAssertion(audience))).toBe(
      first.certificate.thumbprintSha256.base64url,
    );
    expect(await factory.reload()).toBe(false);
    current = second;
    expect(await factory.reload()).toBe(true);
    expect(thumbprintIn(await factory.getAssertion(audience))).toBe(
      second.certificate.thumbprintSha256.base64url,
    );
  });

  it("reload() asks a source that follows files", async () => {
    let current = first;
    let reloads = 0;
    const source = {
      getCredential: async () => current,
      reload: async () => {
        reloads += 1;
        current = second;
        return true;
      },
    };
    const factory = createClientAssertionFactory(source, { clientId });
    await factory.getAssertion(audience);
    expect(await factory.reload()).toBe(true);
    expect(reloads).toBe(1);
    expect(thumbprintIn(await factory.getAssertion(audience))).toBe(
      second.certificate.thumbprintSha256.base64url,
    );
  });

  it("an expired certificate is looked up once more before it is refused", async () => {
    const nowMs = first.certificate.notAfter.getTime() + 1_000;
    const later = (
      await createSelfSigned({ subject: "CN=Later", notBefore: new Date(nowMs - DAY_MS), validDays: 30 })
    ).credential;
    let current = first;
    const factory = createClientAssertionFactory(async () => current, { clientId, nowMs: () => nowMs });
    await expect(factory.getAssertion(audience)).rejects.toMatchObject({ code: "CREDENTIAL_EXPIRED" });
    current = later;
    expect(thumbprintIn(await factory.getAssertion(audience))).toBe(
      later.certificate.thumbprintSha256.base64url,
    );
  });

  it("a certificate that has lived two thirds of its life is told of once a day", async () => {
    const warnings: OauthWarning[] = [];
    let nowMs = first.certificate.notBefore.getTime() + 19 * DAY_MS;
    const factory = createClientAssertionFactory(first, {
      clientId,
      nowMs: () => nowMs,
      onWarning: (each) => warnings.push(each),
    });
    await factory.getAssertion(audience);
    expect(warnings).toEqual([]);
    nowMs += 2 * DAY_MS;
    await factory.getAssertion(audience);
    await factory.getAssertion("other");
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatchObject({ code: "OAUTH_CERTIFICATE_EXPIRES_SOON", details: { daysLeft: 9 } });
    nowMs += DAY_MS;
    await factory.getAssertion(audience);
    expect(warnings).toHaveLength(2);
  });
});
