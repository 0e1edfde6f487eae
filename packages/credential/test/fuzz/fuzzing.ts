/**
 * What a fuzz test of any package needs: parsers that either take an input or refuse it with a code, inputs that are
 * kept, inputs that are drawn, and the counts of what became of them.
 *
 * The rules are: every file of `corpus/` goes through every parser; every generator draws a fixed number of inputs from
 * a fixed seed; both outcomes must be those of `counts.json`, which is committed. `NIGHTLATCH_FUZZ=N` draws N times as
 * many again from fresh seeds, where only the parsers' own promises are held; an input that breaks one is kept as a
 * file of the corpus. `NIGHTLATCH_FUZZ_WRITE=1` writes `counts.json`.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { isNightlatchError } from "../../src/index.ts";

/** Takes an input or refuses it with a coded error; any other error is a broken promise. */
export type Parser = (input: Buffer) => unknown;

/** Draws inputs for one parser. */
export interface Generator {
  /** Name of a parser. */
  readonly parser: string;
  /** Inputs drawn each time. */
  readonly runs: number;
  readonly inputs: fc.Arbitrary<Buffer>;
  /**
   * Node or its OpenSSL judge some of these inputs, and differently from version to version: damaged CRT numbers of a
   * key, members of a JWK, base64 with foreign characters. Their counts are those of Node 20, and compared only there.
   */
  readonly countedOnNode20?: boolean;
}

/** What became of the inputs of a generator. */
export interface Counts {
  readonly parser: string;
  readonly seed: number;
  readonly inputs: number;
  readonly accepted: number;
  /** By code. */
  readonly refused: Readonly<Record<string, number>>;
}

interface Outcomes {
  /** By file, then by parser: `accepted` or a code. */
  readonly corpus: Record<string, Record<string, string>>;
  readonly generated: Record<string, Counts>;
}

const SEED = 20_261_121;
const SLOWEST_MS = 5_000;
const freshRuns = Number(process.env["NIGHTLATCH_FUZZ"] ?? "0");
const writing = process.env["NIGHTLATCH_FUZZ_WRITE"] !== undefined;

/**
 * Describes the tests of a package.
 *
 * @param folder - address of the folder with `corpus/` and `counts.json`, with a slash at its end
 * @param parsers - by name
 * @param generators - by name
 */
export function describeFuzzing(
  folder: URL,
  parsers: Readonly<Record<string, Parser>>,
  generators: Readonly<Record<string, Generator>>,
): void {
  const kept: Outcomes = writing
    ? { corpus: {}, generated: {} }
    : (JSON.parse(readFileSync(new URL("counts.json", folder), "utf8")) as Outcomes);
  const found: Outcomes = { corpus: {}, generated: {} };

  describe("kept inputs", () => {
    for (const name of corpusFiles(folder))
      it(`every parser makes of ${name} what it made before`, async () => {
        const input = readCorpus(folder, name);
        const outcomes: Record<string, string> = {};
        for (const [parser, parse] of Object.entries(parsers))
          outcomes[parser] = await outcomeOf(parse, input);
        found.corpus[name] = outcomes;
        if (!writing) expect(outcomes).toEqual(kept.corpus[name]);
      });
  });

  describe("drawn inputs", () => {
    for (const [name, generator] of Object.entries(generators)) {
      const parse = parsers[generator.parser];
      if (parse === undefined) throw new Error(`no parser ${generator.parser}`);
      it(`${generator.parser} survives ${name}, ${generator.runs} from a fixed seed`, async () => {
        const counts = await draw(name, generator, parse, { seed: SEED, runs: generator.runs, folder });
        found.generated[name] = counts;
        const comparable = generator.countedOnNode20 !== true || process.version.startsWith("v20.");
        if (!writing && comparable) expect(counts).toEqual(kept.generated[name]);
      });
      const fresh = generator.runs * freshRuns;
      if (fresh === 0) continue;
      it(`${generator.parser} survives ${name}, ${fresh} from a fresh seed`, async () => {
        const seed = Math.floor(Math.random() * 2 ** 31);
        const { inputs, accepted } = await draw(name, generator, parse, { seed, runs: fresh, folder });
        console.info(`fuzz ${name}: seed ${seed}, ${inputs} inputs, ${accepted} accepted`);
      }, 3_600_000);
    }
  });

  it("counts.json names no input that is gone", () => {
    if (writing) return;
    expect(Object.keys(kept.corpus).sort()).toEqual(corpusFiles(folder));
    expect(Object.keys(kept.generated).sort()).toEqual(Object.keys(generators).sort());
  });

  afterAll(() => {
    if (writing) writeFileSync(new URL("counts.json", folder), `${JSON.stringify(found, sorted, 2)}\n`);
  });
}

/**
 * Reads a file of the corpus.
 *
 * @param folder - address of the folder above `corpus/`
 * @param name - of the file
 * @returns its bytes
 */
export function readCorpus(folder: URL, name: string): Buffer {
  return readFileSync(new URL(`corpus/${name}`, folder));
}

function corpusFiles(folder: URL): string[] {
  const names = readdirSync(new URL("corpus/", folder)).filter((name) => name !== "README.md");
  // A look at nothing would find nothing.
  if (names.length < 5) throw new Error(`only ${names.length} files in ${folder.href}corpus`);
  return names.sort();
}

async function draw(
  name: string,
  { parser, inputs }: Generator,
  parse: Parser,
  { seed, runs, folder }: { seed: number; runs: number; folder: URL },
): Promise<Counts> {
  const outcomes = new Map<string, number>();
  const property = fc.asyncProperty(inputs, async (input) => {
    const outcome = await outcomeOf(parse, input);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  });
  const details = await fc.check(property, { seed, numRuns: runs });
  if (details.failed) {
    const [input] = details.counterexample ?? [];
    throw new Error(
      `${fc.defaultReportMessage(details)}\n${input === undefined ? "" : keep(folder, name, input)}`,
    );
  }
  const accepted = outcomes.get("accepted") ?? 0;
  outcomes.delete("accepted");
  const refused = Object.fromEntries([...outcomes].sort(([one], [other]) => (one < other ? -1 : 1)));
  return { parser, seed, inputs: runs, accepted, refused };
}

/** A counterexample stays, so that it is tried at every run from now on. */
function keep(folder: URL, generator: string, input: Buffer): string {
  const digest = createHash("sha256").update(input).digest("hex").slice(0, 12);
  const name = `found-${generator.replaceAll(/\W+/g, "-")}-${digest}`;
  writeFileSync(new URL(`corpus/${name}`, folder), input);
  return `The input is kept as corpus/${name}: mend the parser, then write the counts with NIGHTLATCH_FUZZ_WRITE=1`;
}

/** `accepted` or the code of the refusal. */
async function outcomeOf(parse: Parser, input: Buffer): Promise<string> {
  const started = performance.now();
  try {
    await parse(Buffer.from(input));
    return "accepted";
  } catch (error) {
    if (!isNightlatchError(error)) throw error;
    return error.code;
  } finally {
    expect(performance.now() - started).toBeLessThan(SLOWEST_MS);
  }
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

type Change = {
  at: number;
  kind: "flip" | "insert" | "delete" | "repeat" | "cut";
  byte: number;
  length: number;
};

const kinds = [
  ..."flip flip flip flip insert insert delete delete repeat cut".split(" "),
] as Change["kind"][];
const changes = fc.array(
  fc.record({
    // Without bias: fast-check prefers bounds, and a change in the first byte only tries how files are recognised.
    at: fc.noBias(fc.nat({ max: 999_999 })),
    kind: fc.constantFrom(...kinds),
    byte: fc.integer({ min: 0, max: 255 }),
    length: fc.integer({ min: 1, max: 40 }),
  }),
  { minLength: 1, maxLength: 4 },
);

/**
 * Draws originals with one to four changes: bits flipped, bytes put in, left out, repeated, or the end cut off.
 *
 * @param originals - at least one
 * @returns the changed inputs
 */
export function mutated(...originals: readonly Buffer[]): fc.Arbitrary<Buffer> {
  return fc.tuple(fc.constantFrom(...originals), changes).map(([original, all]) => mutate(original, all));
}

function mutate(original: Buffer, all: readonly Change[]): Buffer {
  let bytes = Buffer.from(original);
  for (const { at, kind, byte, length } of all) {
    const index = at % Math.max(bytes.length, 1);
    const [before, after] = [bytes.subarray(0, index), bytes.subarray(index)];
    if (kind === "flip") bytes[index] = (bytes[index] ?? 0) ^ (byte === 0 ? 1 : byte);
    else if (kind === "insert") bytes = Buffer.concat([before, Buffer.alloc(length, byte), after]);
    else if (kind === "delete") bytes = Buffer.concat([before, after.subarray(length)]);
    else if (kind === "repeat") bytes = Buffer.concat([before, after.subarray(0, length), after]);
    else bytes = Buffer.from(before);
  }
  return bytes;
}
