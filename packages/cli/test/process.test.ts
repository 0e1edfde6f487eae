/** The command as a process: signals, closed and full outputs, pipes, terminals. Built from the sources as they are. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { workFolder } from "./run.ts";

const cwd = workFolder();
const cli = fileURLToPath(new URL("../", import.meta.url));
const main = join(cwd, "cli/dist/main.js");
/** With a space, as in the home folders of many people. */
const temporary = join(cwd, "a tmp");

beforeAll(async () => {
  mkdirSync(join(cwd, "cli"));
  mkdirSync(temporary);
  copyFileSync(join(cli, "package.json"), join(cwd, "cli/package.json"));
  symlinkSync(join(cli, "../../node_modules"), join(cwd, "node_modules"));
  await build({
    absWorkingDir: cli,
    entryPoints: ["src/main.ts"],
    outdir: join(cwd, "cli/dist"),
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    conditions: ["@nightlatch/source"],
    external: [
      "cli-progress",
      "cli-table3",
      "commander",
      "hono",
      "@hono/*",
      "zod",
      "jose",
      "ical.js",
      "csv-parse",
      "node-forge",
      "@peculiar/*",
      "saxes",
      "pg",
    ],
    logLevel: "error",
  });
  await finished(start(["cert", "create", "--out", "t.pem"]));
}, 30_000);

const env = {
  PATH: process.env["PATH"],
  NIGHTLATCH_HOME: join(cwd, "home"),
  TMPDIR: temporary,
  NO_COLOR: "1",
};

function start(argv: readonly string[], stdio: "pipe" | "ignore" = "ignore"): ChildProcess {
  return spawn(process.execPath, [main, ...argv], { cwd, env, stdio: [stdio, "pipe", "pipe"] });
}

async function finished(child: ChildProcess): Promise<{ status: number; out: string; err: string }> {
  let out = "";
  let err = "";
  child.stdout?.on("data", (text) => (out += text));
  child.stderr?.on("data", (text) => (err += text));
  const status = await new Promise<number>((done) =>
    child.once("close", (code, signal) => done(code ?? 128 + (constants.signals[signal ?? "SIGKILL"] ?? 0))),
  );
  return { status, out, err };
}

/** Waits until the child has printed something. */
function printed(child: ChildProcess, wanted: string): Promise<void> {
  let seen = "";
  return new Promise((done, fail) => {
    const take = (text: Buffer): void => {
      seen += text;
      if (seen.includes(wanted)) done();
    };
    child.stdout?.on("data", take);
    child.stderr?.on("data", take);
    child.once("close", () => fail(new Error(`ended without "${wanted}": ${seen}`)));
  });
}

function shell(line: string): { status: number; output: string } {
  const script = `nightlatch() { "${process.execPath}" "${main}" "$@"; }; ${line}`;
  try {
    const output = execFileSync("bash", ["-c", script], {
      cwd,
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    return { status: 0, output };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { status, output: stdout + stderr };
  }
}

describe("emulator exec", () => {
  const script = (...args: readonly string[]) => start(["emulator", "exec", "--", ...args], "pipe");

  it.each([
    ["SIGINT", 7],
    ["SIGTERM", 8],
    ["SIGHUP", 9],
  ] as const)("passes %s on and ends as the program ends, without leaving a folder", async (name, wanted) => {
    const traps = "trap 'exit 7' INT; trap 'exit 8' TERM; trap 'exit 9' HUP";
    const child = script("bash", "-c", `${traps}; echo started; while :; do sleep 0.05; done`);
    const end = finished(child);
    await printed(child, "started");
    child.kill(name);
    expect((await end).status).toBe(wanted);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("hands on standard input, the exit status, and the signal by which the program died", async () => {
    const reader = script("cat");
    reader.stdin?.end("to be read");
    expect(await finished(reader)).toMatchObject({ status: 0, out: "to be read" });
    expect((await finished(script("bash", "-c", "exit 42"))).status).toBe(42);
    expect((await finished(script("bash", "-c", "kill -KILL $$"))).status).toBe(137);
    expect((await finished(script("bash", "-c", "kill -SEGV $$"))).status).toBe(139);
  });

  it.each([
    ["curl", ["curl", "-sSo", "/dev/null", "-w", "%{http_code}"], ["curl", "--version"]],
    ["wget", ["sh", "-c", 'wget -qO- "$0" | grep -q token_endpoint && printf 200'], ["wget", "--version"]],
    [
      "Python",
      ["/usr/bin/python3", "-c", "import requests,sys;print(requests.get(sys.argv[1]).status_code,end='')"],
      ["/usr/bin/python3", "-c", "import requests"],
    ],
    [
      "Ruby",
      ["ruby", "-rnet/http", "-e", "print Net::HTTP.get_response(URI(ARGV[0])).code"],
      ["ruby", "--version"],
    ],
    [
      "PHP",
      [
        "php",
        "-r",
        "$c = curl_init($argv[1]); curl_setopt($c, CURLOPT_RETURNTRANSFER, 1); curl_exec($c); echo curl_getinfo($c, CURLINFO_HTTP_CODE), curl_error($c);",
      ],
      ["php", "-r", "exit(function_exists('curl_init') ? 0 : 1);"],
    ],
    [
      "fetch of Node",
      [
        process.execPath,
        "-e",
        "fetch(process.argv[1]).then((answer) => process.stdout.write(String(answer.status)))",
      ],
      undefined,
    ],
    [
      "https of Node",
      [
        process.execPath,
        "-e",
        "require('https').get(process.argv[1], (answer) => { process.stdout.write(String(answer.statusCode)); answer.resume(); })",
      ],
      undefined,
    ],
    [
      "tls of Node in a module",
      [
        process.execPath,
        "--input-type=module",
        "-e",
        `import { connect } from "node:tls"; const { host } = new URL(process.argv[1]);
         const socket = connect(443, host, { servername: host }, () => { process.stdout.write(socket.authorized ? "200" : "no"); socket.end(); });`,
      ],
      undefined,
    ],
  ] as const)("lets %s reach the real names without a change", async (_language, command, check) => {
    if (check !== undefined && !isInstalled(check)) return;
    const url = "https://login.microsoftonline.com/school.example/v2.0/.well-known/openid-configuration";
    expect(await finished(script(...command, url))).toEqual({ status: 0, out: "200", err: "" });
  });

  it("lets Node reach no other host, and its own machine", async () => {
    const source = `const server = require("http").createServer((_, answer) => answer.end("own")).listen(0, async () => {
      console.log(await (await fetch("http://localhost:" + server.address().port)).text());
      for (const host of ["elsewhere.example", "localhost", "a.localhost", "127.0.0.1"])
        await fetch("https://" + host).then(() => false, ({ cause }) => /lets nothing through/.test(cause.message)).then((refused) => console.log(host, refused));
      server.close();
    })`;
    expect(await finished(script(process.execPath, "-e", source))).toEqual({
      status: 0,
      out: "own\nelsewhere.example true\nlocalhost false\na.localhost false\n127.0.0.1 false\n",
      err: "",
    });
  });

  it("lets an unmodified msal-node get a token, and its cloud discovery too", async () => {
    const [tenant, clientId, secretText] = [
      "11111111-0000-4000-8000-000000000000",
      "00000000-0000-4000-8000-0000000000aa",
      "canary-secret-1",
    ];
    const applications = [
      { manifest: { appId: clientId }, secrets: [{ secretText, endDateTime: "2099-01-01T00:00:00Z" }] },
    ];
    const seed = { tenants: [{ tenantId: tenant, domains: ["school.example"], applications }] };
    writeFileSync(join(cwd, "daemon.json"), JSON.stringify(seed));
    const source = `const { ConfidentialClientApplication } = require("@azure/msal-node");
      const auth = { clientId: "${clientId}", authority: "https://login.microsoftonline.com/${tenant}", clientSecret: "${secretText}" };
      new ConfidentialClientApplication({ auth })
        .acquireTokenByClientCredential({ scopes: ["https://graph.microsoft.com/.default"] })
        .then((answer) => console.log(JSON.parse(Buffer.from(answer.accessToken.split(".")[1], "base64url")).appid));`;
    const program = start([
      ...["emulator", "exec", "--seed", "daemon.json", "--"],
      ...[process.execPath, "-e", source],
    ]);
    expect(await finished(program)).toEqual({ status: 0, out: `${clientId}\n`, err: "" });
  });

  it("lets Java reach the real names without a change", { timeout: 30_000 }, async () => {
    if (!isInstalled(["javac", "-version"])) return;
    writeFileSync(
      join(cwd, "Probe.java"),
      `import java.net.*;
public class Probe {
  public static void main(String[] args) throws Exception {
    System.out.print(((HttpURLConnection) URI.create(args[0]).toURL().openConnection()).getResponseCode());
  }
}`,
    );
    const { status, out } = await finished(
      script("java", "Probe.java", "https://graph.microsoft.com/v1.0/users"),
    );
    expect([status, out]).toEqual([0, "401"]);
  });
});

/** Where a language is missing the reason is printed. */
function isInstalled([program = "", ...args]: readonly string[]): boolean {
  const { status } = spawnSync(program, args);
  if (status === 0) return true;
  const reason = `"${[program, ...args].join(" ")}" does not run`;
  if (process.env["CI"] !== undefined) throw new Error(reason);
  console.warn(`emulator exec is not tried with ${program}: ${reason}`);
  return false;
}

describe("Ctrl-C", () => {
  it.each(["1. ", "5. "])(
    "after step %j of the demo ends it with 130, and its folder is gone",
    async (step) => {
      const child = start(["demo"]);
      const end = finished(child);
      await printed(child, step);
      child.kill("SIGINT");
      const { status, err } = await end;
      expect([status, err]).toEqual([130, "Interrupted\n"]);
      expect(readdirSync(temporary)).toEqual([]);
    },
  );

  it("ends the wait for a pipe that nobody writes, and --json says so", async () => {
    execFileSync("mkfifo", [join(cwd, "fifo")]);
    const child = start(["cert", "show", "fifo", "--json"]);
    const end = finished(child);
    await new Promise((wait) => setTimeout(wait, 700));
    child.kill("SIGINT");
    const { status, out } = await end;
    expect(status).toBe(130);
    expect(JSON.parse(out)).toMatchObject({ error: { code: "CLI_INTERRUPTED" } });
  });

  it("and SIGTERM end what serves until then with 0", async () => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      const child = start(["emulator", "start", "--port", "0", "--json"]);
      const end = finished(child);
      await printed(child, "\n");
      child.kill(signal);
      const { status, out } = await end;
      expect(status).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ ready: true, pid: child.pid });
    }
  });
});

describe("standard output", () => {
  it("that nobody reads any more ends the demo quietly, and its folder is gone", () => {
    const { status, output } = shell("set -o pipefail; nightlatch demo 2>err.txt | head -1; cat err.txt");
    expect([status, output.split("\n").length]).toEqual([0, 2]);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it.skipIf(!existsSync("/dev/full"))("that is full is said, with status 1", () => {
    const { status, output } = shell("nightlatch cert show t.pem > /dev/full");
    expect(status).toBe(1);
    expect(output).toMatch(/^error: .*no space left.*\(CLI_OUTPUT_LOST\)\nhint: .+\n$/);
  });
});

describe("pipes and descriptors", () => {
  it("are read as files: from a descriptor, late, empty, and twice", () => {
    const subject = "Subject        CN=Nightlatch";
    expect(shell("nightlatch cert show /dev/fd/3 3<t.pem").output).toContain(subject);
    expect(shell("nightlatch cert show <(sleep 0.3; cat t.pem)").output).toContain(subject);
    expect(shell("rm -f p; mkfifo p; (sleep 0.5; cat t.pem > p) & nightlatch cert show p").output).toContain(
      subject,
    );
    expect(shell("nightlatch cert show <(true)").output).toContain("CREDENTIAL_INPUT_EMPTY");
  });

  it("are written to and never replaced, not even with --force", () => {
    const { output } = shell(
      "rm -f q; mkfifo q; cat q > copy.pem & nightlatch cert create --out q --force; wait; nightlatch cert show copy.pem",
    );
    expect(output).toContain("present, fits the certificate");
    expect(statSync(join(cwd, "q")).isFIFO()).toBe(true);
  });
});

describe("a terminal", () => {
  const hasScript = existsSync("/usr/bin/script");
  if (!hasScript) console.warn('test skipped: no program "script" to make a terminal');

  it.skipIf(!hasScript)("is asked for a passphrase, which is not shown", () => {
    const make = "openssl pkcs12 -export -in t.pem -inkey t.pem -out t.pfx -passout pass:c4n4ry";
    const ask = `"${process.execPath}" "${main}" cert show t.pfx --passphrase-file -`;
    const { output } = shell(`${make}; (sleep 1; echo c4n4ry) | script -qec '${ask}' /dev/null`);
    expect(output).toContain("Passphrase: ");
    expect(output).toContain("present, fits the certificate");
    expect(output).not.toContain("c4n4ry");
  });

  it.skipIf(!hasScript)("gets a progress bar and colours; with NO_COLOR or CI it gets neither", () => {
    const rows =
      "id,mailbox,subject,start,end\n1,room-12@school.example,Art,2026-09-07 09:00,2026-09-07 10:00\n";
    writeFileSync(join(cwd, "one.csv"), rows);
    const demo = `"${process.execPath}" "${main}" demo --exit --timetable one.csv --zone Europe/London`;
    const bare = shell(`script -qec '${demo}' /dev/null`).output;
    const colourful = shell(`unset NO_COLOR CI; script -qec '${demo}' /dev/null`).output;
    expect(bare).not.toContain("\u001b");
    expect(colourful).toContain("█");
    expect(colourful).toContain("\u001b[1m");
  });
});
