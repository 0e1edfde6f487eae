/** Correlation: the id under which Microsoft's logs and ours can be laid side by side. */

/**
 * Headers that give a request a correlation id and ask for it back.
 *
 * @param correlationId - GUID; a fresh one when absent
 * @returns `client-request-id` and `return-client-request-id`
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { correlationHeaders } from "@nightlatch/oauth";
 *
 * const headers = correlationHeaders("3f2504e0-4f89-41d3-9a0c-0305e82c3301");
 * assert.equal(headers["return-client-request-id"], "true");
 * ```
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export function correlationHeaders(correlationId: string = crypto.randomUUID()): {
  readonly "client-request-id": string;
  readonly "return-client-request-id": "true";
} {
  return { "client-request-id": correlationId, "return-client-request-id": "true" };
}
