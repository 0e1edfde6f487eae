import { inspectAccessToken } from "@nightlatch/oauth";
import { type CommandInput, type CommandResult, defineCommand } from "../../command.ts";
import { type ConnectionOptions, connect, connectionOptions } from "../../connection.ts";
import { cliError } from "../../errors.ts";

interface Options extends ConnectionOptions {
  readonly scope?: string;
  readonly resource?: string;
}

export const tokenGet = defineCommand<Options>({
  path: ["token", "get"],
  summary: "Exchange the certificate for an access token and print it",
  details:
    "The token is printed on standard output, alone. It opens mailboxes while it lives: redirect it to a file, do not paste it around.",
  options: [
    ...connectionOptions,
    {
      flags: "--scope <scope>",
      description: "what is asked, one RESOURCE/.default; Microsoft Graph when absent",
    },
    {
      flags: "--resource <url>",
      description: "ask the v1 endpoint for this resource instead, as older recipes do",
    },
  ],
  examples: [
    {
      line: "nightlatch token get --tenant school.example --client-id … --certificate timetable.pem > token.txt",
      says: "a token for Microsoft Graph",
    },
    {
      line: "nightlatch token get --scope https://outlook.office365.com/.default --json",
      says: "a token for Exchange, with what came with it; the rest from AZURE_… variables",
    },
  ],
  run: getToken,
});

async function getToken({ context, options }: CommandInput<Options>): Promise<CommandResult> {
  if (options.scope !== undefined && options.resource !== undefined)
    throw cliError("CLI_USAGE", "--scope and --resource exclude each other", {
      hint: "Use --scope with the v2.0 endpoint, --resource with v1",
    });
  const connection = await connect(options, context);
  try {
    const { token, expiresOnTimestamp } =
      options.resource === undefined
        ? await connection.credential.getToken(options.scope ?? connection.graphScope, {
            abortSignal: context.signal,
          })
        : await connection.credential.getTokenForResource(options.resource, { abortSignal: context.signal });
    const { payload } = inspectAccessToken(token);
    return {
      data: { accessToken: token, expiresAt: new Date(expiresOnTimestamp).toISOString(), claims: payload },
      text: token,
    };
  } finally {
    connection.transport.close();
  }
}
