import { parseCompactJws } from "@nightlatch/credential";
import { type CommandInput, type CommandResult, defineCommand } from "../../command.ts";
import { readInput } from "../../files.ts";
import { inspectJws } from "../../jws-text.ts";

export const assertionInspect = defineCommand<object>({
  path: ["assertion", "inspect"],
  summary: "Show what stands in a client assertion, without its signature",
  arguments: [
    { name: "file", description: "file with the assertion; standard input when absent or -", optional: true },
  ],
  examples: [
    {
      line: "nightlatch assertion create --settings timetable.env | nightlatch assertion inspect",
      says: "look at what was just made",
    },
  ],
  run: inspectAssertion,
});

async function inspectAssertion({ context, args }: CommandInput<object>): Promise<CommandResult> {
  const text = (await readInput(args[0] ?? "-", context)).toString("utf8").trim();
  return inspectJws(parseCompactJws(text), context.now());
}
