/** What the help says besides options: groups, worked examples, exit status. */
import type { Command } from "./command.ts";

const groups: Readonly<Record<string, readonly string[]>> = {
  "Start here:": ["demo"],
  "The key and the registration:": ["cert", "manifest", "app"],
  "The sign-in:": ["assertion", "token"],
  "The calendars:": ["calendar", "sync", "serve"],
  "When something is wrong:": ["doctor"],
  "The other side of the wire:": ["emulator"],
};

/**
 * Names the group of the list of commands in which a command stands.
 *
 * @param name - first word of the command
 * @returns heading
 */
export function groupOf(name: string): string {
  return Object.entries(groups).find(([, names]) => names.includes(name))?.[0] ?? "Commands:";
}

/**
 * Writes the worked examples of a command.
 *
 * @param command - any command
 * @returns text for the end of its help
 */
export function examplesOf(command: Command): string {
  const lines = command.examples.map(({ line, says }) => `  # ${says}\n  ${line}`);
  return lines.length === 0 ? "" : `\nExamples:\n${lines.join("\n\n")}\n`;
}

/** End of the help of the program. */
export const topExamples = `
Examples:
  # The whole story against a local Entra ID and Graph, no account needed
  nightlatch demo

  # A key and certificate, and the entry for the application's manifest
  nightlatch cert create --subject "CN=Timetable push" --out timetable.pem
  nightlatch manifest show --certificate timetable.pem

  # An application on a local emulator (nightlatch emulator start), and a token for it
  nightlatch app register --emulator --name "Timetable push" --certificate timetable.pem --write-settings timetable.env
  nightlatch token get --settings timetable.env | nightlatch token inspect

  # Bring mailboxes in line with a timetable: first see, then do
  nightlatch sync plan --settings timetable.env --timetable school.ics
  nightlatch sync apply --settings timetable.env --timetable school.ics

Exit status: 0 done · 1 failed · 2 wrong usage · 3 done in part · 4 sign-in refused · 5 doctor found a fault · 130 interrupted
`;
