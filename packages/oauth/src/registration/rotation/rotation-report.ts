/** What a rotation says of itself to people: one line for each step, done or to come. */
import { basename } from "node:path";
import type { RotationLine } from "../rotate-certificate.ts";
import type { RotationPlan } from "./plan-rotation.ts";
import type { Rotation, Situation } from "./rotation-run.ts";
import {
  describeRotated,
  hasReached,
  ROTATION_STEPS,
  type RotationState,
  type RotationStep,
} from "./rotation-state.ts";

/**
 * The state in which a rotation begins.
 *
 * @param situation - file in use and options
 * @param plan - what was settled
 * @returns the first state, not yet written
 */
export function plannedState(situation: Situation, plan: RotationPlan): RotationState {
  const { options, used, now } = situation;
  return {
    version: 1,
    step: "begun",
    tenantId: options.tenantId,
    clientId: options.clientId,
    objectId: plan.objectId,
    method: plan.method,
    old: describeRotated(used.credential.certificate, plan.oldKeyId),
    overlapMs: options.overlapMs,
    begunAt: now().toISOString(),
  };
}

/**
 * Lists the steps.
 *
 * @param rotation - where it stands
 * @param isRehearsal - whether the rotation has perhaps not begun
 * @returns one line for each step after the beginning
 */
export function linesOf(rotation: Rotation, isRehearsal: boolean): readonly RotationLine[] {
  const hasBegun = !isRehearsal || (rotation.record !== undefined && rotation.record.step !== "done");
  return ROTATION_STEPS.filter((step) => step !== "begun").map((step) => ({
    step,
    done: hasBegun && hasReached(rotation.state, step),
    text: textOf(step, rotation),
  }));
}

function textOf(step: RotationStep, rotation: Rotation): string {
  const { options, state, files, patience } = rotation;
  const file = basename(files.certificate);
  switch (step) {
    case "made":
      return options.newCertificatePath === undefined
        ? `Make a key and certificate "${options.subject ?? state.old.subject}" in ${file}.new`
        : `Copy ${basename(options.newCertificatePath)} to ${file}.new`;
    case "registered":
      return state.method === "patch"
        ? "Register it by a PATCH of all keys, with the administrator's token; every key that is there stays"
        : `Register it by addKey, with a proof signed by certificate ${state.old.thumbprintSha1Hex}`;
    case "confirmed":
      return `Wait until tokens are issued with it, for ${Math.round(patience.waitMs / 1000)} s at most`;
    case "switched":
      return `Put it in the place of ${file}; the old file stays as ${file}.old`;
    case "removed":
      return `Remove the old key by removeKey, ${whenOf(rotation)}`;
    default:
      return `Delete ${file}.old`;
  }
}

function whenOf({ options, state }: Rotation): string {
  const overlapMs = options.overlapMs ?? state.overlapMs;
  if (options.finish === true || overlapMs === 0) return "at once";
  if (overlapMs === undefined) return "when the rotation is finished by hand";
  if (state.switchedAt === undefined)
    return `in a run ${Math.round(overlapMs / 360_000) / 10} hours after the switch`;
  return `in a run after ${new Date(Date.parse(state.switchedAt) + overlapMs).toISOString()}`;
}
