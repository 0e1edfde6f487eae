/**
 * Reads what was pasted and answers: what it is, what is wrong, what to do.
 */
import type { Artifact } from "./artifact.ts";
import { checkApiRequest } from "./checks/api-request.ts";
import { checkAssertionAudience } from "./checks/assertion-audience.ts";
import { checkAssertionClaims } from "./checks/assertion-claims.ts";
import { checkAssertionHeader } from "./checks/assertion-header.ts";
import { checkAssertionReason } from "./checks/assertion-reason.ts";
import { checkAssertionShape } from "./checks/assertion-shape.ts";
import { checkAssertionSignature } from "./checks/assertion-signature.ts";
import { checkAssertionThumbprint } from "./checks/assertion-thumbprint.ts";
import { checkAssertionTime } from "./checks/assertion-time.ts";
import { checkBareRefusals } from "./checks/bare-refusal.ts";
import { checkCalendarEvents } from "./checks/calendar-event.ts";
import { checkCalendarFeed } from "./checks/calendar-feed.ts";
import { checkCalendarRequest } from "./checks/calendar-request.ts";
import { type CaseFile, type Check, openCaseFile } from "./checks/case-file.ts";
import { checkCertificate, checkThumbprint } from "./checks/certificate.ts";
import { checkCodeMistakes } from "./checks/code-mistake.ts";
import { checkDirectoryError } from "./checks/directory-error.ts";
import { checkExchange } from "./checks/exchange.ts";
import { checkGraphError } from "./checks/graph-error.ts";
import { checkLibraryMessage } from "./checks/library-message.ts";
import { checkLogFacts } from "./checks/log-fact.ts";
import { checkManifest } from "./checks/manifest.ts";
import { checkMentions } from "./checks/mention.ts";
import { checkProof } from "./checks/proof.ts";
import { checkSettings } from "./checks/setting.ts";
import { checkSignInError } from "./checks/sign-in-error.ts";
import { checkToken } from "./checks/token.ts";
import { checkTokenRefusals } from "./checks/token-refusal.ts";
import { checkTokenRequest } from "./checks/token-request.ts";
import type { Finding, Severity } from "./finding.ts";
import { createFinding } from "./finding-table.ts";
import { fillOwnValues } from "./own-values.ts";
import { openPfx } from "./pfx.ts";
import { recognise, TEXT_LIMIT } from "./recognise/recognise.ts";
import { SecretKeeper } from "./secrets.ts";

/** One thing to explain. */
export interface ExplainInput {
  /** File name or the like, for the answer; by default `input 1`, `input 2`, … */
  readonly name?: string | undefined;
  /** Text, or the bytes of a file. */
  readonly content: string | Uint8Array;
}

/** How to explain. */
export interface ExplainOptions {
  /** The present, for expiry. @defaultValue the system clock */
  readonly now?: Date | undefined;
  /** Opens encrypted keys and PFX files. */
  readonly passphrase?: string | undefined;
  /** https origin at which tokens are asked for, where it is known besides; else it is found in the inputs. */
  readonly authorityHost?: string | undefined;
}

/** What was recognised in an input. */
export interface RecognisedArtifact {
  readonly kind: Artifact["kind"];
  readonly input: string;
  readonly place: string;
  /** One line with secrets masked. */
  readonly summary: string;
}

/** The answer to one question. */
export interface Explanation {
  readonly recognised: readonly RecognisedArtifact[];
  /** Worst first; among equals the most exact first. */
  readonly findings: readonly Finding[];
  /** The worst severity, `ok` when nothing is wrong, `info` when nothing could be judged. */
  readonly verdict: Severity;
}

const CHECKS: readonly Check[] = [
  checkTokenRefusals,
  checkSettings,
  checkToken,
  checkAssertionThumbprint,
  checkAssertionShape,
  checkAssertionHeader,
  checkAssertionClaims,
  checkAssertionAudience,
  checkAssertionTime,
  checkAssertionSignature,
  checkAssertionReason,
  checkProof,
  checkTokenRequest,
  checkDirectoryError,
  checkExchange,
  checkGraphError,
  checkApiRequest,
  checkCalendarRequest,
  checkCalendarEvents,
  checkCalendarFeed,
  checkLogFacts,
  checkCodeMistakes,
  checkManifest,
  checkCertificate,
  checkThumbprint,
  checkLibraryMessage,
  checkSignInError,
  checkBareRefusals,
  checkMentions,
];

const RANKS: Readonly<Record<Severity, number>> = { fault: 0, warning: 1, info: 2, ok: 3 };

/**
 * Explains what is wrong with anything around a certificate sign-in: an error, a token, an assertion, a manifest, a
 * certificate, a request, a HAR file; several things given together are read together. Nothing is sent anywhere,
 * and secrets in the inputs do not appear in the answer.
 *
 * @param inputs - what was pasted; bytes or text, each with an optional name
 * @param options - the present, and a passphrase for encrypted keys
 * @returns what was recognised and what was found, as plain data
 * @throws {TypeError} when an input has no content
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { explain } from "@nightlatch/doctor";
 *
 * const printed = "62643165643263383337363130383338346565323733613138303161303766303862333164373234";
 * const content = `AADSTS700027: Client assertion contains an invalid signature. [Reason - The key was not found., Thumbprint of key used by client: '${printed}']`;
 * const { findings } = await explain([{ content }]);
 * assert.equal(findings[0]?.code, "ASSERTION_X5T_HEX_TEXT");
 * assert.match(findings[0]?.remedy.snippet ?? "", /vR7SyDdhCDhO4nOhgBoH8Isx1yQ/);
 * ```
 */
export async function explain(
  inputs: readonly ExplainInput[],
  options: ExplainOptions = {},
): Promise<Explanation> {
  const secrets = new SecretKeeper();
  secrets.add(options.passphrase);
  const artifacts: Artifact[] = [];
  const notes: Finding[] = [];
  for (const [index, input] of inputs.entries()) {
    if (typeof input.content !== "string" && !(input.content instanceof Uint8Array)) {
      throw new TypeError(`Input ${index + 1} has no content: wanted a string or a Uint8Array`);
    }
    const name = input.name ?? `input ${index + 1}`;
    const { content } = input;
    const recognition = recognise({ name, content, passphrase: options.passphrase }, secrets);
    artifacts.push(...recognition.artifacts);
    if (recognition.isCut) notes.push(inputCut(name));
    if (recognition.artifacts.length === 0) notes.push(notRecognised(name, content.length));
  }
  for (const pfx of artifacts.filter((item) => item.kind === "pfx")) {
    const opened = await openPfx(pfx, options.passphrase, artifacts);
    artifacts.push(...opened.artifacts);
    notes.push(...opened.findings);
  }
  const file = openCaseFile(settleProofs(artifacts), options.now ?? new Date(), options.authorityHost);
  const texts = inputs.map(({ content }) => content).filter((content) => typeof content === "string");
  const findings = fillOwnValues(arrange([...runChecks(file), ...notes]), texts, file);
  const recognised = artifacts.map(({ kind, origin, summary }) => ({
    kind,
    input: origin.input,
    place: origin.place,
    summary,
  }));
  return secrets.scrub({ recognised, findings, verdict: findings[0]?.severity ?? "info" });
}

/** Where addKey refused a proof, a JWT of the application's own making is that proof, whatever its aud says. */
function settleProofs(artifacts: readonly Artifact[]): Artifact[] {
  const isProofRefused = artifacts.some(
    (item) => item.kind === "graphError" && item.code === "Authentication_MissingOrMalformed",
  );
  if (!isProofRefused) return [...artifacts];
  return artifacts.map((item) =>
    item.kind === "jwt" && item.nature === "assertion" && item.payload?.["sub"] === undefined
      ? { ...item, nature: "proof" }
      : item,
  );
}

function runChecks(file: CaseFile): Finding[] {
  const findings = CHECKS.flatMap((check) => check(file));
  const isClean = !findings.some((finding) => finding.severity === "fault");
  if (isClean && file.assertions.some((jwt) => jwt.nature === "assertion" && jwt.payload !== undefined)) {
    findings.push(assertionValid(file));
  }
  return findings;
}

function assertionValid(file: CaseFile): Finding {
  const hasCertificate = file.certificates.some((known) => known.certificate !== undefined);
  return createFinding("ASSERTION_VALID", {
    explanation: hasCertificate
      ? "Header, claims and times are as Entra wants them, and what could be compared with the certificate agrees."
      : "Header and claims are as Entra wants them. Give the certificate or the manifest as well, and the thumbprint and the signature are compared too.",
    remedy: "Nothing to do here.",
  });
}

/** One finding for each code and place; the general answer steps back behind the exact ones; worst first. */
function arrange(findings: readonly Finding[]): Finding[] {
  const kept = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.code}|${String(finding.evidence["entry"] ?? "")}|${String(finding.evidence["certificate"] ?? "")}`;
    const previous = kept.get(key);
    if (previous === undefined) kept.set(key, finding);
    else kept.set(key, { ...previous, evidence: { ...finding.evidence, ...previous.evidence } });
  }
  const isWrong = findings.some(({ severity }) => severity === "fault" || severity === "warning");
  // That code is clean is no answer where something else is wrong.
  if (isWrong) for (const [key, { code }] of kept) if (code === "CODE_READ") kept.delete(key);
  const list = explainAway([...kept.values()]);
  const hasExact = list.some((finding) => finding.severity === "fault" && !finding.code.startsWith("AADSTS"));
  const ranked = list.map(
    (finding): Finding =>
      hasExact && finding.code.startsWith("AADSTS") ? { ...finding, severity: "info" } : finding,
  );
  return ranked
    .map((finding, index) => ({ finding, index }))
    .sort(
      (one, other) => RANKS[one.finding.severity] - RANKS[other.finding.severity] || one.index - other.index,
    )
    .map(({ finding }) => finding);
}

/** A finding that another one explains is not a second fault. */
const EXPLAINED_BY: Readonly<Record<string, readonly string[]>> = {
  ASSERTION_KEY_REFERENCE_UNKNOWN: [
    "ASSERTION_X5T_UNDECODABLE",
    "ASSERTION_X5T_SEPARATORS",
    "ASSERTION_X5T_NOT_BASE64URL",
    "ASSERTION_X5T_S256_SHA1",
    "ASSERTION_X5T_HEX_AS_BASE64",
    "ASSERTION_X5T_HEX_TEXT",
    "ASSERTION_X5T_OTHER_CERTIFICATE",
  ],
  ASSERTION_CERTIFICATE_NOT_REGISTERED: [
    "ASSERTION_X5T_OF_PEM_TEXT",
    "ASSERTION_X5T_OF_PUBLIC_KEY",
    "ASSERTION_X5T_REVERSED",
  ],
  ASSERTION_NO_KEY_REFERENCE: ["ASSERTION_X5T_S256_CASING"],
  ASSERTION_AUD_MISSING: ["TOKEN_SELF_MADE"],
  ASSERTION_X5T_PADDED: ["ASSERTION_X5T_NOT_BASE64URL"],
  EWS_TOKEN_AUDIENCE: ["TOKEN_SELF_MADE"],
  CLIENT_CERTIFICATE_MISSING: ["CLIENT_PRIVATE_KEY_MISSING"],
  EWS_REFUSED_UNSAID: ["EXCHANGE_BASIC_OFF", "EWS_AUTODISCOVER", "EWS_TOKEN_AUDIENCE"],
  EWS_AUTODISCOVER: ["EXCHANGE_BASIC_OFF", "CLIENT_TLS", "CLIENT_NETWORK", "AUTHORITY_PROXY"],
  GRAPH_TOKEN_UNREADABLE: ["REQUEST_NO_BEARER", "TOKEN_SELF_MADE", "TOKEN_AUDIENCE", "TOKEN_IS_ID_TOKEN"],
  CLIENT_KEY_UNREADABLE: ["PFX_LEGACY_CIPHER"],
  CLIENT_ANSWER_NOT_JSON: ["REQUEST_AUTHORIZE_ENDPOINT", "REQUEST_TENANT", "REQUEST_HTTP"],
  PROOF_MALFORMED: ["PROOF_AUDIENCE", "PROOF_ISSUER_CLIENT_ID", "PROOF_LIFETIME"],
  GRAPH_REQUEST_MALFORMED: [
    "CALENDAR_WINDOW_MISSING",
    "CALENDAR_WINDOW_REVERSED",
    "CALENDAR_FILTER_UNSUPPORTED",
    "CALENDAR_DELTA_PATH",
    "EVENT_ALL_DAY_TIMES",
    "EVENT_TIME_ZONE",
  ],
  APPLICATION_SECRET_WRONG: ["REQUEST_SECRET_ID"],
  GRAPH_ACCESS_DENIED: [
    "GRAPH_ODATA_DISABLED",
    "TOKEN_GROUP_CALENDAR",
    "TOKEN_ROLES_MISSING",
    "TOKEN_ROLE_INSUFFICIENT",
  ],
};

function explainAway(findings: readonly Finding[]): Finding[] {
  const codes = new Set(
    findings.filter((finding) => finding.severity === "fault").map((finding) => finding.code),
  );
  return findings.map((finding) => {
    const reasons = EXPLAINED_BY[finding.code];
    return reasons?.some((code) => codes.has(code)) === true ? { ...finding, severity: "info" } : finding;
  });
}

function inputCut(name: string): Finding {
  return createFinding("INPUT_CUT", {
    explanation: `${name} is longer than ${TEXT_LIMIT} characters; the rest was not read.`,
    evidence: { input: name },
    remedy: "Paste the part around the error. (HAR files are read whole.)",
  });
}

function notRecognised(name: string, length: number): Finding {
  return createFinding("INPUT_NOT_RECOGNISED", {
    explanation:
      length === 0
        ? `${name} is empty.`
        : `${name} holds nothing that the doctor knows: no AADSTS code, no token, no certificate, no manifest, no Graph or Exchange answer.`,
    evidence: { input: name, length },
    remedy: "Paste the whole answer of the service, the assertion, the manifest or the certificate.",
  });
}
