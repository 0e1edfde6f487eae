/** Program code: the known mistakes are named, and code without them is left alone. */
import { describe, expect, test } from "vitest";
import { explain } from "../src/index.ts";
import { RIGHT_CODE, WRONG_CODE } from "./code-samples.ts";

describe("explain() of program code", () => {
  test.each(WRONG_CODE)("names the one mistake of %s", async (_name, code, content) => {
    const { findings } = await explain([{ content }]);
    const wrong = findings.filter(({ severity }) => severity === "fault" || severity === "warning");
    expect(wrong.map((finding) => finding.code)).toEqual([code]);
    expect(findings.map((finding) => finding.code)).not.toContain("CODE_READ");
  });

  test.each(RIGHT_CODE)("finds nothing wrong in %s", async (_name, content) => {
    const { findings, recognised } = await explain([{ content }]);
    const wrong = findings.filter(({ severity }) => severity === "fault" || severity === "warning");
    expect(wrong.map((finding) => finding.code)).toEqual([]);
    expect(recognised).not.toEqual([]);
  });

  test("shows no secret that stands in the code", async () => {
    const secret = "abC~8Q.this-is-a-client-secret_value-0123";
    const content = `import requests\nr = requests.post(url, json={"grant_type": "client_credentials", "client_secret": "${secret}"})`;
    const explanation = await explain([{ content }]);
    expect(explanation.findings[0]?.code).toBe("REQUEST_NOT_FORM");
    expect(JSON.stringify(explanation)).not.toContain(secret);
  });
});
