/** How far a certificate is from its end, as data: for warnings, monitoring and exit codes. */
import { refusal } from "../refusal.ts";

/**
 * When a certificate counts as due for renewal: milliseconds before its end, a duration such as "30d", "12h", "45m"
 * or "2w" before its end, or a share of its lifetime such as "33%" that is left.
 */
export type ExpiryThreshold = number | string;

/** Where a certificate stands in its life. */
export interface ExpiryStatus {
  /** "ok", "due" for renewal, "expired", or "notYetValid". */
  readonly state: "ok" | "due" | "expired" | "notYetValid";
  /** Begin of the validity. */
  readonly notBefore: Date;
  /** End of the validity. */
  readonly notAfter: Date;
  /** The instant from which it is due. */
  readonly dueAt: Date;
  /** Milliseconds until the end; negative after it. */
  readonly remainingMs: number;
  /** Milliseconds from begin to end. */
  readonly lifetimeMs: number;
  /** Share of the lifetime that has passed; 0 at the begin, 1 at the end, beyond either outside. */
  readonly passedShare: number;
}

/** Options of {@link checkExpiry}. */
export interface ExpiryOptions {
  /** @defaultValue a third of the lifetime: due when two thirds have passed */
  readonly threshold?: ExpiryThreshold | undefined;
  /** @defaultValue the clock of this machine */
  readonly now?: Date | undefined;
}

const MS_BY_UNIT: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * Tells where a certificate stands in its life.
 *
 * @param certificate - its validity; a {@link Certificate} or anything with the two dates
 * @param options - threshold and instant
 * @returns the state with its figures
 * @throws {@link NightlatchError} `CREDENTIAL_THRESHOLD_INVALID`
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { checkExpiry } from "@nightlatch/credential";
 *
 * const validity = { notBefore: new Date("2026-01-01T00:00:00Z"), notAfter: new Date("2027-01-01T00:00:00Z") };
 * assert.equal(checkExpiry(validity, { now: new Date("2026-03-01T00:00:00Z") }).state, "ok");
 * assert.equal(checkExpiry(validity, { now: new Date("2026-12-15T00:00:00Z"), threshold: "30d" }).state, "due");
 * ```
 */
export function checkExpiry(
  certificate: { readonly notBefore: Date; readonly notAfter: Date },
  options: ExpiryOptions = {},
): ExpiryStatus {
  const { notBefore, notAfter } = certificate;
  const nowMs = (options.now ?? new Date()).getTime();
  const lifetimeMs = notAfter.getTime() - notBefore.getTime();
  const beforeEndMs = parseThreshold(options.threshold, lifetimeMs);
  const dueAt = new Date(notAfter.getTime() - beforeEndMs);
  const remainingMs = notAfter.getTime() - nowMs;
  const passedShare = lifetimeMs > 0 ? (nowMs - notBefore.getTime()) / lifetimeMs : 1;
  return { state: stateAt(), notBefore, notAfter, dueAt, remainingMs, lifetimeMs, passedShare };

  function stateAt(): ExpiryStatus["state"] {
    if (nowMs < notBefore.getTime()) return "notYetValid";
    if (remainingMs < 0) return "expired";
    return nowMs >= dueAt.getTime() ? "due" : "ok";
  }
}

function parseThreshold(threshold: ExpiryThreshold | undefined, lifetimeMs: number): number {
  if (threshold === undefined) return lifetimeMs / 3;
  if (typeof threshold === "number") {
    if (threshold >= 0 && Number.isFinite(threshold)) return threshold;
    throw refusal("CREDENTIAL_THRESHOLD_INVALID", `Cannot use the threshold ${threshold} ms`);
  }
  const match = /^\s*(\d{1,6}(?:\.\d{1,3})?)\s*(%|[smhdw])\s*$/i.exec(threshold);
  const amount = Number(match?.[1]);
  const unit = match?.[2]?.toLowerCase() ?? "";
  if (unit === "%" && amount <= 100) return (lifetimeMs * amount) / 100;
  const unitMs = MS_BY_UNIT[unit];
  if (unitMs === undefined)
    throw refusal("CREDENTIAL_THRESHOLD_INVALID", `Cannot understand the threshold "${threshold}"`);
  return amount * unitMs;
}
