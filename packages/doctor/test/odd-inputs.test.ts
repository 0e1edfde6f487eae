/** Whatever form a trouble is pasted in, the same trouble is named, and none besides. */
import { describe, expect, test } from "vitest";
import { explain } from "../src/index.ts";
import { ODD_ANSWERS } from "./odd-answers.ts";
import { ACCESS_CLAIMS, ODD_NOW, tokenOf } from "./odd-parts.ts";
import { ODD_REQUESTS } from "./odd-requests.ts";

/** A certificate whose beginning is said to lie in the 99th month. */
const DAMAGED_DATES =
  "MIIDFzCCAf+gAwIBAgIUFSec3OZO3Sze85fnydpcUg79eOQwDQYJKoZIhvcNAQELBQAwGzEZMBcGA1UEAwwQdGltZXRhYmxlIGRhZW1vbjAeFw0yNjk5MjEwODMxMjBaFw0zNjExMTgwODMxMjBaMBsxGTAXBgNVBAMMEHRpbWV0YWJsZSBkYWVtb24wggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQDlmVxHYDBCqF26E3FlFRW4LB4AVBye7Y7s6Po2V1OMdw/oxI71W/TAJiFSADjRvu/Lok8IjxvdSkkGy5OD6H1rjy2crA6q2wJgQoJemGijDYLVLz3+q0vLbfEtstP16e7UeWZ1EB/UfYeAFYEVsNRydwgFGu3PlvzoiGvi1ygArIztIixq/45aF0/y8p3C5LvpEIu27VSnJjoi2D1XpTfKyNLZCLslKx4E7SZrUoDPkpcBp2GcTKqXKchh8SwjMuhzmtotaBzhlx9Uh7358M5NcQVfzhVhOzlpTxepDkprtLp3f7QV/j+sM+gij/b95LgdqLXBSTM6bcfnJHcLRdItAgMBAAGjUzBRMB0GA1UdDgQWBBQ48XTCs9y37RUO9VHvS/FcKVdEHDAfBgNVHSMEGDAWgBQ48XTCs9y37RUO9VHvS/FcKVdEHDAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQCOGjw23vK/pgsga4WcBYzB7BdynCt3tdgB8ZgDW66lg0C7omeRMHx4LiqE25CODwXU+NJciCuvYMLlKDrAJbCA2W/v1OZqO3I/RjV0yNdtQeTtAW2rQxIxjZu/WXwSyu21Rh6mi4BhbideNZtEue/sKfjAqXmNKYkO//2il62wm2HUNNio9ky4dqIMJvOPnWYqde0z1+WxYgWiiAK4c8f4JLQxOjb5MwMXnSAJNXK+gDyE046CrvrF2S+Ngtb4F80YFXZPBh2dWbcIAKKs3znFcDP8IFnoRnHItwbxpNsQTe8G3Gue0De7LvSU9w2WW9sIRCCR9DMtHCjSXbeifMiR";

test("explain() reads tokens whose times are no times", async () => {
  for (const claims of [{ nbf: 1e20 }, { exp: -1e20 }, { nbf: -1e300, exp: 1e300 }]) {
    const { findings } = await explain([{ content: tokenOf({ ...ACCESS_CLAIMS, ...claims }) }], {
      now: ODD_NOW,
    });
    expect(findings.map(({ code }) => code)).toContain("TOKEN_VERDICT");
  }
});

test("explain() reads an entry whose certificate has damaged dates", async () => {
  const der = Buffer.from(DAMAGED_DATES, "base64");
  const value = der.toString("base64");
  const content = JSON.stringify({
    keyCredentials: [{ type: "AsymmetricX509Cert", usage: "Verify", endDate: "2027-01-01T00:00:00Z", value }],
  });
  const { recognised } = await explain([{ content }], { now: ODD_NOW });
  expect(recognised.map(({ kind }) => kind)).toContain("manifest");
});

describe("explain() of inputs in odd forms", () => {
  test.each([...ODD_ANSWERS, ...ODD_REQUESTS])(
    "names what is wrong in %s",
    async (_name, content, wanted) => {
      const { findings, recognised } = await explain([{ content }], { now: ODD_NOW });
      const wrong = findings.filter(({ severity }) => severity === "fault" || severity === "warning");
      expect(wrong.map(({ code }) => code)).toEqual(wanted);
      expect(recognised).not.toEqual([]);
    },
  );
});
