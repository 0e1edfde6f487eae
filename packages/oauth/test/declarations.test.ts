/** The packages leave out declarations that no door leads to; one that a door leads to must be there. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const packages = fileURLToPath(new URL("../../", import.meta.url));

/** Declarations that are loaded with a door, by the imports they name. */
function declarationsBehind(folder: string, doors: readonly string[]): Set<string> {
  const found = new Set<string>();
  const left = [...doors];
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    const text = readFileSync(join(folder, path), "utf8");
    for (const [, named = ""] of text.matchAll(/(?:from|import)\s*\(?["'](\.[^"']+)["']/g))
      left.push(normalize(join(dirname(path), named.replace(/\.(ts|js)$/, ".d.ts"))));
  }
  return found;
}

describe.each([
  ["credential", ["dist/index.d.ts", "dist/assertion.d.ts"]],
  ["oauth", ["dist/index.d.ts"]],
])("the files of @nightlatch/%s", (name, doors) => {
  const folder = join(packages, name);
  const isBuilt = doors.every((door) => existsSync(join(folder, door)));
  if (!isBuilt) console.warn(`@nightlatch/${name} is not built: its declarations are not looked at`);

  it.runIf(isBuilt || process.env["CI"] !== undefined)(
    "leave out no declaration that a door leads to",
    () => {
      const { files } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { files: string[] };
      const leftOut = files.filter((each) => each.endsWith(".d.ts")).map((each) => each.slice(1));
      const needed = declarationsBehind(folder, doors);
      expect(leftOut.length).toBeGreaterThan(5);
      expect(needed.size).toBeGreaterThan(15);
      expect(leftOut.filter((path) => needed.has(path))).toEqual([]);
    },
  );
});
