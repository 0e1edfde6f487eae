import { describe, expect, it } from "vitest";
import { loadCommands, nouns } from "../src/commands/index.ts";
import { run, workFolder } from "./run.ts";

const commands = await loadCommands([]);

const cwd = workFolder();

describe("help", () => {
  it("of the program lists every noun and ends with 0", async () => {
    const help = await run(["--help"], { cwd });
    expect(help.exitCode).toBe(0);
    for (const noun of Object.keys(nouns)) expect(help.out).toContain(noun);
  });

  it.each(commands.map((command) => [command.path.join(" "), command] as const))(
    "of %s shows its options and an example that parses",
    async (_name, command) => {
      const help = await run([...command.path, "--help"], { cwd });
      expect(help.exitCode).toBe(0);
      expect(command.examples.length).toBeGreaterThan(0);
      for (const { line } of command.examples) {
        expect(help.out).toContain(line);
        expect(line).toContain("nightlatch ");
        for (const flag of line
          .split(command.path.join(" "))[1]
          ?.split(/ -- |[|>]/)[0]
          ?.match(/ --[a-z0-9-]+/g) ?? [])
          expect(help.out, `${line} uses${flag}`).toContain(flag.trim());
      }
    },
  );
});

describe("help by its other names", () => {
  it.each([
    [["help", "cert", "create"], "nightlatch cert create"],
    [["cert", "help", "create"], "nightlatch cert create"],
    [["help", "cert"], "nightlatch cert VERB"],
    [["help"], "nightlatch COMMAND"],
    [[], "nightlatch COMMAND"],
  ])("%j is help, with status 0", async (argv, usage) => {
    const help = await run(argv, { cwd });
    expect(help.exitCode).toBe(0);
    expect(help.out).toContain(`Usage: ${usage}`);
  });

  it("of a word that is no command is wrong usage", async () => {
    expect((await run(["help", "certificate"], { cwd })).exitCode).toBe(2);
    expect((await run(["cert", "mint", "--help"], { cwd })).exitCode).toBe(2);
  });

  it("--json before the command counts as well; after -- it belongs to the program that is run", async () => {
    const before = await run(["--json", "cert", "show", "absent.pem"], { cwd });
    expect(before.json()).toMatchObject({ error: { code: "CLI_FILE_UNREADABLE" } });
    const after = await run(["emulator", "exec", "--nonsense", "--", "echo", "--json"], { cwd });
    expect(after.out).toBe("");
  });
});

describe("wrong usage", () => {
  it.each([
    ["an unknown noun", ["certificate"]],
    ["an unknown verb", ["cert", "mint"]],
    ["a missing verb", ["cert"]],
    ["a missing mandatory option", ["calendar", "list"]],
    ["a missing argument", ["cert", "thumbprint"]],
    ["a bad date", ["calendar", "events", "--mailbox", "room-12@school.example", "--from", "2026-02-30"]],
  ])("%s ends with 2, one sentence and a hint", async (_name, argv) => {
    const refused = await run(argv, { cwd });
    expect(refused.exitCode).toBe(2);
    expect(refused.err).toMatch(/^error: .+\nhint: .+\n/);
    expect(refused.out).toBe("");
  });

  it("prints one JSON document with --json", async () => {
    const refused = await run(["cert", "show", "absent.pem", "--json"], { cwd });
    expect(refused.exitCode).toBe(1);
    expect(refused.json()).toMatchObject({ error: { code: "CLI_FILE_UNREADABLE" } });
  });
});
