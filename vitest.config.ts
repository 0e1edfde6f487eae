import { defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";

const conditions = ["@nightlatch/source", ...defaultServerConditions];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "packages/*/test/**/*.test.ts",
      "acceptance/**/*.test.ts",
      "examples/**/*.test.ts",
      "scripts/**/*.test.ts",
      ".doctest/*.test.ts",
    ],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    pool: "forks",
  },
});
