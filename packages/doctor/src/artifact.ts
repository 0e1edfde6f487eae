/**
 * What the recognisers find in a paste: one interface per kind of thing, read but not judged.
 *
 * The rules are: a recogniser accepts malformed things and says what it saw; judgement is the checks' business;
 * `summary` is safe to print.
 */
import type { KeyObject, X509Certificate } from "node:crypto";
import type { GraphEvents, IcsCalendar } from "./calendar-artifact.ts";
import type { Found } from "./origin.ts";

/** The bracketed reason of 700027 and its relatives. */
export interface AssertionReason {
  readonly kind: "keyNotFound" | "keyExpired" | "signature" | "other";
  readonly text: string;
  /** Upper-case hex as printed. */
  readonly thumbprintHex: string | undefined;
  readonly foundKey: { readonly start: Date | undefined; readonly end: Date | undefined } | undefined;
  /** Client id as printed in the help tail. */
  readonly appId: string | undefined;
  readonly mentionsSubjectNameIssuer: boolean;
}

/** An answer of the token endpoint, or the part of it that survived. */
export interface SignInError extends Found {
  readonly kind: "signInError";
  /** Innermost first. */
  readonly codes: readonly number[];
  readonly error: string | undefined;
  /** Text after `AADSTS<code>:` without the trace suffix. */
  readonly description: string;
  readonly suberror: string | undefined;
  readonly claims: string | undefined;
  readonly correlationId: string | undefined;
  readonly traceId: string | undefined;
  readonly timestamp: Date | undefined;
  readonly reason: AssertionReason | undefined;
}

/** What a JWT was used as, when the surroundings say so. */
export type JwtUse = "clientAssertion" | "bearer" | "idToken" | "proof";

/** What a JWT is by its claims. */
export type JwtNature = "assertion" | "accessToken" | "idToken" | "proof" | "federated" | "other";

/** A JWT, compact or already decoded, whole or broken. */
export interface Jwt extends Found {
  readonly kind: "jwt";
  readonly nature: JwtNature;
  readonly use: JwtUse | undefined;
  readonly header: Readonly<Record<string, unknown>> | undefined;
  readonly payload: Readonly<Record<string, unknown>> | undefined;
  /** `undefined` when only decoded parts were given. */
  readonly compact: CompactJws | undefined;
  /** The decoded parts may be incomplete: what is missing may just not have been pasted. */
  readonly isFragment: boolean;
}

/** The outer form of a compact JWT. */
export interface CompactJws {
  /** Secret as long as it is valid: never printed. */
  readonly text: string;
  readonly partCount: number;
  readonly defects: readonly JwsDefect[];
  readonly signature: Uint8Array | undefined;
  readonly signingInput: string;
}

/** What is wrong with the outer form of a compact JWT. */
export type JwsDefect =
  | "partCount"
  | "padding"
  | "alphabet"
  | "whitespace"
  | "prefix"
  | "headerNotJson"
  | "payloadNotJson"
  | "signatureEmpty";

/** `x-ms-diagnostics` of Exchange. */
export interface Diagnostics extends Found {
  readonly kind: "diagnostics";
  readonly id: number;
  readonly reason: string;
  readonly category: string | undefined;
}

/** `WWW-Authenticate` of a resource. */
export interface Challenge extends Found {
  readonly kind: "challenge";
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** A Graph (or old Azure AD Graph, or OData) error. */
export interface GraphError extends Found {
  readonly kind: "graphError";
  readonly code: string;
  readonly message: string;
  readonly innerCodes: readonly string[];
  readonly status: number | undefined;
}

/** An EWS response code or SOAP fault. */
export interface EwsError extends Found {
  readonly kind: "ewsError";
  readonly responseCode: string;
  readonly message: string;
  readonly backOffMilliseconds: number | undefined;
}

/** One entry of `keyCredentials`, members as written. */
export interface KeyCredentialEntry {
  readonly index: number;
  readonly members: Readonly<Record<string, unknown>>;
  /** Certificate in `value` or `key`, when it can be read. */
  readonly certificate: CertificateRead | undefined;
  /** What `value` or `key` holds. */
  readonly valueForm: ValueForm;
}

/** What the `value` (or `key`) of an entry holds. */
export type ValueForm =
  | "absent"
  | "null"
  | "der"
  | "derWithBreaks"
  | "pem"
  | "base64OfPem"
  | "privateKey"
  | "pfx"
  | "cut"
  | "placeholder"
  | "garbage";

/** An application manifest, or a part of one. */
export interface Manifest extends Found {
  readonly kind: "manifest";
  readonly format: "graph" | "azureAdGraph" | "unknown";
  readonly appId: string | undefined;
  readonly objectId: string | undefined;
  readonly entries: readonly KeyCredentialEntry[];
  /** True when `keyCredentials` (or an entry) was there at all. */
  readonly hasKeyCredentials: boolean;
  readonly members: Readonly<Record<string, unknown>>;
  /** Reason why it is not JSON, when it had to be read leniently. */
  readonly syntaxError: string | undefined;
  readonly isFragment: boolean;
}

/** A certificate that node:crypto could read. */
export interface CertificateRead {
  readonly x509: X509Certificate;
  readonly der: Uint8Array;
  readonly sha1Hex: string;
  readonly sha256Hex: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** The PEM text exactly as it stood in the input, when it was PEM. */
  readonly pemText: string | undefined;
}

/** A certificate in the input. */
export interface CertificateArtifact extends Found, CertificateRead {
  readonly kind: "certificate";
  readonly encoding: "pem" | "der" | "base64" | "x5c" | "manifest" | "pfx";
}

/** A private key in the input; the key itself stays inside. */
export interface PrivateKeyArtifact extends Found {
  readonly kind: "privateKey";
  readonly key: KeyObject | undefined;
  readonly state: "read" | "encrypted" | "wrongPassphrase" | "unreadable";
}

/** A PEM text that had to be repaired, or could not be. */
export interface PemDefect extends Found {
  readonly kind: "pemDefect";
  readonly defect:
    | "newlinesEscaped"
    | "newlinesLost"
    | "cut"
    | "unreadableCertificate"
    | "certificateRequest";
  readonly label: string;
}

/** A PKCS#12 file. */
export interface Pfx extends Found {
  readonly kind: "pfx";
  readonly bytes: Uint8Array;
  readonly legacyCiphers: readonly string[];
}

/** A bare thumbprint. */
interface ThumbprintArtifact extends Found {
  readonly kind: "thumbprint";
  readonly text: string;
}

/** A body for the token endpoint, or the parts of one. */
export interface TokenRequest extends Found {
  readonly kind: "tokenRequest";
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  readonly form: "form" | "json" | "multipart" | "list";
  readonly basicClientId: string | undefined;
  /** True when variables in it are filled in before it is sent. */
  readonly isTemplate?: boolean | undefined;
  /** When it was sent, as a HAR file tells. */
  readonly sentAt?: Date | undefined;
  /** Status of the answer, as a HAR file tells. */
  readonly answeredWith?: number | undefined;
}

/** A request to an API, without its secrets. */
export interface HttpRequestRead extends Found {
  readonly kind: "httpRequest";
  readonly method: string;
  readonly url: string;
  /** Lower-case names; `authorization` is reduced to its scheme. */
  readonly headers: Readonly<Record<string, string>>;
  readonly hasBearerToken: boolean;
  /** True when only an address was pasted, so that nothing is known of headers. */
  readonly isBareAddress?: boolean | undefined;
  /** True when a SOAP body has an ExchangeImpersonation header; `undefined` without SOAP body. */
  readonly impersonates: boolean | undefined;
}

/** An HTTP answer. */
interface HttpResponseRead extends Found {
  readonly kind: "httpResponse";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** A code that a text speaks of without showing that it was met. */
interface Mention extends Found {
  readonly kind: "mention";
  /** `AADSTS…`, or a code of Graph or Exchange. */
  readonly code: string;
}

/** A sentence of a client library or a tool that the doctor knows. */
interface LibraryMessage extends Found {
  readonly kind: "libraryMessage";
  readonly messageId: string;
  readonly quoted: string;
}

/** What the log of a program or the window of a shell tells. */
export interface LogFact extends Found {
  readonly kind: "logFact";
  readonly fact: LogFactName;
  /** What was read out of it, by name. */
  readonly values: Readonly<Record<string, string | number>>;
}

/** Facts that are read from logs and shells. */
export type LogFactName =
  | "sourceEmpty"
  | "tokensCached"
  | "tokenCacheDefault"
  | "tokenCacheSlow"
  | "tokenRequestsRepeated"
  | "policyCommand"
  | "policyDenied"
  | "roleOutOfScope";

/** A mistake that stands in pasted program code. */
export interface CodeMistake extends Found {
  readonly kind: "codeMistake";
  readonly mistake: string;
  /** The place in the code, secrets masked. */
  readonly quoted: string;
}

/** Program code that signs in, whether or not a mistake stands in it. */
export interface CodeSnippet extends Found {
  readonly kind: "code";
  readonly language: string;
}

/** What the validator of an own API did not like about a token. */
export type TokenRefusalReason = "issuer" | "audience" | "signature" | "lifetime" | "notYet";

/** The refusal of a token by an API that is none of Microsoft's. */
export interface TokenRefusal extends Found {
  readonly kind: "tokenRefusal";
  readonly reason: TokenRefusalReason;
  /** What the token has, or the key that it names. */
  readonly actual: string | undefined;
  /** What the API expects. */
  readonly expected: string | undefined;
  readonly quoted: string;
}

/** The refusal of a request by one of Microsoft's APIs, without its reason. */
export interface BareRefusal extends Found {
  readonly kind: "bareRefusal";
  readonly status: number;
  readonly url: string;
}

/** A value of a configuration file that is wrong by itself, or beside an error that it explains. */
export interface SettingMistake extends Found {
  readonly kind: "settingMistake";
  readonly mistake: SettingMistakeName;
  readonly name: string;
  readonly value: string;
}

/** Mistakes in settings of programs. */
export type SettingMistakeName =
  | "tokenUrlAuthorize"
  | "userInfoMissing"
  | "refreshTokenMissing"
  | "vaultDataHex"
  | "variableEmpty";

/** Anything that a recogniser can find. */
export type Artifact =
  | IcsCalendar
  | GraphEvents
  | LogFact
  | CodeMistake
  | CodeSnippet
  | SignInError
  | Jwt
  | Diagnostics
  | Challenge
  | GraphError
  | EwsError
  | Manifest
  | CertificateArtifact
  | PrivateKeyArtifact
  | PemDefect
  | Pfx
  | ThumbprintArtifact
  | TokenRequest
  | HttpRequestRead
  | HttpResponseRead
  | Mention
  | LibraryMessage
  | TokenRefusal
  | SettingMistake
  | BareRefusal;

/** Kind of an artifact. */
export type ArtifactKind = Artifact["kind"];

/** The artifact type of a kind. */
export type ArtifactOf<K extends ArtifactKind> = Extract<Artifact, { kind: K }>;
