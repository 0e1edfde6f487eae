import type { JwsDefect, Jwt } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding, type FindingCode } from "../finding-table.ts";
import { allOf, type CaseFile, hasCode, hasText } from "./case-file.ts";

const DEFECTS: Readonly<Record<JwsDefect, readonly [FindingCode, string, string]>> = {
  partCount: [
    "ASSERTION_NOT_JWT",
    "A signed JWT is three base64url texts with two dots between them.",
    "Send header.payload.signature.",
  ],
  padding: [
    "ASSERTION_PADDED",
    "A part ends in =, which base64url in a JWT leaves out.",
    "Encode with base64url without padding.",
  ],
  alphabet: [
    "ASSERTION_NOT_BASE64URL",
    "A part has +, / or another character that base64url does not have.",
    "Encode with base64url: - instead of +, _ instead of /, no =.",
  ],
  whitespace: [
    "ASSERTION_WHITESPACE",
    "There are blanks or line breaks inside: the base64 encoder broke its lines, or the + of a form body became a blank.",
    "Encode on one line and URL-encode the form body.",
  ],
  prefix: [
    "ASSERTION_NOT_JWT",
    "Something stands before the JWT (Bearer, or a quote).",
    "Send the bare JWT.",
  ],
  headerNotJson: [
    "ASSERTION_HEADER_NOT_JSON",
    "The first part does not decode to a JSON object.",
    "Encode the header as UTF-8 JSON in base64url.",
  ],
  payloadNotJson: [
    "ASSERTION_PAYLOAD_NOT_JSON",
    "The second part does not decode to a JSON object.",
    "Encode the claims as UTF-8 JSON in base64url.",
  ],
  signatureEmpty: [
    "ASSERTION_SIGNATURE_MISSING",
    "The third part is empty: nobody signed.",
    "Sign header.payload with the private key of the certificate.",
  ],
};

/**
 * Looks at the outer form of assertions: parts, alphabet, blanks, JSON.
 *
 * @param file - the case file
 * @returns one finding for each defect
 */
export function checkAssertionShape(file: CaseFile): Finding[] {
  const findings: Finding[] = [];
  for (const jwt of allOf(file, "jwt")) {
    if (jwt.compact === undefined || jwt.nature === "accessToken" || jwt.nature === "idToken") continue;
    findings.push(...shapeFindings(jwt));
  }
  const isNamed = hasText(file, /thumbprint|required field '\w{1,20}' is missing/i);
  if (findings.length === 0 && hasCode(file, 50027) && file.assertions.length === 0 && !isNamed)
    findings.push(unreadable());
  return findings;
}

function shapeFindings(jwt: Jwt): Finding[] {
  const compact = jwt.compact;
  if (compact === undefined) return [];
  if (compact.partCount === 5) {
    const explanation = "There are five parts: this is an encrypted JWT (JWE). Entra wants a signed one.";
    return [
      createFinding("ASSERTION_NOT_JWT", {
        explanation,
        evidence: { parts: 5 },
        remedy: "Sign the JWT, do not encrypt it.",
      }),
    ];
  }
  const isUnreadable =
    compact.defects.includes("headerNotJson") && compact.defects.includes("payloadNotJson");
  const defects = isUnreadable
    ? compact.defects.filter((defect) => !defect.endsWith("NotJson") || defect === "headerNotJson")
    : compact.defects;
  return defects.map((defect) => {
    const [code, explanation, remedy] = DEFECTS[defect];
    return createFinding(code, {
      explanation:
        defect === "partCount"
          ? `${explanation} This has ${compact.partCount} part${compact.partCount === 1 ? "" : "s"}.`
          : explanation,
      evidence: { parts: compact.partCount, characters: compact.text.length },
      remedy,
    });
  });
}

function unreadable(): Finding {
  return createFinding("ASSERTION_NOT_JWT", {
    explanation:
      "The service could not read the assertion at all: not three base64url parts, a header or payload that is not JSON, = or blanks inside, an empty field, or a claim of the wrong type (an aud array, for one).",
    remedy: "Paste the assertion here as well; each of these is then named. It is masked in what is printed.",
  });
}
