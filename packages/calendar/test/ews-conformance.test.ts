/** The EWS wing against the emulator's Exchange, over TLS, signed in with a certificate. */
import { calendarConformance } from "../src/conformance.ts";
import { startEwsSchool } from "./ews-school.ts";

calendarConformance("ews", async () => {
  const { calendar, close } = await startEwsSchool();
  return { calendar, mailbox: "room-12@school.example", unknownMailbox: "nobody@school.example", close };
});
