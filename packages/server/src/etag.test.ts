import { describe, expect, test } from "vitest";
import { changeKeyOfTag, formatEventTag, isNotModified, makeContentTag, readWantedTags } from "./etag.ts";

test.each(["DwAAABYAAAC1+/=", 'with "quotes"', "with blank", "ü", "base64url:x"])(
  "changeKeyOfTag() gives back the change key %j of formatEventTag()",
  (changeKey) => {
    const tag = formatEventTag(changeKey);
    expect(tag).toMatch(/^"[\x21\x23-\x7e]+"$/);
    expect(changeKeyOfTag(tag)).toBe(changeKey);
  },
);

test("makeContentTag() differs as soon as the text does", () => {
  expect(makeContentTag("a")).toBe(makeContentTag("a"));
  expect(makeContentTag("a")).not.toBe(makeContentTag("b"));
});

describe("isNotModified()", () => {
  test.each([
    ['"a"', true],
    ['"b", W/"a"', true],
    ["*", true],
    ['"b"', false],
    ["a", false],
    [undefined, false],
  ])("compares %j weakly", (header, expected) => {
    expect(isNotModified(header, '"a"')).toBe(expected);
  });
});

describe("readWantedTags()", () => {
  test("gives nothing for no header and for *", () => {
    expect(readWantedTags(undefined)).toBeUndefined();
    expect(readWantedTags("*")).toBeUndefined();
  });
  test("leaves weak tags out", () => {
    expect(readWantedTags('W/"a", "b","c"')).toEqual(['"b"', '"c"']);
  });
  test("fails when there are only weak ones, and when there is none", () => {
    expect(() => readWantedTags('W/"a"')).toThrow(
      expect.objectContaining({ code: "SERVER_PRECONDITION_FAILED" }),
    );
    expect(() => readWantedTags("a")).toThrow(expect.objectContaining({ code: "SERVER_REQUEST_INVALID" }));
  });
});
