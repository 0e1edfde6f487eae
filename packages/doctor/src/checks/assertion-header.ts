import type { Jwt } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding } from "../finding-table.ts";
import { readCertificateDer } from "../recognise/certificate.ts";
import { toBase64url } from "../thumbprint-form.ts";
import { allOf, type CaseFile, hasCode, hasText, type KnownCertificate } from "./case-file.ts";

const ALLOWED = new Set(["alg", "typ", "x5t", "x5t#S256", "x5t#s256", "kid", "x5c", "cty"]);

/**
 * Looks at the header of assertions: algorithm, type, key reference, chain.
 *
 * @param file - the case file
 * @returns what is wrong with it
 */
export function checkAssertionHeader(file: CaseFile): Finding[] {
  const findings = file.assertions.flatMap((jwt) =>
    jwt.header === undefined ? [] : headerFindings(file, jwt, jwt.header),
  );
  if (file.assertions.length === 0) findings.push(...fromErrors(file));
  return findings;
}

function headerFindings(file: CaseFile, jwt: Jwt, header: Readonly<Record<string, unknown>>): Finding[] {
  const findings: Finding[] = [];
  const alg = header["alg"];
  if (!(jwt.isFragment && alg === undefined)) findings.push(...algorithmFindings(alg));
  const typ = header["typ"];
  if (typ !== undefined && !isAllowedType(typ)) {
    const explanation = `typ is ${JSON.stringify(typ)}. Entra takes JWT or no typ at all.`;
    findings.push(
      createFinding("ASSERTION_TYP_WRONG", {
        explanation,
        evidence: { typ: String(typ) },
        remedy: 'Write "typ": "JWT".',
      }),
    );
  }
  if (header["x5t#s256"] !== undefined && header["x5t#S256"] === undefined) {
    findings.push(
      createFinding("ASSERTION_X5T_S256_CASING", {
        explanation:
          "The header has x5t#s256 with a small s, as some pages print it. Names in a JOSE header are case-sensitive, so Entra sees no thumbprint.",
        evidence: { member: "x5t#s256" },
        remedy: { text: "Rename the member.", snippet: `"x5t#S256": "${String(header["x5t#s256"])}"` },
      }),
    );
  }
  const hasReference = ["x5t", "x5t#S256", "x5t#s256", "kid"].some(
    (name) => header[name] !== undefined && header[name] !== "",
  );
  if (!hasReference && jwt.nature === "assertion") findings.push(noReference(file));
  const odd = Object.keys(header).filter((name) => !ALLOWED.has(name));
  const refused = odd.filter((name) => ["jwk", "jku", "x5u", "crit", "enc", "zip", "b64"].includes(name));
  if (refused.length > 0) {
    const explanation = `The header has ${refused.join(", ")}. Entra takes alg, typ, x5t, x5t#S256, kid and x5c only.`;
    findings.push(
      createFinding("ASSERTION_HEADER_UNSUPPORTED", {
        explanation,
        evidence: { members: refused },
        remedy: "Leave these members out.",
      }),
    );
  }
  return [...findings, ...chainFindings(header)];
}

function algorithmFindings(alg: unknown): Finding[] {
  if (typeof alg === "string" && /^(?:RS|PS)(?:256|384|512)$/.test(alg)) return [];
  const text = typeof alg === "string" ? alg : "missing";
  const why = /^ES/i.test(text)
    ? "Entra accepts RSA keys only, so an EC signature never works."
    : /^HS/i.test(text)
      ? "HS256 is made with a shared secret, not with the key of a certificate."
      : /^none$/i.test(text)
        ? "none means: not signed."
        : "Names of algorithms are case-sensitive.";
  return [
    createFinding("ASSERTION_ALG_UNSUPPORTED", {
      explanation: `alg is ${text}. ${why}`,
      evidence: { alg: text },
      remedy: "Sign with PS256 (or RS256) and the RSA key of the registered certificate.",
    }),
  ];
}

function isAllowedType(typ: unknown): boolean {
  return typeof typ === "string" && (/^jwt$/i.test(typ) || typ === "http://openid.net/specs/jwt/1.0");
}

function noReference(file: CaseFile): Finding {
  const known: KnownCertificate | undefined = file.certificates.find(
    (item) => item.sha1Hex !== undefined || item.sha256Hex !== undefined,
  );
  const snippets = [
    known?.sha256Hex === undefined
      ? undefined
      : `"x5t#S256": "${toBase64url(Buffer.from(known.sha256Hex, "hex"))}"`,
    known?.sha1Hex === undefined ? undefined : `"x5t": "${toBase64url(Buffer.from(known.sha1Hex, "hex"))}"`,
  ].filter((text) => text !== undefined);
  return createFinding("ASSERTION_NO_KEY_REFERENCE", {
    explanation:
      "The header has neither x5t#S256, nor x5t, nor kid. An application may have several certificates, so Entra wants to be told which one signed. Generic private_key_jwt libraries leave this out.",
    evidence: { certificate: known?.sha1Hex ?? known?.sha256Hex },
    remedy: {
      text:
        snippets.length === 0
          ? "Add x5t#S256 (with PS256) or x5t (with RS256) to the header: the base64url of the hash of the DER certificate."
          : `Add one of these to the header; they name the certificate of ${known?.source ?? "this input"}.`,
      ...(snippets.length === 0 ? {} : { snippet: snippets.join("\n") }),
      ...(snippets.length > 0
        ? {}
        : {
            commands: [
              "openssl x509 -in cert.pem -outform der | openssl dgst -sha256 -binary | openssl base64 -A | tr '+/' '-_' | tr -d '='",
            ],
          }),
    },
  });
}

function chainFindings(header: Readonly<Record<string, unknown>>): Finding[] {
  const x5c = header["x5c"];
  if (x5c === undefined) return [];
  const list = Array.isArray(x5c) ? x5c : [x5c];
  const first = list[0];
  const leaf =
    typeof first === "string"
      ? readCertificateDer(new Uint8Array(Buffer.from(first.replace(/\s+/g, ""), "base64")))
      : undefined;
  if (leaf === undefined) {
    const explanation =
      "x5c must hold standard base64 of DER certificates, without PEM armour, the leaf first.";
    return [
      createFinding("ASSERTION_X5C_BROKEN", {
        explanation,
        evidence: { entries: list.length },
        remedy: "Strip the BEGIN and END lines and the line breaks.",
      }),
    ];
  }
  const named = namedHash(header);
  if (named === undefined || named === leaf.sha1Hex || named === leaf.sha256Hex) return [];
  return [
    createFinding("ASSERTION_X5C_MISMATCH", {
      explanation: `The header names ${named}, but the first certificate in x5c is ${leaf.sha1Hex}. The leaf must stand first in x5c.`,
      evidence: { named, leaf: leaf.sha1Hex },
      remedy: "Put the leaf first, its issuers after it, or correct the thumbprint.",
    }),
  ];
}

function namedHash(header: Readonly<Record<string, unknown>>): string | undefined {
  for (const name of ["x5t#S256", "x5t"]) {
    const value = header[name];
    if (typeof value !== "string") continue;
    const bytes = Buffer.from(value, "base64url");
    if (bytes.length === 20 || bytes.length === 32) return bytes.toString("hex").toUpperCase();
  }
  return undefined;
}

/** The service says that key and alg do not go together, but names neither. */
function keyDoesNotFit(): Finding {
  return createFinding("ASSERTION_ALG_UNSUPPORTED", {
    explanation:
      "alg in the header and the registered key do not go together: the key is EC, or alg is one that Entra does not take with it. In April 2024 the same answer also came to RSA certificates signed with PS256 (MSAL.NET 4.60), while Entra was taking PS256 up.",
    remedy: {
      text: "Look whether the certificate's key is RSA. If it is, sign with RS256 and x5t once to tell the two apart, or take a present version of the library.",
      commands: ["openssl x509 -in cert.pem -noout -text | grep 'Public Key Algorithm'"],
    },
  });
}

/** The same faults, known only from what the service said. */
function fromErrors(file: CaseFile): Finding[] {
  const findings: Finding[] = [];
  if (hasCode(file, 5002723) || hasText(file, /No certificate (?:SHA-1 )?thumbprint/i))
    findings.push(noReference(file));
  for (const error of allOf(file, "signInError")) {
    if (error.codes.includes(5002738) || error.codes.includes(5002730)) {
      const alg = /'([\w-]{1,20})' is not a supported/.exec(error.description)?.[1];
      findings.push(
        ...(alg === undefined
          ? [keyDoesNotFit()]
          : algorithmFindings(/^(?:RS|PS)\d/.test(alg) ? undefined : alg)),
      );
    }
    if (error.codes.includes(5002727)) {
      findings.push(
        createFinding("ASSERTION_TYP_WRONG", {
          explanation: "The header's typ is not JWT.",
          remedy: 'Write "typ": "JWT", or leave typ out.',
        }),
      );
    }
    if (error.codes.includes(5002726)) {
      findings.push(
        createFinding("ASSERTION_HEADER_UNSUPPORTED", {
          explanation: "The header has a member that Entra does not take.",
          remedy: "Send alg, typ and x5t#S256 (or x5t) only.",
        }),
      );
    }
  }
  return findings;
}
