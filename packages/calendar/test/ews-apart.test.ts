/** The EWS wing stands apart: nobody else knows it, and the main door does not load it. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const src = join(import.meta.dirname, "..", "src");

/** Files of other people that a program has loaded after its imports. */
function loadedBy(specifier: string): readonly string[] {
  const program = `
    import { createRequire } from "node:module";
    const loaded = await import(${JSON.stringify(specifier)});
    const files = Object.keys(createRequire(import.meta.url).cache);
    console.log(JSON.stringify([...files, ...Object.keys(loaded)]));`;
  const args = ["--conditions=@nightlatch/source", "--import", "tsx", "--input-type=module", "-e", program];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: join(src, ".."), encoding: "utf8" }));
}

describe("@nightlatch/calendar/ews", () => {
  it("is imported by no file outside of its folder", () => {
    const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter(
      (name) => name.endsWith(".ts") && !name.startsWith("ews"),
    );
    expect(files).toContain("index.ts");
    for (const name of files) {
      expect(readFileSync(join(src, name), "utf8"), name).not.toMatch(/from "[^"]*\/ews\/|import\("[^"]*ews/);
    }
  });

  it("is loaded by its own door only, and its parser by the first answer", () => {
    const isOfEws = (name: string): boolean => name.includes("saxes") || name === "createEwsCalendar";
    expect(loadedBy("@nightlatch/calendar").filter(isOfEws)).toEqual([]);
    expect(loadedBy("@nightlatch/calendar/ews").filter(isOfEws)).toEqual(["createEwsCalendar"]);
    expect(loadedBy("./src/ews/xml-reader.ts").filter(isOfEws)).toEqual([expect.stringMatching(/saxes/)]);
  });
});
