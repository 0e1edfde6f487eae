import { parseCompactJws } from "@nightlatch/credential";
import { type CommandInput, type CommandResult, defineCommand } from "../../command.ts";
import { readInput } from "../../files.ts";
import { inspectJws } from "../../jws-text.ts";

export const tokenInspect = defineCommand<object>({
  path: ["token", "inspect"],
  summary: "Show the claims of an access token, without its signature",
  arguments: [
    { name: "file", description: "file with the token; standard input when absent or -", optional: true },
  ],
  examples: [
    {
      line: "nightlatch token get --settings timetable.env | nightlatch token inspect",
      says: "audience, roles, appidacr and times of a fresh token",
    },
  ],
  run: inspectToken,
});

async function inspectToken({ context, args }: CommandInput<object>): Promise<CommandResult> {
  const text = (await readInput(args[0] ?? "-", context)).toString("utf8").trim();
  return inspectJws(parseCompactJws(text.replace(/^Bearer\s+/i, "")), context.now());
}
