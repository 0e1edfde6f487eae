import { describe, expect, it } from "vitest";
import { Gate, MailboxGates } from "./gate.ts";

/** Tasks that run until they are told to end, and how many ran at the same time. */
function makeTasks() {
  const open: (() => void)[] = [];
  let [running, most] = [0, 0];
  return {
    most: () => most,
    endOne: () => open.shift()?.(),
    task: async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => open.push(resolve));
      running -= 1;
    },
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("Gate", () => {
  it("run() lets no more run than its limit, and all in the end", async () => {
    const tasks = makeTasks();
    const gate = new Gate(4);
    const all = Promise.all(Array.from({ length: 20 }, () => gate.run(tasks.task)));
    for (let ended = 0; ended < 20; ended += 1) {
      await settle();
      tasks.endOne();
    }
    await all;
    expect(tasks.most()).toBe(4);
    expect(gate.isIdle).toBe(true);
  });

  it("run() gives the room back when a task fails", async () => {
    const gate = new Gate(1);
    await expect(gate.run(() => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
    await expect(gate.run(async () => "next")).resolves.toBe("next");
  });

  it("run() stops waiting with the reason of the signal, and its place is not lost", async () => {
    const tasks = makeTasks();
    const gate = new Gate(1);
    const first = gate.run(tasks.task);
    const controller = new AbortController();
    const second = gate.run(tasks.task, controller.signal);
    const third = gate.run(async () => "third");
    const reason = new Error("no longer wanted");
    controller.abort(reason);
    await expect(second).rejects.toBe(reason);
    tasks.endOne();
    await first;
    await expect(third).resolves.toBe("third");
    expect(gate.isIdle).toBe(true);
  });

  it.each([0, -1, 1.5, Number.NaN])("constructor() takes a limit of %d as misuse", (limit) => {
    expect(() => new Gate(limit)).toThrow(RangeError);
  });
});

describe("MailboxGates", () => {
  it("run() holds up one mailbox, whatever case its name is in, and no other", async () => {
    const [rooms, others] = [makeTasks(), makeTasks()];
    const gates = new MailboxGates(2);
    const all = [
      ...["room-12@school.example", "ROOM-12@school.example", "room-12@School.Example"].map((name) =>
        gates.run(name, rooms.task),
      ),
      gates.run("room-13@school.example", others.task),
    ];
    await settle();
    expect(rooms.most()).toBe(2);
    expect(others.most()).toBe(1);
    for (let ended = 0; ended < 3; ended += 1) {
      rooms.endOne();
      others.endOne();
      await settle();
    }
    await Promise.all(all);
    expect(rooms.most()).toBe(2);
  });
});
