/** Who signs in where: tenant, client id, authority. */
import { CLOUDS, type CloudName, findCloud, normalizeAuthorityHost } from "@nightlatch/oauth";
import { signInGroup } from "./certificate-input.ts";
import type { Context, OptionSpec } from "./command.ts";
import { cliError } from "./errors.ts";
import { oneOf } from "./parse.ts";

/** Options of every command that names an application. */
export interface IdentityOptions {
  readonly tenant?: string;
  readonly clientId?: string;
  readonly authority?: string;
  readonly cloud?: CloudName;
  readonly emulator?: string | true;
}

/** Where the application signs in. */
export interface Identity {
  readonly tenantId: string;
  readonly clientId: string;
  /** https origin. */
  readonly authorityHost: string;
}

const defaultEmulator = "https://localhost:8443";

export const identityOptions: readonly OptionSpec[] = [
  { flags: "--tenant <id>", description: "tenant id or verified domain [AZURE_TENANT_ID]" },
  { flags: "--client-id <id>", description: "application (client) id [AZURE_CLIENT_ID]" },
  { flags: "--authority <url>", description: "https address that signs in [AZURE_AUTHORITY_HOST]" },
  {
    flags: "--cloud <name>",
    description: "global, usGov, usGovDod or china",
    parse: oneOf("--cloud", ["global", "usGov", "usGovDod", "china"]),
  },
  {
    flags: "--emulator [url]",
    description: `use the emulator at this address, ${defaultEmulator} when none is given [NIGHTLATCH_EMULATOR]`,
  },
].map((option) => ({ ...option, group: signInGroup }));

/**
 * Address of the emulator to use, when the caller asked for one.
 *
 * @param options - as parsed
 * @param context - `NIGHTLATCH_EMULATOR` is read
 * @returns https origin, or undefined
 * @throws NightlatchError `CLI_USAGE` when it is no address
 */
export function emulatorOrigin(
  options: Pick<IdentityOptions, "emulator">,
  context: Context,
): string | undefined {
  const { emulator } = options;
  const variable = context.env["NIGHTLATCH_EMULATOR"] || undefined;
  const asked = emulator === true ? (variable ?? defaultEmulator) : (emulator ?? variable);
  if (asked === undefined) return undefined;
  try {
    return normalizeAuthorityHost(asked);
  } catch (cause) {
    throw cliError(
      "CLI_USAGE",
      `${emulator === undefined || emulator === true ? "NIGHTLATCH_EMULATOR" : "--emulator"} is "${asked}", wanted an https origin`,
      { hint: `Give the address that emulator start prints, such as ${defaultEmulator}`, cause },
    );
  }
}

/**
 * Works out where to sign in.
 *
 * @param options - as parsed
 * @param context - `AZURE_AUTHORITY_HOST` is the default
 * @returns https origin of the authority
 */
export function authorityHost(options: IdentityOptions, context: Context): string {
  const chosen =
    options.authority ??
    (options.cloud === undefined ? undefined : CLOUDS[options.cloud].authorityHost) ??
    emulatorOrigin(options, context) ??
    context.env["AZURE_AUTHORITY_HOST"];
  return chosen === undefined || chosen === "" ? CLOUDS.global.authorityHost : normalizeAuthorityHost(chosen);
}

/**
 * Finds the cloud whose Graph and Exchange belong to a sign-in.
 *
 * @param options - as parsed
 * @param host - https origin of the authority
 * @returns the cloud asked for or that of the authority; the global one for an emulator
 */
export function cloudFrom(options: IdentityOptions, host: string): (typeof CLOUDS)[CloudName] {
  return CLOUDS[options.cloud ?? findCloud(host) ?? "global"];
}

/**
 * Works out who signs in.
 *
 * @param options - as parsed
 * @param context - `AZURE_TENANT_ID` and `AZURE_CLIENT_ID` are the defaults
 * @returns tenant, client and authority
 * @throws NightlatchError `CLI_NOT_CONFIGURED` naming what is missing
 */
export function identityFrom(options: IdentityOptions, context: Context): Identity {
  const need = (value: string | undefined, flag: string, variable: string): string => {
    const found = value ?? context.env[variable];
    if (found === undefined || found.trim() === "")
      throw cliError("CLI_NOT_CONFIGURED", `${flag} is missing`, {
        hint: `Pass ${flag}, or set ${variable}, or give a file of settings with --settings`,
      });
    return found.trim();
  };
  return {
    tenantId: need(options.tenant, "--tenant", "AZURE_TENANT_ID"),
    clientId: need(options.clientId, "--client-id", "AZURE_CLIENT_ID"),
    authorityHost: authorityHost(options, context),
  };
}
