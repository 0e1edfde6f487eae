/** Rules for the header of a client assertion. */
import type { AssertionCheck } from "./check.ts";

const TYPES = ["jwt", "http://openid.net/specs/jwt/1.0"];
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256"];
const KEY_REFERENCES = ["x5t#S256", "x5t", "kid"];

/** `typ` may be absent; anything but JWT is refused (AADSTS5002727). */
export const checkHeaderType: AssertionCheck = ({ header }) => {
  const type = header["typ"];
  if (type === undefined || type === null) return undefined;
  if (typeof type !== "string") return { code: 50027 };
  return TYPES.includes(type.toLowerCase()) ? undefined : { code: 5002727 };
};

/** Only RSA signatures are taken (AADSTS5002738). */
export const checkAlgorithm: AssertionCheck = (assertion) => {
  const algorithm = assertion.header["alg"];
  if (typeof algorithm !== "string") return { code: 50027 };
  if (ALGORITHMS.includes(algorithm)) return undefined;
  // An assertion signed with the client secret was seen refused for its missing key reference, not for HS256.
  if (algorithm.startsWith("HS")) {
    const refusal = checkKeyReference(assertion);
    if (refusal !== undefined) return refusal;
  }
  return { code: 5002738, values: { alg: algorithm } };
};

/** The header must name the key (AADSTS5002723). */
export const checkKeyReference: AssertionCheck = ({ header }) => {
  const isNamed = KEY_REFERENCES.some((name) => typeof header[name] === "string" && header[name] !== "");
  return isNamed ? undefined : { code: 5002723 };
};
