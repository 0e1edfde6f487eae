/**
 * A school to show the main job on: five year groups and six rooms of school.example, a term's lessons as iCalendar
 * (weekly series with a holiday, moved and cancelled lessons) and the clubs and examinations as CSV.
 */

/** The sample as files. */
export interface SampleSchool {
  readonly ics: string;
  readonly csv: string;
  /** Mailbox whose week is worth drawing. */
  readonly showcaseMailbox: string;
  /** Monday of the first week, `YYYY-MM-DD`. */
  readonly startsOn: string;
  /** Number of weeks. */
  readonly weekCount: number;
}

const years = [7, 8, 9, 10, 11];
const rooms = ["room-10", "room-11", "room-12", "room-13", "lab-1", "gym"];
const subjects = [
  "Mathematics",
  "English",
  "Science",
  "History",
  "Geography",
  "French",
  "Art",
  "Computing",
  "Music",
  "Sport",
];
const periods = [
  ["09:00:00", "10:00:00"],
  ["10:15:00", "11:15:00"],
  ["11:30:00", "12:30:00"],
  ["13:30:00", "14:30:00"],
] as const;
const days = ["MO", "TU", "WE", "TH", "FR"];
const zone = "Europe/London";
const weekCount = 7;
const dayMs = 86_400_000;

/**
 * Makes the sample, the same for every day of a week.
 *
 * @param now - the term starts on the Monday of this week
 * @returns both files
 */
export function sampleSchool(now: Date): SampleSchool {
  const monday = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()));
  monday.setUTCDate(monday.getUTCDate() - ((monday.getUTCDay() + 6) % 7));
  const startsOn = monday.toISOString().slice(0, 10);
  return {
    ics: lessons(startsOn),
    csv: clubs(startsOn),
    showcaseMailbox: "room-12@school.example",
    startsOn,
    weekCount,
  };
}

function lessons(startsOn: string): string {
  const blocks = years.flatMap((year, yearIndex) =>
    days.flatMap((day, dayIndex) =>
      [0, 1, 2, 3]
        .filter((period) => (yearIndex + dayIndex + period) % 2 === 0)
        .flatMap((period) => lesson({ startsOn, year, yearIndex, day, dayIndex, period })),
    ),
  );
  return crlf([
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Nightlatch//Sample school//EN",
    `X-WR-TIMEZONE:${zone}`,
    ...londonRules,
    ...blocks,
    "END:VCALENDAR",
  ]);
}

interface Slot {
  readonly startsOn: string;
  readonly year: number;
  readonly yearIndex: number;
  readonly day: string;
  readonly dayIndex: number;
  readonly period: number;
}

/** One weekly lesson; some miss the third week, some are moved or cancelled in the second. */
function lesson({ startsOn, year, yearIndex, day, dayIndex, period }: Slot): string[] {
  const number = yearIndex * 20 + dayIndex * 4 + period;
  const room = rooms[(yearIndex + period + dayIndex * 2) % rooms.length] ?? "room-10";
  const subject = subjects[(number * 3 + yearIndex) % subjects.length] ?? "Study";
  const [start, end] = periods[period] ?? periods[0];
  const on = (week: number): string => datePlus(startsOn, week * 7 + dayIndex);
  const uid = `lesson-${number}@timetable.school.example`;
  const common = (summary: string): string[] => [
    `SUMMARY:${summary}`,
    `LOCATION:${room}`,
    `ATTENDEE;CUTYPE=GROUP:mailto:year${year}@school.example`,
    `ATTENDEE;CUTYPE=ROOM:mailto:${room}@school.example`,
    "CATEGORIES:Lesson",
    "END:VEVENT",
  ];
  const head = (date: string, from: string, to: string): string[] => [
    "BEGIN:VEVENT",
    `UID:${uid}`,
    "DTSTAMP:20260101T000000Z",
    `DTSTART;TZID=${zone}:${compact(date, from)}`,
    `DTEND;TZID=${zone}:${compact(date, to)}`,
  ];
  const title = `${subject}, Year ${year}`;
  const holiday = dayIndex === 4 ? [`EXDATE;TZID=${zone}:${compact(on(2), start)}`] : [];
  const lines = [
    ...head(on(0), start, end),
    `RRULE:FREQ=WEEKLY;BYDAY=${day};COUNT=${weekCount}`,
    ...holiday,
    ...common(title),
  ];
  const changed = `RECURRENCE-ID;TZID=${zone}:${compact(on(1), start)}`;
  if (number % 9 === 0)
    lines.push(...head(on(1), "15:00:00", "16:00:00"), changed, ...common(`${title} (moved)`));
  if (number % 11 === 5)
    lines.push(...head(on(1), start, end), changed, "STATUS:CANCELLED", ...common(title));
  return lines;
}

function clubs(startsOn: string): string {
  const rows = [0, 1, 2, 3].flatMap((week) =>
    [
      ["chess", "room-12", 1, "16:15", "17:15", "Chess club"],
      ["choir", "room-13", 2, "16:15", "17:30", "Choir"],
      ["robots", "lab-1", 3, "16:15", "17:45", "Robotics club"],
    ].map(([id, room, day, from, to, title]) => {
      const date = datePlus(startsOn, week * 7 + Number(day));
      return [
        `${id}-${week + 1}`,
        `${room}@school.example`,
        title,
        `${date}T${from}`,
        `${date}T${to}`,
        zone,
        room,
      ].join(",");
    }),
  );
  return `${["id,mailbox,subject,start,end,zone,location", ...rows].join("\n")}\n`;
}

function datePlus(date: string, dayCount: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + dayCount * dayMs).toISOString().slice(0, 10);
}

function compact(date: string, time: string): string {
  return `${date}T${time}`.replaceAll(/[-:]/g, "");
}

function crlf(lines: readonly string[]): string {
  return `${lines.join("\r\n")}\r\n`;
}

const londonRules = [
  "BEGIN:VTIMEZONE",
  `TZID:${zone}`,
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
