import { resolve } from "node:path";
import { registerApplication } from "@nightlatch/oauth";
import { type PassphraseOptions, passphraseOption, readCertificate } from "../../certificate-input.ts";
import { type CommandInput, type CommandResult, type Context, defineCommand } from "../../command.ts";
import { type NetworkOptions, networkOptions, openTransport } from "../../connection.ts";
import { emulatorAdministratorToken } from "../../emulator-control.ts";
import { cliError } from "../../errors.ts";
import { readInput, requireWritable, writeOutput } from "../../files.ts";
import { emulatorOrigin } from "../../identity.ts";
import { collect, filled, httpsAddress } from "../../parse.ts";
import { facts } from "../../plain-text.ts";

interface Options extends NetworkOptions, PassphraseOptions {
  readonly name: string;
  readonly certificate?: string;
  readonly appRole?: readonly string[];
  readonly permission?: readonly string[];
  readonly accessTokenFile?: string;
  readonly graph?: string;
  readonly tenant?: string;
  readonly consent: boolean;
  readonly writeSettings?: string;
  readonly force?: boolean;
}

export const appRegister = defineCommand<Options>({
  path: ["app", "register"],
  summary: "Register an application with a certificate, its permissions and the administrator's consent",
  details:
    "Against the emulator nothing else is needed. In a real tenant an administrator's access token for Microsoft Graph does it (--access-token-file). Run again, it completes what an interrupted run left.",
  options: [
    { flags: "--name <text>", description: "display name", parse: filled("--name") },
    {
      flags: "--certificate <file>",
      description: "file with the certificate; a private key beside it is not sent",
    },
    {
      flags: "--permission <name>",
      description: "application permission: Calendars.ReadWrite, exchange/full_access_as_app; repeat it",
      parse: collect,
    },
    {
      flags: "--app-role <value>",
      description:
        "app role that the application offers as an API, for example Calendars.Read.All; repeat it",
      parse: collect,
    },
    { flags: "--no-consent", description: "leave the administrator's consent to be given later" },
    {
      flags: "--emulator [url]",
      description: "register on the emulator at this address [NIGHTLATCH_EMULATOR]",
    },
    {
      flags: "--access-token-file <file>",
      description: "file with an administrator's token for Graph, - for standard input",
    },
    { flags: "--graph <url>", description: "address of Microsoft Graph", parse: httpsAddress("--graph") },
    {
      flags: "--tenant <id>",
      description: "tenant of the emulator, when it has several; for --write-settings",
    },
    {
      flags: "--write-settings <file>",
      description: "write the variables that other commands read with --settings",
    },
    { flags: "--force", description: "replace the file of --write-settings" },
    passphraseOption,
    ...networkOptions,
  ],
  required: ["name"],
  examples: [
    {
      line: 'nightlatch app register --emulator --name "Timetable push" --certificate timetable.pem --permission Calendars.ReadWrite --write-settings timetable.env',
      says: "on the emulator; then: nightlatch token get --settings timetable.env",
    },
    {
      line: 'nightlatch app register --name "Timetable push" --certificate timetable.pem --permission Calendars.ReadWrite --access-token-file admin.token',
      says: "in a real tenant",
    },
  ],
  run: register,
});

async function register({ context, options }: CommandInput<Options>): Promise<CommandResult> {
  const origin = emulatorOrigin(options, context);
  if (origin === undefined && options.accessTokenFile === undefined)
    throw cliError("CLI_NOT_CONFIGURED", "Nobody was named who may register applications", {
      hint: "Pass --emulator, or --access-token-file with an administrator's token for Microsoft Graph",
    });
  const { writeSettings, force = false } = options;
  if (writeSettings !== undefined) await requireWritable(writeSettings, { force }, context);
  const certificate =
    options.certificate === undefined
      ? undefined
      : await readCertificate(options.certificate, options, context);
  const transport = await openTransport(options, context);
  try {
    const administrator =
      origin === undefined || options.accessTokenFile !== undefined
        ? {
            accessToken: (await readInput(options.accessTokenFile ?? "-", context)).toString("utf8").trim(),
            tenantId: options.tenant,
          }
        : await emulatorAdministratorToken(origin, options.tenant, transport, context);
    const graph =
      options.graph ?? (origin === undefined ? "https://graph.microsoft.com/v1.0" : `${origin}/v1.0`);
    const registered = await registerApplication(
      {
        displayName: options.name,
        certificate,
        permissions:
          options.permission ??
          (options.appRole === undefined ? ["Calendars.ReadWrite", "User.ReadBasic.All"] : []),
        appRoles: options.appRole ?? [],
        grantConsent: options.consent,
      },
      {
        transport,
        endpoint: graph.replace(/\/+$/, ""),
        accessToken: async () => administrator.accessToken,
        signal: context.signal,
      },
    );
    const { tenantId } = administrator;
    const settingsFile =
      writeSettings === undefined
        ? undefined
        : await writeOutput(
            writeSettings,
            settingsText(tenantId, registered.clientId, certificateFile(options, context), origin),
            { force },
            context,
          );
    return {
      data: { tenantId, ...registered, settingsFile },
      text: `${facts([
        ["Application", `${options.name}${registered.created ? "" : " (was there already; completed)"}`],
        ["Client id", registered.clientId],
        ["Tenant id", tenantId],
        ["Key id", registered.keyId],
        [
          "Granted",
          registered.grantedPermissions.join(", ") || "nothing yet: the administrator's consent is missing",
        ],
        ["Settings", settingsFile],
      ])}`,
    };
  } finally {
    transport.close();
  }
}

/** Settings are used from any folder; what is no file can be read only once. */
function certificateFile({ certificate }: Options, context: Context): string | undefined {
  return certificate === undefined || certificate === "-" ? undefined : resolve(context.cwd, certificate);
}

function settingsText(
  tenantId: string | undefined,
  clientId: string,
  certificate: string | undefined,
  origin: string | undefined,
): string {
  const lines = [
    ["AZURE_TENANT_ID", tenantId],
    ["AZURE_CLIENT_ID", clientId],
    ["AZURE_CLIENT_CERTIFICATE_PATH", certificate],
    ["NIGHTLATCH_EMULATOR", origin],
  ];
  return lines.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}\n`])).join("");
}
