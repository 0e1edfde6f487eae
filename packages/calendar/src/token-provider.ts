/** Where access tokens come from: the shape of `TokenCredential` of `@azure/core-auth`, so that any of them fits. */

/** Options of {@link TokenProvider.getToken}. */
export interface GetTokenOptions {
  /** Cancels the request. */
  readonly abortSignal?: AbortSignal;
  /** Claims challenge of the resource, JSON text, when it asked for a token with more in it. */
  readonly claims?: string;
}

/**
 * Gives access tokens, cached by the provider. `NightlatchCredential` of `@nightlatch/oauth` and every credential
 * of `@azure/identity` is one.
 */
export interface TokenProvider {
  /**
   * Gets a token.
   *
   * @param scopes - for example `https://graph.microsoft.com/.default`
   * @param options - cancellation and claims
   * @returns the token, `null` when the provider has none
   */
  getToken(
    scopes: string | string[],
    options?: GetTokenOptions,
  ): Promise<{ readonly token: string; readonly expiresOnTimestamp: number } | null>;
}
