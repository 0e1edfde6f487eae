/** The frame of the pages: one self-contained document, no script, nothing loaded from anywhere. */
import { createHash } from "node:crypto";
import { STYLE } from "./style.ts";

/** Content security policy of the pages: this very style sheet and nothing else. */
export const PAGE_CONTENT_POLICY: string = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** A piece of markup; made only by {@link html}, so that text cannot be taken for it. */
export interface Markup {
  readonly markup: string;
}

type Part = string | number | Markup | undefined | false | readonly (Markup | undefined | false)[];

/**
 * Template tag for markup: every value is escaped unless it is markup itself; absent values vanish.
 *
 * @returns markup
 */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return {
    markup: texts.map((text, index) => (index === 0 ? text : render(parts[index - 1]) + text)).join(""),
  };
}

/**
 * Turns the backticks of a description into code.
 *
 * @param text - one paragraph, in which nothing else has a meaning
 */
export function prose(text: string | undefined): Markup {
  const parts = (text ?? "").split("`");
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`))}`;
}

/**
 * Lays out a whole page.
 *
 * @param page - title of the window, links at the side, content
 * @returns HTML document
 */
export function layout(page: {
  readonly title: string;
  readonly navigation: Markup;
  readonly content: Markup;
}): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title}</title>
<style>${{ markup: STYLE }}</style>
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<nav aria-label="Contents">${page.navigation}</nav>
<main id="content">${page.content}</main>
</body>
</html>
`.markup;
}

function render(part: Part): string {
  if (part === undefined || part === false) return "";
  if (typeof part === "string" || typeof part === "number") return escapeHtml(String(part));
  if ("markup" in part) return part.markup;
  return part.map(render).join("");
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
