/** The strict switch for `jti`. */
import type { AssertionCheck } from "./check.ts";

const LONGEST_MEMORY_MS = 86_400_000;

/**
 * Refuses a `jti` that was seen before, when the strict switch is on. There is no public evidence that the service
 * refuses it, so the switch is off unless asked for.
 */
export const checkReplay: AssertionCheck = ({ claims, client, context }) => {
  if (!context.switches.strictJti) return undefined;
  const { seenJtis } = context.signIns;
  const nowMs = context.clock.nowMs();
  for (const [key, forgetAtMs] of seenJtis) {
    if (forgetAtMs > nowMs) break;
    seenJtis.delete(key);
  }
  const key = `${client.application.appId} ${String(claims["jti"] ?? "")}`;
  if (seenJtis.has(key)) {
    context.note(`The assertion with jti ${JSON.stringify(claims["jti"])} was presented before`);
    return {
      code: 700027,
      values: { reason: "The assertion was already used.", appid: client.application.appId },
    };
  }
  seenJtis.set(key, nowMs + LONGEST_MEMORY_MS);
  return undefined;
};
