/** Why an own API refused a token, and which side has to change. */
import type { TokenRefusal, TokenRefusalReason } from "../artifact.ts";
import type { Finding } from "../finding.ts";
import { createFinding } from "../finding-table.ts";
import { apiOfAudience } from "./api.ts";
import { allOf, type CaseFile, claim } from "./case-file.ts";

const PERSONAL_TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad";

/**
 * Explains refusals by validators of own APIs.
 *
 * @param file - the case file
 * @returns findings with both values where the text has them
 */
export function checkTokenRefusals(file: CaseFile): Finding[] {
  return allOf(file, "tokenRefusal").map((item) => BY_REASON[item.reason](item, file));
}

const BY_REASON: Readonly<Record<TokenRefusalReason, (item: TokenRefusal, file: CaseFile) => Finding>> = {
  issuer: issuerRefused,
  audience: audienceRefused,
  signature: signatureRefused,
  lifetime: lifetimeRefused,
  notYet: notYetValid,
};

function evidenceOf(item: TokenRefusal): Record<string, string | undefined> {
  return { quoted: item.quoted, actual: item.actual, expected: item.expected };
}

function issuerRefused(item: TokenRefusal, file: CaseFile): Finding {
  const jwt = allOf(file, "jwt")[0];
  const actual = item.actual ?? (jwt === undefined ? undefined : claim(jwt, "iss"));
  const isPersonal = actual?.includes(PERSONAL_TENANT) === true;
  const isForeign = actual !== undefined && !/microsoftonline|windows\.net|ciamlogin|b2clogin/i.test(actual);
  const version = actual === undefined ? undefined : /\/v2\.0\/?$/.test(actual) ? "v2.0" : "v1.0";
  const reason = isPersonal
    ? `${actual ?? ""} is the tenant of personal accounts: somebody signed in with an outlook.com account, and the API takes its own tenant only.`
    : isForeign
      ? `The token says ${actual ?? ""}. The issuer is compared letter by letter: another scheme or host (a proxy in front, a second host name), a slash at the end, and the API refuses its own tokens.`
      : `${actual === undefined ? "" : `The token says ${actual}${version === undefined ? "" : ` (a token of ${version})`}. `}Entra writes two issuers: https://sts.windows.net/<tenant id>/ in tokens of v1.0 and https://login.microsoftonline.com/<tenant id>/v2.0 in those of v2.0. Which one an API gets is set in its own registration (requestedAccessTokenVersion), not by the endpoint that was called; and every tenant has its own.`;
  return createFinding("API_ISSUER_REFUSED", {
    explanation: `The API that got the token expects another issuer${item.expected === undefined ? "" : ` (${item.expected})`}. ${reason}`,
    evidence: evidenceOf({ ...item, actual }),
    remedy: isPersonal
      ? "Sign in with an account of the tenant, or let the API take personal accounts."
      : isForeign
        ? "Set the issuer (authority) of both sides to the very same address, the one that its /.well-known/openid-configuration names."
        : {
            text: `Let the API expect ${actual ?? "the issuer that the token has"}, or set requestedAccessTokenVersion of the API's registration to the version that it expects and ask for a new token.`,
            snippet: '"api": { "requestedAccessTokenVersion": 2 }',
          },
  });
}

function audienceRefused(item: TokenRefusal, file: CaseFile): Finding {
  const jwt = allOf(file, "jwt")[0];
  const actual = item.actual ?? (jwt === undefined ? undefined : claim(jwt, "aud"));
  const bare = actual?.replace(/^api:\/\//, "");
  const isForOther = actual !== undefined && apiOfAudience(actual) !== "own";
  return createFinding("API_AUDIENCE_REFUSED", {
    explanation: isForOther
      ? `The token is for ${actual}, not for the API that got it${item.expected === undefined ? "" : ` (${item.expected})`}.`
      : `The API does not find itself in aud${actual === undefined ? "" : ` (${actual})`}${item.expected === undefined ? "" : `; it expects ${item.expected}`}. Tokens of v2.0 have the bare client id of the API there, tokens of v1.0 the identifier URI by which it was asked for (api://…); an id_token has the client id of the client.`,
    evidence: evidenceOf({ ...item, actual }),
    remedy: isForOther
      ? {
          text: "Ask for a token with the scope of the API itself.",
          snippet: `scope=api://${item.expected?.replace(/^api:\/\//, "") ?? "<client id of the API>"}/.default`,
        }
      : {
          text: `Let the API accept both forms${bare === undefined ? "" : `: ${bare} and api://${bare}`}; or ask for the token by the name that it expects.`,
        },
  });
}

function signatureRefused(item: TokenRefusal, file: CaseFile): Finding {
  const jwt = allOf(file, "jwt")[0];
  const aud = jwt === undefined ? undefined : claim(jwt, "aud");
  const isOther = aud !== undefined && apiOfAudience(aud) === "graph";
  return createFinding("API_SIGNATURE_REFUSED", {
    explanation: `The API cannot verify the signature${item.actual === undefined ? "" : ` of the key ${item.actual}`}. ${isOther ? `aud is ${aud}: this token is for Graph, and tokens for Graph cannot be verified by anybody else (their header is changed before it is signed).` : "Mostly one of three: the token is for Graph, and those nobody else can verify (their header is changed before it is signed; the scopes asked for were User.Read, openid and the like, none of the own API); the keys were read from another tenant, another cloud or a B2C policy other than the one that issued it; or the program keeps keys that were rolled since."}`,
    evidence: { ...evidenceOf(item), aud },
    remedy: {
      text: "Look at aud: it has to be the own API; if it is Graph's, ask with the scope of the own API. Then read the keys from jwks_uri of the issuer that the token names, and read them again when a kid is not among them.",
      snippet: "scope=api://<client id of the API>/.default",
    },
  });
}

function lifetimeRefused(item: TokenRefusal): Finding {
  return createFinding("TOKEN_EXPIRED", {
    explanation: `The API says that the token has run out${item.actual === undefined ? "" : ` (at ${item.actual})`}, or the clock of the API is wrong.`,
    evidence: evidenceOf(item),
    remedy: "Ask for a new token; keep it only until shortly before expires_in is over.",
  });
}

function notYetValid(item: TokenRefusal): Finding {
  const seconds = Number(item.expected) - Number(item.actual);
  const by = Number.isFinite(seconds) ? ` by ${seconds} second(s)` : "";
  return createFinding("TOKEN_NOT_YET_VALID", {
    explanation: `The program that checks the token finds that it begins in the future${by}: the clock of its machine is behind the one of Entra.`,
    evidence: { ...evidenceOf(item), seconds: Number.isFinite(seconds) ? seconds : undefined },
    remedy: {
      text: "Set the clock right (time synchronisation), and allow some seconds of difference in the check.",
      commands: ["timedatectl status", "w32tm /query /status"],
    },
  });
}
