import { inspectAccessToken } from "@nightlatch/oauth";
import { type CommandInput, type CommandResult, type Context, defineCommand } from "../../command.ts";
import {
  type Connection,
  type ConnectionOptions,
  connectionOptions,
  withConnection,
} from "../../connection.ts";
import { cliError } from "../../errors.ts";
import { filled } from "../../parse.ts";

interface Options extends ConnectionOptions {
  readonly scope?: string;
  readonly resource?: string;
}

export const tokenGet = defineCommand<Options>({
  path: ["token", "get"],
  summary: "Exchange the certificate for an access token and print it",
  details:
    "The token is printed on standard output, alone. It opens mailboxes while it lives: redirect it to a file, do not paste it around. Between commands it is kept in ~/.nightlatch/tokens, sealed so that only the holder of the key or secret can read it; --no-cache asks anew.",
  options: [
    {
      flags: "--scope <scope>",
      description: "what is asked, one RESOURCE/.default; Microsoft Graph when absent",
      parse: filled("--scope"),
    },
    {
      flags: "--resource <url>",
      description: "ask the v1 endpoint for this resource instead, as older recipes do",
      parse: filled("--resource"),
    },
    ...connectionOptions,
  ],
  examples: [
    {
      line: "nightlatch token get --tenant school.example --client-id 11111111-2222-4333-8444-555555555555 --certificate timetable.pem > token.txt",
      says: "a token for Microsoft Graph; tenant, client id and file are yours",
    },
    {
      line: "nightlatch token get --settings timetable.env --scope https://outlook.office365.com/.default --json",
      says: "a token for Exchange, with what came with it; the rest from a file that app register wrote",
    },
  ],
  run: getToken,
});

async function getToken({ context, options }: CommandInput<Options>): Promise<CommandResult> {
  if (options.scope !== undefined && options.resource !== undefined)
    throw cliError("CLI_USAGE", "--scope and --resource exclude each other", {
      hint: "Use --scope with the v2.0 endpoint, --resource with v1",
    });
  return withConnection(options, context, async (connection) => {
    const { token, expiresOnTimestamp } = await ask(connection, options, context);
    return {
      data: {
        accessToken: token,
        expiresAt: new Date(expiresOnTimestamp).toISOString(),
        claims: claimsOf(token),
      },
      text: token,
    };
  });
}

function ask({ credential, graphScope }: Connection, options: Options, context: Context) {
  const patience = { abortSignal: context.signal };
  return options.resource === undefined
    ? credential.getToken(options.scope ?? graphScope, patience)
    : credential.getTokenForResource(options.resource, patience);
}

/** Tokens for some APIs cannot be read by anybody but them. */
function claimsOf(token: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return inspectAccessToken(token).payload;
  } catch {
    return undefined;
  }
}
