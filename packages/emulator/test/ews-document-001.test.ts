/** The requests of document 001 as its transcript sends them: taken, answered, and judged by the schemas. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { makeEwsFixture, textOf } from "./ews-fixture.ts";
import { judgeEveryBody } from "./ews-judge.ts";

judgeEveryBody({ atLeast: 4 });

const transcript = readFileSync(
  new URL("../../../acceptance/document-001.txt", import.meta.url),
  "utf8",
).replaceAll(/^> /gm, "");

it("the GetFolder and the FindItem of document 001 are valid and answered, by the anchor mailbox alone", async () => {
  const ews = makeEwsFixture();
  const anchored = { mailbox: "", headers: { "x-anchormailbox": "room-12@school.example" } };
  const getFolder = /request\.xml <<'EOF'\n(.*?)\nEOF/s.exec(transcript)?.[1] ?? "";
  const folder = await ews.send("", { raw: getFolder, ...anchored });
  expect(textOf(folder.body, "DisplayName")).toBe("Calendar");
  const replacement = /sed -i 's#<m:GetFolder>\.\*<\/m:GetFolder>#(.*?)#' request\.xml/.exec(transcript)?.[1];
  const findItem = getFolder.replace(/<m:GetFolder>.*<\/m:GetFolder>/, replacement ?? "");
  const found = await ews.send("", { raw: findItem, ...anchored });
  expect([found.codes, findItem.includes("CalendarView")]).toEqual([["NoError"], true]);
});
