import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const tower = ["credential", "oauth", "calendar", "sync", "doctor", "server", "cli"];
const rooms = [...tower, "emulator"];
const readJson = (path: string) => JSON.parse(readFileSync(join(root, path), "utf8"));

interface Violation {
  rule: { name: string };
  from: string;
}

function cruise(folder: string): { violations: Violation[]; totalCruised: number } {
  const bin = join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const config = join(root, ".dependency-cruiser.mjs");
  let output: string;
  try {
    output = execFileSync(process.execPath, [bin, "--config", config, "--output-type", "json", "packages"], {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 64 << 20,
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    output = (error as { stdout: string }).stdout;
  }
  const { summary } = JSON.parse(output);
  return { violations: summary.violations, totalCruised: summary.totalCruised };
}

/** One file per law, each breaking just that law. */
const crimes: Record<string, { file: string; source: string }> = {
  "no-upward-import-from-credential": {
    file: "packages/credential/src/up.ts",
    source: 'import { x } from "@nightlatch/oauth";\nexport const up = x;\n',
  },
  "no-upward-import-from-calendar": {
    file: "packages/calendar/src/up.ts",
    source: 'import { x } from "../../sync/src/index.ts";\nexport const up = x;\n',
  },
  "floors-do-not-skip-sideways": {
    file: "packages/server/src/side.ts",
    source: 'import { x } from "@nightlatch/sync";\nexport const side = x;\n',
  },
  "emulator-imports-none-of-ours": {
    file: "packages/emulator/src/shared-code.ts",
    source: 'import { x } from "@nightlatch/credential";\nexport const y = x;\n',
  },
  "only-cli-and-tests-import-the-emulator": {
    file: "packages/sync/src/emulated.ts",
    source: 'import { x } from "@nightlatch/emulator";\nexport const y = x;\n',
  },
  "no-deep-imports": {
    file: "packages/cli/src/deep.ts",
    source: 'import { x } from "../../oauth/src/inner.ts";\nexport const y = x;\n',
  },
  "wings-do-not-know-each-other": {
    file: "packages/calendar/src/graph/peek.ts",
    source: 'import { x } from "../ews/index.ts";\nexport const y = x;\n',
  },
  "emulator-surfaces-do-not-know-each-other": {
    file: "packages/emulator/src/graph/peek.ts",
    source: 'import { x } from "../ews/index.ts";\nexport const y = x;\n',
  },
  "no-junk-drawers": {
    file: "packages/cli/src/drawer.ts",
    source: 'import { x } from "./utils.ts";\nexport const y = x;\n',
  },
  "no-cycles": {
    file: "packages/cli/src/about.ts",
    source: 'import { a } from "./round.ts";\nexport const b = () => a;\n',
  },
  "token-path-imports-nothing-but-node": {
    file: "packages/credential/src/heavy.ts",
    source: 'import forge from "node-forge";\nexport const y = forge;\n',
  },
  "no-unresolvable": {
    file: "packages/cli/src/typo.ts",
    source: 'import { x } from "./no-such-file.ts";\nexport const y = x;\n',
  },
};

describe("the floors of the house", () => {
  const folder = mkdtempSync(join(tmpdir(), "nightlatch-floors-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };

  it("catch every kind of violation, in a house that breaks each law once", () => {
    mkdirSync(join(folder, "node_modules/@nightlatch"), { recursive: true });
    for (const room of rooms) {
      write(
        `packages/${room}/package.json`,
        JSON.stringify({ name: `@nightlatch/${room}`, type: "module", exports: "./src/index.ts" }),
      );
      write(`packages/${room}/src/index.ts`, "export const x = 1;\n");
      symlinkSync(join(folder, "packages", room), join(folder, "node_modules/@nightlatch", room));
    }
    symlinkSync(join(root, "node_modules/node-forge"), join(folder, "node_modules/node-forge"));
    write(
      "packages/credential/package.json",
      JSON.stringify({
        name: "@nightlatch/credential",
        exports: "./src/index.ts",
        dependencies: { "node-forge": "1" },
      }),
    );
    write("packages/oauth/src/inner.ts", "export const x = 1;\n");
    write("packages/calendar/src/ews/index.ts", "export const x = 1;\n");
    write("packages/emulator/src/ews/index.ts", "export const x = 1;\n");
    write("packages/cli/src/utils.ts", "export const x = 1;\n");
    write("packages/cli/src/round.ts", 'import { b } from "./about.ts";\nexport const a = () => b;\n');
    write("tsconfig.test.json", "{}");
    for (const crime of Object.values(crimes)) write(crime.file, crime.source);

    const { violations } = cruise(folder);

    for (const [law, crime] of Object.entries(crimes)) {
      const caught = violations
        .filter((violation) => violation.rule.name === law)
        .map((violation) => violation.from);
      expect(caught, law).toContain(crime.file);
    }
  });

  it("hold in this house, and the check looked at it", () => {
    const { violations, totalCruised } = cruise(root);
    expect(violations).toEqual([]);
    expect(totalCruised).toBeGreaterThan(100);
  });

  it("are declared: dependencies point down and tsconfig references equal them", () => {
    for (const room of rooms) {
      const manifest = readJson(`packages/${room}/package.json`);
      const declared = Object.keys(manifest.dependencies)
        .filter((name) => name.startsWith("@nightlatch/"))
        .map((name) => name.slice("@nightlatch/".length));
      const allowed =
        room === "cli"
          ? rooms.filter((other) => other !== "cli")
          : room === "emulator"
            ? []
            : tower.slice(0, tower.indexOf(room));
      for (const other of declared) expect(allowed, `${room} declares ${other}`).toContain(other);
      const references = readJson(`packages/${room}/tsconfig.json`).references.map(
        (entry: { path: string }) => entry.path.slice("../".length),
      );
      expect([...references].sort(), `${room}/tsconfig.json`).toEqual([...declared].sort());
      expect(manifest.version, room).toBe(readJson("package.json").version);
    }
  });

  it("have no room besides the eight", () => {
    expect(readdirSync(join(root, "packages")).sort()).toEqual([...rooms].sort());
  });
});
