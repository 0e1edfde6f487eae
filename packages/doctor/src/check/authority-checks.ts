/** Questions to the authority: can it be reached, what time is it there, does the tenant exist? */
import { explain } from "../explain.ts";
import type { Finding } from "../finding.ts";
import { createFinding, type FindingCode } from "../finding-table.ts";
import type { Check, CheckAnswer } from "./check.ts";
import { authorityOf, type CheckContext, nowOf } from "./context.ts";

const SKEW_WARNING_MS = 60_000;
const SKEW_FAULT_MS = 300_000;

/** Can the authority be reached? */
export const authorityCheck: Check = {
  id: "authority",
  question: "Can the authority be reached?",
  needs: ["configuration"],
  async ask(context, facts) {
    const { send, configuration } = context;
    if (send === undefined) return { status: "notRun", detail: "there is no network here" };
    const host = authorityOf(configuration);
    const url = `${host}/${configuration.tenantId}/v2.0/.well-known/openid-configuration`;
    const startedAt = performance.now();
    try {
      const response = await send({ method: "GET", url, signal: context.signal });
      const roundTripMs = performance.now() - startedAt;
      facts.metadata = { response, receivedAt: nowOf(context), roundTripMs };
      if (response.status < 500)
        return { status: "ok", detail: `${host} answered in ${Math.round(roundTripMs)} ms` };
      return strangeAnswer(host, response.status);
    } catch (error) {
      const finding = networkFinding(error, host);
      return { status: "fault", detail: finding.title, findings: [finding] };
    }
  },
};

function strangeAnswer(host: string, status: number): CheckAnswer {
  const explanation = `${host} answered ${status}.`;
  const finding = createFinding("AUTHORITY_ANSWER", {
    explanation,
    evidence: { host, status },
    remedy: "Try again in some minutes; look whether a proxy answers in its place.",
  });
  return { status: "fault", detail: explanation, findings: [finding] };
}

interface NetworkRow {
  readonly code: FindingCode;
  readonly says: string;
  readonly remedy: string;
}

const NETWORK_ROWS: ReadonlyArray<readonly [RegExp, NetworkRow]> = [
  [
    /_DNS$/,
    {
      code: "AUTHORITY_NAME",
      says: "The name could not be resolved",
      remedy:
        "Check the spelling of the host, and name resolution on this machine; behind a proxy set HTTPS_PROXY.",
    },
  ],
  [
    /_PROXY$/,
    {
      code: "AUTHORITY_PROXY",
      says: "The proxy could not be reached, or refused the connection",
      remedy: "Check HTTPS_PROXY and NO_PROXY, and whether the proxy allows this host.",
    },
  ],
  [
    /_TLS_EXPIRED$/,
    {
      code: "AUTHORITY_TLS",
      says: "The server's TLS certificate is outside its dates",
      remedy: "Check this machine's clock first; then the server.",
    },
  ],
  [
    /_TLS_NAME$/,
    {
      code: "AUTHORITY_TLS",
      says: "The server's TLS certificate is for another name",
      remedy: "Something else answers under this name: check the hosts file, the proxy and the address.",
    },
  ],
  [
    /_TLS/,
    {
      code: "AUTHORITY_TLS",
      says: "Nobody this program trusts has signed the server's TLS certificate: a proxy that opens TLS, or an emulator with an authority of its own",
      remedy:
        "Give that authority's certificate to the program (NODE_EXTRA_CA_CERTS); do not switch the check off.",
    },
  ],
  [
    /_(?:CONNECT|TIMEOUT|LOST)$/,
    {
      code: "AUTHORITY_CONNECTION",
      says: "No connection came about",
      remedy: "Check firewall and route; behind a proxy set HTTPS_PROXY.",
    },
  ],
];

/**
 * Tells what stage of the network failed.
 *
 * @param error - what the transport threw
 * @param host - origin that was called
 * @returns the finding
 */
export function networkFinding(error: unknown, host: string): Finding {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = error instanceof Error ? error.message : String(error);
  const row = NETWORK_ROWS.find(([pattern]) => pattern.test(code))?.[1];
  if (row === undefined) {
    return createFinding("AUTHORITY_CONNECTION", {
      explanation: `${host}: ${reason}`,
      evidence: { host, code },
      remedy: "Check the network, then try again.",
    });
  }
  return createFinding(row.code, {
    explanation: `${row.says} (${host}): ${reason}`,
    evidence: { host, code },
    remedy: row.remedy,
  });
}

/** Does this machine's clock agree with the service's? */
export const clockCheck: Check = {
  id: "clock",
  question: "Does this machine's clock agree with the service's?",
  needs: ["authority"],
  async ask(_context, { metadata }) {
    const text = metadata?.response.headers["date"];
    const serverTime = text === undefined ? Number.NaN : new Date(text).getTime();
    if (metadata === undefined || Number.isNaN(serverTime))
      return { status: "notRun", detail: "the service did not say its time" };
    // The header counts whole seconds; half the way back has passed since.
    const skewMs = metadata.receivedAt.getTime() - metadata.roundTripMs / 2 - serverTime - 500;
    const seconds = Math.round(skewMs / 1000);
    if (Math.abs(skewMs) < SKEW_WARNING_MS) return { status: "ok", detail: `${Math.abs(seconds)} s apart` };
    const word = skewMs > 0 ? "ahead of" : "behind";
    const explanation = `This machine is ${Math.abs(seconds)} seconds ${word} the service. Assertions are then outside their time (AADSTS700024)${Math.abs(skewMs) < SKEW_FAULT_MS ? " before long; up to five minutes are forgiven" : ""}.`;
    const severity = Math.abs(skewMs) < SKEW_FAULT_MS ? "warning" : "fault";
    const finding = createFinding("CLOCK_SKEW", {
      severity,
      explanation,
      evidence: { seconds },
      remedy: { text: "Set the clock right.", commands: ["timedatectl set-ntp true", "w32tm /resync"] },
    });
    return { status: severity, detail: `${Math.abs(seconds)} s ${word} the service`, findings: [finding] };
  },
};

/** Does the tenant exist there? */
export const tenantCheck: Check = {
  id: "tenant",
  question: "Does the tenant exist there?",
  needs: ["authority"],
  ask: (context, { metadata }) =>
    askTenant(context, metadata?.response.status, metadata?.response.text() ?? ""),
};

async function askTenant(
  context: CheckContext,
  status: number | undefined,
  body: string,
): Promise<CheckAnswer> {
  const tenant = context.configuration.tenantId ?? "";
  if (status === 200) {
    const issuer = /"issuer"\s*:\s*"([^"]{1,200})"/.exec(body)?.[1];
    if (issuer !== undefined) return { status: "ok", detail: `issuer ${issuer}` };
    const explanation =
      "The answer is not the metadata of a token service; a proxy or a page for signing in to a network may stand in between.";
    return {
      status: "fault",
      detail: explanation,
      findings: [
        createFinding("AUTHORITY_ANSWER", {
          explanation,
          evidence: { tenant },
          remedy: "Open the address in a browser and look who answers.",
        }),
      ],
    };
  }
  const { findings } = await explain([{ name: "authority", content: body }]);
  const faults = findings.filter((finding) => finding.severity === "fault");
  if (faults.length > 0) return { status: "fault", detail: faults[0]?.title ?? "", findings };
  return strangeAnswer(authorityOf(context.configuration), status ?? 0);
}
