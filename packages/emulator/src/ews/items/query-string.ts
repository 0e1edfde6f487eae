/**
 * Query strings of finds: the part of Advanced Query Syntax that calendar items have properties for.
 *
 * The rules are: a word stands for what begins with it, words in quotes for just these words side by side, and with an
 * asterisk behind them for words that begin so; a keyword holds for all words up to the next one or the next operator;
 * everything that stands side by side must be there, `AND`, `OR` and `NOT` are capitals.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/querystring-querystringtype
 */
import type { EventContent } from "../../mailbox/event.ts";
import type { EwsCall } from "../call.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { bodyText } from "./item-body.ts";
import type { Test } from "./restriction.ts";

/** Texts of an item that a keyword looks into. */
type Texts = (event: EventContent, ownerName: string) => readonly string[];
type Wanted = (texts: readonly string[]) => boolean;

const TEXTS: Readonly<Record<string, Texts>> = {
  subject: ({ subject }) => [subject],
  body: (event) => [bodyText(event)],
  content: (event) => [bodyText(event)],
  location: ({ location }) => [location],
  category: ({ categories }) => categories,
  from: ({ extras }, ownerName) => [extras?.organizer?.name ?? ownerName, extras?.organizer?.address ?? ""],
  to: (event) => attendees(event, "required"),
  cc: (event) => attendees(event, "optional"),
  bcc: (event) => attendees(event, "resource"),
  participants: (event, ownerName) => [
    ...(TEXTS["from"]?.(event, ownerName) ?? []),
    ...(event.extras?.attendees ?? []).flatMap(({ name, address }) => [name, address]),
  ],
  attachment: ({ extras }) => (extras?.attachments ?? []).map(({ name }) => name),
};

/** What is no text has one value of its own. */
const VALUES: Readonly<Record<string, (event: EventContent) => string>> = {
  importance: ({ importance }) => importance,
  kind: () => "meetings",
  hasattachment: ({ extras }) => String((extras?.attachments?.length ?? 0) > 0),
};

/**
 * Reads a query string.
 *
 * @param query - as it was sent
 * @param call - the request
 * @returns decides about one item
 * @throws {EwsFault} ErrorInvalidOperation for a keyword that the emulator has not, ErrorInvalidRequest for too many words
 */
export function readQueryString(query: string, call: EwsCall): Test {
  const reader: Reader = { tokens: query.match(TOKENS) ?? [], at: 0, keyword: undefined, call };
  if (reader.tokens.length > MOST_TOKENS)
    throw new EwsFault("ErrorInvalidRequest", { text: "The query string is too long." });
  const tests: Test[] = [];
  while (reader.at < reader.tokens.length) {
    tests.push(readEither(reader));
    // A bracket that nothing opened closes nothing.
    if (reader.tokens[reader.at] === ")") reader.at += 1;
  }
  return (owner, instance) => tests.every((test) => test(owner, instance));
}

/** Brackets nest no deeper than this. */
const MOST_TOKENS = 500;

interface Reader {
  readonly tokens: readonly string[];
  at: number;
  keyword: string | undefined;
  readonly call: EwsCall;
}

const TOKENS = /[()]|[\p{L}]+:(?=\S)|[\p{L}]+:\s*(?=["(\p{L}\p{N}])|"[^"]*"?\*?|[^\s()"]+/gu;

function readEither(reader: Reader): Test {
  const tests = [readAll(reader)];
  while (reader.tokens[reader.at] === "OR") {
    reader.at += 1;
    reader.keyword = undefined;
    tests.push(readAll(reader));
  }
  return (owner, instance) => tests.some((test) => test(owner, instance));
}

function readAll(reader: Reader): Test {
  const tests: Test[] = [];
  for (let token = reader.tokens[reader.at]; token !== undefined; token = reader.tokens[reader.at]) {
    if (token === ")" || token === "OR") break;
    if (token === "AND") {
      reader.at += 1;
      reader.keyword = undefined;
    } else tests.push(readOne(reader));
  }
  return (owner, instance) => tests.every((test) => test(owner, instance));
}

function readOne(reader: Reader): Test {
  const token = reader.tokens[reader.at] ?? "";
  reader.at += 1;
  if (token === "NOT") {
    reader.keyword = undefined;
    const test = reader.at < reader.tokens.length ? readOne(reader) : () => false;
    return (owner, instance) => !test(owner, instance);
  }
  if (/^\p{L}+:\s*$/u.test(token)) {
    reader.keyword = token.slice(0, token.indexOf(":")).toLowerCase();
    return reader.at < reader.tokens.length ? readOne(reader) : () => true;
  }
  if (token === "(") {
    const { keyword } = reader;
    const test = readEither(reader);
    if (reader.tokens[reader.at] === ")") reader.at += 1;
    reader.keyword = keyword;
    return test;
  }
  return readTerm(reader, token);
}

function readTerm({ keyword, call }: Reader, token: string): Test {
  const value = keyword === undefined ? undefined : own(VALUES, keyword);
  if (value !== undefined) {
    const wanted = token.replaceAll('"', "").toLowerCase();
    return (_owner, { event }) => value(event) === wanted;
  }
  const wanted = readWords(token);
  if (keyword === undefined)
    return (owner, { event }) =>
      Object.values(TEXTS).some((texts) => wanted(texts(event, owner.displayName)));
  const texts = own(TEXTS, keyword);
  if (texts === undefined) {
    call.context.note(`miss: EWS query keyword ${keyword.slice(0, 60)}`);
    throw new EwsFault("ErrorInvalidOperation", {
      text: `The emulator has no query keyword ${keyword.slice(0, 60)}.`,
    });
  }
  return (owner, { event }) => wanted(texts(event, owner.displayName));
}

function readWords(token: string): Wanted {
  const isExact = token.startsWith('"') && !token.endsWith("*");
  const wanted = wordsOf(token);
  const fits = (word: string | undefined, beginning: string): boolean =>
    word !== undefined && (isExact ? word === beginning : word.startsWith(beginning));
  return (texts) =>
    texts.some((text) => {
      const words = wordsOf(text);
      return words.some((_word, from) => wanted.every((part, index) => fits(words[from + index], part)));
    });
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function attendees({ extras }: EventContent, type: "required" | "optional" | "resource"): readonly string[] {
  return (extras?.attendees ?? [])
    .filter((attendee) => attendee.type === type)
    .flatMap(({ name, address }) => [name, address]);
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
