import { describe, expect, it } from "vitest";
import { createSelfSigned } from "./self-signed.ts";

describe("createSelfSigned()", () => {
  it("begins five minutes ago and ends a year later when nothing is said", async () => {
    const now = new Date("2026-06-01T12:00:00.750Z");
    const { certificate } = (await createSelfSigned({ subject: "CN=a", now })).credential;
    expect(certificate.notBefore).toEqual(new Date("2026-06-01T11:55:00Z"));
    expect(certificate.notAfter).toEqual(new Date("2027-06-01T11:55:00Z"));
  });

  it("makes a usable credential also for a validity that is not now", async () => {
    const notBefore = new Date("2020-01-01T00:00:00Z");
    const { credential } = await createSelfSigned({ subject: "CN=past", notBefore, validDays: 1 });
    expect(credential.allowExpired).toBe(true);
  });

  it("refuses what cannot be made, by code", async () => {
    const refuses = (options: object, code: string) =>
      expect(createSelfSigned({ subject: "CN=a", ...options })).rejects.toMatchObject({ code });
    await refuses({ keySizeBits: 1024 }, "CREDENTIAL_KEY_TOO_SMALL");
    await refuses({ keySizeBits: 2047 }, "CREDENTIAL_KEY_TOO_SMALL");
    await refuses({ keySizeBits: 2049 }, "CREDENTIAL_KEY_SIZE_UNSUPPORTED");
    await refuses({ keySizeBits: Number.NaN }, "CREDENTIAL_KEY_SIZE_UNSUPPORTED");
    await refuses({ validDays: 0 }, "CREDENTIAL_VALIDITY_INVALID");
    await refuses({ validDays: 1e9 }, "CREDENTIAL_VALIDITY_INVALID");
    await refuses({ validDays: Number.NaN }, "CREDENTIAL_VALIDITY_INVALID");
    await refuses({ notAfter: new Date("2001-01-01T00:00:00Z") }, "CREDENTIAL_VALIDITY_INVALID");
    await refuses({ subject: "timetable" }, "CREDENTIAL_SUBJECT_INVALID");
    await expect(createSelfSigned({ subject: "CN=a", validDays: 1, notAfter: new Date() })).rejects.toThrow(
      TypeError,
    );
  });
});
