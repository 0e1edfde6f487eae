/** From the words on the command line to the command that runs, and from its result or error to the terminal. */
import { readFileSync } from "node:fs";
import { inspect, parseEnv } from "node:util";
import { Command as Commander, CommanderError, Option } from "commander";
import type { Command, CommandResult, Context } from "./command.ts";
import { commands, nouns } from "./commands/index.ts";
import { cliError } from "./errors.ts";
import type { IoStreams } from "./io-streams.ts";

/** What surrounds a run; tests pass their own. */
export interface Surroundings {
  readonly io: IoStreams;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly now?: () => Date;
}

/**
 * Runs one command line.
 *
 * @param argv - words after the program's name
 * @param surroundings - streams, environment, folder, interrupt signal
 * @returns exit status: 0 done, 1 failed, 2 wrong usage, 3 done in part, 4 sign-in refused, 5 fault found, 130 interrupted
 */
export async function runCli(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  let exitCode = 0;
  const flags = { json: argv.includes("--json"), debug: argv.includes("--debug") };
  const program = buildProgram(surroundings, async (command, args, options) => {
    const context = contextFor(surroundings, options, flags);
    const result = await command.run({ context, args, options });
    exitCode = report(result, context);
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    exitCode = reportError(error, surroundings, flags);
  }
  return surroundings.signal.aborted && exitCode !== 0 ? 130 : exitCode;
}

type Action = (command: Command, args: string[], options: Record<string, unknown>) => Promise<void>;

function buildProgram(surroundings: Surroundings, action: Action): Commander {
  const { io } = surroundings;
  const program = new Commander("nightlatch")
    .description("Sign a program in to Microsoft 365 with a certificate, and work with calendars.")
    .version(ownVersion(), "-V, --version", "print the version")
    .helpCommand("help [command]", "help for a command")
    .addHelpText("after", topExamples)
    .enablePositionalOptions();
  configure(program, io);
  for (const [noun, summary] of Object.entries(nouns)) {
    configure(program.command(noun).description(summary), io);
  }
  for (const command of commands) {
    const [first = "", second] = command.path;
    const parent = second === undefined ? program : program.commands.find((entry) => entry.name() === first);
    if (parent === undefined)
      throw new RangeError(`No noun "${first}" for command ${command.path.join(" ")}`);
    addCommand(parent, command, io, action);
  }
  return program;
}

function addCommand(parent: Commander, command: Command, io: IoStreams, action: Action): void {
  const entry = parent.command(command.path.at(-1) ?? "").summary(command.summary);
  entry.description([command.summary, command.details].filter((text) => text !== undefined).join("\n\n"));
  for (const { name, description, optional } of command.arguments ?? [])
    entry.argument(optional === true ? `[${name}]` : `<${name}>`, description);
  for (const { flags, description, defaultValue, parse } of command.options ?? []) {
    const option = new Option(flags, description);
    if (defaultValue !== undefined) option.default(defaultValue);
    if (parse !== undefined) option.argParser(parse);
    if (command.required?.includes(option.attributeName()) === true) option.makeOptionMandatory();
    entry.addOption(option);
  }
  entry.option("--json", "print one JSON document on standard output");
  entry.option("--settings <file>", "read AZURE_… and NIGHTLATCH_… variables from this file first");
  entry.option("--debug", "show the stack of an error");
  entry.addHelpText("after", () => examplesOf(command));
  if (command.passThrough === true) entry.passThroughOptions().allowUnknownOption();
  configure(entry, io);
  entry.action(async (...values: unknown[]) => {
    const args = values
      .slice(0, -2)
      .flat()
      .filter((value): value is string => typeof value === "string");
    await action(command, args, entry.opts());
  });
}

function configure(entry: Commander, io: IoStreams): void {
  entry.exitOverride();
  entry.configureOutput({ writeOut: (text) => io.out(text), writeErr: () => undefined });
  entry.configureHelp({ showGlobalOptions: false });
  entry.showSuggestionAfterError(true);
}

function contextFor(
  { io, env, cwd, signal, now }: Surroundings,
  options: Record<string, unknown>,
  flags: { json: boolean; debug: boolean },
): Context {
  const file = options["settings"];
  return {
    io,
    cwd,
    signal,
    env: typeof file === "string" ? { ...env, ...readEnvFile(file) } : env,
    json: options["json"] === true || flags.json,
    debug: options["debug"] === true,
    now: now ?? (() => new Date()),
  };
}

function readEnvFile(path: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(path, "utf8"));
  } catch (cause) {
    throw cliError("CLI_FILE_UNREADABLE", `Cannot read the environment file "${path}"`, { cause });
  }
}

function report(result: CommandResult | undefined, context: Context): number {
  if (result === undefined) return 0;
  if (context.json) context.io.out(`${JSON.stringify(result.data)}\n`);
  else if (result.text !== undefined && result.text !== "")
    context.io.out(result.text.endsWith("\n") ? result.text : `${result.text}\n`);
  return result.exitCode ?? 0;
}

function reportError(
  error: unknown,
  { io, signal }: Surroundings,
  flags: { json: boolean; debug: boolean },
): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0 || error.code === "commander.help") return error.exitCode === 0 ? 0 : 2;
    io.err(`${io.paintErr("red", "error:")} ${error.message.replace(/^error: /, "")} (CLI_USAGE)\n`);
    io.err(`${io.paintErr("yellow", "hint:")} Add --help to see the options and worked examples\n`);
    if (flags.json) io.out(`${JSON.stringify({ error: { code: "CLI_USAGE", message: error.message } })}\n`);
    return 2;
  }
  if (signal.aborted) {
    io.err("Interrupted\n");
    return 130;
  }
  const known = isCoded(error);
  const message = error instanceof Error ? error.message : String(error);
  const code = known ? error.code : "CLI_UNEXPECTED";
  const hint = known ? error.hint : "Run again with --debug and report what it prints";
  io.err(`${io.paintErr("red", "error:")} ${message} (${code})\n`);
  if (hint !== "") io.err(`${io.paintErr("yellow", "hint:")} ${hint}\n`);
  if (flags.debug) io.err(`${inspect(error)}\n`);
  if (flags.json)
    io.out(
      `${JSON.stringify({ error: { code, message, hint, details: known ? (error.details ?? {}) : {} } })}\n`,
    );
  return known ? (error.exitCode ?? 1) : 1;
}

/** An error of this house; the emulator's has the same shape, but no class in common with the other floors. */
interface CodedError extends Error {
  readonly code: string;
  readonly hint: string;
  readonly exitCode?: number;
  readonly details?: Readonly<Record<string, unknown>>;
}

function isCoded(error: unknown): error is CodedError {
  const { code, hint } = (error ?? {}) as Partial<CodedError>;
  return error instanceof Error && typeof code === "string" && typeof hint === "string";
}

function examplesOf(command: Command): string {
  const lines = command.examples.map(({ line, says }) => `  # ${says}\n  ${line}`);
  return lines.length === 0 ? "" : `\nExamples:\n${lines.join("\n\n")}\n`;
}

function topExamples(): string {
  return `
Examples:
  # The whole story against a local Entra ID and Graph, no account needed
  nightlatch demo

  # A key and certificate, and the entry for the application's manifest
  nightlatch cert create --subject "CN=Timetable push" --out timetable.pem
  nightlatch manifest add --manifest manifest.json --certificate timetable.pem

  # A token, then what is in it
  nightlatch token get --tenant school.example --client-id … --certificate timetable.pem

  # Bring mailboxes in line with a timetable: first see, then do
  nightlatch sync plan --timetable school.ics
  nightlatch sync apply --timetable school.ics

Exit status: 0 done · 1 failed · 2 wrong usage · 3 done in part · 4 sign-in refused · 5 doctor found a fault · 130 interrupted
`;
}

function ownVersion(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return String((JSON.parse(manifest) as { version: unknown }).version);
}
