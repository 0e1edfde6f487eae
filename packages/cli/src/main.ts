#!/usr/bin/env node
import { processStreams } from "./io-streams.ts";
import { runCli } from "./program.ts";

const interrupt = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  process.once(name, () => interrupt.abort());
}

process.exitCode = await runCli(process.argv.slice(2), {
  io: processStreams(process.env),
  env: process.env,
  cwd: process.cwd(),
  signal: interrupt.signal,
});
