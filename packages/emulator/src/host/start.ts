/** Starting an emulator: keys, seed, listener, proxy. */

import type { IssuedToken, TokenWish } from "../control/administrator-token.ts";
import type { IssuedRevocation, RevocationWish } from "../control/revocations.ts";
import type { World } from "../directory/directory.ts";
import type { EntraContext, EntraSettings } from "../entra/entra-context.ts";
import { KeyRing } from "../entra/key-ring.ts";
import { Sealer } from "../entra/sealed.ts";
import { peekDirectoryState } from "../graph/tenant-state.ts";
import type { DataDirectory } from "../persistence/data-directory.ts";
import { EmulatorClock } from "./clock.ts";
import type { EmulatorSwitches } from "./context.ts";
import { DEFAULT_SEED } from "./default-seed.ts";
import { createDispatcher, type SurfaceLoaders } from "./dispatch.ts";
import { FaultRegistry } from "./faults.ts";
import type { EmulatorRequest } from "./http.ts";
import { listen } from "./listener.ts";
import { type LocalKeys, openLocalKeys } from "./local-keys.ts";
import { startProxy } from "./proxy.ts";
import { type Miss, type RecordedRequest, Recorder } from "./recorder.ts";
import type { SurfaceName } from "./router.ts";
import { buildWorld, readSeedFile, type Seed } from "./seed.ts";

/** How an emulator is started. */
export interface EmulatorOptions {
  /** A seed, or the path of a seed file. @defaultValue a sample school, tenant school.example */
  readonly seed?: Seed | string | undefined;
  /** HTTPS port; 0 picks a free one. @defaultValue 0 */
  readonly port?: number | undefined;
  /** Port of the forward proxy; 0 picks a free one. @defaultValue the HTTPS port + 1, or 0 when that is 0 */
  readonly proxyPort?: number | undefined;
  /** Address to bind. @defaultValue both loopback addresses */
  readonly address?: string | undefined;
  /** Directory with the local CA and the issuer's key. @defaultValue `${NIGHTLATCH_HOME || ~/.nightlatch}/emulator` */
  readonly stateDir?: string | undefined;
  /** Directory that keeps the world over restarts. @defaultValue nothing is kept */
  readonly dataDir?: string | undefined;
  /** Further DNS names or IP addresses under which the emulator is called, for example a container's name. */
  readonly hostNames?: readonly string[] | undefined;
  /** Hosts beside Microsoft's that the proxy really calls; `*` allows all. @defaultValue none */
  readonly allowHosts?: readonly string[] | undefined;
  readonly switches?: Partial<EmulatorSwitches> | undefined;
  readonly entra?: Partial<EntraSettings> | undefined;
  /** Told what whoever runs the emulator should know. @defaultValue nobody */
  readonly note?: ((text: string) => void) | undefined;
}

/** The members of the ready line. */
export interface ReadyLine {
  readonly ready: true;
  readonly origin: string;
  readonly authority: string;
  readonly graph: string;
  readonly ews: string;
  readonly portal: string;
  readonly control: string;
  readonly proxy: string;
  /** Path of ca.pem. */
  readonly ca: string;
  /** GUID of the first tenant. */
  readonly tenantId: string;
  /** Default domain of the first tenant. */
  readonly domain: string;
  readonly pid: number;
}

/** A snapshot; only good for the emulator that made it. */
export interface Snapshot {
  readonly world: World;
}

/** An emulator that serves. */
export interface RunningEmulator extends ReadyLine {
  /** PEM of the local CA. */
  readonly caPem: string;
  readonly clock: EmulatorClock;
  readonly faults: FaultRegistry;
  /** Returns to the seed; clock, faults, records and signing keys start afresh. */
  reset(): void;
  /** @returns a copy of the world */
  snapshot(): Snapshot;
  /** Puts the world back to a snapshot. */
  restore(snapshot: Snapshot): void;
  /** @returns the last requests, secrets masked unless asked for */
  requests(options?: { readonly showSecrets?: boolean }): RecordedRequest[];
  /** @returns what was asked for and is not emulated */
  misses(): Miss[];
  /**
   * Changes switches while the emulator runs; those that are not named stay. A reset undoes it.
   *
   * @param switches - new values
   * @returns all switches
   */
  setSwitches(switches: Partial<EmulatorSwitches>): EmulatorSwitches;
  /** Forgets the recorded requests and misses. */
  clearRequests(): void;
  /** Issues a token without a sign-in; the service has nothing like it. */
  tokenFor(wish: TokenWish): Promise<IssuedToken>;
  /**
   * Lets Graph answer an application or user whose tokens say `xms_cc` cp1 with a claims challenge.
   *
   * @param wish - whose tokens, and why
   * @returns what is refused from now on
   */
  revokeTokens(wish: RevocationWish): Promise<IssuedRevocation>;
  /** Takes back all of {@link RunningEmulator.revokeTokens}. */
  liftRevocations(): Promise<void>;
  /**
   * Signs with a new key from now on; the old one stays published and verifies for a grace.
   *
   * @param graceMs - milliseconds. @defaultValue one day
   * @returns ids of the published keys, the signing one first
   */
  rotateKeys(graceMs?: number): Promise<{ readonly kids: readonly string[] }>;
  /** Stops serving and ends every connection. */
  close(): Promise<void>;
}

/**
 * Starts an emulator. Several may run in one process and share nothing but the local CA.
 *
 * @param options - seed, ports, directories
 * @returns the emulator, already serving
 * @throws {EmulatorError} `EMULATOR_SEED_INVALID`, `EMULATOR_PORT_IN_USE`, `EMULATOR_STATE_UNREADABLE`,
 *   `EMULATOR_DATA_IN_USE`, `EMULATOR_DATA_UNREADABLE`, `EMULATOR_DATA_UNWRITABLE`
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { startEmulator } from "@nightlatch/emulator";
 *
 * const emulator = await startEmulator({ port: 0 });
 * assert.equal(emulator.domain, "school.example");
 * await emulator.close();
 * ```
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<RunningEmulator> {
  const recorder = new Recorder();
  const note = (text: string): void => {
    // Surfaces say so when they are asked for an option or property that they do not have.
    if (text.startsWith("miss: ")) recorder.missOption(text.slice(6));
    options.note?.(text);
  };
  const seed = typeof options.seed === "string" ? readSeedFile(options.seed) : (options.seed ?? DEFAULT_SEED);
  // Keys come from the disk or the thread pool; the seed is read meanwhile.
  const opening = openLocalKeys(options.stateDir, options.hostNames);
  opening.catch(() => {});
  const clock = new EmulatorClock();
  const world = buildWorld(seed, clock.nowMs(), note);
  const { keys: localKeys, caPath } = await opening;
  const context = createContext(options, world, clock, localKeys, note);
  const caPem = localKeys.ca.certificatePem;
  let emulator: RunningEmulator | undefined;
  const loaders: SurfaceLoaders = {
    graph: async () => (await import("../graph/surface.ts")).createGraphSurface(context),
    ews: async () => (await import("../ews/surface.ts")).createEwsSurface(context),
    control: async () => {
      const { createControlSurface } = await import("../control/surface.ts");
      const { hostNames = [] } = options;
      return createControlSurface({
        context,
        emulator: emulator as RunningEmulator,
        hostNames,
        snapshots: new Map(),
      });
    },
  };
  const data = await openData(options.dataDir, context);
  const handler = createDispatcher(context, recorder, loaders, {
    // Elsewhere a POST mostly reads: tokens are issued and calendars are read while the disk is full.
    admit: (request, surface) =>
      data === undefined || surface !== "graph" || !mayChange(request, surface)
        ? undefined
        : data.admit(context),
    acknowledge: (request, surface) =>
      data === undefined || !mayChange(request, surface)
        ? undefined
        : data.save(context, mayChangeDirectory(request, surface)),
    after: (request, surface) => {
      if (mayChange(request, surface)) notifySubscribers(context);
    },
  });
  const { port: wantedPort = 0, address } = options;
  const listener = await listen({ port: wantedPort, address, leaf: localKeys.leaf, caPem }, handler);
  context.port = listener.port;
  const proxy = await startProxy({
    port: options.proxyPort ?? (wantedPort === 0 ? 0 : wantedPort + 1),
    emulatorPort: listener.port,
    allowHosts: options.allowHosts ?? [],
    address,
  }).catch(async (error: unknown) => {
    await listener.close();
    await data?.close(context);
    throw error;
  });
  emulator = {
    ...readyLine(context, caPath, proxy.port),
    caPem,
    ...controlsOf(context, recorder, seed, options),
    close: async () => {
      await Promise.all([listener.close(), proxy.close()]);
      await data?.close(context);
    },
  };
  return emulator;
}

async function openData(path: string | undefined, context: EntraContext): Promise<DataDirectory | undefined> {
  if (path === undefined) return undefined;
  const { DataDirectory } = await import("../persistence/data-directory.ts");
  return DataDirectory.open(path, context);
}

/** Whoever subscribed hears of every change of a mailbox, whichever surface it came through. */
function notifySubscribers(context: EntraContext): void {
  const hasAny = [...context.world.tenants.values()].some(
    (tenant) => (peekDirectoryState(tenant)?.subscriptions.size ?? 0) > 0,
  );
  if (!hasAny) return;
  void import("../graph/subscriptions/deliver.ts").then(({ deliverNotifications }) =>
    deliverNotifications(context),
  );
}

/** Reading changes nothing, but for sign-in pages, which may leave consent and accounts behind. */
function mayChange({ method, path }: EmulatorRequest, surface: SurfaceName): boolean {
  if (surface === "control" && path === "/emulator/v1/tokens") return false;
  if (method !== "GET" && method !== "HEAD" && method !== "OPTIONS") return true;
  return surface === "entra" && /\/authorize/i.test(path);
}

/** Writing events is frequent and touches mailboxes only; everything else may touch any object. */
function mayChangeDirectory({ path }: EmulatorRequest, surface: SurfaceName): boolean {
  if (surface === "ews") return false;
  if (surface === "entra") return !path.endsWith("/token");
  return !/^\/(v1\.0|beta)\/(users\/[^/]+|me)\/(calendar|calendars|calendarView|events)(\/|$)/.test(path);
}

type MutableContext = EntraContext & { port: number; switches: EmulatorSwitches };

function initialSwitches(options: EmulatorOptions): EmulatorSwitches {
  return { groupCalendarsAppOnly: false, strictJti: false, ...options.switches };
}

function createContext(
  options: EmulatorOptions,
  world: World,
  clock: EmulatorClock,
  localKeys: LocalKeys,
  note: (text: string) => void,
): MutableContext {
  return {
    world,
    clock,
    keys: new KeyRing(localKeys.issuer, clock),
    switches: initialSwitches(options),
    note,
    sealer: new Sealer(localKeys.sealKeyBase64url),
    settings: {
      errorStyle: "current",
      accessTokenLifetimeSeconds: 3599,
      clockSkewSeconds: 300,
      ...options.entra,
    },
    faults: new FaultRegistry(),
    signIns: { redeemedCodes: new Map(), deviceFlows: new Map(), seenJtis: new Map() },
    port: 0,
  };
}

type ControlMembers = Omit<RunningEmulator, keyof ReadyLine | "caPem" | "close">;

function controlsOf(
  context: MutableContext,
  recorder: Recorder,
  seed: Seed,
  options: EmulatorOptions,
): ControlMembers {
  return {
    clock: context.clock,
    faults: context.faults,
    reset: () => {
      context.switches = initialSwitches(options);
      reset(context, seed, recorder);
    },
    setSwitches: (switches) => {
      context.switches = { ...context.switches, ...switches };
      return context.switches;
    },
    snapshot: () => ({ world: structuredClone(context.world) }),
    restore: ({ world }) => {
      context.world = structuredClone(world);
    },
    requests: ({ showSecrets = false } = {}) => recorder.list(showSecrets),
    misses: () => recorder.misses(),
    clearRequests: () => recorder.clear(),
    tokenFor: async (wish) => {
      const { issueAdministratorToken } = await import("../control/administrator-token.ts");
      return issueAdministratorToken(wish, context);
    },
    revokeTokens: async (wish) => {
      const { revokeTokens } = await import("../control/revocations.ts");
      return revokeTokens(wish, context);
    },
    liftRevocations: async () => {
      const { liftRevocations } = await import("../control/revocations.ts");
      liftRevocations(context.world);
    },
    rotateKeys: async (graceMs = 86_400_000) => {
      const { mintIssuerKey } = await import("./mint-certificates.ts");
      context.keys.rotate(await mintIssuerKey(), graceMs);
      return { kids: context.keys.all.map(({ kid }) => kid) };
    },
  };
}

function reset(context: EntraContext, seed: Seed, recorder: Recorder): void {
  context.clock.reset();
  context.faults.clear();
  context.keys.reset();
  recorder.clear();
  context.signIns.redeemedCodes.clear();
  context.signIns.deviceFlows.clear();
  context.signIns.seenJtis.clear();
  context.world = buildWorld(seed, context.clock.nowMs(), context.note);
}

function readyLine({ world, port }: EntraContext, caPath: string, proxyPort: number): ReadyLine {
  const origin = `https://localhost:${port}`;
  const [tenant] = world.tenants.values();
  return {
    ready: true,
    origin,
    authority: origin,
    graph: `${origin}/v1.0`,
    ews: `${origin}/EWS/Exchange.asmx`,
    portal: `${origin}/portal`,
    control: `${origin}/emulator/v1`,
    proxy: `http://localhost:${proxyPort}`,
    ca: caPath,
    tenantId: tenant?.tenantId ?? "",
    domain: tenant?.domains[0] ?? "",
    pid: process.pid,
  };
}
