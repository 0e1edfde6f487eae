/** From a request to its answer: fault, surface, record. */
import type { EntraContext } from "../entra/entra-context.ts";
import { createEntraSurface } from "../entra/surface.ts";
import { EmulatorError } from "../errors.ts";
import type { FaultAction, FaultEndpoint } from "./faults.ts";
import { type EmulatorResponse, json, type Surface } from "./http.ts";
import type { ListenerAnswer, ListenerHandler, ListenerRequest } from "./listener.ts";
import type { Recorder } from "./recorder.ts";
import { chooseSurface, type SurfaceName } from "./router.ts";

/** Called before a request is handled; refuses what could not be made durable. */
export type Admit = (request: ListenerRequest, surface: SurfaceName) => Promise<void> | void;

/** Called after a request was handled and before it is answered. */
export type Acknowledge = (request: ListenerRequest, surface: SurfaceName) => Promise<void> | void;

/** Called when whatever a request changed is settled, through whichever surface it came. */
export type AfterRequest = (request: ListenerRequest, surface: SurfaceName) => void;

/** Makes the surfaces beside Entra when they are first needed. */
export type SurfaceLoaders = Readonly<Partial<Record<SurfaceName, () => Promise<Surface> | Surface>>>;

/**
 * Makes the handler of the listener.
 *
 * @param context - the emulator
 * @param recorder - where requests are kept
 * @param loaders - surfaces beside Entra
 * @param hooks - `admit` refuses requests whose changes could not be kept, `acknowledge` makes changes durable before
 *   the answer leaves, `after` tells others of them
 * @returns the handler
 */
export function createDispatcher(
  context: EntraContext,
  recorder: Recorder,
  loaders: SurfaceLoaders,
  hooks: { readonly admit: Admit; readonly acknowledge: Acknowledge; readonly after: AfterRequest },
): ListenerHandler {
  const surfaces = new Map<SurfaceName, Promise<Surface> | Surface>([["entra", createEntraSurface(context)]]);
  const surfaceOf = (name: SurfaceName): Promise<Surface> | Surface | undefined => {
    const known = surfaces.get(name);
    if (known !== undefined) return known;
    const loaded = loaders[name]?.();
    if (loaded !== undefined) surfaces.set(name, loaded);
    return loaded;
  };
  const serve = (
    request: ListenerRequest,
    name: SurfaceName,
  ): Promise<EmulatorResponse | undefined> | EmulatorResponse | undefined => {
    const surface = surfaceOf(name);
    return surface instanceof Promise ? surface.then((loaded) => loaded(request)) : surface?.(request);
  };
  /** Said once, not for every request that a full disk makes fail. */
  let lastRefusal = "";
  return async (request) => {
    const name = chooseSurface(request);
    let isMiss = false;
    let answer: ListenerAnswer;
    try {
      const admitted = hooks.admit(request, name);
      if (admitted !== undefined) await admitted;
      const isQuiet = context.faults.isQuiet || name === "control";
      const answered = await (isQuiet
        ? serve(request, name)
        : withFaults(request, name, context, () => serve(request, name)));
      isMiss = answered === undefined;
      answer = answered ?? notFound(request, name);
      const acknowledged = hooks.acknowledge(request, name);
      if (acknowledged !== undefined) await acknowledged;
      hooks.after(request, name);
      if (lastRefusal !== "" && request.method !== "GET") lastRefusal = "";
    } catch (error) {
      if (error instanceof EmulatorError) {
        if (error.message !== lastRefusal) context.note(`${error.message}. ${error.hint}`);
        lastRefusal = error.message;
        answer = refused(request, name, error);
      } else {
        context.note(`${request.method} ${request.path} failed: ${(error as Error).stack ?? String(error)}`);
        answer = serverError(request, name);
      }
    }
    if (name !== "control" || isMiss)
      recorder.record(
        request,
        answer === "drop" ? { status: 0 } : answer,
        name,
        context.clock.nowMs(),
        isMiss,
      );
    return answer;
  };
}

async function withFaults(
  request: ListenerRequest,
  name: SurfaceName,
  context: EntraContext,
  serve: () => Promise<EmulatorResponse | undefined> | EmulatorResponse | undefined,
): Promise<ListenerAnswer | undefined> {
  const endpoint = endpointOf(request, name);
  const actions = context.faults.decide(request, endpoint, callerOf(request), context.clock.nowMs());
  let dropsAfter = false;
  for (const action of actions) {
    if (action.kind === "latency") await new Promise((resolve) => setTimeout(resolve, action.latencyMs));
    else if (action.kind === "drop" && action.when === "after") dropsAfter = true;
    else return failing(action, request, endpoint, context);
  }
  const answer = await serve();
  return dropsAfter ? "drop" : answer;
}

async function failing(
  action: FaultAction,
  request: ListenerRequest,
  endpoint: FaultEndpoint,
  context: EntraContext,
): Promise<ListenerAnswer> {
  switch (action.kind) {
    case "aadsts":
      return (await import("../entra/armed-refusal.ts")).armedRefusal(request, action, context);
    case "status":
      return { status: action.status, headers: { ...action.headers }, body: action.body ?? "" };
    case "throttle":
      return tooManyRequests(request, endpoint, action.retryAfterSeconds);
    default:
      return "drop";
  }
}

/** The body at the token endpoint may be plain text, which clients must survive. */
function tooManyRequests(
  request: ListenerRequest,
  endpoint: FaultEndpoint,
  retryAfterSeconds: number,
): EmulatorResponse {
  const headers = { "Retry-After": String(retryAfterSeconds) };
  if (endpoint !== "graph")
    return { status: 429, headers: { ...headers, "Content-Type": "text/plain" }, body: "Too Many Requests" };
  const date = new Date().toISOString().slice(0, 19);
  const innerError = { date, "request-id": request.id, "client-request-id": request.id };
  return json(429, { error: { code: "TooManyRequests", message: "Too many requests", innerError } }, headers);
}

function endpointOf({ path }: ListenerRequest, name: SurfaceName): FaultEndpoint {
  if (name === "graph" || name === "ews") return name;
  if (path.endsWith("/token") || /\/token\/*$/i.test(path)) return "token";
  if (/\/(authorize|devicecode)/i.test(path)) return "authorize";
  return "discovery";
}

/** Throttling is per application: its client id where the request names one, otherwise its token's, otherwise its address. */
function callerOf(request: ListenerRequest): string {
  const inForm = /(?:^|&)client_id=([0-9a-f-]{36})/i.exec(request.body.toString("latin1", 0, 4096))?.[1];
  if (inForm !== undefined) return inForm.toLowerCase();
  const payload = request.headers.authorization?.split(".")[1];
  if (payload === undefined) return request.remoteAddress;
  const claims = Buffer.from(payload, "base64url").toString("utf8");
  return /"(?:appid|azp)":"([^"]+)"/.exec(claims)?.[1] ?? request.remoteAddress;
}

function notFound(request: ListenerRequest, name: SurfaceName): EmulatorResponse {
  const isGone = name === "none";
  return json(404, {
    error: {
      code: isGone ? "ServiceRetired" : "NotFound",
      message: isGone
        ? `${request.host} was retired by Microsoft and is not emulated`
        : `The emulator has no ${request.method} ${request.path}`,
    },
  });
}

/** What the emulator itself cannot do; no client takes the status for one of the service's, and none tries again. */
function refused(request: ListenerRequest, name: SurfaceName, error: EmulatorError): EmulatorResponse {
  const message = `${error.message}. ${error.hint}`;
  if (name !== "entra") return json(error.httpStatus, { error: { code: error.code, message } });
  return json(error.httpStatus, {
    error: "server_error",
    error_description: message,
    trace_id: request.id,
  });
}

function serverError(request: ListenerRequest, name: SurfaceName): EmulatorResponse {
  if (name !== "entra")
    return json(500, {
      error: { code: "InternalServerError", message: "The emulator failed; its log says why" },
    });
  return json(500, {
    error: "server_error",
    error_description: "The emulator failed; its log says why",
    trace_id: request.id,
  });
}
