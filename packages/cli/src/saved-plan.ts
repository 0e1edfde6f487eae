/** Plans that were saved with `sync plan --out` and looked at before they are applied. */
import { PLAN_VERSION, type Plan } from "@nightlatch/sync";
import type { Context } from "./command.ts";
import { cliError } from "./errors.ts";
import { readInput } from "./files.ts";

/**
 * Reads a saved plan.
 *
 * @param path - file name, or `-`
 * @param context - the command's surroundings
 * @returns the plan
 * @throws NightlatchError `CLI_PLAN_UNREADABLE`
 */
export async function readPlan(path: string, context: Context): Promise<Plan> {
  const text = (await readInput(path, context)).toString("utf8");
  const unfit = (why: string): Error =>
    cliError("CLI_PLAN_UNREADABLE", `Cannot apply the plan "${path}": ${why}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser quotes what it read, which may be a key file given by mistake.
    throw unfit("it is not JSON");
  }
  const plan = value as Partial<Plan> | null;
  if (typeof plan !== "object" || plan?.planVersion === undefined) throw unfit("it is no plan");
  if (plan.planVersion !== PLAN_VERSION)
    throw unfit(`it has version ${String(plan.planVersion)}, wanted ${PLAN_VERSION}`);
  const problem = problemOf(plan);
  if (problem !== undefined) throw unfit(problem);
  return plan as Plan;
}

/** A file that was cut or edited must not stop the run halfway. */
function problemOf(plan: Partial<Plan>): string | undefined {
  for (const name of ["source", "window", "limits", "totals"] as const)
    if (typeof plan[name] !== "object" || plan[name] === null) return `it has no ${name}`;
  for (const name of ["mailboxes", "refusals", "warnings"] as const)
    if (!Array.isArray(plan[name])) return `its ${name} are no list`;
  for (const [index, entry] of (plan.mailboxes ?? []).entries()) {
    const isWhole =
      typeof (entry as unknown) === "object" && entry !== null && typeof entry.mailbox === "string";
    if (!isWhole) return `mailboxes[${index}] names no mailbox`;
    for (const name of ["creates", "updates", "deletes"] as const) {
      if (!Array.isArray(entry[name])) return `${name} of mailboxes[${index}] is no list`;
      const bad = entry[name].findIndex(
        (action) => typeof (action as unknown) !== "object" || action === null,
      );
      if (bad >= 0) return `${name}[${bad}] of mailboxes[${index}] is no action`;
    }
  }
  return undefined;
}
