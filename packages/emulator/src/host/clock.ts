/** How an emulator's clock differs from the machine's, as it is written down. */
export interface KeptClock {
  /** Milliseconds that it is ahead. */
  readonly offsetMs: number;
  /** Milliseconds since 1970 UTC at which it stands still; absent while it runs. */
  readonly frozenAtMs?: number | undefined;
}

/** The emulator's own time: it can be frozen and advanced without touching the machine's. */
export class EmulatorClock {
  #offsetMs = 0;
  #frozenAtMs: number | undefined;

  /** @returns now, milliseconds since 1970 UTC, as this emulator sees it */
  nowMs(): number {
    return this.#frozenAtMs ?? Date.now() + this.#offsetMs;
  }

  /**
   * Stops time.
   *
   * @param atMs - milliseconds since 1970 UTC; now when absent
   */
  freeze(atMs: number = this.nowMs()): void {
    this.#frozenAtMs = atMs;
  }

  /** Lets time run on from where it stands. */
  thaw(): void {
    if (this.#frozenAtMs === undefined) return;
    this.#offsetMs = this.#frozenAtMs - Date.now();
    this.#frozenAtMs = undefined;
  }

  /**
   * Moves time forward or, with a negative number, back.
   *
   * @param byMs - milliseconds
   */
  advance(byMs: number): void {
    if (this.#frozenAtMs === undefined) this.#offsetMs += byMs;
    else this.#frozenAtMs += byMs;
  }

  /** Returns to the machine's time. */
  reset(): void {
    this.#offsetMs = 0;
    this.#frozenAtMs = undefined;
  }

  /**
   * Gives the difference from the machine's time in a form that can be written down.
   *
   * @returns nothing while there is none
   */
  keep(): KeptClock | undefined {
    if (this.#offsetMs === 0 && this.#frozenAtMs === undefined) return undefined;
    return { offsetMs: this.#offsetMs, frozenAtMs: this.#frozenAtMs };
  }

  /**
   * Goes on as it was written down.
   *
   * @param kept - from {@link EmulatorClock.keep}
   */
  resume(kept: KeptClock | undefined): void {
    this.#offsetMs = kept?.offsetMs ?? 0;
    this.#frozenAtMs = kept?.frozenAtMs;
  }
}
