/** Failures as problem documents. @see RFC 9457 */
import { CALENDAR_ERRORS } from "@nightlatch/calendar";
import { isNightlatchError, NightlatchError } from "@nightlatch/credential";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { z } from "zod";
import type { AppEnv } from "./app-env.ts";
import { SERVER_ERRORS, type ServerErrorCode } from "./errors.ts";
import type { Logger } from "./options.ts";
import { redactTokens } from "./redact.ts";

/** One invalid part of a request. */
export interface InvalidPart {
  /** Where: `query`, `path`, `header` or `body`. */
  readonly in: "query" | "path" | "header" | "body";
  /** Name of the parameter, or JSON pointer into the body. */
  readonly name: string;
  readonly message: string;
}

/** A problem document. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly hint: string;
  readonly requestId: string;
  readonly errors?: readonly InvalidPart[];
}

/** Facts that go into the answer besides the error itself. */
export interface ProblemOptions {
  readonly hint?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly errors?: readonly InvalidPart[] | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/**
 * Makes an error of this floor; thrown in a handler it becomes a problem document.
 *
 * @param code - a code of {@link SERVER_ERRORS}
 * @param message - what failed, without a full stop
 * @param options - hint, headers of the answer, invalid parts
 * @returns the error, to be thrown
 */
export function problem(
  code: ServerErrorCode,
  message: string,
  options: ProblemOptions = {},
): NightlatchError {
  const { headers, errors, ...rest } = options;
  return new NightlatchError(SERVER_ERRORS, code, message, {
    ...rest,
    details: { ...(headers && { headers }), ...(errors && { errors }) },
  });
}

/** Turns a failed check of a parameter or body into an error that names it. */
export function invalidRequest(target: string, error: z.core.$ZodError): NightlatchError {
  const place = PLACES[target] ?? "body";
  const errors = error.issues.flatMap((issue) => {
    // An unknown name stands beside the path, not in it.
    const unknown = issue.code === "unrecognized_keys" ? issue.keys : [undefined];
    return unknown.map((key): InvalidPart => {
      const path = [...issue.path, ...(key === undefined ? [] : [key])].map(String);
      return {
        in: place,
        name: place === "body" ? `/${path.join("/")}` : path.join("."),
        message: key === undefined ? issue.message : "Unknown name",
      };
    });
  });
  const first = errors[0];
  const where =
    first === undefined ? place : `${place} ${place === "body" ? "member" : "parameter"} "${first.name}"`;
  return problem("SERVER_REQUEST_INVALID", `Invalid ${where}: ${first?.message ?? "not as described"}`, {
    errors,
  });
}

const PLACES: Readonly<Record<string, InvalidPart["in"]>> = {
  query: "query",
  param: "path",
  header: "header",
  json: "body",
};

/**
 * Answers an error.
 *
 * What went wrong behind this API (its own sign-in, a programming error) goes to the log; the caller reads only
 * that it did. A code of the calendar floor keeps its own status and hint.
 *
 * @param thrown - whatever a handler threw
 * @param context - the request
 * @param settings - where the reference of codes is, and the log
 */
export function answerProblem(
  thrown: unknown,
  context: Context<AppEnv>,
  settings: {
    readonly errorsUrl: (context: Context<AppEnv>) => string;
    readonly logger: Logger;
    readonly now: () => Date;
  },
): Response {
  const error = toOwnError(thrown);
  const requestId = context.get("requestId");
  if (error !== thrown || error.httpStatus >= 500) {
    settings.logger({
      level: error.httpStatus >= 500 ? "error" : "warn",
      event: "problem",
      at: settings.now().toISOString(),
      requestId,
      ...describeForLog(thrown),
    });
  }
  const challenge = challengeFor(error);
  if (challenge !== undefined) context.header("WWW-Authenticate", challenge);
  const headers = (error.details["headers"] ?? {}) as Record<string, string>;
  for (const [name, value] of Object.entries(headers)) context.header(name, value);
  if (error.retryAfterMs !== undefined)
    context.header("Retry-After", String(Math.max(1, Math.ceil(error.retryAfterMs / 1000))));
  const errors = error.details["errors"] as readonly InvalidPart[] | undefined;
  const document: ProblemDetails = {
    type: `${settings.errorsUrl(context)}#${error.code}`,
    title: titleOf(error),
    status: error.httpStatus,
    detail: error.message,
    code: error.code,
    hint: error.hint,
    requestId,
    ...(errors && { errors }),
  };
  context.header("Cache-Control", "no-store");
  return context.body(JSON.stringify(document), error.httpStatus as ContentfulStatusCode, {
    "Content-Type": "application/problem+json",
  });
}

/** The challenge of a refused token; without `error` when there was none. RFC 6750 §3 */
function challengeFor(error: NightlatchError): string | undefined {
  if (error.code === "SERVER_TOKEN_MISSING") return 'Bearer realm="nightlatch"';
  const isRole = error.code === "SERVER_ROLE_MISSING";
  if (!isRole && !error.code.startsWith("SERVER_TOKEN_")) return undefined;
  // error_description takes neither quotes nor backslashes nor anything beyond ASCII (RFC 6750 §3).
  const description = error.message.replaceAll('"', "'").replace(/[^\x20-\x5b\x5d-\x7e]/g, "?");
  return `Bearer realm="nightlatch", error="${isRole ? "insufficient_scope" : "invalid_token"}", error_description="${description}"`;
}

function toOwnError(thrown: unknown): NightlatchError {
  if (isNightlatchError(thrown)) {
    if (!/^(OAUTH|CREDENTIAL)_/.test(thrown.code)) return thrown;
    return problem("SERVER_SIGN_IN_FAILED", "The calendar service did not let this API in", {
      cause: thrown,
      retryAfterMs: thrown.retryAfterMs,
    });
  }
  if (thrown instanceof HTTPException) return fromHttpException(thrown);
  return problem("SERVER_UNEXPECTED", "The request could not be answered", { cause: thrown });
}

function fromHttpException(thrown: HTTPException): NightlatchError {
  if (thrown.status === 415)
    return problem("SERVER_MEDIA_TYPE", "The body of the request is not application/json");
  if (thrown.status === 413) return problem("SERVER_BODY_TOO_LARGE", "The body of the request is too large");
  if (thrown.status === 400) {
    const errors: InvalidPart[] = [{ in: "body", name: "/", message: "Not a JSON document" }];
    return problem("SERVER_REQUEST_INVALID", "The body of the request is not a JSON document", { errors });
  }
  return problem("SERVER_UNEXPECTED", "The request could not be answered", { cause: thrown });
}

function titleOf(error: NightlatchError): string {
  const titles: Readonly<Record<string, { readonly title: string }>> = {
    ...SERVER_ERRORS,
    ...CALENDAR_ERRORS,
  };
  return titles[error.code]?.title ?? error.code;
}

function describeForLog(thrown: unknown): { code?: string; message: string; stack?: string } {
  if (isNightlatchError(thrown)) return { code: thrown.code, message: redactTokens(thrown.message) };
  if (!(thrown instanceof Error)) return { message: redactTokens(String(thrown)) };
  return {
    message: redactTokens(thrown.message),
    ...(thrown.stack !== undefined && { stack: redactTokens(thrown.stack) }),
  };
}
