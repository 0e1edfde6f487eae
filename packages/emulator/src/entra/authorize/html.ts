/** Small pages, rendered here: every value escaped, no inline handlers, a content security policy of their own. */
import { createHash, randomBytes } from "node:crypto";
import type { EmulatorResponse } from "../../host/http.ts";

/** Text that is HTML already. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * Template tag: values are escaped unless they are {@link Html}; lists are joined.
 *
 * @param parts - literal parts
 * @param values - values between them
 * @returns HTML
 */
export function html(parts: TemplateStringsArray, ...values: readonly unknown[]): Html {
  let text = parts[0] ?? "";
  for (const [index, value] of values.entries()) text += render(value) + (parts[index + 1] ?? "");
  return new Html(text);
}

const STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:0;display:grid;place-items:center;min-height:100vh;background:light-dark(#f2f2f2,#1b1b1b);color:light-dark(#1b1b1b,#f2f2f2)}main{background:light-dark(#fff,#262626);max-width:26rem;width:100%;padding:2.5rem;box-sizing:border-box;box-shadow:0 2px 6px #0003}h1{font-size:1.5rem;font-weight:600;margin:.5rem 0 1rem}label{display:block;margin:.75rem 0}input[type=text],input[type=email],input[type=password]{display:block;width:100%;box-sizing:border-box;font:inherit;padding:.4rem;border:1px solid #8a8886}button{font:inherit;padding:.4rem 1.5rem;margin:.75rem .5rem 0 0;border:1px solid #8a8886;background:none;color:inherit}button.main{background:#0b5cad;border-color:#0b5cad;color:#fff}.error{color:light-dark(#a80000,#ff9a9a)}.quiet{color:light-dark(#595959,#b5b5b5);font-size:.85rem}li{margin:.25rem 0}`;
const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

/** What a page consists of. */
export interface Page {
  readonly title: string;
  readonly body: Html;
  /** Status. @defaultValue 200 */
  readonly status?: number | undefined;
  /** Origin or scheme to which a form of the page may lead in the end. */
  readonly leadsTo?: string | undefined;
  /** Submits the only form of the page at once. */
  readonly submits?: boolean | undefined;
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined;
}

/**
 * Renders a page.
 *
 * @param page - title and body
 * @returns the answer
 */
export function renderPage(page: Page): EmulatorResponse {
  const nonce = page.submits ? randomBytes(16).toString("base64") : undefined;
  const script =
    nonce === undefined ? html`` : new Html(`<script nonce="${nonce}">document.forms[0].submit()</script>`);
  const document = html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${page.title}</title><style>${new Html(STYLE)}</style></head>
<body><main><p class="quiet">Nightlatch emulator</p>${page.body}</main>${script}</body></html>`;
  const formTargets = ["'self'", page.leadsTo].filter(Boolean).join(" ");
  const scripts = nonce === undefined ? "" : `; script-src 'nonce-${nonce}'`;
  return {
    status: page.status ?? 200,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-store, no-cache",
      Pragma: "no-cache",
      "Content-Security-Policy": `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action ${formTargets}; base-uri 'none'; frame-ancestors 'none'${scripts}`,
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
      "X-Frame-Options": "DENY",
      ...page.headers,
    },
    body: document.text,
  };
}

/**
 * The source that a content security policy names for an address.
 *
 * @param address - absolute address
 * @returns origin, or scheme for addresses without a host; `undefined` when it is no address
 */
export function policySource(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { origin, protocol } = new URL(address);
  return origin === "null" ? protocol : origin;
}

function render(value: unknown): string {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(render).join("");
  if (value === undefined || value === null || value === false) return "";
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
