import { type Plan, planSync } from "@nightlatch/sync";
import { type CommandInput, type CommandResult, defineCommand } from "../../command.ts";
import { connect, connectionOptions, graphCalendar, graphDirectory } from "../../connection.ts";
import { writeOutput } from "../../files.ts";
import { planText } from "../../plan-text.ts";
import { startProgress } from "../../progress.ts";
import { planOptionsFrom, type SyncOptions, syncOptions } from "../../sync-options.ts";
import { loadTimetable, timetableOptions } from "../../timetable-input.ts";

interface Options extends SyncOptions {
  readonly out?: string;
  readonly all?: boolean;
}

export const syncPlan = defineCommand<Options>({
  path: ["sync", "plan"],
  summary: "Say what would be written to bring mailboxes in line with a timetable; change nothing",
  options: [
    ...timetableOptions,
    ...syncOptions,
    { flags: "--out <file>", description: "save the plan for: nightlatch sync apply --plan FILE" },
    { flags: "--all", description: "list every action" },
    ...connectionOptions,
  ],
  required: ["timetable"],
  examples: [
    { line: "nightlatch sync plan --timetable school.ics", says: "what would change, and why" },
    {
      line: "nightlatch sync plan --timetable school.csv --zone Europe/London --json",
      says: "as JSON, for a script",
    },
  ],
  run: plan,
});

async function plan({ context, options }: CommandInput<Options>): Promise<CommandResult> {
  const timetable = await loadTimetable(options, context);
  const connection = await connect(options, context);
  const progress = startProgress(context.io, "Reading mailboxes");
  let planned: Plan;
  try {
    planned = await planSync(timetable, graphCalendar(connection), {
      ...planOptionsFrom(options, graphDirectory(connection), context),
      onProgress: ({ done, total, mailbox }) => progress.show(done, total, mailbox),
    });
  } finally {
    progress.stop();
    connection.transport.close();
  }
  if (options.out !== undefined)
    await writeOutput(options.out, `${JSON.stringify(planned, null, 2)}\n`, { force: true }, context);
  return {
    data: planned,
    text: planText(planned, options.all === true),
    exitCode: planned.refusals.length > 0 ? 1 : planned.totals.failedMailboxes > 0 ? 3 : 0,
  };
}
