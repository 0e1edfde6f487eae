import { type CommandInput, type CommandResult, defineCommand } from "../../command.ts";

const names = [
  "login.microsoftonline.com",
  "login.windows.net",
  "login.microsoft.com",
  "sts.windows.net",
  "graph.microsoft.com",
  "graph.windows.net",
  "outlook.office365.com",
  "outlook.office.com",
];

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
  return { data: { address: "127.0.0.1", names }, text: names.map((name) => `127.0.0.1 ${name}`).join("\n") };
}
