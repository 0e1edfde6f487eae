import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDistinguishedName } from "./distinguished-name.ts";

describe("parseDistinguishedName()", () => {
  it("keeps order, escapes and quotation marks", () => {
    expect(parseDistinguishedName('CN=a\\,b, O="Lake, North" ,1.2.3.4=x')).toEqual([
      { oid: "2.5.4.3", value: "a,b" },
      { oid: "2.5.4.10", value: "Lake, North" },
      { oid: "1.2.3.4", value: "x" },
    ]);
  });

  it.each(["", "name", "CN=", "XX=a", "CN=a,,O=b", "C=England", `CN=${"x".repeat(65)}`, 'CN="a', "CN=a\\"])(
    "refuses %j",
    (text) => {
      expect(() => parseDistinguishedName(text)).toThrow(
        expect.objectContaining({ code: "CREDENTIAL_SUBJECT_INVALID" }),
      );
    },
  );

  it("tells how to write a bare name", () => {
    expect(() => parseDistinguishedName("timetable")).toThrow(
      expect.objectContaining({ hint: "Write it as CN=timetable" }),
    );
  });

  it("gives back any value that was escaped", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 60, unit: "grapheme-ascii" }), (value) => {
        fc.pre(value.trim() === value);
        const escaped = value.replace(/[\\",]/g, "\\$&");
        expect(parseDistinguishedName(`CN=${escaped}`)).toEqual([{ oid: "2.5.4.3", value }]);
      }),
    );
  });
});
