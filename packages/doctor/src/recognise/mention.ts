/**
 * Tells the error that somebody met from the one that a text merely speaks of.
 *
 * Runbooks, release notes and thanks name codes too. Only whole sentences count: a code in a log line, after a colon,
 * in quotes, with the service's own words behind it, or after "I get" is one that was met.
 */
import { lineOf, originOf, type Reading } from "./reading.ts";

const SYMPTOM =
  /\b(?:gets?|getting|got|receiv(?:e|es|ed|ing)|gives?|gave|returns?|returned|says|said|throws?|threw|shows?|seeing|fail(?:s|ed|ing)?|errors?|message|exception|answers?|answered|responds?|refused|with)\b[^.;,\n]{0,50}$/i;
const FIRST_PERSON =
  /\b(?:I|I'm|we|we're|it|app|program|script|code|call|request|login|sign-?in)\b[^.;,:\n]{0,80}$/i;
const HYPOTHESIS = /\b(?:if|unless|in case|until)\b[^.;\n]{0,100}$/i;
const GENERAL = /\b(?:when|whenever|where|on|once|after)\b[^.;\n]{0,100}$/i;
const OVER =
  /\b(?:gone|fixed|solved|resolved|no longer|any ?more|went away|used to|works now|now works|working again)\b/i;
const LOG_LINE =
  /^[\s>|│*-]{0,6}\[?(?:\d{4}-\d\d-\d\d|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d\d:\d\d:|(?:error|warn(?:ing)?|fatal|err|info|debug)\b)|^\s+at\s|Exceptions?\b\s?:/i;

/**
 * Tells whether a code or a sentence of a service stands in somebody's prose in passing.
 *
 * @param text - the text around it
 * @param at - where it begins
 * @param length - its length in characters
 * @returns true when nothing says that it was met
 */
export function isMention(text: string, at: number, length: number): boolean {
  if (/(?:trace|correlation|request)[\s_-]?id\b|error_description|innerError/i.test(text)) return false;
  const start = text.lastIndexOf("\n", at - 1) + 1;
  const newline = text.indexOf("\n", at);
  const line = text.slice(start, newline === -1 ? text.length : newline).slice(0, 4000);
  const before = line.slice(0, at - start);
  const after = text.slice(at + length, start + line.length);
  if (/^\|\s[^\n]*\s\|\s*$/.test(line) || isHandled(before)) return true;
  if (LOG_LINE.test(line) || /^["'`)]?\s{0,2}[:({[=]/.test(after)) return false;
  if (/[:=({["'`|]\s{0,2}$/.test(before)) return false;
  const [lead, all] = [words(before), words(before) + words(after)];
  if (lead === 0 || all < (lead < 3 ? 8 : 6)) return false;
  const isPast = OVER.test(line);
  if (isPast || HYPOTHESIS.test(before)) return true;
  const isMet = SYMPTOM.test(before);
  if (isMet && FIRST_PERSON.test(before)) return false;
  return !isMet || GENERAL.test(before);
}

/**
 * Tells whether a whole sentence of a service or a library is quoted as a rule, or as something that is over.
 *
 * @param text - the text around it
 * @param at - where it begins
 * @param length - its length in characters
 * @returns true for "… when a token without user is used" and the like
 */
export function isRule(text: string, at: number, length: number): boolean {
  if (isTold(text, at, length)) return true;
  if (!isMention(text, at, length)) return false;
  const line = text.slice(text.lastIndexOf("\n", at - 1) + 1).split("\n", 1)[0] ?? "";
  const after = text.slice(at + length, at + length + 60);
  return OVER.test(line) || /^[^.;,\n"']{0,20}\b(?:when|if|unless|whenever|as soon as)\b/i.test(after);
}

/** What a program does about an error that it may meet, told or written. */
const HANDLED =
  /\b(?:treats?|handles?|retry|retries|catches|explains?|recogni[sz]es?|ignores?|swallows?)\b[^.;:\n]{0,80}$/i;
const CAUGHT = /\b(?:catch|except|rescue|instanceof|import|case)\b\s{0,3}\(?[\w.|, "'`]{0,80}$/;

function isHandled(before: string): boolean {
  return HANDLED.test(before.slice(-120)) || CAUGHT.test(before.slice(-120));
}

/** "When …," with nothing before it but the word: what follows is a rule, whoever gives it. */
const OPENING = /^\W{0,6}(?:if|when|whenever|in case)\b[^.;,\n]{0,40}$/i;
const CLAUSE = /\b(?:if|when|whenever|in case|where)\b[^.;\n]{0,100}$/i;
const ADVICE =
  /^[^.\n]{0,80}?[,;:]\s{0,3}(?:please\s|then\s|just\s|you\s(?:have to\s|must\s|should\s|can\s)?)?(?:check|set|mount|see|look|add|use|make|try|install|restart|run|give|grant|register|ask|wait|start|begin|sign|paste|call|renew|switch|enable|allow|open|contact|print|change|it means|that means)\b/i;
const GONE =
  /^["'`)]{0,2}\s{1,3}(?:error\s|message\s)?(?:(?:is|was|has been|are|has)\s)?(?:now\s)?(?:gone|fixed|solved|resolved|went away|no longer|means\b|stands for\b)/i;
const LISTED =
  /\b(?:page|manual|wiki|docs|documentation|glossary|cheat ?sheet|table)\b[^.\n]{0,60}\b(?:lists?|explains?|describes?)\b/i;

/** A row of a table, a line of a report of tests, advice for whoever meets it, or the tale of what is over. */
function isTold(text: string, at: number, length: number): boolean {
  const start = text.lastIndexOf("\n", at - 1) + 1;
  const newline = text.indexOf("\n", at);
  const line = text.slice(start, newline === -1 ? text.length : newline).slice(0, 4000);
  const before = line.slice(0, at - start);
  const after = text.slice(at + length, start + line.length);
  if (/^\|\s[^\n]*\s\|\s*$/.test(line)) return true;
  if (/^\s{0,20}(?:[✓✔√]|PASS(?:ED)?\b|ok \d)|\sPASSED\b/.test(line)) return true;
  if (CAUGHT.test(before.slice(-120))) return true;
  if (LOG_LINE.test(line)) return false;
  if (OPENING.test(before) && !SYMPTOM.test(before) && /^[^.\n]{0,120},\s/.test(after)) return true;
  return (
    isHandled(before) || (CLAUSE.test(before) && ADVICE.test(after)) || GONE.test(after) || LISTED.test(line)
  );
}

function words(text: string): number {
  return text.match(/\b[A-Za-z][a-z']{0,20}\b/g)?.length ?? 0;
}

/**
 * Keeps what was only spoken of, so that it can be explained without being taken for a fault.
 *
 * @param reading - the input
 * @param text - the text around it
 * @param at - where it stands
 * @param code - `AADSTS…` or a code of Graph or Exchange
 */
export function addMention(reading: Reading, text: string, at: number, code: string): void {
  if (reading.artifacts.some((item) => item.kind === "mention" && item.code === code)) return;
  reading.artifacts.push({
    kind: "mention",
    origin: originOf(reading, lineOf(text, at)),
    summary: `${code} is spoken of`,
    code,
  });
}
