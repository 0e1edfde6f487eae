import { createSelfSigned } from "@nightlatch/credential";
import { NightlatchCredential, type Transport } from "@nightlatch/oauth";
import { judged, type Measure, type Row, race, shown } from "../measure.ts";
import {
  ACCESS_TOKEN,
  authorityOf,
  CLIENT_ID,
  createMsalApplication,
  fillMsalCache,
  type MsalCertificate,
  SCOPE,
  tenantOf,
} from "../msal.ts";

const timesMsal: Record<number, number> = { 1: 15, 1000: 1_000, 100000: 10_000 };
const sweepSize = 500;

export const cacheMeasure: Measure = {
  name: "cache",
  title: "cached tokens, tenants in turn, CPU time of a call",
  async run() {
    const certificate = await createSelfSigned({ subject: "CN=Bench" });
    const rows: Row[] = [];
    for (const tenants of [1, 1_000, 100_000]) {
      const { nightlatch, msal } = await raceAt(tenants, certificate);
      const count = `${tenants.toLocaleString("en")} tenant${tenants === 1 ? "" : "s"}`;
      rows.push(
        judged(`nightlatch, ${count}`, nightlatch, "µs", { atMost: 2 }),
        shown(`msal-node, ${count}`, msal, "µs"),
        judged(`times msal-node, ${count}`, msal / nightlatch, "×", {
          atLeast: timesMsal[tenants] ?? 1,
        }),
      );
    }
    return rows;
  },
};

async function raceAt(
  tenants: number,
  certificate: MsalCertificate,
): Promise<{ nightlatch: number; msal: number }> {
  const getToken = await ourCache(tenants);
  const application = createMsalApplication(certificate);
  await fillMsalCache(application, tenants);
  let next = 0;
  const sweep = async (): Promise<void> => {
    for (let index = 0; index < sweepSize; index += 1) {
      next = (next + 7_919) % tenants;
      await getToken(next);
    }
  };
  const peer = async (index: number): Promise<void> => {
    const authority = authorityOf(index % tenants);
    const result = await application.acquireTokenByClientCredential({ scopes: [SCOPE], authority });
    if (result?.fromCache !== true) throw new Error("msal-node did not answer from its cache");
  };
  const speed = await race(
    [
      { name: "nightlatch", callsEach: sweepSize, fn: sweep },
      { name: "msal", fn: peer },
    ],
    { rounds: 4, roundMs: 250 },
  );
  return { nightlatch: speed.nightlatch.cpuMicros, msal: speed.msal.cpuMicros };
}

async function ourCache(tenants: number): Promise<(index: number) => Promise<unknown>> {
  const answer = { token_type: "Bearer", expires_in: 3599, ext_expires_in: 3599, access_token: ACCESS_TOKEN };
  const body = Buffer.from(JSON.stringify(answer));
  const text = body.toString();
  const response = { status: 200, headers: {}, body, text: () => text, json: () => JSON.parse(text) };
  const transport: Transport = { send: async () => response, close: () => undefined };
  const credential = new NightlatchCredential({
    tenantId: tenantOf(0),
    clientId: CLIENT_ID,
    assertion: async () => "a.b.c",
    transport,
    additionallyAllowedTenants: ["*"],
  });
  const options = Array.from({ length: tenants }, (_, index) => ({ tenantId: tenantOf(index) }));
  for (const option of options) await credential.getToken(SCOPE, option);
  return (index) => credential.getToken(SCOPE, options[index]);
}
