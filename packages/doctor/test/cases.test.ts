/** Real cases from public threads: the diagnosis must be the one that was finally found there. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { explain } from "../src/index.ts";
import { readRealCases, toInput } from "./real-cases.ts";

const cases = readRealCases();

describe("explain() of real cases", () => {
  test("there are at least 80, each with its source and its finding", () => {
    expect(cases.length).toBeGreaterThanOrEqual(80);
    for (const item of cases) {
      expect(item.source).toMatch(/^https:\/\//);
      expect(item.found.length).toBeGreaterThan(10);
      expect(item.expect.length).toBeGreaterThan(0);
    }
  });

  test.each(cases.map((item) => [item.id, item] as const))("names the mistake of %s", async (_id, item) => {
    const { findings } = await explain(item.inputs.map(toInput), {
      now: item.now === undefined ? new Date("2026-11-21T12:00:00Z") : new Date(item.now),
    });
    const codes = findings.map((finding) => finding.code);
    expect(codes).toEqual(expect.arrayContaining(item.expect));
    const allowed = [...item.expect, ...(item.also ?? [])];
    const faults = findings.filter((finding) => finding.severity === "fault").map((finding) => finding.code);
    expect(faults.filter((code) => !allowed.includes(code))).toEqual([]);
    const first = findings[0]?.code ?? "";
    if (item.first !== undefined) expect(first).toBe(item.first);
    else expect(item.anyOf === true ? allowed : item.expect).toContain(first);
  });
});

interface KnownPain {
  row: number;
  /** In a few words of our own. */
  pain: string;
  /** Case files that show it. */
  cases?: string[];
  /** Why no text that a person could paste shows it. */
  reason?: string;
}

const pains = JSON.parse(readFileSync(join(import.meta.dirname, "known-pains.json"), "utf8")) as Record<
  "certificateClients" | "calendarClients",
  KnownPain[]
>;

describe("known pains", () => {
  test.each([
    ["certificate clients", pains.certificateClients, 26],
    ["calendar clients", pains.calendarClients, 25],
  ] as const)("each pain of %s has a case that is run, or a reason", (_name, rows, count) => {
    const known = new Set(cases.map((item) => item.id));
    expect(rows.map(({ row }) => row)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    for (const { row, pain, cases: named = [], reason } of rows) {
      expect(
        named.filter((id) => !known.has(id)),
        `row ${row}, ${pain}`,
      ).toEqual([]);
      expect(named.length > 0, `row ${row}, ${pain}: a case or a reason, not both`).toBe(
        reason === undefined,
      );
    }
    expect(rows.filter(({ reason }) => reason !== undefined).map(({ row }) => row)).toEqual([]);
  });

  test("each case is kept under its own name", () => {
    const names = readdirSync(join(import.meta.dirname, "..", "cases"));
    expect(cases.map(({ id }) => `${id}.json`)).toEqual(names);
  });
});
