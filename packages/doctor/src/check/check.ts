/**
 * The live walk: one question per check, asked in order; each ends in ok, warning, fault, or not run with a reason.
 *
 * The rules are: a check asks one thing and changes nothing; what stands in the way of a later question is named
 * there as the reason why it was not asked; nothing is read from the environment, everything is passed in.
 */
import type { Finding, Severity } from "../finding.ts";
import { createFinding } from "../finding-table.ts";
import type { CheckContext } from "./context.ts";
import { CheckFacts } from "./facts.ts";

/** How a check ended. */
export type CheckStatus = "ok" | "warning" | "fault" | "notRun";

/** Something that would put a finding right. */
export interface CheckFix {
  /** What it does, imperative. */
  readonly description: string;
  /** Safe fixes change nothing but what the check looked at and can be undone; others are only printed. */
  readonly isSafe: boolean;
  /**
   * Does it.
   *
   * @returns nothing
   */
  apply(): Promise<void>;
}

/** What a check answers. */
export interface CheckAnswer {
  readonly status: CheckStatus;
  /** One line: what was seen, or why the check was not run. */
  readonly detail: string;
  readonly findings?: readonly Finding[] | undefined;
  readonly fix?: CheckFix | undefined;
}

/** The answer with the question. */
export interface CheckResult {
  /** Permanent name, kebab case; a mailbox check carries the address after a colon. */
  readonly id: string;
  readonly question: string;
  readonly status: CheckStatus;
  readonly detail: string;
  readonly findings: readonly Finding[];
  readonly fix?: CheckFix | undefined;
  readonly elapsedMs: number;
}

/** One question. */
export interface Check {
  readonly id: string;
  readonly question: string;
  /** Checks that must not have ended in fault or not run. */
  readonly needs?: readonly string[] | undefined;
  /** Neighbours with the same group are asked at the same time, four at most. */
  readonly group?: string | undefined;
  /**
   * Asks.
   *
   * @param context - configuration and what reaches out
   * @param facts - what earlier checks found out
   * @returns the answer
   */
  ask(context: CheckContext, facts: CheckFacts): Promise<CheckAnswer>;
}

/** All answers of one walk. */
export interface CheckReport {
  readonly results: readonly CheckResult[];
  /** `fault` when one check ended so, else `warning`, else `ok`; `info` when nothing could be asked. */
  readonly verdict: Severity;
}

const AT_ONCE = 4;

/**
 * Asks every question in order.
 *
 * @param checks - the questions, see `createChecks`
 * @param context - configuration, transport, loaders
 * @param onResult - called with each result as soon as it is there, in order
 * @returns all results
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createChecks, runChecks } from "@nightlatch/doctor";
 *
 * const context = { configuration: { tenantId: "not a tenant", clientId: "" } };
 * const report = await runChecks(createChecks(context.configuration), context);
 * assert.equal(report.verdict, "fault");
 * assert.equal(report.results[0]?.id, "configuration");
 * assert.equal(report.results.find((result) => result.id === "tenant")?.status, "notRun");
 * ```
 */
export async function runChecks(
  checks: readonly Check[],
  context: CheckContext,
  onResult: (result: CheckResult) => void = () => {},
): Promise<CheckReport> {
  const facts = new CheckFacts();
  const results: CheckResult[] = [];
  for (const batch of batches(checks)) {
    const known = new Map(results.map((result) => [result.id, result.status]));
    const pending = batch.map((check) => askOne(check, context, facts, known));
    for (const result of await Promise.all(pending)) {
      results.push(result);
      onResult(result);
    }
  }
  return { results, verdict: worst(results) };
}

function batches(checks: readonly Check[]): Check[][] {
  const list: Check[][] = [];
  for (const check of checks) {
    const last = list.at(-1);
    const joins = check.group !== undefined && last?.[0]?.group === check.group && last.length < AT_ONCE;
    if (joins) last.push(check);
    else list.push([check]);
  }
  return list;
}

async function askOne(
  check: Check,
  context: CheckContext,
  facts: CheckFacts,
  known: ReadonlyMap<string, CheckStatus>,
): Promise<CheckResult> {
  const startedAt = performance.now();
  const answer = await answerOf(check, context, facts, known);
  return {
    id: check.id,
    question: check.question,
    status: answer.status,
    detail: facts.secrets.scrub(answer.detail),
    findings: facts.secrets.scrub(answer.findings ?? []),
    ...(answer.fix === undefined ? {} : { fix: answer.fix }),
    elapsedMs: Math.round(performance.now() - startedAt),
  };
}

async function answerOf(
  check: Check,
  context: CheckContext,
  facts: CheckFacts,
  known: ReadonlyMap<string, CheckStatus>,
): Promise<CheckAnswer> {
  if (context.signal?.aborted === true) return { status: "notRun", detail: "interrupted" };
  const missing = check.needs?.find((id) => known.get(id) === "fault" || known.get(id) === "notRun");
  if (missing !== undefined) return { status: "notRun", detail: `${missing} has to be right first` };
  try {
    return await check.ask(context, facts);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const finding = createFinding("CHECK_FAILED", {
      explanation: `While asking "${check.question}": ${reason}`,
      evidence: { check: check.id },
      remedy: "Try again; if it stays, report it with this text.",
    });
    return { status: "fault", detail: reason, findings: [finding] };
  }
}

function worst(results: readonly CheckResult[]): Severity {
  for (const status of ["fault", "warning", "ok"] as const) {
    if (results.some((result) => result.status === status)) return status;
  }
  return "info";
}
