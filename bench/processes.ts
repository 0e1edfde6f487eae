/** Child processes of the measures: programs of this folder, the command line, and what they cost. */
import { type ChildProcess, fork, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The built command. */
export const MAIN = fileURLToPath(new URL("../packages/cli/dist/main.js", import.meta.url));
/** Top of the repository: where bare specifiers of inline programs are resolved. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** A folder that is gone when the measure is over. */
export async function withFolder<T>(use: (path: string) => Promise<T>): Promise<T> {
  const path = mkdtempSync(join(tmpdir(), "nightlatch-bench-"));
  try {
    return await use(path);
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

/** A program of `bench/programs` that has said what it has to say first. */
export interface RunningProgram<Greeting> {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly greeting: Greeting;
  stop(): Promise<void>;
}

/**
 * Starts a program of `bench/programs` and waits for its first message.
 *
 * @param name - file name without `.ts`
 * @param options - arguments, environment besides this one, the core it is bound to
 */
export async function startProgram<Greeting>(
  name: string,
  { args = [], env = {}, core }: { args?: readonly string[]; env?: NodeJS.ProcessEnv; core?: number } = {},
): Promise<RunningProgram<Greeting>> {
  const child = fork(fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url)), [...args], {
    cwd: ROOT,
    execArgv: ["--import", "tsx"],
    env: { ...process.env, ...env },
  });
  bindToCore(child.pid, core);
  const greeting = await firstOf<Greeting>(
    child,
    once(child, "message").then(([message]) => message),
  );
  return { child, pid: child.pid ?? 0, greeting, stop: () => stop(child) };
}

/** Runs a program of `bench/programs` to the end. @returns its only message */
export async function runProgram<Answer>(
  name: string,
  options: { args?: readonly string[]; env?: NodeJS.ProcessEnv } = {},
): Promise<Answer> {
  const program = await startProgram<Answer>(name, options);
  await program.stop();
  return program.greeting;
}

/** The ready line of an emulator, as far as measures need it. */
export interface Ready {
  readonly origin: string;
  readonly graph: string;
  readonly ews: string;
  /** PEM. */
  readonly ca: string;
}

/** An emulator in a process of its own: the command as people start it. */
export interface EmulatorProcess extends Ready {
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Starts Node and waits for its first line.
 *
 * @param args - what follows `node`
 * @param options - environment besides this one, the core it is bound to
 */
export async function startNode(
  args: readonly string[],
  { env = {}, core }: { env?: NodeJS.ProcessEnv; core?: number | undefined } = {},
): Promise<RunningProgram<string>> {
  const child = spawn(process.execPath, [...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  bindToCore(child.pid, core);
  const lines = createInterface({ input: child.stdout });
  const line = await firstOf<string>(
    child,
    once(lines, "line").then(([text]) => text),
  );
  return { child, pid: child.pid ?? 0, greeting: line, stop: () => stop(child) };
}

/**
 * Starts `nightlatch emulator start` and waits until it serves.
 *
 * @param home - folder for its CA, keys and what else it keeps
 * @param seedFile - path of the seed
 * @param options - the core it is bound to
 */
export async function startEmulatorProcess(
  home: string,
  seedFile: string,
  { core }: { core?: number | undefined } = {},
): Promise<EmulatorProcess> {
  const args = ["emulator", "start", "--port", "0", "--json", "--seed", seedFile];
  const program = await startNode([MAIN, ...args], { env: { NIGHTLATCH_HOME: home }, core });
  const ready = JSON.parse(program.greeting) as Ready;
  return { ...ready, ca: readFileSync(ready.ca, "utf8"), pid: program.pid, stop: program.stop };
}

/** How long a run of Node took, and what it printed. */
export interface NodeRun {
  readonly wallMs: number;
  readonly stdout: string;
}

/**
 * Runs Node to the end.
 *
 * @param args - what follows `node`
 * @param options - exit codes that are no failure, environment besides this one, and the input
 */
export function runNode(
  args: readonly string[],
  {
    allowed = [0],
    env = {},
    input,
  }: { allowed?: readonly number[]; env?: NodeJS.ProcessEnv; input?: string } = {},
): NodeRun {
  const start = performance.now();
  const run = spawnSync(process.execPath, [...args], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, ...env },
    ...(input === undefined ? {} : { input }),
    maxBuffer: 2 ** 28,
  });
  const wallMs = performance.now() - start;
  if (!allowed.includes(run.status ?? -1)) throw new Error(`node ended with ${run.status}: ${run.stderr}`);
  return { wallMs, stdout: run.stdout };
}

/** CPU time of a process so far, milliseconds, all threads that live. Linux only. */
export function cpuMsOf(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  const nanoseconds = readdirSync(tasks).map((task) =>
    Number(readFileSync(`${tasks}/${task}/schedstat`, "utf8").split(" ")[0]),
  );
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6;
}

/** Resident memory of a process, MiB. Linux only. */
export function residentMiBOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

/** Binds every thread of a process to a core, where there are two and `taskset`. */
function bindToCore(pid: number | undefined, core: number | undefined): void {
  if (core === undefined || pid === undefined || cpus().length < 2) return;
  spawnSync("taskset", ["-a", "-p", "-c", String(core), String(pid)]);
}

async function firstOf<T>(child: ChildProcess, wanted: Promise<T>): Promise<T> {
  const ended = new AbortController();
  const exited = once(child, "exit", { signal: ended.signal }).then(([code]) => {
    throw new Error(`${child.spawnargs.slice(1).join(" ")} ended with ${code} before it was ready`);
  });
  exited.catch(() => {});
  const first = await Promise.race([wanted, exited]);
  ended.abort();
  return first as T;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
}
