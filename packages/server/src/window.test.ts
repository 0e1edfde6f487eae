import { describe, expect, test } from "vitest";
import { checkWindow, defaultFeedWindow, parseInstantOrDate, readWindow } from "./window.ts";

describe("parseInstantOrDate()", () => {
  test.each([
    ["2026-09-07T09:00:00Z", "2026-09-07T09:00:00.000Z"],
    ["2026-09-07t09:00:00.5z", "2026-09-07T09:00:00.500Z"],
    ["2026-09-07T09:00:00+01:00", "2026-09-07T08:00:00.000Z"],
    ["2026-09-07T09:00:00 01:00", "2026-09-07T08:00:00.000Z"],
    ["2026-09-07T09:00-05:00", "2026-09-07T14:00:00.000Z"],
    ["2026-09-07", "2026-09-06T23:00:00.000Z"],
    ["2026-12-07", "2026-12-07T00:00:00.000Z"],
  ])("reads %s", (text, instant) => {
    expect(parseInstantOrDate(text, "Europe/London")?.toISOString()).toBe(instant);
  });

  test.each([
    "2026-09-07T09:00:00",
    "2026-02-30",
    "2026-02-30T00:00:00Z",
    "2026-13-01",
    "07.09.2026",
    "",
    "now",
    "1788771600",
    "2026-09-07T25:00:00Z",
    "2026-09-07T09:00:00+25:99",
  ])("does not take %j", (text) => {
    expect(parseInstantOrDate(text, "Europe/London")).toBeUndefined();
  });
});

describe("checkWindow()", () => {
  const from = new Date("2026-01-01T00:00:00Z");
  const after = (days: number) => new Date(from.getTime() + days * 86_400_000);
  test("takes 400 days and not a millisecond more", () => {
    expect(checkWindow({ from, to: after(400) }).to).toEqual(after(400));
    expect(() => checkWindow({ from, to: new Date(after(400).getTime() + 1) })).toThrow(
      expect.objectContaining({ code: "SERVER_REQUEST_INVALID" }),
    );
  });
  test("refuses an empty or reversed window", () => {
    expect(() => checkWindow({ from, to: from })).toThrow();
    expect(() => checkWindow({ from, to: after(-1) })).toThrow();
  });
});

test("readWindow() names every wrong parameter at once", () => {
  try {
    readWindow({ from: "soon" }, "UTC");
    expect.unreachable();
  } catch (error) {
    const { details } = error as { details: { errors: { name: string }[] } };
    expect(details.errors.map(({ name }) => name)).toEqual(["from", "to"]);
  }
});

test("defaultFeedWindow() stays the same all day and within the longest window", () => {
  const morning = defaultFeedWindow(new Date("2026-09-01T00:00:01Z"));
  expect(defaultFeedWindow(new Date("2026-09-01T23:59:59Z"))).toEqual(morning);
  expect(checkWindow(morning)).toEqual(morning);
});
