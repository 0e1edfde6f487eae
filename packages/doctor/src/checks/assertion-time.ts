/**
 * The arithmetic of 700024: which clock is wrong, by how much, and why.
 */
import type { Jwt } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding } from "../finding-table.ts";
import { allOf, type CaseFile, hasCode, hasText, timeClaim } from "./case-file.ts";

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;
/** Zones lie on quarters of an hour; a request takes up to this long to arrive. */
const ZONE_STEP = 15 * MINUTE;
const ZONE_SLACK = MINUTE;
/** Lives that programs usually give, in seconds; with them the age of an assertion without nbf can be told. */
const USUAL_LIVES = [5 * MINUTE, 10 * MINUTE];
const SKEW = 5 * MINUTE;

/** The times of one refusal, in seconds since 1970. */
interface Times {
  readonly now: number;
  readonly from: number | undefined;
  readonly until: number | undefined;
  /** True when the service itself told the times. */
  readonly isRefused: boolean;
}

/**
 * Works out what is wrong with the times of an assertion.
 *
 * @param file - the case file
 * @returns clock, zone, unit and lifetime mistakes
 */
export function checkAssertionTime(file: CaseFile): Finding[] {
  const refused = refusedTimes(file);
  const findings: Finding[] = [];
  for (const jwt of file.assertions) {
    if (jwt.nature !== "assertion" || jwt.payload === undefined) continue;
    findings.push(...claimFindings(file, jwt, refused !== undefined));
  }
  if (refused === undefined) {
    if (findings.length === 0 && isTimeRefusal(file)) findings.push(unknownWindow());
    return findings;
  }
  const hasUnitFault = findings.some((finding) =>
    ["ASSERTION_TIME_MILLISECONDS", "ASSERTION_EXP_IS_LIFETIME", "ASSERTION_EXP_BEFORE_NBF"].includes(
      finding.code,
    ),
  );
  return hasUnitFault ? findings : [...findings, ...windowFindings(file, refused)];
}

function isTimeRefusal(file: CaseFile): boolean {
  return hasCode(file, 700024) || hasText(file, /assertion is not within its valid time range/i);
}

function refusedTimes(file: CaseFile): Times | undefined {
  for (const error of allOf(file, "signInError")) {
    if (!error.codes.includes(700024) && !error.codes.includes(50012)) continue;
    const match =
      /Current time:\s?([^,]{10,40}),\s?(?:assertion )?valid from\s?([^,]{10,40}),\s?expiry time of assertion\s?([^.]{10,32}(?:\.\d{1,9}Z?)?)/i.exec(
        error.description,
      );
    if (match === null) continue;
    const [now, from, until] = [seconds(match[1]), seconds(match[2]), seconds(match[3])];
    if (now !== undefined) return { now, from, until, isRefused: true };
  }
  return undefined;
}

/** Accepts 2023-12-01T02:03:04.1234567Z and the US form of older texts. */
function seconds(text: string | undefined): number | undefined {
  const iso = /(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)/.exec(text ?? "");
  const us = /(\d\d?)\/(\d\d?)\/(\d{4}) (\d\d?):(\d\d):(\d\d)\s?(AM|PM)?/i.exec(text ?? "");
  if (iso !== null) {
    const [, year, month, day, hour, minute, second] = iso.map(Number);
    return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second) / 1000;
  }
  if (us === null) return undefined;
  const [, month, day, year, hour, minute, second] = us.map(Number);
  const shift =
    us[7] === undefined ? (hour ?? 0) : ((hour ?? 0) % 12) + (us[7].toUpperCase() === "PM" ? 12 : 0);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, shift, minute, second) / 1000;
}

/** What the claims alone tell: units, order, lifetime. */
function claimFindings(file: CaseFile, jwt: Jwt, isRefused: boolean): Finding[] {
  const [exp, nbf, iat] = [timeClaim(jwt, "exp"), timeClaim(jwt, "nbf"), timeClaim(jwt, "iat")];
  const inMilliseconds = [
    ["exp", exp],
    ["nbf", nbf],
    ["iat", iat],
  ].filter(([, value]) => typeof value === "number" && value > 1e11);
  if (inMilliseconds.length > 0) {
    const names = inMilliseconds.map(([name]) => String(name));
    return [
      createFinding("ASSERTION_TIME_MILLISECONDS", {
        explanation: `${names.join(", ")}: ${String(inMilliseconds[0]?.[1])} is a count of milliseconds. Read as seconds it lies tens of thousands of years away.`,
        evidence: { claims: names },
        remedy: { text: "Divide by 1000 and round down.", snippet: "Math.floor(Date.now() / 1000)" },
      }),
    ];
  }
  if (exp !== undefined && exp < 10 * DAY) return [lifetimeInExp(exp)];
  const start = nbf ?? iat;
  if (exp !== undefined && start !== undefined && exp <= start) {
    const explanation = `exp (${iso(exp)}) is not after ${nbf === undefined ? "iat" : "nbf"} (${iso(start)}): the window is empty.`;
    return [
      createFinding("ASSERTION_EXP_BEFORE_NBF", {
        explanation,
        evidence: { exp: iso(exp), nbf: iso(start) },
        remedy: "Set nbf to now and exp to now plus ten minutes.",
      }),
    ];
  }
  const findings: Finding[] = [];
  if (exp !== undefined && start !== undefined && exp - start > DAY) findings.push(longLife(exp - start));
  if (!isRefused) findings.push(...presentFindings(file, exp, nbf));
  return findings;
}

/** Without a refusal that tells the times: compare with the moment of failure, or with now. */
function presentFindings(file: CaseFile, exp: number | undefined, nbf: number | undefined): Finding[] {
  const at = file.failedAt.getTime() / 1000;
  if (isTimeRefusal(file)) return windowFindings(file, { now: at, from: nbf, until: exp, isRefused: true });
  if (nbf !== undefined && nbf > at + SKEW)
    return windowFindings(file, { now: at, from: nbf, until: exp, isRefused: false });
  if (exp === undefined || exp >= at - SKEW) return [];
  if (file.isFailureDated) return windowFindings(file, { now: at, from: nbf, until: exp, isRefused: true });
  return [
    createFinding("ASSERTION_OUTDATED", {
      explanation: `It ended at ${iso(exp)}, ${span(at - exp)} ago. That is normal for one that was sent earlier; an assertion that is sent now must be newer.`,
      evidence: { exp: iso(exp), now: iso(at) },
      remedy: "If this is what the program sends now, make a new assertion for each request.",
    }),
  ];
}

function windowFindings(file: CaseFile, times: Times): Finding[] {
  const { now, until } = times;
  const from = times.from !== undefined && times.from < 10 * DAY ? undefined : times.from;
  if (until !== undefined && until < 10 * DAY)
    return [until < MINUTE ? missingExp(from) : lifetimeInExp(until)];
  if (from !== undefined && from > now) return [ahead(times, from - now)];
  if (until !== undefined && until < now) return [late(file, { ...times, from }, now - until)];
  if (until !== undefined && from !== undefined && until < from) {
    return [
      createFinding("ASSERTION_EXP_BEFORE_NBF", {
        explanation: `exp (${iso(until)}) lies before nbf (${iso(from)}).`,
        evidence: { exp: iso(until), nbf: iso(from) },
        remedy: "Set nbf to now and exp to now plus ten minutes.",
      }),
    ];
  }
  return [];
}

/** nbf lies in the future: a fast clock, or a zone east of Greenwich. */
function ahead(times: Times, difference: number): Finding {
  const zone = zoneOffset(difference);
  const evidence = {
    serverTime: iso(times.now),
    nbf: times.from === undefined ? undefined : iso(times.from),
    secondsAhead: Math.round(difference),
  };
  if (zone !== undefined) {
    return createFinding("ASSERTION_TIME_LOCAL", {
      explanation: `The assertion begins ${span(difference)} after the service's time. That is the offset of a time zone (UTC+${zone}): local time was written as if it were UTC.`,
      evidence: { ...evidence, offset: `+${zone}` },
      remedy: {
        text: "Count seconds since 1970 in UTC.",
        snippet:
          "Math.floor(Date.now() / 1000)   // .NET: DateTimeOffset.UtcNow.ToUnixTimeSeconds()   Python: time.time()",
      },
    });
  }
  return createFinding("ASSERTION_CLOCK_AHEAD", {
    explanation: `The assertion begins at ${evidence.nbf ?? "?"}; the service's clock said ${evidence.serverTime}. The signing machine's clock is ${span(difference)} ahead.`,
    evidence,
    remedy: {
      text: `Set the clock right (it is ${span(difference)} fast), or begin nbf a few minutes in the past.`,
      commands: ["timedatectl set-ntp true", "w32tm /resync"],
    },
  });
}

/** exp lies in the past: kept too long, a slow clock, or a zone west of Greenwich. */
function late(file: CaseFile, times: Times, difference: number): Finding {
  const start = times.from;
  const sinceStart = start === undefined ? undefined : times.now - start;
  const zone = sinceStart === undefined ? zoneWithoutStart(difference) : zoneOffset(sinceStart);
  const life = start === undefined || times.until === undefined ? undefined : times.until - start;
  const evidence = {
    serverTime: iso(times.now),
    exp: times.until === undefined ? undefined : iso(times.until),
    secondsLate: Math.round(difference),
    lifetimeSeconds: life,
  };
  if (zone !== undefined && (life === undefined || life < 2 * 60 * MINUTE)) {
    return createFinding("ASSERTION_TIME_LOCAL", {
      explanation: `The assertion was made ${zone} hours before the service's time, almost to the second the offset of a time zone (UTC-${zone}): local time was written as if it were UTC. (An assertion that was kept for just that long would look the same.)`,
      evidence: { ...evidence, offset: `-${zone}` },
      remedy: {
        text: "Count seconds since 1970 in UTC, and make a new assertion for each request.",
        snippet: "Math.floor(Date.now() / 1000)",
      },
    });
  }
  const isRefused = times.isRefused || file.isFailureDated;
  return createFinding("ASSERTION_EXPIRED", {
    severity: isRefused ? "fault" : "warning",
    explanation: `The assertion ended at ${evidence.exp ?? "?"}, ${span(difference)} before the service looked at it (${evidence.serverTime}). Mostly it was made once and kept, for example at the start of the program or in a constant; otherwise the signing machine's clock is slow.`,
    evidence,
    remedy:
      "Make a new assertion for every token request (or at least before the last one ends); libraries take a function for this, not a text.",
  });
}

function missingExp(from: number | undefined): Finding {
  return createFinding("ASSERTION_EXP_MISSING", {
    explanation: "The service printed 1970-01-01 as the end: the assertion has no exp, or exp is 0.",
    evidence: { nbf: from === undefined ? undefined : iso(from) },
    remedy: {
      text: "Add exp, in seconds since 1970, ten minutes from now.",
      snippet: '"exp": Math.floor(Date.now() / 1000) + 600',
    },
  });
}

function lifetimeInExp(exp: number): Finding {
  return createFinding("ASSERTION_EXP_IS_LIFETIME", {
    explanation: `exp is ${exp}, which is ${iso(exp)}: a number of seconds to live, not a point in time.`,
    evidence: { exp },
    remedy: {
      text: `Add it to the present time.`,
      snippet: `"exp": Math.floor(Date.now() / 1000) + ${Math.max(60, Math.min(exp, 600))}`,
    },
  });
}

function longLife(life: number): Finding {
  return createFinding("ASSERTION_LIFETIME_LONG", {
    explanation: `It lives for ${span(life)}. Entra sets no limit, but whoever finds it may use it that long; the documentation advises five to ten minutes.`,
    evidence: { lifetimeSeconds: life },
    remedy: "Let exp be ten minutes after nbf.",
  });
}

function unknownWindow(): Finding {
  return createFinding("ASSERTION_EXPIRED", {
    explanation:
      "The service says that the assertion is outside its time, but the times did not survive in this text.",
    remedy:
      "Paste the whole message (it prints three times), or the assertion; then the clock or the age can be named.",
  });
}

/** Without nbf only the usual lives can tell when the assertion was made; then it has to fit to the second. */
function zoneWithoutStart(difference: number): string | undefined {
  return USUAL_LIVES.map((life) => difference + life)
    .filter((age) => Math.abs(age - Math.round(age / 3600) * 3600) <= 20)
    .map(zoneOffset)
    .find((zone) => zone !== undefined);
}

/** `hh:mm` when the difference is the offset of a zone, give or take two minutes. */
function zoneOffset(difference: number): string | undefined {
  const steps = Math.round(difference / ZONE_STEP);
  const rest = Math.abs(difference - steps * ZONE_STEP);
  const isZone =
    rest <= ZONE_SLACK &&
    steps >= 4 &&
    steps <= 56 &&
    (steps % 4 === 0 || [14, 18, 19, 22, 23, 26, 35, 38, 42, 51].includes(steps));
  if (!isZone) return undefined;
  const minutes = steps * 15;
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

function iso(value: number): string {
  const date = new Date(value * 1000);
  return Number.isNaN(date.getTime()) ? `${value}` : date.toISOString().replace(".000Z", "Z");
}

function span(value: number): string {
  const total = Math.abs(Math.round(value));
  if (total < 2 * MINUTE) return `${total} seconds`;
  if (total < 2 * 60 * MINUTE) return `${Math.round(total / MINUTE)} minutes`;
  if (total < 2 * DAY) return `${Math.floor(total / 3600)} hours ${Math.round((total % 3600) / 60)} minutes`;
  return `${Math.round(total / DAY)} days`;
}
