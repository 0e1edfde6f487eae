/** Questions that need no network: configuration, files, certificate. */
import { checkExpiry } from "@nightlatch/credential";
import type { Finding } from "../finding.ts";
import { createFinding, type FindingCode } from "../finding-table.ts";
import { isPlaceholder } from "../placeholder.ts";
import type { Check, CheckAnswer, CheckFix } from "./check.ts";
import {
  authorityOf,
  type CheckConfiguration,
  type CheckContext,
  type CheckedFile,
  nowOf,
} from "./context.ts";

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DOMAIN = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;
const SHARED = /^(?:common|organizations|consumers)$/i;

/** Is the configuration complete, and of the right form? */
export const configurationCheck: Check = {
  id: "configuration",
  question: "Are tenant and client id given, and well formed?",
  ask: ({ configuration }) => Promise.resolve(askConfiguration(configuration)),
};

function askConfiguration(configuration: CheckConfiguration): CheckAnswer {
  const findings = [
    ...valueFindings("tenantId", configuration.tenantId, tenantFault),
    ...valueFindings("clientId", configuration.clientId, (value) =>
      GUID.test(value) ? undefined : "is not a GUID",
    ),
    ...valueFindings("authorityHost", authorityOf(configuration), authorityFault),
  ];
  const [first] = findings;
  if (first !== undefined) return { status: "fault", detail: first.explanation, findings };
  return { status: "ok", detail: `tenant ${configuration.tenantId}, client ${configuration.clientId}` };
}

function valueFindings(
  name: string,
  value: string | undefined,
  fault: (value: string) => string | undefined,
): Finding[] {
  if (value === undefined || value === "") {
    return [
      createFinding("CONFIGURATION_INCOMPLETE", {
        explanation: `${name} is not set.`,
        evidence: { name },
        remedy: `Set ${name}.`,
      }),
    ];
  }
  const reason = isPlaceholder(value) ? "is a placeholder" : fault(value);
  if (reason === undefined) return [];
  return [
    createFinding("CONFIGURATION_MALFORMED", {
      explanation: `${name} "${value}" ${reason}.`,
      evidence: { name, value },
      remedy: `Correct ${name}; the portal shows it on the Overview page of the application.`,
    }),
  ];
}

function tenantFault(value: string): string | undefined {
  if (SHARED.test(value)) return "names no tenant; an application signs in at one";
  return GUID.test(value) || DOMAIN.test(value) ? undefined : "is neither a GUID nor a domain";
}

function authorityFault(value: string): string | undefined {
  return /^https:\/\/[^/?#]+$/i.test(value) ? undefined : "is not an https origin";
}

/**
 * Makes the check of one file: is it there, and is it closed to others?
 *
 * @param file - path, and whether a private key is in it
 * @returns the check
 */
export function createFileCheck(file: CheckedFile): Check {
  return {
    id: `file:${file.path}`,
    question: `Is ${file.path} readable, and closed to others?`,
    ask: (context) => askFile(context, file),
  };
}

async function askFile(context: CheckContext, file: CheckedFile): Promise<CheckAnswer> {
  const { readMode } = context;
  if (readMode === undefined) return { status: "notRun", detail: "files cannot be looked at here" };
  let mode: number;
  try {
    mode = (await readMode(file.path)) & 0o777;
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    const finding = createFinding("FILE_MISSING", {
      explanation: `${file.path} cannot be read (${reason}).`,
      evidence: { path: file.path, reason },
      remedy: "Check the path and the rights of the account that runs the program.",
    });
    return { status: "fault", detail: finding.explanation, findings: [finding] };
  }
  const text = `mode ${mode.toString(8).padStart(4, "0")}`;
  if (!file.holdsKey || (mode & 0o077) === 0) return { status: "ok", detail: text };
  const finding = createFinding("FILE_MODE_OPEN", {
    explanation: `${file.path} has ${text} and holds a private key: other accounts of this machine can read it.`,
    evidence: { path: file.path, mode: text },
    remedy: { text: "Close it.", commands: [`chmod 600 ${file.path}`] },
  });
  return {
    status: "warning",
    detail: `${text}, others can read the key`,
    findings: [finding],
    ...fixOf(context, file, mode),
  };
}

function fixOf({ setMode }: CheckContext, file: CheckedFile, mode: number): { fix?: CheckFix } {
  if (setMode === undefined) return {};
  const description = `Set the mode of ${file.path} to 0600 (was 0${mode.toString(8)})`;
  return { fix: { description, isSafe: true, apply: () => setMode(file.path, 0o600) } };
}

/** Can certificate and key be loaded, and do they belong together? */
export const credentialCheck: Check = {
  id: "credential",
  question: "Can certificate and key be loaded, and do they belong together?",
  async ask(context, facts) {
    if (context.loadCredential === undefined) return { status: "notRun", detail: noCredential(context) };
    try {
      facts.credential = await context.loadCredential();
    } catch (error) {
      const finding = credentialFinding(error);
      return { status: "fault", detail: finding.explanation, findings: [finding] };
    }
    const { certificate } = facts.credential;
    return {
      status: "ok",
      detail: `${certificate.subject}, SHA-1 ${certificate.thumbprintSha1.hex}, RSA ${certificate.keySizeBits ?? "?"} bits`,
    };
  },
};

function noCredential({ configuration }: CheckContext): string {
  return configuration.usesSecret === true
    ? "the application signs in with a secret"
    : "no certificate is configured";
}

/** Codes of the loader that are the same thing as a finding of `explain`. */
const LOADER_FINDINGS: Readonly<Record<string, FindingCode>> = {
  CREDENTIAL_EXPIRED: "CERTIFICATE_EXPIRED",
  CREDENTIAL_NOT_YET_VALID: "CERTIFICATE_NOT_YET_VALID",
  CREDENTIAL_KEY_MISMATCH: "KEY_MISMATCH",
  CREDENTIAL_KEY_NOT_RSA: "CERTIFICATE_NOT_RSA",
  CREDENTIAL_KEY_TOO_SMALL: "CERTIFICATE_KEY_SHORT",
  CREDENTIAL_KEY_MISSING: "CERTIFICATE_WITHOUT_KEY",
  CREDENTIAL_PASSPHRASE_WRONG: "KEY_PASSPHRASE_WRONG",
};

function credentialFinding(error: unknown): Finding {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const hint = error instanceof Error && "hint" in error ? String(error.hint) : "Look at the files by hand.";
  const reason = error instanceof Error ? error.message : String(error);
  return createFinding(LOADER_FINDINGS[code] ?? "CREDENTIAL_UNUSABLE", {
    severity: "fault",
    explanation: `${reason}${code === "" ? "" : ` (${code})`}`,
    evidence: { code },
    remedy: hint,
  });
}

/** Is the certificate inside its dates? */
export const validityCheck: Check = {
  id: "certificate-validity",
  question: "Is the certificate inside its dates?",
  needs: ["credential"],
  async ask(context, { credential }) {
    if (credential === undefined) return { status: "notRun", detail: "there is no certificate" };
    const { certificate } = credential;
    const status = checkExpiry(certificate, { now: nowOf(context) });
    const end = certificate.notAfter.toISOString();
    if (status.state === "expired" || status.state === "notYetValid") {
      const code = status.state === "expired" ? "CERTIFICATE_EXPIRED" : "CERTIFICATE_NOT_YET_VALID";
      const explanation = `It is valid from ${certificate.notBefore.toISOString()} to ${end}.`;
      const finding = createFinding(code, {
        explanation,
        evidence: { certificate: certificate.thumbprintSha1.hex },
        remedy:
          "Make a new certificate, register it beside the old one, switch the program over, remove the old one.",
      });
      return { status: "fault", detail: explanation, findings: [finding] };
    }
    return { status: "ok", detail: `until ${end}, ${Math.floor(status.remainingMs / 86_400_000)} days` };
  },
};

/** Is it time for a new certificate? */
export const rotationCheck: Check = {
  id: "rotation",
  question: "Is a new certificate due?",
  needs: ["credential", "certificate-validity"],
  async ask(context, { credential }) {
    if (credential === undefined) return { status: "notRun", detail: "there is no certificate" };
    const status = checkExpiry(credential.certificate, { now: nowOf(context) });
    const share = Math.round(status.passedShare * 100);
    if (status.state !== "due")
      return {
        status: "ok",
        detail: `${share} % of its life has passed; due on ${status.dueAt.toISOString().slice(0, 10)}`,
      };
    const finding = createFinding("ROTATION_DUE", {
      explanation: `${share} % of its life has passed; it ends on ${credential.certificate.notAfter.toISOString()}. Once the last registered certificate has ended, the application cannot replace it by itself.`,
      evidence: {
        certificate: credential.certificate.thumbprintSha1.hex,
        end: credential.certificate.notAfter.toISOString(),
      },
      remedy: {
        text: "Register a new certificate beside it, switch over, then remove the old one.",
        commands: ["nightlatch app rotate"],
      },
    });
    return { status: "warning", detail: `${share} % of its life has passed`, findings: [finding] };
  },
};
