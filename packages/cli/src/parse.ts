/** Turns the texts of options into values, with usage errors that quote them. */
import { resolveZone, toInstant } from "@nightlatch/calendar";
import { cliError } from "./errors.ts";

/** Collects a repeated option into a list. */
export function collect(text: string, previous: unknown): string[] {
  return [...(Array.isArray(previous) ? (previous as string[]) : []), text];
}

/**
 * Makes a parser for whole numbers.
 *
 * @param name - the option, for the message
 * @param minimum - smallest value allowed
 * @param maximum - largest value allowed
 * @returns the parser
 */
export function wholeNumber(name: string, minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < minimum || value > maximum)
      throw cliError(
        "CLI_USAGE",
        `${name} is "${text}", wanted a whole number from ${minimum} to ${maximum}`,
      );
    return value;
  };
}

/**
 * Makes a parser for one of several words.
 *
 * @param name - the option, for the message
 * @param words - what is allowed
 * @returns the parser
 */
export function oneOf<Word extends string>(name: string, words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const found = words.find((word) => word.toLowerCase() === text.toLowerCase());
    if (found === undefined)
      throw cliError("CLI_USAGE", `${name} is "${text}", wanted ${words.join(" or ")}`);
    return found;
  };
}

/**
 * Makes a parser that refuses an empty text, as an unset variable in a script leaves it.
 *
 * @param name - the option, for the message
 * @returns the parser; it trims
 */
export function filled(name: string): (text: string) => string {
  return (text) => {
    const value = text.trim();
    if (value === "") throw cliError("CLI_USAGE", `${name} is empty`, { hint: `Give ${name} a value` });
    return value;
  };
}

/**
 * Makes a parser for names of time zones.
 *
 * @param name - the option, for the message
 * @returns the parser of IANA and Windows names; it gives the IANA name
 */
export function zone(name: string): (text: string) => string {
  return (text) => {
    const found = resolveZone(text);
    if (found === undefined)
      throw cliError("CLI_USAGE", `${name} is "${text}", wanted an IANA zone such as Europe/London`);
    return found;
  };
}

/**
 * Makes a parser for https addresses.
 *
 * @param name - the option or variable, for the message
 * @returns the parser; it takes slashes off the end
 */
export function httpsAddress(name: string): (text: string) => string {
  return (text) => {
    let url: URL | undefined;
    try {
      url = new URL(text);
    } catch {
      // Said below, with the text.
    }
    if (url?.protocol !== "https:" || url.username !== "" || url.search !== "" || url.hash !== "")
      throw cliError(
        "CLI_USAGE",
        `${name} is "${text.replace(/\/\/[^/@]*@/, "//…@")}", wanted an https address such as https://graph.microsoft.com/v1.0`,
      );
    return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
  };
}

/**
 * Makes a parser for texts of a certain form.
 *
 * @param name - the option, for the message
 * @param form - what a good text looks like
 * @param wanted - the form in words
 * @returns the parser
 */
export function shaped(name: string, form: RegExp, wanted: string): (text: string) => string {
  return (text) => {
    if (!form.test(text)) throw cliError("CLI_USAGE", `${name} is "${text}", wanted ${wanted}`);
    return text;
  };
}

/**
 * Makes a parser for addresses of mailboxes.
 *
 * @param name - the option, for the message
 * @returns the parser of SMTP addresses, user principal names and object ids
 */
export function mailbox(name: string): (text: string) => string {
  const form = /^([^\s@,;|<>"'()[\]\\/]+@[^\s@,;|<>"'()[\]\\/]+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;
  return shaped(name, form, "an address such as room-12@school.example");
}

/** A date or an instant as it was written; which instant a date means depends on the zone. */
export interface When {
  readonly text: string;
  /** Whether it is a date without a time. */
  readonly isDate: boolean;
}

const whenShape =
  /^(\d{4}-\d{2}-\d{2})(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/**
 * Makes a parser for a date or an instant.
 *
 * @param name - the option, for the message
 * @returns a parser of `YYYY-MM-DD` and of RFC 3339 instants; a day that is in no calendar is refused
 */
export function when(name: string): (text: string) => When {
  return (text) => {
    const match = whenShape.exec(text);
    const day = new Date(`${match?.[1]}T00:00:00Z`);
    const isDay = !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === match?.[1];
    if (match === null || !isDay || Number.isNaN(Date.parse(text)))
      throw cliError(
        "CLI_USAGE",
        `${name} is "${text}", wanted a date such as 2026-09-01 or 2026-09-01T08:00:00Z`,
      );
    return { text, isDate: match[2] === undefined };
  };
}

/**
 * Finds the instant that is meant.
 *
 * @param value - from {@link when}
 * @param ianaZone - zone in which a date begins; UTC when absent
 * @returns the instant; midnight for a date
 */
export function instantOf(value: When, ianaZone: string | undefined): Date {
  if (!value.isDate) return new Date(value.text);
  return toInstant({ dateTime: `${value.text}T00:00:00`, ianaZone: ianaZone ?? "UTC" });
}

/**
 * Refuses a window that ends before it begins.
 *
 * @param from - start
 * @param to - end
 */
export function requireWindow(from: Date, to: Date): void {
  if (to.getTime() <= from.getTime())
    throw cliError(
      "CLI_USAGE",
      `The window ends at ${to.toISOString()}, before or when it starts at ${from.toISOString()}`,
      { hint: "Give a --to that is later than --from" },
    );
}

/**
 * Parses the name of a text encoding.
 *
 * @param text - WHATWG name, for example `windows-1252`
 * @returns the name
 */
export function encoding(text: string): string {
  try {
    return new TextDecoder(text).encoding;
  } catch {
    throw cliError("CLI_USAGE", `--encoding is "${text}", wanted a name such as windows-1252 or iso-8859-15`);
  }
}
