import { ConfidentialClientApplication } from "@azure/msal-node";
import { createSelfSigned } from "@nightlatch/credential";
import { NightlatchCredential, type Transport } from "@nightlatch/oauth";
import { type Measure, type Row, race } from "../measure.ts";

const clientId = "00000000-0000-4000-8000-0000000000aa";
const scope = "https://graph.microsoft.com/.default";
const accessToken = "x".repeat(1400);
const tenantOf = (index: number): string => `00000000-0000-4000-8000-${index.toString(16).padStart(12, "0")}`;

export const cacheMeasure: Measure = {
  name: "cache",
  title: "Cached tokens, tenants in turn (best of rounds)",
  async run() {
    const pem = await createSelfSigned({ subject: "CN=Bench" });
    const rows: Row[] = [];
    for (const tenants of [1, 1_000, 100_000]) {
      const ours = await ourCache(pem.credential, tenants);
      const peer = await msalCache(pem, Math.min(tenants, 1_000));
      const best = await race(
        [
          { name: "ours", fn: () => sweep(ours, tenants) },
          { name: "peer", fn: peer },
        ],
        { rounds: 3 },
      );
      const ourUs = 1e6 / ((best.get("ours") ?? 0) * sweepSize);
      const peerUs = 1e6 / (best.get("peer") ?? 0);
      const tested = tenants > 1_000 ? ", measured at 1,000 tenants" : "";
      rows.push(
        {
          what: `nightlatch, ${tenants.toLocaleString("en")} tenants`,
          figure: `${ourUs.toFixed(2)} µs`,
          bar: "at most 2 µs",
          met: ourUs <= 2,
        },
        {
          what: `msal-node${tested}`,
          figure: `${peerUs.toFixed(0)} µs`,
          bar: `${(peerUs / ourUs).toFixed(0)}× ours`,
        },
      );
    }
    return rows;
  },
};

const sweepSize = 500;
let next = 0;

/** A batch of awaited hits, so that the loop around it does not count. */
async function sweep(getToken: (index: number) => Promise<unknown>, tenants: number): Promise<void> {
  for (let index = 0; index < sweepSize; index += 1) {
    next = (next + 7_919) % tenants;
    await getToken(next);
  }
}

async function ourCache(
  certificate: Awaited<ReturnType<typeof createSelfSigned>>["credential"],
  tenants: number,
): Promise<(index: number) => Promise<unknown>> {
  const body = Buffer.from(
    JSON.stringify({
      token_type: "Bearer",
      expires_in: 3599,
      ext_expires_in: 3599,
      access_token: accessToken,
    }),
  );
  const transport: Transport = {
    send: async () => ({
      status: 200,
      headers: {},
      body,
      text: () => body.toString(),
      json: () => JSON.parse(body.toString()),
    }),
    close: () => undefined,
  };
  const credential = new NightlatchCredential({
    tenantId: tenantOf(0),
    clientId,
    assertion: async () => "a.b.c",
    transport,
    additionallyAllowedTenants: ["*"],
    cacheCapacity: 200_000,
  });
  void certificate;
  const options = Array.from({ length: tenants }, (_, index) => ({ tenantId: tenantOf(index) }));
  for (const option of options) await credential.getToken(scope, option);
  return (index) => credential.getToken(scope, options[index]);
}

async function msalCache(
  pem: Awaited<ReturnType<typeof createSelfSigned>>,
  tenants: number,
): Promise<(index: number) => Promise<unknown>> {
  const body = { token_type: "Bearer", expires_in: 3599, ext_expires_in: 3599, access_token: accessToken };
  const answer = async () => ({ status: 200, headers: {}, body }) as never;
  const application = new ConfidentialClientApplication({
    auth: {
      clientId,
      authority: `https://login.microsoftonline.com/${tenantOf(0)}`,
      clientCertificate: {
        thumbprintSha256: pem.credential.certificate.thumbprintSha256.hex,
        privateKey: pem.privateKeyPem,
      },
    },
    system: { networkClient: { sendGetRequestAsync: answer, sendPostRequestAsync: answer } },
  });
  const get = (index: number): Promise<unknown> =>
    application.acquireTokenByClientCredential({
      scopes: [scope],
      authority: `https://login.microsoftonline.com/${tenantOf(index % tenants)}`,
    });
  for (let index = 0; index < tenants; index += 1) await get(index);
  return get;
}
