import { fileURLToPath } from "node:url";
import { createClientAssertion } from "@nightlatch/credential";
import { createHttpsClient, drive } from "../https.ts";
import { type LocalCertificate, makeLocalCertificate } from "../local-certificate.ts";
import { isFullRun, judged, type Measure, median, type Row, shown } from "../measure.ts";
import {
  cpuMsOf,
  residentMiBOf,
  startEmulatorProcess,
  startNode,
  startProgram,
  withFolder,
} from "../processes.ts";
import { openRawConnection, writeFormPost } from "../raw-https.ts";
import { assertionForm, type BenchSchool, CLIENT_ID, tokenEndpoint, writeSchool } from "../school.ts";

const lanes = 10;
const rounds = 25;
const tokensPerRound = 800;
const tokensForMemory = Number(process.env["NIGHTLATCH_BENCH_TOKENS"] ?? (isFullRun ? 250_000 : 30_000));

export const tokensMeasure: Measure = {
  name: "tokens",
  title: "emulator, tokens by assertion with every check on, HTTPS, one core, 10 in flight",
  run: () =>
    withFolder(async (folder) => {
      const school = await writeSchool(folder, ["room-12@school.example"]);
      const local = makeLocalCertificate(folder);
      const bareMiB = await residentOfBareServer(local);
      const firstStartMiB = await residentOfFirstStart(folder, school);
      const emulator = await startEmulatorProcess(folder, school.seedFile, { core: 0 });
      const readyMiB = residentMiBOf(emulator.pid);
      const ours = await openIssuer(
        { pid: emulator.pid, ca: emulator.ca, endpoint: tokenEndpoint(emulator.origin) },
        school,
      );
      await ours.load(1);
      const idleMiB = residentMiBOf(emulator.pid);
      const bare = await startBareIssuer(local, school);
      const peer = await startOidcProvider(local, school);
      const loads = await raceIssuers({ ours, floor: bare.issuer, peer: peer.issuer });
      const oneCore = loads.ours.map(rateOf);
      const twoCores = await ratesOfTwoCores(folder, school);
      let count = 1 + (rounds + 1) * tokensPerRound;
      if (tokensForMemory > count) await ours.load(tokensForMemory - count);
      count = Math.max(count, tokensForMemory);
      const loadedMiB = residentMiBOf(emulator.pid);
      ours.close();
      await Promise.all([emulator.stop(), bare.stop(), peer.stop()]);
      return [
        ...speedRows(loads),
        shown("emulator, best round, both cores", Math.max(...twoCores), "/s"),
        judged("two cores, times one, medians", median(twoCores) / median(oneCore), "×", { atLeast: 1.4 }),
        shown("bare node:https server resident, idle after one request", bareMiB, "MiB"),
        shown("emulator resident, first start ever, which mints its CA and keys", firstStartMiB, "MiB"),
        judged("emulator resident, idle when it serves", readyMiB, "MiB", { atMost: 70 }),
        shown("emulator resident, idle after its first token", idleMiB, "MiB"),
        judged(`emulator resident, after ${count.toLocaleString("en")} tokens`, loadedMiB, "MiB", {
          atMost: 110,
        }),
      ];
    }),
};

function speedRows({ ours, floor, peer }: Record<"ours" | "floor" | "peer", readonly Load[]>): Row[] {
  const [oursMicros, floorMicros, peerMicros] = [ours, floor, peer].map(leastCpuMicros) as [
    number,
    number,
    number,
  ];
  const shares = ours.map((load, round) => (100 * cpuMicrosOf(floor[round] as Load)) / cpuMicrosOf(load));
  const timesPeer = ours.map((load, round) => rateOf(load) / rateOf(peer[round] as Load));
  return [
    shown("bare node:https, one RSA verify and sign, CPU of a token", floorMicros, "µs"),
    shown("emulator, CPU of a token", oursMicros, "µs"),
    shown("oidc-provider, CPU of a token", peerMicros, "µs"),
    judged("share of the bare server, by CPU, median of rounds", median(shares), "%", { atLeast: 90 }),
    judged("tokens per second, times oidc-provider, median of rounds", median(timesPeer), "×", {
      atLeast: 1.5,
    }),
    shown("bare node:https, best round", Math.max(...floor.map(rateOf)), "/s"),
    shown("emulator, best round", Math.max(...ours.map(rateOf)), "/s"),
    shown("oidc-provider, best round", Math.max(...peer.map(rateOf)), "/s"),
  ];
}

/** An emulator that was started with both cores at hand signs in the thread pool; the driver takes its share of them. */
async function ratesOfTwoCores(folder: string, school: BenchSchool): Promise<number[]> {
  const emulator = await startEmulatorProcess(folder, school.seedFile);
  const endpoint = tokenEndpoint(emulator.origin);
  const issuer = await openIssuer({ pid: emulator.pid, ca: emulator.ca, endpoint }, school);
  const rates: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const load = await issuer.load(tokensPerRound);
    if (round > 0) rates.push(rateOf(load));
  }
  await closeAndStop(issuer, emulator);
  return rates;
}

async function residentOfFirstStart(folder: string, { seedFile }: BenchSchool): Promise<number> {
  const emulator = await startEmulatorProcess(folder, seedFile);
  const residentMiB = residentMiBOf(emulator.pid);
  await emulator.stop();
  return residentMiB;
}

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
  load(count: number): Promise<Load>;
  close(): void;
}

interface IssuerProcess {
  readonly issuer: Issuer;
  stop(): Promise<void>;
}

async function startBareIssuer(local: LocalCertificate, school: BenchSchool): Promise<IssuerProcess> {
  const server = await startProgram<string>("token-server", {
    core: 0,
    env: { ...serverEnvironment(local, school), WORK: "verify-sign" },
  });
  const at = { pid: server.pid, ca: local.certificatePem, endpoint: `${server.greeting}/token` };
  const issuer = await openIssuer(at, school);
  return { issuer, stop: () => closeAndStop(issuer, server) };
}

/** It lets an assertion sign in once only, so each of its requests has one of its own. */
async function startOidcProvider(local: LocalCertificate, school: BenchSchool): Promise<IssuerProcess> {
  const scope = "calendars";
  const program = fileURLToPath(new URL("../programs/oidc-provider.mjs", import.meta.url));
  const env = { ...serverEnvironment(local, school), CLIENT_ID, SCOPE: scope };
  const server = await startNode([program], { core: 0, env });
  const issuer = await openIssuer(
    { pid: server.pid, ca: local.certificatePem, endpoint: server.greeting },
    school,
    { scope, assertions: (rounds + 1) * tokensPerRound },
  );
  return { issuer, stop: () => closeAndStop(issuer, server) };
}

async function closeAndStop(issuer: Issuer, server: { stop(): Promise<void> }): Promise<void> {
  issuer.close();
  await server.stop();
}

function serverEnvironment(local: LocalCertificate, { credential }: BenchSchool): NodeJS.ProcessEnv {
  return {
    CERTIFICATE_PEM: local.certificatePem,
    KEY_PEM: local.keyPem,
    CLIENT_PUBLIC_KEY_PEM: credential.certificate.publicKey
      .export({ type: "spki", format: "pem" })
      .toString(),
  };
}

/**
 * @param at - the server, and its token endpoint
 * @param school - whose certificate signs
 * @param options - scope of the requests, and how many different assertions they take in turn
 */
async function openIssuer(
  { pid, ca, endpoint }: { pid: number; ca: string; endpoint: string },
  school: BenchSchool,
  { scope, assertions = 200 }: { scope?: string; assertions?: number } = {},
): Promise<Issuer> {
  const requests: string[] = [];
  await drive(assertions, 8, async () => {
    const options = { clientId: CLIENT_ID, audience: endpoint, lifetimeSeconds: 3600 };
    const assertion = await createClientAssertion(school.credential, options);
    requests.push(writeFormPost(endpoint, assertionForm(assertion, scope)));
  });
  const connections = await Promise.all(Array.from({ length: lanes }, () => openRawConnection(endpoint, ca)));
  let sent = 0;
  const lane = async (connection: (typeof connections)[number], until: number): Promise<void> => {
    while (sent < until) {
      const request = requests[sent % requests.length] ?? "";
      sent += 1;
      const answer = await connection.send(request);
      if (!answer.startsWith("HTTP/1.1 200") || !answer.includes("access_token"))
        throw new Error(`${endpoint}: ${answer}`);
    }
  };
  return {
    close: () => {
      for (const connection of connections) connection.close();
    },
    load: async (count) => {
      const cpuMs = cpuMsOf(pid);
      const start = performance.now();
      const until = sent + count;
      await Promise.all(connections.map((connection) => lane(connection, until)));
      return { wallMs: performance.now() - start, cpuMs: cpuMsOf(pid) - cpuMs, count };
    },
  };
}

/** Loads the issuers in turn; the first round warms up. */
async function raceIssuers<Name extends string>(
  issuers: Record<Name, Issuer>,
): Promise<Record<Name, readonly Load[]>> {
  const entries = Object.entries(issuers) as [Name, Issuer][];
  const loads = Object.fromEntries(entries.map(([name]) => [name, []])) as unknown as Record<Name, Load[]>;
  for (let round = 0; round <= rounds; round += 1)
    for (const [name, issuer] of entries) {
      const load = await issuer.load(tokensPerRound);
      if (round > 0) loads[name].push(load);
    }
  return loads;
}

function rateOf({ count, wallMs }: Load): number {
  return (count * 1000) / wallMs;
}

function leastCpuMicros(loads: readonly Load[]): number {
  return Math.min(...loads.map(cpuMicrosOf));
}

function cpuMicrosOf({ cpuMs, count }: Load): number {
  return (cpuMs * 1000) / count;
}
