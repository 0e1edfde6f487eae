/** Codes of this floor: what can go wrong between an application and the token endpoint. */
import { type ErrorOptions, type ErrorTable, NightlatchError } from "@nightlatch/credential/assertion";

const refusedBeforeTheWire = { retryable: false, exitCode: 2, httpStatus: 500 } as const;
const networkFailure = { retryable: true, exitCode: 1, httpStatus: 502 } as const;
const trustFailure = { retryable: false, exitCode: 1, httpStatus: 502 } as const;

/** Codes of this floor. */
export const OAUTH_ERRORS = {
  OAUTH_REFUSED: {
    title: "The token endpoint refused the request and said why",
    hint: "Read the AADSTS number in the message: it names what the service did not accept",
    retryable: false,
    exitCode: 4,
    httpStatus: 401,
  },
  OAUTH_UNREADABLE_ANSWER: {
    title: "What came back is not an answer of a token endpoint: plain text, a proxy's page, broken JSON",
    hint: "Look at the status and the beginning of the body: a proxy or a gateway may have answered in place of the service",
    retryable: false,
    exitCode: 1,
    httpStatus: 502,
  },
  OAUTH_AUTHORITY_UNFIT: {
    title: "The authority host is not an https origin",
    hint: "Give https://login.microsoftonline.com, the host of your national cloud, or the origin of an emulator",
    ...refusedBeforeTheWire,
  },
  OAUTH_TENANT_UNFIT: {
    title: "The tenant is neither a GUID nor a domain name, or it is common where one tenant has to be named",
    hint: "Give the directory (tenant) id, a GUID, or a verified domain of the tenant",
    ...refusedBeforeTheWire,
  },
  OAUTH_TENANT_NOT_ALLOWED: {
    title: "A token of another tenant was asked for, and that tenant is not on the list",
    hint: "Name the tenant in additionallyAllowedTenants, or allow any with *",
    ...refusedBeforeTheWire,
  },
  OAUTH_SCOPE_UNFIT: {
    title: "Client credentials need exactly one scope that ends in /.default",
    hint: "Ask for the resource and /.default; the permissions come from the registration, not from the scope",
    ...refusedBeforeTheWire,
  },
  OAUTH_STATE_MISMATCH: {
    title: "The answer of the sign-in page belongs to another request",
    hint: "Begin the sign-in again and compare with the state that was sent with it",
    retryable: false,
    exitCode: 1,
    httpStatus: 400,
  },
  OAUTH_TOKEN_UNREADABLE: {
    title: "The text is not a JSON Web Token that can be read",
    hint: "Give the access token itself, three parts joined by dots, without the word Bearer",
    retryable: false,
    exitCode: 1,
    httpStatus: 400,
  },
  OAUTH_CACHE_UNUSABLE: {
    title: "The token cache cannot be used",
    hint: "Check that the place of the cache exists, belongs to this user and can be written",
    retryable: false,
    exitCode: 1,
    httpStatus: 500,
  },
  OAUTH_ABORTED: {
    title: "The caller gave up before the answer came",
    hint: "Call again when the result is wanted after all",
    retryable: true,
    exitCode: 1,
    httpStatus: 503,
  },
  OAUTH_NETWORK_INSECURE: {
    title: "A request that is not https was asked for",
    hint: "Use an https address: tokens and assertions are never sent in the clear",
    ...refusedBeforeTheWire,
  },
  OAUTH_NETWORK_DNS: {
    title: "The host name could not be resolved",
    hint: "Check the spelling of the host, the network, and whether a proxy has to be used (HTTPS_PROXY)",
    ...networkFailure,
  },
  OAUTH_NETWORK_CONNECT: {
    title: "No connection to the host: refused or unreachable",
    hint: "Check that the host and port are right, that it serves, and that no firewall stands between",
    ...networkFailure,
  },
  OAUTH_NETWORK_TLS_UNTRUSTED: {
    title: "The certificate of the server is signed by nobody this program trusts",
    hint: "Name the CA's certificate (option ca, or NODE_EXTRA_CA_CERTS): a proxy that inspects TLS and an emulator have their own CA",
    ...trustFailure,
  },
  OAUTH_NETWORK_TLS_EXPIRED: {
    title: "The certificate of the server is expired or not yet valid",
    hint: "Compare this machine's clock with the dates of the server's certificate",
    ...trustFailure,
  },
  OAUTH_NETWORK_TLS_NAME: {
    title: "The certificate of the server is for another host name",
    hint: "Use the name that stands in the certificate; behind a hosts entry or proxy somebody else may be answering",
    ...trustFailure,
  },
  OAUTH_NETWORK_TLS: {
    title: "The TLS handshake failed",
    hint: "Check that the port speaks TLS 1.2 or later and that nothing between breaks it",
    ...trustFailure,
  },
  OAUTH_NETWORK_PROXY: {
    title: "The proxy could not be reached or refused the connection",
    hint: "Check HTTPS_PROXY (host, port, user and password) and NO_PROXY",
    ...trustFailure,
  },
  OAUTH_NETWORK_TIMEOUT: {
    title: "No complete answer within the time allowed",
    hint: "Try again, or allow more time",
    ...networkFailure,
  },
  OAUTH_NETWORK_LOST: {
    title: "The connection broke before the answer was complete",
    hint: "Try again; a write may have been carried out although its answer was lost",
    ...networkFailure,
  },
  OAUTH_NETWORK_TOO_LARGE: {
    title: "The answer is larger than the bound",
    hint: "Ask for less at a time, or raise maxResponseBytes",
    ...trustFailure,
  },
} as const satisfies ErrorTable;

/** Any code of this floor. */
export type OauthErrorCode = keyof typeof OAUTH_ERRORS;

/**
 * Builds an error of this floor.
 *
 * @param code - a code of {@link OAUTH_ERRORS}
 * @param message - what failed, the value quoted, no full stop, no secret
 * @param options - facts, cause and a hint for this very case
 * @returns the error, to be thrown by the caller
 */
export function oauthError(
  code: OauthErrorCode,
  message: string,
  options: ErrorOptions = {},
): NightlatchError {
  return new NightlatchError(OAUTH_ERRORS, code, message, options);
}
