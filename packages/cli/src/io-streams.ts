/**
 * The terminal. The rules are: data goes to stdout, words to people go to stderr; colours and progress bars only
 * where a person looks at a terminal, never with `NO_COLOR` or `CI`; nothing else in this package touches
 * `process.stdout` or `process.stderr`.
 */
import { styleText } from "node:util";

/** What {@link styleText} knows. */
export type Style = Parameters<typeof styleText>[0];

/** Where a command writes. */
export interface IoStreams {
  /** Writes data to standard output. */
  out(text: string): void;
  /** Writes words to standard error. */
  err(text: string): void;
  /** Columns of the terminal; 100 where there is none. */
  readonly columns: number;
  /** Whether a person looks at standard error: progress bars make sense. */
  readonly interactive: boolean;
  /** Colours a text for standard output, or leaves it. */
  paint(style: Style, text: string): string;
  /** Colours a text for standard error, or leaves it. */
  paintErr(style: Style, text: string): string;
  /** Reads standard input to its end. */
  readStdin(): Promise<Buffer>;
  /** Whether standard input is a terminal, where nobody pipes anything in. */
  readonly stdinIsTerminal: boolean;
}

/**
 * The streams of this process.
 *
 * @param env - environment variables; `NO_COLOR` and `CI` switch colours and progress off, `FORCE_COLOR` on
 * @returns streams that write at once and ignore a reader that has gone away
 */
export function processStreams(env: NodeJS.ProcessEnv): IoStreams {
  const plain = (env["NO_COLOR"] ?? "") !== "" || (env["CI"] ?? "") !== "";
  const forced = (env["FORCE_COLOR"] ?? "0") !== "0" && (env["NO_COLOR"] ?? "") === "";
  const painter = (isTerminal: boolean) => (style: Style, text: string) =>
    forced || (isTerminal && !plain) ? styleText(style, text) : text;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0);
      throw error;
    });
  }
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    columns: process.stdout.columns || 100,
    interactive: process.stderr.isTTY === true && !plain,
    paint: painter(process.stdout.isTTY === true),
    paintErr: painter(process.stderr.isTTY === true),
    stdinIsTerminal: process.stdin.isTTY === true,
    async readStdin() {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    },
  };
}
