/**
 * Everything of one question on one table: the artifacts of all inputs, and what follows from them together.
 */
import type { Artifact, ArtifactKind, ArtifactOf, CertificateRead, Jwt } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import { readWrittenThumbprint, toHex } from "../thumbprint-form.ts";

/** A certificate known by its thumbprint, registered or at hand. */
export interface KnownCertificate {
  readonly sha1Hex: string | undefined;
  readonly sha256Hex: string | undefined;
  readonly isRegistered: boolean;
  /** Where it is known from, for the reader. */
  readonly source: string;
  readonly certificate: CertificateRead | undefined;
}

/** What a check looks at. */
export interface CaseFile {
  readonly artifacts: readonly Artifact[];
  readonly now: Date;
  /** https origin at which tokens are asked for, when the caller knows it. */
  readonly authorityHost: string | undefined;
  /** When the failure happened: the error's own time stamp, a `Date` header, else now. */
  readonly failedAt: Date;
  /** True when `failedAt` comes from the service. */
  readonly isFailureDated: boolean;
  readonly certificates: readonly KnownCertificate[];
  readonly assertions: readonly Jwt[];
}

/** One question: artifacts in, findings out; no input, no output besides. */
export type Check = (file: CaseFile) => Finding[];

/**
 * Lays out the artifacts for the checks.
 *
 * @param artifacts - everything that was recognised
 * @param now - the present
 * @param authorityHost - https origin of the authority, when it is known
 * @returns the case file
 */
export function openCaseFile(
  artifacts: readonly Artifact[],
  now: Date,
  authorityHost?: string | undefined,
): CaseFile {
  const dated = failureTime(artifacts);
  return {
    artifacts,
    now,
    authorityHost: authorityHost?.replace(/\/+$/, ""),
    failedAt: dated ?? now,
    isFailureDated: dated !== undefined,
    certificates: knownCertificates(artifacts),
    assertions: artifacts.filter(
      (item): item is Jwt =>
        item.kind === "jwt" && (item.nature === "assertion" || item.use === "clientAssertion"),
    ),
  };
}

/**
 * Lists the artifacts of one kind.
 *
 * @param file - the case file
 * @param kind - kind of artifact
 * @returns artifacts of that kind, in the order of the input
 */
export function allOf<K extends ArtifactKind>(file: CaseFile, kind: K): Array<ArtifactOf<K>> {
  return file.artifacts.filter((item): item is ArtifactOf<K> => item.kind === kind);
}

/**
 * Tells whether one of the sign-in errors has one of these codes.
 *
 * @param file - the case file
 * @param codes - AADSTS numbers
 * @returns true when there is one
 */
export function hasCode(file: CaseFile, ...codes: readonly number[]): boolean {
  return allOf(file, "signInError").some((error) => error.codes.some((code) => codes.includes(code)));
}

/**
 * Finds the sign-in errors whose text says something, whatever number it came with: before 2019 the texts of the
 * 7000xx codes arrived as 50012 and 50027.
 *
 * @param file - the case file
 * @param pattern - what the text has to say
 * @returns true when there is one
 */
export function hasText(file: CaseFile, pattern: RegExp): boolean {
  return allOf(file, "signInError").some((error) => pattern.test(error.description));
}

/**
 * The text of a claim, when it is a string.
 *
 * @param jwt - the token
 * @param name - name of the claim
 * @returns the string, or `undefined`
 */
export function claim(jwt: Jwt, name: string): string | undefined {
  const value = jwt.payload?.[name];
  return typeof value === "string" ? value : undefined;
}

/**
 * A time claim as a number, also when it was written as a string of digits, as MSAL.NET does.
 *
 * @param jwt - the token
 * @param name - `exp`, `nbf` or `iat`
 * @returns the number as it stands in the token, or `undefined`
 */
export function timeClaim(jwt: Jwt, name: string): number | undefined {
  const value = jwt.payload?.[name];
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (typeof value === "string" && /^\d{1,17}(?:\.\d{1,9})?$/.test(value)) return Number(value);
  return undefined;
}

/** A GUID in its usual form. */
export const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Finds the client id that the inputs speak of, for commands and snippets.
 *
 * @param file - the case file
 * @returns a GUID, or `undefined`
 */
export function clientIdOf(file: CaseFile): string | undefined {
  const candidates = [
    ...allOf(file, "tokenRequest").map((request) => request.parameters["client_id"]),
    ...file.assertions.map((jwt) => claim(jwt, "iss")),
    ...allOf(file, "signInError").map((error) => error.reason?.appId),
    ...allOf(file, "manifest").map((manifest) => manifest.appId),
    ...allOf(file, "jwt").map((jwt) => claim(jwt, "appid") ?? claim(jwt, "azp")),
    ...allOf(file, "signInError").map(
      (error) => /[Aa]pplication (?:with identifier )?'([0-9a-f-]{36})'/.exec(error.description)?.[1],
    ),
  ];
  return candidates.find((value) => value !== undefined && GUID.test(value));
}

/**
 * Finds the address of the token endpoint that was called.
 *
 * @param file - the case file
 * @returns the address without its query, or `undefined`
 */
export function tokenEndpointOf(file: CaseFile): string | undefined {
  const url = allOf(file, "tokenRequest").find((request) => request.url !== undefined)?.url;
  return url?.split(/[?#]/)[0];
}

/**
 * Finds the tenant that the inputs speak of.
 *
 * @param file - the case file
 * @returns GUID or domain, or `undefined`
 */
export function tenantOf(file: CaseFile): string | undefined {
  const fromUrl = /^https?:\/\/[^/]+\/([^/?#]+)\/oauth2/i.exec(tokenEndpointOf(file) ?? "")?.[1];
  const fromToken = allOf(file, "jwt").map((jwt) => claim(jwt, "tid"))[0];
  const fromAud = file.assertions
    .map(
      (jwt) =>
        /^https?:\/\/[^/]+\/([0-9a-f-]{36}|[\w-]+(?:\.[\w-]+)+)(?:\/|$)/i.exec(claim(jwt, "aud") ?? "")?.[1],
    )
    .find((value) => value !== undefined);
  return [fromUrl, fromToken, fromAud].find(
    (value) => value !== undefined && !/^(?:common|organizations|consumers)$/i.test(value),
  );
}

/**
 * Reads a `customKeyIdentifier` in any of the forms in which it is found.
 *
 * @param value - member of an entry
 * @returns thumbprint in upper-case hex, or `undefined` when it is none
 */
export function identifierThumbprint(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const read = readWrittenThumbprint(value);
  return read === undefined ? undefined : toHex(read.bytes);
}

function failureTime(artifacts: readonly Artifact[]): Date | undefined {
  const stamps = artifacts
    .filter((item) => item.kind === "signInError")
    .map((item) => item.timestamp)
    .filter((stamp) => stamp !== undefined);
  const [first] = stamps;
  if (first !== undefined) {
    // Errors of different days tell nothing about one assertion.
    return stamps.every((stamp) => Math.abs(stamp.getTime() - first.getTime()) < 60_000) ? first : undefined;
  }
  for (const item of artifacts) {
    if (item.kind !== "httpResponse" || item.headers["date"] === undefined) continue;
    const date = new Date(item.headers["date"]);
    if (!Number.isNaN(date.getTime())) return date;
  }
  return undefined;
}

function knownCertificates(artifacts: readonly Artifact[]): KnownCertificate[] {
  const known: KnownCertificate[] = [];
  for (const item of artifacts) {
    if (item.kind === "certificate" && item.encoding !== "x5c") {
      known.push({
        sha1Hex: item.sha1Hex,
        sha256Hex: item.sha256Hex,
        isRegistered: item.encoding === "manifest",
        source: `${item.origin.input}, ${item.origin.place}`,
        certificate: item,
      });
    }
    if (item.kind === "manifest") {
      for (const entry of item.entries) {
        if (entry.certificate !== undefined) continue;
        const hex = identifierThumbprint(entry.members["customKeyIdentifier"]);
        if (hex !== undefined)
          known.push(byThumbprint(hex, true, `${item.origin.input}, entry ${entry.index + 1}`));
      }
    }
    if (item.kind === "thumbprint") {
      const read = readWrittenThumbprint(item.text);
      if (read !== undefined)
        known.push(byThumbprint(toHex(read.bytes), false, `${item.origin.input}, ${item.origin.place}`));
    }
  }
  return known;
}

function byThumbprint(hex: string, isRegistered: boolean, source: string): KnownCertificate {
  return {
    sha1Hex: hex.length === 40 ? hex : undefined,
    sha256Hex: hex.length === 64 ? hex : undefined,
    isRegistered,
    source,
    certificate: undefined,
  };
}
