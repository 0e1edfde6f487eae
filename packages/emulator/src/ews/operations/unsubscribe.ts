/** `Unsubscribe`. */
import type { EwsCall } from "../call.ts";
import { closeSubscription, requireSubscription } from "../notifications/subscriptions.ts";
import { respondEach } from "../soap/response-message.ts";

/**
 * Ends a subscription.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/unsubscribe-operation
 */
export function unsubscribe(call: EwsCall): string {
  return respondEach("UnsubscribeResponseMessage", call.body.children, (id) => {
    closeSubscription(call, requireSubscription(call, id.text));
    return "";
  });
}
