import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { child, readXml, XmlFault } from "./xml-reader.ts";
import { element, escapeAttribute, escapeText, text } from "./xml-writer.ts";

const anyText = fc.string({ unit: "binary", maxLength: 60 });

describe("writer and reader", () => {
  it("text() and attributes come back from readXml() as they were, but for what XML cannot say", () => {
    fc.assert(
      fc.property(anyText, anyText, (inside, beside) => {
        const root = readXml(Buffer.from(text("a", inside, { b: beside })));
        const writable = (value: string): string =>
          [...value]
            .map((character) =>
              /[^\t\n\r\u0020-\ufffd\u{10000}-\u{10ffff}]/u.test(character) ? "\ufffd" : character,
            )
            .join("");
        expect(root.text).toBe(writable(inside));
        expect(root.attributes.get("b")).toBe(writable(beside));
      }),
    );
  });

  it("escapeText() makes control characters and half characters readable for others", () => {
    const written = text("a", "x\u0001\ud800\uffffy\r\n<&>");
    expect(written).toBe("<a>x\ufffd\ufffd\ufffdy&#xD;\n&lt;&amp;&gt;</a>");
    expect(escapeAttribute('"\n<')).toBe("&quot;&#xA;&lt;");
    expect(escapeText("plain")).toBe("plain");
  });

  it("element() closes what is empty and leaves out absent attributes", () => {
    expect(element("a", "", { b: undefined, c: 0 })).toBe('<a c="0"/>');
  });
});

describe("readXml()", () => {
  it("keeps namespaces apart and attributes of none by name", () => {
    const root = readXml(Buffer.from('<a xmlns="urn:a" xmlns:b="urn:b" c="1" b:c="2"><b:d>x</b:d></a>'));
    expect([root.namespace, root.attributes.get("c"), root.foreignAttributes.get("{urn:b}c")]).toEqual([
      "urn:a",
      "1",
      "2",
    ]);
    expect(child(root, "d")?.namespace).toBe("urn:b");
  });

  it("takes a namespace with white space around its name for no other", () => {
    for (const name of ["urn:a ", " urn:a", "&#9;urn:a"])
      expect(() => readXml(Buffer.from(`<b:a xmlns:b="${name}"/>`))).toThrow(XmlFault);
  });

  it("never gives anything but an element or an XmlFault", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          readXml(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(XmlFault);
        }
      }),
    );
  });

  it("agrees with Python's expat about what is well formed", ({ skip }) => {
    const script =
      "import sys,json,xml.parsers.expat as e\nout=[]\nfor t in json.load(sys.stdin):\n  p=e.ParserCreate('utf-8',' ')\n  try:\n    p.Parse(t,True); out.append(True)\n  except e.ExpatError: out.append(False)\nprint(json.dumps(out))";
    const pieces = [
      "<a>",
      "</a>",
      "<b/>",
      "x",
      "&lt;",
      "&#65;",
      "<!--c-->",
      "<![CDATA[d]]>",
      "]]>",
      "&",
      "<",
      ' a="1"',
      "\u00e9",
    ];
    const documents = fc
      .sample(fc.array(fc.constantFrom(...pieces), { maxLength: 8 }), { numRuns: 2_000, seed: 7 })
      .map((parts) => `<r>${parts.join("")}</r>`);
    let expat: boolean[];
    try {
      expat = JSON.parse(
        execFileSync("python3", ["-c", script], { input: JSON.stringify(documents), encoding: "utf8" }),
      );
    } catch (error) {
      if (process.env["CI"] !== undefined) throw error;
      console.warn("Skipped: python3 is not installed, so nobody judged what is well formed");
      return skip();
    }
    const ours = documents.map((document) => {
      try {
        readXml(Buffer.from(document));
        return true;
      } catch {
        return false;
      }
    });
    expect(documents.filter((_document, index) => ours[index] !== expat[index])).toEqual([]);
    expect(new Set(ours).size).toBe(2);
  });
});
