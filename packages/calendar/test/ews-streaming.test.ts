/** Answers that are read while they arrive: cut anywhere, broken off, or busy after all. */

import { NightlatchError } from "@nightlatch/credential";
import { OAUTH_ERRORS, type Transport } from "@nightlatch/oauth";
import { describe, expect, it } from "vitest";
import { giveToJudge, judgeEveryBody } from "../../emulator/test/ews-judge.ts";
import { AnswerReader } from "../src/ews/settled-response.ts";
import type { Scripted } from "./recorded-transport.ts";
import { item, MAILBOX, makeEws, soap, view } from "./scripted-ews.ts";

judgeEveryBody({ atLeast: 1 });

const WINDOW = { from: new Date("2026-06-01T00:00:00Z"), to: new Date("2026-06-02T00:00:00Z") };
const LESSONS = ["Physics", "Überblick – 物理", "Chemistry"];
const VIEW = view(LESSONS.map((subject, index) => item(`AAMk${index}`, { Subject: subject })));
const BUSY_VIEW = soap(
  `<m:FindItemResponse><m:ResponseMessages><m:FindItemResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode><m:RootFolder TotalItemsInView="1" IncludesLastItemInRange="true"><t:Items>${item("AAMk9")}</t:Items></m:RootFolder></m:FindItemResponseMessage><m:FindItemResponseMessage ResponseClass="Error"><m:MessageText>Because.</m:MessageText><m:ResponseCode>ErrorServerBusy</m:ResponseCode><m:DescriptiveLinkKey>0</m:DescriptiveLinkKey></m:FindItemResponseMessage></m:ResponseMessages></m:FindItemResponse>`,
);

/** What one attempt does: how long its parts are, and after which of them the connection breaks. */
interface Attempt {
  readonly answer: Scripted;
  readonly partBytes: number;
  readonly breaksAt?: number;
}

/** Gives bodies in parts, as the transport of `@nightlatch/oauth` does. */
function partedTransport(attempts: readonly Attempt[]): Transport & { readonly wholeBodies: number[] } {
  const wholeBodies: number[] = [];
  let index = 0;
  return {
    wholeBodies,
    async send({ body: question, onBodyPart }) {
      giveToJudge(String(question));
      const attempt = attempts[index];
      index += 1;
      if (attempt === undefined || "failure" in attempt.answer || onBodyPart === undefined)
        throw new Error("nothing more to answer, or nobody to take the parts");
      const { answer, partBytes, breaksAt = Number.POSITIVE_INFINITY } = attempt;
      const body = Buffer.from(String(answer.body));
      for (let offset = 0; offset < body.length; offset += partBytes) {
        if (offset >= breaksAt) {
          throw new NightlatchError(OAUTH_ERRORS, "OAUTH_NETWORK_LOST", "The connection broke", {
            details: { answerLost: true },
          });
        }
        onBodyPart(body.subarray(offset, offset + partBytes));
        // The parser is loaded while the first parts arrive.
        if (offset % (partBytes * 16) === 0) await new Promise(setImmediate);
      }
      wholeBodies.push(body.length);
      return {
        status: answer.status,
        headers: answer.headers ?? {},
        body: new Uint8Array(),
        text: () => "",
        json: () => ({}),
      };
    },
    close: () => undefined,
  };
}

async function subjectsOver(transport: Transport): Promise<string[]> {
  const { calendar } = makeEws([], { transport });
  const subjects: string[] = [];
  for await (const event of calendar.listEvents(MAILBOX, WINDOW)) subjects.push(event.subject);
  return subjects;
}

describe("createEwsCalendar() over a transport that gives bodies in parts", () => {
  it.each([1, 7, 4096])("reads an answer in parts of %i bytes", async (partBytes) => {
    expect(await subjectsOver(partedTransport([{ answer: VIEW, partBytes }]))).toEqual(LESSONS);
  });

  it("lists each event once where the first answer broke off after some", async () => {
    const length = Buffer.byteLength(String("body" in VIEW ? VIEW.body : ""));
    const transport = partedTransport([
      { answer: VIEW, partBytes: 64, breaksAt: length - 200 },
      { answer: VIEW, partBytes: 64 },
    ]);
    expect(await subjectsOver(transport)).toEqual(LESSONS);
    expect(transport.wholeBodies).toEqual([length]);
  });

  it("forgets what a busy server gave before it said so", async () => {
    const transport = partedTransport([
      { answer: BUSY_VIEW, partBytes: 64 },
      { answer: VIEW, partBytes: 64 },
    ]);
    expect(await subjectsOver(transport)).toEqual(LESSONS);
  });

  it("refuses an answer that ends half-way", async () => {
    const text = String("body" in VIEW ? VIEW.body : "");
    const cut = { status: 200, body: text.slice(0, -40) };
    await expect(subjectsOver(partedTransport([{ answer: cut, partBytes: 64 }]))).rejects.toMatchObject({
      code: "CALENDAR_UNREADABLE_ANSWER",
    });
  });
});

describe("AnswerReader", () => {
  it("hands an element out as soon as it is complete", () => {
    const text = String("body" in VIEW ? VIEW.body : "");
    const end = text.indexOf("</t:CalendarItem>") + "</t:CalendarItem>".length;
    const ids: (string | undefined)[] = [];
    const reader = new AnswerReader({
      streamed: new Set(["t:CalendarItem"]),
      onElement: ({ children }) => ids.push(children[0]?.attributes["Id"]),
    });
    reader.write(Buffer.from(text.slice(0, end)));
    expect(ids).toEqual(["AAMk0"]);
    reader.write(Buffer.from(text.slice(end)));
    expect(reader.envelope().content?.name).toBe("m:FindItemResponse");
    expect(ids).toEqual(["AAMk0", "AAMk1", "AAMk2"]);
  });
});
