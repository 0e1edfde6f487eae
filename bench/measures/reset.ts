import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fillMailbox, getGraphToken } from "../graph-mailbox.ts";
import { createHttpsClient, type HttpsClient } from "../https.ts";
import { judged, type Measure, median, type Row } from "../measure.ts";
import { MAIN, type Ready, startNode, withFolder } from "../processes.ts";
import { writeSchool } from "../school.ts";

/** As many as the sample school has, and more than a test suite writes between two resets. */
const mailboxes = Array.from({ length: 30 }, (_, index) => `room-${index + 1}@school.example`);
const eventsWritten = 5_000;
const resets = 10;
const atMost = 50;

export const resetMeasure: Measure = {
  name: "reset",
  title: `emulator, reset to a seed of ${mailboxes.length} mailboxes, over HTTPS`,
  run: async () => [...(await rowsOf("in memory", false)), ...(await rowsOf("with --data", true))],
};

function rowsOf(where: string, isKept: boolean): Promise<Row[]> {
  return withFolder(async (folder) => {
    const { seedFile } = await writeSchool(folder, mailboxes);
    const data = isKept ? ["--data", join(folder, "data")] : [];
    const program = await startNode(
      [MAIN, "emulator", "start", "--port", "0", "--json", "--seed", seedFile, ...data],
      { env: { NIGHTLATCH_HOME: folder } },
    );
    const line = JSON.parse(program.greeting) as Ready;
    const ready: Ready = { ...line, ca: readFileSync(line.ca, "utf8") };
    const client = createHttpsClient(ready.ca);
    const token = await getGraphToken(client, ready);
    const [mailbox = ""] = mailboxes;
    await resetMs(client, ready);
    const [again, afterWrites]: [number[], number[]] = [[], []];
    for (let round = 0; round < resets; round += 1) again.push(await resetMs(client, ready));
    for (let round = 0; round < 3; round += 1) {
      await fillMailbox(client, { ready, token, mailbox, contents: { singles: eventsWritten, series: 0 } });
      afterWrites.push(await resetMs(client, ready));
      await expectEmpty(client, ready, token, mailbox);
    }
    client.close();
    await program.stop();
    // What is kept waits for the disk, whose slowest sync says nothing about the code.
    const [word, pick] = isKept
      ? (["median", median] as const)
      : (["slowest", (values: readonly number[]) => Math.max(...values)] as const);
    return [
      judged(`${where}: ${word} of ${resets}`, pick(again), "ms", { atMost }),
      judged(`${where}: ${word} of 3, each after ${eventsWritten} writes`, pick(afterWrites), "ms", {
        atMost,
      }),
    ];
  });
}

async function resetMs(client: HttpsClient, { origin }: Ready): Promise<number> {
  const start = performance.now();
  const { status, text } = await client.send("POST", `${origin}/emulator/v1/reset`);
  if (status !== 204) throw new Error(`reset answered ${status}: ${text}`);
  return performance.now() - start;
}

async function expectEmpty(client: HttpsClient, ready: Ready, token: string, mailbox: string): Promise<void> {
  const url = `${ready.graph}/users/${mailbox}/events/$count`;
  const { text } = await client.send("GET", url, { headers: { authorization: `Bearer ${token}` } });
  if (text !== "0") throw new Error(`after a reset the mailbox still holds: ${text}`);
}
