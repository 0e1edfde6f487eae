/**
 * As much of PostgreSQL's protocol as the token cache needs: parameters and rows in text form, one statement at a time.
 * It stands in for the `pg` package, whose `query` has the same shape.
 *
 * @see https://www.postgresql.org/docs/15/protocol-message-formats.html
 */
import * as net from "node:net";
import type { SqlQuery } from "@nightlatch/oauth";

export interface PostgresConnection {
  readonly query: SqlQuery;
  close(): void;
}

type Row = Record<string, unknown>;
interface Running {
  names: string[];
  rows: Row[];
  error: Error | undefined;
  settle(): void;
}

const int16 = (value: number) => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};
const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const text = (value: string) => Buffer.from(`${value}\0`, "utf8");
const message = (type: string, ...parts: Buffer[]) => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type, "latin1"), int32(body.length + 4), body]);
};

export async function connectPostgres({ port }: { port: number }): Promise<PostgresConnection> {
  const socket = net.connect(port, "127.0.0.1");
  let running: Running | undefined;
  let received: Buffer = Buffer.alloc(0);
  const ready = new Promise<void>((resolve, reject) => {
    running = {
      names: [],
      rows: [],
      error: undefined,
      settle: () => (running?.error ? reject(running.error) : resolve()),
    };
    socket.once("error", reject);
  });
  socket.once("connect", () => {
    const body = Buffer.concat([
      int32(196_608),
      text("user"),
      text("nightlatch"),
      text("database"),
      text("postgres"),
      text(""),
    ]);
    socket.write(Buffer.concat([int32(body.length + 4), body]));
  });
  socket.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 5 && received.length >= received.readInt32BE(1) + 1) {
      const end = received.readInt32BE(1) + 1;
      if (running !== undefined)
        take(running, String.fromCharCode(received[0] ?? 0), received.subarray(5, end));
      received = received.subarray(end);
    }
  });
  await ready;
  let queue: Promise<unknown> = Promise.resolve();
  const run = (sql: string, parameters: readonly (string | number)[]) =>
    new Promise<{ rows: Row[] }>((resolve, reject) => {
      const mine: Running = {
        names: [],
        rows: [],
        error: undefined,
        settle: () => (mine.error === undefined ? resolve({ rows: mine.rows }) : reject(mine.error)),
      };
      running = mine;
      const values = parameters.map((each) => Buffer.from(String(each), "utf8"));
      socket.write(
        Buffer.concat([
          message("P", text(""), text(sql), int16(0)),
          message(
            "B",
            text(""),
            text(""),
            int16(0),
            int16(values.length),
            ...values.flatMap((each) => [int32(each.length), each]),
            int16(0),
          ),
          message("D", Buffer.from("P"), text("")),
          message("E", text(""), int32(0)),
          message("S"),
        ]),
      );
    });
  return {
    query: (sql, parameters) => {
      const next = queue.then(() => run(sql, parameters));
      queue = next.catch(() => undefined);
      return next;
    },
    close: () => void socket.end(message("X")),
  };
}

function take(running: Running, type: string, body: Buffer): void {
  if (type === "T") running.names = readNames(body);
  else if (type === "D") running.rows.push(readRow(running.names, body));
  else if (type === "E") {
    const fields = body.toString("utf8").split("\0");
    const field = (name: string) => fields.find((each) => each.startsWith(name))?.slice(1);
    running.error = Object.assign(new Error(field("M")), { code: field("C") });
  } else if (type === "Z") running.settle();
}

function readNames(body: Buffer): string[] {
  const names: string[] = [];
  let at = 2;
  for (let column = 0; column < body.readInt16BE(0); column++) {
    const end = body.indexOf(0, at);
    names.push(body.toString("utf8", at, end));
    at = end + 19;
  }
  return names;
}

function readRow(names: readonly string[], body: Buffer): Row {
  const row: Row = {};
  let at = 2;
  for (const name of names) {
    const length = body.readInt32BE(at);
    at += 4;
    row[name] = length < 0 ? null : body.toString("utf8", at, at + length);
    if (length > 0) at += length;
  }
  return row;
}
