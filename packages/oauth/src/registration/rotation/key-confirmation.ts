/**
 * Waiting until Entra ID knows a key. The directory is copied to many servers: after a change some know the new key
 * and some do not, so several tokens in a row are asked for.
 */
import { setTimeout as wait } from "node:timers/promises";
import { type CertificateCredential, isNightlatchError, NightlatchError } from "@nightlatch/credential";
import { requestTokenByClientCredentials } from "../../client-credentials/request.ts";
import type { ConfidentialClient } from "../../confidential-client.ts";
import { OAUTH_ERRORS } from "../../errors.ts";
import { isRefusedProof } from "../application-keys.ts";
import { registrationError } from "../errors.ts";

/** What a wait is bounded by. */
export interface Patience {
  /** Milliseconds in all. */
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Told before each pause. */
  readonly onWait: (reason: string, delayMs: number) => void;
  /** First pause in milliseconds, doubled each time up to 15 s. @defaultValue 1000 */
  readonly firstPauseMs: number;
}

/** Refusals that a server gives which does not know the key, or the application, yet. */
const NOT_YET_KNOWN = new Set([700027, 700016, 50012, 7000274]);
const LONGEST_PAUSE_MS = 15_000;
const TOKENS_IN_A_ROW = 3;
const LONGEST_BETWEEN_TOKENS_MS = 250;

/**
 * Waits until tokens are issued with a key.
 *
 * @param client - proves itself with that key
 * @param credential - the key, for messages
 * @param scope - what to ask a token for
 * @param patience - bounds
 * @throws {NightlatchError} `OAUTH_ROTATION_NOT_CONFIRMED`, `OAUTH_ABORTED`, and refusals that waiting does not heal
 */
export async function confirmKey(
  client: ConfidentialClient,
  credential: CertificateCredential,
  scope: string,
  patience: Patience,
): Promise<void> {
  let inARow = 0;
  const betweenMs = Math.min(patience.firstPauseMs, LONGEST_BETWEEN_TOKENS_MS);
  await repeatUntilDone(patience, async () => {
    try {
      while (inARow < TOKENS_IN_A_ROW) {
        if (inARow > 0) await pause(betweenMs, patience.signal);
        await requestTokenByClientCredentials(client, { scope }, { signal: patience.signal });
        inARow += 1;
      }
      return undefined;
    } catch (error) {
      inARow = 0;
      if (isNotYetKnown(error) || mayPass(error)) return error;
      throw error;
    }
  }).catch((cause: unknown) => {
    if (!(cause instanceof OutOfTime)) throw cause;
    throw notConfirmed(credential, patience.waitMs, cause.last);
  });
}

/**
 * Repeats a call whose proof is signed by a key that the directory may not know yet.
 *
 * @param patience - bounds
 * @param call - the call
 * @returns what the call gives
 * @throws {NightlatchError} the last `OAUTH_PROOF_REFUSED`, and whatever else the call throws
 */
export async function untilProofIsTaken<Value>(
  patience: Patience,
  call: () => Promise<Value>,
): Promise<Value> {
  let value: Value | undefined;
  await repeatUntilDone(patience, async () => {
    try {
      value = await call();
      return undefined;
    } catch (error) {
      if (isRefusedProof(error)) return error;
      throw error;
    }
  }).catch((cause: unknown) => {
    throw cause instanceof OutOfTime ? cause.last : cause;
  });
  return value as Value;
}

class OutOfTime extends Error {
  readonly last: unknown;
  constructor(last: unknown) {
    super("out of time");
    this.last = last;
  }
}

/** `attempt` gives `undefined` when it is done, and otherwise the reason to try again. */
async function repeatUntilDone(patience: Patience, attempt: () => Promise<unknown>): Promise<void> {
  const endsAtMs = performance.now() + patience.waitMs;
  for (let pauseMs = patience.firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const reason = await attempt();
    if (reason === undefined) return;
    const leftMs = endsAtMs - performance.now();
    const askedMs = isNightlatchError(reason) ? (reason.retryAfterMs ?? 0) : 0;
    if (leftMs <= 0 || askedMs > leftMs) throw new OutOfTime(reason);
    const delayMs = Math.round(Math.max(askedMs, Math.min(pauseMs * (0.75 + Math.random() / 2), leftMs)));
    patience.onWait(shortReason(reason), delayMs);
    await pause(delayMs, patience.signal);
  }
}

async function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  await wait(delayMs, undefined, signal === undefined ? {} : { signal }).catch((cause: unknown) => {
    throw new NightlatchError(
      OAUTH_ERRORS,
      "OAUTH_ABORTED",
      "Gave up while waiting for the new key to be known",
      { cause },
    );
  });
}

function isNotYetKnown(error: unknown): boolean {
  return numbersOf(error).some((number) => NOT_YET_KNOWN.has(number));
}

function mayPass(error: unknown): boolean {
  return isNightlatchError(error) && error.retryable && error.code !== "OAUTH_ABORTED";
}

function numbersOf(error: unknown): readonly number[] {
  if (!isNightlatchError(error) || error.code !== "OAUTH_REFUSED") return [];
  return (error.details["aadstsCodes"] ?? []) as readonly number[];
}

function shortReason(error: unknown): string {
  const [number] = numbersOf(error);
  return number === undefined ? ((error as { code?: string }).code ?? "unknown") : `AADSTS${number}`;
}

function notConfirmed(credential: CertificateCredential, waitMs: number, cause: unknown): Error {
  const { thumbprintSha1 } = credential.certificate;
  return registrationError(
    "OAUTH_ROTATION_NOT_CONFIRMED",
    `No token was issued with the new certificate ${thumbprintSha1.hex} within ${Math.round(waitMs / 1000)} s: ${shortReason(cause)}`,
    { cause, details: { thumbprintSha1Hex: thumbprintSha1.hex, aadstsCodes: numbersOf(cause) } },
  );
}
