import { applyPlan, type Plan, planSync, type RunReport } from "@nightlatch/sync";
import { type CommandInput, type CommandResult, type Context, defineCommand } from "../../command.ts";
import {
  type Connection,
  connect,
  connectionOptions,
  graphCalendar,
  graphDirectory,
} from "../../connection.ts";
import { cliError } from "../../errors.ts";
import { readInput } from "../../files.ts";
import { planText, reportText } from "../../plan-text.ts";
import { startProgress } from "../../progress.ts";
import { planOptionsFrom, type SyncOptions, syncOptions } from "../../sync-options.ts";
import { loadTimetable, timetableOptions } from "../../timetable-input.ts";

interface Options extends Omit<SyncOptions, "timetable"> {
  readonly timetable?: string;
  readonly plan?: string;
}

export const syncApply = defineCommand<Options>({
  path: ["sync", "apply"],
  summary: "Bring mailboxes in line with a timetable; run again, it writes nothing",
  details:
    "Exit status: 0 all mailboxes are in line · 3 some failed, the report says which and why · 1 refused or failed, nothing more was written.",
  options: [
    ...timetableOptions,
    { flags: "--plan <file>", description: "apply this saved plan instead of making one" },
    ...syncOptions,
    ...connectionOptions,
  ],
  examples: [
    { line: "nightlatch sync apply --timetable school.ics", says: "plan and apply, as a nightly job does" },
    { line: "nightlatch sync apply --plan plan.json", says: "apply what was looked at before" },
  ],
  run: apply,
});

async function apply({ context, options }: CommandInput<Options>): Promise<CommandResult> {
  const { timetable, plan: planFile } = options;
  if ((timetable === undefined) === (planFile === undefined))
    throw cliError("CLI_USAGE", "Give either --timetable or --plan", {
      hint: "Pass --timetable FILE to plan and apply, or --plan FILE to apply a saved plan",
    });
  const saved = planFile === undefined ? undefined : await readPlan(planFile, context);
  const source =
    timetable === undefined ? undefined : await loadTimetable({ ...options, timetable }, context);
  const connection = await connect(options, context);
  try {
    const plan =
      saved ??
      (await planSync(source as NonNullable<typeof source>, graphCalendar(connection), {
        ...planOptionsFrom({ ...options, timetable: timetable ?? "" }, graphDirectory(connection), context),
      }));
    if (plan.refusals.length > 0 && !context.json) context.io.err(`${planText(plan, false)}\n\n`);
    const report = await carryOut(plan, connection, options.allowDeletes, context);
    return { data: report, text: reportText(report), exitCode: report.exitCode };
  } finally {
    connection.transport.close();
  }
}

async function carryOut(
  plan: Plan,
  connection: Connection,
  allowDeletes: boolean | undefined,
  context: Context,
): Promise<RunReport> {
  const progress = startProgress(context.io, "Writing events");
  try {
    return await applyPlan(plan, graphCalendar(connection), {
      onProgress: ({ done, total, mailbox }) => progress.show(done, total, mailbox),
      allowDeletes,
      signal: context.signal,
    });
  } finally {
    progress.stop();
  }
}

async function readPlan(path: string, context: Context): Promise<Plan> {
  const text = (await readInput(path, context)).toString("utf8");
  try {
    return JSON.parse(text) as Plan;
  } catch (cause) {
    throw cliError("CLI_PLAN_STALE", `The plan "${path}" is not JSON: ${(cause as Error).message}`, {
      cause,
    });
  }
}
