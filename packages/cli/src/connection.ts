/** From options and environment to a signed-in client: transport, credential, Graph endpoint, calendar. */
import { X509Certificate } from "node:crypto";
import { createGraphDirectory, type GraphDirectory } from "@nightlatch/calendar";
import { parseCertificate } from "@nightlatch/credential";
import { createTransport, NightlatchCredential, type Transport } from "@nightlatch/oauth";
import { type CertificateOptions, certificateOptions, signInGroup } from "./certificate-input.ts";
import type { Context, OptionSpec } from "./command.ts";
import { emulatorCaPem } from "./emulator-home.ts";
import { cliError } from "./errors.ts";
import { readInput } from "./files.ts";
import {
  cloudFrom,
  emulatorOrigin,
  type IdentityOptions,
  identityFrom,
  identityOptions,
} from "./identity.ts";
import { collect, httpsAddress, oneOf } from "./parse.ts";
import { type Proof, type ProofOptions, proofFrom, proofOptions } from "./proof.ts";
import { openTokenCache } from "./token-files.ts";

/** Options of every command that goes to the network. */
export interface NetworkOptions {
  readonly ca?: readonly string[];
  readonly emulator?: string | true;
}

/** Options of every command that signs in. */
export interface ConnectionOptions extends IdentityOptions, CertificateOptions, ProofOptions, NetworkOptions {
  readonly graph?: string;
  readonly algorithm?: "PS256" | "RS256";
  readonly x5c?: boolean;
  readonly cache?: boolean;
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
  ...proofOptions,
  {
    flags: "--algorithm <name>",
    description: "signature of the client assertion: PS256 (when absent) or RS256",
    parse: oneOf("--algorithm", ["PS256", "RS256"]),
  },
  {
    flags: "--x5c",
    description:
      "send the certificate chain, for trust by subject name and issuer [AZURE_CLIENT_SEND_CERTIFICATE_CHAIN]",
  },
  {
    flags: "--graph <url>",
    description:
      "address of Microsoft Graph, for example https://graph.microsoft.com/v1.0 [NIGHTLATCH_GRAPH]",
    parse: httpsAddress("--graph"),
  },
  { flags: "--no-cache", description: "ask for a fresh token, and keep none in ~/.nightlatch/tokens" },
  ...networkOptions,
].map((option) => ({ ...option, group: signInGroup }));

/** A client that is ready to call. */
export interface Connection {
  readonly transport: Transport;
  readonly credential: NightlatchCredential;
  /** https origin. */
  readonly authorityHost: string;
  /** Graph with its version, no trailing slash. */
  readonly graphEndpoint: string;
  /** Scope for Graph, `https://…/.default`. */
  readonly graphScope: string;
}

/**
 * Makes a transport that trusts what the caller named, the emulator's own CA included.
 *
 * @param options - as parsed
 * @param context - the command's surroundings; `HTTPS_PROXY` and `NO_PROXY` are read
 * @returns the transport
 * @throws NightlatchError `CLI_CA_UNUSABLE`, `CLI_FILE_UNREADABLE`
 */
export async function openTransport(options: NetworkOptions, context: Context): Promise<Transport> {
  const pems = await Promise.all((options.ca ?? []).map((path) => readAuthority(path, context)));
  const ownCa = emulatorOrigin(options, context) === undefined ? undefined : await emulatorCaPem(context);
  const ca = ownCa === undefined ? pems : [...pems, ownCa];
  return createTransport({ ca, userAgent: "nightlatch-cli", env: context.env });
}

/** What cannot be read would be left out silently, and the server refused later for another reason. */
async function readAuthority(path: string, context: Context): Promise<string> {
  const bytes = await readInput(path, context);
  const blocks = bytes
    .toString("latin1")
    .match(/-----BEGIN (TRUSTED )?CERTIFICATE-----[^-]*-----END (TRUSTED )?CERTIFICATE-----/g);
  try {
    return blocks === null
      ? parseCertificate(bytes, { sourceName: path }).pem
      : blocks.map((block) => new X509Certificate(block).toString()).join("");
  } catch (cause) {
    throw cliError("CLI_CA_UNUSABLE", `Cannot trust "${path}": it holds no certificate that can be read`, {
      cause,
    });
  }
}

/**
 * Gets ready to sign in. Nothing is sent yet. Close the transport when done.
 *
 * @param options - as parsed
 * @param context - the command's surroundings; Azure's variables are the defaults
 * @returns transport, credential and the address of Graph
 * @throws NightlatchError `CLI_NOT_CONFIGURED`, `CREDENTIAL_…`
 */
async function connect(options: ConnectionOptions, context: Context): Promise<Connection> {
  const identity = identityFrom(options, context);
  const proof = await proofFrom(options, context);
  const cloud = cloudFrom(options, identity.authorityHost);
  const graphEndpoint = graphEndpointFrom(options, cloud.graph, context);
  const transport = await openTransport(options, context);
  return {
    transport,
    credential: new NightlatchCredential({
      ...identity,
      ...proof,
      transport,
      algorithm: options.algorithm,
      sendCertificateChain: options.x5c ?? isOn(context.env["AZURE_CLIENT_SEND_CERTIFICATE_CHAIN"]),
      cache: cacheFrom(options, proof, context),
      now: context.now,
      onWarning: ({ message }) => warn(message, context),
    }),
    authorityHost: identity.authorityHost,
    graphEndpoint,
    graphScope: `${cloud.graph}/.default`,
  };
}

/**
 * Connects, lets a command work, and closes the connection. A token that was refused is not kept for the next command.
 *
 * @param options - as parsed
 * @param context - the command's surroundings
 * @param use - what to do
 * @returns what `use` gives
 */
export async function withConnection<Value>(
  options: ConnectionOptions,
  context: Context,
  use: (connection: Connection) => Promise<Value>,
): Promise<Value> {
  const connection = await connect(options, context);
  try {
    return await use(connection);
  } catch (error) {
    await forgetRefusedToken(connection, [String((error as { code?: unknown }).code)]);
    throw error;
  } finally {
    connection.transport.close();
  }
}

/**
 * Forgets the tokens of this user when a service refused one: what was granted since would show only after an hour.
 *
 * @param connection - as opened
 * @param codes - codes of what went wrong
 */
export async function forgetRefusedToken(connection: Connection, codes: readonly string[]): Promise<void> {
  const refusals = ["CALENDAR_ACCESS_DENIED", "CALENDAR_TOKEN_REFUSED"];
  if (!codes.some((code) => refusals.includes(code))) return;
  // What cannot be deleted runs out by itself.
  await connection.credential.clear().catch(() => undefined);
}

/**
 * Opens the Graph directory of a connection.
 *
 * @param connection - as opened
 * @returns users and groups
 */
export function graphDirectory(connection: Connection): GraphDirectory {
  const { credential: tokens, transport, graphEndpoint: endpoint, graphScope: scope } = connection;
  return createGraphDirectory({ tokens, transport, endpoint, scope });
}

/**
 * Says something that is no error and that somebody should know all the same.
 *
 * @param message - one sentence without full stop
 * @param context - the command's surroundings
 */
export function warn(message: string, { io }: Context): void {
  io.err(`${io.paintErr("yellow", "warning:")} ${message}\n`);
}

/**
 * Finds the address of Microsoft Graph.
 *
 * @param options - as parsed
 * @param cloudGraph - https origin of Graph in the cloud that signs in
 * @param context - `NIGHTLATCH_GRAPH` is read
 * @returns address with its version, no trailing slash
 */
export function graphEndpointFrom(options: ConnectionOptions, cloudGraph: string, context: Context): string {
  const variable = context.env["NIGHTLATCH_GRAPH"];
  const isElsewhere = options.cloud !== undefined || options.authority !== undefined;
  const emulator = isElsewhere ? undefined : emulatorOrigin(options, context);
  const named =
    options.graph ??
    emulator ??
    (variable === undefined || variable === "" ? undefined : httpsAddress("NIGHTLATCH_GRAPH")(variable)) ??
    cloudGraph;
  return new URL(named).pathname === "/" ? `${named}/v1.0` : named;
}

function cacheFrom(options: ConnectionOptions, proof: Proof, context: Context) {
  if (options.cache === false || proof.assertion !== undefined) return undefined;
  return openTokenCache(
    proof.certificate === undefined
      ? { clientSecret: proof.clientSecret ?? "" }
      : { certificate: proof.certificate },
    context,
  );
}

function isOn(variable: string | undefined): boolean {
  return variable === "1" || variable?.toLowerCase() === "true";
}
