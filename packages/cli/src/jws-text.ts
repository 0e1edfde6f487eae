/** How commands show a JSON Web Signature: header, claims, times in words, never the signature. */
import type { CompactJws } from "@nightlatch/credential";
import type { CommandResult } from "./command.ts";

const timeClaims = ["nbf", "iat", "exp"];

/**
 * Describes an assertion or token.
 *
 * @param jws - parsed, not verified
 * @param now - for what has expired
 * @returns header and payload as data, and as text with times in words
 */
export function inspectJws(jws: CompactJws, now: Date): CommandResult {
  const { protectedHeader, payload } = jws;
  const times = timeClaims.flatMap((name) => {
    const value = Number(payload[name]);
    return payload[name] === undefined || !Number.isFinite(value)
      ? []
      : [`${name} ${timeInWords(value, now)}`];
  });
  return {
    data: { protectedHeader, payload, verified: false },
    text: `Header  ${JSON.stringify(protectedHeader, shortenLong, 2)}\nClaims  ${JSON.stringify(payload, null, 2)}\n${times.join("\n")}\nThe signature was not checked: only the issuer's keys could tell`,
  };
}

function timeInWords(seconds: number, now: Date): string {
  const at = new Date(seconds * 1000);
  if (Number.isNaN(at.getTime())) return `${seconds} is not a time in seconds`;
  const minutes = Math.round((at.getTime() - now.getTime()) / 60_000);
  return `${at.toISOString()} (${minutes >= 0 ? `in ${minutes} minutes` : `${-minutes} minutes ago`})`;
}

function shortenLong(_name: string, value: unknown): unknown {
  return typeof value === "string" && value.length > 100
    ? `${value.slice(0, 40)}… (${value.length} characters)`
    : value;
}
