/** Paths and query options of Graph, percent-encoded. */

/**
 * Writes a path below the endpoint.
 *
 * @param segments - decoded segments, for example `["users", "room-12@school.example", "events"]`
 * @param query - OData and other options by name; those without a value are left out
 * @returns the path with its query, starting with `/`
 */
export function pathOf(
  segments: readonly string[],
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const path = segments.map((segment) => `/${encodeURIComponent(segment)}`).join("");
  const options = Object.entries(query)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return options.length === 0 ? path : `${path}?${options.join("&")}`;
}

/**
 * Writes the path of a user.
 *
 * @param mailbox - SMTP address, user principal name or id
 * @returns its segments
 * @throws {RangeError} when `mailbox` is empty or could step out of its place in the path
 */
export function userSegments(mailbox: string): readonly string[] {
  if (mailbox === "" || mailbox === "." || mailbox === "..") {
    throw new RangeError(`Mailbox is "${mailbox}", want an SMTP address, user principal name or id`);
  }
  return ["users", mailbox];
}
