/** Faults on purpose: off by default, counted or drawn with a probability and a seed, per endpoint. */
import type { EmulatorRequest } from "./http.ts";

/** What part of the emulator a fault is for. */
export type FaultEndpoint = "token" | "authorize" | "discovery" | "graph" | "ews" | "any";

/** What happens. */
export type FaultAction =
  /** The token endpoint refuses by AADSTS number. */
  | { readonly kind: "aadsts"; readonly code: number; readonly claims?: string | undefined }
  /** A bare HTTP status, for example 503. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: string | undefined;
      readonly headers?: Readonly<Record<string, string>> | undefined;
    }
  /** The answer is late. */
  | { readonly kind: "latency"; readonly latencyMs: number }
  /** The connection breaks: before anything is done, or after it is done but before it is answered. */
  | { readonly kind: "drop"; readonly when: "before" | "after" }
  /** 429 with `Retry-After`; a caller that comes back too early is refused again. */
  | { readonly kind: "throttle"; readonly retryAfterSeconds: number };

/** A fault to come. */
export type Fault = FaultAction & {
  readonly endpoint: FaultEndpoint;
  /** How often it happens before it is used up; absent: until it is removed. */
  readonly times?: number | undefined;
  /** Share of the requests that it happens to, 0 to 1. @defaultValue 1 */
  readonly probability?: number | undefined;
  /** Start of the random draw, so that a run can be repeated. @defaultValue 1 */
  readonly seed?: number | undefined;
  /** Only requests whose path starts so. */
  readonly pathPrefix?: string | undefined;
  /** Only this HTTP method. */
  readonly method?: string | undefined;
};

/** A fault that waits, with its id and how often it already happened. */
export interface ArmedFault {
  readonly id: number;
  readonly fault: Fault;
  happened: number;
}

/** Where the service answers with an AADSTS number. */
const REFUSING_BY_NUMBER: ReadonlySet<FaultEndpoint> = new Set(["token", "authorize"]);

interface Draw {
  state: number;
}

/** The faults of one emulator. */
export class FaultRegistry {
  readonly #armed: (ArmedFault & { readonly draw: Draw })[] = [];
  readonly #throttledUntilMs = new Map<string, number>();
  #lastId = 0;
  #replicationDelayMs = 0;

  /**
   * Arms a fault.
   *
   * @param fault - where, what and how often
   * @returns id, for {@link FaultRegistry.remove}
   * @throws {RangeError} when a number is out of range, or a refusal by AADSTS number is for another surface than Entra
   */
  add(fault: Fault): number {
    if (fault.kind === "aadsts" && !REFUSING_BY_NUMBER.has(fault.endpoint) && fault.endpoint !== "any")
      throw new RangeError(`A fault of kind aadsts is for the endpoint token, not ${fault.endpoint}`);
    if (fault.probability !== undefined && !(fault.probability >= 0 && fault.probability <= 1))
      throw new RangeError(`Fault probability must lie between 0 and 1, not ${fault.probability}`);
    if (fault.times !== undefined && !(Number.isInteger(fault.times) && fault.times > 0))
      throw new RangeError(`Fault times must be a whole number above 0, not ${fault.times}`);
    this.#lastId += 1;
    this.#armed.push({ id: this.#lastId, fault, happened: 0, draw: { state: fault.seed ?? 1 } });
    return this.#lastId;
  }

  /**
   * Disarms a fault.
   *
   * @param id - from {@link FaultRegistry.add}
   * @returns false when there is none with this id
   */
  remove(id: number): boolean {
    const index = this.#armed.findIndex((armed) => armed.id === id);
    if (index >= 0) this.#armed.splice(index, 1);
    return index >= 0;
  }

  /** Disarms all faults and forgets who was throttled. */
  clear(): void {
    this.#armed.length = 0;
    this.#throttledUntilMs.clear();
    this.#replicationDelayMs = 0;
  }

  /** @returns the faults that wait */
  list(): readonly ArmedFault[] {
    return this.#armed.map(({ id, fault, happened }) => ({ id, fault, happened }));
  }

  /** How long a new application stays unknown to the token endpoint (AADSTS700016), milliseconds. */
  get replicationDelayMs(): number {
    return this.#replicationDelayMs;
  }

  set replicationDelayMs(delayMs: number) {
    if (!(delayMs >= 0)) throw new RangeError(`Replication delay must be 0 or more, not ${delayMs}`);
    this.#replicationDelayMs = delayMs;
  }

  /**
   * Tells whether an object made at an instant has reached the token service.
   *
   * @param createdAtMs - milliseconds since 1970 UTC
   * @param nowMs - milliseconds since 1970 UTC
   * @returns true unless a replication delay hides it
   */
  isReplicated(createdAtMs: number, nowMs: number): boolean {
    return this.#replicationDelayMs === 0 || nowMs - createdAtMs >= this.#replicationDelayMs;
  }

  /** Whether there is anything to look at. */
  get isQuiet(): boolean {
    return this.#armed.length === 0 && this.#throttledUntilMs.size === 0;
  }

  /**
   * Decides what happens to a request.
   *
   * @param request - the request
   * @param endpoint - what it is for
   * @param caller - who sent it, for throttling
   * @param nowMs - milliseconds since 1970 UTC
   * @returns the actions, in the order in which they were armed
   */
  decide(request: EmulatorRequest, endpoint: FaultEndpoint, caller: string, nowMs: number): FaultAction[] {
    const lane = `${endpoint} ${caller}`;
    const untilMs = this.#throttledUntilMs.get(lane);
    if (untilMs !== undefined) {
      if (untilMs > nowMs)
        return [{ kind: "throttle", retryAfterSeconds: Math.ceil((untilMs - nowMs) / 1000) }];
      this.#throttledUntilMs.delete(lane);
    }
    const actions: FaultAction[] = [];
    for (const armed of [...this.#armed]) {
      if (!concerns(armed.fault, request, endpoint) || !isDrawn(armed)) continue;
      armed.happened += 1;
      if (armed.fault.times !== undefined && armed.happened >= armed.fault.times) this.remove(armed.id);
      actions.push(armed.fault);
      if (armed.fault.kind === "throttle")
        this.#throttledUntilMs.set(lane, nowMs + armed.fault.retryAfterSeconds * 1000);
    }
    return actions;
  }
}

function concerns(fault: Fault, request: EmulatorRequest, endpoint: FaultEndpoint): boolean {
  if (fault.kind === "aadsts" && !REFUSING_BY_NUMBER.has(endpoint)) return false;
  if (fault.endpoint !== "any" && fault.endpoint !== endpoint) return false;
  if (fault.method !== undefined && fault.method.toUpperCase() !== request.method) return false;
  return fault.pathPrefix === undefined || request.path.startsWith(fault.pathPrefix);
}

/** Mulberry32: small, good enough, and the same everywhere. */
function isDrawn({ fault, draw }: { fault: Fault; draw: Draw }): boolean {
  if (fault.probability === undefined || fault.probability === 1) return true;
  draw.state = (draw.state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(draw.state ^ (draw.state >>> 15), draw.state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32 < fault.probability;
}
