import { chmod, stat } from "node:fs/promises";
import { resolve } from "node:path";
import {
  type CheckConfiguration,
  type CheckContext,
  type CheckReport,
  type CheckResult,
  createChecks,
  formatCheckLine,
  formatFinding,
  runChecks,
} from "@nightlatch/doctor";
import { NightlatchCredential } from "@nightlatch/oauth";
import { ewsEndpointFrom, ewsTarget, type WingOptions, wingOptions } from "../../calendar-wing.ts";
import { certificatePaths } from "../../certificate-input.ts";
import { type CommandInput, type CommandResult, type Context, defineCommand } from "../../command.ts";
import { connectionOptions, graphEndpointFrom, openTransport } from "../../connection.ts";
import { readInput } from "../../files.ts";
import { authorityHost, cloudFrom } from "../../identity.ts";
import type { Style } from "../../io-streams.ts";
import { collect, mailbox, oneOf } from "../../parse.ts";
import { type Proof, proofFrom } from "../../proof.ts";

interface Options extends WingOptions {
  readonly mailbox?: readonly string[];
  readonly closed?: readonly string[];
  readonly api?: readonly ("graph" | "exchange")[];
  readonly role?: readonly string[];
  readonly manifest?: string;
  readonly fix?: boolean;
}

export const doctorCheck = defineCommand<Options>({
  path: ["doctor", "check"],
  summary: "Ask one question after the other, from the key file to the mailbox, and say where it breaks",
  details:
    "Looks at the configuration, the files, the certificate, the authority, the clock, the tenant, a token and what is in it, and the mailboxes that are named. Nothing is written, except by --fix. Exit status: 0 nothing wrong, or warnings only · 5 a fault was found.",
  options: [
    {
      flags: "--mailbox <address>",
      description: "mailbox that must be reachable; repeat it",
      parse: (text, previous) => collect(mailbox("--mailbox")(text), previous),
    },
    {
      flags: "--closed <address>",
      description: "mailbox that must not be reachable, where the application is limited to some; repeat it",
      parse: (text, previous) => collect(mailbox("--closed")(text), previous),
    },
    {
      flags: "--api <name>",
      description: "graph (when absent) or exchange: whose token is looked at; repeat it",
      parse: (text, previous) => collect(oneOf("--api", ["graph", "exchange"])(text), previous),
    },
    {
      flags: "--role <name>",
      description: "permission that the program needs; Calendars.ReadWrite when absent; repeat it",
      parse: collect,
    },
    {
      flags: "--manifest <file>",
      description: "manifest of the application, to be compared with the certificate when a token is refused",
    },
    { flags: "--fix", description: "put right what is safe to put right, such as the mode of a key file" },
    ...wingOptions,
    ...connectionOptions,
  ],
  examples: [
    {
      line: "nightlatch doctor check --settings timetable.env --mailbox room-12@school.example",
      says: "the whole way to one mailbox",
    },
    {
      line: "nightlatch doctor check --settings timetable.env --closed office@school.example --json",
      says: "whether the application is limited as it should be, for a script",
    },
  ],
  run: check,
});

async function check({ context, options }: CommandInput<Options>): Promise<CommandResult> {
  const transport = await openTransport(options, context);
  try {
    const configuration = await configurationFrom(options, context);
    const surroundings = surroundingsOf(configuration, options, context, transport);
    const say = (result: CheckResult): void => {
      if (!context.json) context.io.out(`${painted(result, context)}\n`);
    };
    let report = await runChecks(createChecks(configuration), surroundings, say);
    if (context.signal.aborted) throw context.signal.reason;
    const fixed = options.fix === true ? await applyFixes(report) : [];
    if (fixed.length > 0) report = await runChecks(createChecks(configuration), surroundings);
    return {
      data: { verdict: report.verdict, fixed, results: report.results.map(dataOf) },
      text: closingText(report, fixed),
      exitCode: report.verdict === "fault" ? 5 : 0,
    };
  } finally {
    transport.close();
  }
}

async function configurationFrom(options: Options, context: Context): Promise<CheckConfiguration> {
  const host = authorityHost(options, context);
  const cloud = cloudFrom(options, host);
  const paths = certificatePaths(options, context);
  const apis = options.api ?? (options.wing === "ews" ? ["exchange" as const] : undefined);
  const usesEws = apis?.includes("exchange") === true || ewsEndpointFrom(options, context) !== undefined;
  const exchange = usesEws ? ewsTarget(options, host, context) : undefined;
  const exchangeScope =
    exchange === undefined || exchange.scope !== undefined
      ? `${cloud.outlook}/.default`
      : `${new URL(exchange.endpoint).origin}/.default`;
  const usesSecret =
    options.secretFile !== undefined ||
    (options.certificate === undefined && (context.env["AZURE_CLIENT_SECRET"] ?? "") !== "");
  return {
    tenantId: options.tenant ?? context.env["AZURE_TENANT_ID"],
    clientId: options.clientId ?? context.env["AZURE_CLIENT_ID"],
    authorityHost: host,
    files: usesSecret
      ? []
      : await Promise.all(
          paths
            .filter((path) => path !== "-")
            .map(async (path) => ({
              path: resolve(context.cwd, path),
              holdsKey: await mayHoldKey(path, context),
            })),
        ),
    usesSecret,
    apis,
    graphEndpoint: graphEndpointFrom(options, cloud.graph, context),
    ewsEndpoint: exchange?.endpoint,
    scopes: { graph: `${cloud.graph}/.default`, exchange: exchangeScope },
    requiredRoles: options.role,
    mailboxes: options.mailbox,
    forbiddenMailboxes: options.closed,
    manifestText:
      options.manifest === undefined
        ? undefined
        : (await readInput(options.manifest, context)).toString("utf8"),
  };
}

/** A certificate alone may be open to everybody; what cannot be told apart is taken for a key. */
async function mayHoldKey(path: string, context: Context): Promise<boolean> {
  try {
    const text = (await readInput(path, context)).toString("latin1");
    return !text.includes("-----BEGIN CERTIFICATE-----") || text.includes("PRIVATE KEY-----");
  } catch {
    return true;
  }
}

function surroundingsOf(
  configuration: CheckConfiguration,
  options: Options,
  context: Context,
  transport: Awaited<ReturnType<typeof openTransport>>,
): CheckContext {
  // A passphrase from standard input can be read only once.
  let proof: Promise<Proof> | undefined;
  const proofOnce = (): Promise<Proof> => {
    proof ??= proofFrom(options, context);
    return proof;
  };
  return {
    configuration,
    send: (request) => transport.send(request),
    ...(configuration.usesSecret === true
      ? {}
      : {
          loadCredential: async () => {
            const { certificate } = await proofOnce();
            if (certificate === undefined) throw new Error("no certificate was given");
            return certificate;
          },
        }),
    getToken: async (scope) => {
      const credential = new NightlatchCredential({
        tenantId: configuration.tenantId ?? "",
        clientId: configuration.clientId ?? "",
        authorityHost: configuration.authorityHost,
        ...(await proofOnce()),
        algorithm: options.algorithm,
        sendCertificateChain: options.x5c,
        transport,
        now: context.now,
        onWarning: () => undefined,
      });
      return credential.getToken(scope, { abortSignal: context.signal });
    },
    readMode: async (path) => (await stat(path)).mode,
    setMode: chmod,
    now: context.now,
    signal: context.signal,
  };
}

function dataOf({ fix, ...result }: CheckResult): object {
  if (fix === undefined) return result;
  return { ...result, fix: { description: fix.description, isSafe: fix.isSafe } };
}

async function applyFixes({ results }: CheckReport): Promise<string[]> {
  const fixed: string[] = [];
  for (const { fix } of results) {
    if (fix?.isSafe !== true) continue;
    await fix.apply();
    fixed.push(fix.description);
  }
  return fixed;
}

function painted(result: CheckResult, { io }: Context): string {
  const styles: Readonly<Record<CheckResult["status"], Style>> = {
    ok: "green",
    warning: "yellow",
    fault: "red",
    notRun: "dim",
  };
  return io.paint(styles[result.status], formatCheckLine(result));
}

function closingText({ results, verdict }: CheckReport, fixed: readonly string[]): string {
  const findings = results.flatMap((result) => result.findings);
  const fixable = results.filter(({ fix }) => fix?.isSafe === true).length;
  const notRun = results.filter(({ status }) => status === "notRun").length;
  const unasked = notRun === 0 ? "" : `; not asked: ${notRun} of ${results.length} questions`;
  const verdicts = { fault: "A fault was found", warning: "No fault, but something to look at" };
  return [
    "",
    ...fixed.map((description) => `Fixed: ${description}`),
    ...findings.map((finding) => `${formatFinding(finding)}\n`),
    (verdicts[verdict as keyof typeof verdicts] ?? "Nothing is wrong") + unasked,
    ...(fixable > 0 ? ["Run again with --fix to put right what is safe"] : []),
  ].join("\n");
}
