import { createEwsCalendar } from "@nightlatch/calendar/ews";
import { createTransport, NightlatchCredential } from "@nightlatch/oauth";
import { fillMailbox, getGraphToken } from "../graph-mailbox.ts";
import { createHttpsClient } from "../https.ts";
import { judged, type Measure, type Row, shown } from "../measure.ts";
import { type EmulatorProcess, residentMiBOf, startEmulatorProcess, withFolder } from "../processes.ts";
import { CLIENT_ID, TENANT_ID, writeSchool } from "../school.ts";

const mailbox = "room-12@school.example";
const scope = "https://outlook.office365.com/.default";
const items = 20_000;
const pageSize = 512;
const bar = { atMost: 100_000_000 / 2 ** 20 };

export const ewsSyncMeasure: Measure = {
  name: "ews-sync",
  title: `Exchange Web Services, SyncFolderItems of ${items.toLocaleString("en")} items in pages of ${pageSize}`,
  run: () =>
    withFolder(async (folder) => {
      const school = await writeSchool(folder, [mailbox]);
      const emulator = await startEmulatorProcess(folder, school.seedFile);
      const bare = createHttpsClient(emulator.ca);
      const token = await getGraphToken(bare, emulator);
      await fillMailbox(bare, { ready: emulator, token, mailbox, contents: { singles: items, series: 0 } });
      bare.close();
      const transport = createTransport({ ca: emulator.ca, proxy: false });
      const tokens = new NightlatchCredential({
        tenantId: TENANT_ID,
        clientId: CLIENT_ID,
        certificate: school.credential,
        authorityHost: emulator.origin,
        transport,
      });
      const calendar = createEwsCalendar({ tokens, transport, endpoint: emulator.ews, scope });
      // The first question loads the wing, the parser and the service, which is not what this is about.
      for await (const _event of calendar.listEvents(mailbox, { from: new Date(0), to: new Date(1) })) break;
      const rows = await synchronise(emulator, () => calendar.listChanges(mailbox));
      transport.close();
      await emulator.stop();
      return rows;
    }),
};

/** Goes through all changes and looks at both processes whenever a page has been read. */
async function synchronise(
  emulator: EmulatorProcess,
  listChanges: () => AsyncIterable<{ readonly type: string }>,
): Promise<Row[]> {
  const own = (): number => process.memoryUsage.rss() / 2 ** 20;
  const before = { server: residentMiBOf(emulator.pid), client: own() };
  const most = { ...before };
  const start = performance.now();
  let count = 0;
  let pages = 0;
  for await (const { type } of listChanges()) {
    if (type !== "state") {
      count += 1;
      continue;
    }
    pages += 1;
    most.server = Math.max(most.server, residentMiBOf(emulator.pid));
    most.client = Math.max(most.client, own());
  }
  const wallMs = performance.now() - start;
  if (count !== items || pages !== Math.ceil(items / pageSize))
    throw new Error(`listChanges() gave ${count} changes in ${pages} pages`);
  return [
    judged("server's resident memory, growth at most", most.server - before.server, "MiB", bar),
    judged("client's resident memory, growth at most", most.client - before.client, "MiB", bar),
    shown("all pages through listChanges() of the EWS wing", wallMs, "ms"),
  ];
}
