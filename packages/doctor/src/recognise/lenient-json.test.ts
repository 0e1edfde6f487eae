import { describe, expect, test } from "vitest";
import { findJsonObjects, findLoosePairs } from "./lenient-json.ts";

describe("findJsonObjects()", () => {
  test("finds objects inside text, outermost first and each once", () => {
    const found = findJsonObjects('before {"a":{"b":1}} between {"c":2} after');
    expect(found.map((item) => item.value)).toEqual([{ a: { b: 1 } }, { c: 2 }]);
    expect(found.every((item) => item.syntaxError === undefined)).toBe(true);
  });

  test.each([
    ["bare names", '{ alg: "RS256", x5t: "abc" }', { alg: "RS256", x5t: "abc" }],
    ["missing commas", '{ "a": 1\n "b": 2 }', { a: 1, b: 2 }],
    ["trailing commas", '{ "a": [1, 2,], }', { a: [1, 2] }],
    ["Python", "{'error': 'x', 'ok': None, 'yes': True}", { error: "x", ok: null, yes: true }],
    ["typographic quotes", "{ “a”: “b” }", { a: "b" }],
    ["comments", '{ "a": 1, // one\n "b": 2 /* two */ }', { a: 1, b: 2 }],
    ["PHP arrows", "{ 'a' => 'b' }", { a: "b" }],
    ["line breaks in a text", '{ "a": "x\ny" }', { a: "x\ny" }],
  ])("reads %s, and says that it is no strict JSON", (_name, text, value) => {
    const [found] = findJsonObjects(text);
    expect(found?.value).toEqual(value);
    expect(found?.syntaxError).toBeDefined();
  });

  test("finds the next object when a brace is never closed", () => {
    expect(
      findJsonObjects('"keyCredentials": [ { "a": 1\n Header: { "alg": "RS256" }').map((item) => item.value),
    ).toEqual([{ alg: "RS256" }]);
  });
});

describe("findLoosePairs()", () => {
  test("reads pairs without braces, and marks what is not quoted", () => {
    const pairs = findLoosePairs('alg: "RS256",\n aud: "",\n exp: 12,\n value: abc"def"', [
      "alg",
      "aud",
      "exp",
      "value",
    ]);
    expect(pairs.map((pair) => [pair.name, pair.value, pair.isBare])).toEqual([
      ["alg", "RS256", false],
      ["aud", "", false],
      ["exp", 12, false],
      ["value", 'abc"def"', true],
    ]);
  });
});
