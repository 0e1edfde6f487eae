/** One application in an emulated school, with certificate, secret, redirect URI and consent. */
import { randomUUID } from "node:crypto";
import { type CertificateCredential, createKeyCredential, createSelfSigned } from "@nightlatch/credential";
import { type RunningEmulator, startEmulator } from "@nightlatch/emulator";
import { createTransport, type Transport } from "@nightlatch/oauth";
import { temporaryDirectory } from "../../emulator/test/temporary-directory.ts";

export const TENANT_ID = "5c001000-0000-4000-8000-0000000000f1";
export const CLIENT_ID = "5c001000-0000-4000-8000-0000000000f2";
export const API_ID = "5c001000-0000-4000-8000-0000000000f3";
export const SECRET = "nightlatch-canary-secret~Zm9v.+/=&";
export const REDIRECT_URI = "https://app.school.example/back";
export const GRAPH_SCOPE = "https://graph.microsoft.com/.default";

const CALENDARS_READ_WRITE = "ef54d2bf-783f-4e0f-bca1-3210c0444d99";

export interface School {
  readonly emulator: RunningEmulator;
  readonly credential: CertificateCredential;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  readonly transport: Transport;
  /** Base of every client in this school. */
  readonly base: {
    readonly tenantId: string;
    readonly clientId: string;
    readonly authorityHost: string;
    readonly transport: Transport;
  };
  close(): Promise<void>;
}

export async function openSchool(moreManifest: object = {}): Promise<School> {
  const { credential, certificatePem, privateKeyPem } = await createSelfSigned({
    subject: "CN=Timetable push",
    notBefore: new Date(Date.now() - 86_400_000),
  });
  const stateDir = temporaryDirectory("oauth");
  const emulator = await startEmulator({ seed: seedWith(credential, moreManifest), port: 0, stateDir });
  const transport = createTransport({ ca: emulator.caPem, proxy: false });
  return {
    emulator,
    credential,
    certificatePem,
    privateKeyPem,
    transport,
    base: { tenantId: TENANT_ID, clientId: CLIENT_ID, authorityHost: emulator.origin, transport },
    async close() {
      transport.close();
      await emulator.close();
    },
  };
}

function seedWith(credential: CertificateCredential, moreManifest: object) {
  return {
    tenants: [
      {
        tenantId: TENANT_ID,
        displayName: "Example School",
        domains: ["school.example"],
        users: [
          {
            userPrincipalName: "room-12@school.example",
            displayName: "Room 12",
            password: "Pass-2026",
            mailbox: true,
          },
        ],
        groups: [],
        applications: [
          {
            manifest: {
              ...moreManifest,
              appId: CLIENT_ID,
              displayName: "Timetable push",
              identifierUris: [`api://${CLIENT_ID}`],
              api: {
                requestedAccessTokenVersion: 2,
                oauth2PermissionScopes: [
                  {
                    id: randomUUID(),
                    value: "access",
                    type: "User",
                    isEnabled: true,
                    adminConsentDisplayName: "Access",
                    adminConsentDescription: "Access",
                  },
                ],
              },
              web: { redirectUris: [REDIRECT_URI] },
              keyCredentials: [createKeyCredential(credential.certificate, "graph")],
              requiredResourceAccess: [
                {
                  resourceAppId: "00000003-0000-0000-c000-000000000000",
                  resourceAccess: [
                    { id: CALENDARS_READ_WRITE, type: "Role" },
                    { id: "465a38f9-76ea-45b9-9f34-9e8b0d4b0b42", type: "Scope" },
                  ],
                },
              ],
            },
            secrets: [{ secretText: SECRET, endDateTime: "2099-01-01T00:00:00Z" }],
            adminConsent: true,
          },
        ],
      },
    ],
  };
}
