/** The keys with which the emulated issuer signs its tokens. */
import type { KeyObject } from "node:crypto";

/** One signing key. */
export interface IssuerKey {
  /** Value of `kid` and `x5t` of the tokens. */
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** The keys in use: the first one signs, all verify. */
export interface IssuerKeys {
  readonly current: IssuerKey;
  readonly all: readonly IssuerKey[];
}
