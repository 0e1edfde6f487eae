/**
 * How many requests are in flight: through Graph, Exchange serves four per application and mailbox and answers 429
 * `MailboxConcurrency` to the fifth; over EWS it serves 27 per account and answers `ErrorExceededConnectionCount`.
 * Waiting here is faster than being sent away there.
 *
 * @see Microsoft Graph service-specific throttling limits, "Outlook service limits"
 * @see https://learn.microsoft.com/exchange/client-developer/exchange-web-services/ews-throttling-in-exchange
 */

/** Lets a fixed number of tasks run; the others wait in the order in which they came. */
export class Gate {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /**
   * @param limit - tasks that may run at the same time, at least 1
   * @throws {RangeError} when `limit` is not a positive integer
   */
  constructor(limit: number) {
    if (!Number.isInteger(limit) || limit < 1) {
      throw new RangeError(`Concurrency limit is ${limit}, want a positive integer`);
    }
    this.#limit = limit;
  }

  /** Whether no task runs or waits. */
  get isIdle(): boolean {
    return this.#running === 0 && this.#waiting.length === 0;
  }

  /**
   * Runs a task as soon as there is room.
   *
   * @param task - what to run
   * @param signal - gives up waiting; a task that runs has to watch the signal itself
   * @returns what the task gives
   * @throws the reason of `signal`, or what the task throws
   */
  async run<Result>(task: () => Promise<Result>, signal?: AbortSignal | undefined): Promise<Result> {
    await this.#enter(signal);
    try {
      return await task();
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #enter(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.#running < this.#limit) {
      this.#running += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const start = (): void => {
        signal?.removeEventListener("abort", giveUp);
        this.#running += 1;
        resolve();
      };
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(start), 1);
        reject(signal?.reason);
      };
      this.#waiting.push(start);
      signal?.addEventListener("abort", giveUp, { once: true });
    });
  }
}

/** One {@link Gate} per mailbox, kept only while somebody uses it. */
export class MailboxGates {
  readonly #limit: number;
  readonly #gates = new Map<string, Gate>();

  /**
   * @param limit - requests that may be in flight for one mailbox, at least 1
   */
  constructor(limit: number) {
    this.#limit = new Gate(limit) && limit;
  }

  /**
   * Runs a task as soon as its mailbox has room.
   *
   * @param mailbox - name of the mailbox; two names of one mailbox count apart
   * @param task - what to run
   * @param signal - gives up waiting
   * @returns what the task gives
   * @throws the reason of `signal`, or what the task throws
   */
  async run<Result>(
    mailbox: string,
    task: () => Promise<Result>,
    signal?: AbortSignal | undefined,
  ): Promise<Result> {
    const key = mailbox.toLowerCase();
    const gate = this.#gates.get(key) ?? new Gate(this.#limit);
    this.#gates.set(key, gate);
    try {
      return await gate.run(task, signal);
    } finally {
      if (gate.isIdle) this.#gates.delete(key);
    }
  }
}
