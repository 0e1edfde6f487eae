/**
 * The signing keys of the tenant.
 *
 * The rules are: one fetch serves everybody who waits; keys are used for a day; an unknown `kid` fetches again,
 * at most once in 30 seconds, so that made-up tokens cannot make this API hammer the tenant; when a fetch fails
 * and keys are there, the old ones go on; a key that names another tenant as its issuer is left out.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-signature
 */
import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";
import type { KeyTransport } from "../options.ts";
import { problem } from "../problem.ts";

const MAX_AGE_MS = 86_400_000;
const COOL_DOWN_MS = 30_000;
const TIMEOUT_MS = 10_000;

/** What {@link createSigningKeys} needs. */
export interface SigningKeysOptions {
  readonly jwksUri: string;
  readonly tenantId: string;
  readonly transport: () => KeyTransport;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
}

interface LoadedKeys {
  readonly kids: ReadonlySet<string | undefined>;
  readonly getKey: JWTVerifyGetKey;
  readonly loadedAtMs: number;
}

/**
 * Makes a key resolver over a published key set.
 *
 * @param options - where the keys are and how they are fetched
 * @returns resolver for `jwtVerify`; it throws `SERVER_KEYS_UNAVAILABLE` when no keys could be had
 * @see RFC 7517 §5
 */
export function createSigningKeys(options: SigningKeysOptions): JWTVerifyGetKey {
  let loaded: LoadedKeys | undefined;
  let loading: Promise<LoadedKeys> | undefined;
  let lastAttemptAtMs = Number.NEGATIVE_INFINITY;

  const load = (): Promise<LoadedKeys> => {
    loading ??= (async () => {
      lastAttemptAtMs = options.nowMs();
      try {
        loaded = await fetchKeys(options);
        return loaded;
      } finally {
        loading = undefined;
      }
    })();
    return loading;
  };

  return async (protectedHeader, token) => {
    let keys = loaded ?? (await load());
    const wantsFresh = options.nowMs() - keys.loadedAtMs > MAX_AGE_MS || !keys.kids.has(protectedHeader.kid);
    if (wantsFresh && (loading !== undefined || options.nowMs() - lastAttemptAtMs > COOL_DOWN_MS)) {
      keys = await load().catch(() => keys);
    }
    return keys.getKey(protectedHeader, token);
  };
}

/**
 * Makes a key resolver over keys at hand.
 *
 * @param keys - JSON Web Key Set with public RSA keys
 * @param tenantId - keys of other tenants are left out
 */
export function createFixedKeys(keys: JSONWebKeySet, tenantId: string): JWTVerifyGetKey {
  return createLocalJWKSet(keepOwnKeys(keys, tenantId));
}

async function fetchKeys(options: SigningKeysOptions): Promise<LoadedKeys> {
  let keySet: JSONWebKeySet;
  try {
    const response = await options.transport().send({
      method: "GET",
      url: options.jwksUri,
      headers: { accept: "application/json" },
      timeoutMs: TIMEOUT_MS,
    });
    if (response.status !== 200) throw new Error(`HTTP status ${response.status}, wanted 200`);
    const document = response.json();
    if (!isKeySet(document)) throw new Error("The answer is not a JSON Web Key Set");
    keySet = keepOwnKeys(document, options.tenantId);
    if (keySet.keys.length === 0) throw new Error("The key set holds no usable key");
  } catch (cause) {
    throw problem("SERVER_KEYS_UNAVAILABLE", "The signing keys of the tenant could not be read", {
      cause: new Error(`Cannot read signing keys from "${options.jwksUri}"`, { cause }),
      retryAfterMs: COOL_DOWN_MS,
    });
  }
  return {
    kids: new Set(keySet.keys.map((key) => key.kid)),
    getKey: createLocalJWKSet(keySet),
    loadedAtMs: options.nowMs(),
  };
}

function isKeySet(document: unknown): document is JSONWebKeySet {
  const keys = (document as { keys?: unknown } | null)?.keys;
  return Array.isArray(keys) && keys.every((key) => typeof key === "object" && key !== null);
}

/** A key of another tenant, or of consumer accounts, never signs for this tenant. */
function keepOwnKeys(keySet: JSONWebKeySet, tenantId: string): JSONWebKeySet {
  return {
    keys: keySet.keys.filter((key) => {
      const { issuer } = key as { readonly issuer?: unknown };
      if (key.kty !== "RSA" || (key.use !== undefined && key.use !== "sig")) return false;
      return typeof issuer !== "string" || issuer.includes("{tenantid}") || issuer.includes(tenantId);
    }),
  };
}
