/**
 * Turns every fenced `ts` block of our doc comments, README and guides into a test under `.doctest/`, so that each
 * example is type-checked and run. A block whose fence says `ts ignore` is left out (it needs a real tenant).
 *
 * Reads an explicit list of our own files (what git tracks or would track), never `node_modules`.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(root, ".doctest");

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => /^(README\.md|docs\/.*\.md|packages\/[^/]+\/(src\/.*\.ts|README\.md))$/.test(file))
  .filter((file) => !/\.(test|generated)\.ts$/.test(file));

interface Example {
  readonly file: string;
  readonly line: number;
  readonly code: string;
}

function examplesOf(file: string): Example[] {
  const examples: Example[] = [];
  let open: { line: number; lines: string[] } | undefined;
  const lines = readFileSync(join(root, file), "utf8").split("\n");
  for (const [index, raw] of lines.entries()) {
    const text = file.endsWith(".ts") ? raw.replace(/^\s*\* ?/, "") : raw;
    if (open === undefined) {
      if (/^```ts\s*$/.test(text)) open = { line: index + 1, lines: [] };
    } else if (/^```\s*$/.test(text)) {
      examples.push({ file, line: open.line, code: open.lines.join("\n") });
      open = undefined;
    } else open.lines.push(text);
  }
  return examples;
}

/** Imports go to the top of the module, the rest becomes the body of one test. */
function asTest({ file, line, code }: Example): string {
  // An example of something that is not exported imports its own file: it is looked for where the example stands.
  const imports = (code.match(/^import [\s\S]*?;$/gm) ?? []).map((line) =>
    line.replace(/from "(\.[^"]*)"/, (_, path: string) => `from "../${join(dirname(file), path)}"`),
  );
  const body = code.replace(/^import [\s\S]*?;$/gm, "").trim();
  return `import { it } from "vitest";\n${imports.join("\n")}\n\nit(${JSON.stringify(`${file}:${line}`)}, async () => {\n${body}\n});\n`;
}

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const examples = files.flatMap(examplesOf);
for (const example of examples) {
  const name = `${example.file.replaceAll(/[^a-z0-9]+/gi, "-")}-${example.line}.test.ts`;
  writeFileSync(join(target, name), asTest(example));
}
if (examples.length === 0) {
  console.error("No example found in any doc comment or guide: the extractor looked at nothing");
  process.exitCode = 1;
} else console.log(`${examples.length} examples from ${files.length} files`);
