/** Several processes and one cache: what they make of it is counted at the emulator's token endpoint. */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createPostgresTokenCache, NightlatchCredential, tokenCacheConformance } from "@nightlatch/oauth";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { temporaryDirectory } from "../../emulator/test/temporary-directory.ts";
import { connectPostgres, type PostgresConnection } from "./postgres-wire.ts";
import { openSchool, type School } from "./school.ts";

const WORKERS = 5;
const worker = fileURLToPath(new URL("./token-worker.ts", import.meta.url));
const folder = temporaryDirectory("processes");

let school: School;
beforeAll(async () => {
  school = await openSchool();
  writeFileSync(join(folder, "credential.pem"), school.certificatePem + school.privateKeyPem, {
    mode: 0o600,
  });
  writeFileSync(join(folder, "ca.pem"), school.emulator.caPem);
});
afterAll(() => school.close());
beforeEach(() => school.emulator.reset());

/** Starts the workers at once and gives the digests of the tokens they end up with. */
function race(place: object): Promise<readonly string[]> {
  return Promise.all(Array.from({ length: WORKERS }, () => startWorker(place).digest));
}

function startWorker(place: object): { kill(): Promise<void>; digest: Promise<string> } {
  const settings = JSON.stringify({ ...school.base, transport: undefined, folder, place });
  const args = ["--conditions=@nightlatch/source", "--import", "tsx", worker, settings];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  child.stdout.on("data", (chunk) => {
    printed += chunk;
  });
  const gone = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", resolve);
  });
  return {
    kill: async () => {
      child.kill("SIGKILL");
      await gone;
    },
    digest: gone.then((code) => {
      if (code === 0) return printed.trim();
      throw new Error(`worker left with ${code}`);
    }),
  };
}

/** Kills a worker once it holds the lease, then lets the others ask. */
async function raceAfterAKill(place: object, isHeld: () => Promise<boolean>): Promise<readonly string[]> {
  school.emulator.faults.add({ kind: "latency", latencyMs: 20_000, endpoint: "token" });
  const first = startWorker(place);
  first.digest.catch(() => undefined);
  while (!(await isHeld())) await new Promise((resolve) => setTimeout(resolve, 20));
  await first.kill();
  school.emulator.reset();
  return race(place);
}

const tokenRequestCount = () => school.emulator.requests().filter(({ url }) => url.includes("/token")).length;

describe("several processes and a file cache", () => {
  it("make one token request between them, and end up with the same token", async () => {
    school.emulator.faults.add({ kind: "latency", latencyMs: 300, endpoint: "token" });
    const digests = await race({ kind: "file", directory: join(folder, "tokens") });
    expect(new Set(digests).size).toBe(1);
    expect(tokenRequestCount()).toBe(1);
  });

  it("get over one that was killed while it asked", async () => {
    const directory = join(folder, "killed");
    const isHeld = async () =>
      existsSync(directory) && readdirSync(directory).some((name) => name.endsWith(".lock"));
    const digests = await raceAfterAKill({ kind: "file", directory, lockLifeMs: 1_500 }, isHeld);
    expect(new Set(digests).size).toBe(1);
    // Two may find the lock left behind at once; none asks for itself alone.
    expect(tokenRequestCount()).toBeGreaterThan(0);
    expect(tokenRequestCount()).toBeLessThan(3);
  }, 30_000);
});

const postgres = findPostgres();
describe.runIf(postgres !== undefined)("PostgreSQL", () => {
  let server: { connectionFile: string; port: number; stop(): void };
  const connections: PostgresConnection[] = [];
  const connect = async () => {
    const connection = await connectPostgres({ port: server.port });
    connections.push(connection);
    return connection;
  };
  beforeAll(() => {
    server = startPostgres(postgres ?? "");
  });
  afterAll(async () => {
    for (const connection of connections) connection.close();
    server?.stop();
  });

  let tables = 0;
  tokenCacheConformance({ describe, it }, "the Postgres cache", async () => {
    const table = `token_${++tables}`;
    const make = async () => {
      const { query } = await connect();
      return createPostgresTokenCache({ query, table, sealedBy: { certificate: school.credential } });
    };
    return { cache: await make(), again: make };
  });

  it("several workers make one token request between them", async () => {
    school.emulator.faults.add({ kind: "latency", latencyMs: 300, endpoint: "token" });
    const digests = await race({ kind: "postgres", port: server.port });
    expect(new Set(digests).size).toBe(1);
    expect(tokenRequestCount()).toBe(1);
  });

  it("a worker whose clock differs sees how long the token has left, not when its owner's clock ends", async () => {
    const { query } = await connect();
    const options = { query, table: "clocks", sealedBy: { certificate: school.credential } };
    const token = {
      token: "t",
      expiresOnTimestamp: Date.now() + 3_600_000,
      refreshAfterTimestamp: Date.now() + 3_000_000,
    };
    await createPostgresTokenCache(options).set("key", token);
    for (const aheadMs of [-2 * 3_600_000, 2 * 3_600_000]) {
      const clock = vi
        .spyOn(Date, "now")
        .mockImplementation(() => performance.timeOrigin + performance.now() + aheadMs);
      const seen = await createPostgresTokenCache(options).get("key");
      const leftMs = (seen?.expiresOnTimestamp ?? 0) - Date.now();
      const untilRefreshMs = (seen?.refreshAfterTimestamp ?? 0) - Date.now();
      clock.mockRestore();
      expect(Math.abs(leftMs - 3_600_000)).toBeLessThan(10_000);
      expect(Math.abs(untilRefreshMs - 3_000_000)).toBeLessThan(10_000);
    }
  });

  it("a role that may read and write the table but create nothing shares it, and refused leases do not pile up", async () => {
    const { query } = await connect();
    const make = (send: typeof query) =>
      createPostgresTokenCache({
        query: send,
        table: "lesser",
        sealedBy: { certificate: school.credential },
      });
    const exchange = { isFresh: () => true, request: async () => Promise.reject(new Error("refused")) };
    await expect(make(query).getOrRequest("refused", exchange)).rejects.toThrow("refused");
    await query("CREATE ROLE lesser", []);
    await query("REVOKE CREATE ON SCHEMA public FROM PUBLIC", []);
    await query("GRANT SELECT, INSERT, UPDATE, DELETE ON lesser TO lesser", []);
    const { query: ask } = await connect();
    await ask("SET ROLE lesser", []);
    const cache = make(ask);
    await cache.set("key", {
      token: "t",
      expiresOnTimestamp: Date.now() + 9e6,
      refreshAfterTimestamp: Date.now(),
    });
    expect((await cache.get("key"))?.token).toBe("t");
    expect((await query("SELECT key FROM lesser", [])).rows).toHaveLength(1);
  });

  it("a table that is gone is made again at the next call, and a silent database is not waited for", async () => {
    const { query } = await connect();
    let isSilent = false;
    const cache = createPostgresTokenCache({
      query: (sql, parameters) => (isSilent ? new Promise(() => undefined) : query(sql, parameters)),
      table: "gone",
      queryTimeoutMs: 2_000,
      sealedBy: { certificate: school.credential },
    });
    const token = {
      token: "t",
      expiresOnTimestamp: Date.now() + 9e6,
      refreshAfterTimestamp: Date.now() + 8e6,
    };
    await cache.set("key", token);
    await query("DROP TABLE gone", []);
    await expect(cache.get("key")).rejects.toMatchObject({ code: "42P01" });
    await cache.set("key", token);
    expect((await cache.get("key"))?.token).toBe("t");
    isSilent = true;
    const warnings: string[] = [];
    const credential = new NightlatchCredential({
      ...school.base,
      certificate: school.credential,
      cache,
      onWarning: ({ code }) => warnings.push(code),
    });
    expect((await credential.getToken("https://graph.microsoft.com/.default")).token).not.toBe("");
    expect(warnings).toEqual(["OAUTH_CACHE_FAILED"]);
  });

  it("the table holds neither token nor tenant in the clear", async () => {
    const { query } = await connect();
    const cache = createPostgresTokenCache({
      query,
      table: "clear_text",
      sealedBy: { certificate: school.credential },
    });
    const token = {
      token: "canary-token",
      expiresOnTimestamp: Date.now() + 9e6,
      refreshAfterTimestamp: Date.now(),
    };
    await cache.set("https://a|tenant-canary|client|scope|", token);
    const { rows } = await query("SELECT * FROM clear_text", []);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain("canary");
    expect(Buffer.from(String(rows[0]?.["sealed"]), "base64").toString("latin1")).not.toContain("canary");
  });

  it("several workers get over one that was killed while it asked, and make one token request", async () => {
    const { query } = await connect();
    const place = { kind: "postgres", port: server.port, table: "killed", leaseLifeMs: 1_500 };
    const isHeld = async () => {
      const held = "SELECT 1 AS held FROM killed WHERE lease_until > now()";
      return (await query(held, []).catch(() => ({ rows: [] }))).rows.length > 0;
    };
    const digests = await raceAfterAKill(place, isHeld);
    expect(new Set(digests).size).toBe(1);
    expect(tokenRequestCount()).toBe(1);
  }, 30_000);

  it("a lease that is held keeps the others waiting until it runs out", async () => {
    const { query } = await connect();
    const options = {
      query,
      table: "leases",
      sealedBy: { certificate: school.credential },
      leaseLifeMs: 400,
    };
    const token = {
      token: "t",
      expiresOnTimestamp: Date.now() + 9e6,
      refreshAfterTimestamp: Date.now() + 8e6,
    };
    let asksAtMs = 0;
    const asks = new Promise<void>((resolve) => {
      const request = () => {
        asksAtMs = performance.now();
        resolve();
        return new Promise<never>(() => undefined);
      };
      void createPostgresTokenCache(options).getOrRequest("key", { isFresh: () => true, request });
    });
    await asks;
    const other = createPostgresTokenCache({ ...options, query: (await connect()).query });
    const got = await other.getOrRequest("key", { isFresh: () => true, request: async () => token });
    expect(got.token).toBe("t");
    // The lease was taken a moment before it asked.
    expect(performance.now() - asksAtMs).toBeGreaterThan(200);
  });
});

it.each(["Token", "a;DROP TABLE b", "a.b.c", "", "é"])(
  "createPostgresTokenCache() refuses the table name %j",
  (table) => {
    const query = async () => ({ rows: [] });
    expect(() => createPostgresTokenCache({ query, table, sealedBy: { clientSecret: "s" } })).toThrow(
      RangeError,
    );
  },
);

/** The folder of initdb and postgres; without it the tests are skipped, or fail where CI is set. */
function findPostgres(): string | undefined {
  try {
    const bin = execFileSync(
      "sh",
      [
        "-c",
        'for d in "$(dirname "$(readlink -f "$(command -v initdb)")")" /usr/lib/postgresql/*/bin; do [ -x "$d/initdb" ] && [ -x "$d/postgres" ] && echo "$d" && exit; done; exit 1',
      ],
      { encoding: "utf8", stdio: "pipe" },
    );
    return bin.trim();
  } catch {
    if (process.env["CI"] !== undefined)
      throw new Error("PostgreSQL (initdb, postgres) is missing, and CI is set");
    console.warn("Skipping the Postgres cache: no initdb and postgres on this machine");
    return undefined;
  }
}

/** A throw-away server on a free port of the loopback address; PostgreSQL refuses to run as root. */
function startPostgres(bin: string): { connectionFile: string; port: number; stop(): void } {
  // Its own user has to get there, so not in the folder of this file.
  const data = mkdtempSync(join(tmpdir(), "nightlatch-pg-"));
  const isRoot = process.getuid?.() === 0;
  const as = (command: string) =>
    isRoot
      ? execFileSync("su", ["postgres", "-s", "/bin/sh", "-c", command], { stdio: "pipe" })
      : execFileSync("sh", ["-c", command], { stdio: "pipe" });
  if (isRoot) execFileSync("chown", ["postgres", data]);
  const port = 20_000 + (process.pid % 20_000);
  as(`${bin}/initdb -D ${data}/db -U nightlatch --auth=trust --no-sync -E UTF8 --locale=C`);
  as(
    `${bin}/pg_ctl -D ${data}/db -w -l ${data}/log -o "-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off" start`,
  );
  return {
    connectionFile: data,
    port,
    stop: () => {
      as(`${bin}/pg_ctl -D ${data}/db -m immediate stop`);
      rmSync(data, { recursive: true, force: true });
    },
  };
}
