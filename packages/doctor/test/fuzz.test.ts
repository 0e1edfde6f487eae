/** No input may crash or hang the doctor. `NIGHTLATCH_FUZZ` multiplies the number of inputs; 20 makes 100,000. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { explain } from "../src/index.ts";
import { RIGHT_CALENDARS } from "./calendar-samples.ts";
import { WRONG_CODE } from "./code-samples.ts";
import { accessTokenClaims, assertionClaims, mintKey, part } from "./samples.ts";

const TIMES = Number(process.env["NIGHTLATCH_FUZZ"] ?? "1");
const COUNT = 5000 * (Number.isFinite(TIMES) && TIMES > 0 ? TIMES : 1);
const SLOWEST_MS = 2000;
const NOW = new Date("2026-06-15T10:00:00Z");

test(
  `explain() survives ${COUNT} mutated inputs`,
  async () => {
    const seeds = await seedTexts();
    const random = generator(20260615);
    let slowest = 0;
    for (let index = 0; index < COUNT; index += 1) {
      const text = mutate(seeds, random);
      const content = random() < 0.15 ? Buffer.from(text, random() < 0.5 ? "utf8" : "latin1") : text;
      const started = performance.now();
      await explain([{ content }], { now: NOW });
      const spent = performance.now() - started;
      if (spent > slowest) slowest = spent;
      if (spent > SLOWEST_MS)
        throw new Error(`Input ${index} took ${Math.round(spent)} ms: ${text.slice(0, 200)}`);
    }
    expect(slowest).toBeLessThan(SLOWEST_MS);
  },
  60_000 * Math.max(1, TIMES) * 2,
);

test("explain() stays fast on texts that make backtracking expensive", async () => {
  const long = 200_000;
  const texts = [
    "a".repeat(long),
    "A".repeat(long),
    "ey".repeat(long / 2),
    "eyJ".repeat(long / 3) + ".".repeat(1000),
    "{".repeat(long),
    "{".repeat(long / 2) + "}".repeat(long / 2),
    '{"a":'.repeat(long / 5),
    '"'.repeat(long),
    "'".repeat(long),
    "\\".repeat(long),
    "\\n".repeat(long / 2),
    "%25".repeat(long / 3),
    "&amp;".repeat(long / 5),
    "AADSTS700027: [Reason - ".repeat(long / 24),
    "AADSTS".repeat(long / 6),
    "-----BEGIN CERTIFICATE-----".repeat(long / 27),
    "-----BEGIN ".repeat(long / 11),
    "curl ".repeat(long / 5),
    "\ncurl -d ".repeat(long / 9),
    "POST https://x/ HTTP/1.1\n".repeat(long / 25),
    'x-ms-diagnostics: 2000001;reason="'.repeat(long / 34),
    "grant_type=".repeat(long / 11),
    "grant_type = a\n".repeat(long / 15),
    "thumbprint: ".repeat(long / 12),
    `thumbprint: ${"ab ".repeat(long / 3)}`,
    "iss: ".repeat(long / 5),
    "0".repeat(long),
    "00:".repeat(long / 3),
    " ".repeat(long),
    "\n".repeat(long),
    `AADSTS70011: The scope ${"x ".repeat(long / 2)}is not valid`,
    `{"error_description":"AADSTS700024: Current time: ${"1".repeat(long)}"}`,
    "/*".repeat(long / 2),
    `{${"#".repeat(long)}}`,
    `{${"//".repeat(long / 2)}}`,
    `{"a":${"[".repeat(long)}}`,
    "<m:ResponseCode>".repeat(long / 16),
    `Bearer ${"ey.".repeat(long / 3)}`,
    "BEGIN:VCALENDAR\n".repeat(long / 16),
    `BEGIN:VCALENDAR\n${"BEGIN:VEVENT\nUID:a\n".repeat(long / 19)}`,
    `BEGIN:VEVENT\nEXDATE:${"20260101,".repeat(long / 9)}`,
    `BEGIN:VEVENT\nDTSTART${";TZID=a".repeat(long / 7)}:20260101`,
    `BEGIN:VCALENDAR\n${" folded\n".repeat(long / 8)}`,
    "parsed 0 events deleted 1 ".repeat(long / 26),
    "2026-01-01T00:00:00Z POST https://login.example/t/oauth2/token 200\n".repeat(long / 68),
    "2026-01-01T00:00:00Z ".repeat(long / 21),
    "DurationTotalInMs: 9 ".repeat(long / 21),
    "RoleName: a\n".repeat(long / 12),
    "New-ApplicationAccessPolicy ".repeat(long / 28),
    "failed to fetch ".repeat(long / 16),
    `https://graph.microsoft.com/v1.0/me/events?$filter=${"uid eq 'a' and ".repeat(long / 15)}`,
    `https://graph.microsoft.com/v1.0/me/${"a ".repeat(long / 2)}`,
    `x5t const a = ${"jwt.sign(".repeat(long / 9)}`,
    `x5t const a = ${"Buffer.from(thumbprint".repeat(long / 22)}`,
    `x5t const a = ${".replace()".repeat(long / 10)}`,
    `x5t const a = ${"thumbprint".repeat(long / 10)}`,
    `x5t import a\n${"b64encode(".repeat(long / 10)}`,
    `x5t const a = ${"/*".repeat(long / 2)}`,
    `x5t const a = ${"JSON.stringify({".repeat(long / 16)}`,
    `x5t const a = ${"json=a ".repeat(long / 7)}`,
    `acquireTokenByClientCredential const a = ${"scope: ".repeat(long / 7)}`,
    `acquireTokenByClientCredential const a = ${"/groups/".repeat(long / 8)}`,
    `x5t client_assertion const a = jwt.sign(${'aud: "https://'.repeat(long / 14)}`,
    `x5t const a = ${"x5t: ".repeat(long / 5)}`,
    `ServiceRequestException ${"(401".repeat(long / 4)}`,
    "ServiceRequestException ".repeat(long / 24),
    `Thumbprint\n${"AB".repeat(long / 2)}`,
    "Thumbprint ".repeat(long / 11),
    "https://graph.microsoft.com/".repeat(long / 28),
    '"enum": ['.repeat(long / 9),
    'resource "azuread_application_certificate" "x" { '.repeat(long / 49),
    "at Microsoft.Griffin.".repeat(long / 21),
    "{1,".repeat(long / 3),
    `curl ^"${"^".repeat(long)}`,
    `{"value":[${'{"start":{"dateTime":"a"},"end":{}},'.repeat(long / 36)}{}]}`,
  ];
  for (const text of texts) {
    const started = performance.now();
    await explain([{ content: text }], { now: NOW });
    const spent = performance.now() - started;
    expect(spent, `${text.slice(0, 40)}… took ${Math.round(spent)} ms`).toBeLessThan(SLOWEST_MS);
  }
});

async function seedTexts(): Promise<string[]> {
  const folder = join(import.meta.dirname, "..", "cases");
  const texts: string[] = [];
  for (const name of readdirSync(folder)) {
    const { inputs } = JSON.parse(readFileSync(join(folder, name), "utf8")) as {
      inputs: Array<{ content?: string }>;
    };
    for (const input of inputs) if (input.content !== undefined) texts.push(input.content);
  }
  texts.push(...WRONG_CODE.map(([, , text]) => text), ...RIGHT_CALENDARS.map(([, text]) => text));
  const key = await mintKey(NOW);
  const header = part({ alg: "RS256", typ: "JWT", x5t: key.credential.certificate.thumbprintSha1.base64url });
  texts.push(
    `${header}.${part(assertionClaims(NOW))}.c2lnbmF0dXJl`,
    `${header}.${part(accessTokenClaims(NOW))}.c2ln`,
  );
  texts.push(
    key.certificatePem,
    key.privateKeyPem,
    Buffer.from(key.credential.certificate.der).toString("latin1"),
  );
  texts.push(
    JSON.stringify({
      log: {
        entries: [
          {
            request: { method: "GET", url: "https://graph.microsoft.com/v1.0/me", headers: [] },
            response: {
              status: 401,
              headers: [],
              content: { text: '{"error":{"code":"InvalidAuthenticationToken"}}' },
            },
          },
        ],
      },
    }),
  );
  return texts;
}

const FRAGMENTS = [
  "{",
  "}",
  "[",
  "]",
  '"',
  "'",
  "\\",
  "\n",
  "\r\n",
  "\0",
  "\u200e",
  "=",
  "&",
  "%",
  "%7B",
  ".",
  "..",
  "eyJ",
  "AADSTS",
  "-----BEGIN ",
  "-----END ",
  "null",
  "1e999",
  "-1",
  "Bearer ",
  "curl ",
  "HTTP/1.1 401\n",
  "]]",
  "é",
  "😀",
  "\ud800",
  "[Reason - ",
  "Thumbprint: ",
  '"keyCredentials":[',
  '"alg":',
  '"aud":',
  "…",
  "...",
];

function mutate(seeds: readonly string[], random: () => number): string {
  let text = pick(seeds, random);
  const rounds = 1 + Math.floor(random() * 6);
  for (let round = 0; round < rounds; round += 1) {
    const at = Math.floor(random() * (text.length + 1));
    const end = Math.min(text.length, at + Math.floor(random() * 40));
    const kind = random();
    if (kind < 0.2) text = text.slice(0, at) + text.slice(end);
    else if (kind < 0.4) text = text.slice(0, at) + pick(FRAGMENTS, random) + text.slice(at);
    else if (kind < 0.5) text = text.slice(0, at);
    else if (kind < 0.6) text = text.slice(at);
    else if (kind < 0.7)
      text = text.slice(0, at) + text.slice(at, end).repeat(1 + Math.floor(random() * 20)) + text.slice(end);
    else if (kind < 0.8)
      text = text.slice(0, at) + String.fromCharCode(Math.floor(random() * 0x2fff)) + text.slice(at + 1);
    else if (kind < 0.9) text = `${text.slice(0, at)}${pick(seeds, random).slice(0, 3000)}${text.slice(at)}`;
    else text = random() < 0.5 ? JSON.stringify(text) : text.replace(/"/g, "&quot;");
    if (text.length > 40_000) text = text.slice(0, 40_000);
  }
  return text;
}

function pick<T>(list: readonly T[], random: () => number): T {
  const item = list[Math.floor(random() * list.length)];
  if (item === undefined) throw new RangeError("An empty list has nothing to pick");
  return item;
}

/** Mulberry32: small, and the same on every machine. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}
