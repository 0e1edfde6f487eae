/**
 * Page tokens of the event list.
 *
 * A token says which list it belongs to and after which event the next page starts. The position is the pair of
 * start and id, not a count, so events that come and go between two pages neither repeat nor hide others.
 */
import { z } from "zod";
import { problem } from "./problem.ts";

/** Everything a following page needs to know. */
export interface ListPosition {
  readonly mailbox: string;
  /** Window of the list, milliseconds since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly calendarId?: string | undefined;
  /** The last event given out: its start, milliseconds since 1970, and its id. */
  readonly afterMs: number;
  readonly afterId: string;
}

const MAX_TIME_MS = 8.64e15;
const timeMs = z.number().int().min(-MAX_TIME_MS).max(MAX_TIME_MS);
const positionSchema = z.tuple([
  z.literal(1),
  z.string(),
  timeMs,
  timeMs,
  z.string().nullable(),
  timeMs,
  z.string(),
]);

/**
 * Formats a position as an opaque token.
 *
 * @returns base64url text
 */
export function formatPageToken(position: ListPosition): string {
  const { mailbox, fromMs, toMs, calendarId, afterMs, afterId } = position;
  return Buffer.from(
    JSON.stringify([1, mailbox, fromMs, toMs, calendarId ?? null, afterMs, afterId]),
  ).toString("base64url");
}

/**
 * Parses a token that {@link formatPageToken} made.
 *
 * @param token - base64url text
 * @param mailbox - mailbox of the request, compared without regard to case
 * @throws {NightlatchError} `SERVER_PAGE_TOKEN_INVALID`
 */
export function parsePageToken(token: string, mailbox: string): ListPosition {
  let fields: z.infer<typeof positionSchema>;
  try {
    fields = positionSchema.parse(JSON.parse(Buffer.from(token, "base64url").toString("utf8")));
  } catch {
    throw problem("SERVER_PAGE_TOKEN_INVALID", "The page token is not one that this list gave out");
  }
  const [, owner, fromMs, toMs, calendarId, afterMs, afterId] = fields;
  if (owner.toLowerCase() !== mailbox.toLowerCase())
    throw problem(
      "SERVER_PAGE_TOKEN_INVALID",
      `The page token belongs to a list of another mailbox than "${mailbox}"`,
    );
  return { mailbox: owner, fromMs, toMs, calendarId: calendarId ?? undefined, afterMs, afterId };
}
