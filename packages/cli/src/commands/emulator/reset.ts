import { type CommandInput, type CommandResult, defineCommand } from "../../command.ts";
import type { NetworkOptions } from "../../connection.ts";
import { callControl } from "../../emulator-control.ts";
import { emulatorOptions, withEmulator } from "../../running-emulator.ts";

export const emulatorReset = defineCommand<NetworkOptions>({
  path: ["emulator", "reset"],
  summary: "Return a running emulator to its seed",
  options: emulatorOptions,
  examples: [{ line: "nightlatch emulator reset", says: "between two test runs" }],
  run: reset,
});

async function reset({ context, options }: CommandInput<NetworkOptions>): Promise<CommandResult> {
  return withEmulator(options, context, async (origin, transport) => {
    await callControl(origin, "POST", "/reset", undefined, transport, context);
    return { data: { origin, reset: true }, text: `${origin} is back at its seed` };
  });
}
