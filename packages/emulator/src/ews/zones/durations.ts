/** Durations of XML Schema, as zone rules use them. */

/**
 * Reads a duration of days and time.
 *
 * @param text - `-PT1H`, `PT30M`, `P0DT8H0M0.0S`
 * @returns milliseconds, or `undefined` when it is none (or has years or months)
 */
export function parseDurationMs(text: string): number | undefined {
  const match = /^(-)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text.trim());
  if (match === null) return undefined;
  const [days, hours, minutes, seconds] = match.slice(2).map((part) => Number(part ?? 0));
  const total = (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60_000 + (seconds ?? 0) * 1000;
  return match[1] === undefined ? total : -total;
}

/**
 * Writes a duration of less than a day or so.
 *
 * @param durationMs - milliseconds, whole minutes count
 * @returns `PT5H30M`, `-PT1H`, `PT0S`
 */
export function formatDuration(durationMs: number): string {
  const minutes = Math.round(Math.abs(durationMs) / 60_000);
  if (minutes === 0) return "PT0S";
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return `${durationMs < 0 ? "-" : ""}PT${hours > 0 ? `${hours}H` : ""}${rest > 0 ? `${rest}M` : ""}`;
}
