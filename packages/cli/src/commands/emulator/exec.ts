import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { constants, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type CommandInput, type CommandResult, type Context, defineCommand } from "../../command.ts";
import { cliError } from "../../errors.ts";
import { reasonOf } from "../../files.ts";
import { seedFile, startOwnEmulator, stopOwnEmulator } from "../../own-emulator.ts";
import { javaTrustStore, trustStorePassword } from "./java-trust-store.ts";

const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2", "SIGCONT"] as const;

interface Options {
  readonly seed?: string;
  readonly data?: string;
}

export const emulatorExec = defineCommand<Options>({
  path: ["emulator", "exec"],
  summary: "Run a program that names Microsoft's real hosts against an emulator of its own",
  details:
    "Starts an emulator on free ports, sets the proxy and authority variables that Node, Python, Go, Ruby, curl and Java read, runs the program, stops the emulator and returns the program's exit status (128 and the number of the signal that ended it). Signals are passed on to it. With --json the program's standard output goes to standard error. Nothing but the emulator is reached through the proxy.",
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
    const trustStore = join(folder, "trust.jks");
    await writeFile(trustStore, javaTrustStore(emulator.caPem));
    const exitCode = await runProgram(args, variables(emulator, trustStore), context);
    return { data: { exitCode }, exitCode, isForeignExitCode: true };
  } finally {
    await stopOwnEmulator(emulator, dataDir).finally(() => rm(folder, { recursive: true, force: true }));
  }
}

/** Variables by which programs in many languages find the proxy and trust the authority. */
function variables(
  emulator: { proxy: string; ca: string; origin: string; tenantId: string },
  trustStore: string,
): Record<string, string> {
  const { hostname, port } = new URL(emulator.proxy);
  const java = [
    `-Dhttps.proxyHost=${hostname}`,
    `-Dhttps.proxyPort=${port}`,
    `-Djavax.net.ssl.trustStore=${trustStore}`,
    "-Djavax.net.ssl.trustStoreType=JKS",
    `-Djavax.net.ssl.trustStorePassword=${trustStorePassword}`,
  ];
  return {
    HTTPS_PROXY: emulator.proxy,
    https_proxy: emulator.proxy,
    NO_PROXY: "localhost,127.0.0.1,::1",
    no_proxy: "localhost,127.0.0.1,::1",
    NODE_USE_ENV_PROXY: "1",
    NODE_EXTRA_CA_CERTS: emulator.ca,
    REQUESTS_CA_BUNDLE: emulator.ca,
    SSL_CERT_FILE: emulator.ca,
    CURL_CA_BUNDLE: emulator.ca,
    PERL_LWP_SSL_CA_FILE: emulator.ca,
    GIT_SSL_CAINFO: emulator.ca,
    JAVA_TOOL_OPTIONS: java.join(" "),
    NIGHTLATCH_EMULATOR: emulator.origin,
    NIGHTLATCH_EMULATOR_TENANT: emulator.tenantId,
  };
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
