/** Whatever form a trouble is pasted in, the same trouble is named, and none besides. */
import { describe, expect, test } from "vitest";
import { explain } from "../src/index.ts";
import { ODD_ANSWERS } from "./odd-answers.ts";
import { ODD_NOW } from "./odd-parts.ts";
import { ODD_REQUESTS } from "./odd-requests.ts";

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
