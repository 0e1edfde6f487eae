/** Tokens between two commands: sealed files of this user. */
import { join } from "node:path";
import {
  type CachedToken,
  createFileTokenCache,
  inspectAccessToken,
  type SealedBy,
  type TokenCache,
} from "@nightlatch/oauth";
import type { Context } from "./command.ts";
import { nightlatchHome } from "./emulator-home.ts";

/**
 * Opens the cache of tokens in `~/.nightlatch/tokens`.
 *
 * A token without any role opens nothing, and is got before the administrator consents: it is not handed out twice,
 * so that the consent shows at once.
 *
 * @param sealedBy - certificate or secret without which the files cannot be read
 * @param context - the command's surroundings
 * @returns the cache
 */
export function openTokenCache(sealedBy: SealedBy, context: Context): TokenCache {
  const directory = join(nightlatchHome(context.env), "tokens");
  // A process that was killed leaves its lock behind, and nobody likes to wait a minute for nothing.
  const files = createFileTokenCache({ directory, sealedBy, lockLifeMs: 20_000 });
  return {
    get: (key) => files.get(key),
    set: (key, token) => files.set(key, token),
    delete: (key) => files.delete(key),
    clear: () => files.clear(),
    getOrRequest: (key, exchange) =>
      files.getOrRequest(key, {
        ...exchange,
        isFresh: (stored) => hasRoles(stored) && exchange.isFresh(stored),
      }),
  };
}

function hasRoles({ token }: CachedToken): boolean {
  try {
    const { roles } = inspectAccessToken(token).payload;
    return Array.isArray(roles) && roles.length > 0;
  } catch {
    return false;
  }
}
