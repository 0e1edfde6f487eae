import type { Jwt } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding, type FindingCode } from "../finding-table.ts";
import { isPlaceholder, isRedacted } from "../placeholder.ts";
import { allOf, type CaseFile, claim, GUID, hasCode } from "./case-file.ts";

/**
 * Looks at who an assertion speaks for: iss, sub, client_id, jti, and claims that do not belong there.
 *
 * @param file - the case file
 * @returns every wrong claim at once
 */
export function checkAssertionClaims(file: CaseFile): Finding[] {
  const findings = file.assertions
    .filter((jwt) => jwt.payload !== undefined && jwt.nature === "assertion")
    .flatMap((jwt) => [...missing(jwt), ...types(jwt), ...identity(file, jwt), ...extras(jwt)]);
  if (file.assertions.length === 0) findings.push(...fromErrors(file));
  return [...findings, ...foreign(file)];
}

function missing(jwt: Jwt): Finding[] {
  if (jwt.isFragment && jwt.compact === undefined && jwt.header === undefined) return [];
  const rows: ReadonlyArray<readonly [string, FindingCode, string]> = [
    ["iss", "ASSERTION_ISS_MISSING", "Add iss, the client id."],
    ["sub", "ASSERTION_SUB_MISSING", "Add sub, the client id once more."],
    ["aud", "ASSERTION_AUD_MISSING", "Add aud, the address of the token endpoint that is called."],
    ["exp", "ASSERTION_EXP_MISSING", "Add exp, seconds since 1970 UTC, five to ten minutes from now."],
    ["jti", "ASSERTION_JTI_MISSING", "Add jti, a new random text for each assertion."],
  ];
  const clientId = claim(jwt, "iss") ?? claim(jwt, "sub");
  return rows
    .filter(([name]) => jwt.payload?.[name] === undefined)
    .map(([name, code, remedy]) =>
      createFinding(code, {
        explanation: `The payload has no ${name}.${name === "exp" ? " Entra then reads 1970 and answers 700024." : ""}`,
        evidence: { present: Object.keys(jwt.payload ?? {}).slice(0, 30) },
        remedy: { text: remedy, snippet: snippetFor(name, clientId) },
      }),
    );
}

function snippetFor(name: string, clientId: string | undefined): string {
  if (name === "iss" || name === "sub") return `"${name}": "${clientId ?? "<client id>"}"`;
  if (name === "aud") return '"aud": "https://login.microsoftonline.com/<tenant id>/oauth2/v2.0/token"';
  return name === "exp" ? '"exp": Math.floor(Date.now() / 1000) + 600' : '"jti": "<new UUID>"';
}

function types(jwt: Jwt): Finding[] {
  const findings: Finding[] = [];
  const payload = jwt.payload ?? {};
  if (Array.isArray(payload["aud"])) {
    const list = payload["aud"].map(String).slice(0, 5);
    findings.push(
      createFinding("ASSERTION_AUD_ARRAY", {
        explanation: `aud is an array (${list.join(", ")}). RFC 7519 allows it, Entra answers AADSTS50027.`,
        evidence: { aud: list },
        remedy: {
          text: "Send one string.",
          snippet: `"aud": "${list.find((item) => /\/token$/.test(item)) ?? list[0] ?? ""}"`,
        },
      }),
    );
  }
  const wrong: string[] = [];
  for (const name of ["iss", "sub", "jti"]) {
    if (payload[name] !== undefined && typeof payload[name] !== "string") wrong.push(name);
  }
  if (payload["aud"] !== undefined && typeof payload["aud"] !== "string" && !Array.isArray(payload["aud"]))
    wrong.push("aud");
  for (const name of ["exp", "nbf", "iat"]) {
    const value = payload[name];
    if (value === undefined || typeof value === "number") continue;
    if (typeof value === "string" && (/^\d{1,17}(?:\.\d+)?$/.test(value) || /^(?:Math|<)/.test(value)))
      continue;
    wrong.push(name);
  }
  if (wrong.length > 0) {
    findings.push(
      createFinding("ASSERTION_CLAIM_TYPE", {
        explanation: `${wrong.join(", ")}: iss, sub, aud and jti are strings; exp, nbf and iat are numbers of seconds.`,
        evidence: { claims: wrong },
        remedy: "Write each claim in its JSON type; dates as numbers, not as text.",
      }),
    );
  }
  return findings;
}

function identity(file: CaseFile, jwt: Jwt): Finding[] {
  const findings: Finding[] = [];
  const iss = claim(jwt, "iss");
  const sub = claim(jwt, "sub");
  const requested = allOf(file, "tokenRequest")
    .map((request) => request.parameters["client_id"] ?? request.basicClientId)
    .find((id) => id !== undefined);
  for (const [name, value] of [
    ["iss", iss],
    ["sub", sub],
  ] as const) {
    if (value !== undefined && isPlaceholder(value) && !isRedacted(value)) {
      const explanation = `${name} is still "${value}".`;
      findings.push(
        createFinding("ASSERTION_PLACEHOLDER", {
          explanation,
          evidence: { [name]: value },
          remedy: `Put the client id of the application into ${name}.`,
        }),
      );
    }
  }
  if (iss !== undefined && sub !== undefined && iss.toLowerCase() !== sub.toLowerCase()) {
    findings.push(
      createFinding("ASSERTION_ISS_SUB_DIFFER", {
        explanation: `iss is ${iss}, sub is ${sub}. An application vouches for itself, so both are its client id.`,
        evidence: { iss, sub },
        remedy: `Set both to ${requested ?? [iss, sub].find((value) => GUID.test(value)) ?? "the client id"}.`,
      }),
    );
  } else if (iss !== undefined && !isPlaceholder(iss) && !GUID.test(iss) && iss !== requested) {
    findings.push(notClientId(iss));
  }
  findings.push(...otherClient(file, iss, requested));
  return findings;
}

function notClientId(iss: string): Finding {
  const what = /^(?:api|https?):/i.test(iss)
    ? "an address"
    : /@/.test(iss)
      ? "a user name"
      : iss === ""
        ? "empty"
        : "not a GUID";
  return createFinding("ASSERTION_ISS_NOT_CLIENT_ID", {
    explanation: `iss is "${iss}", which is ${what}. It must be the application (client) id.`,
    evidence: { iss },
    remedy: "Set iss and sub to the application (client) id that the portal shows under Overview.",
  });
}

function otherClient(file: CaseFile, iss: string | undefined, requested: string | undefined): Finding[] {
  if (iss === undefined) return [];
  if (requested !== undefined && GUID.test(iss) && requested.toLowerCase() !== iss.toLowerCase()) {
    const isHidden = isPlaceholder(requested);
    if (!isHidden)
      return [
        mismatch(`client_id of the request is ${requested}, iss of the assertion is ${iss}.`, requested, iss),
      ];
  }
  for (const manifest of allOf(file, "manifest")) {
    if (manifest.objectId !== undefined && manifest.objectId === iss && manifest.appId !== iss) {
      return [
        mismatch(
          `iss is ${iss}: the object id of the registration. The client id is ${manifest.appId ?? "another value"}.`,
          manifest.appId,
          iss,
        ),
      ];
    }
    if (
      manifest.appId !== undefined &&
      GUID.test(iss) &&
      manifest.appId.toLowerCase() !== iss.toLowerCase()
    ) {
      return [
        createFinding("MANIFEST_OTHER_APPLICATION", {
          explanation: `The manifest is of application ${manifest.appId}; the assertion speaks for ${iss}.`,
          evidence: { manifest: manifest.appId, assertion: iss },
          remedy: "Use the manifest and the client id of one and the same registration.",
        }),
      ];
    }
  }
  return [];
}

function mismatch(explanation: string, wanted: string | undefined, iss: string): Finding {
  return createFinding("ASSERTION_CLIENT_MISMATCH", {
    explanation,
    evidence: { wanted, iss },
    remedy: `Set client_id, iss and sub all to ${wanted ?? "the client id"}.`,
  });
}

function extras(jwt: Jwt): Finding[] {
  const findings: Finding[] = [];
  const asked = ["scp", "roles", "scope"].filter((name) => jwt.payload?.[name] !== undefined);
  if (asked.length > 0) {
    findings.push(
      createFinding("ASSERTION_SCOPE_CLAIM", {
        explanation: `The assertion carries ${asked.join(", ")}. It only proves who the application is; permissions are granted by an administrator and asked for with scope in the request.`,
        evidence: { claims: asked },
        remedy: "Leave them out, and send scope=<resource>/.default in the token request.",
      }),
    );
  }
  const jti = claim(jwt, "jti");
  if (jti !== undefined && (jti === claim(jwt, "iss") || /^[0-9A-Fa-f]{40}$/.test(jti) || jti === "?")) {
    findings.push(
      createFinding("ASSERTION_JTI_FIXED", {
        explanation:
          "jti is the same for every assertion (the client id or the thumbprint). It is meant to tell assertions apart; Entra has not been seen to refuse a repeated one.",
        evidence: { jti },
        remedy: "Use a new random UUID each time.",
      }),
    );
  }
  return findings;
}

/** Tokens of other issuers that were sent as the application's assertion. */
function foreign(file: CaseFile): Finding[] {
  return allOf(file, "jwt").flatMap((jwt) => {
    const isSent = jwt.use === "clientAssertion";
    if (isSent && (jwt.nature === "accessToken" || jwt.nature === "idToken")) {
      const explanation = `The assertion was issued by Entra itself (${claim(jwt, "iss") ?? ""}). Only tokens of a managed identity for api://AzureADTokenExchange may be used so.`;
      return [
        createFinding("ASSERTION_ENTRA_TOKEN", {
          explanation,
          evidence: { iss: claim(jwt, "iss"), aud: claim(jwt, "aud") },
          remedy: "Sign an assertion of your own with the certificate.",
        }),
      ];
    }
    if (jwt.nature !== "federated") return [];
    return [
      createFinding("ASSERTION_FEDERATED", {
        explanation:
          "The issuer is neither the application nor Entra: this is an external token for a federated credential. Issuer, subject and audience must match one character by character, upper and lower case included.",
        evidence: { issuer: claim(jwt, "iss"), subject: claim(jwt, "sub"), audience: claim(jwt, "aud") },
        remedy: {
          text: "Compare with the federated credential of the application.",
          snippet: JSON.stringify({
            name: "<name>",
            issuer: claim(jwt, "iss"),
            subject: claim(jwt, "sub"),
            audiences: ["api://AzureADTokenExchange"],
          }),
        },
      }),
    ];
  });
}

/** The same faults, known only from what the service said. */
function fromErrors(file: CaseFile): Finding[] {
  const findings: Finding[] = [];
  for (const error of allOf(file, "signInError")) {
    const field = /required field '([^']{1,40})' is missing\b/i.exec(error.description)?.[1];
    const codes: Readonly<Record<string, FindingCode>> = {
      iss: "ASSERTION_ISS_MISSING",
      sub: "ASSERTION_SUB_MISSING",
      aud: "ASSERTION_AUD_MISSING",
    };
    const code = field === undefined ? undefined : codes[field];
    if (error.codes.includes(90014) && code !== undefined && field !== undefined) {
      findings.push(
        createFinding(code, {
          explanation: `The service misses ${field} in the assertion.`,
          remedy: { text: `Add ${field} to the payload.`, snippet: snippetFor(field, undefined) },
        }),
      );
    }
  }
  if (hasCode(file, 700022)) {
    findings.push(
      createFinding("ASSERTION_SUB_MISSING", {
        explanation: "The service misses sub in the assertion.",
        remedy: { text: "Add sub, the client id.", snippet: snippetFor("sub", undefined) },
      }),
    );
  }
  if (hasCode(file, 50048)) {
    findings.push(
      createFinding("ASSERTION_ISS_SUB_DIFFER", {
        explanation: "The service saw different values in iss and sub.",
        remedy: "Set both to the client id.",
      }),
    );
  }
  if (hasCode(file, 700021)) {
    findings.push(
      createFinding("ASSERTION_CLIENT_MISMATCH", {
        explanation:
          "iss or sub of the assertion is not the client_id of the request; the object id of the registration in place of the client id is the usual mistake.",
        remedy: "Set client_id, iss and sub all to the application (client) id.",
      }),
    );
  }
  return findings;
}
