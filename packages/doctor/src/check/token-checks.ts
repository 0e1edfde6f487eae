/** Questions about tokens: is one issued, and does the API take it? */
import { explain } from "../explain.ts";
import type { Finding } from "../finding.ts";
import { createFinding } from "../finding-table.ts";
import { networkFinding } from "./authority-checks.ts";
import type { Check, CheckAnswer } from "./check.ts";
import { authorityOf, type CheckContext, type CheckedApi, nowOf, scopeOf } from "./context.ts";
import type { CheckFacts } from "./facts.ts";

const NAMES: Readonly<Record<CheckedApi, string>> = { graph: "Graph", exchange: "Exchange" };

/** Permissions that reach over the whole tenant; a calendar program needs none of them. */
const EXCESSIVE =
  /^(?:Directory\.ReadWrite\.All|Application\.ReadWrite\.All|RoleManagement\.|AppRoleAssignment\.|Mail\.|Files\.|Sites\.)/;

/**
 * Makes the check that a token of an API is issued.
 *
 * @param api - the API
 * @returns the check
 */
export function createTokenCheck(api: CheckedApi): Check {
  return {
    id: `token-${api}`,
    question: `Is a token for ${NAMES[api]} issued?`,
    needs: ["configuration", "authority", "tenant"],
    ask: (context, facts) => askToken(context, facts, api),
  };
}

async function askToken(context: CheckContext, facts: CheckFacts, api: CheckedApi): Promise<CheckAnswer> {
  if (context.getToken === undefined) return { status: "notRun", detail: "no credential is configured" };
  const scope = scopeOf(context.configuration, api);
  try {
    const { token } = await context.getToken(scope);
    facts.keepToken(api, token);
    return { status: "ok", detail: scope };
  } catch (error) {
    const findings = await refusalFindings(context, facts, error);
    return { status: "fault", detail: findings[0]?.title ?? "refused", findings };
  }
}

/** A refusal is explained together with the certificate and the manifest at hand. */
async function refusalFindings(
  context: CheckContext,
  facts: CheckFacts,
  error: unknown,
): Promise<readonly Finding[]> {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code.startsWith("OAUTH_NETWORK_")) return [networkFinding(error, authorityOf(context.configuration))];
  const details =
    error instanceof Error && "details" in error ? (error.details as Record<string, unknown>) : {};
  const reason = error instanceof Error ? error.message : String(error);
  const body =
    details["body"] ??
    (details["errorDescription"] === undefined
      ? undefined
      : { error: details["error"], error_description: details["errorDescription"] });
  const content = body === undefined ? reason : JSON.stringify(body);
  const inputs = [{ name: "answer", content }];
  if (facts.credential !== undefined)
    inputs.push({ name: "certificate", content: facts.credential.certificate.pem });
  if (context.configuration.manifestText !== undefined)
    inputs.push({ name: "manifest", content: context.configuration.manifestText });
  const { findings } = await explain(inputs, {
    now: nowOf(context),
    authorityHost: authorityOf(context.configuration),
  });
  const faults = findings.filter((finding) => finding.severity === "fault" || finding.severity === "warning");
  if (faults.length > 0) return faults;
  return [
    createFinding(code === "OAUTH_REFUSED" ? "TOKEN_REFUSED" : "TOKEN_FAILED", {
      explanation: `${reason}${code === "" ? "" : ` (${code})`}`,
      evidence: { code },
      remedy: "Read the message; paste the whole answer into nightlatch doctor explain.",
    }),
  ];
}

/**
 * Makes the check that an API takes its token.
 *
 * @param api - the API
 * @returns the check
 */
export function createClaimsCheck(api: CheckedApi): Check {
  return {
    id: `claims-${api}`,
    question: `Does ${NAMES[api]} take the token, and for what?`,
    needs: [`token-${api}`],
    ask: (context, facts) => askClaims(context, facts, api),
  };
}

async function askClaims(context: CheckContext, facts: CheckFacts, api: CheckedApi): Promise<CheckAnswer> {
  const token = facts.tokenOf(api);
  if (token === undefined) return { status: "notRun", detail: "there is no token" };
  const explanation = await explain([{ name: "token", content: token }], {
    now: nowOf(context),
    authorityHost: authorityOf(context.configuration),
  });
  const verdict = explanation.findings.find((finding) => finding.code === "TOKEN_VERDICT");
  const findings = explanation.findings.filter(
    (finding) => finding.severity === "fault" || finding.severity === "warning",
  );
  const roles = roleList(verdict);
  findings.push(...missingRoles(context, api, roles), ...excessiveRoles(roles));
  const worst = findings.some((finding) => finding.severity === "fault")
    ? "fault"
    : findings.length > 0
      ? "warning"
      : "ok";
  const detail = worst === "ok" ? `roles ${roles.join(", ")}` : (findings[0]?.title ?? "");
  return { status: worst, detail, findings };
}

function roleList(verdict: Finding | undefined): string[] {
  const value = verdict?.evidence["roles"];
  return Array.isArray(value) ? value.map(String) : [];
}

function missingRoles({ configuration }: CheckContext, api: CheckedApi, roles: readonly string[]): Finding[] {
  if (roles.length === 0) return [];
  const needed =
    api === "exchange" ? ["full_access_as_app"] : (configuration.requiredRoles ?? ["Calendars.ReadWrite"]);
  const missing = needed.filter((role) => !roles.includes(role));
  if (missing.length === 0) return [];
  return [
    createFinding("TOKEN_ROLE_INSUFFICIENT", {
      explanation: `The program needs ${missing.join(", ")}; the token has ${roles.join(", ")}.`,
      evidence: { missing, roles },
      remedy: `Add ${missing.join(", ")} as application permission, let an administrator consent, and ask for a new token.`,
    }),
  ];
}

function excessiveRoles(roles: readonly string[]): Finding[] {
  const excessive = roles.filter((role) => EXCESSIVE.test(role));
  if (excessive.length === 0) return [];
  return [
    createFinding("CONSENT_EXCESSIVE", {
      explanation: `${excessive.join(", ")} reach over the whole tenant, and a program for calendars does not need them. Whoever gets hold of its key has them.`,
      evidence: { roles: excessive },
      remedy: "Let an administrator take them back, unless something else of the program needs them.",
    }),
  ];
}
