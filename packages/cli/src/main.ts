#!/usr/bin/env node
import { setMaxListeners } from "node:events";
import { processStreams } from "./io-streams.ts";
import { runCli } from "./program.ts";

const interrupt = new AbortController();
// Every request under way listens to it: any number of them is no leak.
setMaxListeners(0, interrupt.signal);
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => interrupt.abort());
}

process.exitCode = await runCli(process.argv.slice(2), {
  io: processStreams(process.env),
  env: process.env,
  cwd: process.cwd(),
  signal: interrupt.signal,
});
