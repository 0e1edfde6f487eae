/** Programs of others, each in a Node of its own. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Starts a module that has `facts` and `print(value)`, which writes one line of JSON. */
export function startNodeProgram(
  source: string,
  facts: object,
  environment: Readonly<Record<string, string>>,
): ChildProcessWithoutNullStreams {
  const preamble =
    "const facts = JSON.parse(process.env.FACTS);\nconst print = (value) => console.log(JSON.stringify(value));\n";
  const program = spawn(process.execPath, ["--input-type=module", "-e", preamble + source], {
    cwd: root,
    env: { PATH: process.env["PATH"] ?? "", HOME: tmpdir(), FACTS: JSON.stringify(facts), ...environment },
  });
  program.stderr.pipe(process.stderr);
  return program;
}
