/** One run for any number of callers who want the same thing at the same time. */
import { oauthError } from "./errors.ts";

/** The part of an `AbortSignal` that is used; that of `@azure/abort-controller` fits too. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** How long one caller is ready to wait. */
export interface CallerPatience {
  readonly signal?: AbortSignalLike | undefined;
  /** In milliseconds. */
  readonly timeoutMs?: number | undefined;
}

interface Flight<Value> {
  readonly promise: Promise<Value>;
  readonly controller: AbortController;
  /** Callers who may still give up; one who cannot keeps the flight going for good. */
  impatientCount: number;
  patient: boolean;
}

/** Runs by key. A caller who gives up leaves the others alone; when the last one gives up the run is cancelled. */
export class SingleFlight<Value> {
  readonly #flights = new Map<string, Flight<Value>>();

  /**
   * Joins the run under way, or starts one.
   *
   * @param key - what is wanted
   * @param start - begins a run; its signal fires when nobody waits any more
   * @param patience - how long this caller waits
   * @returns what the run gives
   * @throws {NightlatchError} `OAUTH_ABORTED`, `OAUTH_NETWORK_TIMEOUT` for this caller, and what the run throws
   */
  run(
    key: string,
    start: (signal: AbortSignal) => Promise<Value>,
    patience: CallerPatience = {},
  ): Promise<Value> {
    if (patience.signal?.aborted === true) return Promise.reject(aborted(patience.signal));
    const flight = this.#flights.get(key) ?? this.#start(key, start);
    if (patience.signal === undefined && patience.timeoutMs === undefined) {
      flight.patient = true;
      return flight.promise;
    }
    return this.#waitImpatiently(key, flight, patience);
  }

  /** Lets nobody else join the runs under way; they go on for those who wait. */
  clear(): void {
    this.#flights.clear();
  }

  #start(key: string, start: (signal: AbortSignal) => Promise<Value>): Flight<Value> {
    const controller = new AbortController();
    const promise = start(controller.signal);
    const flight: Flight<Value> = { promise, controller, impatientCount: 0, patient: false };
    this.#flights.set(key, flight);
    const land = () => this.#land(key, flight);
    promise.then(land, land);
    return flight;
  }

  #land(key: string, flight: Flight<Value>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }

  #waitImpatiently(key: string, flight: Flight<Value>, patience: CallerPatience): Promise<Value> {
    const { signal, timeoutMs } = patience;
    flight.impatientCount += 1;
    return new Promise((resolve, reject) => {
      const leave = (error: Error) => {
        settle();
        flight.impatientCount -= 1;
        if (flight.impatientCount === 0 && !flight.patient) {
          // Whoever comes now starts anew instead of joining a run that is being cancelled.
          this.#land(key, flight);
          flight.controller.abort(error);
        }
        reject(error);
      };
      const onAbort = () => leave(aborted(signal));
      const timer =
        timeoutMs === undefined ? undefined : setTimeout(() => leave(timedOut(timeoutMs)), timeoutMs);
      const settle = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
      };
      signal?.addEventListener("abort", onAbort);
      flight.promise.then(
        (value) => {
          settle();
          resolve(value);
        },
        (error: unknown) => {
          settle();
          reject(error);
        },
      );
    });
  }
}

function aborted(signal: AbortSignalLike | undefined): Error {
  return oauthError("OAUTH_ABORTED", "Gave up waiting for a token: the caller's signal fired", {
    cause: (signal as Partial<AbortSignal> | undefined)?.reason,
  });
}

function timedOut(timeoutMs: number): Error {
  return oauthError("OAUTH_NETWORK_TIMEOUT", `Cannot get a token within ${timeoutMs} ms`, {
    details: { timeoutMs },
  });
}
