/**
 * Writes docs/inputs.md from the cases that the tests run.
 *
 * `node --import tsx --conditions @nightlatch/source packages/credential/test/write-inputs-doc.ts`
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CREDENTIAL_ERRORS } from "../src/index.ts";
import { INPUT_GROUPS, type InputCase } from "./inputs.ts";

export const INPUTS_DOC_PATH = fileURLToPath(new URL("../../../docs/inputs.md", import.meta.url));

/** The text of docs/inputs.md. */
export function formatInputsDoc(): string {
  const cases = INPUT_GROUPS.flatMap((group) => group.cases);
  const loading = cases.filter((one) => one.outcome === "loads").length;
  const sections = INPUT_GROUPS.map(
    ({ title, cases: rows }) =>
      `## ${title}\n\n| input | what happens | code |\n| --- | --- | --- |\n${rows.map(formatRow).join("\n")}\n`,
  );
  return (
    "# What may be given as a credential\n\n" +
    "<!-- Generated from packages/credential/test/inputs.ts by packages/credential/test/write-inputs-doc.ts. Do not edit. -->\n\n" +
    `\`readCredential()\` and \`readCredentialFile()\` take these ${cases.length} kinds of input: ${loading} load, ` +
    `${cases.length - loading} are refused by the name of the mistake. Every row is a test. The command line says the ` +
    "same sentences with the name of the file, and exits with 1.\n\n" +
    sections.join("\n")
  );
}

function formatRow({ input, outcome, passphrase }: InputCase): string {
  const name = input.replaceAll("|", "\\|");
  if (outcome === "loads") {
    const needs =
      passphrase === undefined || passphrase === "" || /not need/.test(name) ? "" : " with its passphrase";
    return `| ${name} | loads${name.includes("passphrase") ? "" : needs} | |`;
  }
  const { title, hint } = CREDENTIAL_ERRORS[outcome];
  return `| ${name} | ${title}. ${hint}. | \`${outcome}\` |`;
}

if (process.argv[1] !== undefined && process.argv[1] === join(fileURLToPath(import.meta.url)))
  writeFileSync(INPUTS_DOC_PATH, formatInputsDoc());
