/** What an input can be made of. */
import type { PemBlock } from "../encoding/pem.ts";
import type { PrivateKeyEncoding } from "../x509/private-key.ts";

/** One thing that an input holds, not opened yet. */
export type InputItem =
  | { readonly kind: "certificate"; readonly der: Uint8Array }
  | { readonly kind: "privateKey"; readonly der: Uint8Array; readonly encoding: PrivateKeyEncoding }
  | { readonly kind: "encryptedPkcs8"; readonly der: Uint8Array }
  | { readonly kind: "traditionalPem"; readonly block: PemBlock }
  | { readonly kind: "pfx"; readonly der: Uint8Array }
  | { readonly kind: "jwk"; readonly jwk: Readonly<Record<string, unknown>> }
  | { readonly kind: "publicKey" | "certificateRequest" }
  | { readonly kind: "secretAddress"; readonly url: string };
