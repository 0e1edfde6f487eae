/**
 * Writes the sample school: one timetable as `school.ics` and as `school.csv`, both saying the same, and `tenant.json`,
 * the seed of an emulator that has its mailboxes.
 *
 *     npx tsx examples/timetable/generate.ts
 *
 * Forty weekly lessons of five year groups in six rooms through the English school year 2026/27: holidays, lessons
 * of every other week, moved and cancelled ones, a day trip, names that need quoting.
 */
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const ZONE = "Europe/London";
const DAY_MS = 86_400_000;
const LAST_DAY = "2027-07-16";
const HOLIDAYS = [
  ["2026-10-26", "2026-10-30"],
  ["2026-12-21", "2027-01-01"],
  ["2027-02-15", "2027-02-19"],
  ["2027-03-29", "2027-04-09"],
  ["2027-05-31", "2027-06-04"],
] as const;
const ROOMS = ["room-10", "room-11", "room-12", "lab-1", "music", "hall"];
const SUBJECTS = [
  "Mathematics",
  "English",
  "Physics, practical",
  "Français",
  'Drama ("Our Town")',
  "Music",
  "Geography; fieldwork",
  "Art & design",
];
const PERIODS = [
  ["08:50", "09:50"],
  ["09:50", "10:50"],
  ["11:10", "12:10"],
  ["13:15", "14:15"],
] as const;

/** One row of the week. */
interface Lesson {
  readonly id: string;
  readonly mailboxes: readonly string[];
  readonly subject: string;
  readonly room: string;
  readonly description: string;
  /** First date, `YYYY-MM-DD`. */
  readonly firstOn: string;
  readonly start: string;
  readonly end: string;
  readonly everyWeeks: number;
  readonly holidays: readonly string[];
  readonly cancelledOn: string | undefined;
  /** A date on which it takes place in the hall in the afternoon instead. */
  readonly movedOn: string | undefined;
}

/**
 * Makes the sample.
 *
 * @returns text of both files
 */
export function sampleSchool(): { readonly ics: string; readonly csv: string } {
  const lessons = Array.from({ length: 40 }, (_, number) => lessonOf(number));
  return { ics: icsOf(lessons), csv: csvOf(lessons) };
}

function lessonOf(number: number): Lesson {
  const day = number % 5;
  const period = Math.floor(number / 5) % 4;
  const half = Math.floor(number / 20);
  // Each year has one lesson at a time, and each room one class.
  const year = 7 + ((day + period + half * 2) % 5);
  const room = ROOMS[(day + period * 2 + half * 3) % 6] ?? "hall";
  const everyWeeks = number % 8 === 5 ? 2 : 1;
  const firstOn = addDays("2026-09-07", day + (everyWeeks === 2 ? 7 * (half % 2) : 0));
  const [start, end] = PERIODS[period] ?? PERIODS[0];
  const dates = datesOf(firstOn, everyWeeks);
  const holidays = dates.filter(isHoliday);
  const lessons = dates.filter((date) => !isHoliday(date));
  return {
    id: `y${year}-${["mo", "tu", "we", "th", "fr"][day]}-${period + 1}-${half === 0 ? "a" : "b"}`,
    mailboxes: [`${room}@school.example`, `year${year}@school.example`],
    subject: SUBJECTS[(number * 3) % SUBJECTS.length] ?? "Study",
    room,
    description: number % 4 === 0 ? `Year ${year}, set ${half + 1}\nBring the workbook, please` : "",
    firstOn,
    start,
    end,
    everyWeeks,
    holidays,
    cancelledOn: number % 7 === 3 ? lessons[(number % 5) + 12] : undefined,
    movedOn: number % 6 === 1 ? lessons[(number % 9) + 14] : undefined,
  };
}

function icsOf(lessons: readonly Lesson[]): string {
  const at = (date: string, time: string) => `;TZID=${ZONE}:${compact(date)}T${compact(time)}00`;
  const events = lessons.flatMap((lesson) => {
    const { firstOn, start, end, everyWeeks, cancelledOn, movedOn } = lesson;
    const interval = everyWeeks === 1 ? "" : `;INTERVAL=${everyWeeks}`;
    const skipped = lesson.holidays.map((date) => `${compact(date)}T${compact(start)}00`).join(",");
    const master = [
      `DTSTART${at(firstOn, start)}`,
      `DTEND${at(firstOn, end)}`,
      `RRULE:FREQ=WEEKLY${interval};UNTIL=${compact(LAST_DAY)}T225959Z`,
      ...(skipped === "" ? [] : [`EXDATE;TZID=${ZONE}:${skipped}`]),
    ];
    const changed = (date: string, times: readonly string[]) => [`RECURRENCE-ID${at(date, start)}`, ...times];
    return [
      veventOf(lesson, lesson.room, master),
      ...(cancelledOn === undefined
        ? []
        : [
            veventOf(
              lesson,
              lesson.room,
              changed(cancelledOn, [`DTSTART${at(cancelledOn, start)}`, "STATUS:CANCELLED"]),
            ),
          ]),
      ...(movedOn === undefined
        ? []
        : [
            veventOf(
              lesson,
              "hall",
              changed(movedOn, [`DTSTART${at(movedOn, "15:30")}`, `DTEND${at(movedOn, "16:30")}`]),
            ),
          ]),
    ];
  });
  const trip = [
    "BEGIN:VEVENT",
    "UID:trip-museum@school.example",
    "DTSTAMP:20260801T060000Z",
    "DTSTART;VALUE=DATE:20270505",
    "DTEND;VALUE=DATE:20270507",
    "SUMMARY:Museum trip",
    "ATTENDEE;CUTYPE=GROUP:mailto:year9@school.example",
    "TRANSP:TRANSPARENT",
    "END:VEVENT",
  ];
  const head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//school.example//timetable//EN"];
  const lines = [...head, `X-WR-TIMEZONE:${ZONE}`, ...LONDON, ...events.flat(), ...trip, "END:VCALENDAR"];
  return `${lines.map(fold).join("\r\n")}\r\n`;
}

function veventOf(lesson: Lesson, room: string, times: readonly string[]): readonly string[] {
  return [
    "BEGIN:VEVENT",
    `UID:${lesson.id}@school.example`,
    "DTSTAMP:20260801T060000Z",
    ...times,
    `SUMMARY:${escapeText(lesson.subject)}`,
    `LOCATION:${room}`,
    ...(lesson.description === "" ? [] : [`DESCRIPTION:${escapeText(lesson.description)}`]),
    "CATEGORIES:Lesson",
    ...lesson.mailboxes.map((mailbox) => `ATTENDEE:mailto:${mailbox}`),
    "END:VEVENT",
  ];
}

function csvOf(lessons: readonly Lesson[]): string {
  const header =
    "id,mailbox,subject,date,start_time,end_time,zone,location,description,categories,show_as,repeat_weekly_until,repeat_every_weeks,except_dates,end_date";
  const rows = lessons.flatMap((lesson) => {
    const mailboxes = lesson.mailboxes.join(";");
    const excepted = [...lesson.holidays, lesson.cancelledOn, lesson.movedOn].filter(
      (date) => date !== undefined,
    );
    const common = [lesson.description, "Lesson", "busy"];
    const weekly = [
      ...[lesson.id, mailboxes, lesson.subject, lesson.firstOn, lesson.start, lesson.end, ZONE, lesson.room],
      ...[...common, LAST_DAY, String(lesson.everyWeeks), excepted.toSorted().join(";"), ""],
    ];
    if (lesson.movedOn === undefined) return [weekly];
    const moved = [
      ...[`${lesson.id}-moved`, mailboxes, lesson.subject, lesson.movedOn, "15:30", "16:30", ZONE, "hall"],
      ...[...common, "", "", "", ""],
    ];
    return [weekly, moved];
  });
  const trip = [
    ...["trip-museum", "year9@school.example", "Museum trip", "2027-05-05", "", "", ZONE, "", "", "", "free"],
    ...["", "", "", "2027-05-06"],
  ];
  return `${[header, ...[...rows, trip].map((row) => row.map(quote).join(","))].join("\n")}\n`;
}

/** A mailbox for each address of the timetable; the year groups are mailboxes as well, not groups. */
function sampleTenant(csv: string): object {
  const addresses = [...new Set(csv.match(/[\w-]+@school\.example/g))].sort();
  return {
    tenants: [
      {
        tenantId: "5c001000-0000-4000-8000-000000000000",
        displayName: "Example School",
        domains: ["school.example"],
        users: addresses.map((userPrincipalName) => ({
          userPrincipalName,
          displayName: displayNameOf(userPrincipalName),
          timeZone: ZONE,
          mailbox: true,
        })),
      },
    ],
  };
}

function displayNameOf(address: string): string {
  const [name = ""] = address.split("@");
  const words = name.replace(/([a-z])-?(\d)/, "$1 $2");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function datesOf(firstOn: string, everyWeeks: number): readonly string[] {
  const dates: string[] = [];
  for (let date = firstOn; date <= LAST_DAY; date = addDays(date, 7 * everyWeeks)) dates.push(date);
  return dates;
}

function isHoliday(date: string): boolean {
  return HOLIDAYS.some(([first, last]) => date >= first && date <= last);
}

function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

function compact(text: string): string {
  return text.replace(/[-:]/g, "");
}

function escapeText(text: string): string {
  return text.replace(/[\\;,]/g, "\\$&").replaceAll("\n", "\\n");
}

function quote(cell: string): string {
  return /[",;\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** Folds a content line after 73 characters, not inside of one. */
function fold(line: string): string {
  return line.length <= 73 ? line : `${line.slice(0, 73)}\r\n${fold(` ${line.slice(73)}`)}`;
}

const LONDON = [
  "BEGIN:VTIMEZONE",
  `TZID:${ZONE}`,
  "BEGIN:DAYLIGHT",
  "TZOFFSETFROM:+0000",
  "TZOFFSETTO:+0100",
  "TZNAME:BST",
  "DTSTART:19700329T010000",
  "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
  "END:DAYLIGHT",
  "BEGIN:STANDARD",
  "TZOFFSETFROM:+0100",
  "TZOFFSETTO:+0000",
  "TZNAME:GMT",
  "DTSTART:19701025T020000",
  "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
  "END:STANDARD",
  "END:VTIMEZONE",
];

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { ics, csv } = sampleSchool();
  writeFileSync(new URL("school.ics", import.meta.url), ics);
  writeFileSync(new URL("school.csv", import.meta.url), csv);
  writeFileSync(new URL("tenant.json", import.meta.url), `${JSON.stringify(sampleTenant(csv), null, 2)}\n`);
}
