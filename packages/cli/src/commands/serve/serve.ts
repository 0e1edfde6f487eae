import { openCalendar, type WingOptions, wingOptions } from "../../calendar-wing.ts";
import { type CommandInput, type CommandResult, type Context, defineCommand } from "../../command.ts";
import { type Connection, connectionOptions, warn, withConnection } from "../../connection.ts";
import { cliError } from "../../errors.ts";
import { readSecret } from "../../files.ts";
import { identityFrom } from "../../identity.ts";
import { collect, filled, mailbox, wholeNumber, zone } from "../../parse.ts";
import { facts } from "../../plain-text.ts";
import { untilInterrupted } from "../../until-interrupted.ts";

interface Options extends WingOptions {
  readonly port: number;
  readonly host: string;
  readonly audience?: readonly string[];
  readonly role?: readonly string[];
  readonly feedSecretFile?: string;
  readonly feed?: readonly string[];
  readonly zone: string;
}

export const serveCommand = defineCommand<Options>({
  path: ["serve"],
  summary: "Serve mailboxes' calendars as a REST API with ICS feeds until Ctrl-C",
  details:
    "Callers send a bearer token of the same tenant, issued for this API: register it with app register --app-role Calendars.Read.All and pass its client id as --audience. This program itself reads and writes the calendars with its certificate.",
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
      parse: filled("--host"),
    },
    {
      flags: "--audience <id>",
      description:
        "client id of this API, or its application ID URI; the own client id when absent; repeat it",
      parse: (text, previous) => collect(filled("--audience")(text), previous),
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
      flags: "--feed <address>",
      description: "print the address of the ICS feed of this mailbox; repeat it",
      parse: (text, previous) => collect(mailbox("--feed")(text), previous),
    },
    {
      flags: "--zone <name>",
      description: "zone in which dates without a time are read",
      defaultValue: "UTC",
      parse: zone("--zone"),
    },
    ...wingOptions,
    ...connectionOptions,
  ],
  examples: [
    {
      line: "nightlatch serve --settings timetable.env",
      says: "on http://127.0.0.1:8080, its page at /, its description at /openapi.json",
    },
    {
      line: "nightlatch serve --settings timetable.env --feed-secret-file feed.secret --feed room-12@school.example",
      says: "and the calendar of a room as an address to subscribe to",
    },
  ],
  run: serveCalendars,
});

async function serveCalendars({
  context,
  options,
}: CommandInput<Options>): Promise<CommandResult | undefined> {
  const { createApp, createFeedUrl, serve } = await import("@nightlatch/server");
  const feedSecret = await feedSecretFrom(options, context);
  return withConnection(options, context, async (connection) => {
    const app = createApp({
      calendar: await openCalendar(connection, options, context),
      authentication: authenticationFrom(options, connection, context),
      ...(feedSecret === undefined ? {} : { feeds: { secret: feedSecret } }),
      ianaZone: options.zone,
      logger: (entry) => context.io.err(`${JSON.stringify(entry)}\n`),
    });
    const server = await serve(app, {
      port: options.port,
      host: options.host,
      onWarning: (message) => warn(message, context),
    });
    const { origin } = server;
    const feeds =
      feedSecret === undefined
        ? []
        : (options.feed ?? []).map((address) => createFeedUrl(origin, address, feedSecret));
    const addresses = { origin, openapi: `${origin}/openapi.json`, feeds };
    if (context.json) context.io.out(`${JSON.stringify({ ready: true, ...addresses })}\n`);
    else
      context.io.out(
        `${facts([
          ["API and its page", `${origin}/`],
          ["OpenAPI 3.1", addresses.openapi],
          ["ICS feed", feeds.length === 0 ? undefined : feeds.join("\n")],
        ])}\nServing until Ctrl-C\n`,
      );
    await untilInterrupted(context.signal);
    await server.close();
    return undefined;
  });
}

async function feedSecretFrom(options: Options, context: Context): Promise<string | undefined> {
  if (options.feedSecretFile === undefined) {
    if (options.feed === undefined) return undefined;
    throw cliError("CLI_USAGE", "--feed needs a secret for its addresses", {
      hint: "Make one with: head -c 48 /dev/urandom | base64 -w0 > feed.secret; then pass --feed-secret-file feed.secret",
    });
  }
  const secret = (await readSecret(options.feedSecretFile, "Feed secret", context)).trim();
  if (secret.length < 32)
    throw cliError(
      "CLI_USAGE",
      `The feed secret in "${options.feedSecretFile}" has ${secret.length} characters, wanted at least 32`,
      { hint: "Make one with: head -c 48 /dev/urandom | base64 -w0 > feed.secret" },
    );
  return secret;
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
