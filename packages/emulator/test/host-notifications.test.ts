/** Change notifications follow from the mailbox: whoever writes, through whichever surface. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { RunningEmulator } from "../src/index.ts";
import { makeCertificate, schoolSeed, send, startSchool } from "./entra-school.ts";
import { CALENDAR, createItem, envelope } from "./ews-fixture.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const MAILBOX = "room-12@school.example";
const seed = schoolSeed(makeCertificate("Timetable daemon"));
let endpoint: Server;
let url: string;
const received: Record<string, unknown>[] = [];

beforeAll(async () => {
  endpoint = createServer((request, response) => {
    const token = new URL(request.url ?? "", "http://localhost").searchParams.get("validationToken");
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => {
      if (token !== null) response.writeHead(200, { "Content-Type": "text/plain" }).end(token);
      else {
        received.push(...(JSON.parse(text) as { value: Record<string, unknown>[] }).value);
        response.writeHead(202).end();
      }
    });
  });
  await new Promise<void>((resolve) => endpoint.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/notify`;
});
afterAll(() => new Promise((resolve) => endpoint.close(resolve)));
beforeEach(() => {
  received.length = 0;
});

async function waitFor(count: number): Promise<readonly Record<string, unknown>[]> {
  for (let attempt = 0; attempt < 100 && received.length < count; attempt += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return received;
}

async function subscribe(emulator: RunningEmulator): Promise<void> {
  const { access_token } = await emulator.tokenFor({ roles: ["Calendars.ReadWrite"] });
  const answer = await send(emulator, "/v1.0/subscriptions", {
    method: "POST",
    headers: { authorization: `Bearer ${access_token}`, "content-type": "application/json" },
    body: JSON.stringify({
      changeType: "created,updated,deleted",
      notificationUrl: url,
      resource: `users/${MAILBOX}/events`,
      expirationDateTime: new Date(Date.now() + 3_600_000).toISOString(),
    }),
  });
  expect(answer.status, answer.text).toBe(201);
}

async function exchange(emulator: RunningEmulator, operation: string): Promise<string> {
  const { access_token } = await emulator.tokenFor({
    audience: "https://outlook.office365.com",
    roles: ["full_access_as_app"],
    claims: { appidacr: "2" },
  });
  const answer = await send(emulator, "/EWS/Exchange.asmx", {
    headers: {
      authorization: `Bearer ${access_token}`,
      "content-type": "text/xml; charset=utf-8",
      "x-anchormailbox": MAILBOX,
    },
    body: envelope(operation),
  });
  expect(answer.status, answer.text).toBe(200);
  return answer.text;
}

const LESSON =
  "<t:Subject>Maths</t:Subject><t:Start>2026-07-06T09:00:00Z</t:Start><t:End>2026-07-06T10:00:00Z</t:End>";

it("notifySubscribers() tells subscribers of Graph what Exchange Web Services created and deleted", async () => {
  const emulator = await startSchool(seed);
  await subscribe(emulator);
  const made = await exchange(emulator, createItem(LESSON));
  const id = /<t:ItemId Id="([^"]+)"/.exec(made)?.[1] ?? "";
  await waitFor(1);
  await exchange(
    emulator,
    `<m:DeleteItem DeleteType="HardDelete" SendMeetingCancellations="SendToNone"><m:ItemIds><t:ItemId Id="${id}"/></m:ItemIds></m:DeleteItem>`,
  );
  const notes = await waitFor(2);
  expect(notes.map(({ changeType }) => changeType)).toEqual(["created", "deleted"]);
  expect(notes[0]?.["resourceData"]).toMatchObject({ id: id.replaceAll("+", "-").replaceAll("/", "_") });
  await exchange(
    emulator,
    `<m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:FolderIds>${CALENDAR}</m:FolderIds></m:GetFolder>`,
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(received).toHaveLength(2);
  await emulator.close();
});

it("notifySubscribers() goes on after a restart with the same data directory", async () => {
  const dataDir = temporaryDirectory("data");
  const first = await startSchool(seed, { dataDir });
  await subscribe(first);
  await first.close();
  const second = await startSchool(seed, { dataDir });
  await exchange(second, createItem(LESSON));
  expect((await waitFor(1)).map(({ changeType }) => changeType)).toEqual(["created"]);
  await second.close();
});
