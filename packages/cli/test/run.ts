import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { type IoStreams, runCli } from "../src/index.ts";

/** What a command line did. */
export interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
  /** Standard output as the one JSON document that `--json` promises. */
  json<Value = Record<string, unknown>>(): Value;
}

/** Makes an empty folder for a test file; it is removed afterwards. */
export function workFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "nightlatch-cli-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs a command line in a folder with an environment of its own. */
export async function run(
  argv: readonly string[],
  options: {
    cwd: string;
    env?: Record<string, string>;
    stdin?: string;
    signal?: AbortSignal;
    now?: Date;
    /** Told what stands on standard output so far. */
    onOut?: (out: string) => void;
  },
): Promise<Ran> {
  let out = "";
  let err = "";
  const io: IoStreams = {
    out: (text) => {
      out += text;
      options.onOut?.(out);
    },
    err: (text) => {
      err += text;
    },
    columns: 120,
    interactive: false,
    paint: (_style, text) => text,
    paintErr: (_style, text) => text,
    readStdin: async () => Buffer.from(options.stdin ?? ""),
    askHidden: async () => "",
    stdinIsTerminal: false,
  };
  const exitCode = await runCli(argv, {
    io,
    env: { PATH: process.env["PATH"], NIGHTLATCH_HOME: join(options.cwd, "home"), ...options.env },
    cwd: options.cwd,
    signal: options.signal ?? new AbortController().signal,
    ...(options.now === undefined ? {} : { now: () => options.now as Date }),
  });
  return { exitCode, out, err, json: () => JSON.parse(out) };
}
