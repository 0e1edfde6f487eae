import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TokenEntry, TokenMap } from "./token-map.ts";

const token = {
  token: "t",
  expiresOnTimestamp: 2_000,
  refreshAfterTimestamp: 1_000,
  tokenType: "Bearer",
} as const;
const entry = (scope: string, tenantId: string, continuous = false) =>
  new TokenEntry({ scope, tenantId, continuous }, token, 1_900, 0);

describe("TokenMap", () => {
  it("find() gives what keep() kept, by scope, tenant and kind", () => {
    const map = new TokenMap(10);
    const kept = entry("s", "t");
    map.keep(kept);
    map.keep(entry("s", "t", true));
    expect(map.find("s", "t", false)).toBe(kept);
    expect(map.find("s", "t", true)).not.toBe(kept);
    expect(map.find("s", "u", false)).toBeUndefined();
    expect(map.find("r", "t", false)).toBeUndefined();
    expect(map.size).toBe(2);
  });

  it("keep() replaces without growing", () => {
    const map = new TokenMap(10);
    map.keep(entry("s", "t"));
    const newer = entry("s", "t");
    map.keep(newer);
    expect(map.size).toBe(1);
    expect(map.find("s", "t", false)).toBe(newer);
  });

  it("keep() evicts what was not used since the hand last came by", () => {
    const map = new TokenMap(3);
    for (const tenant of ["a", "b", "c"]) map.keep(entry("s", tenant));
    map.find("s", "a", false);
    map.find("s", "c", false);
    map.keep(entry("s", "d"));
    expect(map.find("s", "b", false)).toBeUndefined();
    for (const tenant of ["a", "c", "d"]) expect(map.find("s", tenant, false)).toBeDefined();
  });

  it("keep() holds the bound and clear() empties, whatever happens (model)", () => {
    const step = fc.record({
      tenant: fc.nat(12),
      scope: fc.nat(2),
      continuous: fc.boolean(),
      act: fc.constantFrom("keep", "find", "clear"),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 1, max: 6 }), (steps, bound) => {
        const map = new TokenMap(bound);
        for (const { tenant, scope, continuous, act } of steps) {
          const key = [`s${scope}`, `t${tenant}`, continuous] as const;
          if (act === "clear" && tenant === 0) {
            map.clear();
            expect(map.size).toBe(0);
          } else if (act === "find") {
            const found = map.find(...key);
            if (found !== undefined) expect([found.scope, found.tenantId, found.continuous]).toEqual(key);
          } else {
            const kept = entry(...key);
            map.keep(kept);
            expect(map.find(...key)).toBe(kept);
          }
          expect(map.size).toBeLessThanOrEqual(bound);
        }
        let found = 0;
        for (let scope = 0; scope < 3; scope++)
          for (let tenant = 0; tenant < 13; tenant++)
            for (const continuous of [true, false])
              if (map.find(`s${scope}`, `t${tenant}`, continuous)) found++;
        expect(found).toBe(map.size);
      }),
    );
  });

  it("TokenMap refuses a bound below 1", () => {
    expect(() => new TokenMap(0)).toThrow(RangeError);
    expect(() => new TokenMap(Number.NaN)).toThrow(RangeError);
  });
});
