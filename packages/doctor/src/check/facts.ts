import type { CertificateCredential } from "@nightlatch/credential";
import { SecretKeeper } from "../secrets.ts";
import type { CheckedApi, CheckResponse } from "./context.ts";

/** What earlier checks found out, for the later ones. */
export class CheckFacts {
  /** Certificate and key, once loaded. */
  credential: CertificateCredential | undefined;
  /** Answer of the authority's metadata, and when it came. */
  metadata:
    | { readonly response: CheckResponse; readonly receivedAt: Date; readonly roundTripMs: number }
    | undefined;
  /** Takes secrets out of every result. */
  readonly secrets = new SecretKeeper();
  readonly #tokens = new Map<CheckedApi, string>();

  /**
   * Keeps a token for later checks, and out of every result.
   *
   * @param api - what it is for
   * @param token - the access token
   */
  keepToken(api: CheckedApi, token: string): void {
    this.secrets.addJwt(token);
    this.#tokens.set(api, token);
  }

  /**
   * The token of an API, never to be printed.
   *
   * @param api - what it is for
   * @returns the token, or `undefined` when none was issued
   */
  tokenOf(api: CheckedApi): string | undefined {
    return this.#tokens.get(api);
  }
}
