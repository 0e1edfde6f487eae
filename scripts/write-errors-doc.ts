/**
 * Writes docs/errors.md: every code of every floor, from the tables that the errors themselves are made of.
 *
 * Run with `--conditions=@nightlatch/source`; with `--check` it writes nothing and fails on a difference.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CALENDAR_ERRORS } from "@nightlatch/calendar";
import { CREDENTIAL_ERRORS, type ErrorTable } from "@nightlatch/credential";
import { OAUTH_ERRORS, REGISTRATION_ERRORS } from "@nightlatch/oauth";
import { SERVER_ERRORS } from "@nightlatch/server";
import { SYNC_ERRORS } from "@nightlatch/sync";
import { CLI_ERRORS } from "../packages/cli/src/errors.ts";

const floors: ReadonlyArray<readonly [string, ErrorTable]> = [
  ["Command line", CLI_ERRORS],
  ["REST API", SERVER_ERRORS],
  ["Sync", SYNC_ERRORS],
  ["Calendar", CALENDAR_ERRORS],
  ["Tokens", OAUTH_ERRORS],
  ["Registration", REGISTRATION_ERRORS],
  ["Credentials", CREDENTIAL_ERRORS],
];

function section([title, table]: readonly [string, ErrorTable]): string {
  const rows = Object.entries(table).map(
    ([code, { title: meaning, hint, exitCode, httpStatus, retryable }]) =>
      `| <a id="${code.toLowerCase()}"></a>\`${code}\` | ${cell(meaning)} | ${cell(hint)} | ${exitCode} | ${httpStatus} | ${retryable ? "yes" : ""} |`,
  );
  return `## ${title}\n\n| Code | Meaning | What to do | Exit | HTTP | Retry |\n|---|---|---|--:|--:|---|\n${rows.join("\n")}\n`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

const text = `# Errors

Generated from the tables in the code by \`npm run generate\`. A code never changes its meaning; tell errors apart by it. The
prefix names the floor that owns it. *Exit* is the status of the command line, *HTTP* that of the REST API, *Retry* whether
the same call may succeed later. A thrower may replace the hint by one that fits the case. Microsoft's own numbers have
[a page each](errors/README.md).

${floors.map(section).join("\n")}`;

const file = join(dirname(fileURLToPath(import.meta.url)), "../docs/errors.md");
if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  console.error("docs/errors.md is stale: run npm run generate");
  process.exitCode = 1;
}
