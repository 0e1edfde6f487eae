/** The EWS wing against the emulator's Exchange, over TLS, signed in with a certificate. */
import { judgeEveryBody } from "../../emulator/test/ews-judge.ts";
import { calendarConformance } from "../src/conformance.ts";
import { startEwsSchool } from "./ews-school.ts";

judgeEveryBody({ atLeast: 60 });

calendarConformance("ews", async () => {
  const { calendar, close } = await startEwsSchool();
  return { calendar, mailbox: "room-12@school.example", unknownMailbox: "nobody@school.example", close };
});

// The oldest schema that has the zones of items and the first day of weeks.
calendarConformance("ews in the schema of Exchange 2010 SP1", async () => {
  const { versionOf, close } = await startEwsSchool();
  const calendar = versionOf("Exchange2010_SP1");
  return { calendar, mailbox: "room-12@school.example", unknownMailbox: "nobody@school.example", close };
});
