/** What happens around every request: its id, its line in the log, and the headers that every answer carries. */
import { randomUUID } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "./app-env.ts";
import type { LogEntry, Logger } from "./options.ts";

const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
};

/** Pages and documents say more; an API answer loads and is framed by nothing. */
const API_CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'";

/**
 * Makes the frame of every request.
 *
 * @param logger - takes one line per request; never sees a query, a token or the secret of a feed
 * @param now - the present
 */
export function frameRequest(logger: Logger, now: () => Date): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const startedAtMs = performance.now();
    const offered = context.req.header("x-request-id") ?? "";
    const requestId = /^[\w.-]{1,64}$/.test(offered) ? offered : randomUUID();
    context.set("requestId", requestId);
    await next();
    context.header("X-Request-Id", requestId);
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) context.header(name, value);
    if (!context.res.headers.has("Content-Security-Policy"))
      context.header("Content-Security-Policy", API_CONTENT_POLICY);
    if (!context.res.headers.has("Cache-Control")) context.header("Cache-Control", "no-store");
    const caller = context.get("caller") as AppEnv["Variables"]["caller"] | undefined;
    const entry: LogEntry = {
      level: "info",
      event: "request",
      at: now().toISOString(),
      requestId,
      method: context.req.method,
      path: hideFeedSecret(context.req.path),
      status: context.res.status,
      durationMs: Math.round((performance.now() - startedAtMs) * 10) / 10,
      ...(caller && { clientId: caller.clientId }),
    };
    logger(entry);
  };
}

/** Takes the secret part out of the path of a feed. */
function hideFeedSecret(path: string): string {
  return path.replace(/^(\/feeds\/[^/]+\/).*$/, "$1[secret]");
}
