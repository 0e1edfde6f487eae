/**
 * Reads what validators of own APIs say when they refuse a token: ASP.NET Core (IDX…), Spring, Nimbus, PyJWT,
 * jsonwebtoken, jose, go-oidc and their like.
 */
import type { TokenRefusalReason } from "../artifact.ts";
import { isRule } from "./mention.ts";
import { lineOf, originOf, type Reading } from "./reading.ts";
import { unescapeText } from "./unescape.ts";

const SAMPLE = 300_000;

/** Sentences; group 1 is what the token has, group 2 what the API expects; `~` before the reason turns them round. */
const SENTENCES: ReadonlyArray<readonly [TokenRefusalReason | `~${TokenRefusalReason}`, RegExp]> = [
  [
    "issuer",
    /IDX(?:10205|10211|10212|40001):(?:[^\n]{0,120}?Issuer: '([^'\n]{1,300})')?(?:[\s\S]{0,160}?ValidIssuer: '([^'\n]{1,300})')?/,
  ],
  ["issuer", /The issuer '([^'\n]{1,300})' is invalid/i],
  ["issuer", /Invalid token issuer\b/i],
  ["issuer", /Invalid Issuer \(iss\) claim:? ?(https?:\/\/[^\s"'\\]{1,300})?/i],
  ["issuer", /The iss claim is not valid/i],
  ["~issuer", /jwt issuer invalid\. expected: (\S{1,300})/i],
  ["issuer", /unexpected "iss" claim value|InvalidIssuerError\b|\bjwt\.exceptions\.\w{0,30}Issuer/],
  ["~issuer", /id token issued by a different provider, expected "([^"\n]{1,300})" got "([^"\n]{0,300})"/],
  [
    "~issuer",
    /issuer did not match the issuer returned by provider, expected "([^"\n]{1,300})" got "([^"\n]{0,300})"/,
  ],
  [
    "issuer",
    /The Issuer "([^"\n]{1,300})" provided in the configuration metadata did not match the requested issuer "([^"\n]{1,300})"/,
  ],
  [
    "audience",
    /IDX(?:10206|10208|10214):(?:[^\n]{0,120}?Audiences?: '([^'\n]{1,300})')?(?:[\s\S]{0,160}?ValidAudiences?: '([^'\n]{1,300})')?/,
  ],
  ["audience", /Invalid token audience\.?(?: Provided value \[([^\]\n]{1,300})\])?/i],
  ["audience", /The audience '([^'\n]{1,300})' is invalid/i],
  ["audience", /The aud claim is not valid|This aud claim is not equal to the configured audience/i],
  ["~audience", /jwt audience invalid\. expected: (\S{1,300})/i],
  ["audience", /Invalid AppId passed on token: ?([0-9a-f-]{36})?/i],
  ["audience", /unexpected "aud" claim value|InvalidAudienceError\b|Audience doesn't match/],
  ["~audience", /expected audience "([^"\n]{1,300})" got \["?([^"\]\n]{1,300})/],
  [
    "signature",
    /IDX105(?:0\d|11|16|17):(?:[^\n]{0,200}?(?:'kid'|kid is|match key)[^\n']{0,8}'([\w+/=-]{6,100})')?/,
  ],
  [
    "signature",
    /Signed JWT rejected: (?:Invalid signature|Another algorithm expected, or no matching key\(s\) found)/i,
  ],
  ["signature", /(?:token|jwt)[^\n]{0,60}crypto\/rsa: verification error|crypto\/rsa: verification error/i],
  [
    "signature",
    /JsonWebTokenError:? invalid signature|JWSSignatureVerificationFailed|InvalidSignatureError\b/,
  ],
  ["signature", /failed to verify (?:id token )?signature\b/i],
  [
    "signature",
    /Unable to find a key for \(algorithm, ?kid\):\s?\w{2,6}, ?([\w+/=-]{6,100})|no valid key found in issuer's jwks_uri|no applicable key found in the JSON Web Key Set|JWKSNoMatchingKey|unable to find a signing key that matches:? ?['"]?([\w+/=-]{6,100})?/i,
  ],
  ["lifetime", /IDX10223:(?:[^\n]{0,120}?ValidTo[^\n]{0,12}: '([^'\n]{1,40})')?/],
  [
    "notYet",
    /IDX10222:|JWT not active yet, now (\d{9,11}), nbf (\d{9,11})|NotBeforeError:? jwt not active|ImmatureSignatureError\b|Token used before issued|current time [^\n]{1,60} before the nbf/i,
  ],
  ["lifetime", /Jwt expired at ([\dT:.Z-]{10,30})|BadJWTException: Expired JWT|"message": ?"Expired JWT"/i],
  ["lifetime", /TokenExpiredError:? jwt expired|ExpiredSignatureError\b|oidc: token is expired/],
];

/**
 * Finds refusals of tokens by an own API.
 *
 * @param reading - the input
 * @param source - any text
 */
export function scanForTokenRefusals(reading: Reading, source: string): void {
  const sample = source.slice(0, SAMPLE);
  if (!/IDX\d{5}|iss|aud|jwt|kid|token|signature|verif/i.test(sample)) return;
  const text = /\\"|&quot;|\\u0027/.test(sample) ? unescapeText(sample) : sample;
  // Names in an import or a handler are no events.
  const said = text.replace(
    /^[ \t]{0,40}(?:from\s|import\s|except\s|catch\s|if\s|assert|expect)[^\n]*$/gm,
    "",
  );
  for (const [key, pattern] of SENTENCES) {
    const match = pattern.exec(said);
    if (match === null || isRule(said, match.index, Math.min(match[0].length, 80))) continue;
    const isTurned = key.startsWith("~");
    const reason = key.replace("~", "") as TokenRefusalReason;
    if (reading.artifacts.some((item) => item.kind === "tokenRefusal" && item.reason === reason)) continue;
    const [one, two] = [match[1]?.trim(), match[2]?.trim()];
    reading.artifacts.push({
      kind: "tokenRefusal",
      origin: originOf(reading, lineOf(text, text.indexOf(match[0].slice(0, 20)))),
      summary: `an API refuses a token: ${match[0].replace(/\s+/g, " ").slice(0, 120)}`,
      reason,
      actual: isTurned ? two : one,
      expected: isTurned ? one : two,
      quoted: match[0].replace(/\s+/g, " ").slice(0, 200),
    });
  }
}
