/**
 * The round trip: make a mistake, take the emulator's refusal, ask the doctor; the mistake that was made must be the
 * first that is named. Where the refusal alone cannot tell, the doctor is given what the reader has at hand too.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { explain } from "../src/index.ts";
import { type PastedExchange, type School, startSchool } from "./emulated-school.ts";
import { ASSERTION_MISTAKES, type Mistake } from "./mistakes-assertion.ts";
import { CALENDAR_MISTAKES } from "./mistakes-calendar.ts";
import { REQUEST_MISTAKES } from "./mistakes-request.ts";

const MISTAKES: readonly Mistake[] = [...ASSERTION_MISTAKES, ...CALENDAR_MISTAKES, ...REQUEST_MISTAKES];
let school: School;

beforeAll(async () => {
  school = await startSchool();
});

afterAll(() => school.emulator.close());

describe("explain() names the mistake that the emulator refused", () => {
  test("there are at least 60 kinds of mistakes", () => {
    expect(new Set(MISTAKES.map((mistake) => mistake.name)).size).toBeGreaterThanOrEqual(60);
  });

  test.each(MISTAKES.map((mistake) => [mistake.name, mistake.given, mistake] as const))(
    "%s (given the %s)",
    async (_name, _given, mistake) => {
      const exchanged = await mistake.make(school);
      expect(exchanged.status, exchanged.answer).toBeGreaterThanOrEqual(400);
      const { findings } = await explain(inputsOf(mistake, exchanged).map((content) => ({ content })));
      const named = findings.map((finding) => `${finding.severity} ${finding.code}`);
      expect(findings[0]?.code, `${exchanged.answer}\n${named.join("\n")}`).toBe(mistake.expect);
      expect(findings[0]?.severity).toBe("fault");
    },
  );
});

function inputsOf(mistake: Mistake, { request, answer }: PastedExchange): string[] {
  const certificate = school.daemon.certificatePem;
  if (mistake.given === "answer") return [answer];
  if (mistake.given === "request") return [answer, request];
  if (mistake.given === "certificate") return [answer, certificate];
  return [answer, request, certificate];
}
