/** The pages that people see. */
import type { EmulatorResponse } from "../../host/http.ts";
import { html, policySource, renderPage } from "./html.ts";

/** Where a page's form goes and what it carries. */
export interface PageForm {
  /** Path that takes the form. */
  readonly action: string;
  /** Sealed state, given back by the form. */
  readonly flow: string;
  /** Where the flow leads in the end. */
  readonly redirectUri?: string | undefined;
}

/**
 * Asks for name and password.
 *
 * @param form - where it goes
 * @param page - application, name to start with, error of the last attempt
 * @returns the page
 */
export function signInPage(
  form: PageForm,
  page: { readonly appName: string; readonly userName: string; readonly error?: string | undefined },
): EmulatorResponse {
  const error = page.error === undefined ? html`` : html`<p class="error" role="alert">${page.error}</p>`;
  return renderPage({
    title: "Sign in to your account",
    leadsTo: policySource(form.redirectUri ?? ""),
    body: html`<h1>Sign in</h1><p>to continue to ${page.appName}</p>${error}
<form method="post" action="${form.action}"><input type="hidden" name="flow" value="${form.flow}">
<label>User name <input type="email" name="login" value="${page.userName}" autocomplete="username" required autofocus></label>
<label>Password <input type="password" name="passwd" autocomplete="current-password" required></label>
<button class="main" type="submit" name="action" value="signin">Sign in</button></form>`,
  });
}

/**
 * Asks which account to use.
 *
 * @param form - where it goes
 * @param userName - the account that is signed in
 * @returns the page
 */
export function pickAccountPage(form: PageForm, userName: string): EmulatorResponse {
  return renderPage({
    title: "Pick an account",
    leadsTo: policySource(form.redirectUri ?? ""),
    body: html`<h1>Pick an account</h1><form method="post" action="${form.action}"><input type="hidden" name="flow" value="${form.flow}">
<button class="main" type="submit" name="action" value="continue">${userName}</button>
<button type="submit" name="action" value="other">Use another account</button></form>`,
  });
}

/** One permission on the consent page. */
export interface ConsentLine {
  readonly resource: string;
  readonly value: string;
  readonly displayName: string;
}

/**
 * Asks for consent.
 *
 * @param form - where it goes
 * @param page - application, user, permissions; administrators may consent for the organisation
 * @returns the page
 */
export function consentPage(
  form: PageForm,
  page: {
    readonly appName: string;
    readonly userName: string;
    readonly lines: readonly ConsentLine[];
    readonly mayConsentForAll: boolean;
    readonly isForAll: boolean;
  },
): EmulatorResponse {
  const lines = page.lines.map(({ resource, value, displayName }) => {
    const more = displayName === value ? html`` : html` ${displayName}`;
    return html`<li><code>${value}</code>${more} <span class="quiet">${resource}</span></li>`;
  });
  const choice =
    page.mayConsentForAll && !page.isForAll
      ? html`<label><input type="checkbox" name="forAll" value="true"> Consent on behalf of your organization</label>`
      : html``;
  const whom = page.isForAll
    ? html`<p>Permissions requested for your organization</p>`
    : html`<p>Permissions requested</p>`;
  return renderPage({
    title: "Permissions requested",
    leadsTo: policySource(form.redirectUri ?? ""),
    body: html`<p class="quiet">${page.userName}</p><h1>${page.appName}</h1>${whom}<ul>${lines}</ul>
<form method="post" action="${form.action}"><input type="hidden" name="flow" value="${form.flow}">${choice}
<button class="main" type="submit" name="action" value="accept">Accept</button>
<button type="submit" name="action" value="cancel">Cancel</button></form>`,
  });
}

/**
 * Asks for the code that a device shows.
 *
 * @param form - where it goes
 * @param page - code to start with, error of the last attempt
 * @returns the page
 */
export function deviceCodePage(
  form: PageForm,
  page: { readonly userCode: string; readonly error?: string | undefined },
): EmulatorResponse {
  const error = page.error === undefined ? html`` : html`<p class="error" role="alert">${page.error}</p>`;
  return renderPage({
    title: "Enter code",
    body: html`<h1>Enter code</h1><p>Enter the code displayed on your app or device.</p>${error}
<form method="post" action="${form.action}"><label>Code <input type="text" name="otc" value="${page.userCode}" autocomplete="off" required autofocus></label>
<button class="main" type="submit">Next</button></form>`,
  });
}

/**
 * Tells something.
 *
 * @param page - heading and text
 * @returns the page
 */
export function messagePage(page: {
  readonly title: string;
  readonly text: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}): EmulatorResponse {
  return renderPage({
    title: page.title,
    status: page.status,
    headers: page.headers,
    body: html`<h1>${page.title}</h1><p>${page.text}</p>`,
  });
}

/**
 * Shows an error that cannot be handed to the application.
 *
 * @param error - number, description with trace suffix, and its parts
 * @returns the page
 */
export function errorPage(error: {
  readonly code: number;
  readonly text: string;
  readonly traceId: string;
  readonly correlationId: string;
  readonly timestamp: string;
}): EmulatorResponse {
  return renderPage({
    title: "Sign in to your account",
    headers: { "x-ms-request-id": error.traceId },
    body: html`<h1>Sorry, but we’re having trouble signing you in.</h1><p class="error" role="alert">AADSTS${error.code}: ${error.text}</p>
<dl class="quiet"><dt>Request Id</dt><dd>${error.traceId}</dd><dt>Correlation Id</dt><dd>${error.correlationId}</dd><dt>Timestamp</dt><dd>${error.timestamp}</dd><dt>Message</dt><dd>AADSTS${error.code}</dd></dl>`,
  });
}

/**
 * Hands values to an application by a form that submits itself.
 *
 * @param action - address of the application
 * @param values - fields
 * @param headers - further headers
 * @returns the page
 * @see OAuth 2.0 Form Post Response Mode §2
 */
export function formPostPage(
  action: string,
  values: readonly (readonly [string, string])[],
  headers: Readonly<Record<string, string | readonly string[]>>,
): EmulatorResponse {
  const fields = values.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
  return renderPage({
    title: "Working…",
    leadsTo: policySource(action),
    submits: true,
    headers,
    body: html`<form method="post" action="${action}">${fields}<noscript><p>Script is disabled. Click Submit to continue.</p></noscript><button type="submit">Submit</button></form>`,
  });
}
