/** The import stays light: what only a request or a signature needs is loaded with the first of them. */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";

/** What a door loads at once: modules of Node and of others. */
async function loadedAtOnce(door: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL(`../../${door}`, import.meta.url))],
    outdir: "unwritten",
    bundle: true,
    splitting: true,
    packages: "external",
    format: "esm",
    platform: "node",
    metafile: true,
    write: false,
  });
  const at = (path: string) =>
    metafile.outputs[path]?.imports.filter((each) => each.kind === "import-statement");
  const pending = Object.keys(metafile.outputs).filter((path) =>
    metafile.outputs[path]?.entryPoint?.endsWith(door),
  );
  const seen = new Set(pending);
  const found = new Set<string>();
  for (let path = pending.pop(); path !== undefined; path = pending.pop())
    for (const { path: next, external } of at(path) ?? []) {
      if (external === true) found.add(next);
      else if (!seen.has(next)) {
        seen.add(next);
        pending.push(next);
      }
    }
  // A look that found nothing would prove nothing.
  expect(seen.size).toBeGreaterThan(0);
  return [...found].sort();
}

describe("@nightlatch/oauth", () => {
  it("loads neither cryptography nor TLS nor HTTP with the import", async () => {
    expect(await loadedAtOnce("oauth/src/index.ts")).toEqual([
      "@nightlatch/credential/assertion",
      "node:fs/promises",
      "node:path",
    ]);
    expect(await loadedAtOnce("credential/src/assertion.ts")).toEqual([]);
  });

  it("would be seen to load cryptography, as the whole of @nightlatch/credential does", async () => {
    expect(await loadedAtOnce("credential/src/index.ts")).toContain("node:crypto");
  });
});
