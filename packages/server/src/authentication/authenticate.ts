/** The door of every operation: who calls, may the caller do this, and with this mailbox. */
import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../app-env.ts";
import type { AppOptions, Caller, MailboxPolicy } from "../options.ts";
import { problem } from "../problem.ts";
import { type AcceptedTokens, resolveAcceptedTokens } from "./accepted-tokens.ts";
import { ANONYMOUS_CALLER, isOwnMailbox, readCaller } from "./caller.ts";
import { verifyToken } from "./verify-token.ts";

/** The doors of an app. */
export interface Authentication {
  /** Lets callers in that may read the mailbox of the path. */
  readonly reader: MiddlewareHandler<AppEnv>;
  /** Lets callers in that may write the mailbox of the path. */
  readonly writer: MiddlewareHandler<AppEnv>;
  /** Which mailboxes may be used. */
  readonly mailboxes: MailboxPolicy;
  /** What tokens must be; `undefined` where everybody is let in. */
  readonly accepted: AcceptedTokens | undefined;
}

/**
 * Makes the doors of an app.
 *
 * @throws {TypeError} when the settings name no tenant or audience, or a switch that is not `true`
 */
export function createAuthentication(options: AppOptions, now: () => Date): Authentication {
  const { authentication } = options;
  const isAnonymous = "dangerouslyAllowAnonymous" in authentication;
  if (isAnonymous && authentication.dangerouslyAllowAnonymous !== true)
    throw new TypeError("dangerouslyAllowAnonymous must be true, or absent beside tenantId and audience");
  const accepted = isAnonymous ? undefined : resolveAcceptedTokens(authentication, now);
  const mailboxes = options.mailboxes ?? isOwnMailbox;
  const door =
    (need: "read" | "write"): MiddlewareHandler<AppEnv> =>
    async (context, next) => {
      const caller =
        accepted === undefined
          ? ANONYMOUS_CALLER
          : await identify(context.req.header("authorization"), accepted, now());
      context.set("caller", caller);
      if (accepted !== undefined) checkRole(caller, need, accepted);
      const mailbox = context.req.param("mailbox");
      if (mailbox !== undefined && !(await mailboxes(mailbox, caller)))
        throw problem(
          "SERVER_MAILBOX_FORBIDDEN",
          `Application "${caller.clientId}" may not use mailbox "${mailbox}"`,
        );
      await next();
    };
  return { reader: door("read"), writer: door("write"), mailboxes, accepted };
}

async function identify(header: string | undefined, accepted: AcceptedTokens, now: Date): Promise<Caller> {
  const [scheme = "", token = "", ...rest] = (header ?? "").trim().split(/\s+/);
  if (scheme.toLowerCase() !== "bearer") {
    const message =
      header === undefined
        ? "The request carries no Authorization header"
        : "The Authorization header is not of scheme Bearer";
    throw problem("SERVER_TOKEN_MISSING", message, {
      hint: `Request a token from "${accepted.tokenEndpoint}" with scope "${accepted.scope}" and send it as Authorization: Bearer <access token>`,
    });
  }
  if (token === "" || rest.length > 0)
    throw problem(
      "SERVER_TOKEN_MALFORMED",
      "The Authorization header does not hold exactly one token after the word Bearer",
    );
  return readCaller(await verifyToken(token, accepted, now), accepted);
}

function checkRole(caller: Caller, need: "read" | "write", accepted: AcceptedTokens): void {
  if (need === "read" ? caller.canRead : caller.canWrite) return;
  const scopes = caller.claims["scp"];
  const isForUser = typeof scopes === "string";
  const wanted = isForUser ? accepted.scopes[need] : accepted.roles[need];
  const act = need === "read" ? "reading" : "writing";
  if (wanted.length === 0)
    throw problem(
      "SERVER_ROLE_MISSING",
      `The token acts for a user, and this API takes only tokens of programs for ${act}`,
      {
        hint: "Request the token with grant_type client_credentials",
      },
    );
  const kind = isForUser ? "scope" : "app role";
  const granted = isForUser
    ? scopes
    : ((caller.claims["roles"] as readonly unknown[] | undefined) ?? []).join(", ");
  throw problem(
    "SERVER_ROLE_MISSING",
    `Application "${caller.clientId}" has ${kind} "${granted}", ${act} needs ${wanted.map((value) => `"${value}"`).join(" or ")}`,
    {
      hint: isForUser
        ? "Ask for the scope at sign-in and consent to it"
        : "Let an administrator grant the app role of this API to the calling application, then request a new token",
    },
  );
}
