import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningEmulator } from "../src/index.ts";
import {
  DAEMON,
  JWT_BEARER,
  makeAssertion,
  makeCertificate,
  SECRET,
  schoolSeed,
  send,
  startSchool,
  TENANT,
  type TestCertificate,
} from "./entra-school.ts";
import { CALENDAR, envelope, view } from "./ews-fixture.ts";
import { judgeEveryBody } from "./ews-judge.ts";
import { findXmllint } from "./xmllint.ts";

judgeEveryBody({ atLeast: 20 });

import { temporaryDirectory } from "./temporary-directory.ts";

const run = promisify(execFile);
const MAILBOX = "room-12@school.example";
const GET_CALENDAR = `<m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:FolderIds>${CALENDAR}</m:FolderIds></m:GetFolder>`;

let emulator: RunningEmulator;
let certificate: TestCertificate;
let token: string;
const directory = temporaryDirectory("ews-wire");

beforeAll(async () => {
  certificate = makeCertificate("daemon");
  emulator = await startSchool(schoolSeed(certificate));
  token = await buy({
    client_assertion_type: JWT_BEARER,
    client_assertion: makeAssertion(certificate, `${emulator.origin}/${TENANT}/oauth2/token`, DAEMON),
  });
});
afterAll(() => emulator.close());

/** A version 1 token for Exchange, as in 2016. */
async function buy(proof: Readonly<Record<string, string>>): Promise<string> {
  const answer = await send(emulator, `/${TENANT}/oauth2/token`, {
    form: {
      grant_type: "client_credentials",
      client_id: DAEMON,
      resource: "https://outlook.office365.com/",
      ...proof,
    },
  });
  expect(answer.status, answer.text).toBe(200);
  return String(answer.json["access_token"]);
}

async function curl(args: readonly string[], bearer: string = token): Promise<string> {
  const { stdout } = await run("curl", [
    ...["--silent", "--show-error", "--include", "--cacert", emulator.ca],
    ...["--header", `Authorization: Bearer ${bearer}`, "--header", `X-AnchorMailbox: ${MAILBOX}`],
    ...args,
  ]);
  return stdout;
}

function post(body: string, more: readonly string[] = [], bearer?: string): Promise<string> {
  const path = join(directory, "request.xml");
  writeFileSync(path, body);
  return curl(
    ["--header", "Content-Type: text/xml; charset=utf-8", "--data-binary", `@${path}`, ...more, emulator.ews],
    bearer,
  );
}

describe("curl", () => {
  it("gets the calendar and a window of it with a certificate's token", async () => {
    expect(await post(envelope(GET_CALENDAR))).toContain("<t:DisplayName>Calendar</t:DisplayName>");
    const found = await post(envelope(view("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z")));
    expect(found).toContain('TotalItemsInView="0"');
    expect(found).toMatch(/^HTTP\/1\.1 200/);
  });

  it("is refused with a secret's token, because it is too weak", async () => {
    const weak = await buy({ client_secret: SECRET });
    const answer = await post(envelope(GET_CALENDAR), [], weak);
    expect(answer).toMatch(/^HTTP\/1\.1 401/);
    expect(answer).toMatch(/x-ms-diagnostics: 2000010;reason="The access token is acquired using/i);
  });

  it("may send chunks, wait for 100-continue, and offer to take gzip", async () => {
    const answer = await post(envelope(GET_CALENDAR), [
      ...["--header", "Transfer-Encoding: chunked", "--header", "Expect: 100-continue"],
      ...["--compressed", "--http1.1"],
    ]);
    expect(answer).toContain("<t:DisplayName>Calendar</t:DisplayName>");
  });

  it("may compress what it sends in every usual way, and speak HTTP 1.0", async () => {
    const plain = Buffer.from(envelope(GET_CALENDAR));
    const path = join(directory, "compressed");
    const codings: readonly (readonly [string, Buffer])[] = [
      ["gzip", gzipSync(plain)],
      ["deflate", deflateSync(plain)],
      ["deflate", deflateRawSync(plain)],
      ["br", brotliCompressSync(plain)],
    ];
    for (const [coding, bytes] of codings) {
      writeFileSync(path, bytes);
      const headers = ["Content-Type: text/xml; charset=utf-8", `Content-Encoding: ${coding}`];
      const answer = await curl([
        ...headers.flatMap((header) => ["--header", header]),
        ...["--data-binary", `@${path}`, emulator.ews],
      ]);
      expect(answer, coding).toContain("<t:DisplayName>Calendar</t:DisplayName>");
    }
    expect(await post(envelope(GET_CALENDAR), ["--http1.0"])).toContain("<t:DisplayName>Calendar");
  });

  it("streams notifications through the proxy until the emulator's clock is past their end", async () => {
    const types = "<t:EventTypes><t:EventType>CreatedEvent</t:EventType></t:EventTypes>";
    const opened = await post(
      envelope(
        `<m:Subscribe><m:StreamingSubscriptionRequest SubscribeToAllFolders="1">${types}</m:StreamingSubscriptionRequest></m:Subscribe>`,
      ),
    );
    const id = /<m:SubscriptionId>([^<]+)/.exec(opened)?.[1] ?? "";
    const path = join(directory, "stream.xml");
    writeFileSync(
      path,
      envelope(
        `<m:GetStreamingEvents><m:SubscriptionIds><t:SubscriptionId>${id}</t:SubscriptionId></m:SubscriptionIds><m:ConnectionTimeout>30</m:ConnectionTimeout></m:GetStreamingEvents>`,
      ),
    );
    const streaming = curl([
      ...["--no-buffer", "--proxy", emulator.proxy, "--header", "Content-Type: text/xml; charset=utf-8"],
      ...["--data-binary", `@${path}`, "https://outlook.office365.com/EWS/Exchange.asmx"],
    ]);
    await new Promise((resolve) => setTimeout(resolve, 500));
    emulator.clock.advance(30 * 60_000);
    const answer = await streaming.finally(() => emulator.clock.reset());
    const statuses = answer.match(/(?<=<m:ConnectionStatus>)\w+/g);
    expect(statuses).toEqual(["OK", "Closed"]);
    expect(answer.match(/<Envelope /g)).toHaveLength(2);
    expect(answer).not.toContain("<?xml");
  });

  it("finds the service under its real name", async () => {
    const port = new URL(emulator.origin).port;
    const answer = await post(envelope(GET_CALENDAR), [
      ...["--resolve", `outlook.office365.com:${port}:127.0.0.1`],
      ...["--url", `https://outlook.office365.com:${port}/ews/exchange.asmx`],
    ]);
    expect(answer.split("<t:DisplayName>Calendar</t:DisplayName>")).toHaveLength(3);
  });

  it("fetches the service description, whose schemas judge a request", async ({ skip }) => {
    const xmllint = findXmllint();
    if (xmllint === undefined) return skip();
    for (const name of ["Services.wsdl", "messages.xsd", "types.xsd"]) {
      const { stdout } = await run("curl", [
        ...["--silent", "--fail", "--cacert", emulator.ca, "--header", `Authorization: Bearer ${token}`],
        `${emulator.origin}/EWS/${name}`,
      ]);
      writeFileSync(join(directory, name), stdout);
    }
    const wsdl = await run(xmllint, ["--noout", join(directory, "Services.wsdl")]);
    expect(wsdl.stderr).toBe("");
    const body = join(directory, "body.xml");
    const names =
      'xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"';
    const judge = async (text: string): Promise<number> => {
      writeFileSync(body, text.replace("<m:GetFolder", `<m:GetFolder ${names}`));
      return run(xmllint, ["--noout", "--schema", join(directory, "messages.xsd"), body]).then(
        () => 0,
        (error: { code: number }) => error.code,
      );
    };
    expect(await judge(GET_CALENDAR)).toBe(0);
    expect(await judge(GET_CALENDAR.replace("Default", "Everything"))).not.toBe(0);
  });
});

describe("faults on purpose", () => {
  it("a busy service and a broken connection reach the client", async () => {
    emulator.faults.add({ endpoint: "ews", kind: "status", status: 503, times: 1 });
    expect(await post(envelope(GET_CALENDAR))).toMatch(/^HTTP\/1\.1 503/);
    emulator.faults.add({ endpoint: "ews", kind: "drop", when: "after", times: 1 });
    await expect(post(envelope(GET_CALENDAR))).rejects.toThrow();
    expect(await post(envelope(GET_CALENDAR))).toMatch(/^HTTP\/1\.1 200/);
  });
});

describe("ews-javascript-api", () => {
  it("streams what is created and deleted", async () => {
    const client = fileURLToPath(new URL("ews-streaming-client.cjs", import.meta.url));
    const { stdout } = await run(process.execPath, [client], {
      env: {
        ...process.env,
        NODE_EXTRA_CA_CERTS: emulator.ca,
        NIGHTLATCH_EWS: emulator.ews,
        NIGHTLATCH_TOKEN: token,
        NIGHTLATCH_MAILBOX: MAILBOX,
      },
      timeout: 15_000,
    });
    expect(JSON.parse(stdout)).toMatchObject({ isOpen: true, types: ["Created", "Deleted"] });
  });

  it("binds, views, creates, updates, searches, synchronises, deletes and impersonates", async () => {
    const client = fileURLToPath(new URL("ews-client.cjs", import.meta.url));
    const { stdout } = await run(process.execPath, [client], {
      env: {
        ...process.env,
        NODE_EXTRA_CA_CERTS: emulator.ca,
        NIGHTLATCH_EWS: emulator.ews,
        NIGHTLATCH_TOKEN: token,
        NIGHTLATCH_MAILBOX: MAILBOX,
      },
      timeout: 30_000,
    });
    expect(JSON.parse(stdout)).toEqual({
      folder: "Calendar",
      view: [["Maths", "2026-01-05T09:00:00.000Z", "Room 12", "k-1"]],
      body: "<p>Bring rulers</p>",
      updated: "Mathematics",
      occurrence: "2026-03-09T09:00:00.000Z",
      last: "2026-03-16T09:00:00.000Z",
      deleted: ["2026-03-09T09:00:00.000Z"],
      search: 1,
      synchronised: 2,
      gone: "ErrorItemNotFound",
      stranger: "The SMTP address has no mailbox associated with it.",
    });
  });
});
