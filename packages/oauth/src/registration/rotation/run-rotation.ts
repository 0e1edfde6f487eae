/** A rotation from wherever it stands to wherever it can go now. */
import type { ApplicationKey } from "../application-keys.ts";
import type { RotationOptions, RotationReport } from "../rotate-certificate.ts";
import { chooseMethod, isDue, planRotation, type RotationPlan } from "./plan-rotation.ts";
import { deleteUnfinished, locateRotationFiles, type RotationFiles } from "./rotation-files.ts";
import { lockRotation } from "./rotation-lock.ts";
import { linesOf, plannedState } from "./rotation-report.ts";
import {
  advance,
  lookAround,
  type Rotation,
  readRotated,
  resumeRotation,
  type Situation,
} from "./rotation-run.ts";
import { describeRotated, hasReached, type RotationState } from "./rotation-state.ts";
import { confirm, finish, make, register, removeOld, switchOver } from "./rotation-steps.ts";

/**
 * Carries out what can be carried out now.
 *
 * @param options - as given to `rotateCertificate`
 * @returns where the rotation stands
 */
export async function runRotation(options: RotationOptions): Promise<RotationReport> {
  for (const name of ["overlapMs", "waitMs"] as const)
    if (!((options[name] ?? 0) >= 0)) throw new RangeError(`${name} must be 0 or more, got ${options[name]}`);
  const files = await locateRotationFiles(options.certificatePath);
  if (options.dryRun === true) return rehearse(options, files);
  const unlock = await lockRotation(files.lock);
  try {
    await deleteUnfinished(files);
    return await carryOn(options, files);
  } finally {
    await unlock();
  }
}

async function carryOn(options: RotationOptions, files: RotationFiles): Promise<RotationReport> {
  const situation = await lookAround(options, files);
  const idle = nothingToDo(situation);
  if (idle !== undefined) return idle;
  const open = openRecord(situation);
  let rotation: Rotation;
  let keysBefore: readonly ApplicationKey[] | undefined;
  if (open === undefined) {
    const plan = await planRotation(situation);
    keysBefore = plan.keys;
    rotation = { ...situation, state: plannedState(situation, plan), next: undefined };
    await advance(rotation, "begun");
  } else {
    rotation = await resumeRotation(situation, open);
    // Since it was begun the old key may have expired.
    if (!hasReached(open, "registered")) rotation.state = { ...open, method: await chooseMethod(situation) };
    keysBefore = await keysOf(rotation);
  }
  await make(rotation);
  await register(rotation);
  await confirm(rotation);
  await switchOver(rotation);
  const isOver = (removeAfter(rotation) ?? Number.POSITIVE_INFINITY) <= rotation.now().getTime();
  if (isOver) {
    await removeOld(rotation);
    await finish(rotation);
  }
  return report(rotation, isOver ? "done" : "overlapping", keysBefore, await keysOf(rotation));
}

async function rehearse(options: RotationOptions, files: RotationFiles): Promise<RotationReport> {
  const situation = await lookAround(options, files);
  const idle = nothingToDo(situation);
  if (idle !== undefined) return idle;
  const open = openRecord(situation);
  if (open !== undefined) {
    const rotation = await resumeRotation(situation, open);
    return report(rotation, "planned", await keysOf(rotation), undefined);
  }
  const plan: RotationPlan = await planRotation(situation);
  const rotation: Rotation = { ...situation, state: plannedState(situation, plan), next: undefined };
  return report(rotation, "planned", plan.keys, undefined);
}

function nothingToDo(situation: Situation): RotationReport | undefined {
  const { options, files, used } = situation;
  if (openRecord(situation) !== undefined) return undefined;
  const outcome = options.finish === true ? "nothingToFinish" : isDue(situation) ? undefined : "notDue";
  if (outcome === undefined) return undefined;
  const { certificate, next, old, state } = files;
  return {
    outcome,
    clientId: options.clientId,
    objectId: situation.record?.objectId,
    old: describeRotated(used.credential.certificate),
    steps: [],
    files: { certificate, next, old, state },
  };
}

function openRecord({ record }: Situation): RotationState | undefined {
  return record?.step === "done" ? undefined : record;
}

/** An old key that has expired needs no overlap. */
function removeAfter({ options, state, now }: Rotation): number | undefined {
  if (options.finish === true || Date.parse(state.old.notAfter) <= now().getTime()) return now().getTime();
  const overlapMs = options.overlapMs ?? state.overlapMs;
  if (overlapMs === undefined || state.switchedAt === undefined) return undefined;
  return Date.parse(state.switchedAt) + overlapMs;
}

/** For the report only: what is done is done, also when it cannot be shown. */
async function keysOf(rotation: Rotation): Promise<readonly ApplicationKey[] | undefined> {
  return readRotated(rotation).then(
    (application) => application?.keys,
    () => undefined,
  );
}

function report(
  rotation: Rotation,
  outcome: RotationReport["outcome"],
  keysBefore: readonly ApplicationKey[] | undefined,
  keysAfter: readonly ApplicationKey[] | undefined,
): RotationReport {
  const { options, state, files } = rotation;
  const { certificate, next, old, state: stateFile } = files;
  const afterMs = outcome === "done" ? undefined : removeAfter(rotation);
  return {
    outcome,
    clientId: options.clientId,
    objectId: state.objectId,
    old: state.old,
    new: state.new,
    method: state.method,
    removeAfter: afterMs === undefined ? undefined : new Date(afterMs).toISOString(),
    steps: linesOf(rotation, outcome === "planned"),
    keysBefore,
    keysAfter,
    files: { certificate, next, old, state: stateFile },
  };
}
