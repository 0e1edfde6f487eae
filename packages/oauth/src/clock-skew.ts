/** Learns from the `Date` header, and from the time in a refusal, how far this machine's clock is from the service's. */

/** One-second resolution of `Date` and a slow answer both blur the measurement; below this it says nothing. */
const NOTEWORTHY_MS = 30_000;

/** Keeps the latest measurement. */
export class ClockSkew {
  #skewMs = 0;

  /**
   * Learns from an answer.
   *
   * @param serverTime - `Date` of the answer, or the `timestamp` of a refusal in ISO form
   * @param sentAtMs - when the request went out, by this machine's clock
   * @param receivedAtMs - when the answer was complete, by this machine's clock
   */
  learn(serverTime: string | undefined, sentAtMs: number, receivedAtMs: number): void {
    const serverMs = Date.parse(serverTime ?? "");
    if (Number.isNaN(serverMs)) return;
    // The time is cut to the second: half a second is the fair guess for what is missing.
    this.#skewMs = serverMs + 500 - (sentAtMs + receivedAtMs) / 2;
  }

  /** Milliseconds by which the service's clock is ahead (negative: behind); 0 while it is not noteworthy. */
  get noteworthyMs(): number {
    return Math.abs(this.#skewMs) < NOTEWORTHY_MS ? 0 : this.#skewMs;
  }

  /**
   * Says the difference for a person.
   *
   * @returns for example `this machine's clock is 3600 s behind the service's`; `undefined` when there is nothing to say
   */
  describe(): string | undefined {
    const seconds = Math.round(this.noteworthyMs / 1000);
    if (seconds === 0) return undefined;
    return `this machine's clock is ${Math.abs(seconds)} s ${seconds > 0 ? "behind" : "ahead of"} the service's`;
  }
}
