/** Tells the ways apart in which a request can fail, from what Node reports. */
import { isNightlatchError, NightlatchError } from "@nightlatch/credential/assertion";
import { OAUTH_ERRORS, type OauthErrorCode } from "../errors.ts";

/** How far a request had come. */
export interface ExchangeState {
  /** Host and port. */
  readonly host: string;
  readonly method: string;
  /** Whether the request may have reached the server. */
  sent: boolean;
  /** Whether it went over a connection that had served before. */
  reused: boolean;
  /** Status, once the head of the answer was there. */
  status?: number | undefined;
}

const UNTRUSTED = new Set([
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "CERT_UNTRUSTED",
  "CERT_SIGNATURE_FAILURE",
  "CERT_CHAIN_TOO_LONG",
  "CERT_REVOKED",
  "INVALID_CA",
  "INVALID_PURPOSE",
]);
const DATES = new Set(["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"]);
const UNREACHABLE = new Set([
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "EHOSTDOWN",
  "ENETDOWN",
  "EACCES",
]);

/**
 * Turns what Node reports into an error of this floor.
 *
 * @param cause - error event of the request, the connection or the answer
 * @param state - how far the request had come
 * @returns the error; `details` holds `host`, `method`, `cause` (Node's code), `answerLost`, `reusedConnection`, and
 *   `status` when the head of the answer had arrived
 */
export function networkError(cause: unknown, state: ExchangeState): NightlatchError {
  if (isNightlatchError(cause)) return cause;
  const system = codeOf(cause);
  const [code, what] = classify(system, state);
  const details = {
    host: state.host,
    method: state.method,
    cause: system,
    answerLost: state.sent,
    reusedConnection: state.reused,
    ...(state.status === undefined ? {} : { status: state.status }),
  };
  const retryable = system === "ENOTFOUND" ? false : undefined;
  return new NightlatchError(OAUTH_ERRORS, code, `Cannot ${state.method} ${state.host}: ${what}`, {
    details,
    retryable,
    cause: plainCause(cause, system),
  });
}

function classify(system: string, state: ExchangeState): readonly [OauthErrorCode, string] {
  if (system === "NIGHTLATCH_ABORTED") return ["OAUTH_ABORTED", "the caller gave up"];
  if (system === "NIGHTLATCH_DEADLINE" || system === "ETIMEDOUT") {
    return ["OAUTH_NETWORK_TIMEOUT", state.sent ? "no complete answer in time" : "no connection in time"];
  }
  if (system === "NIGHTLATCH_TOO_LARGE") return ["OAUTH_NETWORK_TOO_LARGE", "the answer is too large"];
  if (system === "ENOTFOUND" || system.startsWith("EAI_")) {
    return ["OAUTH_NETWORK_DNS", `the host name was not found (${system})`];
  }
  if (UNREACHABLE.has(system)) return ["OAUTH_NETWORK_CONNECT", `no connection (${system})`];
  if (UNTRUSTED.has(system)) {
    return ["OAUTH_NETWORK_TLS_UNTRUSTED", `the server's certificate is not trusted (${system})`];
  }
  if (DATES.has(system)) {
    return ["OAUTH_NETWORK_TLS_EXPIRED", `the server's certificate is outside its dates (${system})`];
  }
  if (system === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return ["OAUTH_NETWORK_TLS_NAME", "the server's certificate is for another name"];
  }
  if (system.startsWith("ERR_SSL_") || system.startsWith("ERR_TLS_") || system === "EPROTO") {
    return ["OAUTH_NETWORK_TLS", `the TLS handshake failed (${system})`];
  }
  if (system.startsWith("HPE_")) {
    return ["OAUTH_UNREADABLE_ANSWER", `what came back is not HTTP (${system})`];
  }
  return ["OAUTH_NETWORK_LOST", `the connection broke (${system})`];
}

function codeOf(cause: unknown): string {
  const code = (cause as { code?: unknown } | null | undefined)?.code;
  return typeof code === "string" ? code : "unknown";
}

/** Parser errors carry the raw packet, which may hold a token: only name, message and code go on. */
function plainCause(cause: unknown, system: string): unknown {
  if (!(cause instanceof Error)) return undefined;
  if (system === "NIGHTLATCH_ABORTED") return cause.cause;
  if (!("rawPacket" in cause)) return cause;
  return Object.assign(new Error(cause.message), { code: system });
}
