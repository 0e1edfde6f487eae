/**
 * What 700027 and its relatives say in brackets: key not found, key outside its dates, signature wrong.
 */
import type { AssertionReason, SignInError } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding } from "../finding-table.ts";
import { readThumbprintBytes } from "../thumbprint-form.ts";
import { allOf, type CaseFile, clientIdOf } from "./case-file.ts";

/**
 * Explains the bracketed reason of a refused assertion.
 *
 * @param file - the case file
 * @returns what is wrong with the key or the signature
 */
export function checkAssertionReason(file: CaseFile): Finding[] {
  return allOf(file, "signInError").flatMap((error) => {
    const { reason } = error;
    if (reason === undefined) return isSignatureRefusal(error) ? [unclearSignature(file)] : [];
    // 900384 speaks of a token that was sent to the service, not of the application's certificate.
    if (reason.kind === "keyNotFound") return error.codes[0] === 900384 ? [] : keyNotFound(file, reason);
    if (reason.kind === "keyExpired") return [keyOutsideDates(file, reason)];
    if (reason.kind === "signature")
      return [isUserAssertion(error, reason) ? userAssertion() : signatureMismatch(file, reason)];
    return [];
  });
}

function keyNotFound(file: CaseFile, reason: AssertionReason): Finding[] {
  const appId = reason.appId ?? clientIdOf(file);
  const where = appId === undefined ? "the application" : `the application ${appId}`;
  const findings: Finding[] = [];
  const hex = reason.thumbprintHex;
  if (hex === undefined) findings.push(unknownReference(file, where));
  else {
    const form = readThumbprintBytes(Buffer.from(hex, "hex")).form;
    if (form === "sha1") findings.push(notRegistered(file, hex, where, appId));
  }
  if (reason.mentionsSubjectNameIssuer && sendsX5c(file)) findings.push(x5cNotTrusted(file, hex, where));
  return findings;
}

function notRegistered(file: CaseFile, hex: string, where: string, appId: string | undefined): Finding {
  const registered = file.certificates.filter((known) => known.isRegistered);
  const isInManifest = registered.some((known) => known.sha1Hex === hex);
  const isAtHand = file.certificates.some((known) => !known.isRegistered && known.sha1Hex === hex);
  const facts = isInManifest
    ? `It does stand in the manifest given here: then the request went to another application or tenant than that manifest's, or the upload is only minutes old and not yet everywhere.`
    : registered.length > 0
      ? `The manifest given here registers ${registered.map((known) => known.sha1Hex ?? known.sha256Hex ?? "?").join(", ")}, not this one.`
      : "Either it was never uploaded, was uploaded to another application or tenant, or the program still signs with an older or a different certificate than the one uploaded.";
  return createFinding("ASSERTION_CERTIFICATE_NOT_REGISTERED", {
    explanation: `The thumbprint ${hex} is well formed (20 bytes, SHA-1)${isAtHand ? " and is that of the certificate given here" : ""}; ${where} has no certificate with it. ${facts}`,
    evidence: {
      thumbprint: hex,
      application: appId,
      registered: registered.map((known) => known.sha1Hex ?? known.sha256Hex ?? ""),
    },
    remedy: {
      text: `Compare ${hex} with the thumbprints under Certificates & secrets of ${where}, and upload the public certificate that the program really signs with.`,
      commands: [
        "openssl x509 -in cert.pem -noout -fingerprint -sha1",
        `az ad app show --id ${appId ?? "<client id>"} --query "keyCredentials[].{thumbprint:customKeyIdentifier,end:endDateTime}"`,
      ],
    },
  });
}

function unknownReference(file: CaseFile, where: string): Finding {
  const header = file.assertions[0]?.header;
  const names = ["x5t", "x5t#S256", "kid"].filter((name) => header?.[name] !== undefined);
  const used = names.length === 0 ? "" : ` The assertion given here uses ${names.join(" and ")}.`;
  return createFinding("ASSERTION_KEY_REFERENCE_UNKNOWN", {
    explanation: `The service did not print a thumbprint. It leaves it out when the header has only a kid, when x5t cannot be decoded, or when x5t#S256 matches no certificate of ${where}.${used}`,
    evidence: { members: names },
    remedy: {
      text: "Name the certificate by x5t#S256 (base64url of the SHA-256 of the DER certificate) and check that this very certificate is registered.",
      commands: [
        "openssl x509 -in cert.pem -outform der | openssl dgst -sha256 -binary | openssl base64 -A | tr '+/' '-_' | tr -d '='",
      ],
    },
  });
}

function x5cNotTrusted(file: CaseFile, hex: string | undefined, where: string): Finding {
  const isSeen = file.assertions.length > 0;
  return createFinding("ASSERTION_X5C_NOT_TRUSTED", {
    ...(isSeen ? {} : { severity: "info" as const }),
    explanation: `${isSeen ? "" : "If x5c was sent: "}x5c only helps for applications that trust certificates by subject name and issuer, which Microsoft sets up for its own services. For ${where} the service still looked for a registered certificate by thumbprint, and did not find it.`,
    evidence: { thumbprint: hex },
    remedy: "Register the certificate itself, and do not send x5c.",
  });
}

function keyOutsideDates(file: CaseFile, reason: AssertionReason): Finding {
  const start = reason.foundKey?.start;
  const end = reason.foundKey?.end;
  const isEarly = start !== undefined && start.getTime() > file.failedAt.getTime();
  const dates = `${start === undefined ? "?" : start.toISOString()} to ${end === undefined ? "?" : end.toISOString()}`;
  return createFinding(isEarly ? "ASSERTION_KEY_NOT_YET_VALID" : "ASSERTION_KEY_EXPIRED", {
    explanation: isEarly
      ? `The service found the key, but it is valid only from ${dates}. The start may have been written as local time instead of UTC.`
      : `The service found the key that the assertion names; it is registered for ${dates} and that is past.`,
    evidence: { start: start?.toISOString(), end: end?.toISOString() },
    remedy: isEarly
      ? "Wait until the start, or register a certificate whose start has passed."
      : "Make a new certificate, register it beside the old one, switch the program over, then remove the old one.",
  });
}

function signatureMismatch(file: CaseFile, reason: AssertionReason): Finding {
  const found =
    reason.foundKey?.end === undefined ? "" : ` (registered until ${reason.foundKey.end.toISOString()})`;
  return createFinding("ASSERTION_SIGNATURE_MISMATCH", {
    explanation: `The service found the certificate by its thumbprint${found}, but the signature was not made by its private key: another key file was used, the text was changed after signing, or alg and the padding used differ (PS256 is PSS, RS256 is PKCS #1 v1.5).`,
    evidence: { algorithm: textOf(file.assertions[0]?.header?.["alg"]) },
    remedy: {
      text: "Check that key and certificate belong together: both commands must print the same.",
      commands: [
        "openssl x509 -in cert.pem -noout -pubkey | openssl sha256",
        "openssl pkey -in key.pem -pubout | openssl sha256",
      ],
    },
  });
}

/**
 * 50013 speaks of the assertion of the on-behalf-of flow; a thumbprint with a found key and a signature that does not
 * fit is then one of Entra's own keys, not the application's.
 */
function isUserAssertion(error: SignInError, reason: AssertionReason): boolean {
  return error.codes.includes(50013) && reason.foundKey !== undefined;
}

function userAssertion(): Finding {
  return createFinding("ASSERTION_ENTRA_TOKEN", {
    explanation:
      "This is about the token of a user that was sent as assertion (on behalf of), not about the certificate of the application: Entra knows the key, which is its own, but the signature does not fit. That happens with a token for another API: tokens for Graph have a nonce in the header and cannot be checked by anybody else. A token that was changed on the way looks the same.",
    remedy: {
      text: "Send the access token that was issued for this application itself (aud is its client id or Application ID URI). A program without user needs no such token: let it use client_credentials.",
      snippet: "scope=api://<client id>/<scope>",
    },
  });
}

function isSignatureRefusal(error: SignInError): boolean {
  return (
    error.codes[0] === 7000274 ||
    (error.codes[0] === 700027 && /failed signature validation/i.test(error.description)) ||
    (error.codes[0] === 50012 && /contains an invalid signature\.?\s*$/i.test(error.description))
  );
}

function unclearSignature(file: CaseFile): Finding {
  return signatureMismatch(file, {
    kind: "signature",
    text: "",
    thumbprintHex: undefined,
    foundKey: undefined,
    appId: undefined,
    mentionsSubjectNameIssuer: false,
  });
}

function sendsX5c(file: CaseFile): boolean {
  if (file.assertions.length === 0) return true;
  return file.assertions.some((jwt) => jwt.header?.["x5c"] !== undefined);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
