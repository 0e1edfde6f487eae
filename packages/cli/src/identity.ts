/** Who signs in where: tenant, client id, authority. */
import { CLOUDS } from "@nightlatch/oauth";
import type { Context, OptionSpec } from "./command.ts";
import { cliError } from "./errors.ts";
import { oneOf } from "./parse.ts";

/** Options of every command that names an application. */
export interface IdentityOptions {
  readonly tenant?: string;
  readonly clientId?: string;
  readonly authority?: string;
  readonly cloud?: keyof typeof CLOUDS;
  readonly emulator?: string | true;
}

/** Where the application signs in. */
export interface Identity {
  readonly tenantId: string;
  readonly clientId: string;
  readonly authorityHost: string;
}

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
    description:
      "use the emulator at this address, https://localhost:8443 when none is given [NIGHTLATCH_EMULATOR]",
  },
];

/**
 * Address of the emulator to use, when the caller asked for one.
 *
 * @param options - as parsed
 * @param context - `NIGHTLATCH_EMULATOR` is read
 * @returns origin without trailing slash, or undefined
 */
export function emulatorOrigin(
  options: Pick<IdentityOptions, "emulator">,
  context: Context,
): string | undefined {
  const asked = options.emulator ?? context.env["NIGHTLATCH_EMULATOR"];
  if (asked === undefined || asked === "") return undefined;
  return asked === true ? "https://localhost:8443" : asked.replace(/\/+$/, "");
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
  return chosen === undefined || chosen === "" ? CLOUDS.global.authorityHost : chosen;
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
    if (found === undefined || found === "")
      throw cliError("CLI_NOT_CONFIGURED", `${flag} is missing`, {
        hint: `Pass ${flag}, or set ${variable}`,
      });
    return found;
  };
  return {
    tenantId: need(options.tenant, "--tenant", "AZURE_TENANT_ID"),
    clientId: need(options.clientId, "--client-id", "AZURE_CLIENT_ID"),
    authorityHost: authorityHost(options, context),
  };
}
