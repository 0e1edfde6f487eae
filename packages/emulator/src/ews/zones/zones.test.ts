import { describe, expect, it } from "vitest";
import { all } from "../../../test/ews-fixture.ts";
import { listWindowsZones, toWallMs } from "../../mailbox/zones.ts";
import { child, readXml, type XmlElement } from "../soap/xml-reader.ts";
import { readBiasZone } from "./bias-zone.ts";
import { formatDuration, parseDurationMs } from "./durations.ts";
import { formatInstant, readInstant } from "./instants.ts";
import { readMeetingZone, readZoneDefinition } from "./zone-definition.ts";
import { listClockChanges, writeZoneDefinition, zoneTitle } from "./zone-rules.ts";

const read = (xml: string): XmlElement => readXml(Buffer.from(xml.replaceAll("t:", "")));

describe("durations", () => {
  it.each([
    ["PT0S", 0],
    ["-PT1H", -3_600_000],
    ["PT5H30M", 19_800_000],
    ["P1DT2H", 93_600_000],
    ["-P0DT8H0M0.0S", -28_800_000],
  ])("parseDurationMs() reads %s", (text, ms) => {
    expect(parseDurationMs(text)).toBe(ms === 0 ? 0 : ms);
  });

  it("parseDurationMs() knows no years, and formatDuration() writes what it reads", () => {
    expect(parseDurationMs("P1Y")).toBeUndefined();
    for (const ms of [0, 60_000, -3_600_000, 20_700_000])
      expect(parseDurationMs(formatDuration(ms))).toBe(ms);
  });
});

describe("instants", () => {
  it("readInstant() takes midnight at the end of the day, offsets, and more digits than it keeps", () => {
    expect(readInstant("2026-01-05T24:00:00Z", "UTC")).toBe(Date.UTC(2026, 0, 6));
    expect(readInstant("2026-01-05T09:00:00.1234567891-05:00", "UTC")).toBe(
      Date.UTC(2026, 0, 5, 14, 0, 0, 123),
    );
    expect(readInstant("2026-07-05T09:00:00", "Europe/London")).toBe(Date.UTC(2026, 6, 5, 8));
  });

  it("formatInstant() writes the offset of the moment", () => {
    expect(formatInstant(Date.UTC(2026, 0, 5), "America/New_York")).toBe("2026-01-04T19:00:00-05:00");
    expect(formatInstant(Date.UTC(2026, 6, 5), "America/New_York")).toBe("2026-07-04T20:00:00-04:00");
    expect(formatInstant(Date.UTC(2026, 0, 5), "UTC")).toBe("2026-01-05T00:00:00Z");
  });
});

describe("zone definitions", () => {
  it("readZoneDefinition() finds a zone by id, by name, or by rules that never change", () => {
    expect(readZoneDefinition(read('<Z Id="W. Europe Standard Time"/>')).ianaZone).toBe("Europe/Berlin");
    expect(readZoneDefinition(read('<Z Id="odd" Name="Europe/Paris"/>')).ianaZone).toBe("Europe/Paris");
    expect(readZoneDefinition(read('<Z Id="tzone://Microsoft/Utc"/>')).name).toBe("UTC");
    const fixed = readZoneDefinition(
      read('<Z Id="custom"><Periods><Period Bias="PT5H" Name="S" Id="s"/></Periods></Z>'),
    );
    expect(toWallMs(0, fixed.ianaZone)).toBe(-5 * 3_600_000);
    expect(() => readZoneDefinition(read('<Z Id="custom"/>'))).toThrow(/time zone/i);
  });

  it("readMeetingZone() finds a zone by name or by its offset alone", () => {
    expect(readMeetingZone(read('<Z TimeZoneName="Tokyo Standard Time"/>')).ianaZone).toBe("Asia/Tokyo");
    const fixed = readMeetingZone(read("<Z><BaseOffset>-PT2H</BaseOffset></Z>"));
    expect(toWallMs(0, fixed.ianaZone)).toBe(2 * 3_600_000);
  });

  it("writeZoneDefinition() gives rules that put every change of the clock where Intl has it", () => {
    let checked = 0;
    for (const zone of listWindowsZones())
      for (const year of [2025, 2026]) {
        const definition = read(writeZoneDefinition(zone, year, true));
        const rules = all(definition, "RecurringDayTransition");
        const changes = listClockChanges(zone.ianaZone, year);
        if (changes.length !== 2) continue;
        expect(
          rules.map((rule) => wallMsOf(rule, year)),
          zone.windowsZone,
        ).toEqual(changes.map(({ wallMs }) => wallMs));
        checked += 1;
      }
    expect(checked).toBeGreaterThan(60);
  });

  it("zoneTitle() names the standard offset", () => {
    expect(zoneTitle("GMT Standard Time")).toBe("(UTC+00:00) GMT Standard Time");
    expect(zoneTitle("AUS Eastern Standard Time")).toBe("(UTC+10:00) AUS Eastern Standard Time");
    expect(zoneTitle("America/St_Johns")).toBe("(UTC-03:30) Newfoundland Standard Time");
  });
});

describe("zones of offsets", () => {
  const time = (
    name: string,
    bias: number,
    month: number,
    order: number,
    day: string,
    clock: string,
  ): string =>
    `<${name}><Bias>${bias}</Bias><Time>${clock}</Time><DayOrder>${order}</DayOrder><Month>${month}</Month><DayOfWeek>${day}</DayOfWeek></${name}>`;
  const zone = (bias: number, standard: string, daylight: string) =>
    readBiasZone(read(`<Z><Bias>${bias}</Bias>${standard}${daylight}</Z>`));

  it.each([
    [
      "Europe/London",
      zone(
        0,
        time("StandardTime", 0, 10, 5, "Sunday", "02:00:00"),
        time("DaylightTime", -60, 3, 5, "Sunday", "01:00:00"),
      ),
    ],
    [
      "America/Los_Angeles",
      zone(
        480,
        time("StandardTime", 0, 11, 1, "Sunday", "02:00:00"),
        time("DaylightTime", -60, 3, 2, "Sunday", "02:00:00"),
      ),
    ],
    [
      "Australia/Sydney",
      zone(
        -600,
        time("StandardTime", 0, 4, 1, "Sunday", "03:00:00"),
        time("DaylightTime", -60, 10, 1, "Sunday", "02:00:00"),
      ),
    ],
    [
      "Asia/Kolkata",
      zone(
        -330,
        time("StandardTime", 0, 0, 0, "Sunday", "00:00:00"),
        time("DaylightTime", 0, 0, 0, "Sunday", "00:00:00"),
      ),
    ],
  ])("readBiasZone() keeps the time of %s, hour by hour", (ianaZone, biasZone) => {
    for (let atMs = Date.UTC(2026, 0, 1); atMs < Date.UTC(2027, 0, 1); atMs += 3_600_000) {
      const wallMs = toWallMs(atMs, ianaZone);
      if (biasZone.offsetAt(atMs) !== wallMs - atMs)
        throw new Error(`${ianaZone} ${new Date(atMs).toISOString()}`);
      const back = biasZone.toInstant(wallMs);
      // The hour that a clock shows twice may be read as either.
      if (back !== atMs && toWallMs(back, ianaZone) !== wallMs) throw new Error(`${ianaZone} ${wallMs}`);
    }
  });

  it("readBiasZone() refuses numbers that make no sense", () => {
    const good = time("DaylightTime", 0, 3, 1, "Sunday", "02:00:00");
    expect(() => zone(0, time("StandardTime", 0, 13, 1, "Sunday", "02:00:00"), good)).toThrow();
    expect(() => zone(0, time("StandardTime", 0, 1, 6, "Sunday", "02:00:00"), good)).toThrow();
    expect(() => zone(100_000, time("StandardTime", 0, 1, 1, "Sunday", "02:00:00"), good)).toThrow();
    expect(() => zone(0, time("StandardTime", 0, 1, 1, "Sunday", "noon"), good)).toThrow();
  });
});

/** When a rule strikes in a year, by the clock before. */
function wallMsOf(rule: XmlElement, year: number): number {
  const number = (name: string): number => Number(child(rule, name)?.text);
  const [month, occurrence] = [number("Month"), number("Occurrence")];
  const day = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"].indexOf(
    child(rule, "DayOfWeek")?.text ?? "",
  );
  const days: number[] = [];
  for (let date = 1; date <= new Date(Date.UTC(year, month, 0)).getUTCDate(); date++)
    if (new Date(Date.UTC(year, month - 1, date)).getUTCDay() === day) days.push(date);
  const date = occurrence < 0 ? days.at(-1) : days[occurrence - 1];
  return Date.UTC(year, month - 1, date) + (parseDurationMs(child(rule, "TimeOffset")?.text ?? "") ?? 0);
}
