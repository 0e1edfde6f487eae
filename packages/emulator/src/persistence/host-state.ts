/** What is kept beside the world: short-lived state of sign-ins, the clock, and signing keys that joined the first one. */
import type { SignInState } from "../entra/entra-context.ts";
import type { KeptKey, KeyRing } from "../entra/key-ring.ts";
import type { EmulatorClock, KeptClock } from "../host/clock.ts";
import { encodePlain } from "./plain-json.ts";

/** The parts of an emulator that are written down together. */
export interface HostState {
  readonly signIns: SignInState;
  readonly clock: EmulatorClock;
  readonly keys: KeyRing;
}

/** As it is written down. */
export interface KeptHostState {
  readonly redeemedCodes?: SignInState["redeemedCodes"] | undefined;
  readonly deviceFlows?: SignInState["deviceFlows"] | undefined;
  readonly clock?: KeptClock | undefined;
  readonly keys?: readonly KeptKey[] | undefined;
}

/** Writing a private key as PEM is dear: it is done once for each set of keys. */
const written = new WeakMap<KeyRing, { readonly name: string; readonly keys: readonly KeptKey[] }>();

/**
 * Writes the state down.
 *
 * @param state - of a running emulator
 * @returns JSON; `{}` when nothing differs from a fresh start
 */
export function encodeHostState(state: HostState): string {
  return encodePlain(keepHostState(state));
}

/**
 * Gives the state as plain data.
 *
 * @param state - of a running emulator
 * @returns members that differ from a fresh start
 */
export function keepHostState({ signIns, clock, keys }: HostState): KeptHostState {
  const { redeemedCodes, deviceFlows } = signIns;
  const keptClock = clock.keep();
  const keptKeys = keepKeys(keys);
  return {
    ...(redeemedCodes.size + deviceFlows.size === 0 ? {} : { redeemedCodes, deviceFlows }),
    ...(keptClock === undefined ? {} : { clock: keptClock }),
    ...(keptKeys.length === 0 ? {} : { keys: keptKeys }),
  };
}

/**
 * Goes on with what was written down.
 *
 * @param state - changed in place
 * @param kept - from {@link keepHostState}
 */
export function resumeHostState({ signIns, clock, keys }: HostState, kept: KeptHostState): void {
  signIns.redeemedCodes.clear();
  signIns.deviceFlows.clear();
  for (const [id, forgetAtMs] of kept.redeemedCodes ?? []) signIns.redeemedCodes.set(id, forgetAtMs);
  for (const [code, flow] of kept.deviceFlows ?? []) signIns.deviceFlows.set(code, flow);
  clock.resume(kept.clock);
  keys.resume(kept.keys ?? []);
}

function keepKeys(keys: KeyRing): readonly KeptKey[] {
  const name = keys.all.map(({ kid, goneAtMs }) => `${kid} ${goneAtMs}`).join();
  const known = written.get(keys);
  if (known?.name === name) return known.keys;
  const kept = keys.keep();
  written.set(keys, { name, keys: kept });
  return kept;
}
