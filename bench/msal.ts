/** `@azure/msal-node` set up as its users set it up, with the network taken out where only the library counts. */
import { ConfidentialClientApplication } from "@azure/msal-node";
import type { CertificateCredential } from "@nightlatch/credential";

/** Certificate and key as msal-node wants them. */
export interface MsalCertificate {
  readonly credential: CertificateCredential;
  /** PKCS#8. */
  readonly privateKeyPem: string;
}

/** Every access token of the measures without a network; as long as Entra's are. */
export const ACCESS_TOKEN = "x".repeat(1400);
/** Scope of all requests. */
export const SCOPE = "https://graph.microsoft.com/.default";
export const CLIENT_ID = "00000000-0000-4000-8000-0000000000aa";

/** A tenant's GUID by number. */
export function tenantOf(index: number): string {
  return `00000000-0000-4000-8000-${index.toString(16).padStart(12, "0")}`;
}

/** Authority of a tenant in Microsoft's public cloud, by number. */
export function authorityOf(index: number): string {
  return `https://login.microsoftonline.com/${tenantOf(index)}`;
}

/**
 * Creates an application whose requests are answered at once.
 *
 * @param certificate - its certificate
 * @param algorithm - PS256 follows from the SHA-256 thumbprint, RS256 from the SHA-1 thumbprint
 */
export function createMsalApplication(
  { credential, privateKeyPem }: MsalCertificate,
  algorithm: "PS256" | "RS256" = "PS256",
): ConfidentialClientApplication {
  const { thumbprintSha1, thumbprintSha256 } = credential.certificate;
  const body = { token_type: "Bearer", expires_in: 3599, ext_expires_in: 3599, access_token: ACCESS_TOKEN };
  const answer = async () => ({ status: 200, headers: {}, body }) as never;
  return new ConfidentialClientApplication({
    auth: {
      clientId: CLIENT_ID,
      authority: authorityOf(0),
      clientCertificate: {
        privateKey: privateKeyPem,
        ...(algorithm === "PS256"
          ? { thumbprintSha256: thumbprintSha256.hex }
          : { thumbprint: thumbprintSha1.hex }),
      },
    },
    system: { networkClient: { sendGetRequestAsync: answer, sendPostRequestAsync: answer } },
  });
}

/**
 * Fills the cache of an application with one token for each tenant, through its serialised form: token by token it
 * would take hours.
 *
 * @param application - has none yet
 * @param tenants - how many
 */
export async function fillMsalCache(
  application: ConfidentialClientApplication,
  tenants: number,
): Promise<void> {
  await application.acquireTokenByClientCredential({ scopes: [SCOPE] });
  if (tenants === 1) return;
  const cache = JSON.parse(application.getTokenCache().serialize()) as {
    AccessToken: Record<string, { secret: string; realm: string }>;
  };
  const [[key, entry]] = Object.entries(cache.AccessToken) as [[string, { secret: string; realm: string }]];
  cache.AccessToken = Object.fromEntries(
    Array.from({ length: tenants }, (_, index) => [
      key.replace(tenantOf(0), tenantOf(index)),
      { ...entry, realm: tenantOf(index) },
    ]),
  );
  application.getTokenCache().deserialize(JSON.stringify(cache));
}
