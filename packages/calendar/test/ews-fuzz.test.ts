/**
 * Whatever a server answers, a list is complete or it says why not: no crash, no hang, no half list taken for a
 * whole one. NIGHTLATCH_FUZZ multiplies the number of answers; a failing run prints the seed that repeats it.
 */

import { isNightlatchError } from "@nightlatch/credential";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeEveryBody } from "../../emulator/test/ews-judge.ts";
import { escapeText } from "../src/ews/xml-writer.ts";
import { got, item, MAILBOX, makeEws, refusal, success, view } from "./scripted-ews.ts";

judgeEveryBody({ atLeast: 3 });

const factor = Number(process.env["NIGHTLATCH_FUZZ"] ?? "1");
const WINDOW = { from: new Date("2026-06-01T00:00:00Z"), to: new Date("2026-06-02T00:00:00Z") };

const MEMBERS = {
  ExtendedProperty:
    '<t:ExtendedFieldURI PropertySetId="6d1f6a5e-8e0b-4b0c-9f6b-6e8a6f4c2a17" PropertyName="NightlatchKey" PropertyType="String"/><t:Value>7A</t:Value>',
  CalendarItemType: "RecurringMaster",
  Recurrence:
    "<t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>Monday</t:DaysOfWeek></t:WeeklyRecurrence><t:NumberedRecurrence><t:StartDate>2026-06-01</t:StartDate><t:NumberOfOccurrences>3</t:NumberOfOccurrences></t:NumberedRecurrence>",
};
const changed = success(
  "SyncFolderItems",
  `<m:SyncState>s</m:SyncState><m:IncludesLastItemInRange>true</m:IncludesLastItemInRange><m:Changes><t:Create>${item("A")}</t:Create></m:Changes>`,
);
/** Calls with an answer that fits, or one of another operation. */
const CASES = (
  [
    ["list", view([item("A"), item("B", MEMBERS), item("C", { IsAllDayEvent: "true" })])],
    ["list", refusal("FindItem", "ErrorServerBusy", '<t:Value Name="BackOffMilliseconds">10</t:Value>')],
    ["get", got(item("A", MEMBERS))],
    ["get", view([item("A")])],
    ["changes", changed],
    ["create", success("CreateItem", `<m:Items>${item("A")}</m:Items>`)],
  ] as const
).map(([call, answer]) => [call, String("body" in answer ? answer.body : "")] as const);
const PIECES = [
  "<!DOCTYPE a [<!ENTITY b 'c'>]>",
  "&b;",
  "<![CDATA[",
  "]]>",
  "<!--",
  "<?x ?>",
  "</t:CalendarItem>",
  "<t:CalendarItem>",
  'xmlns:t="urn:x"',
  "<t:Start>soon</t:Start>",
  "9999-99-99T99:99:99Z",
  "\u0000",
  "\ud800",
  "NaN",
  "<".repeat(100),
  "<t:a>".repeat(200),
];

const WORDS = [
  "",
  "NaN",
  "-1",
  "true",
  "Exception",
  "0001-01-01T00:00:00Z",
  "2026-06-01T09:00:00+01:00",
  "9".repeat(400),
];
/** Well-formed changes: a text, an attribute, an element that is gone. */
const PLACES = { text: />[^<]*</g, attribute: /="[^"]*"/g, leaf: /<t:\w+>[^<]*<\/t:\w+>/g } as const;

/** A cut, a doubled stretch, a foreign piece or a changed value, at a place between 0 and 1. */
const VALUES = ["text", "attribute", "leaf"] as const;
const mutation = fc.record({
  kind: fc.constantFrom("cut", "double", "insert", "drop", "swap", ...VALUES, ...VALUES),
  word: fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 8 }).map(escapeText)),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 60 }),
  piece: fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary", maxLength: 8 })),
});

function mutate(
  text: string,
  { kind, at, length, piece, word }: typeof mutation extends fc.Arbitrary<infer M> ? M : never,
): string {
  const place = Math.floor(at * text.length);
  const [head, stretch, tail] = [
    text.slice(0, place),
    text.slice(place, place + length),
    text.slice(place + length),
  ];
  switch (kind) {
    case "text":
      return replaceAt(text, PLACES.text, at, `>${word}<`);
    case "attribute":
      return replaceAt(text, PLACES.attribute, at, `="${word.replaceAll('"', "")}"`);
    case "leaf":
      return replaceAt(text, PLACES.leaf, at, "");
    case "cut":
      return head;
    case "double":
      return head + stretch + stretch + tail;
    case "insert":
      return head + piece + stretch + tail;
    case "drop":
      return head + tail;
    default:
      return head + piece + tail;
  }
}

function replaceAt(text: string, place: RegExp, at: number, by: string): string {
  const matches = [...text.matchAll(place)];
  const match = matches[Math.floor(at * matches.length)];
  return match === undefined
    ? text
    : text.slice(0, match.index) + by + text.slice(match.index + match[0].length);
}

describe("the EWS wing and mutated answers", () => {
  it(`reads or refuses ${2000 * factor} of them`, { timeout: 30_000 * factor }, async () => {
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...CASES),
        fc.array(mutation, { minLength: 1, maxLength: 2 }),
        fc.constantFrom(200, 500),
        async ([call, text], mutations, status) => {
          const body = mutations.reduce(mutate, text);
          const made = makeEws(() => ({ status, body }), {
            retry: { maxAttempts: 2, sleep: async () => undefined },
          });
          const outcome = await run(made, call).catch((error: unknown) => error);
          if (outcome !== undefined) {
            refused += 1;
            if (!isNightlatchError(outcome)) throw outcome;
            expect(outcome.code).toMatch(/^CALENDAR_/);
          }
          // One question never becomes many, whatever the answers say.
          expect(made.transport.requests.length).toBeLessThan(200);
        },
      ),
      { numRuns: 2000 * factor },
    );
    // A run that only refuses, or refuses nothing, has not looked.
    expect(refused).toBeGreaterThan(200 * factor);
    expect(refused).toBeLessThan(1960 * factor);
  });
});

/** No number that is none, in no member: JSON knows them only as null. */
function checkNumbers(event: object): void {
  expect(JSON.stringify(event)).not.toContain("null");
}

async function run({ calendar }: ReturnType<typeof makeEws>, call: string): Promise<undefined> {
  const time = { dateTime: "2026-06-01T09:00:00", ianaZone: "Europe/London" };
  if (call === "list") for await (const event of calendar.listEvents(MAILBOX, WINDOW)) checkNumbers(event);
  else if (call === "changes") for await (const _ of calendar.listChanges(MAILBOX));
  else if (call === "get") checkNumbers(await calendar.getEvent(MAILBOX, "A"));
  else await calendar.createEvent(MAILBOX, { subject: "x", start: time, end: time });
}
