/** From the words on the command line to the command that runs, and from its result or error to the terminal. */
import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { Command as Commander, CommanderError, Option } from "commander";
import type { Command, CommandResult, Context } from "./command.ts";
import { commandNames, loadCommands, nouns } from "./commands/index.ts";
import { cliError } from "./errors.ts";
import { reasonOf } from "./files.ts";
import { examplesOf, groupOf, topExamples } from "./help.ts";
import { hintFor } from "./hints.ts";
import { type IoStreams, isReaderGone } from "./io-streams.ts";
import { withoutPastedSecrets } from "./pasted-secrets.ts";
import { plain } from "./plain-text.ts";
import { readSettings } from "./settings.ts";

/** What surrounds a run; tests pass their own. */
export interface Surroundings {
  readonly io: IoStreams;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly now?: () => Date;
}

/** How errors are to be shown; known before the command line is understood. */
interface Flags {
  json: boolean;
  debug: boolean;
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
  let isForeign = false;
  const words = arrange(argv);
  const own = words.includes("--") ? words.slice(0, words.indexOf("--")) : words;
  const flags: Flags = { json: own.includes("--json"), debug: own.includes("--debug") };
  const commands = await loadCommands(words);
  const program = buildProgram(commands, surroundings, async (command, args, options) => {
    flags.json = options["json"] === true;
    flags.debug = options["debug"] === true;
    const context = await contextFor(surroundings, options);
    const result = await command.run({ context, args, options });
    exitCode = report(result, context);
    isForeign = result?.isForeignExitCode === true;
  });
  try {
    requireCommand(words);
    await program.parseAsync([...words], { from: "user" });
  } catch (error) {
    exitCode = reportError(error, surroundings, flags);
  }
  return surroundings.signal.aborted && exitCode !== 0 && !isForeign ? 130 : exitCode;
}

/**
 * Brings what people type into the order that the parser knows: `help cert create` is `cert create --help`, and
 * `--json` and `--debug` may stand before the command.
 */
function arrange(argv: readonly string[]): string[] {
  const leading: string[] = [];
  let words = [...argv];
  while (words[0] === "--json" || words[0] === "--debug") leading.push(...words.splice(0, 1));
  if (words.length === 0) return leading.length === 0 ? ["--help"] : leading;
  if (words[0] === "help") words = [...words.slice(1), "--help"];
  else if (words[1] === "help" && words[0] !== undefined && words[0] in nouns)
    words = [words[0], ...words.slice(2), "--help"];
  const length = words[0] !== undefined && words[0] in nouns ? 2 : 1;
  return [...words.slice(0, length), ...leading, ...words.slice(length)];
}

/** What is no command is said before help is asked of it. */
function requireCommand(words: readonly string[]): void {
  const [first, second] = words;
  if (first === undefined || first.startsWith("-") || !(first in nouns)) {
    const isKnown = first === undefined || first.startsWith("-") || commandNames.includes(first);
    if (isKnown || !words.includes("--help")) return;
    throw cliError("CLI_USAGE", `There is no command "${first}"`, {
      hint: "Run nightlatch --help to see them all",
    });
  }
  const verbs = verbsOf(first);
  if (
    second?.startsWith("-") === true
      ? words.includes("--help") || words.includes("-h")
      : verbs.includes(second ?? "")
  )
    return;
  const isMissing = second === undefined || second.startsWith("-");
  throw cliError(
    "CLI_USAGE",
    isMissing
      ? `"${first}" needs a verb: ${verbs.join(", ")}`
      : `"${first}" has no verb "${second}", it has: ${verbs.join(", ")}`,
    { hint: `Run nightlatch ${first} --help to see what each does` },
  );
}

function verbsOf(noun: string): string[] {
  return commandNames
    .filter((name) => name.startsWith(`${noun} `))
    .map((name) => name.slice(noun.length + 1));
}

type Action = (command: Command, args: string[], options: Record<string, unknown>) => Promise<void>;

function buildProgram(commands: readonly Command[], surroundings: Surroundings, action: Action): Commander {
  const { io } = surroundings;
  const program = new Commander("nightlatch")
    .usage("COMMAND [options]")
    .description("Sign a program in to Microsoft 365 with a certificate, and work with calendars.")
    .version(ownVersion(), "-V, --version", "print the version")
    .addHelpText("after", topExamples)
    .enablePositionalOptions();
  configure(program, io);
  const ofNoun = new Map<string, Commander>();
  for (const command of commands) {
    const [first = "", second] = command.path;
    if (second === undefined) {
      addCommand(program, command, io, action).helpGroup(groupOf(first));
      continue;
    }
    const noun = ofNoun.get(first) ?? addNoun(program, first, io);
    ofNoun.set(first, noun);
    addCommand(noun, command, io, action);
  }
  return program;
}

function addNoun(program: Commander, name: string, io: IoStreams): Commander {
  const summary = nouns[name];
  if (summary === undefined) throw new RangeError(`No noun "${name}"`);
  const noun = program.command(name).description(summary).usage("VERB [options]").helpGroup(groupOf(name));
  noun.summary(`${summary} (${verbsOf(name).join(", ")})`);
  noun.addHelpText("after", `\nOptions and examples of a verb: nightlatch ${name} VERB --help\n`);
  configure(noun, io);
  return noun;
}

function addCommand(parent: Commander, command: Command, io: IoStreams, action: Action): Commander {
  const entry = parent.command(command.path.at(-1) ?? "").summary(command.summary);
  entry.description([command.summary, command.details].filter((text) => text !== undefined).join("\n\n"));
  for (const { name, description, optional } of command.arguments ?? [])
    entry.argument(optional === true ? `[${name}]` : `<${name}>`, description);
  for (const { flags, description, group, defaultValue, parse } of command.options ?? []) {
    const option = new Option(flags, description);
    if (group !== undefined) option.helpGroup(group);
    if (defaultValue !== undefined) option.default(defaultValue);
    if (parse !== undefined) option.argParser(parse);
    if (command.required?.includes(option.attributeName()) === true) option.makeOptionMandatory();
    entry.addOption(option);
  }
  entry.optionsGroup("Options of every command:");
  entry.option("--settings <file>", "take AZURE_… and NIGHTLATCH_… variables from this file");
  entry.option("--json", "print one JSON document on standard output");
  entry.option("--debug", "show the stack of an error");
  entry.helpOption("-h, --help", "show this help");
  entry.addHelpText("after", () => examplesOf(command));
  if (command.passThrough === true) entry.passThroughOptions().allowUnknownOption();
  configure(entry, io);
  return entry.action(async (...values: unknown[]) => {
    const args = values
      .slice(0, -2)
      .flat()
      .filter((value): value is string => typeof value === "string");
    await action(command, args, entry.opts());
  });
}

function configure(entry: Commander, io: IoStreams): void {
  entry.exitOverride();
  entry.helpCommand(false);
  entry.helpOption("-h, --help", "show this help");
  entry.configureOutput({
    writeOut: (text) => io.out(text),
    writeErr: () => undefined,
    getOutHelpWidth: () => Math.max(40, Math.min(io.columns, 100)),
  });
  entry.configureHelp({ showGlobalOptions: false, subcommandTerm: (verb) => verb.name() });
  entry.showSuggestionAfterError(true);
}

async function contextFor(
  { io, env, cwd, signal, now }: Surroundings,
  options: Record<string, unknown>,
): Promise<Context> {
  const context: Context = {
    io,
    cwd,
    signal,
    env,
    json: options["json"] === true,
    debug: options["debug"] === true,
    now: now ?? (() => new Date()),
  };
  const file = options["settings"];
  return typeof file === "string" ? { ...context, env: await readSettings(file, context) } : context;
}

function report(result: CommandResult | undefined, context: Context): number {
  if (result === undefined) return 0;
  if (context.json) context.io.out(`${JSON.stringify(result.data)}\n`);
  else if (result.text !== undefined && result.text !== "")
    context.io.out(result.text.endsWith("\n") ? result.text : `${result.text}\n`);
  return result.exitCode ?? 0;
}

function reportError(error: unknown, { io, signal }: Surroundings, flags: Flags): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  if (signal.aborted && !(isCoded(error) && error.code === "CLI_DATA_LOST")) {
    if (isReaderGone(signal.reason)) return 130;
    io.err("Interrupted\n");
    if (flags.json) printErrorJson(io, { code: "CLI_INTERRUPTED", message: "Interrupted", hint: "" });
    return 130;
  }
  const coded = codedErrorFrom(error);
  const { code, exitCode = 1, details } = coded;
  const message = withoutPastedSecrets(plain(coded.message));
  const hint = hintFor(code, coded.hint);
  io.err(`${io.paintErr("red", "error:")} ${message} (${code})\n`);
  if (hint !== "") io.err(`${io.paintErr("yellow", "hint:")} ${hint}\n`);
  if (flags.debug) {
    // The parser's own error quotes what it did not understand.
    const shown = error instanceof CommanderError ? coded : error;
    io.err(`${withoutPastedSecrets(inspect(shown))}\n`);
  }
  if (flags.json) printErrorJson(io, { code, message, hint, details });
  return exitCode;
}

function codedErrorFrom(error: unknown): CodedError {
  if (isCoded(error)) return error;
  if (error instanceof CommanderError) return usageError(error);
  const { syscall, path, code } = (error ?? {}) as NodeJS.ErrnoException;
  if (error instanceof Error && typeof syscall === "string")
    return cliError(
      "CLI_SYSTEM",
      `The system refused ${syscall}${path === undefined ? "" : ` of "${path}"`}: ${reasonOf(error)}`,
      { details: { errno: code } },
    );
  return cliError("CLI_UNEXPECTED", error instanceof Error ? error.message : String(error), { cause: error });
}

function usageError(error: CommanderError): CodedError {
  // The value of an option that does not exist (--client-secret=…) may be a secret.
  const text = error.message
    .replace(/^error: /, "")
    .replace(/^(unknown option '-[^='\s]*)=[\s\S]*?'(?=\n\(|$)/, "$1'")
    .replaceAll("\n", " ");
  const isSecret = /^unknown option '--?[^']*(secret|pass|pwd)/i.test(text);
  return cliError("CLI_USAGE", text.charAt(0).toUpperCase() + text.slice(1), {
    hint: isSecret
      ? "Give secrets in files, by --secret-file or --passphrase-file, never on the command line"
      : "Add --help to see the options and worked examples",
  });
}

function printErrorJson(
  io: IoStreams,
  error: { code: string; message: string; hint: string; details?: object | undefined },
): void {
  io.out(`${JSON.stringify({ error: { ...error, details: error.details ?? {} } })}\n`);
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

function ownVersion(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return String((JSON.parse(manifest) as { version: unknown }).version);
}
