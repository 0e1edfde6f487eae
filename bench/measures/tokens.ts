import { fileURLToPath } from "node:url";
import { createClientAssertion } from "@nightlatch/credential";
import { createHttpsClient, drive, FORM, type HttpsClient } from "../https.ts";
import { type LocalCertificate, makeLocalCertificate } from "../local-certificate.ts";
import { isFullRun, judged, type Measure, shown } from "../measure.ts";
import {
  cpuMsOf,
  freeOfCore,
  residentMiBOf,
  startEmulatorProcess,
  startNode,
  startProgram,
  withFolder,
} from "../processes.ts";
import { assertionForm, type BenchSchool, CLIENT_ID, tokenEndpoint, writeSchool } from "../school.ts";

const lanes = 10;
const rounds = 5;
const tokensPerRound = 2_000;
const tokensForMemory = Number(process.env["NIGHTLATCH_BENCH_TOKENS"] ?? (isFullRun ? 250_000 : 30_000));

export const tokensMeasure: Measure = {
  name: "tokens",
  title: "emulator, tokens by assertion with every check on, HTTPS, one core, 10 in flight",
  run: () =>
    withFolder(async (folder) => {
      const school = await writeSchool(folder, ["room-12@school.example"]);
      const local = makeLocalCertificate(folder);
      const { publicKey } = school.credential.certificate;
      const bareMiB = await residentOfBareServer(local);
      const emulator = await startEmulatorProcess(folder, school.seedFile, { core: 0 });
      const readyMiB = residentMiBOf(emulator.pid);
      const bare = await startProgram<string>("token-server", {
        core: 0,
        env: {
          CERTIFICATE_PEM: local.certificatePem,
          KEY_PEM: local.keyPem,
          CLIENT_PUBLIC_KEY_PEM: publicKey.export({ type: "spki", format: "pem" }).toString(),
          WORK: "verify-sign",
        },
      });
      const ours = await issuerOf(emulator.pid, emulator.ca, tokenEndpoint(emulator.origin), school);
      const floor = await issuerOf(bare.pid, local.certificatePem, `${bare.greeting}/token`, school);
      await ours.once();
      const idleMiB = residentMiBOf(emulator.pid);
      const best = await raceIssuers({ ours, floor });
      freeOfCore(emulator.pid);
      const twoCores = Math.max(...(await repeat(2, () => ours.load(tokensPerRound))).map(rateOf));
      let count = (rounds + 1) * tokensPerRound;
      if (tokensForMemory > count) await ours.load(tokensForMemory - count);
      count = Math.max(count, tokensForMemory);
      const loadedMiB = residentMiBOf(emulator.pid);
      ours.close();
      floor.close();
      await Promise.all([emulator.stop(), bare.stop()]);
      return [
        shown("bare node:https, one RSA verify and sign, CPU of a token", best.floor.cpuMicros, "µs"),
        shown("emulator, CPU of a token", best.ours.cpuMicros, "µs"),
        judged("share of the bare server, by CPU", (100 * best.floor.cpuMicros) / best.ours.cpuMicros, "%", {
          atLeast: 90,
        }),
        shown("bare node:https, best round", best.floor.perSecond, "/s"),
        shown("emulator, best round", best.ours.perSecond, "/s"),
        shown("emulator, best round, free of its core", twoCores, "/s"),
        shown("bare node:https server resident, idle after one request", bareMiB, "MiB"),
        judged("emulator resident, idle when it serves", readyMiB, "MiB", { atMost: 70 }),
        shown("emulator resident, idle after its first token", idleMiB, "MiB"),
        judged(`emulator resident, after ${count.toLocaleString("en")} tokens`, loadedMiB, "MiB", {
          atMost: 110,
        }),
      ];
    }),
};

async function residentOfBareServer({
  certificatePath,
  certificatePem,
  keyPath,
}: LocalCertificate): Promise<number> {
  const program = fileURLToPath(new URL("../programs/bare-server.mjs", import.meta.url));
  const server = await startNode([program, certificatePath, keyPath]);
  const client = createHttpsClient(certificatePem);
  await client.send("GET", server.greeting);
  const residentMiB = residentMiBOf(server.pid);
  client.close();
  await server.stop();
  return residentMiB;
}

interface Load {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly count: number;
}

interface Issuer {
  once(): Promise<void>;
  load(count: number): Promise<Load>;
  close(): void;
}

async function issuerOf(pid: number, ca: string, endpoint: string, school: BenchSchool): Promise<Issuer> {
  const client: HttpsClient = createHttpsClient(ca);
  const bodies = await Promise.all(
    Array.from({ length: 200 }, async () =>
      assertionForm(
        await createClientAssertion(school.credential, { clientId: CLIENT_ID, audience: endpoint }),
      ),
    ),
  );
  const send = async (index: number): Promise<void> => {
    const body = bodies[index % bodies.length] ?? "";
    const { status, text } = await client.send("POST", endpoint, { headers: FORM, body });
    if (status !== 200 || !text.includes("access_token")) throw new Error(`${endpoint}: ${status} ${text}`);
  };
  return {
    once: () => send(0),
    close: () => client.close(),
    load: async (count) => {
      const cpuMs = cpuMsOf(pid);
      const wallMs = await drive(count, lanes, send);
      return { wallMs, cpuMs: cpuMsOf(pid) - cpuMs, count };
    },
  };
}

/** Loads the issuers in turn; the first round warms up. */
async function raceIssuers<Name extends string>(
  issuers: Record<Name, Issuer>,
): Promise<Record<Name, { perSecond: number; cpuMicros: number }>> {
  const best = {} as Record<Name, { perSecond: number; cpuMicros: number }>;
  for (let round = 0; round <= rounds; round += 1)
    for (const [name, issuer] of Object.entries(issuers) as [Name, Issuer][]) {
      const load = await issuer.load(tokensPerRound);
      if (round === 0) continue;
      const before = best[name];
      best[name] = {
        perSecond: Math.max(before?.perSecond ?? 0, rateOf(load)),
        cpuMicros: Math.min(before?.cpuMicros ?? Number.POSITIVE_INFINITY, (load.cpuMs * 1000) / load.count),
      };
    }
  return best;
}

function rateOf({ count, wallMs }: Load): number {
  return (count * 1000) / wallMs;
}

async function repeat<T>(times: number, run: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let index = 0; index < times; index += 1) results.push(await run());
  return results;
}
