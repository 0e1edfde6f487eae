/** A school on the emulator, and a Graph wing that signs in to it with a certificate. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createKeyCredential, createSelfSigned } from "@nightlatch/credential";
import { type RunningEmulator, startEmulator } from "@nightlatch/emulator";
import { createTransport, NightlatchCredential, type Transport } from "@nightlatch/oauth";
import {
  type CalendarPort,
  createGraphCalendar,
  createGraphDirectory,
  type GraphDirectory,
} from "../src/index.ts";

/** Application permissions by the ids that Graph gives them. */
const ROLES = {
  "Calendars.Read": "798ee544-9d2d-430c-a058-570e29e34338",
  "Calendars.ReadWrite": "ef54d2bf-783f-4e0f-bca1-3210c0444d99",
  "User.Read.All": "df021288-bdef-4463-88db-98f22de89214",
  "GroupMember.Read.All": "98830695-27a2-44f7-8c18-0c3ebc9698f6",
} as const;

const TENANT_ID = "5c001000-0000-4000-8000-000000000000";
const GRAPH = "00000003-0000-0000-c000-000000000000";
const WRITER = "5c001000-0004-4000-8000-000000000001";
const READER = "5c001000-0004-4000-8000-000000000002";

/** A school that runs. */
export interface EmulatedSchool {
  readonly emulator: RunningEmulator;
  readonly transport: Transport;
  /** May read and write every calendar. */
  readonly calendar: CalendarPort;
  /** May read only. */
  readonly readingCalendar: CalendarPort;
  /** Sends tokens that are for another audience. */
  readonly foreignCalendar: CalendarPort;
  readonly directory: GraphDirectory;
  close(): Promise<void>;
}

/** @returns a school with a room, a group, an account without mailbox and two applications */
export async function startSchool(): Promise<EmulatedSchool> {
  const stateDir = await mkdtemp(join(tmpdir(), "nightlatch-calendar-"));
  const { credential: certificate } = await createSelfSigned({ subject: "CN=Timetable push" });
  const keyCredential = createKeyCredential(certificate.certificate, "graph");
  const emulator = await startEmulator({ stateDir, seed: { tenants: [tenant(keyCredential)] } });
  const transport = createTransport({ ca: emulator.caPem, proxy: false });
  const makeCredential = (clientId: string): NightlatchCredential =>
    new NightlatchCredential({
      tenantId: TENANT_ID,
      clientId,
      certificate,
      authorityHost: emulator.authority,
      transport,
    });
  const common = { transport, endpoint: emulator.graph, scope: "https://graph.microsoft.com/.default" };
  const writer = makeCredential(WRITER);
  return {
    emulator,
    transport,
    calendar: createGraphCalendar({ ...common, tokens: writer, retry: { baseDelayMs: 5 } }),
    readingCalendar: createGraphCalendar({ ...common, tokens: makeCredential(READER) }),
    foreignCalendar: createGraphCalendar({
      ...common,
      tokens: writer,
      scope: "https://outlook.office365.com/.default",
    }),
    directory: createGraphDirectory({ ...common, tokens: writer }),
    close: async () => {
      transport.close();
      await emulator.close();
      await rm(stateDir, { recursive: true, force: true });
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
    users: [
      account("room-12", true),
      account("year-7", true),
      account("year-8", true),
      account("no-mailbox", false),
    ],
    groups: [
      {
        displayName: "Lower school",
        mailNickname: "lower",
        groupTypes: ["Unified"],
        owners: ["year-7@school.example"],
        members: ["year-7@school.example", "year-8@school.example"],
      },
    ],
    applications: [
      application(WRITER, "Timetable push", keyCredential, Object.values(ROLES)),
      application(READER, "Timetable screen", keyCredential, [ROLES["Calendars.Read"]]),
    ],
  };
}

function application(
  appId: string,
  displayName: string,
  keyCredential: unknown,
  roleIds: readonly string[],
): Record<string, unknown> {
  return {
    adminConsent: true,
    manifest: {
      appId,
      displayName,
      keyCredentials: [keyCredential],
      requiredResourceAccess: [
        { resourceAppId: GRAPH, resourceAccess: roleIds.map((id) => ({ id, type: "Role" })) },
      ],
    },
  };
}
