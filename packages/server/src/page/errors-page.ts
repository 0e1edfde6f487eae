/** The page behind the `type` of every problem document: what each code means and what to do. */
import { CALENDAR_ERRORS } from "@nightlatch/calendar";
import type { ErrorTable } from "@nightlatch/credential";
import { SERVER_ERRORS } from "../errors.ts";
import { html, layout, type Markup } from "./layout.ts";

const GROUPS: readonly { readonly title: string; readonly table: ErrorTable }[] = [
  { title: "This API", table: SERVER_ERRORS },
  { title: "The calendar behind it", table: CALENDAR_ERRORS },
];

/**
 * Renders the page.
 *
 * @returns HTML document without script
 */
export function renderErrorsPage(): string {
  const content = html`<h1>Codes of problem documents</h1>
<p class="lead">A failed request is answered with a problem document. Its code never changes its meaning; its hint is the next act.</p>
${GROUPS.map(({ title, table }) => html`<section><h2>${title}</h2>${listCodes(table).map(renderCode)}</section>`)}`;
  const navigation = html`<a class="name" href="/">Nightlatch calendar API</a>
${GROUPS.map(
  ({ title, table }) =>
    html`<h2>${title}</h2><ul>${listCodes(table).map(([code]) => html`<li><a href="#${code}"><code>${code.toLowerCase().replace(/^[a-z]+_/, "")}</code></a></li>`)}</ul>`,
)}`;
  return layout({ title: "Codes of problem documents", navigation, content });
}

type Entry = [string, ErrorTable[string]];

function listCodes(table: ErrorTable): Entry[] {
  return Object.entries(table).filter(([code]) => code !== "SERVER_LISTEN_FAILED");
}

function renderCode([code, entry]: Entry): Markup {
  return html`<article id="${code}"><h3><code>${code}</code></h3>
<p>${entry.title}.</p><p>${entry.hint}.</p>
<p class="kind">Status ${entry.httpStatus}. ${entry.retryable ? "The same request may succeed later." : "The same request will fail again."}</p></article>`;
}
