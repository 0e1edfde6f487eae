import { type CommandInput, type CommandResult, defineCommand } from "../../command.ts";
import { emulatorHome } from "../../emulator-home.ts";
import { readInput, reasonOf } from "../../files.ts";
import { wholeNumber } from "../../parse.ts";
import { facts } from "../../table.ts";
import { cliError } from "../../errors.ts";
import { untilInterrupted } from "../../until-interrupted.ts";

interface Options {
  readonly port: number;
  readonly proxyPort: number;
  readonly seed?: string;
  readonly data?: string;
}

export const emulatorStart = defineCommand<Options>({
  path: ["emulator", "start"],
  summary: "Run a local Entra ID, Microsoft Graph and Exchange until Ctrl-C",
  details:
    "Listens on loopback only. Without --seed it holds a small school. With --json the first line on standard output, printed once it serves, is one JSON document with all addresses.",
  options: [
    { flags: "--port <number>", description: "HTTPS port, 0 picks one", defaultValue: 8443, parse: wholeNumber("--port", 0, 65_535) },
    { flags: "--proxy-port <number>", description: "port of the forward proxy, 0 picks one", defaultValue: 8444, parse: wholeNumber("--proxy-port", 0, 65_535) },
    { flags: "--seed <file>", description: "tenants, users, groups and applications to begin with (JSON)" },
    { flags: "--data <folder>", description: "keep everything in this folder, across restarts" },
  ],
  examples: [
    { line: "nightlatch emulator start", says: "on https://localhost:8443, with a forward proxy on port 8444" },
    { line: "nightlatch emulator start --seed tenant.json --port 0 --json", says: "for a script: read the first line" },
  ],
  run: start,
});

async function start({ context, options }: CommandInput<Options>): Promise<CommandResult | undefined> {
  const { startEmulator } = await import("@nightlatch/emulator");
  const seed = options.seed === undefined ? undefined : parseSeed((await readInput(options.seed, context)).toString("utf8"), options.seed);
  const emulator = await startEmulator({
    ...(seed === undefined ? {} : { seed: seed as never }),
    ...(options.data === undefined ? {} : { dataDir: options.data }),
    port: options.port,
    proxyPort: options.port === 0 && options.proxyPort === 8444 ? 0 : options.proxyPort,
    stateDir: emulatorHome(context.env),
  }).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code !== "EADDRINUSE") throw cause;
    throw cliError("CLI_EMULATOR_UNREACHABLE", `Cannot listen: ${reasonOf(cause)}`, { cause, hint: "Stop the other program, or pass --port 0 to let the system choose" });
  });
  const ready = { ready: true, ...emulator.ready };
  if (context.json) context.io.out(`${JSON.stringify(ready)}\n`);
  else context.io.out(`${announce(emulator.ready)}\n`);
  await untilInterrupted(context.signal);
  await emulator.close();
  return undefined;
}

function parseSeed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw cliError("CLI_FILE_UNREADABLE", `The seed file "${file}" is not JSON: ${(cause as Error).message}`, { cause, hint: "Correct the place that the message names" });
  }
}

function announce(ready: Readonly<Record<string, unknown>>): string {
  const text = (name: string): string => String(ready[name]);
  return `${facts([
    ["Authority", text("authority")],
    ["Graph", text("graph")],
    ["Exchange", text("ews")],
    ["Proxy", `${text("proxy")}  (HTTPS_PROXY for programs that name the real hosts)`],
    ["CA", `${text("ca")}  (NODE_EXTRA_CA_CERTS)`],
    ["Tenant", `${text("tenantId")}  ${text("domain")}`],
  ])}\nServing until Ctrl-C`;
}
