/** The control API: reset, snapshots, clock, faults, records, tokens. Loopback only. */

import { JsonObject, JsonPlaceError } from "../directory/json-reader.ts";
import type { EntraContext } from "../entra/entra-context.ts";
import { EmulatorError } from "../errors.ts";
import type { EmulatorSwitches } from "../host/context.ts";
import type { FaultRegistry } from "../host/faults.ts";
import { type EmulatorRequest, type EmulatorResponse, json, type Surface } from "../host/http.ts";
import type { ListenerRequest } from "../host/listener.ts";
import type { RunningEmulator, Snapshot } from "../host/start.ts";
import { readFault } from "./fault-reader.ts";
import { openApiDocument } from "./openapi.ts";

/** What the control API moves. */
export interface Controls {
  readonly context: EntraContext;
  readonly emulator: RunningEmulator;
  /** Names beside the loopback ones under which the emulator is called. */
  readonly hostNames: readonly string[];
  readonly snapshots: Map<string, Snapshot>;
}

type Handler = (controls: Controls, body: JsonObject, request: EmulatorRequest) => unknown;

const BASE = "/emulator/v1";
const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"];

/** Handlers by method and path; a handler that returns nothing answers 204. */
const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ["GET /health", ({ emulator }) => ({ status: "ok", ...readyMembers(emulator) })],
  ["POST /reset", ({ emulator }) => emulator.reset()],
  ["GET /ca", ({ emulator }) => pem(emulator.caPem)],
  ["GET /openapi.json", (_controls, _body, request) => openApiDocument(`${request.origin}${BASE}`)],
  ["GET /clock", ({ emulator }) => clockState(emulator)],
  ["POST /clock", setClock],
  ["GET /faults", ({ emulator: { faults } }) => faultState(faults)],
  ["POST /faults", addFault],
  ["DELETE /faults", ({ emulator }) => emulator.faults.clear()],
  ["GET /requests", listRequests],
  ["DELETE /requests", ({ emulator }) => emulator.clearRequests()],
  ["GET /misses", ({ emulator }) => ({ misses: emulator.misses() })],
  ["GET /snapshots", ({ snapshots }) => ({ snapshots: [...snapshots.keys()] })],
  ["POST /snapshots", takeSnapshot],
  ["POST /tokens", ({ emulator }, body) => emulator.tokenFor(readTokenWish(body))],
  [
    "POST /keys/rotate",
    ({ emulator }, body) => emulator.rotateKeys((body.number("graceSeconds") ?? 86_400) * 1000),
  ],
  ["GET /switches", ({ context }) => context.switches],
  ["POST /switches", setSwitches],
  [
    "GET /revocations",
    async ({ context }) => (await import("./revocations.ts")).listRevocations(context.world),
  ],
  [
    "POST /revocations",
    async ({ emulator }, body) =>
      emulator.revokeTokens((await import("./revocations.ts")).readRevocationWish(body)),
  ],
  ["DELETE /revocations", ({ emulator }) => emulator.liftRevocations()],
  ["GET /tenants", ({ context }) => ({ tenants: describeTenants(context) })],
]);

/**
 * Makes the control API.
 *
 * @param controls - what it moves
 * @returns a surface; callers from elsewhere and pages of other origins get 403
 */
export function createControlSurface(controls: Controls): Surface {
  return async (request) => {
    if (!request.path.startsWith(`${BASE}/`)) return undefined;
    const refusal = refuseOutsiders(request as ListenerRequest, controls);
    if (refusal !== undefined) return refusal;
    try {
      return await answer(request, controls);
    } catch (error) {
      return problem(error);
    }
  };
}

async function answer(request: EmulatorRequest, controls: Controls): Promise<EmulatorResponse | undefined> {
  const method = request.method === "HEAD" ? "GET" : request.method;
  const path = request.path.slice(BASE.length).replace(/\/$/, "");
  const body = readBody(request);
  const handler = HANDLERS.get(`${method} ${path}`);
  const result =
    handler === undefined ? answerItem(method, path, controls) : await handler(controls, body, request);
  if (result === "absent") return undefined;
  if (result === undefined) return { status: 204 };
  return isResponse(result) ? result : json(200, result);
}

/** Routes with an id in the path. */
function answerItem(method: string, path: string, { emulator, snapshots }: Controls): unknown {
  const [, collection, id = "", action] = path.split("/");
  const name = decodeURIComponent(id);
  if (collection === "faults" && method === "DELETE" && action === undefined)
    return emulator.faults.remove(Number(name)) ? undefined : "absent";
  if (collection !== "snapshots") return "absent";
  const snapshot = snapshots.get(name);
  if (snapshot === undefined) return "absent";
  if (method === "POST" && action === "restore") return emulator.restore(snapshot);
  if (method !== "DELETE" || action !== undefined) return "absent";
  snapshots.delete(name);
  return undefined;
}

/** A page of another site must not reach this API through a name that it lets point to this machine. */
function refuseOutsiders(request: ListenerRequest, { hostNames }: Controls): EmulatorResponse | undefined {
  const isLocal = /^(::ffff:)?127\.|^::1$/.test(request.remoteAddress);
  const isOwnName = LOOPBACK_NAMES.includes(request.host) || hostNames.includes(request.host);
  const { origin } = request.headers;
  if (isLocal && isOwnName && (origin === undefined || origin === request.origin)) return undefined;
  return json(403, {
    error: { code: "Forbidden", message: "The control API answers this machine only, under its own name" },
  });
}

function readBody(request: EmulatorRequest): JsonObject {
  const text = request.body.toString("utf8").trim();
  if (text === "") return new JsonObject({}, "");
  try {
    return new JsonObject(JSON.parse(text), "");
  } catch (error) {
    if (error instanceof JsonPlaceError) throw error;
    throw new EmulatorError("EMULATOR_CONTROL_INVALID", "The body is not JSON");
  }
}

function problem(error: unknown): EmulatorResponse {
  if (error instanceof JsonPlaceError || error instanceof RangeError)
    return json(400, { error: { code: "EMULATOR_CONTROL_INVALID", message: error.message } });
  if (!(error instanceof EmulatorError)) throw error;
  return json(error.httpStatus, { error: { code: error.code, message: error.message, hint: error.hint } });
}

function readyMembers(emulator: RunningEmulator): Record<string, unknown> {
  const { origin, authority, graph, ews, portal, control, proxy, ca, tenantId, domain, pid } = emulator;
  return { origin, authority, graph, ews, portal, control, proxy, ca, tenantId, domain, pid };
}

function clockState({ clock }: RunningEmulator): Record<string, unknown> {
  return { now: new Date(clock.nowMs()).toISOString() };
}

function setClock({ emulator }: Controls, body: JsonObject): unknown {
  body.allowOnly("freeze", "advanceSeconds", "thaw", "reset");
  const { clock } = emulator;
  if (body.flag("reset")) clock.reset();
  if (typeof body.value["freeze"] === "string") clock.freeze(body.instantMs("freeze"));
  else if (body.flag("freeze")) clock.freeze();
  const seconds = body.number("advanceSeconds");
  if (seconds !== undefined) clock.advance(seconds * 1000);
  if (body.flag("thaw")) clock.thaw();
  return clockState(emulator);
}

function faultState(faults: FaultRegistry): Record<string, unknown> {
  return { faults: faults.list(), replicationDelaySeconds: faults.replicationDelayMs / 1000 };
}

function setSwitches({ emulator }: Controls, body: JsonObject): unknown {
  body.allowOnly("groupCalendarsAppOnly", "strictJti", "drawTokenLifetimes", "graphThrottle", "ews");
  const switches: Partial<Mutable<EmulatorSwitches>> = {};
  const groupCalendarsAppOnly = body.flag("groupCalendarsAppOnly");
  if (groupCalendarsAppOnly !== undefined) switches.groupCalendarsAppOnly = groupCalendarsAppOnly;
  const strictJti = body.flag("strictJti");
  if (strictJti !== undefined) switches.strictJti = strictJti;
  const drawTokenLifetimes = body.flag("drawTokenLifetimes");
  if (drawTokenLifetimes !== undefined) switches.drawTokenLifetimes = drawTokenLifetimes;
  const graphThrottle = body.value["graphThrottle"];
  if (typeof graphThrottle === "boolean") switches.graphThrottle = graphThrottle;
  else if (body.has("graphThrottle")) switches.graphThrottle = readNumbers(body, "graphThrottle");
  if (body.has("ews")) switches.ews = body.object("ews")?.value;
  return emulator.setSwitches(switches);
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

function readNumbers(body: JsonObject, name: string): Record<string, number> {
  const members = body.object(name);
  const names = Object.keys(members?.value ?? {});
  return Object.fromEntries(names.map((member) => [member, members?.number(member) ?? 0]));
}

function addFault({ emulator: { faults } }: Controls, body: JsonObject): unknown {
  if (body.text("kind") === "replicationDelay") {
    body.allowOnly("kind", "delaySeconds");
    faults.replicationDelayMs = (body.number("delaySeconds") ?? 0) * 1000;
    return faultState(faults);
  }
  return { id: faults.add(readFault(body)) };
}

function listRequests({ emulator }: Controls, _body: JsonObject, request: EmulatorRequest): unknown {
  return { requests: emulator.requests({ showSecrets: request.query.get("secrets") === "true" }) };
}

function takeSnapshot({ emulator, snapshots }: Controls, body: JsonObject): unknown {
  body.allowOnly("name");
  const name = body.text("name") ?? `snapshot-${snapshots.size + 1}`;
  snapshots.set(name, emulator.snapshot());
  return { name };
}

function readTokenWish(body: JsonObject): Parameters<RunningEmulator["tokenFor"]>[0] {
  body.allowOnly("tenantId", "roles", "scopes", "user", "audience", "expiresInSeconds", "claims");
  return {
    tenantId: body.text("tenantId"),
    roles: body.has("roles") ? body.texts("roles") : undefined,
    scopes: body.has("scopes") ? body.texts("scopes") : undefined,
    user: body.text("user"),
    audience: body.text("audience"),
    expiresInSeconds: body.number("expiresInSeconds"),
    claims: body.object("claims")?.value,
  };
}

function describeTenants({ world }: EntraContext): unknown[] {
  return [...world.tenants.values()].map(
    ({ tenantId, displayName, domains, users, groups, applications }) => ({
      tenantId,
      displayName,
      domains,
      users: users.size,
      groups: groups.size,
      applications: [...applications.values()].map(({ appId, displayName: name }) => ({
        appId,
        displayName: name,
      })),
    }),
  );
}

function pem(text: string): EmulatorResponse {
  return { status: 200, headers: { "Content-Type": "application/x-pem-file" }, body: text };
}

function isResponse(value: unknown): value is EmulatorResponse {
  return typeof (value as { status?: unknown }).status === "number";
}
