import { describe, expect, it } from "vitest";
import { createPostgresTokenCache } from "./postgres.ts";

describe("createPostgresTokenCache()", () => {
  // What PostgreSQL answers to the later of two processes that create the table at once depends on how far the
  // earlier one is: its row type (42710), its name (42P07) or its entry in the catalogue (23505) stands first.
  it.each(["23505", "42710", "42P07"])(
    "goes on when somebody else has just created the table (%s)",
    async (code) => {
      const cache = createPostgresTokenCache({
        sealedBy: { clientSecret: "only for tests" },
        query: async (sql) => {
          if (sql.startsWith("CREATE")) throw Object.assign(new Error("already exists"), { code });
          return { rows: [] };
        },
      });
      expect(await cache.get("key")).toBeUndefined();
    },
  );

  it("says why when the table cannot be created", async () => {
    const cache = createPostgresTokenCache({
      sealedBy: { clientSecret: "only for tests" },
      query: async () => {
        throw Object.assign(new Error("permission denied"), { code: "42501" });
      },
    });
    await expect(cache.get("key")).rejects.toThrow("permission denied");
  });
});
