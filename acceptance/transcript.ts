/**
 * Transcripts: a text with prose, commands and what they must print, run in one shell in an empty folder.
 *
 *     Prose is for the reader; it starts at the first column.
 *     $ command, continued on lines
 *     > that begin with this sign
 *     = expected line of standard output and error, in order; … stands for anything in a line,
 *     = …
 *     = alone on its line for any number of lines
 *     ! 4                      expected exit status, 0 when absent
 *
 * `nightlatch` is the command of this checkout. Variables and functions live on from step to step.
 */
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** A command with what it must do. */
export interface Step {
  readonly line: number;
  readonly command: string;
  readonly expected: readonly string[];
  readonly exitCode: number;
}

/** A step after it ran. */
export interface Outcome {
  readonly step: Step;
  readonly output: string;
  readonly exitCode: number | undefined;
}

/**
 * Parses a transcript.
 *
 * @param text - the file
 * @returns its steps in order; throws when there are none, or none that expects anything
 */
export function parseTranscript(text: string): Step[] {
  const steps: { line: number; command: string[]; expected: string[]; exitCode: number }[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const last = steps.at(-1);
    if (line.startsWith("$ "))
      steps.push({ line: index + 1, command: [line.slice(2)], expected: [], exitCode: 0 });
    else if (line === ">" || line.startsWith("> ")) last?.command.push(line.slice(2));
    else if (line === "=" || line.startsWith("= ")) last?.expected.push(line.slice(2));
    else if (line.startsWith("! ")) {
      if (last !== undefined) last.exitCode = Number(line.slice(2));
    }
  }
  const parsed = steps.map((step) => ({ ...step, command: step.command.join("\n") }));
  if (!parsed.some((step) => step.expected.length > 0)) throw new Error("The transcript expects nothing");
  return parsed;
}

/**
 * Runs a transcript in an empty folder, which is removed afterwards with every process that was started.
 *
 * @param steps - from {@link parseTranscript}
 * @param timeoutMs - bound for the whole
 * @returns outcome of each step that was reached
 */
export async function runTranscript(steps: readonly Step[], timeoutMs = 90_000): Promise<Outcome[]> {
  const folder = mkdtempSync(join(tmpdir(), "nightlatch-transcript-"));
  mkdirSync(join(folder, "bin"));
  mkdirSync(join(folder, "work"));
  const shim = join(folder, "bin/nightlatch");
  writeFileSync(
    shim,
    `#!/bin/sh\nexec "${process.execPath}" "${join(root, "packages/cli/dist/main.js")}" "$@"\n`,
  );
  chmodSync(shim, 0o755);
  const blocks = steps.map(
    ({ command }, index) => `{ ${command}\n} >"$T/out.${index}" 2>&1; echo $? >"$T/rc.${index}"`,
  );
  writeFileSync(join(folder, "script.sh"), `${blocks.join("\n")}\n`);
  try {
    await runShell(folder, timeoutMs);
    return steps.map((step, index) => ({
      step,
      output: readOr(join(folder, `out.${index}`), ""),
      exitCode: numberOr(readOr(join(folder, `rc.${index}`), "")),
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runShell(folder: string, timeoutMs: number): Promise<void> {
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(AZURE_|NIGHTLATCH_|https?_proxy|HTTPS?_PROXY|NODE_|VITEST)/.test(name),
    ),
  );
  const shell = spawn("bash", [join(folder, "script.sh")], {
    cwd: join(folder, "work"),
    detached: true,
    stdio: "ignore",
    env: {
      ...clean,
      T: folder,
      PATH: `${join(folder, "bin")}:${process.env["PATH"]}`,
      HOME: join(folder, "work"),
      NIGHTLATCH_HOME: join(folder, "home"),
      NO_COLOR: "1",
    },
  });
  const timer = setTimeout(() => kill(shell.pid, "SIGKILL"), timeoutMs);
  await new Promise((resolve) => shell.once("exit", resolve));
  clearTimeout(timer);
  kill(shell.pid, "SIGTERM");
}

function kill(group: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (group !== undefined) process.kill(-group, signal);
  } catch {
    // The group has ended by itself.
  }
}

/**
 * Compares what a step printed with what it must print.
 *
 * @param output - standard output and error
 * @param expected - lines with … as a wildcard
 * @returns the first expected line that was not found in order, or undefined
 */
export function firstMissing(output: string, expected: readonly string[]): string | undefined {
  const lines = output.split(/\r?\n/);
  let at = 0;
  let maySkip = false;
  for (const wanted of expected) {
    if (wanted === "…") {
      maySkip = true;
      continue;
    }
    const pattern = new RegExp(
      `^${wanted
        .split("…")
        .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"))
        .join(".*")}$`,
    );
    const end = maySkip ? lines.length : Math.min(at + 1, lines.length);
    let found = -1;
    for (let index = at; index < end && found < 0; index += 1)
      if (pattern.test(lines[index] ?? "")) found = index;
    if (found < 0) return wanted;
    at = found + 1;
    maySkip = false;
  }
  return undefined;
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return otherwise;
  }
}

function numberOr(text: string): number | undefined {
  return text.trim() === "" ? undefined : Number(text);
}
