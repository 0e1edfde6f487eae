/**
 * Throttling, off unless switched on.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/exchange-web-services/ews-throttling-in-exchange
 */
import type { EmulatorContext } from "../host/context.ts";
import type { EmulatorResponse } from "../host/http.ts";
import { writeFault } from "./soap/envelope.ts";
import { EwsFault } from "./soap/ews-fault.ts";
import { type EwsThrottle, readSwitches } from "./switches.ts";

const WINDOW_MS = 60_000;

interface Budget {
  running: number;
  windowStartMs: number;
  count: number;
  blockedUntilMs: number;
}

const budgets = new WeakMap<EmulatorContext, Map<string, Budget>>();

/**
 * Runs a request within the limits.
 *
 * @param context - the emulator
 * @param key - application and mailbox
 * @param run - the request
 * @returns the answer of `run`, or the one that puts the caller off
 */
export async function withThrottle(
  context: EmulatorContext,
  key: string,
  run: () => EmulatorResponse,
): Promise<EmulatorResponse> {
  const { throttle } = readSwitches(context);
  if (throttle === undefined) return run();
  const nowMs = context.clock.nowMs();
  const budget = findBudget(context, key, nowMs);
  const backOffMs = throttle.backOffMs ?? 1000;
  if (budget.blockedUntilMs > nowMs) return putOff(throttle, budget.blockedUntilMs - nowMs);
  if (budget.running >= (throttle.concurrency ?? 27))
    return writeFault(new EwsFault("ErrorExceededConnectionCount")) ?? putOff(throttle, backOffMs);
  if (budget.count >= (throttle.requestsPerMinute ?? Number.POSITIVE_INFINITY)) {
    budget.blockedUntilMs = nowMs + backOffMs;
    return putOff(throttle, backOffMs);
  }
  budget.count += 1;
  budget.running += 1;
  try {
    // The slot stays taken for as long as the service would need, or nobody could ever be too many.
    await new Promise((resolve) => setTimeout(resolve, throttle.serviceTimeMs ?? 20));
    return run();
  } finally {
    budget.running -= 1;
  }
}

function putOff({ answer }: EwsThrottle, waitMs: number): EmulatorResponse {
  const fault = writeFault(
    new EwsFault("ErrorServerBusy", { values: { BackOffMilliseconds: String(Math.ceil(waitMs)) } }),
  );
  if (answer !== "status503" && fault !== undefined) return fault;
  return { status: 503, headers: { "Retry-After": String(Math.ceil(waitMs / 1000)) } };
}

function findBudget(context: EmulatorContext, key: string, nowMs: number): Budget {
  const all = budgets.get(context) ?? new Map<string, Budget>();
  budgets.set(context, all);
  const known = all.get(key) ?? { running: 0, windowStartMs: nowMs, count: 0, blockedUntilMs: 0 };
  all.set(key, known);
  if (nowMs - known.windowStartMs >= WINDOW_MS || nowMs < known.windowStartMs) {
    known.windowStartMs = nowMs;
    known.count = 0;
  }
  return known;
}
