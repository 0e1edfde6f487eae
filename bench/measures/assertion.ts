import { constants, createPrivateKey, randomUUID, sign } from "node:crypto";
import { promisify } from "node:util";
import { ConfidentialClientApplication } from "@azure/msal-node";
import { createClientAssertion, createSelfSigned } from "@nightlatch/credential";
import { type Measure, race } from "../measure.ts";

const audience = "https://login.microsoftonline.com/00000000-0000-4000-8000-000000000001/oauth2/v2.0/token";
const clientId = "00000000-0000-4000-8000-0000000000aa";
const signAsync = promisify(sign);

export const assertionMeasure: Measure = {
  name: "assertion",
  title: "Fresh client assertions, RSA-2048, PS256, 8 in flight (best of rounds)",
  async run() {
    const { credential, privateKeyPem, certificatePem } = await createSelfSigned({ subject: "CN=Bench" });
    const key = createPrivateKey(privateKeyPem);
    const pss = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    const sample = Buffer.from(
      (await createClientAssertion(credential, { clientId, audience })).split(".").slice(0, 2).join("."),
    );
    const bare = "bare node:crypto, thread pool";
    const ours = "@nightlatch/credential";
    const peer = "@azure/msal-node";
    const msal = msalSigner(credential.certificate.thumbprintSha256.hex, privateKeyPem, certificatePem);
    const best = await race([
      { name: bare, lanes: 8, fn: () => signAsync("sha256", sample, pss) },
      {
        name: ours,
        lanes: 8,
        fn: () => createClientAssertion(credential, { clientId, audience, jti: randomUUID() }),
      },
      { name: peer, lanes: 8, fn: msal },
    ]);
    const rate = (name: string): number => best.get(name) ?? Number.NaN;
    const share = rate(ours) / rate(bare);
    return [
      { what: bare, figure: `${rate(bare).toFixed(0)}/s` },
      { what: ours, figure: `${rate(ours).toFixed(0)}/s` },
      { what: `${peer} (fresh assertion at each request)`, figure: `${rate(peer).toFixed(0)}/s` },
      {
        what: "share of bare node:crypto",
        figure: `${(share * 100).toFixed(1)} %`,
        bar: "at least 95 %",
        met: share >= 0.95,
      },
      { what: "times msal-node", figure: `${(rate(ours) / rate(peer)).toFixed(1)}×` },
    ];
  },
};

/** The library signs inside a token request: a network client that answers at once leaves its own cost. */
function msalSigner(
  thumbprintSha256: string,
  privateKey: string,
  x5c: string,
): (index: number) => Promise<unknown> {
  const body = { token_type: "Bearer", expires_in: 3599, access_token: "x".repeat(1400) };
  const answer = async () => ({ status: 200, headers: {}, body }) as never;
  return (index) =>
    new ConfidentialClientApplication({
      auth: {
        clientId,
        authority: "https://login.microsoftonline.com/00000000-0000-4000-8000-000000000001",
        clientCertificate: { thumbprintSha256, privateKey, x5c },
      },
      system: { networkClient: { sendGetRequestAsync: answer, sendPostRequestAsync: answer } },
    }).acquireTokenByClientCredential({
      scopes: [`https://resource-${index}.example/.default`],
      skipCache: true,
    });
}
