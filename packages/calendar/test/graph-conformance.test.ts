/** The Graph wing against the emulator's Graph, over TLS, signed in with a certificate. */
import { calendarConformance } from "../src/conformance.ts";
import { startSchool } from "./emulated-school.ts";

calendarConformance("graph", async () => {
  const { calendar, close } = await startSchool();
  return { calendar, mailbox: "room-12@school.example", unknownMailbox: "nobody@school.example", close };
});
