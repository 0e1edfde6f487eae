import { fillMailbox, getGraphToken, WEEKS, YEAR_STARTS_AT } from "../graph-mailbox.ts";
import { createHttpsClient } from "../https.ts";
import { judged, type Measure, type Row, shown } from "../measure.ts";
import { cpuMsOf, startEmulatorProcess, withFolder } from "../processes.ts";
import { writeSchool } from "../school.ts";

const mailbox = "room-12@school.example";
const singles = 4_900;
const series = 100;
const weekMs = 7 * 86_400_000;
const rounds = 3;
const viewsPerRound = 25;

export const calendarViewMeasure: Measure = {
  name: "calendar-view",
  title: `emulator, calendarView of a mailbox of ${singles} events and ${series} weekly series`,
  run: () =>
    withFolder(async (folder) => {
      const school = await writeSchool(folder, [mailbox]);
      const emulator = await startEmulatorProcess(folder, school.seedFile);
      const client = createHttpsClient(emulator.ca);
      const token = await getGraphToken(client, emulator);
      await fillMailbox(client, { ready: emulator, token, mailbox, contents: { singles, series } });
      const view = viewer({ ...emulator, client, token });
      const rows: Row[] = [];
      for (const [name, weeks, top, atMost] of [
        ["a week, one page", 1, 1_000, 20],
        ["a year, first page of 10", WEEKS, 10, 20],
        ["a year, first page of 1,000", WEEKS, 1_000, 40],
      ] as const) {
        const { cpuMs, wallMs, count } = await view(weeks, top);
        rows.push(
          judged(`${name}: server's CPU time (${count} events)`, cpuMs, "ms", { atMost }),
          shown(`${name}: round trip, best`, wallMs, "ms"),
        );
      }
      client.close();
      await emulator.stop();
      return rows;
    }),
};

interface ViewCost {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly count: number;
}

/** Reads windows that were not read before: the server may keep the last one. */
function viewer({
  client,
  pid,
  graph,
  token,
}: {
  client: ReturnType<typeof createHttpsClient>;
  pid: number;
  graph: string;
  token: string;
}): (weeks: number, top: number) => Promise<ViewCost> {
  let shiftSeconds = 0;
  const once = async (weeks: number, top: number): Promise<number> => {
    shiftSeconds += 1;
    const from = new Date(YEAR_STARTS_AT - shiftSeconds * 1000).toISOString();
    const until = new Date(YEAR_STARTS_AT + weeks * weekMs).toISOString();
    const url = `${graph}/users/${mailbox}/calendarView?startDateTime=${from}&endDateTime=${until}&$top=${top}`;
    const { status, text } = await client.send("GET", url, { headers: { authorization: `Bearer ${token}` } });
    if (status !== 200) throw new Error(`calendarView answered ${status}: ${text.slice(0, 300)}`);
    return (JSON.parse(text) as { value: unknown[] }).value.length;
  };
  return async (weeks, top) => {
    let [cpuMs, wallMs, count] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
    for (let round = 0; round <= rounds; round += 1) {
      const before = cpuMsOf(pid);
      for (let index = 0; index < viewsPerRound; index += 1) {
        const start = performance.now();
        count = await once(weeks, top);
        wallMs = Math.min(wallMs, performance.now() - start);
      }
      if (round > 0) cpuMs = Math.min(cpuMs, (cpuMsOf(pid) - before) / viewsPerRound);
    }
    return { cpuMs, wallMs, count };
  };
}
