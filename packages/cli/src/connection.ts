/** From options and environment to a signed-in client: transport, credential, Graph endpoint, calendar. */
import {
  type CalendarPort,
  createGraphCalendar,
  createGraphDirectory,
  type GraphDirectory,
} from "@nightlatch/calendar";
import { CLOUDS, createTransport, NightlatchCredential, type Transport } from "@nightlatch/oauth";
import {
  type CertificateOptions,
  certificateOptions,
  certificatePaths,
  loadCredential,
} from "./certificate-input.ts";
import type { Context, OptionSpec } from "./command.ts";
import { emulatorCaPem } from "./emulator-home.ts";
import { cliError } from "./errors.ts";
import { readInput } from "./files.ts";
import { emulatorOrigin, type IdentityOptions, identityFrom, identityOptions } from "./identity.ts";
import { collect } from "./parse.ts";

/** Options of every command that goes to the network. */
export interface NetworkOptions {
  readonly ca?: readonly string[];
  readonly emulator?: string | true;
}

/** Options of every command that signs in. */
export interface ConnectionOptions extends IdentityOptions, CertificateOptions, NetworkOptions {
  readonly secretFile?: string;
  readonly graph?: string;
}

export const networkOptions: readonly OptionSpec[] = [
  {
    flags: "--ca <file>",
    description: "PEM file of a further certificate authority to trust [NODE_EXTRA_CA_CERTS]",
    parse: collect,
  },
];

export const connectionOptions: readonly OptionSpec[] = [
  ...identityOptions,
  ...certificateOptions,
  {
    flags: "--secret-file <file>",
    description:
      "file with a client secret instead of a certificate, - for standard input [AZURE_CLIENT_SECRET]",
  },
  {
    flags: "--graph <url>",
    description:
      "address of Microsoft Graph, for example https://graph.microsoft.com/v1.0 [NIGHTLATCH_GRAPH]",
  },
  ...networkOptions,
];

/** A client that is ready to call. Close the transport when done. */
export interface Connection {
  readonly transport: Transport;
  readonly credential: NightlatchCredential;
  /** Graph with its version, no trailing slash. */
  readonly graphEndpoint: string;
  /** Scope for Graph, `https://…/.default`. */
  readonly graphScope: string;
}

/**
 * Makes a transport that trusts what the caller named, the emulator's own CA included.
 *
 * @param options - as parsed
 * @param context - the command's surroundings
 * @returns the transport
 */
export async function openTransport(options: NetworkOptions, context: Context): Promise<Transport> {
  const files = await Promise.all((options.ca ?? []).map((path) => readInput(path, context)));
  const pems = files.map((bytes) => bytes.toString("utf8"));
  const ownCa = emulatorOrigin(options, context) === undefined ? undefined : await emulatorCaPem(context);
  const ca = ownCa === undefined ? pems : [...pems, ownCa];
  return createTransport({ ca, userAgent: "nightlatch-cli" });
}

/**
 * Gets ready to sign in. Nothing is sent yet.
 *
 * @param options - as parsed
 * @param context - the command's surroundings; Azure's variables are the defaults
 * @returns transport, credential and the address of Graph
 * @throws NightlatchError `CLI_NOT_CONFIGURED`, `CREDENTIAL_…`
 */
export async function connect(options: ConnectionOptions, context: Context): Promise<Connection> {
  const identity = identityFrom(options, context);
  const proof = await proofOf(options, context);
  const transport = await openTransport(options, context);
  const cloud = CLOUDS[options.cloud ?? cloudOf(identity.authorityHost)];
  const emulator = emulatorOrigin(options, context);
  const graph =
    options.graph ??
    (options.cloud === undefined && emulator !== undefined ? `${emulator}/v1.0` : undefined) ??
    (context.env["NIGHTLATCH_GRAPH"] || `${cloud.graph}/v1.0`);
  return {
    transport,
    credential: new NightlatchCredential({ ...identity, ...proof, transport }),
    graphEndpoint: graph.replace(/\/+$/, ""),
    graphScope: `${cloud.graph}/.default`,
  };
}

/**
 * Opens the Graph calendar of a connection.
 *
 * @param connection - from {@link connect}
 * @returns the Calendar port
 */
export function graphCalendar(connection: Connection): CalendarPort {
  const { credential: tokens, transport, graphEndpoint: endpoint, graphScope: scope } = connection;
  return createGraphCalendar({ tokens, transport, endpoint, scope });
}

/**
 * Opens the Graph directory of a connection.
 *
 * @param connection - from {@link connect}
 * @returns users and groups
 */
export function graphDirectory(connection: Connection): GraphDirectory {
  const { credential: tokens, transport, graphEndpoint: endpoint, graphScope: scope } = connection;
  return createGraphDirectory({ tokens, transport, endpoint, scope });
}

async function proofOf(
  options: ConnectionOptions,
  context: Context,
): Promise<Pick<ConstructorParameters<typeof NightlatchCredential>[0], "certificate" | "clientSecret">> {
  if (options.secretFile !== undefined)
    return {
      clientSecret: (await readInput(options.secretFile, context)).toString("utf8").replace(/\r?\n$/, ""),
    };
  if (certificatePaths(options, context).length > 0)
    return { certificate: await loadCredential(options, context) };
  const clientSecret = context.env["AZURE_CLIENT_SECRET"];
  if (clientSecret !== undefined && clientSecret !== "") return { clientSecret };
  throw cliError("CLI_NOT_CONFIGURED", "Neither a certificate nor a secret was given", {
    hint: "Pass --certificate FILE, or set AZURE_CLIENT_CERTIFICATE_PATH",
  });
}

function cloudOf(authorityHost: string): keyof typeof CLOUDS {
  const found = Object.entries(CLOUDS).find(([, cloud]) => cloud.authorityHost === authorityHost);
  return (found?.[0] ?? "global") as keyof typeof CLOUDS;
}
