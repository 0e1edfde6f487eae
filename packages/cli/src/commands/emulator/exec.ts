import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type CommandInput, type CommandResult, type Context, defineCommand } from "../../command.ts";
import { cliError } from "../../errors.ts";
import { reasonOf } from "../../files.ts";
import { seedFile, startOwnEmulator, stopOwnEmulator } from "../../own-emulator.ts";
import { prepareProgram } from "./program-environment.ts";

const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2", "SIGCONT"] as const;

interface Options {
  readonly seed?: string;
  readonly data?: string;
}

export const emulatorExec = defineCommand<Options>({
  path: ["emulator", "exec"],
  summary: "Run a program that names Microsoft's real hosts against an emulator of its own",
  details:
    "Starts an emulator on free ports, sets the variables by which Node, Python, Go, Ruby, PHP, Perl, Java, .NET, curl and wget find it and trust its authority, runs the program, stops the emulator and returns the program's exit status (128 and the number of the signal that ended it). Signals are passed on to it. With --json the program's standard output goes to standard error. Nothing but the emulator is reached through the proxy.",
  arguments: [{ name: "command...", description: "program and its arguments, after --" }],
  options: [
    { flags: "--seed <file>", description: "tenants, users, groups and applications to begin with (JSON)" },
    { flags: "--data <folder>", description: "keep everything in this folder, across runs" },
  ],
  passThrough: true,
  examples: [
    {
      line: "nightlatch emulator exec --seed tenant.json -- python3 nightly.py",
      says: "an unmodified script",
    },
    {
      line: "nightlatch emulator exec -- curl -sS https://login.microsoftonline.com/school.example/v2.0/.well-known/openid-configuration",
      says: "what the service would say",
    },
  ],
  run: execute,
});

async function execute({ context, args, options }: CommandInput<Options>): Promise<CommandResult> {
  const dataDir = options.data === undefined ? undefined : resolve(context.cwd, options.data);
  const emulator = await startOwnEmulator(
    {
      seed: seedFile(options.seed, context),
      dataDir,
      port: 0,
      note: (text) => context.io.err(`${text}\n`),
    },
    context,
  );
  const folder = await mkdtemp(join(tmpdir(), "nightlatch-exec-"));
  try {
    const { REAL_HOST_NAMES } = await import("@nightlatch/emulator");
    const variables = await prepareProgram(folder, emulator, REAL_HOST_NAMES, context.env);
    const exitCode = await runProgram(args, variables, context);
    return { data: { exitCode }, exitCode, isForeignExitCode: true };
  } finally {
    await stopOwnEmulator(emulator, dataDir).finally(() => rm(folder, { recursive: true, force: true }));
  }
}

function runProgram(
  args: readonly string[],
  added: Record<string, string>,
  context: Context,
): Promise<number> {
  const [program = "", ...rest] = args;
  context.signal.throwIfAborted();
  const child = spawn(program, rest, {
    cwd: context.cwd,
    env: { ...context.env, ...added },
    // With --json standard output is for the one document.
    stdio: ["inherit", context.json ? 2 : "inherit", "inherit"],
  });
  const stopForwarding = forwardSignals(child, context.signal);
  return new Promise((done, fail) => {
    child.once("error", (cause) =>
      fail(
        cliError("CLI_FILE_UNREADABLE", `Cannot run "${program}": ${reasonOf(cause)}`, {
          cause,
          hint: "Check the name of the program; options for it go after --",
        }),
      ),
    );
    child.once("exit", (code, signal) => done(code ?? 128 + constants.signals[signal ?? "SIGTERM"]));
  }).finally(stopForwarding) as Promise<number>;
}

/** The program hears what this process hears, and decides itself what to do about it. */
function forwardSignals(child: ChildProcess, interrupt: AbortSignal): () => void {
  let isForwarded = false;
  const forward = (name: NodeJS.Signals): void => {
    isForwarded = true;
    // A terminal sends Ctrl-C to the program as well.
    if (name !== "SIGINT" || !process.stdin.isTTY) child.kill(name);
  };
  // Without a signal it is the output that nobody reads any more.
  const end = (): void => void setImmediate(() => isForwarded || child.kill("SIGTERM"));
  for (const name of FORWARDED) process.on(name, forward);
  interrupt.addEventListener("abort", end, { once: true });
  return () => {
    for (const name of FORWARDED) process.off(name, forward);
    interrupt.removeEventListener("abort", end);
  };
}
