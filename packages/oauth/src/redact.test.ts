import { describe, expect, it } from "vitest";
import { withoutSecrets } from "./redact.ts";

const token = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl";

describe("withoutSecrets()", () => {
  it("removes signed tokens wherever they begin", () => {
    for (const before of ["", "Bearer ", "%3D", "token", "aaaaaaaaaaaaaaaa.b.", "x.y.z."])
      expect(withoutSecrets(`${before}${token} tail`, [])).toBe(`${before}[removed] tail`);
    expect(withoutSecrets(`${token},${token}`, [])).toBe("[removed],[removed]");
  });

  it("removes secrets in every spelling", () => {
    const secret = 'a"b c/ü';
    const text = [secret, JSON.stringify(secret), encodeURIComponent(secret), "a%22b+c%2F%C3%BC"].join(" | ");
    expect(withoutSecrets(text, [secret])).toBe('[removed] | "[removed]" | [removed] | [removed]');
  });

  it("leaves other text alone", () => {
    const text = "eyJ, eyJhbGci.b, AADSTS700027: www.example.org/a.b.c";
    expect(withoutSecrets(text, [])).toBe(text);
  });

  it("takes time in proportion to the text", () => {
    const started = performance.now();
    for (const unit of ["eyJ", "eyJaaaaaaaaaa", ".eyJaaaaaaaaaa", "a."])
      withoutSecrets(unit.repeat(300_000), []);
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
