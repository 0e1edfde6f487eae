/** HAR files: what is in them is found, and a large one costs little. */
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { explain } from "../src/index.ts";
import { CLIENT_ID, TENANT_ID } from "./samples.ts";

const FILE_BYTES = 50 * 1024 * 1024;

const refused = {
  request: {
    method: "POST",
    url: `https://login.microsoftonline.com/${TENANT_ID}/oauth2/v2.0/token`,
    headers: [{ name: "Content-Type", value: "application/x-www-form-urlencoded" }],
    postData: {
      text: `grant_type=client_credentials&client_id=${CLIENT_ID}&client_secret=canary-7f3a9c&scope=User.Read.All`,
    },
  },
  response: {
    status: 400,
    headers: [{ name: "Date", value: "Mon, 15 Jun 2026 10:00:00 GMT" }],
    content: {
      text: '{"error":"invalid_scope","error_description":"AADSTS1002012: The provided value for scope User.Read.All is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI). Trace ID: 0a0a0a0a-1b1b-2c2c-3d3d-4e4e4e4e0100","error_codes":[1002012]}',
    },
  },
};

const page = (bytes: number): object => ({
  request: { method: "GET", url: "https://app.school.example/bundle.js", headers: [] },
  response: {
    status: 200,
    headers: [],
    content: { text: 'x("{\\"a\\"}");\n'.repeat(Math.ceil(bytes / 14)) },
  },
});

test("explain() finds the refused token request among other entries of a HAR file", async () => {
  const content = JSON.stringify({ log: { version: "1.2", entries: [page(1000), refused, page(1000)] } });
  const explanation = await explain([{ name: "session.har", content }]);
  const codes = explanation.findings.map((finding) => finding.code);
  expect(codes).toContain("REQUEST_SCOPE_NOT_DEFAULT");
  expect(codes).toContain("AADSTS1002012");
  expect(JSON.stringify(explanation)).not.toContain("canary-7f3a9c");
});

test("explain() reads entries of a HAR file up to the place where it was cut", async () => {
  const whole = JSON.stringify({ log: { version: "1.2", entries: [refused, page(5000)] } });
  const { findings } = await explain([{ content: whole.slice(0, -3000) }]);
  expect(findings.map((finding) => finding.code)).toContain("REQUEST_SCOPE_NOT_DEFAULT");
});

test("explain() reads a HAR file of 50 MB in under 5 s and 300 MB", () => {
  const folder = mkdtempSync(join(tmpdir(), "nightlatch-har-"));
  try {
    const path = join(folder, "session.har");
    writeLargeHar(path);
    const root = join(import.meta.dirname, "..", "..", "..");
    const output = execFileSync(
      process.execPath,
      [
        "--conditions",
        "@nightlatch/source",
        "--import",
        "tsx",
        join(import.meta.dirname, "har-child.ts"),
        path,
      ],
      { cwd: root, encoding: "utf8" },
    );
    const result = JSON.parse(output) as { spentMs: number; peakMebibytes: number; codes: string[] };
    expect(result.codes).toContain("REQUEST_SCOPE_NOT_DEFAULT");
    expect(result.spentMs).toBeLessThan(5000);
    expect(result.peakMebibytes).toBeLessThan(300);
    console.info(`50 MB HAR: ${result.spentMs} ms, ${result.peakMebibytes} MiB`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);

/** Mostly other pages, some large, with the refusal near the end. */
function writeLargeHar(path: string): void {
  const file = openSync(path, "w");
  let size = writeSync(file, '{"log":{"version":"1.2","entries":[\n');
  const large = `${JSON.stringify(page(2_000_000))},\n`;
  const small = `${JSON.stringify(page(20_000))},\n`;
  for (let index = 0; size < FILE_BYTES; index += 1) size += writeSync(file, index % 8 === 0 ? large : small);
  writeSync(file, `${JSON.stringify(refused)}\n]}}`);
  closeSync(file);
}
