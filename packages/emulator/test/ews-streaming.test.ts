import type { IncomingHttpHeaders } from "node:http";
import { request } from "node:https";
import { describe, expect, it } from "vitest";
import { type RunningEmulator, startEmulator } from "../src/index.ts";
import {
  all,
  CALENDAR,
  createItem,
  type EwsFixture,
  envelope,
  makeEwsFixture,
  ROOM_13_ADDRESS,
  readBody,
  textOf,
} from "./ews-fixture.ts";
import { judgeEveryBody } from "./ews-judge.ts";

judgeEveryBody({ atLeast: 20 });

const TIMES = "<t:Start>2026-01-05T09:00:00Z</t:Start><t:End>2026-01-05T10:00:00Z</t:End>";
const LESSON = createItem(`<t:Subject>x</t:Subject>${TIMES}`);
const MINUTE_MS = 60_000;

function subscribeStreaming(attribute = "", folders = `<t:FolderIds>${CALENDAR}</t:FolderIds>`): string {
  const types = ["CreatedEvent", "ModifiedEvent", "DeletedEvent", "MovedEvent"]
    .map((type) => `<t:EventType>${type}</t:EventType>`)
    .join("");
  return `<m:Subscribe><m:StreamingSubscriptionRequest${attribute}>${folders}<t:EventTypes>${types}</t:EventTypes></m:StreamingSubscriptionRequest></m:Subscribe>`;
}

function getStreamingEvents(ids: readonly string[], minutes = 1): string {
  const listed = ids.map((id) => `<t:SubscriptionId>${id}</t:SubscriptionId>`).join("");
  return `<m:GetStreamingEvents><m:SubscriptionIds>${listed}</m:SubscriptionIds><m:ConnectionTimeout>${minutes}</m:ConnectionTimeout></m:GetStreamingEvents>`;
}

async function open(ews: EwsFixture, mailbox?: string): Promise<string> {
  const opened = await ews.send(subscribeStreaming(), mailbox === undefined ? {} : { mailbox });
  expect(opened.codes).toEqual(["NoError"]);
  expect(textOf(opened.body, "Watermark")).toBeUndefined();
  return textOf(opened.body, "SubscriptionId") ?? "";
}

interface Connection {
  /** Waits for the next envelope and gives what it says. */
  next(): Promise<Said | "ended">;
  leave(): void;
}

interface Said {
  readonly code: string | undefined;
  readonly status: string | undefined;
  /** Names of events by subscription. */
  readonly events: readonly (readonly string[])[];
  readonly errorIds: readonly string[];
}

function say(text: string): Said {
  const body = readBody(text);
  return {
    code: textOf(body, "ResponseCode"),
    status: textOf(body, "ConnectionStatus"),
    events: all(body, "Notification").map(({ children }) => children.slice(1).map(({ name }) => name)),
    errorIds: all(body, "ErrorSubscriptionIds").flatMap(({ children }) => children.map(({ text }) => text)),
  };
}

async function connect(ews: EwsFixture, ids: readonly string[], minutes = 1): Promise<Connection> {
  const answer = await ews.send(getStreamingEvents(ids, minutes));
  expect(say(answer.text)).toEqual({ code: "NoError", status: "OK", events: [], errorIds: [] });
  const leaving = new AbortController();
  const pieces = answer.stream?.(leaving.signal)[Symbol.asyncIterator]();
  return {
    next: async () => {
      const piece = await pieces?.next();
      return piece?.done === false ? say(piece.value) : "ended";
    },
    leave: () => leaving.abort(),
  };
}

const HEARTBEAT = { code: "NoError", status: undefined, events: [["StatusEvent"]], errorIds: [] };
const CLOSED = { code: "NoError", status: "Closed", events: [], errorIds: [] };
const told = (...events: string[][]): Said => ({ code: "NoError", status: undefined, events, errorIds: [] });

describe("streaming subscriptions", () => {
  it("tell what happens as it happens, over Graph as well, and what happened before the connection", async () => {
    const ews = makeEwsFixture();
    const id = await open(ews);
    await ews.send(LESSON);
    const connection = await connect(ews, [id]);
    expect(await connection.next()).toEqual(told(["CreatedEvent"]));
    const waiting = connection.next();
    await ews.graph.send("POST", "/users/room-12@school.example/events", {
      body: {
        subject: "y",
        start: { dateTime: "2026-01-05T09:00:00", timeZone: "UTC" },
        end: { dateTime: "2026-01-05T10:00:00", timeZone: "UTC" },
      },
    });
    expect(await waiting).toEqual(told(["CreatedEvent"]));
    connection.leave();
    expect(await connection.next()).toBe("ended");
  });

  it("beat while nothing happens and close in the end, by a clock that is moved", async () => {
    const ews = makeEwsFixture();
    const connection = await connect(ews, [await open(ews)]);
    const { clock } = ews.context;
    clock.freeze();
    const waiting = connection.next();
    clock.advance(50_000);
    expect(await waiting).toEqual(HEARTBEAT);
    clock.advance(-40_000);
    const again = connection.next();
    await new Promise((resolve) => setTimeout(resolve, 250));
    clock.advance(46_000);
    expect(await again).toEqual(HEARTBEAT);
    const closing = connection.next();
    clock.advance(MINUTE_MS);
    expect(await closing).toEqual(CLOSED);
    expect(await connection.next()).toBe("ended");
  });

  it("break their connection when the emulator fails, which notes why and says nothing of it", async () => {
    const ews = makeEwsFixture();
    const connection = await connect(ews, [await open(ews)]);
    const waiting = connection.next();
    await ews.send(LESSON);
    expect(await waiting).toEqual(told(["CreatedEvent"]));
    const failing = connection.next();
    ews.context.clock.nowMs = () => {
      throw new Error("no clock");
    };
    await expect(failing).rejects.toThrow("no clock");
    expect(ews.notes.join("\n")).toContain("error: POST /EWS/Exchange.asmx: Error: no clock");
  });

  it("share a connection, each told of its own mailbox", async () => {
    const ews = makeEwsFixture();
    const ids = [await open(ews), await open(ews, ROOM_13_ADDRESS)];
    const connection = await connect(ews, ids, 30);
    await ews.send(LESSON, { mailbox: ROOM_13_ADDRESS });
    expect(await connection.next()).toEqual(told(["CreatedEvent"]));
    await ews.send(LESSON);
    expect(await connection.next()).toEqual(told(["CreatedEvent"]));
    connection.leave();
  });

  it("are refused by id where one is none, and the connection closes", async () => {
    const ews = makeEwsFixture();
    const id = await open(ews);
    const gone = await open(ews);
    await ews.send(`<m:Unsubscribe><m:SubscriptionId>${gone}</m:SubscriptionId></m:Unsubscribe>`);
    const refused = await ews.send(getStreamingEvents([id, gone]));
    expect(say(refused.text)).toEqual({
      code: "ErrorSubscriptionNotFound",
      status: "Closed",
      events: [],
      errorIds: [gone],
    });
    expect(refused.text).toMatch(/^<Envelope xmlns="[^"]+"><soap11:Header /);
    expect((await ews.send(getStreamingEvents(["AAA-"]))).codes).toEqual(["ErrorInvalidSubscription"]);
    const others = await ews.send(getStreamingEvents([id]), { claims: { appid: "another" } });
    expect(others.codes).toEqual(["ErrorSubscriptionAccessDenied"]);
  });

  it("take minutes from 1 to 30, and no version before 2010 SP1", async () => {
    const ews = makeEwsFixture();
    const id = await open(ews);
    for (const minutes of [0, 31])
      expect((await ews.send(getStreamingEvents([id], minutes), { malformed: true })).codes).toEqual([
        "ErrorSchemaValidation",
      ]);
    for (const body of [subscribeStreaming(), getStreamingEvents([id])])
      expect((await ews.send(body, { version: "Exchange2010" })).codes).toEqual([
        "ErrorIncorrectSchemaVersion",
      ]);
  });

  it("belong to the latest connection, and end with Unsubscribe, a reset or half an hour alone", async () => {
    const ews = makeEwsFixture();
    const [one, two] = [await open(ews), await open(ews)];
    const first = await connect(ews, [one, two]);
    await ews.send(LESSON);
    expect(await first.next()).toEqual(told(["CreatedEvent"], ["CreatedEvent"]));
    const second = await connect(ews, [one]);
    const waiting = second.next();
    const lost = { code: "ErrorNewEventStreamConnectionOpened", status: "OK", events: [], errorIds: [one] };
    expect(await first.next()).toEqual(lost);
    await ews.send(`<m:Unsubscribe><m:SubscriptionId>${one}</m:SubscriptionId></m:Unsubscribe>`);
    expect(await waiting).toMatchObject({ code: "ErrorSubscriptionUnsubscribed", status: "Closed" });
    const ending = first.next();
    ews.context.world = structuredClone(ews.context.world);
    expect(await ending).toMatchObject({ code: "ErrorSubscriptionNotFound", status: "Closed" });
    expect([await first.next(), await second.next()]).toEqual(["ended", "ended"]);
    const third = makeEwsFixture();
    const alone = await open(third);
    third.context.clock.advance(30 * MINUTE_MS);
    expect((await third.send(getStreamingEvents([alone]))).codes).toEqual(["ErrorExpiredSubscription"]);
  });

  it("are no pull subscriptions, nor the other way round, and have ten connections at most", async () => {
    const ews = makeEwsFixture();
    const id = await open(ews);
    const asked = `<m:GetEvents><m:SubscriptionId>${id}</m:SubscriptionId><m:Watermark>x</m:Watermark></m:GetEvents>`;
    expect((await ews.send(asked)).codes).toEqual(["ErrorInvalidPullSubscriptionId"]);
    const connections: Connection[] = [];
    for (let count = 0; count < 10; count++) {
      connections.push(await connect(ews, [await open(ews)]));
      void connections.at(-1)?.next();
    }
    expect((await ews.send(getStreamingEvents([id]))).codes).toEqual(["ErrorExceededConnectionCount"]);
    for (const connection of connections) connection.leave();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await ews.send(getStreamingEvents([id]))).codes).toEqual(["NoError"]);
  });
});

interface Answer {
  readonly headers: IncomingHttpHeaders;
  /** Waits for the next envelope; `undefined` at the end, or when the connection broke. */
  readonly next: () => Promise<string | undefined>;
  readonly leave: () => void;
}

async function post(emulator: RunningEmulator, body: string): Promise<Answer> {
  const { access_token } = await emulator.tokenFor({
    roles: ["full_access_as_app"],
    audience: "https://outlook.office365.com",
    claims: { appidacr: "2" },
  });
  const headers = { authorization: `Bearer ${access_token}`, "content-type": "text/xml; charset=utf-8" };
  return new Promise((resolve, reject) => {
    const outgoing = request(
      emulator.ews,
      { method: "POST", ca: emulator.caPem, headers, agent: false },
      (incoming) => {
        const chunks = incoming[Symbol.asyncIterator]();
        const next = async (): Promise<string | undefined> => {
          const chunk = await chunks.next().catch(() => undefined);
          return chunk?.done === false ? String(chunk.value) : undefined;
        };
        resolve({ headers: incoming.headers, next, leave: () => outgoing.destroy() });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(envelope(body));
  });
}

describe("a connection that stays open", () => {
  it("is chunked, sends each envelope at once, and ends when the emulator closes or its caller leaves", async () => {
    const emulator = await startEmulator({ port: 0 });
    const opened = await (await post(emulator, subscribeStreaming())).next();
    const id = textOf(readBody(opened ?? ""), "SubscriptionId") ?? "";
    const first = await post(emulator, getStreamingEvents([id], 30));
    expect([first.headers["transfer-encoding"], first.headers["content-length"]]).toEqual([
      "chunked",
      undefined,
    ]);
    expect(say((await first.next()) ?? "").status).toBe("OK");
    const created = first.next();
    await post(emulator, LESSON);
    expect(say((await created) ?? "")).toEqual(told(["CreatedEvent"]));
    const [record] = emulator.requests().filter(({ body }) => body.includes("GetStreamingEvents"));
    expect(record?.responseBody).toContain("<m:ConnectionStatus>OK</m:ConnectionStatus>");
    first.leave();
    const second = await post(emulator, getStreamingEvents([id], 30));
    await second.next();
    const ended = second.next();
    const startMs = performance.now();
    await emulator.close();
    expect(await ended).toBeUndefined();
    expect(performance.now() - startMs).toBeLessThan(2_000);
  });

  it("ends with a reset, and takes a snapshot that is restored for one", async () => {
    const emulator = await startEmulator({ port: 0 });
    const snapshot = emulator.snapshot();
    for (const forget of [() => emulator.reset(), () => emulator.restore(snapshot)]) {
      const opened = await (await post(emulator, subscribeStreaming())).next();
      const id = textOf(readBody(opened ?? ""), "SubscriptionId") ?? "";
      const connection = await post(emulator, getStreamingEvents([id], 30));
      await connection.next();
      forget();
      expect(say((await connection.next()) ?? "")).toMatchObject({
        code: "ErrorSubscriptionNotFound",
        status: "Closed",
      });
      expect(await connection.next()).toBeUndefined();
    }
    await emulator.close();
  });
});
