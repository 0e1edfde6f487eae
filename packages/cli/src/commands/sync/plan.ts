import { type Plan, planSync } from "@nightlatch/sync";
import { openCalendar, wingOptions } from "../../calendar-wing.ts";
import { type CommandInput, type CommandResult, type Context, defineCommand } from "../../command.ts";
import { connectionOptions, forgetRefusedToken, graphDirectory, withConnection } from "../../connection.ts";
import { requireWritable, writeOutput } from "../../files.ts";
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
  details:
    "Exit status: 0 planned · 3 some mailboxes could not be read, the plan says which and why · 1 more would be deleted than its limits allow, or the timetable could not be read.",
  options: [
    ...timetableOptions,
    ...syncOptions,
    {
      flags: "--out <file>",
      description: "save the plan for: nightlatch sync apply --plan FILE; an older one is replaced",
    },
    { flags: "--all", description: "list every action, not only the first 20 of each mailbox" },
    ...wingOptions,
    ...connectionOptions,
  ],
  required: ["timetable"],
  examples: [
    {
      line: "nightlatch sync plan --settings timetable.env --timetable school.ics",
      says: "what would change, and why",
    },
    {
      line: "nightlatch sync plan --settings timetable.env --timetable school.csv --zone Europe/London --out plan.json",
      says: "keep the plan, to be applied when somebody has looked at it",
    },
  ],
  run: plan,
});

async function plan({ context, options }: CommandInput<Options>): Promise<CommandResult> {
  if (options.out !== undefined) await requireWritable(options.out, { force: true }, context);
  const timetable = await loadTimetable(options, context);
  const planned = await withConnection(options, context, async (connection) => {
    const progress = startProgress(context.io, "Reading mailboxes");
    try {
      const made = await planSync(timetable, await openCalendar(connection, options, context), {
        ...planOptionsFrom(options, graphDirectory(connection), context),
        onProgress: ({ done, total, mailbox }) => progress.show(done, total, mailbox),
      });
      await forgetRefusedToken(
        connection,
        made.mailboxes.map(({ error }) => error?.code ?? ""),
      );
      return made;
    } finally {
      progress.stop();
    }
  });
  if (options.out !== undefined) await savePlan(planned, options.out, context);
  return {
    data: planned,
    text: planText(planned, options.all === true),
    exitCode: planned.refusals.length > 0 ? 1 : planned.totals.failedMailboxes > 0 ? 3 : 0,
  };
}

async function savePlan(planned: Plan, path: string, context: Context): Promise<void> {
  const file = await writeOutput(path, `${JSON.stringify(planned, null, 2)}\n`, { force: true }, context);
  if (!context.json) context.io.err(`Plan saved as ${file}\n`);
}
