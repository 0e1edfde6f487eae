/**
 * Lists of Graph, page by page.
 *
 * The rules are: a page that is not a 200 with a `value` array ends the list with an error, never early; a
 * nextLink is followed only to the origin of the endpoint, because the token goes along; a link that was followed
 * already ends the list with an error.
 *
 * @see Microsoft Graph, "Paging Microsoft Graph data in your app"
 */
import { calendarError } from "../errors.ts";
import type { GraphAnswer, GraphCall, GraphClient } from "./client.ts";

/** Entries asked for at once: the most that Graph gives for events, users and members. */
export const PAGE_SIZE = 999;
/** Pages followed before a list counts as one that never ends. */
const MAX_PAGES = 10_000;

/** A question whose answer is a list. */
export type ListCall = Pick<GraphCall, "act" | "mailbox" | "path" | "headers" | "signal">;

/**
 * Reads a list to its end.
 *
 * @param client - the endpoint
 * @param call - the question
 * @returns the entries of all pages, as they arrived
 * @throws {NightlatchError} `CALENDAR_UNREADABLE_ANSWER`: a page is no page; and what {@link GraphClient.ask} throws
 */
export async function* readPages(client: GraphClient, call: ListCall): AsyncGenerator<unknown> {
  const seen = new Set<string>();
  let path: string | undefined = call.path;
  while (path !== undefined) {
    if (seen.has(path) || seen.size >= MAX_PAGES) {
      throw brokenPage(call, `page ${seen.size + 1} leads back to a page that was read already`);
    }
    seen.add(path);
    const answer = await client.ask({ ...call, path, method: "GET", wanted: 200, repeatable: true });
    const entries: unknown = answer.body["value"];
    if (!Array.isArray(entries)) {
      throw brokenPage(call, `page ${seen.size} has no list in its member "value"`, answer);
    }
    for (const entry of entries) {
      call.signal?.throwIfAborted();
      yield entry;
    }
    path = nextPath(client, call, answer);
  }
}

function nextPath(client: GraphClient, call: ListCall, answer: GraphAnswer): string | undefined {
  const link = answer.body["@odata.nextLink"];
  if (link === undefined || link === null) return undefined;
  const url = typeof link === "string" && URL.canParse(link) ? new URL(link) : undefined;
  if (url !== undefined && url.origin === client.endpoint.origin) return url.href;
  const where = url === undefined ? "nowhere" : url.origin;
  throw brokenPage(call, `the next page is at ${where}, want ${client.endpoint.origin}`, answer);
}

function brokenPage(call: ListCall, problem: string, answer?: GraphAnswer | undefined): Error {
  return calendarError("CALENDAR_UNREADABLE_ANSWER", `Cannot ${call.act}: ${problem}`, {
    details: { mailbox: call.mailbox, status: 200, clientRequestId: answer?.asked.clientRequestId },
  });
}
