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
  /** Reads standard input to its end; fails when it holds more than `mostBytes`. */
  readStdin(mostBytes: number): Promise<Buffer>;
  /** Asks on a terminal and does not show what is typed. */
  askHidden(question: string): Promise<string>;
  /** Whether standard input is a terminal, where nobody pipes anything in. */
  readonly stdinIsTerminal: boolean;
}

/**
 * Tells whether output was lost because whoever read it has seen enough (`| head`).
 *
 * @param reason - with which a run was ended
 * @returns true for a closed pipe
 */
export function isReaderGone(reason: unknown): boolean {
  return (reason as NodeJS.ErrnoException | undefined)?.code === "EPIPE";
}

/**
 * The streams of this process.
 *
 * @param env - environment variables; `NO_COLOR` and `CI` switch colours and progress off, `FORCE_COLOR` on; `COLUMNS`
 *   overrides the width
 * @param onOutputLost - told once when standard output cannot be written any more, so that it is no use to go on
 * @returns streams that write at once
 */
export function processStreams(env: NodeJS.ProcessEnv, onOutputLost: (reason: Error) => void): IoStreams {
  const isSet = (name: string): boolean => (env[name] ?? "") !== "" && env[name] !== "false";
  const plain = (env["NO_COLOR"] ?? "") !== "" || isSet("CI") || env["TERM"] === "dumb";
  const forced = (env["FORCE_COLOR"] ?? "0") !== "0" && (env["NO_COLOR"] ?? "") === "";
  const painter = (isTerminal: boolean) => (style: Style, text: string) =>
    forced || (isTerminal && !plain) ? paint(style, text) : text;
  let isOutLost = false;
  process.stdout.on("error", (error) => {
    if (isOutLost) return;
    isOutLost = true;
    onOutputLost(error);
  });
  // Words to people that nobody can read are no reason to stop.
  process.stderr.on("error", () => undefined);
  const columns = Number(env["COLUMNS"]);
  return {
    out(text) {
      if (!isOutLost) process.stdout.write(text);
    },
    err: (text) => void process.stderr.write(text),
    columns: Number.isInteger(columns) && columns > 0 ? columns : process.stdout.columns || 100,
    interactive: process.stderr.isTTY === true && !plain,
    paint: painter(process.stdout.isTTY === true),
    paintErr: painter(process.stderr.isTTY === true),
    stdinIsTerminal: process.stdin.isTTY === true,
    readStdin,
    askHidden,
  };
}

/** Newer versions of Node look at standard output themselves, which is wrong for standard error. */
function paint(style: Style, text: string): string {
  const styled = styleText as (style: Style, text: string, options: { validateStream: boolean }) => string;
  return styled(style, text, { validateStream: false });
}

async function readStdin(mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer);
    total += (chunk as Buffer).length;
    if (total > mostBytes) throw new Error(`it holds more than ${mostBytes / 2 ** 20} MiB`);
  }
  return Buffer.concat(chunks);
}

function askHidden(question: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(question);
  stdin.setRawMode(true);
  stdin.setEncoding("utf8");
  return new Promise((answer) => {
    let typed = "";
    const end = (): void => {
      stdin.setRawMode(false);
      stdin.off("data", take);
      stdin.pause();
      stderr.write("\n");
    };
    const take = (text: string): void => {
      for (const letter of text) {
        if (letter === "\r" || letter === "\n" || letter === "\u0004") {
          end();
          answer(typed);
          return;
        }
        if (letter === "\u0003") {
          // A terminal in raw mode does not turn Ctrl-C into a signal.
          end();
          process.emit("SIGINT");
          return;
        }
        typed = letter === "\u007f" || letter === "\b" ? typed.slice(0, -1) : typed + letter;
      }
    };
    stdin.on("data", take);
  });
}
