import { describe, expect, it } from "vitest";
import { UnreadableXml, type XmlElement } from "./xml-element.ts";
import { readXml } from "./xml-reader.ts";

const TYPES = "http://schemas.microsoft.com/exchange/services/2006/types";

const read = (text: string, options?: Parameters<typeof readXml>[1]): XmlElement =>
  readXml(Buffer.from(text), options);

describe("readXml()", () => {
  it("goes by namespaces, whatever the prefixes are", () => {
    const forms = [
      `<x:Item xmlns:x="${TYPES}"><x:Subject>A</x:Subject></x:Item>`,
      `<Item xmlns="${TYPES}"><Subject>A</Subject></Item>`,
      `<m:Item xmlns:m="${TYPES}"><t:Subject xmlns:t="${TYPES}">A</t:Subject></m:Item>`,
    ];
    for (const form of forms) {
      expect(read(form)).toMatchObject({ name: "t:Item", children: [{ name: "t:Subject", text: "A" }] });
    }
    expect(read(`<t:Item xmlns:t="urn:other"/>`).name).toBe("{urn:other}Item");
    expect(read("<t/>").name).toBe("t");
  });

  it("reads character references, CDATA and a byte order mark", () => {
    expect(read(`\ufeff<a b="&#x1F9EA;&quot;">&lt;&#13;<![CDATA[<&]]>&amp;</a>`)).toMatchObject({
      attributes: { b: '\u{1F9EA}"' },
      text: "<\r<&&",
    });
  });

  it("hands out the elements that are streamed and keeps none of them", () => {
    const items = Array.from({ length: 1000 }, (_, index) => `<i n="${index}"><v>text ${index}</v></i>`);
    const seen: string[] = [];
    const root = read(`<r><list>${items.join("\n")}</list><after/></r>`, {
      streamed: new Set(["i"]),
      onElement: (element) => seen.push(`${element.attributes["n"]} ${element.children[0]?.text}`),
    });
    expect(seen).toHaveLength(1000);
    expect(seen[999]).toBe("999 text 999");
    expect(root.children.map(({ name, children }) => [name, children.length])).toEqual([
      ["list", 0],
      ["after", 0],
    ]);
  });

  it("puts characters together that the pieces of a large answer cut apart", () => {
    const text = `é数\u{1F9EA}`.repeat(40_000);
    for (const shift of ["", "x", "xx", "xxx"])
      expect(read(`<a>${shift}${text}</a>`).text).toBe(shift + text);
  });

  it.each([
    ["a document type", `<!DOCTYPE a><a/>`],
    ["an entity of its own", `<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`],
    ["an external entity", `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>`],
    ["an unknown entity", `<a>&nbsp;</a>`],
    ["a processing instruction", `<?php echo 1 ?><a/>`],
    ["nothing", ``],
    ["text", `Service Unavailable`],
    ["HTML", `<html><head><meta charset=utf-8></head></html>`],
    ["half a document", `<a><b>text`],
    ["two roots", `<a/><b/>`],
    ["an undeclared prefix", `<t:a/>`],
    ["the same attribute twice", `<a b="1" b="2"/>`],
    ["a forbidden character", `<a>\u0001</a>`],
    ["elements nested too deep", `${"<a>".repeat(65)}${"</a>".repeat(65)}`],
    ["too many elements", `<a>${"<b/>".repeat(200_001)}</a>`],
  ])("refuses %s", (_, text) => {
    expect(() => read(text)).toThrow(UnreadableXml);
  });

  it("refuses bytes that are not UTF-8", () => {
    expect(() => readXml(Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0x3c, 0x2f, 0x61, 0x3e]))).toThrow(
      UnreadableXml,
    );
    expect(() => readXml(Buffer.from("\ufeff<a/>", "utf16le"))).toThrow(UnreadableXml);
    expect(() => readXml(Buffer.concat([Buffer.from("<a>"), Buffer.from([0xe6, 0x95])]))).toThrow(
      UnreadableXml,
    );
  });

  it("takes as many streamed elements as there are", () => {
    let count = 0;
    const text = `<a>${"<b><c/></b>".repeat(250_000)}</a>`;
    read(text, { streamed: new Set(["b"]), onElement: () => (count += 1) });
    expect(count).toBe(250_000);
  });

  it("keeps names of the prototype apart from attributes", () => {
    const { attributes } = read(`<a __proto__="1" constructor="2"/>`);
    expect(Object.entries(attributes)).toEqual([
      ["__proto__", "1"],
      ["constructor", "2"],
    ]);
    expect(read("<a/>").attributes["constructor"]).toBeUndefined();
  });
});
