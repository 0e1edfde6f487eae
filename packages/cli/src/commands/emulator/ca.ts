import { join } from "node:path";
import { type CommandInput, type CommandResult, defineCommand } from "../../command.ts";
import { emulatorCaPem, emulatorHome } from "../../emulator-home.ts";
import { cliError } from "../../errors.ts";

export const emulatorCa = defineCommand<object>({
  path: ["emulator", "ca"],
  summary: "Print the certificate of the emulator's authority, for programs that are to trust it",
  examples: [
    { line: "nightlatch emulator ca > ca.pem", says: "into a file" },
    {
      line: 'NODE_EXTRA_CA_CERTS="$(nightlatch emulator ca --json | jq -r .path)" node app.js',
      says: "for one program, without touching the system's store",
    },
  ],
  run: printCa,
});

async function printCa({ context }: CommandInput<object>): Promise<CommandResult> {
  const path = join(emulatorHome(context.env), "ca.pem");
  const pem = await emulatorCaPem(context);
  if (pem === undefined)
    throw cliError("CLI_FILE_UNREADABLE", `There is no authority at "${path}" yet`, {
      hint: "Start an emulator once with: nightlatch emulator start",
    });
  return { data: { path, pem }, text: pem };
}
