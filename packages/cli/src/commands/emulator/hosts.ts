import { type CommandInput, type CommandResult, defineCommand } from "../../command.ts";

export const emulatorHosts = defineCommand<object>({
  path: ["emulator", "hosts"],
  summary: "Print lines for the hosts file that send Microsoft's names to this machine",
  details:
    "The emulator must then listen on port 443 (emulator start --port 443, as root). The forward proxy does the same without touching the system: nightlatch emulator exec -- COMMAND.",
  examples: [
    {
      line: "nightlatch emulator hosts | sudo tee -a /etc/hosts",
      says: "on a test machine; remove the lines afterwards",
    },
  ],
  run: printHosts,
});

async function printHosts(_input: CommandInput<object>): Promise<CommandResult> {
  const { REAL_HOST_NAMES } = await import("@nightlatch/emulator");
  // A hosts file knows no wildcards.
  const names = REAL_HOST_NAMES.filter((name) => !name.startsWith("*."));
  return { data: { address: "127.0.0.1", names }, text: names.map((name) => `127.0.0.1 ${name}`).join("\n") };
}
