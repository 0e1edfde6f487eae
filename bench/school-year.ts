/** A timetable of a large school as iCalendar text: the same text for the same number of lessons. */

/** First day of the year and the day after its last, UTC. */
export const SCHOOL_YEAR = { fromMs: Date.UTC(2026, 8, 1), toMs: Date.UTC(2027, 8, 1) };

const zoneRules = [
  "BEGIN:VTIMEZONE",
  "TZID:Europe/London",
  "BEGIN:DAYLIGHT",
  "DTSTART:19810329T010000",
  "TZOFFSETFROM:+0000",
  "TZOFFSETTO:+0100",
  "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
  "END:DAYLIGHT",
  "BEGIN:STANDARD",
  "DTSTART:19961027T020000",
  "TZOFFSETFROM:+0100",
  "TZOFFSETTO:+0000",
  "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
  "END:STANDARD",
  "END:VTIMEZONE",
];
const subjects = ["Mathematics", "English", "Physics", "History\\, modern", "Geography", "French", "Music"];
const dayNames = ["MO", "TU", "WE", "TH", "FR"];
const dayMs = 86_400_000;
const monday = Date.UTC(2026, 8, 7);

/**
 * Writes a timetable: of ten blocks of lessons four are single lessons, four repeat every week, one every other week
 * and one is a weekly series with a holiday and a lesson that was moved by an hour.
 *
 * @param lessons - number of blocks
 */
export function writeSchoolYear(lessons: number): string {
  const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Nightlatch//Benchmark//EN", ...zoneRules];
  for (let index = 0; index < lessons; index += 1) lines.push(...block(index));
  lines.push("END:VCALENDAR", "");
  return lines.map(fold).join("\r\n");
}

function block(index: number): string[] {
  const kind = index % 10;
  const day = (index * 7) % 5;
  const hour = 8 + ((index * 11) % 8);
  const firstMs = monday + day * dayMs;
  if (kind < 4) return component(index, [], firstMs + ((index * 13) % 40) * 7 * dayMs, hour);
  const weekly = `RRULE:FREQ=WEEKLY;BYDAY=${dayNames[day]};UNTIL=20270716T220000Z`;
  if (kind < 8) return component(index, [weekly], firstMs, hour);
  if (kind === 8) return component(index, ["RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=20"], firstMs, hour);
  const movedMs = firstMs + 21 * dayMs;
  const holiday = `EXDATE;TZID=Europe/London:${time(firstMs + 49 * dayMs, hour)}`;
  const original = `RECURRENCE-ID;TZID=Europe/London:${time(movedMs, hour)}`;
  return [
    ...component(index, [weekly, holiday], firstMs, hour),
    ...component(index, [original], movedMs, hour + 1),
  ];
}

function component(index: number, extra: readonly string[], dayStartMs: number, hour: number): string[] {
  return [
    "BEGIN:VEVENT",
    `UID:lesson-${index}@school.example`,
    "DTSTAMP:20260801T060000Z",
    `DTSTART;TZID=Europe/London:${time(dayStartMs, hour)}`,
    `DTEND;TZID=Europe/London:${time(dayStartMs, hour, 45)}`,
    ...extra,
    `SUMMARY:${subjects[index % subjects.length]} ${7 + (index % 6)}`,
    `LOCATION:Room ${100 + (index % 60)}`,
    `DESCRIPTION:Teacher ${index % 180}\\, group ${index % 900}\\nBring the workbook and what was set last week.`,
    "CATEGORIES:Timetable,Lesson",
    "END:VEVENT",
  ];
}

function time(dayStartMs: number, hour: number, minute = 0): string {
  const date = new Date(dayStartMs).toISOString().slice(0, 10).replaceAll("-", "");
  return `${date}T${String(hour).padStart(2, "0")}${String(minute).padStart(2, "0")}00`;
}

/** Lines of at most 75 characters, as RFC 5545 wants them. */
function fold(line: string): string {
  return line.match(/.{1,74}/g)?.join("\r\n ") ?? line;
}
