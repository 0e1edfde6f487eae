import { type CommandInput, type CommandResult, type Context, defineCommand } from "../../command.ts";
import {
  type Connection,
  type ConnectionOptions,
  connect,
  connectionOptions,
  graphCalendar,
} from "../../connection.ts";
import { cliError } from "../../errors.ts";
import { readInput } from "../../files.ts";
import { identityFrom } from "../../identity.ts";
import { collect, wholeNumber } from "../../parse.ts";
import { facts } from "../../table.ts";
import { untilInterrupted } from "../../until-interrupted.ts";

interface Options extends ConnectionOptions {
  readonly port: number;
  readonly host: string;
  readonly audience?: readonly string[];
  readonly role?: readonly string[];
  readonly feedSecretFile?: string;
  readonly zone?: string;
}

export const serveCommand = defineCommand<Options>({
  path: ["serve"],
  summary: "Serve mailboxes' calendars as a REST API with ICS feeds until Ctrl-C",
  details:
    "Callers send a bearer token of the same tenant, issued for this API: register it with app register --app-role Calendars.Read.All and pass its client id as --audience. This program itself reads the calendars with its certificate.",
  options: [
    {
      flags: "--port <number>",
      description: "TCP port, 0 picks one",
      defaultValue: 8080,
      parse: wholeNumber("--port", 0, 65_535),
    },
    {
      flags: "--host <address>",
      description: "address to listen at; put a proxy that ends TLS in front of anything but loopback",
      defaultValue: "127.0.0.1",
    },
    {
      flags: "--audience <id>",
      description:
        "client id of this API, or its application ID URI; the own client id when absent; repeat it",
      parse: collect,
    },
    {
      flags: "--role <value>",
      description: "app role that a caller needs to read; Calendars.Read.All when absent; repeat it",
      parse: collect,
    },
    {
      flags: "--feed-secret-file <file>",
      description: "file with a secret of 32 characters or more: offers ICS feeds at secret addresses",
    },
    {
      flags: "--zone <name>",
      description: "zone in which dates without a time are read",
      defaultValue: "UTC",
    },
    ...connectionOptions,
  ],
  examples: [
    {
      line: "nightlatch serve --settings timetable.env --audience <client id of the API>",
      says: "on http://127.0.0.1:8080, its description at /openapi.json",
    },
  ],
  run: serveCalendars,
});

async function serveCalendars({
  context,
  options,
}: CommandInput<Options>): Promise<CommandResult | undefined> {
  const { createApp, serve } = await import("@nightlatch/server");
  const connection = await connect(options, context);
  const feedSecret =
    options.feedSecretFile === undefined
      ? undefined
      : (await readInput(options.feedSecretFile, context)).toString("utf8").trim();
  const app = createApp({
    calendar: graphCalendar(connection),
    authentication: authenticationFrom(options, connection, context),
    ...(feedSecret === undefined ? {} : { feeds: { secret: feedSecret } }),
    ianaZone: options.zone,
    logger: (entry) => context.io.err(`${JSON.stringify(entry)}\n`),
  });
  const server = await serve(app, {
    port: options.port,
    host: options.host,
    onWarning: (message) => context.io.err(`${context.io.paintErr("yellow", "warning:")} ${message}\n`),
  });
  const addresses = { origin: server.origin, openapi: `${server.origin}/openapi.json` };
  if (context.json) context.io.out(`${JSON.stringify({ ready: true, ...addresses })}\n`);
  else
    context.io.out(
      `${facts([
        ["API", server.origin],
        ["OpenAPI", addresses.openapi],
      ])}\nServing until Ctrl-C\n`,
    );
  await untilInterrupted(context.signal);
  await server.close();
  connection.transport.close();
  return undefined;
}

function authenticationFrom(options: Options, connection: Connection, context: Context) {
  const identity = identityFrom(options, context);
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(identity.tenantId))
    throw cliError("CLI_NOT_CONFIGURED", `The tenant is "${identity.tenantId}", wanted its GUID`, {
      hint: "Pass the directory (tenant) id: tokens name the tenant by it",
    });
  const audience = options.audience ?? [identity.clientId, `api://${identity.clientId}`];
  return {
    tenantId: identity.tenantId,
    audience: audience.flatMap((value) =>
      /^[0-9a-f-]{36}$/i.test(value) ? [value, `api://${value}`] : [value],
    ),
    authorityHost: identity.authorityHost,
    transport: connection.transport,
    ...(options.role === undefined ? {} : { requiredRole: options.role }),
  };
}
