/** Reads and checks an authorization request. */
import type { Application } from "../../directory/directory.ts";
import { refused } from "../aadsts.ts";
import { splitScopes } from "../resource.ts";
import type { Platform } from "../sign-in-grants.ts";

/** Parameters of an authorization request, by name. */
export type Parameters = Readonly<Record<string, string | undefined>>;

/** How an answer travels back. */
export type ResponseMode = "query" | "fragment" | "form_post";

/** Where an answer goes. */
export interface ReplyTo {
  readonly redirectUri: string;
  readonly isExplicit: boolean;
  readonly platform: Platform;
}

/** What is to be answered. */
export interface ResponseTypes {
  readonly code: boolean;
  readonly idToken: boolean;
  readonly token: boolean;
}

/**
 * Finds where the answer goes. Until this is known, errors can only be shown on a page.
 *
 * @param parameters - of the request
 * @param application - the client
 * @returns the registered address
 * @throws {RefusedError} 500113, 900971, 90102, 500117 or 50011
 */
export function readReplyTo(parameters: Parameters, application: Application): ReplyTo {
  const requested = parameters["redirect_uri"];
  const registered = application.redirectUris;
  if (requested === undefined) {
    const [first] = registered;
    if (first === undefined) throw refused(900971);
    return { redirectUri: first.uri, isExplicit: false, platform: first.type };
  }
  if (!/^[a-z][a-z0-9+.-]*:/i.test(requested)) throw refused(90102, { name: "redirect_uri" });
  if (registered.length === 0) throw refused(500113, { idPhrase: ` '${application.appId}'` });
  const match =
    registered.find(({ uri }) => uri === requested) ??
    registered.find(({ uri }) => isLoopbackMatch(uri, requested));
  if (match === undefined)
    throw refused(50011, {
      redirectTerm: "redirect URI",
      replyAddress: requested,
      identifier: application.appId,
      akamsLink: "https://aka.ms/redirectUriMismatchError",
    });
  if (isOpenToEavesdroppers(requested)) throw refused(500117);
  return { redirectUri: requested, isExplicit: true, platform: match.type };
}

/** Plain HTTP is for this machine only, whatever a registration says. */
function isOpenToEavesdroppers(redirectUri: string): boolean {
  if (!/^http:/i.test(redirectUri) || !URL.canParse(redirectUri)) return false;
  return !["localhost", "127.0.0.1", "[::1]"].includes(new URL(redirectUri).hostname);
}

/** RFC 8252 §7.3: the port of a loopback address is not known when it is registered. */
function isLoopbackMatch(registered: string, requested: string): boolean {
  if (!URL.canParse(registered) || !URL.canParse(requested)) return false;
  const [left, right] = [new URL(registered), new URL(requested)];
  const isLoopback =
    left.protocol === "http:" && (left.hostname === "localhost" || left.hostname === "127.0.0.1");
  return (
    isLoopback &&
    left.protocol === right.protocol &&
    left.hostname === right.hostname &&
    left.pathname === right.pathname &&
    left.search === right.search
  );
}

/**
 * Reads the response types.
 *
 * @param parameters - of the request
 * @param application - the client, whose implicit grants may be off
 * @returns what is to be answered
 * @throws {RefusedError} 900144, 700052, 700053, 700054 or 700051
 */
export function readResponseTypes(parameters: Parameters, application: Application): ResponseTypes {
  const text = parameters["response_type"];
  if (text === undefined) throw refused(900144, { name: "response_type" });
  const types = splitScopes(text);
  const unknown = types.find((type) => !["code", "id_token", "token"].includes(type));
  if (unknown !== undefined) throw refused(700052, { ResType: unknown });
  const wanted = {
    code: types.includes("code"),
    idToken: types.includes("id_token"),
    token: types.includes("token"),
  };
  const implicit = implicitSettings(application);
  if (wanted.idToken && !splitScopes(parameters["scope"] ?? "openid").includes("openid"))
    throw refused(700053);
  if (wanted.idToken && implicit["enableIdTokenIssuance"] !== true) throw refused(700054);
  if (wanted.token && implicit["enableAccessTokenIssuance"] !== true) throw refused(700051);
  if (wanted.idToken && parameters["nonce"] === undefined) throw refused(900144, { name: "nonce" });
  return wanted;
}

/**
 * Reads the response mode.
 *
 * @param parameters - of the request
 * @param types - what is to be answered
 * @returns the mode; query for codes and fragment for tokens when absent
 * @throws {RefusedError} 70007
 */
export function readResponseMode(parameters: Parameters, types: ResponseTypes): ResponseMode {
  const mode = parameters["response_mode"];
  const hasTokens = types.idToken || types.token;
  if (mode === undefined) return hasTokens ? "fragment" : "query";
  if (mode !== "query" && mode !== "fragment" && mode !== "form_post")
    throw refused(70007, undefined, { text: `The response_mode '${mode}' is not supported.` });
  if (mode === "query" && hasTokens)
    throw refused(70007, undefined, { text: "The response_mode 'query' is not supported for tokens." });
  return mode;
}

/**
 * Checks the PKCE parameters.
 *
 * @param parameters - of the request
 * @throws {RefusedError} 50149, 501491 or 501471
 * @see RFC 7636 §4.3
 */
export function checkCodeChallenge(parameters: Parameters): void {
  const method = parameters["code_challenge_method"];
  const challenge = parameters["code_challenge"];
  if (method !== undefined && method !== "S256" && method !== "plain") throw refused(50149);
  if (challenge === undefined) {
    if (method !== undefined) throw refused(501471);
    return;
  }
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(challenge)) throw refused(501491);
}

function implicitSettings(application: Application): Readonly<Record<string, unknown>> {
  const web = application.properties["web"] as
    | { implicitGrantSettings?: Record<string, unknown> }
    | undefined;
  return web?.implicitGrantSettings ?? {};
}
