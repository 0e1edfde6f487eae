/** One application in an emulated school, and the folder with its certificate file. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type CertificateCredential,
  createKeyCredential,
  createSelfSigned,
  readCredentialFile,
} from "@nightlatch/credential";
import { type RunningEmulator, startEmulator } from "@nightlatch/emulator";
import {
  createConfidentialClient,
  createTransport,
  type RotationOptions,
  type RotationReport,
  requestTokenByClientCredentials,
  rotateCertificate,
  type Transport,
} from "@nightlatch/oauth";
import { temporaryDirectory } from "../../emulator/test/temporary-directory.ts";

const TENANT_ID = "5c001000-0000-4000-8000-0000000000e1";
export const CLIENT_ID = "5c001000-0000-4000-8000-0000000000e2";
export const OBJECT_ID = "5c001000-0000-4000-8000-0000000000e3";
export const OTHER_KEY_ID = "5c001000-0000-4000-8000-0000000000e4";
export const OLD_KEY_ID = "5c001000-0000-4000-8000-0000000000e5";
const GRAPH_SCOPE = "https://graph.microsoft.com/.default";
const APPLICATION_READ_ALL = "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30";
const CALENDARS_READ = "798ee544-9d2d-430c-a058-570e29e34338";
const DAY_MS = 86_400_000;

/** A school with one program that is to get a new certificate. */
export interface RotationSchool {
  readonly emulator: RunningEmulator;
  readonly transport: Transport;
  readonly folder: string;
  /** The file that the program reads. */
  readonly path: string;
  /** A key and certificate to rotate to, in a folder of its own; most tests need not wait for one to be made. */
  readonly givenPath: string;
  /** Certificate of another program of the same registration, which nobody may drop. */
  readonly other: CertificateCredential;
  /** What the emulator told whoever runs it. */
  readonly notes: string[];
  readonly options: RotationOptions;
  /** Rotates, with a transport and options of the test's choosing. */
  rotate(more?: Partial<RotationOptions>): Promise<RotationReport>;
  /** Signs in as the program does: with what is in the file now. */
  signIn(): Promise<string>;
  /** Puts a fresh certificate into the file and the directory, and forgets earlier rotations. */
  startOver(old?: { readonly isExpired?: boolean }): Promise<void>;
  /** keyIds of the application in the directory. */
  keyIds(): Promise<readonly string[]>;
  administratorToken(): Promise<string>;
  close(): Promise<void>;
}

/** Opens the school; `mayRead` gives the application Application.Read.All. */
export async function openRotationSchool({ mayRead = true } = {}): Promise<RotationSchool> {
  const stateDir = temporaryDirectory("rotation-state");
  const notes: string[] = [];
  const { credential: other } = await createSelfSigned({ subject: "CN=Other program" });
  const first = await createSelfSigned({ subject: "CN=Timetable push" });
  const emulator = await startEmulator({
    seed: seedWith(first.credential, other, mayRead),
    port: 0,
    stateDir,
    note: (text) => notes.push(text),
  });
  const transport = createTransport({ ca: emulator.caPem, proxy: false });
  const folder = temporaryDirectory("rotation");
  const given = await createSelfSigned({ subject: "CN=Timetable push given" });
  const givenPath = join(stateDir, "given.pem");
  writeFileSync(givenPath, given.privateKeyPem + given.certificatePem, { mode: 0o600 });
  const path = join(folder, "timetable.pem");
  writeFileSync(join(folder, "ca.pem"), emulator.caPem);
  const identity = { tenantId: TENANT_ID, clientId: CLIENT_ID, authorityHost: emulator.origin, transport };
  const options: RotationOptions = {
    ...identity,
    certificatePath: path,
    graphEndpoint: emulator.graph,
    firstPauseMs: 5,
    waitMs: 5_000,
  };
  const administratorToken = async () =>
    (await emulator.tokenFor({ roles: ["Application.ReadWrite.All"] })).access_token;
  const graph = async (method: string, body?: unknown): Promise<unknown> => {
    const response = await transport.send({
      method,
      url: `${emulator.graph}/applications/${OBJECT_ID}`,
      headers: { Authorization: `Bearer ${await administratorToken()}`, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.status >= 300) throw new Error(`${method} answered ${response.status}: ${response.text()}`);
    return response.body.length === 0 ? undefined : response.json();
  };
  const school: RotationSchool = {
    emulator,
    transport,
    folder,
    path,
    givenPath,
    other,
    notes,
    options,
    administratorToken,
    rotate: (more = {}) => rotateCertificate({ ...options, ...more }),
    async signIn() {
      const certificate = await readCredentialFile(path);
      const client = createConfidentialClient({ ...identity, certificate });
      return (await requestTokenByClientCredentials(client, { scope: GRAPH_SCOPE })).accessToken;
    },
    async startOver({ isExpired = false } = {}) {
      emulator.faults.clear();
      for (const name of readdirSync(folder))
        if (name !== "ca.pem") rmSync(join(folder, name), { recursive: true });
      const made = isExpired
        ? await createSelfSigned({
            subject: "CN=Timetable push",
            notBefore: new Date(Date.now() - 400 * DAY_MS),
            validDays: 365,
          })
        : first;
      writeFileSync(path, made.privateKeyPem + made.certificatePem, { mode: 0o600 });
      await graph("PATCH", {
        keyCredentials: [
          createKeyCredential(made.credential.certificate, "graph", { keyId: OLD_KEY_ID }),
          createKeyCredential(other.certificate, "graph", { keyId: OTHER_KEY_ID }),
        ],
      });
    },
    async keyIds() {
      const { keyCredentials } = (await graph("GET")) as { keyCredentials: { keyId: string }[] };
      return keyCredentials.map(({ keyId }) => keyId);
    },
    async close() {
      transport.close();
      await emulator.close();
    },
  };
  await school.startOver();
  return school;
}

/** Text of a file beside the certificate. */
export function textOf(school: RotationSchool, suffix = ""): string {
  return readFileSync(`${school.path}${suffix}`, "utf8");
}

function seedWith(credential: CertificateCredential, other: CertificateCredential, mayRead: boolean) {
  const roles = [CALENDARS_READ, ...(mayRead ? [APPLICATION_READ_ALL] : [])];
  const manifest = {
    id: OBJECT_ID,
    appId: CLIENT_ID,
    displayName: "Timetable push",
    keyCredentials: [credential, other].map(({ certificate }) => createKeyCredential(certificate, "graph")),
    requiredResourceAccess: [
      {
        resourceAppId: "00000003-0000-0000-c000-000000000000",
        resourceAccess: roles.map((id) => ({ id, type: "Role" })),
      },
    ],
  };
  const tenant = { tenantId: TENANT_ID, displayName: "Example School", domains: ["school.example"] };
  return {
    tenants: [
      { ...tenant, users: [], groups: [], applications: [{ manifest, secrets: [], adminConsent: true }] },
    ],
  };
}
