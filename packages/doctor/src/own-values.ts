/**
 * Puts the reader's own values where a remedy has a place for them.
 *
 * The rules are: a value counts only where the inputs have exactly one of its kind; what was made unreadable before it
 * was pasted is no value; what a check has filled in already stays.
 */
import { type CaseFile, clientIdOf, tenantOf } from "./checks/case-file.ts";
import type { Finding } from "./finding.ts";
import { isRedacted } from "./placeholder.ts";

const SAMPLE = 100_000;
const GUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

/** A place in a remedy, and the writings in an input that give its value. */
const PLACES: ReadonlyArray<readonly [string, RegExp]> = [
  [
    "<client id>",
    new RegExp(
      `(?:client[_-]?id|app(?:lication)?[_-]?id|-AppId|-ClientId|-ApplicationId|for app|application with (?:id|identifier)|--username|-u)["']?\\s{0,3}[:=(]?\\s{0,3}["']?(${GUID})`,
      "gi",
    ),
  ],
  [
    "<tenant id>",
    new RegExp(
      `(?:https://login\\.(?:microsoftonline\\.(?:com|us)|windows\\.net|partner\\.microsoftonline\\.cn)/|https://sts\\.windows\\.net/|tenant[_-]?id["']?\\s{0,3}[:=(]?\\s{0,3}["']?|-TenantId\\s{1,3}["']?|--tenant\\s{1,3}["']?)(${GUID}|[\\w-]{2,60}\\.onmicrosoft\\.com)`,
      "gi",
    ),
  ],
  ["<thumbprint>", /thumbprint["']?\s{0,3}[:=(]?\s{0,3}["']?([0-9A-F]{40})\b/gi],
  [
    "<mailbox>",
    /(?:\/users\/|PrimarySmtpAddress>|primary_smtp_address\s?=\s?["']|X-AnchorMailbox:\s?)([\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})/gi,
  ],
];

/**
 * Fills the places of remedies.
 *
 * @param findings - findings as the checks made them
 * @param texts - the inputs that are text
 * @param file - the case file, whose values go before those of the texts
 * @returns the findings with own values in commands, snippets and texts
 */
export function fillOwnValues(
  findings: readonly Finding[],
  texts: readonly string[],
  file: CaseFile,
): Finding[] {
  const values = new Map<string, string>();
  const known: ReadonlyArray<readonly [string, string | undefined]> = [
    ["<client id>", clientIdOf(file)],
    ["<tenant id>", tenantOf(file)],
  ];
  for (const [place, value] of known) if (value !== undefined) values.set(place, value);
  const sample = texts.map((text) => text.slice(0, SAMPLE)).join("\n");
  for (const [place, pattern] of PLACES) {
    if (values.has(place)) continue;
    const found = new Set([...sample.matchAll(pattern)].slice(0, 50).map((match) => match[1] ?? ""));
    const [only] = found;
    if (found.size === 1 && only !== undefined && only !== "" && !isRedacted(only)) values.set(place, only);
  }
  if (values.size === 0) return [...findings];
  const fill = (text: string): string => {
    let filled = text;
    for (const [place, value] of values) filled = filled.replaceAll(place, value);
    return filled;
  };
  return findings.map((finding) => ({
    ...finding,
    remedy: {
      ...finding.remedy,
      text: fill(finding.remedy.text),
      ...(finding.remedy.commands === undefined ? {} : { commands: finding.remedy.commands.map(fill) }),
      ...(finding.remedy.snippet === undefined ? {} : { snippet: fill(finding.remedy.snippet) }),
    },
  }));
}
