/**
 * Writes the JavaScript of every package: one file for each door and for what is loaded on first use, instead of one
 * for each source file. Node 20 needs about half a millisecond for every module that it loads.
 *
 * Types come from `tsc -b`, which emits declarations only. Other packages stay imports. Arguments are packages to bundle.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, normalize, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

interface Manifest {
  readonly exports: Record<string, Record<string, string>>;
  readonly bin?: Record<string, string>;
}

const form = {
  bundle: true,
  packages: "external",
  format: "esm",
  platform: "node",
  target: "node20.19",
  sourcemap: "linked",
  sourcesContent: false,
  logLevel: "warning",
} as const satisfies BuildOptions;

async function bundle(room: string): Promise<void> {
  const folder = join(root, "packages", room);
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const doors = Object.values(manifest.exports).map((entry) => entry["@nightlatch/source"] ?? "");
  const programs = Object.values(manifest.bin ?? {}).map((path) =>
    path.replace(/^dist\/(.*)\.js$/, "src/$1.ts"),
  );
  for (const name of readdirSync(join(folder, "dist"), { recursive: true, encoding: "utf8" }))
    if (/\.js(\.map)?$/.test(name)) rmSync(join(folder, "dist", name));
  const { metafile } = await build({
    ...form,
    absWorkingDir: folder,
    entryPoints: [...doors, ...programs],
    outdir: "dist",
    outbase: "src",
    splitting: true,
    // Chunks stand beside the doors, so that a path relative to a source at the top of src stays right.
    chunkNames: "[name]-[hash]",
    metafile: true,
  });
  await foldChunks(join(folder, "dist"), metafile);
}

/** What one file of `dist` takes from others at once, and gives. */
type Output = Metafile["outputs"][string];

/**
 * Makes one file of a door and all the chunks that it loads at once. esbuild makes a chunk for every set of doors and
 * lazily loaded files that share code, so that each file loaded on demand would cost its door another file at every
 * start. Where other files take from these chunks what the door does not export, the chunks become one file beside it:
 * a door shows what its package promises, and no more.
 */
async function foldChunks(dist: string, { outputs }: Metafile): Promise<void> {
  const files = new Map(
    Object.entries(outputs)
      .filter(([path]) => path.endsWith(".js"))
      .map(([path, output]) => [inDist(path), output]),
  );
  const lazy = new Set(
    [...files.values()].flatMap(({ imports }) =>
      imports.filter(({ kind }) => kind === "dynamic-import").map(({ path }) => inDist(path)),
    ),
  );
  const closures = [...files]
    .filter(([name, { entryPoint }]) => entryPoint !== undefined && !lazy.has(name))
    .map(([door, { bytes }]) => ({ door, bytes, chunks: loadedWith(door, files) }))
    // A chunk of several doors goes to the smallest of them.
    .sort((one, other) => one.chunks.size - other.chunks.size || one.bytes - other.bytes);
  const remaining = new Map(files);
  for (const { door, chunks } of closures) {
    const own = [...chunks].filter((chunk) => remaining.has(chunk));
    for (const chunk of own) remaining.delete(chunk);
    if (own.length > 0) await fold(dist, door, own, remaining);
  }
}

function inDist(path: string): string {
  return posix.relative("dist", path);
}

/** Chunks that a file imports at once, and those that these import. */
function loadedWith(
  name: string,
  files: ReadonlyMap<string, Output>,
  found = new Set<string>(),
): Set<string> {
  for (const { path, kind, external } of files.get(name)?.imports ?? []) {
    const chunk = inDist(path);
    if (kind !== "import-statement" || external === true || found.has(chunk)) continue;
    found.add(chunk);
    loadedWith(chunk, files, found);
  }
  return found;
}

async function fold(
  dist: string,
  door: string,
  chunks: readonly string[],
  files: ReadonlyMap<string, Output>,
): Promise<void> {
  const doorExports = files.get(door)?.exports ?? [];
  const others = [...files.keys()].filter((name) => name !== door);
  const wanted = chunks.flatMap((chunk) =>
    others.flatMap((other) => namesTaken(dist, other, chunk).map((name) => ({ chunk, name }))),
  );
  // Chunks stay at the top of dist: there the paths are right that they make of their own address.
  const fits = !door.includes("/") && wanted.every(({ name }) => doorExports.includes(name));
  const target = fits ? door : `${door.slice(0, -".js".length).replaceAll("/", "-")}-core.js`;
  const sources = fits ? [door, ...wanted.map(({ name, chunk }) => `only ${name} of ${chunk}`)] : chunks;
  const { metafile } = await build({
    ...form,
    absWorkingDir: dist,
    stdin: {
      contents: sources.map((source) => `export * from "./${source}";`).join("\n"),
      resolveDir: dist,
    },
    outfile: target,
    allowOverwrite: true,
    metafile: true,
    plugins: [onlyThese([door, ...chunks])],
  });
  // `export *` leaves out a name that stands for two things.
  const missing = [...(fits ? doorExports : []), ...wanted.map(({ name }) => name)].find(
    (name) => !metafile.outputs[target]?.exports.includes(name),
  );
  if (missing !== undefined) throw new Error(`${dist}/${target}: ${missing} stands for two things`);
  for (const chunk of chunks) for (const suffix of ["", ".map"]) rmSync(join(dist, chunk + suffix));
  for (const other of fits ? others : [door, ...others]) redirect(dist, other, chunks, target);
}

/** Bundles these files; whatever else stands beside them stays an import. `only NAME of FILE` is a file with one name. */
function onlyThese(names: readonly string[]): Plugin {
  return {
    name: "only these",
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^\.\// }, ({ path, resolveDir }) => {
        const name = normalize(path);
        if (name.startsWith("only ")) return { path: name, namespace: "only", pluginData: resolveDir };
        return names.includes(name) ? undefined : { path, external: true };
      });
      onLoad({ filter: /^only /, namespace: "only" }, ({ path, pluginData }) => {
        const [, name, , file] = path.split(" ");
        return { contents: `export { ${name} } from "./${file}";`, resolveDir: pluginData as string };
      });
    },
  };
}

/** Names that a file imports from a chunk, as the chunk spells them. */
function namesTaken(dist: string, file: string, chunk: string): string[] {
  const statements = readFileSync(join(dist, file), "utf8").matchAll(
    /^import \{([^}]*)\} from ("[^"]+");$/gm,
  );
  return [...statements]
    .filter(([, , specifier]) => specifier === specifierOf(chunk, file))
    .flatMap(([, names = ""]) => names.split(",").map((name) => name.trim().split(" as ")[0] ?? ""));
}

function redirect(dist: string, file: string, from: readonly string[], to: string): void {
  const path = join(dist, file);
  const before = readFileSync(path, "utf8");
  const after = from.reduce(
    (text, chunk) => text.replaceAll(specifierOf(chunk, file), specifierOf(to, file)),
    before,
  );
  if (after !== before) writeFileSync(path, after);
}

/** How a file in `dist` spells another, with the quotes. */
function specifierOf(name: string, from: string): string {
  const path = posix.relative(posix.dirname(from), name);
  return JSON.stringify(path.startsWith(".") ? path : `./${path}`);
}

const named = process.argv.slice(2);
await Promise.all((named.length > 0 ? named : readdirSync(join(root, "packages"))).map(bundle));
