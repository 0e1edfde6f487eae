/** The pages in docs/errors are those that the table gives, and every code of the table is explained. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AADSTS_EXPLANATIONS, explain } from "../src/index.ts";
import { current, errorPages, PAGES_FOLDER } from "./write-error-pages.ts";

test("docs/errors has one page for each code, none stale, none left over", () => {
  const pages = errorPages();
  expect(pages.size).toBe(AADSTS_EXPLANATIONS.length + 1);
  const stale = [...pages].filter(([name, content]) => current(join(PAGES_FOLDER, name)) !== content);
  expect(
    stale.map(([name]) => name),
    "run: node --import tsx packages/doctor/test/write-error-pages.ts",
  ).toEqual([]);
  const present = readdirSync(PAGES_FOLDER).filter((name) => name.startsWith("AADSTS"));
  expect(present.filter((name) => !pages.has(name))).toEqual([]);
});

const SUFFIXES = [
  " Trace ID: 0a0a0a0a-1b1b-2c2c-3d3d-4e4e4e4e0100 Correlation ID: 5f5f5f5f-6a6a-7b7b-8c8c-9d9d9d9d9d9d Timestamp: 2026-01-31 12:00:00Z",
  "\r\nTrace ID: 0a0a0a0a-1b1b-2c2c-3d3d-4e4e4e4e0100\r\nCorrelation ID: 5f5f5f5f-6a6a-7b7b-8c8c-9d9d9d9d9d9d\r\nTimestamp: 2026-01-31 12:00:00Z",
];

test("explain() explains every code of the table, in either layout of the suffix", async () => {
  for (const entry of AADSTS_EXPLANATIONS) {
    for (const suffix of SUFFIXES) {
      const text = `AADSTS${entry.code}: ${(entry.message ?? "").replaceAll("\n", " ")}${suffix}`;
      const body = JSON.stringify({
        error: entry.oauthError,
        error_description: text,
        error_codes: [entry.code],
      });
      const { findings } = await explain([{ content: body }]);
      const finding = findings.find((item) => item.code === `AADSTS${entry.code}`);
      expect(finding, `AADSTS${entry.code}`).toBeDefined();
      expect(finding?.evidence["traceId"]).toBe("0a0a0a0a-1b1b-2c2c-3d3d-4e4e4e4e0100");
      expect(finding?.evidence["timestamp"]).toBe("2026-01-31T12:00:00.000Z");
    }
  }
});

test("explain() gives the facts of an unknown code and says that it is unknown", async () => {
  const { findings, verdict } = await explain([
    { content: `AADSTS99999999: Something new happened to 'room-12'.${SUFFIXES[0] ?? ""}` },
  ]);
  expect(findings[0]?.code).toBe("ERROR_CODE_UNKNOWN");
  expect(findings[0]?.evidence["code"]).toBe(99_999_999);
  expect(findings[0]?.evidence["correlationId"]).toBe("5f5f5f5f-6a6a-7b7b-8c8c-9d9d9d9d9d9d");
  expect(findings[0]?.explanation).toContain("Something new happened to 'room-12'.");
  expect(verdict).toBe("warning");
});
