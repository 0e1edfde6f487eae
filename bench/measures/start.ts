import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createHttpsClient, FORM } from "../https.ts";
import { type LocalCertificate, makeLocalCertificate } from "../local-certificate.ts";
import { judged, type Measure, median, shown } from "../measure.ts";
import { startEmulatorProcess, startNode, withFolder } from "../processes.ts";
import { secretForm, tokenEndpoint, writeSchool } from "../school.ts";

const firstStarts = 5;
const laterStarts = 9;

export const startMeasure: Measure = {
  name: "start",
  title: "emulator, process start to first token served",
  run: () =>
    withFolder(async (folder) => {
      const { seedFile } = await writeSchool(folder, ["room-12@school.example"]);
      const local = makeLocalCertificate(folder);
      const first: number[] = [];
      const later: number[] = [];
      const floor: number[] = [];
      for (let round = 0; round < firstStarts; round += 1)
        first.push(await startToToken(join(folder, `home-${round}`), seedFile));
      for (let round = 0; round < laterStarts; round += 1) {
        later.push(await startToToken(join(folder, "home-0"), seedFile));
        floor.push(await startBareServer(local));
      }
      const [best, bare] = [Math.min(...later), Math.min(...floor)];
      return [
        shown(`bare node:https server, best of ${laterStarts}`, bare, "ms"),
        judged(`keys cached, best of ${laterStarts}`, best, "ms", { atMost: 150 }),
        judged("the same, times the bare server", best / bare, "×", { atMost: 2.5 }),
        shown(`keys cached, median of ${laterStarts}`, median(later), "ms"),
        judged(`first start ever, best of ${firstStarts}`, Math.min(...first), "ms", { atMost: 450 }),
        shown(`first start ever, median of ${firstStarts}`, median(first), "ms"),
      ];
    }),
};

/** Starts the command, waits for its ready line, gets a token; milliseconds in all. */
async function startToToken(home: string, seedFile: string): Promise<number> {
  const start = performance.now();
  const emulator = await startEmulatorProcess(home, seedFile);
  const client = createHttpsClient(emulator.ca);
  const { status } = await client.send("POST", tokenEndpoint(emulator.origin), {
    headers: FORM,
    body: secretForm(),
  });
  const elapsed = performance.now() - start;
  client.close();
  await emulator.stop();
  if (status !== 200) throw new Error(`the token endpoint answered ${status}`);
  return elapsed;
}

const bareServer = fileURLToPath(new URL("../programs/bare-server.mjs", import.meta.url));

/** The same with nothing but a server in it. */
async function startBareServer({
  certificatePath,
  certificatePem,
  keyPath,
}: LocalCertificate): Promise<number> {
  const start = performance.now();
  const server = await startNode([bareServer, certificatePath, keyPath]);
  const client = createHttpsClient(certificatePem);
  await client.send("GET", server.greeting);
  const elapsed = performance.now() - start;
  client.close();
  await server.stop();
  return elapsed;
}
