/** Which protocol carries the calendars: Microsoft Graph, or Exchange Web Services for Exchange Server. */
import { type CalendarPort, createGraphCalendar } from "@nightlatch/calendar";
import type { Context, OptionSpec } from "./command.ts";
import type { Connection, ConnectionOptions } from "./connection.ts";
import { cloudFrom, emulatorOrigin } from "./identity.ts";
import { httpsAddress, oneOf } from "./parse.ts";

/** Options of every command that reads or writes calendars. */
export interface WingOptions extends ConnectionOptions {
  readonly wing?: "graph" | "ews";
  readonly ews?: string;
}

export const wingOptions: readonly OptionSpec[] = [
  {
    flags: "--wing <name>",
    description: "graph (when absent), or ews for Exchange Server; EWS ends in Exchange Online on 2027-04-01",
    parse: oneOf("--wing", ["graph", "ews"]),
  },
  {
    flags: "--ews <url>",
    description: "address of Exchange.asmx for --wing ews [NIGHTLATCH_EWS]",
    parse: httpsAddress("--ews"),
  },
];

/**
 * Opens the calendars of a connection.
 *
 * @param connection - from `withConnection`
 * @param options - as parsed
 * @param context - the command's surroundings
 * @returns the Calendar port
 */
export async function openCalendar(
  connection: Connection,
  options: WingOptions,
  context: Context,
): Promise<CalendarPort> {
  const { credential: tokens, transport, authorityHost } = connection;
  if (options.wing !== "ews") {
    const { graphEndpoint: endpoint, graphScope: scope } = connection;
    return createGraphCalendar({ tokens, transport, endpoint, scope });
  }
  const { createEwsCalendar } = await import("@nightlatch/calendar/ews");
  return createEwsCalendar({ tokens, transport, ...ewsTarget(options, authorityHost, context) });
}

/**
 * Finds which Exchange is meant, and for which API its tokens are.
 *
 * @param options - as parsed
 * @param authorityHost - origin of the authority, which tells the cloud
 * @param context - the command's surroundings
 * @returns address of Exchange.asmx; the scope, where it is not that address's own
 */
export function ewsTarget(
  options: WingOptions,
  authorityHost: string,
  context: Context,
): { readonly endpoint: string; readonly scope?: string } {
  const { outlook } = cloudFrom(options, authorityHost);
  const named = ewsEndpointFrom(options, context);
  const emulator = emulatorOrigin(options, context);
  return {
    endpoint: named ?? `${emulator ?? outlook}/EWS/Exchange.asmx`,
    // Tokens of an Exchange Server of one's own are for its own address.
    ...(named === undefined || named.startsWith(`${emulator}/`) ? { scope: `${outlook}/.default` } : {}),
  };
}

/**
 * Finds the address of Exchange that was named.
 *
 * @param options - as parsed
 * @param context - `NIGHTLATCH_EWS` is the default
 * @returns https address, or undefined
 */
export function ewsEndpointFrom(options: WingOptions, context: Context): string | undefined {
  const variable = context.env["NIGHTLATCH_EWS"];
  return (
    options.ews ??
    (variable === undefined || variable === "" ? undefined : httpsAddress("NIGHTLATCH_EWS")(variable))
  );
}
