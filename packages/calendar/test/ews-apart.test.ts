/** The EWS wing stands apart: nobody else knows it, and the main door does not load it. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const src = join(import.meta.dirname, "..", "src");
const root = join(src, "..", "..", "..");

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
  it("may be deleted: what is left compiles and lists events over Graph", () => {
    const folder = mkdtempSync(join(tmpdir(), "nightlatch-apart-"));
    try {
      const place = join(folder, "packages", "calendar");
      cpSync(src, join(place, "src"), {
        recursive: true,
        filter: (path) => path !== join(src, "ews") && !path.endsWith(".test.ts"),
      });
      symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
      cpSync(join(root, "tsconfig.base.json"), join(folder, "tsconfig.base.json"));
      cpSync(join(src, "..", "package.json"), join(place, "package.json"));
      const settings = {
        extends: "../../tsconfig.base.json",
        compilerOptions: {
          customConditions: ["@nightlatch/source"],
          ...{ composite: false, declarationMap: false, emitDeclarationOnly: false, noEmit: true },
        },
        include: ["src"],
      };
      writeFileSync(join(place, "tsconfig.json"), JSON.stringify(settings));
      execFileSync(join(root, "node_modules", ".bin", "tsc"), ["-p", "packages/calendar"], {
        cwd: folder,
        stdio: "pipe",
      });
      const program = `
        import { createGraphCalendar } from "./packages/calendar/src/index.ts";
        const event = {
          id: "A", subject: "Physics", type: "singleInstance", changeKey: "1",
          start: { dateTime: "2026-06-01T09:00:00.0000000", timeZone: "UTC" },
          end: { dateTime: "2026-06-01T10:00:00.0000000", timeZone: "UTC" },
          originalStartTimeZone: "UTC", originalEndTimeZone: "UTC",
        };
        const text = JSON.stringify({ value: [event] });
        const calendar = createGraphCalendar({
          tokens: { getToken: async () => ({ token: "t", expiresOnTimestamp: Date.now() + 3_600_000 }) },
          transport: {
            send: async () => ({
              status: 200, headers: { "content-type": "application/json" },
              body: Buffer.from(text), text: () => text, json: () => JSON.parse(text),
            }),
            close: () => undefined,
          },
        });
        const window = { from: new Date("2026-06-01"), to: new Date("2026-06-02") };
        for await (const { subject } of calendar.listEvents("room-12@school.example", window)) console.log(subject);`;
      const args = [
        "--conditions=@nightlatch/source",
        "--import",
        "tsx",
        "--input-type=module",
        "-e",
        program,
      ];
      expect(execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" })).toBe("Physics\n");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

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
