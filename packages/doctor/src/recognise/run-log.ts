/** Reads what logs of synchronising programs, MSAL's own log and Exchange's shell tell. */
import type { LogFactName, TokenRequest } from "../artifact.ts";
import { lineOf, originOf, type Reading } from "./reading.ts";

const SAMPLE = 300_000;

/** Sentences that stand for one fact by themselves; groups become values `one`, `two`. */
const SENTENCES: ReadonlyArray<readonly [LogFactName, RegExp]> = [
  ["tokensCached", /Discovered ([1-9]\d{3,9}) access tokens in cache/i],
  ["tokenCacheDefault", /default token cache provided by MSAL is not designed to be performant/i],
  ["policyDenied", /AccessCheckResult\s{0,30}:?\s{1,30}(?:\S{1,100}\s{1,10}){0,1}(Denied)\b/i],
  [
    "policyCommand",
    /\b(New|Set)-ApplicationAccessPolicy\b[^\n]{0,400}-PolicyScopeGroupId\s+["']?([^\s"']{1,200})/i,
  ],
  [
    "roleOutOfScope",
    /RoleName\s{0,30}:\s{0,10}([^\n]{1,80})\n(?:[^\n]{0,200}\n){0,6}?\s{0,10}InScope\s{0,30}:\s{0,10}False/i,
  ],
];

const SOURCE_FAILED =
  /(?:request failed|fetch(?:ing)?[^\n]{0,60} failed|failed to (?:fetch|load|download|read|get)|returned code [45]\d\d|HTTP(?: error| status)?:? [45]\d\d|timed out|ETIMEDOUT|ECONNREFUSED|address unavailable|url unavailable|incorrect ics)[^\n]{0,120}/i;
const NOTHING_READ =
  /\b(?:parsed|found|fetched|read|retrieved|received|loaded|got|syncing|processing)\s+0\s+(?:ical\s|source\s|calendar\s)?(?:events?|calendars?|items?|entries|appointments|sources?)\b(?!\s+(?:to|that|which|chang|updat|creat|delet|remov|conflict|skipp))|["']?events["']?\s{0,3}:\s{0,3}\[\s{0,3}\]|\b0\s+(?:events?|items?|entries|appointments)\s+(?:parsed|found|fetched|read|retrieved|received|in (?:the )?source)\b/i;
const DELETED =
  /\b(?:checking\s+([1-9]\d{0,8})\s+events?\s+for\s+removal|(?:delet|remov)(?:ed|ing)\s+([1-9]\d{0,8})\b|(?:events_|items_)?(?:deleted|removed)["']?\s{0,3}[:=]\s{0,3}([1-9]\d{0,8})|([1-9]\d{0,8})\s+(?:events?|items?|entries|appointments)\s+(?:to be |will be |were |have been )?(?:deleted|removed))/i;

/**
 * Finds the facts that logs and shells tell.
 *
 * @param reading - the input
 * @param text - any text
 */
export function scanForLogFacts(reading: Reading, text: string): void {
  const sample = text.slice(0, SAMPLE);
  for (const [fact, pattern] of SENTENCES) {
    const match = pattern.exec(sample);
    if (match === null) continue;
    const values: Record<string, string> = {};
    if (match[1] !== undefined) values["one"] = match[1].trim();
    if (match[2] !== undefined) values["two"] = match[2].trim();
    addFact(reading, fact, values, lineOf(sample, match.index), match[0]);
  }
  scanForSlowCache(reading, sample);
  scanForEmptySource(reading, sample);
  scanForRepeatedRequests(reading, sample);
}

/** MSAL measures the request and the whole; what lies between was spent in its cache. */
function scanForSlowCache(reading: Reading, text: string): void {
  const total = /DurationTotalInMs["']?\s{0,3}[:=]\s{0,3}(\d{1,12})/i.exec(text);
  const http = /DurationInHttp(?:InMs)?["']?\s{0,3}[:=]\s{0,3}(\d{1,12})/i.exec(text);
  if (total === null || http === null) return;
  const betweenMs = Number(total[1]) - Number(http[1]);
  if (betweenMs < 5000) return;
  addFact(
    reading,
    "tokenCacheSlow",
    { totalMs: Number(total[1]), httpMs: Number(http[1]) },
    lineOf(text, total.index),
    total[0],
  );
}

function scanForEmptySource(reading: Reading, text: string): void {
  const nothing = NOTHING_READ.exec(text);
  if (nothing === null) return;
  const deleted = DELETED.exec(text);
  if (deleted === null) return;
  const failed = SOURCE_FAILED.exec(text);
  const count = Number(deleted[1] ?? deleted[2] ?? deleted[3] ?? deleted[4]);
  addFact(
    reading,
    "sourceEmpty",
    {
      nothing: nothing[0].trim(),
      deleted: count,
      ...(failed === null ? {} : { failure: failed[0].trim().slice(0, 160) }),
    },
    lineOf(text, nothing.index),
    nothing[0],
  );
}

/** Three or more successful requests for one token within a minute, in an access log. */
function scanForRepeatedRequests(reading: Reading, text: string): void {
  const pattern =
    /^[^\n]{0,80}?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?Z?)[^\n]{0,200}?POST\s+(https:\/\/[^\s"']{1,200}\/oauth2\/(?:v2\.0\/)?token)\S{0,20}[^\n]{0,60}?\b200\b/gim;
  const times = new Map<string, number[]>();
  for (const match of text.matchAll(pattern)) {
    const at = Date.parse(`${(match[1] ?? "").replace(" ", "T").replace(",", ".").replace(/Z$/, "")}Z`);
    const url = match[2] ?? "";
    if (Number.isNaN(at)) continue;
    const list = times.get(url) ?? [];
    if (list.length < 1000) list.push(at);
    times.set(url, list);
  }
  for (const [url, list] of times) addIfRepeated(reading, url, list, "the log");
}

/**
 * Finds requests of a HAR file that asked for one token again and again.
 *
 * @param reading - the input, after the HAR file was read
 */
export function findRepeatedRequests(reading: Reading): void {
  const times = new Map<string, number[]>();
  for (const item of reading.artifacts) {
    if (item.kind !== "tokenRequest" || item.sentAt === undefined || item.answeredWith !== 200) continue;
    if (item.parameters["grant_type"] !== "client_credentials") continue;
    const key = keyOf(item);
    times.set(key, [...(times.get(key) ?? []), item.sentAt.getTime()]);
  }
  for (const [key, list] of times) addIfRepeated(reading, key.split(" ")[0] ?? "", list, "the HAR file");
}

function keyOf(request: TokenRequest): string {
  const { parameters } = request;
  const asked = parameters["scope"] ?? parameters["resource"] ?? "";
  return `${request.url?.split("?")[0] ?? ""} ${parameters["client_id"] ?? ""} ${asked} ${parameters["claims"] ?? ""}`;
}

function addIfRepeated(reading: Reading, url: string, times: readonly number[], place: string): void {
  const sorted = [...times].sort((one, other) => one - other);
  let most = 0;
  let start = 0;
  for (let end = 0; end < sorted.length; end += 1) {
    while ((sorted[end] ?? 0) - (sorted[start] ?? 0) > 60_000) start += 1;
    most = Math.max(most, end - start + 1);
  }
  if (most >= 3) addFact(reading, "tokenRequestsRepeated", { count: most, url }, place, url);
}

function addFact(
  reading: Reading,
  fact: LogFactName,
  values: Readonly<Record<string, string | number>>,
  place: string,
  quoted: string,
): void {
  if (reading.artifacts.some((item) => item.kind === "logFact" && item.fact === fact)) return;
  reading.artifacts.push({
    kind: "logFact",
    origin: originOf(reading, place),
    summary: `log: ${quoted.replace(/\s+/g, " ").trim().slice(0, 120)}`,
    fact,
    values,
  });
}
