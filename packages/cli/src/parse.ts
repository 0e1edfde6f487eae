/** Turns the texts of options into values, with usage errors that quote them. */
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
 * Parses a date or an instant.
 *
 * @param name - the option, for the message
 * @returns a parser of `YYYY-MM-DD` (midnight UTC) and of RFC 3339 instants
 */
export function instant(name: string): (text: string) => Date {
  return (text) => {
    const shape = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;
    const value = new Date(text);
    const exact = text.length === 10 ? value.getTime() && value.toISOString().startsWith(text) : true;
    if (!shape.test(text) || Number.isNaN(value.getTime()) || !exact)
      throw cliError(
        "CLI_USAGE",
        `${name} is "${text}", wanted a date such as 2026-09-01 or 2026-09-01T08:00:00Z`,
      );
    return value;
  };
}
