/** The tenant that the measures of the emulator use: one application with a certificate and a secret, some mailboxes. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createKeyCredential, createSelfSigned } from "@nightlatch/credential";

export const TENANT_ID = "11111111-0000-4000-8000-000000000000";
export const CLIENT_ID = "22222222-0000-4000-8000-000000000000";
const SECRET = "bench-secret";
export const GRAPH_SCOPE = "https://graph.microsoft.com/.default";

const GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000";
const CALENDARS_READ_WRITE = "ef54d2bf-783f-4e0f-bca1-3210c0444d99";
const EXCHANGE_APP_ID = "00000002-0000-0ff1-ce00-000000000000";
const FULL_ACCESS_AS_APP = "dc890d15-9560-4a4c-9b7f-a736ec74ec40";

/** The certificate of the application, and where its seed file lies. */
export interface BenchSchool {
  readonly seedFile: string;
  readonly credential: Awaited<ReturnType<typeof createSelfSigned>>["credential"];
}

/**
 * Writes the seed of a school.
 *
 * @param folder - where to
 * @param mailboxes - addresses under school.example
 */
export async function writeSchool(folder: string, mailboxes: readonly string[]): Promise<BenchSchool> {
  const { credential } = await createSelfSigned({ subject: "CN=Bench" });
  const role = (id: string) => ({ id, type: "Role" });
  const seed = {
    tenants: [
      {
        tenantId: TENANT_ID,
        displayName: "Bench",
        domains: ["school.example"],
        users: mailboxes.map((userPrincipalName) => ({
          userPrincipalName,
          displayName: userPrincipalName.split("@")[0],
          timeZone: "Europe/London",
          mailbox: true,
        })),
        applications: [
          {
            adminConsent: true,
            manifest: {
              appId: CLIENT_ID,
              displayName: "Bench",
              keyCredentials: [createKeyCredential(credential.certificate, "graph")],
              requiredResourceAccess: [
                { resourceAppId: GRAPH_APP_ID, resourceAccess: [role(CALENDARS_READ_WRITE)] },
                { resourceAppId: EXCHANGE_APP_ID, resourceAccess: [role(FULL_ACCESS_AS_APP)] },
              ],
            },
            secrets: [{ secretText: SECRET, endDateTime: "2099-01-01T00:00:00Z" }],
          },
        ],
      },
    ],
  };
  const seedFile = join(folder, "seed.json");
  writeFileSync(seedFile, JSON.stringify(seed));
  return { seedFile, credential };
}

/** Address of the v2 token endpoint. */
export function tokenEndpoint(origin: string): string {
  return `${origin}/${TENANT_ID}/oauth2/v2.0/token`;
}

/** A token request by assertion. */
export function assertionForm(assertion: string, scope = GRAPH_SCOPE): string {
  return new URLSearchParams({
    grant_type: "client_credentials",
    client_id: CLIENT_ID,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
    scope,
  }).toString();
}

/** A token request by secret. */
export function secretForm(): string {
  return new URLSearchParams({
    grant_type: "client_credentials",
    client_id: CLIENT_ID,
    client_secret: SECRET,
    scope: GRAPH_SCOPE,
  }).toString();
}
