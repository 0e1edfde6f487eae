/** Rules for when an assertion is good. */
import type { AssertionCheck } from "./check.ts";

/** Now must lie between `nbf` and `exp` (AADSTS700024); a missing `exp` counts as 1970. */
export const checkTimeWindow: AssertionCheck = ({ claims, context }) => {
  const notBefore = readSeconds(claims["nbf"]);
  const expiry = readSeconds(claims["exp"]);
  if (notBefore === "unreadable" || expiry === "unreadable") return { code: 50027 };
  const nowSeconds = context.clock.nowMs() / 1000;
  const { clockSkewSeconds } = context.settings;
  const isEarly = (notBefore ?? 0) > nowSeconds + clockSkewSeconds;
  const isLate = (expiry ?? 0) <= nowSeconds - clockSkewSeconds;
  if (!isEarly && !isLate) return undefined;
  return {
    code: 700024,
    values: {
      curTime: formatInstant(nowSeconds),
      validTime: formatInstant(notBefore ?? 0),
      expTime: formatInstant(expiry ?? 0),
    },
  };
};

/** MSAL.NET sends texts, MSAL Python numbers with a fraction. */
function readSeconds(value: unknown): number | undefined | "unreadable" {
  if (value === undefined || value === null) return undefined;
  const seconds = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof seconds === "number" && Number.isFinite(seconds) ? seconds : "unreadable";
}

/** Last second that the service's calendar knows: the end of the year 9999. */
const LAST_SECOND = 253_402_300_799;

function formatInstant(seconds: number): string {
  const clamped = Math.min(Math.max(seconds, 0), LAST_SECOND);
  const text = new Date(Math.floor(clamped * 1000)).toISOString();
  return text.replace("Z", "0000Z");
}
