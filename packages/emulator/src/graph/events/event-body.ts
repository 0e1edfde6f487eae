/** Bodies of events: kept as they were written, shown as HTML or as text, whichever the reader prefers. */
import type { StoredEvent } from "../../mailbox/event.ts";

const PREVIEW_CHARACTERS = 255;

/**
 * Renders a body. Without a preference it is HTML, as the service gives it: a fragment or a text is put into a page.
 *
 * @param event - whose body
 * @param preference - of the reader
 * @returns `itemBody` of Graph
 */
export function renderBody(
  event: Pick<StoredEvent, "body" | "bodyType">,
  preference: "text" | "html" | undefined,
): { contentType: "text" | "html"; content: string } {
  const { body, bodyType } = event;
  const contentType = preference ?? "html";
  if (body === undefined || body === "") return { contentType, content: "" };
  if (contentType === "text") return { contentType, content: bodyType === "text" ? body : toText(body) };
  return { contentType, content: bodyType === "html" ? toPage(body) : toPage(toHtml(body)) };
}

/**
 * Gives the beginning of a body as text.
 *
 * @param event - whose body
 * @returns at most 255 characters
 */
export function previewBody(event: Pick<StoredEvent, "body" | "bodyType">): string {
  if (event.body === undefined) return "";
  const text = event.bodyType === "text" ? event.body : toText(event.body);
  return text.slice(0, PREVIEW_CHARACTERS);
}

function toPage(html: string): string {
  if (/^\s*<(!doctype|html)/i.test(html)) return html;
  return `<html>\r\n<head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\r\n</head>\r\n<body>\r\n${html}\r\n</body>\r\n</html>\r\n`;
}

function toHtml(text: string): string {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return escaped.replaceAll(/\r\n|\r|\n/g, "<br>\r\n");
}

function toText(html: string): string {
  const entities: Readonly<Record<string, string>> = {
    amp: "&",
    lt: "<",
    gt: ">",
    quot: '"',
    nbsp: "\u00a0",
    "#39": "'",
  };
  return html
    .replaceAll(/<(head|style|script|title)\b[^>]*>[\s\S]*?<\/\1\s*>/gi, "")
    .replaceAll(/\r?\n/g, " ")
    .replaceAll(/<br\b[^>]*>|<\/(p|div|li|tr|h[1-6])>/gi, "\r\n")
    .replaceAll(/<[^<>]*>/g, "")
    .replaceAll(
      /&(amp|lt|gt|quot|nbsp|#39);/gi,
      (whole, name: string) => entities[name.toLowerCase()] ?? whole,
    )
    .replaceAll(/[ \t]+/g, " ")
    .trim();
}
