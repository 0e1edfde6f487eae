/** A school on the emulator, and EWS wings that sign in to its Exchange. */
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createKeyCredential, createSelfSigned } from "@nightlatch/credential";
import { type RunningEmulator, startEmulator } from "@nightlatch/emulator";
import { createTransport, NightlatchCredential, type Transport } from "@nightlatch/oauth";
import { createEwsCalendar, type EwsCalendar, type EwsRetryOptions } from "../src/ews/index.ts";
import { type CalendarPort, createGraphCalendar, type TokenProvider } from "../src/index.ts";

const TENANT_ID = "5c002000-0000-4000-8000-000000000000";
const WRITER = "5c002000-0004-4000-8000-000000000001";
const READER = "5c002000-0004-4000-8000-000000000002";
const GRAPH = "00000003-0000-0000-c000-000000000000";
const EXCHANGE = "00000002-0000-0ff1-ce00-000000000000";
/** Calendars.ReadWrite of Graph and full_access_as_app of Exchange. */
const ROLES = {
  graph: [GRAPH, "ef54d2bf-783f-4e0f-bca1-3210c0444d99"],
  exchange: [EXCHANGE, "dc890d15-9560-4a4c-9b7f-a736ec74ec40"],
} as const;
const EXCHANGE_SCOPE = "https://outlook.office365.com/.default";
const SECRET = "a-secret-of-the-school";

/** A school that runs. */
export interface EwsSchool {
  readonly emulator: RunningEmulator;
  readonly transport: Transport;
  /** Acts as every mailbox. */
  readonly calendar: EwsCalendar;
  /** The same mailboxes through Graph. */
  readonly graph: CalendarPort;
  /** Signs in with a secret, which Exchange finds too weak. */
  readonly weakCalendar: EwsCalendar;
  /** Has no permission for Exchange. */
  readonly readingCalendar: EwsCalendar;
  /** Sends tokens that are for another audience. */
  readonly foreignCalendar: EwsCalendar;
  /** Speaks the schema of another version. */
  versionOf(serverVersion: string): EwsCalendar;
  /** Acts as every mailbox, with other bounds of its retries. */
  makeCalendar(retry: EwsRetryOptions): EwsCalendar;
  close(): Promise<void>;
}

/** Where the keys of all emulators stay, so that they are made once. */
const STATE_DIR = join(tmpdir(), "nightlatch-emulator-tests");
/** Made once for all schools of a file: the key takes its time. */
let pushCertificate: ReturnType<typeof createSelfSigned> | undefined;

type Switches = NonNullable<Parameters<typeof startEmulator>[0]>["switches"];

/**
 * @param ews - switches of its Exchange
 * @returns a school with rooms and two applications
 */
export async function startEwsSchool(ews: Readonly<Record<string, unknown>> = {}): Promise<EwsSchool> {
  await mkdir(STATE_DIR, { recursive: true });
  pushCertificate ??= createSelfSigned({ subject: "CN=Timetable push" });
  const { credential: certificate } = await pushCertificate;
  const keyCredential = createKeyCredential(certificate.certificate, "graph");
  const emulator = await startEmulator({
    stateDir: STATE_DIR,
    seed: { tenants: [tenant(keyCredential)] },
    switches: { ews } as Switches,
  });
  const transport = createTransport({ ca: emulator.caPem, proxy: false });
  const signIn = { tenantId: TENANT_ID, authorityHost: emulator.authority, transport };
  const writer = new NightlatchCredential({ ...signIn, clientId: WRITER, certificate });
  const make = (
    tokens: TokenProvider,
    scope = EXCHANGE_SCOPE,
    retry: EwsRetryOptions = { baseDelayMs: 5 },
  ): EwsCalendar => createEwsCalendar({ tokens, transport, endpoint: emulator.ews, scope, retry });
  return {
    emulator,
    transport,
    calendar: make(writer),
    graph: createGraphCalendar({
      tokens: writer,
      transport,
      endpoint: emulator.graph,
      scope: "https://graph.microsoft.com/.default",
    }),
    weakCalendar: make(new NightlatchCredential({ ...signIn, clientId: WRITER, clientSecret: SECRET })),
    readingCalendar: make(new NightlatchCredential({ ...signIn, clientId: READER, certificate })),
    foreignCalendar: make(writer, "https://graph.microsoft.com/.default"),
    versionOf: (serverVersion) =>
      createEwsCalendar({
        tokens: writer,
        transport,
        endpoint: emulator.ews,
        scope: EXCHANGE_SCOPE,
        serverVersion,
      }),
    makeCalendar: (retry) => make(writer, undefined, retry),
    close: async () => {
      transport.close();
      await emulator.close();
    },
  };
}

function tenant(keyCredential: unknown): Record<string, unknown> {
  const account = (name: string, mailbox: boolean): Record<string, unknown> => ({
    userPrincipalName: `${name}@school.example`,
    displayName: name,
    timeZone: "Europe/London",
    mailbox,
  });
  return {
    tenantId: TENANT_ID,
    displayName: "Example School",
    domains: ["school.example"],
    users: [account("room-12", true), account("year-7", true), account("no-mailbox", false)],
    applications: [
      {
        ...application(WRITER, "Timetable push", keyCredential, [ROLES.graph, ROLES.exchange]),
        secrets: [{ secretText: SECRET, endDateTime: "2099-01-01T00:00:00Z" }],
      },
      application(READER, "Timetable screen", keyCredential, []),
    ],
  };
}

function application(
  appId: string,
  displayName: string,
  keyCredential: unknown,
  roles: readonly (readonly [string, string])[],
): Record<string, unknown> {
  return {
    adminConsent: true,
    manifest: {
      appId,
      displayName,
      keyCredentials: [keyCredential],
      requiredResourceAccess: roles.map(([resourceAppId, id]) => ({
        resourceAppId,
        resourceAccess: [{ id, type: "Role" }],
      })),
    },
  };
}
