/** Exchange Web Services stands apart: the emulator does without its folder, and loads it when somebody asks for it. */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { STATE_DIR } from "./entra-school.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const src = join(import.meta.dirname, "..", "src");
const TSX = ["--conditions=@nightlatch/source", "--import", "tsx", "--input-type=module", "-e"];

mkdirSync(STATE_DIR, { recursive: true });

/** The lines that compose the folder into the emulator: one loads it, one exports the type of its switches. */
const COMPOSING = /^.*(?:import\(|from )"\.{1,2}\/ews\/.*\n/gm;

const SEND = `
  import { request } from "node:https";
  const send = ({ caPem: ca }, url, method, headers = {}) => new Promise((resolve, reject) => {
    const sent = request(url, { method, ca, headers, agent: false }, (answer) => resolve(answer.resume().statusCode));
    sent.on("error", reject).end(method === "POST" ? "<x/>" : "");
  });`;

function runProgram(program: string, folder: string): string {
  return execFileSync(process.execPath, [...TSX, program], {
    cwd: folder,
    encoding: "utf8",
    timeout: 60_000,
  });
}

it("without its folder and the two lines that name it the emulator compiles, starts and serves Graph", () => {
  const folder = mkdtempSync(join(tmpdir(), "nightlatch-apart-"));
  try {
    const copy = join(folder, "packages", "emulator", "src");
    cpSync(src, copy, {
      recursive: true,
      filter: (path) => path !== join(src, "ews") && !path.endsWith(".test.ts"),
    });
    const removed = readdirSync(copy, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .flatMap((name) => {
        const text = readFileSync(join(copy, name), "utf8");
        writeFileSync(join(copy, name), text.replaceAll(COMPOSING, ""));
        return [...text.matchAll(COMPOSING)].map(() => name);
      });
    expect(removed.sort()).toEqual(["host/start.ts", "index.ts"]);
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    for (const name of [
      "tsconfig.base.json",
      "packages/emulator/tsconfig.json",
      "packages/emulator/package.json",
    ])
      cpSync(join(root, name), join(folder, name));
    execFileSync(join(root, "node_modules", ".bin", "tsc"), ["--noEmit", "-p", "packages/emulator"], {
      cwd: folder,
      stdio: "pipe",
    });
    const program = `
      ${SEND}
      import { startEmulator } from "./packages/emulator/src/index.ts";
      const emulator = await startEmulator({ port: 0, stateDir: ${JSON.stringify(STATE_DIR)} });
      const { access_token } = await emulator.tokenFor({ roles: ["User.Read.All"] });
      console.log(JSON.stringify([
        await send(emulator, emulator.graph + "/users", "GET", { authorization: "Bearer " + access_token }),
        await send(emulator, emulator.ews, "POST"),
      ]));
      await emulator.close();`;
    expect(JSON.parse(runProgram(program, folder))).toEqual([200, 404]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("nothing of it is loaded by starting the emulator, and no parser before the first request that is let in", () => {
  const program = `
    import { createRequire } from "node:module";
    ${SEND}
    import { startEmulator } from "./src/index.ts";
    const emulator = await startEmulator({ port: 0, stateDir: ${JSON.stringify(STATE_DIR)} });
    const wish = { audience: "https://outlook.office365.com", roles: ["full_access_as_app"], claims: { appidacr: "2" } };
    const { access_token } = await emulator.tokenFor(wish);
    const isLoaded = () => Object.keys(createRequire(import.meta.url).cache).some((name) => name.includes("saxes"));
    const xml = { "content-type": "text/xml" };
    console.log(JSON.stringify([
      isLoaded(),
      await send(emulator, emulator.ews, "POST", xml), isLoaded(),
      await send(emulator, emulator.ews, "POST", { ...xml, authorization: "Bearer " + access_token }), isLoaded(),
    ]));
    await emulator.close();`;
  expect(JSON.parse(runProgram(program, join(src, "..")))).toEqual([false, 401, false, 500, true]);
});
