/** The refusal for directory objects that do not exist. */
import { GraphFault } from "./errors.ts";

/**
 * Makes the refusal.
 *
 * @param name - as it was asked for
 * @returns the fault, to be thrown
 */
export function notFound(name: string): GraphFault {
  return new GraphFault(
    "Request_ResourceNotFound",
    `Resource '${name}' does not exist or one of its queried reference-property objects are not present.`,
  );
}
