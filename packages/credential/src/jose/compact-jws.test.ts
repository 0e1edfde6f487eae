import { describe, expect, it } from "vitest";
import { parseCompactJws } from "./compact-jws.ts";

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const header = encode({ alg: "RS256", typ: "JWT" });
const payload = encode({ sub: "Schüle" });

describe("parseCompactJws()", () => {
  it("takes a token apart", () => {
    const jws = parseCompactJws(` ${header}.${payload}.AQID\n`);
    expect(jws.protectedHeader).toEqual({ alg: "RS256", typ: "JWT" });
    expect(jws.payload).toEqual({ sub: "Schüle" });
    expect([...jws.signature]).toEqual([1, 2, 3]);
    expect(Buffer.from(jws.signingInput).toString()).toBe(`${header}.${payload}`);
  });

  it.each([
    ["empty text", "", "token"],
    ["the word Bearer in front", `Bearer ${header}.${payload}.AQID`, "token"],
    ["two parts", `${header}.${payload}`, "token"],
    ["five parts (JWE)", "a.b.c.d.e", "token"],
    ["no header", `.${payload}.AQID`, "header"],
    ["a header that is no JSON", `AQID.${payload}.AQID`, "header"],
    ["a header that is an array", `${encode([])}.${payload}.AQID`, "header"],
    ["a payload in base64 with padding", `${header}.${payload}==.AQID`, "payload"],
    ["a payload that lost a character", `${header}.${"a".repeat(5)}.AQID`, "payload"],
    ["a line break in the payload", `${header}.${payload.slice(0, 8)}\n${payload.slice(8)}.AQID`, "payload"],
    ["a signature with a plus", `${header}.${payload}.AQ+D`, "signature"],
    ["a signature with an umlaut", `${header}.${payload}.AQ\u00fcD`, "signature"],
  ])("names the part that is wrong: %s", (_, text, part) => {
    let thrown: unknown;
    try {
      parseCompactJws(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: "CREDENTIAL_JWS_MALFORMED", details: { part } });
    if (text.length > 40) expect(String(thrown)).not.toContain(payload.slice(0, 8));
  });
});
