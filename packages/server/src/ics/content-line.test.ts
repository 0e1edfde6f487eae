import fc from "fast-check";
import ICAL from "ical.js";
import { describe, expect, test } from "vitest";
import { escapeText, formatContentLine } from "./content-line.ts";

describe("formatContentLine()", () => {
  test("keeps every line within 75 octets and cuts no character in two", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 400 }), (text) => {
        const line = formatContentLine("SUMMARY", escapeText(text));
        expect(line.endsWith("\r\n")).toBe(true);
        for (const part of line.slice(0, -2).split("\r\n")) {
          expect(Buffer.byteLength(part)).toBeLessThanOrEqual(75);
          expect(part).toBe(Buffer.from(part).toString());
        }
      }),
    );
  });

  test("uses the 75 octets of every line, the blank of a continued one included", () => {
    const lines = formatContentLine("SUMMARY", "x".repeat(300)).trimEnd().split("\r\n");
    expect(lines.map((line) => line.length)).toEqual([75, 75, 75, 75, 12]);
    expect(lines.slice(1).every((line) => line.startsWith(" x"))).toBe(true);
  });

  test("gives ical.js back the text that went in", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
        const clean = text.replace(/\r\n?/g, "\n").replace(/[^\P{Cc}\t\n]/gu, "");
        const source = `BEGIN:VEVENT\r\n${formatContentLine("SUMMARY", escapeText(text))}END:VEVENT`;
        const component = new ICAL.Component(ICAL.parse(source) as unknown as string);
        expect(component.getFirstPropertyValue("summary")).toBe(clean);
      }),
    );
  });

  test("quotes a parameter that needs it and lets no quote or break out of it", () => {
    expect(formatContentLine("X", "v", { CN: "Room 12; north" })).toBe('X;CN="Room 12; north":v\r\n');
    expect(formatContentLine("X", "v", { CN: 'a"\r\nEVIL:1' })).toBe('X;CN="aEVIL:1":v\r\n');
  });
});
