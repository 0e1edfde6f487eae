import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { judged, type Measure, shown } from "../measure.ts";
import { runNode, withFolder } from "../processes.ts";

const fileBytes = 50 * 2 ** 20;
const rounds = 3;
const program = fileURLToPath(new URL("../programs/explain-har.mjs", import.meta.url));

export const harMeasure: Measure = {
  name: "har",
  title: "doctor, a HAR file of 50 MB with one refused token request",
  run: () =>
    withFolder(async (folder) => {
      const path = join(folder, "session.har");
      writeHar(path);
      let [wallMs, peakMiB] = [Number.POSITIVE_INFINITY, 0];
      for (let round = 0; round < rounds; round += 1) {
        const run = JSON.parse(runNode([program, path]).stdout) as {
          wallMs: number;
          peakMiB: number;
          codes: string[];
        };
        if (!run.codes.includes("AADSTS1002012")) throw new Error(`not found among ${run.codes.join(", ")}`);
        wallMs = Math.min(wallMs, run.wallMs);
        peakMiB = Math.max(peakMiB, run.peakMiB);
      }
      const floor = runNode([
        "--input-type=module",
        "-e",
        `import { readFileSync } from "node:fs";
        const content = readFileSync(${JSON.stringify(path)});
        const start = performance.now();
        JSON.parse(content.toString());
        console.log(performance.now() - start);`,
      ]);
      return [
        shown("bare JSON.parse of the file", Number(floor.stdout), "ms"),
        judged(`explain(), best of ${rounds}`, wallMs, "ms", { atMost: 5_000 }),
        judged("peak of memory, the file's bytes included", peakMiB, "MiB", { atMost: 300 }),
      ];
    }),
};

const refused = {
  request: {
    method: "POST",
    url: "https://login.microsoftonline.com/11111111-0000-4000-8000-000000000000/oauth2/v2.0/token",
    headers: [{ name: "Content-Type", value: "application/x-www-form-urlencoded" }],
    postData: { text: "grant_type=client_credentials&client_id=a&scope=User.Read.All" },
  },
  response: {
    status: 400,
    headers: [],
    content: {
      text: '{"error":"invalid_scope","error_description":"AADSTS1002012: The provided value for scope User.Read.All is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).","error_codes":[1002012]}',
    },
  },
};

/** Mostly scripts of pages, some of them large; the refusal comes last. */
function writeHar(path: string): void {
  const page = (bytes: number): string =>
    `${JSON.stringify({
      request: { method: "GET", url: "https://app.school.example/bundle.js", headers: [] },
      response: {
        status: 200,
        headers: [],
        content: { text: 'draw("{\\"a\\"}");\n'.repeat(Math.ceil(bytes / 17)) },
      },
    })},\n`;
  const [small, large] = [page(20_000), page(2_000_000)];
  const file = openSync(path, "w");
  let size = writeSync(file, '{"log":{"version":"1.2","entries":[\n');
  for (let index = 0; size < fileBytes; index += 1) size += writeSync(file, index % 8 === 0 ? large : small);
  writeSync(file, `${JSON.stringify(refused)}\n]}}`);
  closeSync(file);
}
