import { constants, createPrivateKey, randomUUID, sign } from "node:crypto";
import { promisify } from "node:util";
import { createClientAssertion, createSelfSigned } from "@nightlatch/credential";
import { judged, type Measure, medianRatio, type Row, race, shown } from "../measure.ts";
import { authorityOf, CLIENT_ID, createMsalApplication, type MsalCertificate } from "../msal.ts";

const audience = `${authorityOf(1)}/oauth2/v2.0/token`;
const signAsync = promisify(sign);
const lanes = 8;

export const assertionMeasure: Measure = {
  name: "assertion",
  title: "fresh client assertions, RSA-2048, 8 in flight",
  async run() {
    const certificate = await createSelfSigned({ subject: "CN=Bench" });
    return [...(await raceOf("PS256", certificate)), ...(await raceOf("RS256", certificate))];
  },
};

async function raceOf(algorithm: "PS256" | "RS256", certificate: MsalCertificate): Promise<Row[]> {
  const { credential, privateKeyPem } = certificate;
  const key = createPrivateKey(privateKeyPem);
  const padding = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  const bareKey = algorithm === "PS256" ? padding : key;
  const create = () =>
    createClientAssertion(credential, { clientId: CLIENT_ID, audience, algorithm, jti: randomUUID() });
  const sample = Buffer.from((await create()).split(".").slice(0, 2).join("."));
  const best = await race(
    [
      { name: "bare", lanes, fn: () => signAsync("sha256", sample, bareKey) },
      { name: "ours", lanes, fn: create },
      // The library signs inside a token request and keeps the assertion: a new application signs anew.
      {
        name: "msal",
        lanes,
        fn: (index) =>
          createMsalApplication(certificate, algorithm).acquireTokenByClientCredential({
            scopes: [`https://resource-${index}.example/.default`],
            skipCache: true,
          }),
      },
    ],
    { rounds: 24, roundMs: 80 },
  );
  return [
    shown(`${algorithm}, bare node:crypto in the thread pool`, best.bare.perSecond, "/s"),
    shown(`${algorithm}, @nightlatch/credential`, best.ours.perSecond, "/s"),
    shown(`${algorithm}, @azure/msal-node`, best.msal.perSecond, "/s"),
    judged(
      `${algorithm}, share of bare node:crypto, median of rounds`,
      100 * medianRatio(best.ours, best.bare),
      "%",
      {
        atLeast: 95,
      },
    ),
    shown(`${algorithm}, CPU besides the signature`, best.ours.cpuMicros - best.bare.cpuMicros, "µs"),
    judged(`${algorithm}, times msal-node`, best.ours.perSecond / best.msal.perSecond, "×", { atLeast: 1.2 }),
  ];
}
