import { describe, expect, it } from "vitest";
import { createPkce } from "./pkce.ts";

describe("createPkce", () => {
  it("createPkce() gives the challenge of RFC 7636 appendix B", () => {
    const pkce = createPkce("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    expect(pkce.codeChallenge).toBe("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  });

  it("createPkce() makes a fresh verifier of 43 characters each time", () => {
    const verifiers = new Set(Array.from({ length: 100 }, () => createPkce().codeVerifier));
    expect(verifiers.size).toBe(100);
    for (const verifier of verifiers) expect(verifier).toMatch(/^[\w-]{43}$/);
  });

  it.each(["", "a".repeat(42), "a".repeat(129), `${"a".repeat(50)}+`])(
    "createPkce(%j) is misuse",
    (verifier) => {
      expect(() => createPkce(verifier)).toThrow(RangeError);
    },
  );
});
