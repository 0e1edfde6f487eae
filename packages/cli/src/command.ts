/** What a command is: a noun and a verb, options, worked examples, and a function from input to result. */
import type { IoStreams } from "./io-streams.ts";

/** Everything a command may use of the world around it. */
export interface Context {
  readonly io: IoStreams;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Working directory; relative paths start here. */
  readonly cwd: string;
  /** Fires on Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** Whether the caller wants one JSON document on standard output. */
  readonly json: boolean;
  readonly debug: boolean;
  readonly now: () => Date;
}

/** One option in the spelling of commander: `-o, --out <file>`. */
export interface OptionSpec {
  readonly flags: string;
  readonly description: string;
  /** Heading under which the help shows it. */
  readonly group?: string;
  readonly defaultValue?: unknown;
  /** Turns the text into a value; throws a usage error by name. */
  readonly parse?: (text: string, previous: unknown) => unknown;
}

/** A positional argument; `...` at the end of the name takes the rest. */
export interface ArgumentSpec {
  readonly name: string;
  readonly description: string;
  readonly optional?: boolean;
}

/** What a command gives back. */
export interface CommandResult {
  /** Printed with `--json`. */
  readonly data: unknown;
  /** Printed without it; no trailing line feed needed. */
  readonly text?: string;
  /** @defaultValue 0 */
  readonly exitCode?: number;
  /** The exit code is that of another program: it stands after an interrupt too. */
  readonly isForeignExitCode?: boolean;
}

/** What the parser hands to a command. */
export interface CommandInput<Options> {
  readonly context: Context;
  readonly args: readonly string[];
  readonly options: Options;
}

/** One command. */
export interface Command {
  /** Words on the command line, for example `["cert", "create"]`. */
  readonly path: readonly string[];
  /** One line for the list of commands. */
  readonly summary: string;
  /** Further paragraphs of the help. */
  readonly details?: string;
  readonly arguments?: readonly ArgumentSpec[];
  readonly options?: readonly OptionSpec[];
  /** Names of options without which the command makes no sense. */
  readonly required?: readonly string[];
  /** Lines that work as they stand, each with what it does. */
  readonly examples: readonly { readonly line: string; readonly says: string }[];
  /** Takes everything after the known words as it is, for `emulator exec -- …`. */
  readonly passThrough?: boolean;
  readonly run: (input: CommandInput<Record<string, unknown>>) => Promise<CommandResult | undefined>;
}

/**
 * Defines a command with typed options; the options' names are those of the flags in camelCase.
 *
 * @param command - the command; `run` sees its options as `Options`
 * @returns the command in the form the program keeps
 */
export function defineCommand<Options extends object>(
  command: Omit<Command, "run"> & {
    readonly run: (input: CommandInput<Options>) => Promise<CommandResult | undefined>;
  },
): Command {
  return { ...command, run: (input) => command.run(input as CommandInput<Options>) };
}
