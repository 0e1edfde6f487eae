/**
 * A rotation that stops at every boundary: by an error thrown there, by an answer that is lost, by kill -9. Each time
 * the program goes on signing in, and the same call again completes the rotation.
 */
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createReloadingCredential, readCredentialFile } from "@nightlatch/credential";
import {
  createConfidentialClient,
  type RotationEvent,
  requestTokenByClientCredentials,
  type Transport,
} from "@nightlatch/oauth";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { OTHER_KEY_ID, openRotationSchool, type RotationSchool, textOf } from "./rotation-school.ts";

const STEPS = ["begun", "made", "registered", "confirmed", "switched", "removed", "done"] as const;
const worker = fileURLToPath(new URL("./rotation-worker.ts", import.meta.url));

let school: RotationSchool;
beforeAll(async () => {
  school = await openRotationSchool();
});
afterAll(() => school.close());
beforeEach(() => school.startOver());

/** A program that follows its file and signs in over and over; gives how often, or throws at the first refusal. */
function startProgram(): { stop(): Promise<number> } {
  const { tenantId, clientId, authorityHost, transport } = school.options;
  const certificate = createReloadingCredential({ paths: school.path, checkIntervalMs: 0 });
  let isStopped = false;
  const running = (async () => {
    let count = 0;
    while (!isStopped) {
      const client = createConfidentialClient({ tenantId, clientId, authorityHost, transport, certificate });
      // A program that starts at this moment finds a whole file as well.
      await readCredentialFile(school.path);
      await requestTokenByClientCredentials(client, { scope: "https://graph.microsoft.com/.default" });
      count += 1;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return count;
  })();
  running.catch(() => undefined);
  return {
    stop() {
      isStopped = true;
      return running;
    },
  };
}

async function expectCompleted(): Promise<void> {
  await school.signIn();
  const state = JSON.parse(textOf(school, ".rotation.json"));
  expect(state).toMatchObject({ step: "done", new: { keyId: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
  expect((await school.keyIds()).toSorted()).toEqual([OTHER_KEY_ID, state.new.keyId].toSorted());
  expect(readdirSync(school.folder).toSorted()).toEqual([
    "ca.pem",
    "timetable.pem",
    "timetable.pem.rotation.json",
  ]);
}

/** Every file that holds a key is for its owner alone, and the state file holds none. */
function expectNothingLeaked(): void {
  for (const name of readdirSync(school.folder).filter((one) => one !== "ca.pem"))
    expect([name, statSync(join(school.folder, name)).mode & 0o777]).toEqual([name, 0o600]);
  for (const name of readdirSync(school.folder).filter((one) => one.endsWith(".json")))
    expect(readFileSync(join(school.folder, name), "utf8")).not.toMatch(/PRIVATE|BEGIN|[A-Za-z0-9+/]{65}/);
}

const given = () => ({ overlapMs: 0, newCertificatePath: school.givenPath });

class Crash extends Error {}

describe("rotateCertificate() stopped", () => {
  for (const kind of ["acted", "recorded"] as const)
    for (const step of STEPS)
      it(`after "${step}" is ${kind} is completed by the same call, while a program signs in throughout`, async () => {
        const program = startProgram();
        const crash = (event: RotationEvent): void => {
          if (event.kind === kind && event.step === step) throw new Crash(step);
        };
        const call = given();
        await expect(school.rotate({ ...call, onEvent: crash })).rejects.toBeInstanceOf(Crash);
        expectNothingLeaked();
        await school.signIn();
        const isOver = kind === "recorded" && step === "done";
        const again = await school.rotate({ ...call, ifDue: isOver });
        expect(again.outcome).toBe(isOver ? "notDue" : "done");
        await expectCompleted();
        expect(await program.stop()).toBeGreaterThan(3);
      });

  it("at every boundary in turn still ends well", async () => {
    const program = startProgram();
    const seen = new Set<string>();
    for (;;) {
      const crash = (event: RotationEvent): void => {
        if (event.kind === "waiting" || seen.has(`${event.kind} ${event.step}`)) return;
        seen.add(`${event.kind} ${event.step}`);
        throw new Crash();
      };
      const ended = await school
        .rotate({ overlapMs: 0, ifDue: seen.size > 1, onEvent: crash })
        .catch((error) => {
          if (!(error instanceof Crash)) throw error;
        });
      await school.signIn();
      if (ended !== undefined) break;
    }
    expect(seen.size).toBe(14);
    await expectCompleted();
    await program.stop();
  });

  for (const action of ["addKey", "removeKey"])
    it(`right after the directory carried out ${action} does not carry it out twice`, async () => {
      const { transport } = school.options;
      const dying: Transport = {
        close: () => undefined,
        async send(request) {
          const response = await transport.send(request);
          if (request.url.endsWith(`/${action}`)) throw new Crash();
          return response;
        },
      };
      await expect(school.rotate({ ...given(), transport: dying })).rejects.toBeInstanceOf(Crash);
      await school.signIn();
      expect((await school.rotate(given())).outcome).toBe("done");
      await expectCompleted();
    });
});

describe("rotateCertificate() whose answer is lost", () => {
  it("looks addKey up before it sends it again", async () => {
    const pathPrefix = new URL(school.emulator.graph).pathname;
    school.emulator.faults.add({
      endpoint: "graph",
      kind: "drop",
      when: "after",
      method: "POST",
      pathPrefix,
      times: 1,
    });
    expect((await school.rotate(given())).outcome).toBe("done");
    await expectCompleted();
  });

  it("takes a removed key for removed in the next call", async () => {
    await school.rotate({ newCertificatePath: school.givenPath });
    school.emulator.faults.add({ endpoint: "graph", kind: "drop", when: "after", method: "POST", times: 1 });
    await expect(school.rotate({ finish: true })).rejects.toMatchObject({ code: "OAUTH_NETWORK_LOST" });
    expect((await school.rotate({ finish: true })).outcome).toBe("done");
    await expectCompleted();
  });
});

describe("rotateCertificate() killed with SIGKILL", () => {
  /** Runs the worker until it prints the line, kills it there, and gives how it ended. */
  async function runAndKill(
    haltAt: string | undefined,
    afterMs?: number,
  ): Promise<NodeJS.Signals | number | null> {
    const { transport: _transport, ...options } = school.options;
    const settings = JSON.stringify({
      ...options,
      overlapMs: 0,
      haltAt,
      caPath: join(school.folder, "ca.pem"),
    });
    const child = spawn(
      process.execPath,
      ["--conditions=@nightlatch/source", "--import", "tsx", worker, settings],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    let printed = "";
    child.stdout.on("data", (chunk) => {
      const isFirst = printed === "";
      printed += chunk;
      if (haltAt !== undefined && printed.includes(`${haltAt}\n`)) child.kill("SIGKILL");
      if (isFirst && afterMs !== undefined) setTimeout(() => child.kill("SIGKILL"), afterMs);
    });
    return new Promise((resolve) => child.on("exit", (code, signal) => resolve(signal ?? code)));
  }

  for (const haltAt of ["acted made", "acted registered", "acted switched", "recorded removed"])
    it(`at "${haltAt}" is completed by the same call, past the lock that was left`, async () => {
      const program = startProgram();
      expect(await runAndKill(haltAt)).toBe("SIGKILL");
      expect(readdirSync(school.folder)).toContain("timetable.pem.rotation.lock");
      expectNothingLeaked();
      await school.signIn();
      expect((await school.rotate({ overlapMs: 0 })).outcome).toBe("done");
      await expectCompleted();
      await program.stop();
    });

  it("at any moment is completed by the same call", async () => {
    const program = startProgram();
    for (const afterMs of [5, 120, 400]) {
      await runAndKill(undefined, afterMs);
      await school.signIn();
    }
    await school.rotate({ overlapMs: 0, ifDue: existsSync(`${school.path}.rotation.json`) });
    await expectCompleted();
    await program.stop();
  });
});
