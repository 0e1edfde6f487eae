import { generateKeyPairSync } from "node:crypto";
import { calculateJwkThumbprint } from "jose";
import { describe, expect, it } from "vitest";
import { jwkThumbprint } from "./jwk-thumbprint.ts";

describe("jwkThumbprint()", () => {
  it("gives the value of RFC 7638 §3.1", () => {
    const n =
      "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMs" +
      "tn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    const jwk = { kty: "RSA", n, e: "AQAB", alg: "RS256", kid: "2011-04-29" };
    expect(jwkThumbprint(jwk)).toBe("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
  });

  it("agrees with jose for every kind of key", async () => {
    const pairs = [
      generateKeyPairSync("ec", { namedCurve: "P-256" }),
      generateKeyPairSync("ed25519"),
      generateKeyPairSync("rsa", { modulusLength: 1024 }),
    ];
    for (const { privateKey, publicKey } of pairs)
      expect(jwkThumbprint(privateKey)).toBe(
        await calculateJwkThumbprint(publicKey.export({ format: "jwk" })),
      );
  });

  it("refuses what has no thumbprint", () => {
    expect(() => jwkThumbprint({ kty: "RSA", n: "AQAB" })).toThrow(TypeError);
    expect(() => jwkThumbprint({ kty: "oct", k: "AQAB" })).toThrow(TypeError);
  });
});
