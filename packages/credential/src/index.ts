export * from "./client-assertion.ts";
export {
  type CertificateCredential,
  type CertificateCredentialOptions,
  createCertificateCredential,
} from "./credential.ts";
export * from "./errors.ts";
export {
  type CompactJws,
  type CompactJwsParts,
  createCompactJws,
  parseCompactJws,
} from "./jose/compact-jws.ts";
export * from "./jose/jwk-thumbprint.ts";
export * from "./manifest/key-credential.ts";
export * from "./manifest/merge.ts";
export * from "./reading/parse-certificate.ts";
export * from "./reading/read-credential.ts";
export {
  type ReadCredentialFileOptions,
  readCredentialFile,
} from "./reading/read-credential-file.ts";
export * from "./reading/reloading-credential.ts";
export * from "./signing/key-vault-signer.ts";
export * from "./signing/pkcs11-signer.ts";
export * from "./signing/signer.ts";
export * from "./write-file-atomic.ts";
export { type Certificate, isIssuedBy } from "./x509/certificate.ts";
export * from "./x509/expiry.ts";
export * from "./x509/self-signed.ts";
export * from "./x509/thumbprint.ts";
