/** Rotation from beginning to end against the emulator, which checks every proof. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { createSelfSigned, readCredentialFile } from "@nightlatch/credential";
import { createGraphDirectoryClient, type RotationEvent } from "@nightlatch/oauth";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addKey } from "../src/registration/application-keys.ts";
import {
  CLIENT_ID,
  OBJECT_ID,
  OLD_KEY_ID,
  OTHER_KEY_ID,
  openRotationSchool,
  type RotationSchool,
  textOf,
} from "./rotation-school.ts";

const WEEK_MS = 7 * 86_400_000;

let school: RotationSchool;
/** The same, where the application may not read applications. */
let strict: RotationSchool;
beforeAll(async () => {
  [school, strict] = await Promise.all([openRotationSchool(), openRotationSchool({ mayRead: false })]);
});
afterAll(async () => {
  await school.close();
  await strict.close();
});
beforeEach(async () => {
  await Promise.all([school.startOver(), strict.startOver()]);
});

const given = (one: RotationSchool = school) => ({ newCertificatePath: one.givenPath });
const files = (one: RotationSchool = school) =>
  readdirSync(one.folder)
    .filter((name) => name !== "ca.pem")
    .toSorted();
const graphWrites = (one: RotationSchool = school) =>
  one.emulator.requests().filter(({ surface, method }) => surface === "graph" && method !== "GET");

describe("rotateCertificate()", () => {
  it("makes a certificate like the old one and leaves it alone in the file and in the directory", async () => {
    const report = await school.rotate({ overlapMs: 0 });
    expect(report).toMatchObject({
      outcome: "done",
      method: "addKey",
      new: { subject: "CN=Timetable push" },
    });
    expect(report.keysBefore?.map(({ keyId }) => keyId)).toEqual([OLD_KEY_ID, OTHER_KEY_ID]);
    expect(report.keysAfter?.map(({ keyId }) => keyId)).toEqual([OTHER_KEY_ID, report.new?.keyId]);
    expect(report.steps.every(({ done }) => done)).toBe(true);
    expect(files()).toEqual(["timetable.pem", "timetable.pem.rotation.json"]);
    const { certificate } = await readCredentialFile(school.path);
    expect(certificate.thumbprintSha1.hex).toBe(report.new?.thumbprintSha1Hex);
    await school.signIn();
  });

  it("keeps both keys until it is told to finish, and does nothing in between", async () => {
    const report = await school.rotate(given());
    expect(report).toMatchObject({ outcome: "overlapping", removeAfter: undefined });
    expect(await school.keyIds()).toEqual([OLD_KEY_ID, OTHER_KEY_ID, report.new?.keyId]);
    expect(files()).toEqual(["timetable.pem", "timetable.pem.old", "timetable.pem.rotation.json"]);
    school.emulator.clearRequests();
    expect((await school.rotate(given())).outcome).toBe("overlapping");
    expect(graphWrites()).toEqual([]);
    expect((await school.rotate({ finish: true })).outcome).toBe("done");
    expect(await school.keyIds()).toEqual([OTHER_KEY_ID, report.new?.keyId]);
    expect((await school.rotate({ finish: true })).outcome).toBe("nothingToFinish");
  });

  it("removes the old key in the first run after the overlap", async () => {
    const { clock } = school.emulator;
    const now = () => new Date(clock.nowMs());
    const first = await school.rotate({ ...given(), overlapMs: WEEK_MS, now });
    expect(Date.parse(first.removeAfter ?? "") - clock.nowMs()).toBeGreaterThan(WEEK_MS - 60_000);
    clock.advance(WEEK_MS - 3_600_000);
    // The overlap is remembered: a run that does not say it neither shortens nor forgets it.
    expect((await school.rotate({ now })).outcome).toBe("overlapping");
    clock.advance(3_600_000);
    expect((await school.rotate({ now })).outcome).toBe("done");
    expect(await school.keyIds()).not.toContain(OLD_KEY_ID);
    clock.reset();
  });

  it("remembers the overlap over a stop, and takes a new one that is said", async () => {
    const stop = (event: RotationEvent): void => {
      if (event.kind === "recorded" && event.step === "made") throw new Error("stop");
    };
    await expect(school.rotate({ ...given(), overlapMs: WEEK_MS, onEvent: stop })).rejects.toThrow("stop");
    const resumed = await school.rotate();
    expect(Date.parse(resumed.removeAfter ?? "")).toBeGreaterThan(Date.now() + WEEK_MS - 60_000);
    expect((await school.rotate({ overlapMs: 0 })).outcome).toBe("done");
    await school.startOver();
    await expect(school.rotate({ ...given(), onEvent: stop })).rejects.toThrow("stop");
    await school.rotate({ overlapMs: WEEK_MS });
    expect((await school.rotate()).removeAfter).toBeDefined();
  });

  it("begins only when the certificate is due, if asked so", async () => {
    expect((await school.rotate({ ifDue: true })).outcome).toBe("notDue");
    expect((await school.rotate({ ifDue: "30d" })).outcome).toBe("notDue");
    expect(files()).toEqual(["timetable.pem"]);
    expect((await school.rotate({ ...given(), ifDue: "366d" })).outcome).toBe("overlapping");
  });

  it("says the steps and changes nothing in a dry run", async () => {
    school.emulator.clearRequests();
    const before = textOf(school);
    const report = await school.rotate({ dryRun: true, overlapMs: WEEK_MS });
    expect(report).toMatchObject({ outcome: "planned", method: "addKey", objectId: OBJECT_ID });
    expect(report.steps.map(({ step, done }) => [step, done])).toEqual(
      ["made", "registered", "confirmed", "switched", "removed", "done"].map((step) => [step, false]),
    );
    expect(graphWrites()).toEqual([]);
    expect(files()).toEqual(["timetable.pem"]);
    expect(textOf(school)).toBe(before);
    await school.rotate(given());
    const open = await school.rotate({ dryRun: true });
    expect(open.steps.map(({ done }) => done)).toEqual([true, true, true, true, false, false]);
  });

  it("encrypts the new key with the passphrase of the old", async () => {
    const made = await createSelfSigned({ subject: "CN=Timetable push", passphrase: "canary-passphrase" });
    writeFileSync(school.path, made.privateKeyPem + made.certificatePem);
    const report = await school.rotate({
      passphrase: "canary-passphrase",
      overlapMs: 0,
      administratorToken: school.administratorToken,
    });
    expect(report).toMatchObject({ outcome: "done", method: "patch" });
    expect(textOf(school)).toContain("BEGIN ENCRYPTED PRIVATE KEY");
    await readCredentialFile(school.path, { passphrase: "canary-passphrase" });
    expect(textOf(school, ".rotation.json") + inspect(report, { depth: 9 })).not.toContain("canary");
  });
});

describe("rotateCertificate() and files", () => {
  it("keeps a link a link, and a group that may read; everybody may not", async () => {
    const link = join(school.folder, "link.pem");
    symlinkSync(school.path, link);
    chmodSync(school.path, 0o640);
    await school.rotate({ ...given(), certificatePath: link });
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(statSync(school.path).mode & 0o777).toBe(0o640);
    expect(readFileSync(link, "utf8")).toBe(readFileSync(school.givenPath, "utf8"));
    expect(statSync(`${school.path}.old`).mode & 0o777).toBe(0o600);
    await school.startOver();
    chmodSync(school.path, 0o644);
    await school.rotate(given());
    expect(statSync(school.path).mode & 0o777).toBe(0o600);
  });

  it("deletes the halves of files that a killed run left, and nothing else", async () => {
    for (const name of [
      ".timetable.pem.new.0123456789ab.tmp",
      ".other.pem.new.0123456789ab.tmp",
      "timetable.pem.newer",
    ])
      writeFileSync(join(school.folder, name), "half");
    await school.rotate({ ...given(), overlapMs: 0 });
    expect(files()).toEqual([
      ".other.pem.new.0123456789ab.tmp",
      "timetable.pem",
      "timetable.pem.newer",
      "timetable.pem.rotation.json",
    ]);
  });

  it("refuses to overwrite a file that somebody put beside the certificate", async () => {
    for (const suffix of [".new", ".old"]) {
      await school.startOver();
      writeFileSync(`${school.path}${suffix}`, "not ours");
      await expect(school.rotate()).rejects.toMatchObject({ code: "OAUTH_ROTATION_FILE_UNFIT" });
      expect(textOf(school, suffix)).toBe("not ours");
    }
  });

  it("refuses to make a PEM file in the place of a PFX, and takes a new PFX", async () => {
    const toPfx = (from: string, to: string) =>
      execFileSync("openssl", ["pkcs12", "-export", "-in", from, "-out", to, "-passout", "pass:"]);
    const pem = join(school.folder, "given.pfx");
    toPfx(school.givenPath, pem);
    toPfx(school.path, `${school.path}.pfx`);
    writeFileSync(school.path, readFileSync(`${school.path}.pfx`));
    await expect(school.rotate()).rejects.toMatchObject({ code: "OAUTH_ROTATION_FILE_UNFIT" });
    expect(await school.rotate({ newCertificatePath: pem, overlapMs: 0 })).toMatchObject({ outcome: "done" });
    expect(readFileSync(school.path).equals(readFileSync(pem))).toBe(true);
  });

  it("lets one process at a time rotate, and takes over the lock of one that is gone", async () => {
    const lock = `${school.path}.rotation.lock`;
    writeFileSync(lock, JSON.stringify({ pid: process.ppid, host: hostname() }));
    await expect(school.rotate(given())).rejects.toMatchObject({
      code: "OAUTH_ROTATION_UNDER_WAY",
      retryable: true,
    });
    const gone = Number(execFileSync(process.execPath, ["-p", "process.pid"]).toString());
    writeFileSync(lock, JSON.stringify({ pid: gone, host: hostname() }));
    const both = await Promise.allSettled([school.rotate(given()), school.rotate(given())]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(existsSync(lock)).toBe(false);
  });
});

describe("rotateCertificate() refuses", () => {
  it("the certificate that is in use", async () => {
    await expect(school.rotate({ newCertificatePath: school.path })).rejects.toMatchObject({
      code: "OAUTH_ROTATION_SAME_CERTIFICATE",
    });
  });

  it("a new certificate that has expired, is not valid yet, has an EC key, or no key", async () => {
    const path = join(school.folder, "unfit.pem");
    const day = 86_400_000;
    const write = async (fromDay: number, toDay: number) => {
      const made = await createSelfSigned({
        subject: "CN=Unfit",
        notBefore: new Date(Date.now() + fromDay * day),
        notAfter: new Date(Date.now() + toDay * day),
      });
      writeFileSync(path, made.privateKeyPem + made.certificatePem);
    };
    await write(-20, -10);
    await expect(school.rotate({ newCertificatePath: path })).rejects.toMatchObject({
      code: "CREDENTIAL_EXPIRED",
    });
    await write(10, 20);
    await expect(school.rotate({ newCertificatePath: path })).rejects.toMatchObject({
      code: "CREDENTIAL_NOT_YET_VALID",
    });
    execFileSync(
      "openssl",
      [
        ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
        ...["-subj", "/CN=Elliptic", "-keyout", `${path}.key`, "-out", path],
      ],
      { stdio: "ignore" },
    );
    writeFileSync(path, readFileSync(path, "utf8") + readFileSync(`${path}.key`, "utf8"));
    await expect(school.rotate({ newCertificatePath: path })).rejects.toMatchObject({
      code: "CREDENTIAL_KEY_NOT_RSA",
    });
    writeFileSync(path, readFileSync(school.givenPath, "utf8").replace(/[\s\S]*(?=-----BEGIN CERT)/, ""));
    await expect(school.rotate({ newCertificatePath: path })).rejects.toMatchObject({
      code: "CREDENTIAL_KEY_MISSING",
    });
    expect(files()).not.toContain("timetable.pem.rotation.json");
  });

  it("the state file of another application, and one it cannot understand", async () => {
    await school.rotate(given());
    const state = JSON.parse(textOf(school, ".rotation.json"));
    const path = `${school.path}.rotation.json`;
    for (const [name, value] of [
      ["clientId", "5c001000-0000-4000-8000-0000000000aa"],
      ["tenantId", "5c001000-0000-4000-8000-0000000000ab"],
    ] as const) {
      writeFileSync(path, JSON.stringify({ ...state, [name]: value }));
      await expect(school.rotate({ finish: true })).rejects.toMatchObject({
        code: "OAUTH_ROTATION_OF_ANOTHER",
      });
    }
    for (const text of ["", "{", "[]", "null", JSON.stringify({ ...state, step: "elsewhere" })]) {
      writeFileSync(path, text);
      await expect(school.rotate()).rejects.toMatchObject({ code: "OAUTH_ROTATION_STATE_UNFIT" });
    }
    expect(await school.keyIds()).toContain(OLD_KEY_ID);
  });

  it("to go on when the file in use is neither of the two, or the new key is lost", async () => {
    const stopAt = (step: string) => (event: RotationEvent) => {
      if (event.kind === "recorded" && event.step === step) throw new Error("stop");
    };
    await expect(school.rotate({ ...given(), onEvent: stopAt("made") })).rejects.toThrow("stop");
    rmSync(`${school.path}.new`);
    await expect(school.rotate(given())).rejects.toMatchObject({ code: "OAUTH_ROTATION_STATE_UNFIT" });
    await school.startOver();
    await school.rotate(given());
    const stranger = await createSelfSigned({ subject: "CN=Stranger" });
    writeFileSync(school.path, stranger.privateKeyPem + stranger.certificatePem);
    await expect(school.rotate({ finish: true })).rejects.toMatchObject({
      code: "OAUTH_ROTATION_STATE_UNFIT",
    });
    expect(await school.keyIds()).toContain(OLD_KEY_ID);
  });

  it("an object id of another application, and one of none", async () => {
    await expect(school.rotate({ objectId: CLIENT_ID })).rejects.toMatchObject({
      code: "OAUTH_OBJECT_ID_UNFIT",
    });
    expect(files()).toEqual(["timetable.pem"]);
  });

  it("a client id that the tenant does not know, without blaming the key", async () => {
    await expect(
      school.rotate({ clientId: OBJECT_ID, administratorToken: school.administratorToken }),
    ).rejects.toMatchObject({ code: "OAUTH_REFUSED", details: { aadstsCodes: [700016] } });
  });
});

describe("rotateCertificate() where the directory is slow", () => {
  const refuse = (code: number, times?: number) =>
    school.emulator.faults.add({
      endpoint: "token",
      kind: "aadsts",
      code,
      ...(times === undefined ? {} : { times }),
    });

  it("asks again while the token endpoint does not know the key or the application", async () => {
    const waits: string[] = [];
    const report = await school.rotate({
      ...given(),
      overlapMs: 0,
      onEvent: (event) => {
        if (event.kind === "recorded" && event.step === "registered") refuse(700027, 2);
        else if (event.kind === "waiting" && waits.push(event.reason) === 2) refuse(700016, 2);
      },
    });
    expect(report.outcome).toBe("done");
    expect(waits).toEqual(["AADSTS700027", "AADSTS700027", "AADSTS700016", "AADSTS700016"]);
  });

  it("wants several tokens in a row: one server that knows the key is not all", async () => {
    let isArmed = false;
    const events: string[] = [];
    await school.rotate({
      ...given(),
      onEvent: (event) => {
        events.push(event.kind);
        if (event.kind === "recorded" && event.step === "registered" && !isArmed) {
          isArmed = true;
          school.emulator.faults.add({
            endpoint: "token",
            kind: "aadsts",
            code: 700027,
            probability: 0.5,
            seed: 5,
            times: 6,
          });
        }
      },
    });
    expect(events).toContain("waiting");
    const count = school.emulator
      .requests()
      .filter(({ url, status }) => url.includes("/token") && status === 200).length;
    expect(count).toBeGreaterThanOrEqual(4);
  });

  it("gives up after the wait with the old key in use, and goes on in the next run", async () => {
    const stuck = school.rotate({
      ...given(),
      waitMs: 60,
      onEvent: (event) => {
        if (event.kind === "recorded" && event.step === "registered") refuse(700027);
      },
    });
    await expect(stuck).rejects.toMatchObject({
      code: "OAUTH_ROTATION_NOT_CONFIRMED",
      retryable: true,
      details: { aadstsCodes: [700027] },
    });
    school.emulator.faults.clear();
    await school.signIn();
    expect(files()).toContain("timetable.pem.new");
    expect((await school.rotate({ overlapMs: 0 })).outcome).toBe("done");
  });

  it("adds the key again when somebody else's PATCH of the whole collection took it away", async () => {
    const { transport } = school;
    const url = `${school.emulator.graph}/applications/${OBJECT_ID}`;
    const graph = async (method: string, body?: object) => {
      const headers = {
        authorization: `Bearer ${await school.administratorToken()}`,
        "content-type": "application/json",
      };
      const more = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await transport.send({ method, url, headers, ...more });
      expect(response.status).toBeLessThan(300);
      return response.body.length === 0 ? {} : (response.json() as { keyCredentials: object[] });
    };
    const before = await graph("GET");
    let taken = 0;
    const report = await school.rotate({
      ...given(),
      waitMs: 200,
      overlapMs: 0,
      onEvent: async (event) => {
        if (event.kind !== "recorded" || event.step !== "registered" || taken++ > 0) return;
        await graph("PATCH", { keyCredentials: (before as { keyCredentials: object[] }).keyCredentials });
      },
    });
    expect(report).toMatchObject({ outcome: "done" });
    expect(taken).toBe(2);
    await school.signIn();
  });

  it("does not wait out a refusal that time does not heal", async () => {
    const refused = school.rotate({
      ...given(),
      onEvent: (event) => {
        if (event.kind === "recorded" && event.step === "registered") refuse(7000112);
      },
    });
    await expect(refused).rejects.toMatchObject({
      code: "OAUTH_REFUSED",
      details: { aadstsCodes: [7000112] },
    });
  });

  it("repeats removeKey while Graph does not know the key that signs the proof", async () => {
    await school.rotate(given());
    school.emulator.faults.add({
      endpoint: "graph",
      kind: "status",
      method: "POST",
      status: 401,
      body: '{"error":{"code":"Authentication_MissingOrMalformed","message":"Access Token missing or malformed."}}',
      times: 2,
    });
    expect((await school.rotate({ finish: true })).outcome).toBe("done");
    expect(await school.keyIds()).not.toContain(OLD_KEY_ID);
  });
});

describe("rotateCertificate() where the old certificate has expired", () => {
  beforeEach(() => school.startOver({ isExpired: true }));

  it("asks for an administrator, and changes nothing", async () => {
    await expect(school.rotate()).rejects.toMatchObject({ code: "OAUTH_ROTATION_NO_VALID_KEY" });
    expect(files()).toEqual(["timetable.pem"]);
  });

  it("writes the whole collection back with every entry as it was", async () => {
    school.emulator.clearRequests();
    const { administratorToken } = school;
    const report = await school.rotate({ ...given(), administratorToken });
    expect(report).toMatchObject({ outcome: "done", method: "patch" });
    expect(await school.keyIds()).toEqual([OTHER_KEY_ID, report.new?.keyId]);
    const [read, patch] = ["GET", "PATCH"].map((method) =>
      school.emulator.requests().find((one) => one.surface === "graph" && one.method === method),
    );
    const sent = JSON.parse(patch?.body ?? "").keyCredentials;
    const stood = JSON.parse(read?.responseBody ?? "").keyCredentials;
    expect(sent).toHaveLength(3);
    expect(sent.slice(0, 2)).toEqual(stood);
    expect(stood.every(({ key }: { key: unknown }) => typeof key === "string")).toBe(true);
    await school.signIn();
  });

  it("never takes an answer without the collection for an empty one", async () => {
    const { transport, administratorToken } = { ...school.options, ...school };
    const forgetful = {
      close: () => undefined,
      async send(request: Parameters<typeof transport.send>[0]) {
        const response = await transport.send(request);
        if (!request.url.includes("keyCredentials")) return response;
        const json = () => ({ ...(response.json() as object), keyCredentials: null });
        return { ...response, json };
      },
    };
    school.emulator.clearRequests();
    await expect(school.rotate({ administratorToken, transport: forgetful })).rejects.toMatchObject({
      code: "OAUTH_KEYS_UNREADABLE",
    });
    expect(graphWrites()).toEqual([]);
  });

  it("says so when a key is gone after the PATCH", async () => {
    const { transport, administratorToken } = { ...school.options, ...school };
    const lossy = {
      close: () => undefined,
      send: (request: Parameters<typeof transport.send>[0]) => {
        if (request.method !== "PATCH") return transport.send(request);
        const body = JSON.parse(String(request.body));
        const keyCredentials = body.keyCredentials.filter(
          ({ keyId }: { keyId: string }) => keyId !== OTHER_KEY_ID,
        );
        return transport.send({ ...request, body: JSON.stringify({ keyCredentials }) });
      },
    };
    await expect(school.rotate({ ...given(), administratorToken, transport: lossy })).rejects.toMatchObject({
      code: "OAUTH_KEYS_LOST",
      details: { lost: [{ keyId: OTHER_KEY_ID }] },
    });
  });
});

describe("rotateCertificate() without permission to read applications", () => {
  it("asks for the object id by name", async () => {
    const refused = strict.rotate();
    await expect(refused).rejects.toMatchObject({ code: "OAUTH_OBJECT_ID_NEEDED", exitCode: 2 });
    await expect(refused).rejects.toHaveProperty("hint", expect.stringContaining("--object-id"));
    expect(files(strict)).toEqual(["timetable.pem"]);
  });

  it("asks for the key id of the old certificate before it changes anything, when it is to go at once", async () => {
    await expect(strict.rotate({ objectId: OBJECT_ID, overlapMs: 0 })).rejects.toMatchObject({
      code: "OAUTH_KEY_ID_NEEDED",
    });
    expect(files(strict)).toEqual(["timetable.pem"]);
  });

  it("rotates with both ids, and the next time with neither", async () => {
    const first = await strict.rotate({
      ...given(strict),
      objectId: OBJECT_ID,
      oldKeyId: OLD_KEY_ID,
      overlapMs: 0,
    });
    expect(first).toMatchObject({ outcome: "done", keysBefore: undefined, keysAfter: undefined });
    expect(await strict.keyIds()).toEqual([OTHER_KEY_ID, first.new?.keyId]);
    const second = await strict.rotate({ overlapMs: 0 });
    expect(await strict.keyIds()).toEqual([OTHER_KEY_ID, second.new?.keyId]);
    expect(second.old.keyId).toBe(first.new?.keyId);
    await strict.signIn();
  });

  it("finds out by a token whether a lost addKey was carried out", async () => {
    strict.emulator.faults.add({ endpoint: "graph", kind: "drop", when: "after", method: "POST", times: 1 });
    const report = await strict.rotate({ ...given(strict), objectId: OBJECT_ID });
    expect(report.outcome).toBe("overlapping");
    expect(await strict.keyIds()).toHaveLength(3);
  });

  it("sends an addKey again that no token tells of", async () => {
    strict.emulator.faults.add({ endpoint: "graph", kind: "drop", when: "before", method: "POST", times: 1 });
    const options = { ...given(strict), objectId: OBJECT_ID, waitMs: 500 };
    const first = await strict.rotate(options).catch((error: { code: string }) => error.code);
    const { outcome } = await strict.rotate(options);
    expect([first, outcome]).toEqual(["OAUTH_NETWORK_LOST", "overlapping"]);
    expect(await strict.keyIds()).toHaveLength(3);
  });

  it("takes a key for removed that a lost removeKey removed, but never an id that was never there", async () => {
    await strict.rotate({ ...given(strict), objectId: OBJECT_ID });
    // Asked twice: a refusal is an answer, after which nothing counts as perhaps removed.
    for (const _time of [1, 2]) {
      const unknown = strict.rotate({ finish: true, oldKeyId: CLIENT_ID });
      await expect(unknown).rejects.toMatchObject({
        code: "OAUTH_DIRECTORY_REFUSED",
        details: { status: 400 },
      });
    }
    strict.emulator.faults.add({ endpoint: "graph", kind: "drop", when: "after", method: "POST", times: 1 });
    const lost = strict.rotate({ finish: true, oldKeyId: OLD_KEY_ID });
    await expect(lost).rejects.toMatchObject({ code: "OAUTH_NETWORK_LOST" });
    expect((await strict.rotate({ finish: true, oldKeyId: OLD_KEY_ID })).outcome).toBe("done");
    expect(await strict.keyIds()).toHaveLength(2);
  });

  it("asks an administrator only for what its own token may not do", async () => {
    strict.emulator.clearRequests();
    const { administratorToken } = strict;
    expect(await strict.rotate({ ...given(strict), administratorToken, overlapMs: 0 })).toMatchObject({
      outcome: "done",
      method: "addKey",
    });
    expect(graphWrites(strict).map(({ url, method }) => `${method} ${url.split("/").at(-1)}`)).toEqual([
      "POST addKey",
      "POST removeKey",
    ]);
  });
});

describe("addKey() with a wrong proof", () => {
  const reasonAfter = async (objectId: string, isRegistered: boolean): Promise<string> => {
    const prover = await readCredentialFile(isRegistered ? school.path : school.givenPath);
    const { certificate } = await readCredentialFile(school.givenPath);
    const token = await school.signIn();
    const { transport } = school;
    // What the proof names and what the address names may differ: the address is always right here.
    const directory = createGraphDirectoryClient({
      endpoint: school.emulator.graph,
      accessToken: async () => token,
      transport: {
        close: () => undefined,
        send: (request) => transport.send({ ...request, url: request.url.replace(objectId, OBJECT_ID) }),
      },
    });
    const refused = addKey(directory, objectId, certificate, prover, new Date());
    await expect(refused).rejects.toMatchObject({
      code: "OAUTH_PROOF_REFUSED",
      details: { action: "addKey", proof: { iss: objectId }, graphCode: "Authentication_MissingOrMalformed" },
    });
    expect(await school.keyIds()).toEqual([OLD_KEY_ID, OTHER_KEY_ID]);
    return school.notes.at(-1) ?? "";
  };

  it("is refused without a reason by Graph and with one in the emulator's notes", async () => {
    expect(await reasonAfter(CLIENT_ID, true)).toMatch(/iss is .*not the application id/);
    expect(await reasonAfter(OBJECT_ID, false)).toMatch(/x5t.* names a valid certificate/);
  });
});
