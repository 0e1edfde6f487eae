import { describe, expect, it } from "vitest";
import { SingleFlight } from "./single-flight.ts";

/** A run that lands when told to. */
function held() {
  let land: (value: string) => void = () => undefined;
  let crash: (error: Error) => void = () => undefined;
  const signals: AbortSignal[] = [];
  const start = (signal: AbortSignal) => {
    signals.push(signal);
    return new Promise<string>((resolve, reject) => {
      land = resolve;
      crash = reject;
      signal.addEventListener("abort", () => reject(new Error("cancelled")));
    });
  };
  return { start, signals, land: (value: string) => land(value), crash: (error: Error) => crash(error) };
}

describe("SingleFlight", () => {
  it("run() starts once for all who come meanwhile, and anew after landing", async () => {
    const flights = new SingleFlight<string>();
    const run = held();
    const waiting = [flights.run("k", run.start), flights.run("k", run.start), flights.run("k", run.start)];
    run.land("one");
    expect(await Promise.all(waiting)).toEqual(["one", "one", "one"]);
    const next = flights.run("k", run.start);
    run.land("two");
    expect(await next).toBe("two");
    expect(run.signals).toHaveLength(2);
  });

  it("run() keeps different keys apart", async () => {
    const flights = new SingleFlight<string>();
    expect(await Promise.all([flights.run("a", async () => "a"), flights.run("b", async () => "b")])).toEqual(
      ["a", "b"],
    );
  });

  it("run() gives a failure to all, and does not keep it", async () => {
    const flights = new SingleFlight<string>();
    const run = held();
    const waiting = [flights.run("k", run.start), flights.run("k", run.start, { timeoutMs: 1_000 })];
    run.crash(new Error("refused"));
    for (const each of waiting) await expect(each).rejects.toThrow("refused");
    expect(await flights.run("k", async () => "fine")).toBe("fine");
  });

  it("run() lets one caller give up without harm to the others", async () => {
    const flights = new SingleFlight<string>();
    const run = held();
    const controller = new AbortController();
    const impatient = flights.run("k", run.start, { signal: controller.signal });
    const other = flights.run("k", run.start, { signal: new AbortController().signal });
    controller.abort();
    await expect(impatient).rejects.toMatchObject({ code: "OAUTH_ABORTED" });
    expect(run.signals[0]?.aborted).toBe(false);
    run.land("fine");
    expect(await other).toBe("fine");
  });

  it("run() cancels the run when the last caller gives up, and the next caller starts anew", async () => {
    const flights = new SingleFlight<string>();
    const run = held();
    const first = new AbortController();
    const waiting = [
      flights.run("k", run.start, { signal: first.signal }),
      flights.run("k", run.start, { timeoutMs: 20 }),
    ];
    first.abort();
    await expect(waiting[0]).rejects.toMatchObject({ code: "OAUTH_ABORTED" });
    const next = await waiting[1]?.catch((error: unknown) => error);
    expect(next).toMatchObject({ code: "OAUTH_NETWORK_TIMEOUT" });
    expect(run.signals[0]?.aborted).toBe(true);
    expect(await flights.run("k", async () => "anew")).toBe("anew");
  });

  it("run() lets nobody join a run that is being cancelled, however long that takes", async () => {
    const flights = new SingleFlight<string>();
    const stubborn = () => new Promise<string>(() => undefined);
    await expect(flights.run("k", stubborn, { timeoutMs: 10 })).rejects.toMatchObject({
      code: "OAUTH_NETWORK_TIMEOUT",
    });
    expect(await flights.run("k", async () => "anew")).toBe("anew");
  });

  it("run() goes on when a caller without signal waits", async () => {
    const flights = new SingleFlight<string>();
    const run = held();
    const patient = flights.run("k", run.start);
    await expect(flights.run("k", run.start, { timeoutMs: 10 })).rejects.toMatchObject({
      code: "OAUTH_NETWORK_TIMEOUT",
    });
    expect(run.signals[0]?.aborted).toBe(false);
    run.land("fine");
    expect(await patient).toBe("fine");
  });

  it("run() does not start for a caller whose signal has fired already", async () => {
    const flights = new SingleFlight<string>();
    const run = held();
    await expect(flights.run("k", run.start, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "OAUTH_ABORTED",
    });
    expect(run.signals).toHaveLength(0);
  });

  it("run() leaves no listener on a caller's signal", async () => {
    const flights = new SingleFlight<string>();
    let listening = 0;
    const signal = {
      aborted: false,
      addEventListener: () => {
        listening += 1;
      },
      removeEventListener: () => {
        listening -= 1;
      },
    };
    await flights.run("k", async () => "fine", { signal });
    expect(listening).toBe(0);
  });
});
