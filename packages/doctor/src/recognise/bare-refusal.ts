/** Finds refusals of Microsoft's APIs of which a library passed on the status and the address only. */
import { isRule } from "./mention.ts";
import { lineOf, originOf, type Reading } from "./reading.ts";

const REFUSALS: readonly RegExp[] = [
  /\b(40[01]) Client Error: [\w ]{3,20} for url: (https:\/\/login\.(?:microsoftonline\.(?:com|us)|windows\.net)\/[^\s'"`|]{0,300}\/token)/i,
  /Client error '(40[013]) [\w ]{3,20}' for url '(https:\/\/(?:login\.microsoftonline\.(?:com|us)|graph\.microsoft\.(?:com|us)|[\w-]{1,80}\.sharepoint\.com|outlook\.office(?:365)?\.com)\/[^\s'"`|]{0,300})'/i,
  /\b(40[13]) Client Error: (?:Unauthorized|Forbidden) for url: (https:\/\/(?:graph\.microsoft\.(?:com|us)|[\w-]{1,80}\.sharepoint\.com|outlook\.office(?:365)?\.com)\/[^\s'"`|]{0,400})/i,
  /(https:\/\/(?:graph\.microsoft\.(?:com|us)|[\w-]{1,80}\.sharepoint\.com)\/[^\s'"`|]{0,300})["'`]?[\s:,|][^\n]{0,80}?(?:Response status code does not indicate success|status(?: code)?|failed with|returned)\D{0,12}(40[13])\b/i,
];

/** What .NET says, and the address that stands anywhere else in the text. */
const NET =
  /The remote server returned an error: \((40[13])\)|Response status code does not indicate success: (40[13])\b|Request failed with status code (40[13])\b|HTTP Error (40[13]):|Server returned HTTP response code: (40[13]) for URL/;
const CALLED =
  /https:\/\/(?:login\.microsoftonline\.(?:com|us)\/[^\s'"`|)]{0,100}(?=\/oauth2)|graph\.microsoft\.(?:com|us)|[\w-]{1,80}\.sharepoint\.com)\/[^\s'"`|)]{0,400}/;

/**
 * Finds bare refusals; runs last, and only where nothing else says why.
 *
 * @param reading - the input
 * @param text - any text
 */
export function scanForBareRefusals(reading: Reading, text: string): void {
  const isSaid = reading.artifacts.some((item) =>
    ["graphError", "ewsError", "diagnostics", "signInError", "tokenRefusal", "bareRefusal"].includes(
      item.kind,
    ),
  );
  if (isSaid) return;
  const told = NET.exec(text.slice(0, 300_000));
  const called = told === null ? null : CALLED.exec(text.slice(0, 300_000));
  if (told !== null && called !== null && !isRule(text, told.index, Math.min(told[0].length, 80))) {
    const [status, url] = [Number(told.slice(1).find((digits) => digits !== undefined)), called[0]];
    add(reading, status, url, lineOf(text, told.index));
    return;
  }
  for (const pattern of REFUSALS) {
    const match = pattern.exec(text.slice(0, 300_000));
    if (match === null || isRule(text, match.index, Math.min(match[0].length, 80))) continue;
    const isStatusFirst = /^\d/.test(match[1] ?? "");
    const url = (isStatusFirst ? match[2] : match[1]) ?? "";
    add(reading, Number(isStatusFirst ? match[1] : match[2]), url, lineOf(text, match.index));
    return;
  }
}

function add(reading: Reading, status: number, url: string, place: string): void {
  reading.artifacts.push({
    kind: "bareRefusal",
    origin: originOf(reading, place),
    summary: `HTTP ${status} of ${url.slice(0, 120)}`,
    status,
    url,
  });
}
