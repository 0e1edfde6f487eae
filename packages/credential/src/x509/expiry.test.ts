import { describe, expect, it } from "vitest";
import { checkExpiry } from "./expiry.ts";

const validity = { notBefore: new Date("2026-01-01T00:00:00Z"), notAfter: new Date("2026-12-27T00:00:00Z") };
const stateAt = (now: string, threshold?: string | number) =>
  checkExpiry(validity, { now: new Date(now), threshold }).state;

describe("checkExpiry()", () => {
  it("is due when two thirds of the lifetime have passed", () => {
    expect(stateAt("2026-08-28T23:59:59Z")).toBe("ok");
    expect(stateAt("2026-08-29T00:00:00Z")).toBe("due");
  });

  it("tells before, after, and the last instant apart", () => {
    expect(stateAt("2025-12-31T23:59:59Z")).toBe("notYetValid");
    expect(stateAt("2026-12-27T00:00:00Z")).toBe("due");
    expect(stateAt("2026-12-27T00:00:01Z")).toBe("expired");
  });

  it.each([
    ["30d", "2026-11-27T00:00:00Z"],
    ["2w", "2026-12-13T00:00:00Z"],
    ["36h", "2026-12-25T12:00:00Z"],
    ["90 m", "2026-12-26T22:30:00Z"],
    ["33.333%", undefined],
    ["10%", "2026-11-21T00:00:00Z"],
    [86_400_000, "2026-12-26T00:00:00Z"],
  ])("understands the threshold %j", (threshold, dueAt) => {
    const status = checkExpiry(validity, { threshold, now: new Date("2026-06-30T00:00:00Z") });
    if (dueAt !== undefined) expect(status.dueAt).toEqual(new Date(dueAt));
    expect(status.passedShare).toBeCloseTo(0.5, 5);
    expect(status.remainingMs).toBe(180 * 86_400_000);
  });

  it.each(["", "30", "d", "-3d", "101%", "30 days", Number.NaN, -1])(
    "refuses the threshold %j",
    (threshold) => {
      expect(() => checkExpiry(validity, { threshold })).toThrow(
        expect.objectContaining({ code: "CREDENTIAL_THRESHOLD_INVALID", exitCode: 2 }),
      );
    },
  );
});
