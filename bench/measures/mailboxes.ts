import { fillMailbox, getGraphToken, WEEKS, YEAR_STARTS_AT } from "../graph-mailbox.ts";
import { createHttpsClient, drive } from "../https.ts";
import { judged, type Measure, shown } from "../measure.ts";
import { residentMiBOf, startEmulatorProcess, withFolder } from "../processes.ts";
import { writeSchool } from "../school.ts";

const mailboxCount = Number(process.env["NIGHTLATCH_BENCH_MAILBOXES"] ?? 100_000);
const eventsEach = 20;
const lanes = 4;

export const mailboxesMeasure: Measure = {
  name: "mailboxes",
  title: `emulator, ${mailboxCount.toLocaleString("en")} mailboxes with ${eventsEach} events each, written through Graph`,
  fullOnly: true,
  run: () =>
    withFolder(async (folder) => {
      const mailboxes = Array.from({ length: mailboxCount }, (_, index) => `pupil-${index}@school.example`);
      const { seedFile } = await writeSchool(folder, mailboxes);
      const emulator = await startEmulatorProcess(folder, seedFile);
      const client = createHttpsClient(emulator.ca);
      const emptyMiB = residentMiBOf(emulator.pid);
      let token = "";
      const fillMs = await drive(mailboxCount, lanes, async (index) => {
        // A token lives an hour; the fill may take a good part of it.
        if (index % 10_000 === 0 || token === "") token = await getGraphToken(client, emulator);
        const mailbox = mailboxes[index] ?? "";
        const contents = { singles: eventsEach, series: 0 };
        await fillMailbox(client, { ready: emulator, token, mailbox, contents });
      });
      const residentMiB = residentMiBOf(emulator.pid);
      let firstPageMs = Number.POSITIVE_INFINITY;
      const window = `startDateTime=${at(-1)}&endDateTime=${at(WEEKS * 7)}`;
      for (let index = 0; index < 20; index += 1) {
        const mailbox = mailboxes[(index * 4_999) % mailboxCount];
        const start = performance.now();
        const { status } = await client.send(
          "GET",
          `${emulator.graph}/users/${mailbox}/calendarView?${window}`,
          {
            headers: { authorization: `Bearer ${token}` },
          },
        );
        firstPageMs = Math.min(firstPageMs, performance.now() - start);
        if (status !== 200) throw new Error(`calendarView answered ${status}`);
      }
      client.close();
      await emulator.stop();
      return [
        shown("resident with empty mailboxes", emptyMiB, "MiB"),
        judged("resident, filled", residentMiB, "MiB", { atMost: 2_000_000_000 / 2 ** 20 }),
        judged("first page of a mailbox nobody has read, best of 20", firstPageMs, "ms", { atMost: 10 }),
        shown("events written", (1000 * mailboxCount * eventsEach) / fillMs, "/s"),
      ];
    }),
};

function at(days: number): string {
  return new Date(YEAR_STARTS_AT + days * 86_400_000).toISOString();
}
