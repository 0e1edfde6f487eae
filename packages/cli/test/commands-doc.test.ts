import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { commandNames, loadCommands } from "../src/commands/index.ts";

const read = (name: string): string => readFileSync(new URL(`../../../${name}`, import.meta.url), "utf8");
const page = read("docs/commands.md");
const commands = await loadCommands([]);

describe("docs/commands.md", () => {
  it("has a row for every command and for nothing else", () => {
    const rows = [...page.matchAll(/^\| `nightlatch ([a-z ]+)` \|/gm)].map((row) => row[1]);
    expect(rows.toSorted()).toEqual([...commandNames].toSorted());
  });

  it("has a row for every variable that the help of an option names", () => {
    const named = commands.flatMap(({ options = [] }) =>
      options.flatMap(({ description }) =>
        [...description.matchAll(/\[([A-Z_]+)\]/g)].map((match) => match[1]),
      ),
    );
    expect(new Set(named).size).toBeGreaterThan(8);
    for (const variable of new Set(named)) expect(page).toContain(`\`${variable}\``);
  });

  it("is linked from the README, as every other page of docs", () => {
    expect(read("README.md")).toContain("](docs/commands.md)");
  });
});

describe("the examples of the pages", () => {
  const pages = [
    "README.md",
    ...["tenant", "rest-api", "rotation", "emulator", "doctor", "ews"].map((p) => `docs/${p}.md`),
  ];
  const lines = pages.flatMap((name) =>
    read(name)
      .replaceAll(/\\\n\s*/g, " ")
      .split("\n")
      .filter((line) => /^(?: {4})?nightlatch [a-z]/.test(line))
      .map((line) => [name, line.trim()] as const),
  );

  it("are found", () => expect(lines.length).toBeGreaterThan(20));

  it.each(lines)("%s: every option of `%s` exists", (_page, line) => {
    for (const part of line.split(/ \| |&$/)) {
      const words = part.replace(/ #.*$/, "").trim().split(/\s+/);
      if (words[0] !== "nightlatch" || words.includes("--help")) continue;
      const command = commands.find(({ path }) => path.every((word, index) => words[index + 1] === word));
      expect(command, part).toBeDefined();
      const known = [
        "--settings",
        "--json",
        "--debug",
        ...(command?.options ?? []).flatMap(({ flags }) => flags.split(/[ ,]+/)),
      ];
      const end = words.indexOf("--") === -1 ? words.length : words.indexOf("--");
      for (const word of words.slice(0, end)) if (word.startsWith("--")) expect(known, part).toContain(word);
    }
  });
});
