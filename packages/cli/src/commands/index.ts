/** All commands, how each is loaded, and the one line that each noun says about itself. */
import type { Command } from "../command.ts";

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

/** In the order of the help. A command brings the rooms that it needs: only the one that is called is loaded. */
const loaders: readonly (readonly [words: string, load: () => Promise<Command>])[] = [
  ["demo", async () => (await import("./demo/demo.ts")).demo],
  ["cert create", async () => (await import("./cert/create.ts")).certCreate],
  ["cert show", async () => (await import("./cert/show.ts")).certShow],
  ["cert thumbprint", async () => (await import("./cert/thumbprint.ts")).certThumbprint],
  ["cert check", async () => (await import("./cert/check.ts")).certCheck],
  ["manifest add", async () => (await import("./manifest/add.ts")).manifestAdd],
  ["manifest show", async () => (await import("./manifest/show.ts")).manifestShow],
  ["app register", async () => (await import("./app/register.ts")).appRegister],
  ["app rotate", async () => (await import("./app/rotate.ts")).appRotate],
  ["assertion create", async () => (await import("./assertion/create.ts")).assertionCreate],
  ["assertion inspect", async () => (await import("./assertion/inspect.ts")).assertionInspect],
  ["token get", async () => (await import("./token/get.ts")).tokenGet],
  ["token inspect", async () => (await import("./token/inspect.ts")).tokenInspect],
  ["calendar list", async () => (await import("./calendar/list.ts")).calendarList],
  ["calendar events", async () => (await import("./calendar/events.ts")).calendarEvents],
  ["sync plan", async () => (await import("./sync/plan.ts")).syncPlan],
  ["sync apply", async () => (await import("./sync/apply.ts")).syncApply],
  ["serve", async () => (await import("./serve/serve.ts")).serveCommand],
  ["doctor check", async () => (await import("./doctor/check.ts")).doctorCheck],
  ["doctor explain", async () => (await import("./doctor/explain.ts")).doctorExplain],
  ["emulator start", async () => (await import("./emulator/start.ts")).emulatorStart],
  ["emulator status", async () => (await import("./emulator/status.ts")).emulatorStatus],
  ["emulator reset", async () => (await import("./emulator/reset.ts")).emulatorReset],
  ["emulator exec", async () => (await import("./emulator/exec.ts")).emulatorExec],
  ["emulator settings", async () => (await import("./emulator/settings.ts")).emulatorSettings],
  ["emulator ca", async () => (await import("./emulator/ca.ts")).emulatorCa],
  ["emulator hosts", async () => (await import("./emulator/hosts.ts")).emulatorHosts],
];

/** Words of every command, for example `cert create`. */
export const commandNames: readonly string[] = loaders.map(([words]) => words);

/**
 * Loads the command that a command line calls, or all of them where it calls none: help lists them.
 *
 * @param words - the command line
 * @returns one command, or all in the order of the help
 */
export async function loadCommands(words: readonly string[]): Promise<readonly Command[]> {
  const called = loaders.filter(([name]) => name === words[0] || name === `${words[0]} ${words[1]}`);
  return Promise.all((called.length === 0 ? loaders : called).map(([, load]) => load()));
}
