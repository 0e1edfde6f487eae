import { describe, expect, it } from "vitest";
import { parseRetryAfter } from "./retry-after.ts";

const nowMs = Date.UTC(2026, 0, 31, 12, 0, 0);

describe("parseRetryAfter", () => {
  it.each([
    ["60", 60_000],
    ["0", 0],
    ["2.128", 2_128],
    [".5", 500],
    [" 3 ", 3_000],
    ["5, 10", 10_000],
    ["Sat, 31 Jan 2026 12:00:30 GMT", 30_000],
    ["Sat, 31 Jan 2026 11:00:00 GMT", 0],
  ])("parseRetryAfter(%j) gives %i ms", (text, expected) => {
    expect(parseRetryAfter({ "retry-after": text }, nowMs)).toBe(expected);
  });

  it.each(["", "soon", "-5", "-1000", "5, soon", ",", "1e3", "60 s", "Sat"])(
    "parseRetryAfter(%j) gives undefined",
    (text) => {
      expect(parseRetryAfter({ "retry-after": text }, nowMs)).toBeUndefined();
    },
  );

  it("parseRetryAfter() counts from the server's own date, whatever this machine's clock says", () => {
    const headers = { "retry-after": "Sat, 31 Jan 2026 15:00:30 GMT", date: "Sat, 31 Jan 2026 15:00:00 GMT" };
    expect(parseRetryAfter(headers, nowMs)).toBe(30_000);
  });
});
