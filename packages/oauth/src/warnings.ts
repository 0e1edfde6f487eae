/** Things that did not fail a call and that somebody should know all the same. */

/** One warning. */
export interface OauthWarning {
  /**
   * `OAUTH_CERTIFICATE_EXPIRES_SOON`, `OAUTH_REFRESH_FAILED` (the valid token stays in use), `OAUTH_CACHE_FAILED` (the
   * token was asked for anew), `OAUTH_RELOAD_FAILED` (the certificate at hand stays in use), `OAUTH_CLOCK_SKEW`.
   */
  readonly code:
    | "OAUTH_CERTIFICATE_EXPIRES_SOON"
    | "OAUTH_REFRESH_FAILED"
    | "OAUTH_CACHE_FAILED"
    | "OAUTH_RELOAD_FAILED"
    | "OAUTH_CLOCK_SKEW";
  /** One sentence without full stop, no secret. */
  readonly message: string;
  /** Facts by name, no secret. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** Takes warnings. */
export type WarningListener = (warning: OauthWarning) => void;

/**
 * Reports a warning as Node reports its own: `process.on("warning", …)`, and on stderr unless the program says otherwise.
 *
 * @param warning - what to report; its code becomes `code` of the warning
 */
function emitProcessWarning(warning: OauthWarning): void {
  process.emitWarning(warning.message, { type: "NightlatchWarning", code: warning.code });
}

/**
 * Makes a listener harmless: what it throws does not reach the call that had something to report.
 *
 * @param listener - the caller's, or `undefined` to report as Node does
 * @returns a listener that never throws
 */
export function safeListener(listener: WarningListener | undefined): WarningListener {
  const target = listener ?? emitProcessWarning;
  return (warning) => {
    try {
      target(warning);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  };
}
