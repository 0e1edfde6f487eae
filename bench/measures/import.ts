import { spawnSync } from "node:child_process";
import { realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSelfSigned } from "@nightlatch/credential";
import { makeLocalCertificate } from "../local-certificate.ts";
import { judged, type Measure, type Row, shown } from "../measure.ts";
import { ROOT, runNode, startProgram, withFolder } from "../processes.ts";

const rounds = 40;
const programs = {
  bare: "",
  crypto: `await import(${JSON.stringify(new URL("../programs/only-crypto.mjs", import.meta.url))})`,
  nightlatch: 'await import("@nightlatch/oauth")',
  both: 'await import("@nightlatch/oauth"); await import("@nightlatch/credential")',
  msal: 'await import("@azure/msal-node")',
};
type Program = keyof typeof programs;

export const importMeasure: Measure = {
  name: "import",
  title: `what it costs to use the client: best of ${rounds} processes, modules, package size`,
  run: async () => [
    ...importTimes(),
    ...builtinsOfTheImport(),
    ...(await modulesOnThePemPath()),
    ...packageSizes(),
  ],
};

function importTimes(): Row[] {
  const best = {} as Record<Program, number>;
  for (let round = 0; round < rounds; round += 1)
    for (const name of Object.keys(programs) as Program[]) {
      const { wallMs } = runNode(["--input-type=module", "-e", programs[name]]);
      best[name] = Math.min(best[name] ?? Number.POSITIVE_INFINITY, wallMs);
    }
  return [
    shown("bare node", best.bare, "ms"),
    shown(
      "import of a file that imports node:crypto and no more, over bare node",
      best.crypto - best.bare,
      "ms",
    ),
    judged("import of @nightlatch/oauth, over bare node", best.nightlatch - best.bare, "ms", { atMost: 10 }),
    shown("and of @nightlatch/credential besides, over bare node", best.both - best.bare, "ms"),
    shown("import of @azure/msal-node, over bare node", best.msal - best.bare, "ms"),
  ];
}

/** Modules of Node that take milliseconds to load and that a program which asks for no token does without. */
function builtinsOfTheImport(): Row[] {
  const heavy = ["crypto", "http", "https", "net", "tls"].map((name) => `NativeModule ${name}`);
  const loaded = (program: string): string[] => {
    // Read before `process.stdout`, which loads node:net for a pipe.
    const listing = "const list = JSON.stringify(process.moduleLoadList); process.stdout.write(list)";
    const { stdout } = runNode(["--input-type=module", "-e", `${program}; ${listing}`]);
    return (JSON.parse(stdout) as string[]).filter((name) => heavy.includes(name));
  };
  // A list that could not show such a module would show none.
  if (loaded(programs.crypto).length === 0)
    throw new Error("process.moduleLoadList does not show node:crypto");
  return [
    judged(
      "of node:crypto, http, https, net, tls: loaded with @nightlatch/oauth",
      loaded(programs.nightlatch).length,
      "",
      { atMost: 0 },
    ),
  ];
}

function modulesOnThePemPath(): Promise<Row[]> {
  return withFolder(async (folder) => {
    const local = makeLocalCertificate(folder);
    const { certificatePem, privateKeyPem } = await createSelfSigned({ subject: "CN=Bench" });
    const pemPath = join(folder, "bench.pem");
    writeFileSync(pemPath, privateKeyPem + certificatePem, { mode: 0o600 });
    const server = await startProgram<string>("token-server", {
      env: { CERTIFICATE_PEM: local.certificatePem, KEY_PEM: local.keyPem },
    });
    const path = (name: string): string => fileURLToPath(new URL(`../programs/${name}`, import.meta.url));
    const { stdout } = runNode([
      ...["--import", path("load-log.mjs"), path("pem-path.mjs")],
      ...[server.greeting, local.certificatePath, pemPath],
    ]);
    await server.stop();
    const files = (JSON.parse(stdout) as string[])
      .filter((url) => !url.startsWith("node:"))
      .map((url) => realpathSync(url.startsWith("file:") ? fileURLToPath(url) : url));
    const ours = files.filter((file) => file.startsWith(join(ROOT, "packages")));
    // A check that looked at nothing would find nothing.
    if (ours.length < 3) throw new Error(`only ${ours.length} modules of ours were seen: ${stdout}`);
    const foreign = files.filter((file) => file.includes("node_modules"));
    return [
      judged("third-party modules loaded from a PEM file to a token", foreign.length, "", { atMost: 0 }),
      shown("modules of ours loaded from a PEM file to a token", ours.length, ""),
    ];
  });
}

/** What `npm pack` would send: the tarballs, and what they unpack to. */
function packageSizes(): Row[] {
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const workspaces = ["-w", "packages/credential", "-w", "packages/oauth"];
  const { stdout } = spawnSync("npm", [...args, ...workspaces], { cwd: ROOT, encoding: "utf8" });
  const packs = JSON.parse(stdout) as { size: number; unpackedSize: number }[];
  if (packs.length !== 2) throw new Error(`npm pack named ${packs.length} packages, wanted 2`);
  const megabytes = (key: "size" | "unpackedSize"): number =>
    packs.reduce((sum, pack) => sum + pack[key], 0) / 1e6;
  return [
    judged("credential and oauth, unpacked", megabytes("unpackedSize"), "MB", { atMost: 0.5 }),
    shown("credential and oauth, tarballs", megabytes("size"), "MB"),
  ];
}
