/** One request to Graph as the handlers see it: who asks, what for, and with which options. */
import type { Tenant } from "../directory/directory.ts";
import type { AccessTokenClaims } from "../entra/access-token.ts";
import type { EmulatorContext } from "../host/context.ts";
import type { EmulatorRequest } from "../host/http.ts";
import { GraphFault } from "./errors.ts";
import type { Preferences } from "./headers.ts";

/** A JSON object as it was sent. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Who asks. */
export interface Caller {
  /** True for an application without a user. */
  readonly isApplication: boolean;
  /** Application (client) id. */
  readonly appId: string;
  /** Object id of the service principal or user. */
  readonly objectId: string;
  /** Application permissions, or the delegated ones of the token. */
  readonly permissions: ReadonlySet<string>;
}

/** A request on its way through a handler. */
export interface GraphCall {
  readonly request: EmulatorRequest;
  readonly context: EmulatorContext;
  readonly tenant: Tenant;
  readonly claims: AccessTokenClaims;
  readonly caller: Caller;
  readonly version: "v1.0" | "beta";
  /** Decoded values of the variable segments of the path. */
  readonly params: Readonly<Record<string, string>>;
  readonly preferences: Preferences;
  /** `https://graph.microsoft.com/v1.0` as the client addressed it. */
  readonly serviceRoot: string;
}

/** What a handler answers. */
export interface GraphReply {
  readonly status: number;
  /** Serialised as JSON; absent for an empty answer. */
  readonly body?: unknown;
  /** Bytes that are no JSON, instead of a body. */
  readonly content?: { readonly type: string; readonly bytes: Uint8Array } | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Does what a route promises. */
export type GraphHandler = (call: GraphCall) => GraphReply | Promise<GraphReply>;

/**
 * Reads the body of a write.
 *
 * @param call - the request
 * @param options - `mayBeEmpty`: take an absent body as `{}`
 * @returns the JSON object
 * @throws {GraphFault} BadRequest when it is no JSON object or its type is not announced
 */
export function readJsonBody(call: GraphCall, options: { readonly mayBeEmpty?: boolean } = {}): JsonObject {
  const { body, headers } = call.request;
  if (body.length === 0 && options.mayBeEmpty === true) return {};
  if (headers["content-type"] === undefined)
    throw new GraphFault(
      "BadRequest",
      "Write requests (excluding DELETE) must contain the Content-Type header declaration.",
    );
  const unreadable = new GraphFault(
    "BadRequest",
    "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
  );
  if (!/json/i.test(headers["content-type"])) throw unreadable;
  try {
    const value: unknown = JSON.parse(body.toString("utf8").replace(/^\uFEFF/, ""));
    if (isJsonObject(value)) return value;
  } catch {
    throw unreadable;
  }
  throw unreadable;
}

/**
 * Reads the parameters of an action. Their names are taken in any case of letters: the documentation writes them one
 * way, the service's own description and the SDKs that were generated from it another.
 *
 * @param call - the request
 * @param options - as in {@link readJsonBody}
 * @returns values by name in lower case
 * @throws {GraphFault} as {@link readJsonBody}
 */
export function readActionParameters(
  call: GraphCall,
  options: { readonly mayBeEmpty?: boolean } = {},
): ReadonlyMap<string, unknown> {
  return new Map(
    Object.entries(readJsonBody(call, options)).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

/**
 * Tells JSON objects from other values.
 *
 * @param value - parsed JSON
 * @returns true for an object that is no array and not null
 */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Gets a segment of the path that the route declares.
 *
 * @param call - the request
 * @param name - name of the variable segment
 * @returns its decoded value
 * @throws {RangeError} when the route has no such segment
 */
export function param(call: GraphCall, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new RangeError(`Unknown path variable "${name}"`);
  return value;
}
