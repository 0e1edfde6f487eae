/**
 * Throttling, off unless switched on: per application and mailbox, at most 4 requests at a time and 10,000 in ten
 * minutes. Whoever was told to wait and comes back early is told so again.
 *
 * @see https://learn.microsoft.com/graph/throttling-limits
 */
import type { EmulatorContext } from "../host/context.ts";
import { GraphFault } from "./errors.ts";

/** Limits, as `context.switches.graphThrottle` holds them when the host offers the switch. */
export interface GraphThrottleSwitch {
  /** Requests at a time per application and mailbox. @defaultValue 4 */
  readonly mailboxConcurrency?: number | undefined;
  /** Requests in ten minutes per application and mailbox. @defaultValue 10000 */
  readonly requestsPerTenMinutes?: number | undefined;
  /** Seconds that a refused caller has to wait. @defaultValue 1 */
  readonly retryAfterSeconds?: number | undefined;
  /** Milliseconds that a request to a mailbox takes, so that several can be under way. @defaultValue 20 */
  readonly serviceTimeMs?: number | undefined;
}

type Limits = { readonly [K in keyof GraphThrottleSwitch]-?: number };

const WINDOW_MS = 600_000;

interface Budget {
  running: number;
  windowStartMs: number;
  count: number;
  blockedUntilMs: number;
}

const budgets = new WeakMap<EmulatorContext, Map<string, Budget>>();

/**
 * Reads the switch.
 *
 * @param context - the emulator
 * @returns the limits, or `undefined` when throttling is off
 */
function readThrottle(context: EmulatorContext): Limits | undefined {
  const value = (context.switches as { readonly graphThrottle?: GraphThrottleSwitch | boolean })
    .graphThrottle;
  if (value === undefined || value === false) return undefined;
  const given = value === true ? {} : value;
  return {
    mailboxConcurrency: given.mailboxConcurrency ?? 4,
    requestsPerTenMinutes: given.requestsPerTenMinutes ?? 10_000,
    retryAfterSeconds: given.retryAfterSeconds ?? 1,
    serviceTimeMs: given.serviceTimeMs ?? 20,
  };
}

/**
 * Runs a request to a mailbox within the limits.
 *
 * @param context - the emulator
 * @param key - application and mailbox
 * @param run - the request
 * @returns what `run` gave
 * @throws {GraphFault} ApplicationThrottled or TooManyRequests, with Retry-After in seconds
 */
export async function withThrottle<T>(
  context: EmulatorContext,
  key: string,
  run: () => T | Promise<T>,
): Promise<T> {
  const limits = readThrottle(context);
  if (limits === undefined) return run();
  const nowMs = context.clock.nowMs();
  const budget = findBudget(context, key, nowMs);
  const refuse = (code: "ApplicationThrottled" | "TooManyRequests", waitMs: number): GraphFault => {
    budget.blockedUntilMs = nowMs + waitMs;
    const seconds = String(Math.max(1, Math.ceil(waitMs / 1000)));
    return new GraphFault(code, undefined, { headers: { "Retry-After": seconds } });
  };
  if (budget.blockedUntilMs > nowMs) throw refuse("TooManyRequests", budget.blockedUntilMs - nowMs);
  if (budget.running >= limits.mailboxConcurrency)
    throw refuse("ApplicationThrottled", limits.retryAfterSeconds * 1000);
  if (budget.count >= limits.requestsPerTenMinutes)
    throw refuse("TooManyRequests", budget.windowStartMs + WINDOW_MS - nowMs);
  budget.count += 1;
  budget.running += 1;
  try {
    // The slot stays taken for as long as the service would need, or nobody could ever be too many.
    await new Promise((resolve) => setTimeout(resolve, limits.serviceTimeMs));
    return await run();
  } finally {
    budget.running -= 1;
  }
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
