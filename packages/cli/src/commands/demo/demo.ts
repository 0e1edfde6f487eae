import { addDays, toInstant } from "@nightlatch/calendar";
import type { Timetable } from "@nightlatch/sync";
import { readTimetable } from "@nightlatch/sync";
import { describeCertificate } from "../../certificate-text.ts";
import { type CommandInput, type CommandResult, type Context, defineCommand } from "../../command.ts";
import { plain } from "../../plain-text.ts";
import { table } from "../../table.ts";
import { loadTimetable, type TimetableOptions, timetableOptions } from "../../timetable-input.ts";
import { untilInterrupted } from "../../until-interrupted.ts";
import { sampleSchool } from "./sample-school.ts";
import {
  countByApi,
  makeCertificate,
  makeFolder,
  readWindow,
  registerApplications,
  runSync,
  type ServedApi,
  type SignedIn,
  signIn,
  startApi,
  startSchool,
  trustEmulator,
} from "./story.ts";
import { drawWeek } from "./week.ts";

interface Options extends Partial<TimetableOptions> {
  readonly exit?: boolean;
}

/** Options that say how the user's own file is read. */
const ownFile = ["--timetable", "--zone", "--mailbox", "--domain", "--date-order", "--encoding"];
const dayMs = 86_400_000;

export const demo = defineCommand<Options>({
  path: ["demo"],
  summary: "Show the main job against a local Entra ID and Graph: from a key to a timetable in its mailboxes",
  details:
    "Makes a certificate, registers an application, exchanges the certificate for a token, plans and writes a timetable, reads it back through a REST API, and runs again to show that nothing is left to do. No account is needed and nothing leaves this machine.",
  options: [
    ...timetableOptions.filter(({ flags }) => ownFile.includes(flags.split(" ")[0] ?? "")),
    { flags: "--exit", description: "leave after the last step instead of serving until Ctrl-C" },
  ],
  examples: [
    { line: "nightlatch demo", says: "the sample school" },
    {
      line: "nightlatch demo --timetable lessons.ics --zone Europe/London",
      says: "your own timetable, ICS or CSV",
    },
    { line: "nightlatch demo --exit --json", says: "for a script: the figures of each step" },
  ],
  run: runDemo,
});

async function runDemo({ context, options }: CommandInput<Options>): Promise<CommandResult | undefined> {
  const school = await loadSchool(options, context);
  const tell = narrator(context);
  if (!context.json) context.io.out(`${opening(school)}\n\n`);
  const folder = await makeFolder();
  const closing: (() => Promise<void> | void)[] = [folder.remove];
  try {
    const signedIn = await signInStory(school, folder.path, { context, tell, closing });
    const figures = await syncTwice(school, signedIn, context, tell);
    if (!context.json) context.io.out(`\n${await weekText(school, signedIn, context)}\n\n`);
    const { emulator, transport, apiClientId } = signedIn;
    const served = await startApi(emulator, apiClientId, signedIn, transport);
    closing.push(() => served.server.close());
    const events = await countByApi(served, school.showcase, school.from, school.to);
    tell(
      "Read back through the REST API, as another program would",
      `${counted(events, "event")} of ${school.showcase} at ${served.server.origin}`,
    );
    const data = {
      ...signedIn.data,
      timetable: timetableFacts(school),
      firstRun: figures.firstRun,
      secondRun: figures.secondRun,
      api: { events, origin: served.server.origin },
    };
    const { exitCode } = figures;
    if (options.exit === true) return { data, text: "", exitCode };
    context.io.out(context.json ? `${JSON.stringify(data)}\n` : `\n${addresses(served, school.showcase)}\n`);
    await untilInterrupted(context.signal);
    return undefined;
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

interface Stage {
  readonly context: Context;
  readonly tell: Tell;
  readonly closing: (() => Promise<void> | void)[];
}

/** From the certificate to the token. */
async function signInStory(school: School, folder: string, { context, tell, closing }: Stage) {
  const { file, credential } = await makeCertificate(folder);
  const { certificate } = credential;
  tell(
    "A certificate, with which the program will prove who it is",
    `RSA ${certificate.keySizeBits}, ${certificate.subject}, valid to ${certificate.notAfter.toISOString().slice(0, 10)}; the private key stays in ${file}`,
    `SHA-256 ${certificate.thumbprintSha256.base64url}`,
  );
  const emulator = await startSchool(school.mailboxes, folder, context);
  closing.push(() => emulator.close());
  const transport = trustEmulator(emulator);
  closing.push(() => transport.close());
  tell(
    "A stand-in for Microsoft 365: Entra ID and Graph on this machine",
    `${emulator.origin}, tenant ${emulator.domain}, ${counted(school.mailboxes.length, "mailbox")}`,
  );
  const { push, api } = await registerApplications(emulator, credential, transport, context);
  tell(
    "The program registered there, with that certificate",
    `"Timetable push", client id ${push.clientId}`,
    `granted by the administrator: ${push.grantedPermissions.map((name) => name.split("/").pop()).join(", ")}`,
  );
  const signedIn = await signIn(emulator, push.clientId, credential, transport);
  tell(
    "The certificate exchanged for an access token: no password, nobody at the keyboard",
    `appidacr ${signedIn.claims["appidacr"]} (2 means a certificate, 1 a secret), roles ${[signedIn.claims["roles"]].flat().join(", ")}`,
  );
  return {
    ...signedIn,
    emulator,
    transport,
    apiClientId: api.clientId,
    data: {
      certificate: describeCertificate(certificate).data,
      application: { clientId: push.clientId, keyId: push.keyId, permissions: push.grantedPermissions },
      token: tokenFacts(signedIn),
    },
  };
}

function opening(school: School): string {
  const names = school.timetables.map(({ source }) => source.name).join(" and ");
  return `How a program brings a timetable (${names}) into mailboxes of Microsoft 365, signed in as itself.\nAll of it runs on this machine: no account is needed, and nothing leaves it.`;
}

/** What the demo plays with. */
interface School {
  readonly timetables: readonly Timetable[];
  readonly mailboxes: readonly string[];
  readonly showcase: string;
  /** First Monday with a lesson of the showcase, `YYYY-MM-DD`. */
  readonly monday: string;
  readonly from: Date;
  readonly to: Date;
  readonly lessonCount: number;
  readonly entryCount: number;
}

async function loadSchool(options: Options, context: Context): Promise<School> {
  const sample = sampleSchool(context.now());
  const whole = { isWholeSource: true };
  const timetables =
    options.timetable === undefined
      ? [
          readTimetable({ text: sample.ics, sourceName: "school.ics" }, { ...whole, sourceTag: "lessons" }),
          readTimetable({ text: sample.csv, sourceName: "clubs.csv" }, { ...whole, sourceTag: "clubs" }),
        ]
      : [
          await loadTimetable(
            { ...options, timetable: options.timetable, source: "timetable", whole: true },
            context,
          ),
        ];
  const mailboxes = [...new Set(timetables.flatMap((timetable) => timetable.mailboxes))].sort();
  const entries = timetables.flatMap((timetable) => timetable.entries);
  const showcase = options.timetable === undefined ? sample.showcaseMailbox : (mailboxes[0] ?? "");
  const first =
    entries
      .filter((entry) => entry.mailbox === showcase)
      .map((entry) => entry.event.start.dateTime)
      .sort()[0] ?? sample.startsOn;
  const weekday = (new Date(`${first.slice(0, 10)}T00:00:00Z`).getUTCDay() + 6) % 7;
  return {
    timetables,
    mailboxes,
    showcase,
    monday: addDays(first.slice(0, 10), -weekday),
    from: new Date(Math.min(...timetables.map((timetable) => Date.parse(timetable.window.from)))),
    to: new Date(Math.max(...timetables.map((timetable) => Date.parse(timetable.window.to)))),
    lessonCount: new Set(entries.map((entry) => entry.key)).size,
    entryCount: entries.length,
  };
}

function tokenFacts({ claims }: SignedIn): Readonly<Record<string, unknown>> {
  return { appidacr: claims["appidacr"], aud: claims["aud"], roles: claims["roles"] };
}

function timetableFacts(school: School): Readonly<Record<string, unknown>> {
  return { lessons: school.lessonCount, mailboxes: school.mailboxes.length, events: school.entryCount };
}

type Tell = (title: string, ...lines: readonly string[]) => void;

function narrator(context: Context): Tell {
  let step = 0;
  return (title, ...lines) => {
    context.signal.throwIfAborted();
    step += 1;
    if (context.json) return;
    context.io.out(
      `${context.io.paint("bold", `${step}. ${title}`)}\n${lines.map((line) => `   ${line}\n`).join("")}`,
    );
  };
}

async function syncTwice(school: School, { calendar }: SignedIn, context: Context, tell: Tell) {
  const names = school.timetables
    .map((timetable) => `${timetable.source.name} (${timetable.source.format.toUpperCase()})`)
    .join(" and ");
  tell(
    "The timetable read and planned",
    `${names}: ${counted(school.lessonCount, "lesson")} for ${counted(school.mailboxes.length, "mailbox")}, ${counted(school.entryCount, "event")} to write`,
    ...school.timetables.flatMap(({ warnings }) => warnings.map(({ message }) => `note: ${plain(message)}`)),
  );
  const first = await runSync(school.timetables, calendar, context);
  tell("Written into the mailboxes", countsText(first));
  const second = await runSync(school.timetables, calendar, context);
  tell("The same once more, as every night: what is right is left alone", countsText(second));
  const counts = ({ created, updated, deleted }: typeof first) => ({ created, updated, deleted });
  return {
    firstRun: counts(first),
    secondRun: counts(second),
    exitCode: Math.max(first.exitCode, second.exitCode),
  };
}

function counted(count: number, what: "mailbox" | "lesson" | "event"): string {
  return `${count} ${count === 1 ? what : what === "mailbox" ? "mailboxes" : `${what}s`}`;
}

function countsText(counts: {
  created: number;
  updated: number;
  deleted: number;
  unchanged: number;
  failed: number;
}): string {
  const failed = counts.failed === 0 ? "" : `, ${counts.failed} failed`;
  return `${counts.created} created, ${counts.updated} updated, ${counts.deleted} deleted, ${counts.unchanged} unchanged${failed}`;
}

async function weekText(school: School, { calendar }: SignedIn, context: Context): Promise<string> {
  const from = toInstant({ dateTime: `${school.monday}T00:00:00`, ianaZone: "UTC" });
  const events = await readWindow(calendar, school.showcase, from, new Date(from.getTime() + 7 * dayMs));
  return `${school.showcase}, week of ${school.monday}\n${drawWeek(events, school.monday, context.io)}`;
}

function addresses(api: ServedApi, mailbox: string): string {
  const { origin } = api.server;
  return `${table(
    ["OPEN", ""],
    [
      ["REST API and its page", `${origin}/`],
      ["OpenAPI 3.1", `${origin}/openapi.json`],
      ["ICS feed", api.feedUrl(mailbox)],
    ],
  )}\n\nServing until Ctrl-C`;
}
