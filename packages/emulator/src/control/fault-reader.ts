/** Reads a fault from the body of a control request. */
import { type JsonObject, JsonPlaceError } from "../directory/json-reader.ts";
import { isKnownCode } from "../entra/aadsts.ts";
import type { Fault, FaultAction, FaultEndpoint } from "../host/faults.ts";

const ENDPOINTS: readonly string[] = ["token", "authorize", "discovery", "graph", "ews", "any"];
const FILTERS = ["kind", "endpoint", "times", "probability", "seed", "pathPrefix", "method"];

/**
 * Reads a fault.
 *
 * @param body - `{"endpoint":"token","kind":"aadsts","code":700016,"times":2}`
 * @returns the fault
 * @throws {JsonPlaceError} naming the member that cannot be used
 */
export function readFault(body: JsonObject): Fault {
  const endpoint = body.text("endpoint") ?? "any";
  if (!ENDPOINTS.includes(endpoint))
    throw new JsonPlaceError(
      body.at("endpoint"),
      `must be one of ${ENDPOINTS.join(", ")}, not "${endpoint}"`,
    );
  return {
    ...readAction(body),
    endpoint: endpoint as FaultEndpoint,
    times: body.number("times"),
    probability: body.number("probability"),
    seed: body.number("seed"),
    pathPrefix: body.text("pathPrefix"),
    method: body.text("method"),
  };
}

function readAction(body: JsonObject): FaultAction {
  const kind = body.requiredText("kind");
  switch (kind) {
    case "aadsts": {
      body.allowOnly(...FILTERS, "code", "claims");
      const code = requiredNumber(body, "code");
      if (!isKnownCode(code))
        throw new JsonPlaceError(body.at("code"), `names AADSTS${code}, which is not in the table`);
      return { kind, code, claims: body.text("claims") };
    }
    case "status": {
      body.allowOnly(...FILTERS, "status", "body", "headers");
      const status = requiredNumber(body, "status");
      if (!(Number.isInteger(status) && status >= 200 && status <= 599))
        throw new JsonPlaceError(body.at("status"), `must be an HTTP status from 200 to 599, not ${status}`);
      const headers = Object.entries(body.object("headers")?.value ?? {}).map(([name, value]) => [
        name,
        String(value),
      ]);
      return {
        kind,
        status,
        body: body.text("body"),
        headers: Object.fromEntries(headers) as Record<string, string>,
      };
    }
    case "latency":
      body.allowOnly(...FILTERS, "latencyMs");
      return { kind, latencyMs: requiredNumber(body, "latencyMs") };
    case "drop": {
      body.allowOnly(...FILTERS, "when");
      return { kind, when: body.text("when") === "after" ? "after" : "before" };
    }
    case "throttle":
      body.allowOnly(...FILTERS, "retryAfterSeconds");
      return { kind, retryAfterSeconds: requiredNumber(body, "retryAfterSeconds") };
    default:
      throw new JsonPlaceError(
        body.at("kind"),
        `must be one of aadsts, status, latency, drop, throttle, replicationDelay, not "${kind}"`,
      );
  }
}

function requiredNumber(body: JsonObject, name: string): number {
  const number = body.number(name);
  if (number === undefined) throw new JsonPlaceError(body.at(name), "must be a number");
  return number;
}
