/** Variables from a file, as `app register --write-settings` writes it. */
import { parseEnv, TextDecoder } from "node:util";
import type { Context } from "./command.ts";
import { cliError } from "./errors.ts";
import { readInput } from "./files.ts";

/** Variables that prove who signs in: those of the file take the place of all of the environment. */
const proofs = [
  "AZURE_CLIENT_SECRET",
  "AZURE_CLIENT_CERTIFICATE_PATH",
  "AZURE_CLIENT_CERTIFICATE_PASSWORD",
  "AZURE_FEDERATED_TOKEN_FILE",
];

/**
 * Reads a file of variables over the environment.
 *
 * @param path - file name, lines of `NAME=value`
 * @param context - the command's surroundings
 * @returns the environment with the file's variables, which win
 * @throws NightlatchError `CLI_FILE_UNREADABLE`, `CLI_SETTINGS_UNUSABLE`
 */
export async function readSettings(
  path: string,
  context: Context,
): Promise<Readonly<Record<string, string | undefined>>> {
  const bytes = await readInput(path, context);
  const variables = parseEnv(textOf(bytes, path));
  const names = Object.keys(variables);
  if (!names.some((name) => /^(AZURE|NIGHTLATCH)_/.test(name)))
    throw cliError(
      "CLI_SETTINGS_UNUSABLE",
      `The settings "${path}" hold no AZURE_… or NIGHTLATCH_… variable`,
    );
  const environment: Record<string, string | undefined> = { ...context.env };
  if (names.some((name) => proofs.includes(name))) for (const name of proofs) delete environment[name];
  return { ...environment, ...variables };
}

function textOf(bytes: Buffer, path: string): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (!text.includes("\0")) return text.replace(/^\uFEFF/, "");
  } catch {
    // Said below.
  }
  throw cliError("CLI_SETTINGS_UNUSABLE", `The settings "${path}" are no text`);
}
