/**
 * The JWT by which an application proves to the token endpoint that it holds the key of its certificate.
 *
 * The rules are: thumbprints come from the certificate, never from the caller; the header is encoded once for each
 * credential; nothing but the signature costs time, and that runs where the signer runs.
 *
 * @see RFC 7521 §4.2, RFC 7523 §2.2 and §3
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
import type { CertificateCredential } from "./credential.ts";
import { CREDENTIAL_ERRORS, NightlatchError } from "./errors.ts";
import { encodeJson, signCompactJws } from "./jose/compact-jws.ts";
import type { SigningAlgorithm } from "./signing/signer.ts";

/** Options of {@link createClientAssertion}. */
export interface ClientAssertionOptions {
  /** Client id of the application, a GUID: becomes `iss` and `sub`. */
  readonly clientId: string;
  /** Address of the token endpoint: becomes `aud`. */
  readonly audience: string;
  /** Entra ID documents PS256; AD FS and older recipes use RS256. @defaultValue the signer's own, otherwise PS256 */
  readonly algorithm?: SigningAlgorithm | undefined;
  /**
   * Which hash of the certificate the header carries: `x5t#S256`, `x5t`, or neither, where `kid` or `x5c` names it.
   * @defaultValue "sha256" with PS256, "sha1" with RS256
   */
  readonly thumbprint?: "sha256" | "sha1" | "none" | undefined;
  /**
   * `kid` of the header: the thumbprint in upper-case hex, as ADAL and MSAL .NET wrote it, or in base64url, as AD FS
   * publishes it; or the name under which the server knows the key. @defaultValue none, as Entra ID documents
   */
  readonly kid?: KeyIdHeader | undefined;
  /** Whether the header carries the chain as `x5c`, for subject-name/issuer trust. @defaultValue false */
  readonly includeChain?: boolean | undefined;
  /** Seconds from `nbf` to `exp`. @defaultValue 600 */
  readonly lifetimeSeconds?: number | undefined;
  /** The instant that becomes `nbf` and `iat`. @defaultValue the clock of this machine */
  readonly now?: Date | undefined;
  /** Unique name of the assertion. @defaultValue a random UUID */
  readonly jti?: string | undefined;
  /** Further claims; they do not replace those above. @defaultValue none */
  readonly extraClaims?: Readonly<Record<string, unknown>> | undefined;
}

/** What the header's `kid` is made of: a form of the thumbprint, or a text of the server's. */
export type KeyIdHeader = "hex" | "base64url" | { readonly text: string };

/** Application id of Azure AD Graph, the audience of the proof that `addKey` and `removeKey` want. */
const PROOF_AUDIENCE = "00000002-0000-0000-c000-000000000000";

const proven = new WeakSet<CertificateCredential>();
const MOST_HEADERS = 32;
const encodedHeaders = new WeakMap<CertificateCredential, Map<string, string>>();

/**
 * Creates a client assertion.
 *
 * @param credential - certificate and signer
 * @param options - client id, audience and what departs from the defaults
 * @returns the assertion, a JWS in compact form
 * @throws {TypeError} when the client id or the audience is empty
 * @throws {RangeError} when the lifetime is not a positive number of seconds, or the signer cannot do the algorithm
 * @throws {@link NightlatchError} `CREDENTIAL_EXPIRED` when the certificate has expired since it was loaded,
 *   `CREDENTIAL_SIGNER_FAILED` and `CREDENTIAL_KEY_MISMATCH` when the signer returned no signature of its key
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createClientAssertion, createSelfSigned, parseCompactJws } from "@nightlatch/credential";
 *
 * const { credential } = await createSelfSigned({ subject: "CN=timetable" });
 * const assertion = await createClientAssertion(credential, {
 *   clientId: "2f877daa-b6f5-42a3-8430-acf238b234e1",
 *   audience: "https://login.microsoftonline.com/school.example/oauth2/v2.0/token",
 * });
 * const { protectedHeader } = parseCompactJws(assertion);
 * assert.equal(protectedHeader["alg"], "PS256");
 * assert.equal(protectedHeader["x5t#S256"], credential.certificate.thumbprintSha256.base64url);
 * ```
 * @see RFC 7523 §3
 */
export async function createClientAssertion(
  credential: CertificateCredential,
  options: ClientAssertionOptions,
): Promise<string> {
  if (options.clientId === "") throw new TypeError("A client assertion needs a client id");
  return createAssertion(credential, options, options.clientId, options.clientId);
}

/** Options of {@link createProofOfPossession}. */
export interface ProofOfPossessionOptions {
  /** Object id of the application (or service principal) whose keys are changed; not the client id. */
  readonly objectId: string;
  /** @defaultValue the signer's own, otherwise RS256, which Microsoft's example uses */
  readonly algorithm?: SigningAlgorithm | undefined;
  /** The instant that becomes `nbf`. @defaultValue the clock of this machine */
  readonly now?: Date | undefined;
}

/**
 * Creates the proof that Graph's `addKey` and `removeKey` want: signed by a key that is registered already.
 *
 * @param credential - the registered certificate with its signer
 * @param options - object id of the application
 * @returns the proof, a JWS in compact form, valid for ten minutes
 * @throws {TypeError} when the object id is empty
 * @throws {@link NightlatchError} `CREDENTIAL_EXPIRED`
 * @see https://learn.microsoft.com/graph/application-rollkey-prooftoken
 */
export async function createProofOfPossession(
  credential: CertificateCredential,
  options: ProofOfPossessionOptions,
): Promise<string> {
  if (options.objectId === "") throw new TypeError("A proof of possession needs an object id");
  const { now } = options;
  const algorithm = options.algorithm ?? credential.signer.algorithm ?? "RS256";
  return createAssertion(
    credential,
    { audience: PROOF_AUDIENCE, algorithm, now },
    options.objectId,
    undefined,
  );
}

async function createAssertion(
  credential: CertificateCredential,
  options: Omit<ClientAssertionOptions, "clientId">,
  issuer: string,
  subject: string | undefined,
): Promise<string> {
  const { signer } = credential;
  const algorithm = options.algorithm ?? signer.algorithm ?? "PS256";
  if (signer.algorithm !== undefined && signer.algorithm !== algorithm)
    throw new RangeError(`The signer can only do ${signer.algorithm}, not ${algorithm}`);
  if (options.audience === "") throw new TypeError("An assertion needs an audience");
  const lifetimeSeconds = options.lifetimeSeconds ?? 600;
  if (!(lifetimeSeconds > 0 && Number.isFinite(lifetimeSeconds)))
    throw new RangeError(`The lifetime must be a positive number of seconds, got ${lifetimeSeconds}`);
  const nowMs = options.now?.getTime() ?? Date.now();
  if (nowMs > credential.certificate.notAfter.getTime() && credential.allowExpired !== true)
    throw expired(credential);
  const nbf = Math.floor(nowMs / 1000);
  const claims = {
    ...options.extraClaims,
    aud: options.audience,
    iss: issuer,
    sub: subject,
    jti: options.jti ?? crypto.randomUUID(),
    nbf,
    exp: nbf + Math.round(lifetimeSeconds),
    iat: nbf,
  };
  const header = encodedHeader(credential, algorithm, options);
  const { keySizeBits } = credential.certificate;
  const signatureBytes = keySizeBits === undefined ? undefined : Math.ceil(keySizeBits / 8);
  const jws = await signCompactJws(header, encodeJson(claims), signer, algorithm, signatureBytes);
  if (!proven.has(credential)) await prove(credential, jws, algorithm);
  return jws;
}

/** Credentials put together by hand, or without the check at the time, are checked by their first signature. */
async function prove(credential: CertificateCredential, jws: string, alg: SigningAlgorithm): Promise<void> {
  const { constants, verify } = await import("node:crypto");
  const end = jws.lastIndexOf(".");
  const key = credential.certificate.publicKey;
  const how =
    alg === "PS256"
      ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
      : { key, padding: constants.RSA_PKCS1_PADDING };
  const signature = Buffer.from(jws.slice(end + 1), "base64url");
  if (!verify("sha256", Buffer.from(jws.slice(0, end), "latin1"), how, signature)) {
    const { subject, thumbprintSha1 } = credential.certificate;
    throw new NightlatchError(
      CREDENTIAL_ERRORS,
      "CREDENTIAL_KEY_MISMATCH",
      `Cannot sign as the certificate "${subject}" (SHA-1 thumbprint ${thumbprintSha1.hex}): the signature does not verify with its public key`,
      { hint: `Give the certificate of the key that signs, and sign by ${alg} over the bytes as they are` },
    );
  }
  proven.add(credential);
}

function encodedHeader(
  credential: CertificateCredential,
  alg: SigningAlgorithm,
  { thumbprint, kid, includeChain = false }: Omit<ClientAssertionOptions, "clientId">,
): string {
  let headers = encodedHeaders.get(credential);
  if (headers === undefined) {
    headers = new Map();
    encodedHeaders.set(credential, headers);
  }
  const own = typeof kid === "object" ? kid.text : undefined;
  const name = `${alg} ${thumbprint} ${includeChain} ${own === undefined ? kid : ` ${own}`}`;
  let header = headers.get(name);
  if (header === undefined) {
    const { certificate, chain } = credential;
    const hash = thumbprint ?? (alg === "PS256" ? "sha256" : "sha1");
    const isSha1 = hash === "sha1" || (hash === "none" && alg === "RS256");
    const { hex, base64url } = isSha1 ? certificate.thumbprintSha1 : certificate.thumbprintSha256;
    const named = hash === "none" ? {} : isSha1 ? { x5t: base64url } : { "x5t#S256": base64url };
    const keyId = own ?? (kid === "hex" ? hex : kid === "base64url" ? base64url : undefined);
    if (keyId === "" || (hash === "none" && keyId === undefined && !includeChain))
      throw new TypeError("The header has to name the key: by thumbprint, kid or includeChain");
    const x5c = includeChain ? chain.map((one) => Buffer.from(one.der).toString("base64")) : undefined;
    header = encodeJson({ alg, typ: "JWT", kid: keyId, ...named, x5c });
    // A server's own names for keys are few; a program that makes them up must not fill the memory.
    if (headers.size >= MOST_HEADERS) headers.clear();
    headers.set(name, header);
  }
  return header;
}

function expired(credential: CertificateCredential): Error {
  const { certificate } = credential;
  return new NightlatchError(
    CREDENTIAL_ERRORS,
    "CREDENTIAL_EXPIRED",
    `Cannot sign the client assertion: the certificate "${certificate.subject}" (SHA-1 thumbprint ${certificate.thumbprintSha1.hex}) expired at ${certificate.notAfter.toISOString()}`,
    { details: { thumbprintSha1: certificate.thumbprintSha1.hex } },
  );
}
