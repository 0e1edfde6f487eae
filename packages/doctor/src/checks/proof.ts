import type { Finding } from "../finding.ts";
import { createFinding } from "../finding-table.ts";
import { allOf, type CaseFile, claim, clientIdOf, timeClaim } from "./case-file.ts";

const DIRECTORY = "00000002-0000-0000-c000-000000000000";

/**
 * Looks at the proof of possession that addKey and removeKey want.
 *
 * @param file - the case file
 * @returns what differs from the documented form
 */
export function checkProof(file: CaseFile): Finding[] {
  const findings: Finding[] = [];
  for (const jwt of allOf(file, "jwt")) {
    if (jwt.nature !== "proof") continue;
    const aud = claim(jwt, "aud");
    if (aud !== DIRECTORY) {
      const explanation = `aud is "${aud ?? ""}". The proof is read by the directory, whose id is ${DIRECTORY}, not by the token endpoint and not by Graph.`;
      findings.push(
        createFinding("PROOF_AUDIENCE", {
          explanation,
          evidence: { aud },
          remedy: { text: "Correct aud.", snippet: `"aud": "${DIRECTORY}"` },
        }),
      );
    }
    const iss = claim(jwt, "iss");
    const objectId =
      allOf(file, "manifest").find((manifest) => manifest.objectId !== undefined)?.objectId ??
      objectIdOfRequest(file);
    const clientId = clientIdOf(file);
    if (
      iss !== undefined &&
      ((objectId !== undefined && objectId.toLowerCase() !== iss.toLowerCase()) ||
        (objectId === undefined && iss === clientId))
    ) {
      const explanation = `iss is ${iss}. It must be the object id of the application (or of the service principal for /servicePrincipals)${objectId === undefined ? "" : `, ${objectId}`}.`;
      findings.push(
        createFinding("PROOF_ISSUER_CLIENT_ID", {
          explanation,
          evidence: { iss, objectId },
          remedy: { text: "Correct iss.", snippet: `"iss": "${objectId ?? "<object id>"}"` },
        }),
      );
    }
    const [nbf, exp] = [timeClaim(jwt, "nbf"), timeClaim(jwt, "exp")];
    if (nbf !== undefined && exp !== undefined && exp - nbf > 600) {
      const explanation = `It lives for ${exp - nbf} seconds; exp may be at most nbf + 600.`;
      findings.push(
        createFinding("PROOF_LIFETIME", {
          explanation,
          evidence: { lifetimeSeconds: exp - nbf },
          remedy: "Set exp to nbf + 600.",
        }),
      );
    }
  }
  return findings;
}

function objectIdOfRequest(file: CaseFile): string | undefined {
  for (const request of allOf(file, "httpRequest")) {
    const id = /\/(?:applications|servicePrincipals)\/([0-9a-f-]{36})\/(?:addKey|removeKey)/i.exec(
      request.url,
    )?.[1];
    if (id !== undefined) return id;
  }
  return undefined;
}
