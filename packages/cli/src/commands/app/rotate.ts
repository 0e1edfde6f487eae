import { resolve } from "node:path";
import {
  type ApplicationKey,
  CLOUDS,
  type RotationEvent,
  type RotationOptions,
  type RotationReport,
  rotateCertificate,
  type Transport,
} from "@nightlatch/oauth";
import {
  type CertificateOptions,
  certificateOptions,
  certificatePaths,
  readPassphrase,
} from "../../certificate-input.ts";
import { type CommandInput, type CommandResult, type Context, defineCommand } from "../../command.ts";
import { type NetworkOptions, networkOptions, openTransport } from "../../connection.ts";
import { emulatorAdministratorToken } from "../../emulator-control.ts";
import { cliError } from "../../errors.ts";
import { readInput } from "../../files.ts";
import { emulatorOrigin, type IdentityOptions, identityFrom, identityOptions } from "../../identity.ts";
import { oneOf, wholeNumber } from "../../parse.ts";
import { facts } from "../../plain-text.ts";
import { table } from "../../table.ts";

interface Options extends IdentityOptions, CertificateOptions, NetworkOptions {
  readonly newCertificate?: string;
  readonly subject?: string;
  readonly keySize?: string;
  readonly days?: number;
  readonly overlap?: number;
  readonly finish?: boolean;
  readonly ifDue?: string | true;
  readonly wait?: number;
  readonly objectId?: string;
  readonly oldKeyId?: string;
  readonly accessTokenFile?: string;
  readonly graph?: string;
  readonly dryRun?: boolean;
}

const MS_BY_UNIT: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

export const appRotate = defineCommand<Options>({
  path: ["app", "rotate"],
  summary: "Exchange the certificate of an application for a new one, without a moment of outage",
  details:
    "Makes a new key and certificate (or takes the one given), registers it with a proof signed by the old, waits until tokens are issued with it, puts it in the place of the certificate file in one rename, keeps both keys for a while, and removes the old. Stopped at any point, even by kill -9, it goes on when the same command is run again. Needs no administrator while the old certificate signs in.",
  options: [
    ...identityOptions,
    ...certificateOptions,
    {
      flags: "--new-certificate <file>",
      description: "file with the new key and certificate, instead of making one",
    },
    {
      flags: "--subject <name>",
      description: "subject of the certificate that is made; that of the old one when absent",
    },
    {
      flags: "--key-size <bits>",
      description: "2048, 3072 or 4096; that of the old one when absent",
      parse: oneOf("--key-size", ["2048", "3072", "4096"]),
    },
    {
      flags: "--days <number>",
      description: "validity of the certificate that is made; 365 when absent",
      parse: wholeNumber("--days", 1, 36_500),
    },
    {
      flags: "--overlap <duration>",
      description:
        "how long both keys stay after the switch: 7d, 12h, 0 to remove the old one at once; a later run removes it. Without it only --finish does",
      parse: duration("--overlap"),
    },
    { flags: "--finish", description: "remove the old key now; begins no new rotation" },
    {
      flags: "--if-due [threshold]",
      description:
        "begin only when so much of the certificate's life is left, 30d or 33% (a third when none is given): for a nightly job",
    },
    {
      flags: "--wait <duration>",
      description: "how long to wait until the new key is known; 10m when absent",
      parse: duration("--wait"),
    },
    {
      flags: "--object-id <id>",
      description: "object id of the application, where its token may not look it up (Application.Read.All)",
    },
    {
      flags: "--old-key-id <id>",
      description: "key id of the old certificate, where it may not be looked up",
    },
    {
      flags: "--access-token-file <file>",
      description:
        "file with an administrator's token for Graph, - for standard input: needed only when the old certificate no longer signs in",
    },
    { flags: "--graph <url>", description: "address of Microsoft Graph [NIGHTLATCH_GRAPH]" },
    { flags: "--dry-run", description: "print the steps and change nothing" },
    ...networkOptions,
  ],
  examples: [
    {
      line: "nightlatch app rotate --settings timetable.env --dry-run",
      says: "what would be done, and which keys the application has",
    },
    {
      line: "nightlatch app rotate --settings timetable.env --if-due --overlap 7d",
      says: "each night: rotates when two thirds of the life are over, removes the old key a week later",
    },
    { line: "nightlatch app rotate --settings timetable.env --finish", says: "removes the old key now" },
  ],
  run: rotate,
});

async function rotate({ context, options }: CommandInput<Options>): Promise<CommandResult> {
  const paths = certificatePaths(options, context);
  const [path] = paths;
  if (path === undefined)
    throw cliError("CLI_NOT_CONFIGURED", "No certificate was given", {
      hint: "Pass --certificate FILE, or set AZURE_CLIENT_CERTIFICATE_PATH",
    });
  if (paths.length > 1)
    throw cliError(
      "CLI_USAGE",
      `--certificate names ${paths.length} files, and only one can be exchanged in one act`,
      {
        hint: "Put key and certificate into one PEM file and let the programs read that",
      },
    );
  const identity = identityFrom(options, context);
  const passphrase = await readPassphrase(options, context);
  const transport = await openTransport(options, context);
  try {
    const report = await rotateCertificate({
      ...identity,
      ...graphOf(options, identity.authorityHost, context),
      transport,
      passphrase,
      certificatePath: resolve(context.cwd, path),
      newCertificatePath:
        options.newCertificate === undefined ? undefined : resolve(context.cwd, options.newCertificate),
      subject: options.subject,
      keySizeBits:
        options.keySize === undefined ? undefined : (Number(options.keySize) as 2048 | 3072 | 4096),
      validDays: options.days,
      overlapMs: options.overlap,
      finish: options.finish,
      ifDue: options.ifDue,
      waitMs: options.wait,
      objectId: options.objectId,
      oldKeyId: options.oldKeyId,
      administratorToken: administratorOf(options, transport, context),
      dryRun: options.dryRun,
      onEvent: (event) => tell(event, context),
      signal: context.signal,
      now: context.now,
    });
    return { data: report, text: describe(report) };
  } finally {
    transport.close();
  }
}

/** The emulator gives an administrator's token to whoever reaches its control API; it is asked only where one is needed. */
function administratorOf(
  options: Options,
  transport: Transport,
  context: Context,
): RotationOptions["administratorToken"] {
  const { accessTokenFile } = options;
  if (accessTokenFile !== undefined)
    return async () => (await readInput(accessTokenFile, context)).toString("utf8").trim();
  const origin = emulatorOrigin(options, context);
  if (origin === undefined) return undefined;
  const { tenantId } = identityFrom(options, context);
  return async () => (await emulatorAdministratorToken(origin, tenantId, transport, context)).accessToken;
}

function graphOf(
  options: Options,
  authorityHost: string,
  context: Context,
): Pick<RotationOptions, "graphEndpoint" | "graphScope"> {
  const known = Object.values(CLOUDS).find((one) => one.authorityHost === authorityHost);
  const cloud = options.cloud === undefined ? (known ?? CLOUDS.global) : CLOUDS[options.cloud];
  const isElsewhere = options.cloud !== undefined || options.authority !== undefined;
  const named =
    options.graph ??
    (isElsewhere ? undefined : emulatorOrigin(options, context)) ??
    (context.env["NIGHTLATCH_GRAPH"] || cloud.graph);
  const endpoint = named.replace(/\/+$/, "");
  return {
    graphEndpoint: /^https:\/\/[^/]+$/.test(endpoint) ? `${endpoint}/v1.0` : endpoint,
    graphScope: `${cloud.graph}/.default`,
  };
}

const DONE: Readonly<Record<string, string>> = {
  begun: "The rotation has begun",
  made: "The new key and certificate are made",
  registered: "The new certificate is registered",
  confirmed: "Tokens are issued with the new key",
  switched: "The certificate file holds the new key",
  removed: "The old key is removed from the application",
  done: "The old key file is deleted",
};

function tell(event: RotationEvent, { io }: Context): void {
  if (event.kind === "recorded") io.err(`${DONE[event.step]}\n`);
  else if (event.kind === "waiting")
    io.err(
      `Not known everywhere yet (${event.reason}); asking again in ${(event.delayMs / 1000).toFixed(1)} s\n`,
    );
}

function describe(report: RotationReport): string {
  const parts = [facts(summaryOf(report))];
  if (report.outcome === "planned")
    parts.push(
      report.steps.map(({ done, text }, at) => `${at + 1}. ${done ? "(done) " : ""}${text}`).join("\n"),
    );
  if (report.outcome === "planned" || report.keysAfter === undefined)
    parts.push(
      ...keysText(report.outcome === "planned" ? "Keys now" : "Keys before", report.keysBefore, report),
    );
  else
    parts.push(
      ...keysText("Keys before", report.keysBefore, report),
      ...keysText("Keys after", report.keysAfter, report),
    );
  return parts.join("\n\n");
}

function summaryOf(report: RotationReport): readonly (readonly [string, string | undefined])[] {
  const { old, files } = report;
  const next = report.new;
  const certificateText = (one: typeof old): string => `${one.thumbprintSha1Hex}, until ${one.notAfter}`;
  return [
    ["Rotation", outcomeText(report)],
    ["Client id", report.clientId],
    ["Object id", report.objectId],
    [next === undefined ? "Certificate" : "Old certificate", certificateText(old)],
    ["New certificate", next === undefined ? undefined : certificateText(next)],
    ["File", files.certificate],
    ["State", report.steps.length === 0 ? undefined : files.state],
  ];
}

function outcomeText(report: RotationReport): string {
  switch (report.outcome) {
    case "done":
      return "done: the old key is gone";
    case "overlapping":
      return `the new key is in use, the old one still signs in: ${report.removeAfter === undefined ? "run again with --finish to remove it" : `a run after ${report.removeAfter} removes it`}`;
    case "planned":
      return "dry run: nothing was changed";
    case "notDue":
      return "the certificate is not due: nothing was done";
    default:
      return "none is open: nothing was done";
  }
}

function keysText(
  title: string,
  keys: readonly ApplicationKey[] | undefined,
  report: RotationReport,
): readonly string[] {
  if (report.steps.length === 0) return [];
  if (keys === undefined) return [`${title}: this token may not read them (Application.Read.All)`];
  const roleOf = ({ thumbprintSha1Hex }: ApplicationKey): string =>
    thumbprintSha1Hex === report.new?.thumbprintSha1Hex
      ? "new"
      : thumbprintSha1Hex === report.old.thumbprintSha1Hex
        ? "old"
        : "";
  const rows = keys.map((key) => [
    key.keyId,
    key.thumbprintSha1Hex ?? "?",
    key.startDateTime ?? "?",
    key.endDateTime ?? "?",
    roleOf(key),
  ]);
  return [`${title}\n${table(["key id", "SHA-1 thumbprint", "from", "until", ""], rows)}`];
}

function duration(name: string): (text: string) => number {
  return (text) => {
    const [, amount, unit] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
    const ms = text === "0" ? 0 : Number(amount) * (MS_BY_UNIT[unit ?? ""] ?? Number.NaN);
    if (Number.isNaN(ms))
      throw cliError("CLI_USAGE", `${name} is "${text}", wanted a duration such as 7d, 12h, 30m or 0`);
    return ms;
  };
}
