#!/usr/bin/env node
import { setMaxListeners } from "node:events";
import { reasonOf } from "./files.ts";
import { isReaderGone, processStreams } from "./io-streams.ts";
import { runCli } from "./program.ts";

const interrupt = new AbortController();
// Every request under way listens to it: any number of them is no leak.
setMaxListeners(0, interrupt.signal);
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => interrupt.abort());
}

let lost: Error | undefined;
const io = processStreams(process.env, (reason) => {
  lost = reason;
  interrupt.abort(reason);
});
const exitCode = await runCli(process.argv.slice(2), {
  io,
  env: process.env,
  cwd: process.cwd(),
  signal: interrupt.signal,
});
// What was written last may fail only now.
await new Promise<void>((done) => process.stdout.write("", () => done()));
if (lost === undefined) process.exitCode = exitCode;
else if (isReaderGone(lost)) process.exitCode = exitCode === 130 ? 0 : exitCode;
else {
  io.err(`error: Cannot write to standard output: ${reasonOf(lost)} (CLI_OUTPUT_LOST)\n`);
  io.err("hint: Check where the output is sent, and the free space there\n");
  process.exitCode = 1;
}
// A read of a pipe that nobody writes would keep the process alive.
if (interrupt.signal.aborted) process.exit();
