/**
 * The small door, `@nightlatch/credential/assertion`: what the token path needs, in five modules instead of thirty.
 *
 * Everything here is exported by `@nightlatch/credential` too.
 */
export * from "./client-assertion.ts";
export type { CertificateCredential } from "./credential.ts";
export * from "./errors.ts";
export {
  type CompactJws,
  type CompactJwsParts,
  createCompactJws,
  parseCompactJws,
} from "./jose/compact-jws.ts";
export type { Signer, SigningAlgorithm } from "./signing/signer.ts";
export type { Certificate } from "./x509/certificate.ts";
