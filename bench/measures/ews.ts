import { createEwsCalendar } from "@nightlatch/calendar/ews";
import { createTransport, NightlatchCredential } from "@nightlatch/oauth";
import { fillMailbox, getGraphToken, WEEKS, YEAR_STARTS_AT } from "../graph-mailbox.ts";
import { createHttpsClient } from "../https.ts";
import { judged, type Measure, shown } from "../measure.ts";
import { cpuMsOf, startEmulatorProcess, withFolder } from "../processes.ts";
import { CLIENT_ID, TENANT_ID, writeSchool } from "../school.ts";

const mailbox = "room-12@school.example";
const scope = "https://outlook.office365.com/.default";
const series = 25;
const occurrences = series * WEEKS;
const rounds = 3;
const callsPerRound = 10;

export const ewsMeasure: Measure = {
  name: "ews",
  title: `Exchange Web Services, FindItem over a window of ${occurrences.toLocaleString("en")} occurrences`,
  run: () =>
    withFolder(async (folder) => {
      const school = await writeSchool(folder, [mailbox]);
      const emulator = await startEmulatorProcess(folder, school.seedFile);
      const bare = createHttpsClient(emulator.ca);
      const token = await getGraphToken(bare, emulator);
      await fillMailbox(bare, { ready: emulator, token, mailbox, contents: { singles: 0, series } });
      const transport = createTransport({ ca: emulator.ca, proxy: false });
      const tokens = new NightlatchCredential({
        tenantId: TENANT_ID,
        clientId: CLIENT_ID,
        certificate: school.credential,
        authorityHost: emulator.origin,
        transport,
      });
      const calendar = createEwsCalendar({ tokens, transport, endpoint: emulator.ews, scope });
      const headers = {
        "content-type": "text/xml; charset=utf-8",
        authorization: `Bearer ${(await tokens.getToken(scope)).token}`,
        "x-anchormailbox": mailbox,
      };
      let bytes = 0;
      const findItem = async (): Promise<void> => {
        const { status, text } = await bare.send("POST", emulator.ews, {
          headers,
          body: envelope(nextWindow()),
        });
        const count = text.split("<t:CalendarItem>").length - 1;
        bytes = text.length;
        if (status !== 200 || count !== occurrences)
          throw new Error(`FindItem answered ${status} with ${count} items: ${text.slice(0, 600)}`);
      };
      const listEvents = async (): Promise<void> => {
        let count = 0;
        for await (const event of calendar.listEvents(mailbox, nextWindow()))
          if (event.type === "occurrence") count += 1;
        if (count !== occurrences) throw new Error(`listEvents() gave ${count} occurrences`);
      };
      const plain = { serverCpuMs: Number.POSITIVE_INFINITY, wallMs: Number.POSITIVE_INFINITY };
      const client = { ...plain };
      for (let round = 0; round <= rounds; round += 1) {
        lower(plain, await costOf(findItem, emulator.pid));
        lower(client, await costOf(listEvents, emulator.pid));
      }
      bare.close();
      transport.close();
      await emulator.stop();
      return [
        shown("answer to FindItem", bytes / 1024, "KiB"),
        judged("FindItem, Default shape: server's CPU time", plain.serverCpuMs, "ms", { atMost: 30 }),
        shown("FindItem, Default shape: bare node:https round trip, best", plain.wallMs, "ms"),
        shown("listEvents() of the EWS wing: server's CPU time", client.serverCpuMs, "ms"),
        judged("listEvents() of the EWS wing: round trip, best", client.wallMs, "ms", { atMost: 60 }),
      ];
    }),
};

interface Cost {
  serverCpuMs: number;
  wallMs: number;
}

async function costOf(call: () => Promise<void>, pid: number): Promise<Cost> {
  const before = cpuMsOf(pid);
  let wallMs = Number.POSITIVE_INFINITY;
  for (let index = 0; index < callsPerRound; index += 1) {
    const start = performance.now();
    await call();
    wallMs = Math.min(wallMs, performance.now() - start);
  }
  return { serverCpuMs: (cpuMsOf(pid) - before) / callsPerRound, wallMs };
}

function lower(best: Cost, cost: Cost): void {
  best.serverCpuMs = Math.min(best.serverCpuMs, cost.serverCpuMs);
  best.wallMs = Math.min(best.wallMs, cost.wallMs);
}

let shiftSeconds = 0;

/** All of the year, and a window that was not read before: the server may keep the last one. */
function nextWindow(): { from: Date; to: Date } {
  shiftSeconds += 1;
  return {
    from: new Date(YEAR_STARTS_AT - shiftSeconds * 1000),
    to: new Date(YEAR_STARTS_AT + WEEKS * 7 * 86_400_000),
  };
}

function envelope({ from, to }: { from: Date; to: Date }): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types" xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages">
<soap:Header><t:RequestServerVersion Version="Exchange2013_SP1"/><t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>${mailbox}</t:PrimarySmtpAddress></t:ConnectingSID></t:ExchangeImpersonation></soap:Header>
<soap:Body><m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>Default</t:BaseShape></m:ItemShape>
<m:CalendarView StartDate="${from.toISOString()}" EndDate="${to.toISOString()}"/>
<m:ParentFolderIds><t:DistinguishedFolderId Id="calendar"/></m:ParentFolderIds></m:FindItem></soap:Body></soap:Envelope>`;
}
