import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readXml } from "./xml-reader.ts";
import { escapeText, xml } from "./xml-writer.ts";

describe("xml()", () => {
  it("escapes text and attributes, not markup", () => {
    const inner = xml("t:Subject", {}, `<b> & "quotes" ]]>`);
    const outer = xml(
      "t:Item",
      { Id: `a"b<c>&\r\n\t`, Empty: undefined, Count: 2, Is: true },
      inner,
      undefined,
    );
    expect(outer.markup).toBe(
      '<t:Item Id="a&quot;b&lt;c&gt;&amp;&#13;&#10;&#9;" Count="2" Is="true"><t:Subject>&lt;b&gt; &amp; "quotes" ]]&gt;</t:Subject></t:Item>',
    );
  });

  it("closes an element without content at once", () => {
    expect(xml("m:Items", {}).markup).toBe("<m:Items/>");
    expect(xml("m:Items", {}, [], undefined, "").markup).toBe("<m:Items/>");
  });

  it("replaces what XML 1.0 cannot carry, halves of characters included", () => {
    expect(escapeText("a\u0000b\u000bc\ud83dd\udc4de\ufffff")).toBe("a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf");
    expect(escapeText("\ud83d\udc4d \u{1F9EA} \u0085")).toBe("\ud83d\udc4d \u{1F9EA} \u0085");
  });

  it("carries every text that XML can hold through a parser and back", () => {
    const document = (text: string): Uint8Array =>
      Buffer.from(
        xml(
          "t:Subject",
          { "xmlns:t": "http://schemas.microsoft.com/exchange/services/2006/types", Note: text },
          text,
        ).markup,
      );
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that XML cannot hold
        const expected = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd");
        const read = readXml(document(text));
        expect(read.text).toBe(expected);
        expect(read.attributes["Note"]).toBe(expected);
      }),
      { numRuns: 200 },
    );
  });
});
