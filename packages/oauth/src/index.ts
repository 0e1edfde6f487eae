export * from "./authorization-code/authorization-url.ts";
export * from "./authorization-code/request.ts";
export * from "./claims-challenge.ts";
export * from "./client-assertion-factory.ts";
export {
  assertionAuthentication,
  CLIENT_ASSERTION_TYPE,
  type ClientAuthentication,
  certificateAuthentication,
  secretAuthentication,
} from "./client-authentication.ts";
export * from "./client-credentials/request.ts";
export * from "./confidential-client.ts";
export * from "./entra/authority.ts";
export * from "./entra/clouds.ts";
export * from "./entra/refusal.ts";
export * from "./entra/token-response.ts";
export * from "./entra-client-auth.ts";
export { OAUTH_ERRORS, type OauthErrorCode } from "./errors.ts";
export * from "./inspect-access-token.ts";
export * from "./nightlatch-credential.ts";
export * from "./on-behalf-of/request.ts";
export * from "./pkce.ts";
export * from "./refresh-token/request.ts";
export type { ApplicationKey } from "./registration/application-keys.ts";
export * from "./registration/errors.ts";
export * from "./registration/graph-directory-client.ts";
export * from "./registration/register-application.ts";
export * from "./registration/rotate-certificate.ts";
export type { RotatedCertificate, RotationStep } from "./registration/rotation/rotation-state.ts";
export type { AbortSignalLike } from "./single-flight.ts";
export * from "./token-cache/conformance.ts";
export * from "./token-cache/file.ts";
export * from "./token-cache/memory.ts";
export * from "./token-cache/postgres.ts";
export type { SealedBy } from "./token-cache/seal.ts";
export * from "./token-cache/token-cache.ts";
export type { AccessToken } from "./token-cache/token-map.ts";
export type { TokenRequestOptions } from "./token-exchange.ts";
export { correlationHeaders } from "./transport/correlation.ts";
export * from "./transport/retry.ts";
export * from "./transport/retry-after.ts";
export * from "./transport/transport.ts";
export type { OauthWarning, WarningListener } from "./warnings.ts";
