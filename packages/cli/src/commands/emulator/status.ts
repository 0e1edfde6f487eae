import { type CommandInput, type CommandResult, defineCommand } from "../../command.ts";
import type { NetworkOptions } from "../../connection.ts";
import { callControl } from "../../emulator-control.ts";
import { facts } from "../../plain-text.ts";
import { emulatorOptions, withEmulator } from "../../running-emulator.ts";

export const emulatorStatus = defineCommand<NetworkOptions>({
  path: ["emulator", "status"],
  summary: "Tell whether an emulator answers, and where its parts are",
  options: emulatorOptions,
  examples: [{ line: "nightlatch emulator status", says: "at https://localhost:8443" }],
  run: showStatus,
});

async function showStatus({ context, options }: CommandInput<NetworkOptions>): Promise<CommandResult> {
  return withEmulator(options, context, async (origin, transport) => {
    const health = (await callControl(origin, "GET", "/health", undefined, transport, context)) as object;
    return {
      data: { origin, ...health },
      text: facts([
        ["Emulator", origin],
        ...Object.entries(health).map(([name, value]) => [name, textOf(value)] as const),
      ]),
    };
  });
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
