import { applyPlan, type Plan, planSync, type RunReport } from "@nightlatch/sync";
import { openCalendar, wingOptions } from "../../calendar-wing.ts";
import { type CommandInput, type CommandResult, type Context, defineCommand } from "../../command.ts";
import {
  type Connection,
  connectionOptions,
  forgetRefusedToken,
  graphDirectory,
  withConnection,
} from "../../connection.ts";
import { cliError } from "../../errors.ts";
import { planText, reportText } from "../../plan-text.ts";
import { startProgress } from "../../progress.ts";
import { readPlan } from "../../saved-plan.ts";
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
    "Exit status: 0 all mailboxes are in line · 3 some failed, the report says which and why · 1 refused or failed, nothing more was written · 130 interrupted, to be run again.",
  options: [
    ...timetableOptions,
    { flags: "--plan <file>", description: "apply this saved plan instead of making one" },
    ...syncOptions,
    ...wingOptions,
    ...connectionOptions,
  ],
  examples: [
    {
      line: "nightlatch sync apply --settings timetable.env --timetable school.ics",
      says: "plan and apply, as a nightly job does",
    },
    {
      line: "nightlatch sync apply --settings timetable.env --plan plan.json",
      says: "apply what was looked at before",
    },
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
  const report = await withConnection(options, context, async (connection) => {
    const plan =
      saved ?? (await makePlan(source as NonNullable<typeof source>, connection, options, context));
    if (plan.refusals.length > 0 && options.allowDeletes !== true && !context.json)
      context.io.err(`${planText(plan, false)}\n\n`);
    return carryOut(plan, connection, options, context);
  });
  return { data: report, text: reportText(report), exitCode: report.exitCode };
}

async function makePlan(
  source: Awaited<ReturnType<typeof loadTimetable>>,
  connection: Connection,
  options: Options,
  context: Context,
): Promise<Plan> {
  const progress = startProgress(context.io, "Reading mailboxes");
  try {
    return await planSync(source, await openCalendar(connection, options, context), {
      ...planOptionsFrom(options, graphDirectory(connection), context),
      onProgress: ({ done, total, mailbox }) => progress.show(done, total, mailbox),
    });
  } finally {
    progress.stop();
  }
}

async function carryOut(
  plan: Plan,
  connection: Connection,
  options: Options,
  context: Context,
): Promise<RunReport> {
  const progress = startProgress(context.io, "Writing events");
  try {
    const report = await applyPlan(plan, await openCalendar(connection, options, context), {
      onProgress: ({ done, total, mailbox }) => progress.show(done, total, mailbox),
      allowDeletes: options.allowDeletes,
      maxDeletes: options.maxDeletes,
      signal: context.signal,
      now: context.now,
    });
    const codes = report.mailboxes.flatMap(({ error, errors }) => [
      error?.code ?? "",
      ...errors.map(({ code }) => code),
    ]);
    await forgetRefusedToken(connection, codes);
    return report;
  } finally {
    progress.stop();
  }
}
