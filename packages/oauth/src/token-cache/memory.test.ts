import { describe, expect, it } from "vitest";
import { tokenCacheConformance } from "./conformance.ts";
import { createMemoryTokenCache } from "./memory.ts";

tokenCacheConformance({ describe, it }, "the memory cache", async () => {
  const cache = createMemoryTokenCache();
  return { cache, again: async () => cache };
});

describe("createMemoryTokenCache", () => {
  it("set() drops the oldest token beyond maxTokens", async () => {
    const cache = createMemoryTokenCache({ maxTokens: 2 });
    const token = { token: "t", expiresOnTimestamp: 2, refreshAfterTimestamp: 1 };
    for (const key of ["a", "b", "a", "c"]) await cache.set(key, token);
    expect(
      await Promise.all(["a", "b", "c"].map(async (key) => (await cache.get(key)) !== undefined)),
    ).toEqual([true, false, true]);
  });
});
