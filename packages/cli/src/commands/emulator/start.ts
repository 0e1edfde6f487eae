import { resolve } from "node:path";
import type { ReadyLine } from "@nightlatch/emulator";
import { type CommandInput, type CommandResult, defineCommand } from "../../command.ts";
import { seedFile, startOwnEmulator, stopOwnEmulator } from "../../own-emulator.ts";
import { wholeNumber } from "../../parse.ts";
import { facts } from "../../plain-text.ts";
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
    "Listens on loopback only. Without --seed it holds a small school. With --json the first line on standard output, printed once it serves, is one JSON document with all addresses. Ctrl-C ends it with status 0.",
  options: [
    {
      flags: "--port <number>",
      description: "HTTPS port, 0 picks one",
      defaultValue: 8443,
      parse: wholeNumber("--port", 0, 65_535),
    },
    {
      flags: "--proxy-port <number>",
      description: "port of the forward proxy, 0 picks one",
      defaultValue: 8444,
      parse: wholeNumber("--proxy-port", 0, 65_535),
    },
    { flags: "--seed <file>", description: "tenants, users, groups and applications to begin with (JSON)" },
    { flags: "--data <folder>", description: "keep everything in this folder, across restarts" },
  ],
  examples: [
    {
      line: "nightlatch emulator start",
      says: "on https://localhost:8443, with a forward proxy on port 8444",
    },
    {
      line: "nightlatch emulator start --data ~/.nightlatch/school",
      says: "keep registrations and events until the next start",
    },
    {
      line: "nightlatch emulator start --seed tenant.json --port 0 --json",
      says: "for a script: read the first line",
    },
  ],
  run: start,
});

async function start({ context, options }: CommandInput<Options>): Promise<CommandResult | undefined> {
  const dataDir = options.data === undefined ? undefined : resolve(context.cwd, options.data);
  const emulator = await startOwnEmulator(
    {
      seed: seedFile(options.seed, context),
      dataDir,
      port: options.port,
      proxyPort: options.port === 0 && options.proxyPort === 8444 ? 0 : options.proxyPort,
      note: (text) => context.io.err(`${text}\n`),
    },
    context,
  );
  context.io.out(context.json ? `${JSON.stringify(readyLine(emulator))}\n` : `${announce(emulator)}\n`);
  await untilInterrupted(context.signal);
  await stopOwnEmulator(emulator, dataDir);
  return undefined;
}

function readyLine(emulator: ReadyLine): ReadyLine {
  const { ready, origin, authority, graph, ews, portal, control, proxy, ca, tenantId, domain, pid } =
    emulator;
  return { ready, origin, authority, graph, ews, portal, control, proxy, ca, tenantId, domain, pid };
}

function announce(emulator: ReadyLine): string {
  return `${facts([
    ["Authority", emulator.authority],
    ["Graph", emulator.graph],
    ["Exchange", emulator.ews],
    ["Portal", emulator.portal],
    ["Proxy", `${emulator.proxy}  (HTTPS_PROXY for programs that name the real hosts)`],
    ["CA", `${emulator.ca}  (NODE_EXTRA_CA_CERTS)`],
    ["Tenant", `${emulator.tenantId}  ${emulator.domain}`],
  ])}\nServing until Ctrl-C`;
}
