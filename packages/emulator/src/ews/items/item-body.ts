/** Bodies: kept as they were written, shown as the reader asks. */
import type { StoredEvent } from "../../mailbox/event.ts";
import { text } from "../soap/xml-writer.ts";

/** `BodyType` of an item shape. */
export type BodyWish = "Best" | "HTML" | "Text";

/**
 * Writes a body.
 *
 * @param name - element, with prefix
 * @param event - whose body
 * @param wish - HTML, text, or as it was written
 * @returns XML
 */
export function writeBody(
  name: string,
  event: Pick<StoredEvent, "body" | "bodyType">,
  wish: BodyWish,
): string {
  const { body = "", bodyType } = event;
  const stored = bodyType === "html" ? "HTML" : "Text";
  const wanted = wish === "Best" ? stored : wish;
  const content = wanted === stored || body === "" ? body : wanted === "Text" ? toText(body) : toHtml(body);
  return text(name, content, { BodyType: wanted });
}

/**
 * Gives a body as text.
 *
 * @param event - whose body
 * @returns text without tags
 */
export function bodyText({ body = "", bodyType }: Pick<StoredEvent, "body" | "bodyType">): string {
  return bodyType === "text" ? body : toText(body);
}

function toHtml(plain: string): string {
  const escaped = plain.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return `<html>\r\n<head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\r\n</head>\r\n<body>\r\n<div class="PlainText">${escaped.replaceAll(/\r\n|\r|\n/g, "<br>\r\n")}</div>\r\n</body>\r\n</html>\r\n`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
};

function toText(html: string): string {
  return withoutHidden(html)
    .replaceAll(/\s+/g, " ")
    .replaceAll(/<br\b[^<>]*>|<\/(?:p|div|li|tr|h[1-6])>/gi, "\r\n")
    .replaceAll(/<[^<>]*>/g, "")
    .replaceAll(
      /&(?:#(\d{1,7})|([a-z]{2,5}));/gi,
      (whole, number: string | undefined, name: string | undefined) =>
        number === undefined
          ? (ENTITIES[name?.toLowerCase() ?? ""] ?? whole)
          : fromCodePoint(Number(number), whole),
    )
    .trim();
}

function fromCodePoint(number: number, otherwise: string): string {
  return number > 0 && number <= 0x10ffff ? String.fromCodePoint(number) : otherwise;
}

/** Cuts out what no reader sees. What is opened and never closed hides everything behind it. */
function withoutHidden(html: string): string {
  const lower = html.toLowerCase();
  const opening = /<(head|style|script)\b/g;
  let kept = "";
  let from = 0;
  for (let match = opening.exec(lower); match !== null; match = opening.exec(lower)) {
    kept += html.slice(from, match.index);
    const closing = lower.indexOf(`</${match[1]}`, match.index);
    const end = closing < 0 ? -1 : lower.indexOf(">", closing);
    if (end < 0) return kept;
    from = end + 1;
    opening.lastIndex = from;
  }
  return kept + html.slice(from);
}
