/**
 * Writes docs/errors: one page for each AADSTS code, and their list. `node --import tsx
 * packages/doctor/test/write-error-pages.ts` writes; error-pages.test.ts fails when a page is stale.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AADSTS_EXPLANATIONS, type AadstsExplanation } from "../src/aadsts.generated.ts";

/** Folder of the pages. */
export const PAGES_FOLDER = join(import.meta.dirname, "..", "..", "..", "docs", "errors");

const GROUPS: Readonly<Record<string, string>> = {
  assertion: "Client assertion and certificate",
  secret: "Client secret",
  client: "Application",
  resource: "API that is asked for",
  scope: "Scope",
  consent: "Consent and assignment",
  tenant: "Tenant and endpoint",
  request: "Shape of the request",
  redirect: "Redirect address",
  authorize: "Authorize endpoint",
  code: "Authorization code and refresh token",
  pkce: "PKCE",
  obo: "On behalf of",
  saml: "SAML",
  ca: "Conditional Access and device",
  user: "Users",
  device: "Device code",
  cloud: "National clouds",
  region: "Regional endpoint",
  throttle: "Throttling and loops",
  transient: "Passing faults",
  fic: "Federated credentials",
  mtls: "Mutual TLS",
  claims: "Claims mapping",
};

/** What the doctor can tell beyond the code, for pages of codes that it reasons about. */
const REASONING: Readonly<Record<number, string>> = {
  700027:
    "The doctor reads the thumbprint that the message prints and tells how it was made: hex digits encoded as text (80 digits), hex digits used as base64 (60 digits), SHA-256 under `x5t` (64 digits), separators kept, base64 encoded twice, the keyId, the whole certificate. Given the certificate or the manifest as well, it tells whether the thumbprint is that of another certificate, of the PEM text or of the public key, and prints the right value.",
  700024:
    "The doctor does the arithmetic on the three times in the message: a clock that is fast or slow (by how many minutes), local time passed as UTC (which offset), an assertion that was kept too long, a missing exp, a lifetime in exp, milliseconds.",
  700023:
    "Given the assertion as well, the doctor tells what is wrong with aud: /common, another tenant or cloud, the API, the authorize endpoint, a slash too many, a regional host.",
  50027:
    "Given the assertion as well, the doctor names the part that cannot be read: padding, blanks, base64 instead of base64url, a header or payload that is not JSON, an aud array, a claim of the wrong type.",
  5002723:
    "Given the certificate or the manifest as well, the doctor prints the very line that is missing from the header.",
  1002012: "The doctor prints the scope to ask for instead.",
  500011:
    "The doctor looks at the name that the message quotes: a path, a slash at the end, http, another cloud, a retired API.",
  700016:
    "The doctor tells a placeholder, an object id and another tenant apart, as far as what it is given allows.",
};

/**
 * Makes every page.
 *
 * @returns contents by file name
 */
export function errorPages(): Map<string, string> {
  const pages = new Map<string, string>();
  for (const entry of AADSTS_EXPLANATIONS) pages.set(`AADSTS${entry.code}.md`, page(entry));
  pages.set("README.md", list());
  return pages;
}

function page(entry: AadstsExplanation): string {
  const lines = [`# AADSTS${entry.code}: ${entry.name}`, ""];
  if (entry.message !== null) lines.push("The service says:", "", ...quote(entry.message), "");
  if (entry.variants.length > 0) lines.push("Also seen:", "");
  for (const variant of entry.variants) lines.push(...quote(variant), "");
  lines.push(`With \`error\`: \`${entry.oauthError}\`. Group: ${GROUPS[entry.group] ?? entry.group}.`, "");
  lines.push(
    "## What it means",
    "",
    escapeMarkdown(entry.cause),
    "",
    "## What to do",
    "",
    escapeMarkdown(entry.fix),
    "",
  );
  const reasoning = REASONING[entry.code];
  if (reasoning !== undefined) lines.push("## What the doctor adds", "", reasoning, "");
  lines.push("Paste the whole answer, and whatever else is at hand; nothing is sent anywhere:", "");
  lines.push(
    "```console",
    "nightlatch doctor explain answer.json assertion.jwt manifest.json cert.pem",
    "```",
    "",
  );
  lines.push("## Sources", "", `- <https://login.microsoftonline.com/error?code=${entry.code}>`);
  for (const source of entry.source.split("; ")) lines.push(`- ${escapeMarkdown(source)}`);
  lines.push("", "Microsoft may change number and text at any time; programs must not read them.", "");
  lines.push("[All codes](README.md)", "");
  return lines.join("\n");
}

function list(): string {
  const lines = [
    "# AADSTS codes",
    "",
    "The codes of Entra ID's token service that `nightlatch doctor` knows, with what each means and what to do.",
    "Written by `packages/doctor/test/write-error-pages.ts` from the table that the doctor uses.",
    "",
  ];
  const groups = [...new Set(AADSTS_EXPLANATIONS.map((entry) => entry.group))];
  for (const group of groups) {
    lines.push(`## ${GROUPS[group] ?? group}`, "", "| Code | Name | In short |", "|---|---|---|");
    for (const entry of AADSTS_EXPLANATIONS.filter((item) => item.group === group)) {
      lines.push(
        `| [${entry.code}](AADSTS${entry.code}.md) | ${entry.name} | ${escapeMarkdown(firstSentence(entry.cause))} |`,
      );
    }
    lines.push("");
  }
  return lines.join("\n");
}

function firstSentence(text: string): string {
  return (/^.{10,200}?[.:;](?=\s|$)/.exec(text)?.[0] ?? text.slice(0, 200)).replace(/[:;]$/, ".");
}

function quote(text: string): string[] {
  return ["```text", ...text.split(/\r?\n/), "```"];
}

/** Placeholders in angle brackets and table bars would vanish or break the page. */
function escapeMarkdown(text: string): string {
  return text.replace(/\|/g, "\\|").replace(/</g, "&lt;").replace(/\s+/g, " ");
}

if (process.argv[1] === import.meta.filename) {
  mkdirSync(PAGES_FOLDER, { recursive: true });
  const pages = errorPages();
  for (const name of readdirSync(PAGES_FOLDER))
    if (/^AADSTS/.test(name) && !pages.has(name)) rmSync(join(PAGES_FOLDER, name));
  let written = 0;
  for (const [name, content] of pages) {
    const path = join(PAGES_FOLDER, name);
    if (current(path) === content) continue;
    writeFileSync(path, content);
    written += 1;
  }
  console.log(`${pages.size} pages, ${written} written`);
}

/** What stands in a file, or nothing. */
export function current(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
