/**
 * The `claims` parameter: what a client says that it can handle, and what a resource asked it to bring.
 *
 * @see learn.microsoft.com/entra/identity-platform/claims-challenge
 * @see OpenID Connect Core 1.0 §5.5
 */
import { refused } from "./aadsts.ts";

/** What a claims request asks for in the access token. */
export interface ClaimsRequest {
  /** Known values of `xms_cc`, as sent; `undefined` when the client declares none. */
  readonly capabilities: readonly string[] | undefined;
  /** Second since 1970 UTC before which the token must not have been issued. */
  readonly notBeforeSeconds: number | undefined;
  /** Authentication contexts (`acrs`) that are essential. */
  readonly authenticationContexts: readonly string[];
}

/** The only capability that the service knows; compared without regard to case. */
const KNOWN_CAPABILITY = "cp1";

const NOTHING: ClaimsRequest = {
  capabilities: undefined,
  notBeforeSeconds: undefined,
  authenticationContexts: [],
};

/**
 * Reads a claims request.
 *
 * @param text - JSON, or `undefined` when the parameter is absent
 * @returns what it asks for; members that the emulator does not know are passed over, as essential ones may be
 * @throws {RefusedError} 90100 when it is not the JSON of an object
 */
export function readClaimsRequest(text: string | undefined): ClaimsRequest {
  if (text === undefined) return NOTHING;
  const wanted = memberOf(parse(text), "access_token");
  const capabilities = valuesOf(wanted, "xms_cc").filter((value) => value.toLowerCase() === KNOWN_CAPABILITY);
  const [notBefore] = valuesOf(wanted, "nbf");
  const seconds = Number(notBefore);
  return {
    capabilities: capabilities.length > 0 ? capabilities : undefined,
    notBeforeSeconds: notBefore === undefined || !Number.isFinite(seconds) ? undefined : Math.floor(seconds),
    authenticationContexts: memberOf(wanted, "acrs")?.["essential"] === true ? valuesOf(wanted, "acrs") : [],
  };
}

function parse(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused(90100, { name: "claims" });
  }
  const object = asObject(value);
  if (object === undefined) throw refused(90100, { name: "claims" });
  return object;
}

function memberOf(
  object: Record<string, unknown> | undefined,
  name: string,
): Record<string, unknown> | undefined {
  return asObject(object?.[name]);
}

/** `value` or `values` of a requested claim, as texts. */
function valuesOf(wanted: Record<string, unknown> | undefined, name: string): string[] {
  const claim = memberOf(wanted, name);
  const values = Array.isArray(claim?.["values"]) ? (claim["values"] as unknown[]) : [claim?.["value"]];
  return values.filter((value) => typeof value === "string" || typeof value === "number").map(String);
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
