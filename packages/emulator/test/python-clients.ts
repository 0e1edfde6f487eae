/** Python programs that drive libraries we did not write; Debian packages them for its own interpreter. */
import { execFile, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const PYTHON = "/usr/bin/python3";

/**
 * Tells whether a library can be driven.
 *
 * @param name - module, packaged as `python3-<name>`
 * @returns false, with a reason on the console, when it cannot
 */
export function hasPythonLibrary(name: string): boolean {
  if (spawnSync(PYTHON, ["-c", `import ${name}`]).status === 0) return true;
  if (process.env["CI"] !== undefined) throw new Error(`${name} is missing: install python3-${name}`);
  console.warn(`Skipped: ${name} (Debian's python3-${name}) is not installed, so it was not driven`);
  return false;
}

/**
 * Runs a program of this folder to its end.
 *
 * @param name - file name
 * @param env - variables beside those of this process
 * @returns the JSON document that it printed
 */
export async function runPython(name: string, env: Readonly<Record<string, string>>): Promise<unknown> {
  const program = fileURLToPath(new URL(name, import.meta.url));
  const run = promisify(execFile)(PYTHON, [program], {
    env: { ...process.env, ...env, PYTHONDONTWRITEBYTECODE: "1" },
    timeout: 60_000,
    maxBuffer: 16 * 1024 * 1024,
  });
  const { stdout } = await run;
  return JSON.parse(stdout);
}
