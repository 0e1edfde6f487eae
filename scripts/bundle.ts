/**
 * Writes the JavaScript of every package: one file for each door and for what is loaded on first use, instead of one
 * for each source file. Node 20 needs about half a millisecond for every module that it loads.
 *
 * Types come from `tsc -b`, which emits declarations only. Other packages stay imports.
 */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

interface Manifest {
  readonly exports: Record<string, Record<string, string>>;
  readonly bin?: Record<string, string>;
}

async function bundle(room: string): Promise<void> {
  const folder = join(root, "packages", room);
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const doors = Object.values(manifest.exports).map((entry) => entry["@nightlatch/source"] ?? "");
  const programs = Object.values(manifest.bin ?? {}).map((path) =>
    path.replace(/^dist\/(.*)\.js$/, "src/$1.ts"),
  );
  for (const name of readdirSync(join(folder, "dist"), { recursive: true, encoding: "utf8" }))
    if (/\.js(\.map)?$/.test(name)) rmSync(join(folder, "dist", name));
  await build({
    absWorkingDir: folder,
    entryPoints: [...doors, ...programs],
    outdir: "dist",
    outbase: "src",
    bundle: true,
    splitting: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20.19",
    sourcemap: "linked",
    sourcesContent: false,
    // Chunks stand beside the doors, so that a path relative to a source at the top of src stays right.
    chunkNames: "[name]-[hash]",
    logLevel: "warning",
  });
}

await Promise.all(readdirSync(join(root, "packages")).map(bundle));
