/** The emulator that `status`, `reset`, `exec` and the like talk to. */
import type { Transport } from "@nightlatch/oauth";
import type { Context, OptionSpec } from "./command.ts";
import { type NetworkOptions, networkOptions, openTransport } from "./connection.ts";
import { emulatorOrigin } from "./identity.ts";

export const emulatorOptions: readonly OptionSpec[] = [
  {
    flags: "--emulator [url]",
    description: "address of the emulator, https://localhost:8443 when none is given [NIGHTLATCH_EMULATOR]",
  },
  ...networkOptions,
];

/**
 * Calls something with the address of the emulator and a transport that trusts it.
 *
 * @param options - as parsed
 * @param context - the command's surroundings
 * @param use - what to do
 * @returns what `use` gives; the transport is closed then
 */
export async function withEmulator<Value>(
  options: NetworkOptions,
  context: Context,
  use: (origin: string, transport: Transport) => Promise<Value>,
): Promise<Value> {
  const asked = {
    ...options,
    emulator: options.emulator ?? context.env["NIGHTLATCH_EMULATOR"] ?? true,
  } as const;
  const transport = await openTransport(asked, context);
  try {
    return await use(emulatorOrigin(asked, context) ?? "https://localhost:8443", transport);
  } finally {
    transport.close();
  }
}
