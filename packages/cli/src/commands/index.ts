/** All commands, and the one line that each noun says about itself. */
import type { Command } from "../command.ts";
import { appRegister } from "./app/register.ts";
import { appRotate } from "./app/rotate.ts";
import { assertionCreate } from "./assertion/create.ts";
import { assertionInspect } from "./assertion/inspect.ts";
import { calendarEvents } from "./calendar/events.ts";
import { calendarList } from "./calendar/list.ts";
import { certCheck } from "./cert/check.ts";
import { certCreate } from "./cert/create.ts";
import { certShow } from "./cert/show.ts";
import { certThumbprint } from "./cert/thumbprint.ts";
import { demo } from "./demo/demo.ts";
import { doctorCheck } from "./doctor/check.ts";
import { doctorExplain } from "./doctor/explain.ts";
import { emulatorCa } from "./emulator/ca.ts";
import { emulatorExec } from "./emulator/exec.ts";
import { emulatorHosts } from "./emulator/hosts.ts";
import { emulatorReset } from "./emulator/reset.ts";
import { emulatorSettings } from "./emulator/settings.ts";
import { emulatorStart } from "./emulator/start.ts";
import { emulatorStatus } from "./emulator/status.ts";
import { manifestAdd } from "./manifest/add.ts";
import { manifestShow } from "./manifest/show.ts";
import { serveCommand } from "./serve/serve.ts";
import { syncApply } from "./sync/apply.ts";
import { syncPlan } from "./sync/plan.ts";
import { tokenGet } from "./token/get.ts";
import { tokenInspect } from "./token/inspect.ts";

export const nouns: Readonly<Record<string, string>> = {
  cert: "Make and look at certificates",
  manifest: "The entry of a certificate in an application's manifest",
  app: "Registrations in the directory",
  assertion: "Client assertions",
  token: "Access tokens",
  calendar: "Calendars of a mailbox",
  sync: "Bring mailboxes in line with a timetable",
  doctor: "Find out what is wrong",
  emulator: "A local Entra ID, Graph and Exchange",
};

export const commands: readonly Command[] = [
  demo,
  certCreate,
  certShow,
  certThumbprint,
  certCheck,
  manifestAdd,
  manifestShow,
  appRegister,
  appRotate,
  assertionCreate,
  assertionInspect,
  tokenGet,
  tokenInspect,
  calendarList,
  calendarEvents,
  syncPlan,
  syncApply,
  serveCommand,
  doctorCheck,
  doctorExplain,
  emulatorStart,
  emulatorStatus,
  emulatorReset,
  emulatorExec,
  emulatorSettings,
  emulatorCa,
  emulatorHosts,
];
