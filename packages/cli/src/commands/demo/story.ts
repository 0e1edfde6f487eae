/** The main job as steps: each does one thing for real and says it in a line or two. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CalendarEvent, type CalendarPort, createGraphCalendar } from "@nightlatch/calendar";
import {
  type CertificateCredential,
  createKeyCredential,
  createSelfSigned,
  isNightlatchError,
  readCredentialFile,
  writeFileAtomic,
} from "@nightlatch/credential";
import type { RunningEmulator } from "@nightlatch/emulator";
import {
  createTransport,
  inspectAccessToken,
  NightlatchCredential,
  type RegisteredApplication,
  registerApplication,
  type Transport,
} from "@nightlatch/oauth";
import type { RunningServer } from "@nightlatch/server";
import { applyPlan, planSync, type SyncOutcomeCounts, type Timetable } from "@nightlatch/sync";
import type { Context } from "../../command.ts";
import { emulatorAdministratorToken } from "../../emulator-control.ts";
import { startOwnEmulator } from "../../own-emulator.ts";
import { startProgress } from "../../progress.ts";

const graphScope = "https://graph.microsoft.com/.default";
const apiRole = "Calendars.Read.All";
const ownDomain = "school.example";

/** Makes the key and certificate in a fresh folder and reads them back from the file. */
export async function makeCertificate(
  folder: string,
): Promise<{ file: string; credential: CertificateCredential }> {
  const minted = await createSelfSigned({ subject: "CN=Nightlatch demo", validDays: 30 });
  const file = join(folder, "timetable.pem");
  await writeFileAtomic(file, minted.privateKeyPem + minted.certificatePem, { mode: 0o600 });
  const credential = await readCredentialFile(file);
  createKeyCredential(credential.certificate, "graph");
  return { file, credential };
}

/** Makes a folder that is removed with everything in it when the demo ends. */
export async function makeFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "nightlatch-demo-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Starts Entra ID and Graph with one account for each mailbox of the timetables. */
export async function startSchool(
  mailboxes: readonly string[],
  folder: string,
  context: Context,
): Promise<RunningEmulator> {
  const domains = [...new Set(mailboxes.map((mailbox) => mailbox.split("@")[1] ?? ownDomain))];
  const options = {
    port: 0,
    seed: {
      tenants: [
        {
          tenantId: "5c001000-0000-4000-8000-000000000000",
          displayName: "School",
          domains,
          users: mailboxes.map((mailbox) => ({
            // A timetable may name mailboxes by object id.
            ...(mailbox.includes("@")
              ? { userPrincipalName: mailbox }
              : { id: mailbox, userPrincipalName: `mailbox-${mailbox.slice(0, 8)}@${ownDomain}` }),
            displayName: mailbox.split("@")[0] ?? mailbox,
            timeZone: "Europe/London",
            mailbox: true,
          })),
        },
      ],
    },
  };
  try {
    return await startOwnEmulator(options, context);
  } catch (error) {
    // Nothing of the demo is to be kept: a user without a writable home sees it all the same.
    if (!isNightlatchError(error) || error.code !== "CLI_FILE_UNWRITABLE") throw error;
    return startOwnEmulator({ ...options, stateDir: join(folder, "emulator") }, context);
  }
}

/** Registers the timetable application, and the REST API that it may call. */
export async function registerApplications(
  emulator: RunningEmulator,
  credential: CertificateCredential,
  transport: Transport,
  context: Context,
): Promise<{ push: RegisteredApplication; api: RegisteredApplication }> {
  const { accessToken } = await emulatorAdministratorToken(emulator.origin, undefined, transport, context);
  const directory = {
    transport,
    endpoint: emulator.graph,
    accessToken: async () => accessToken,
    signal: context.signal,
  };
  const api = await registerApplication(
    { displayName: "Calendar API", permissions: [], appRoles: [apiRole] },
    directory,
  );
  const push = await registerApplication(
    {
      displayName: "Timetable push",
      certificate: credential.certificate,
      permissions: ["Calendars.ReadWrite", "User.ReadBasic.All", `${api.clientId}/${apiRole}`],
    },
    directory,
  );
  return { push, api };
}

/** A program that is signed in with its certificate. */
export interface SignedIn {
  readonly tokens: NightlatchCredential;
  readonly calendar: CalendarPort;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Exchanges the certificate for a token, and opens the calendars with it. */
export async function signIn(
  emulator: RunningEmulator,
  clientId: string,
  certificate: CertificateCredential,
  transport: Transport,
): Promise<SignedIn> {
  const tokens = new NightlatchCredential({
    tenantId: emulator.tenantId,
    clientId,
    certificate,
    authorityHost: emulator.authority,
    transport,
  });
  const { token } = await tokens.getToken(graphScope);
  return {
    tokens,
    calendar: createGraphCalendar({ tokens, transport, endpoint: emulator.graph, scope: graphScope }),
    claims: inspectAccessToken(token).payload,
  };
}

/** Plans and applies every timetable once. */
export async function runSync(
  timetables: readonly Timetable[],
  calendar: CalendarPort,
  context: Context,
): Promise<SyncOutcomeCounts & { readonly exitCode: number }> {
  const sum = { created: 0, updated: 0, deleted: 0, unchanged: 0, failed: 0, skipped: 0, exitCode: 0 };
  for (const timetable of timetables) {
    const plan = await planSync(timetable, calendar, { signal: context.signal });
    const progress = startProgress(context.io, `Writing ${timetable.source.name}`);
    const report = await applyPlan(plan, calendar, {
      onProgress: ({ done, total, mailbox }) => progress.show(done, total, mailbox),
      signal: context.signal,
    }).finally(() => progress.stop());
    for (const name of ["created", "updated", "deleted", "unchanged", "failed", "skipped"] as const)
      sum[name] += report.totals[name];
    sum.exitCode = Math.max(sum.exitCode, report.exitCode);
  }
  return sum;
}

/** Reads the events of one mailbox in a window. */
export async function readWindow(
  calendar: CalendarPort,
  mailbox: string,
  from: Date,
  to: Date,
): Promise<CalendarEvent[]> {
  const events: CalendarEvent[] = [];
  for await (const event of calendar.listEvents(mailbox, { from, to })) events.push(event);
  return events;
}

/** The REST API over the same calendars, and how this program calls it. */
export interface ServedApi {
  readonly server: RunningServer;
  readonly feedUrl: (mailbox: string) => string;
  readonly accessToken: () => Promise<string>;
}

/** Serves the REST API; callers need a token for it with its role. */
export async function startApi(
  emulator: RunningEmulator,
  apiClientId: string,
  { tokens, calendar }: SignedIn,
  transport: Transport,
): Promise<ServedApi> {
  const { createApp, createFeedUrl, serve } = await import("@nightlatch/server");
  const secret = randomBytes(32).toString("base64url");
  const app = createApp({
    calendar,
    authentication: {
      tenantId: emulator.tenantId,
      audience: [apiClientId, `api://${apiClientId}`],
      authorityHost: emulator.authority,
      transport,
    },
    feeds: { secret },
  });
  const server = await serve(app, { port: 0 });
  return {
    server,
    feedUrl: (mailbox) => createFeedUrl(server.origin, mailbox, secret),
    accessToken: async () => (await tokens.getToken(`api://${apiClientId}/.default`)).token,
  };
}

/** Counts the events of a mailbox by asking the REST API as any caller would, page by page. */
export async function countByApi(api: ServedApi, mailbox: string, from: Date, to: Date): Promise<number> {
  const query = new URLSearchParams({ from: from.toISOString(), to: to.toISOString(), limit: "500" });
  let count = 0;
  for (;;) {
    const response = await fetch(
      `${api.server.origin}/v1/mailboxes/${encodeURIComponent(mailbox)}/events?${query}`,
      {
        headers: { Authorization: `Bearer ${await api.accessToken()}` },
      },
    );
    const body = (await response.json()) as { items?: unknown[]; nextPageToken?: string; detail?: string };
    if (!response.ok || body.items === undefined)
      throw new Error(`The REST API answered ${response.status}: ${body.detail ?? ""}`);
    count += body.items.length;
    if (body.nextPageToken === undefined) return count;
    query.set("page_token", body.nextPageToken);
  }
}

/** Makes the transport that trusts the emulator's authority. */
export function trustEmulator(emulator: RunningEmulator): Transport {
  return createTransport({ ca: emulator.caPem, proxy: false });
}
