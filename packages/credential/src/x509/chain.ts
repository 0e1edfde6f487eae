/** Puts certificates into the order that `x5c` wants: the leaf first, then each one's issuer. */
import { type Certificate, isIssuedBy } from "./certificate.ts";

/**
 * Builds the chain of a certificate from certificates in any order.
 *
 * @param leaf - the certificate whose private key signs
 * @param pool - certificates that may be issuers, in any order; the leaf may be among them
 * @returns the leaf, its issuer, that one's issuer and so on, as far as the pool reaches
 */
export function orderChain(leaf: Certificate, pool: readonly Certificate[]): readonly Certificate[] {
  const chain = [leaf];
  const seen = new Set([leaf.thumbprintSha256.hex]);
  let last = leaf;
  while (!last.isSelfSigned) {
    const below = last;
    const issuer = pool.find(
      (candidate) => !seen.has(candidate.thumbprintSha256.hex) && isIssuedBy(below, candidate),
    );
    if (issuer === undefined) break;
    chain.push(issuer);
    seen.add(issuer.thumbprintSha256.hex);
    last = issuer;
  }
  return Object.freeze(chain);
}
