import { describe, expect, it } from "vitest";
import { findJsonError } from "../src/host/json-syntax.ts";

describe("findJsonError()", () => {
  it.each([
    ["{", 1],
    ['{"a":1,}', 7],
    ['{"a" 1}', 5],
    ["[1 2]", 3],
    ['["\n"]', 1],
    ["{} x", 3],
    ["[tru]", 1],
    ["[01]", 2],
    ['{"a":"\\x"}', 5],
  ])("finds the place in %j", (text, offset) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(findJsonError(text)).toBe(offset);
  });

  it("reaches the end of what is JSON", () => {
    const text = ' {"a":[1,-2.5e3,true,null,"\\u00e9\\n"],"b":{}} ';
    expect(findJsonError(text)).toBe(text.length);
  });
});
