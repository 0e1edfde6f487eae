/** How much control information an answer carries: what `odata.metadata` in `Accept` or `$format` asks for. */
import type { EmulatorRequest } from "../../host/http.ts";
import type { GraphReply } from "../call.ts";

const CONTENT_TYPE =
  "application/json;odata.metadata=none;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";
/** Links and counts stay, or a client could not page. */
const KEPT = new Set(["@odata.nextLink", "@odata.deltaLink", "@odata.count"]);

/**
 * Takes control information out of an answer when the client wants none.
 *
 * @param request - what was asked
 * @param reply - the answer
 * @returns the answer, changed only for `odata.metadata=none`
 * @see https://docs.oasis-open.org/odata/odata-json-format/v4.0/odata-json-format-v4.0.html §3.1
 */
export function withoutMetadata(request: EmulatorRequest, reply: GraphReply): GraphReply {
  const wish = `${request.headers.accept ?? ""} ${request.query.get("$format") ?? ""}`;
  if (typeof reply.body !== "object" || !/odata(\.|)metadata=none/i.test(wish)) return reply;
  return {
    ...reply,
    body: strip(reply.body),
    headers: { ...reply.headers, "Content-Type": CONTENT_TYPE },
  };
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !name.includes("@odata.") || KEPT.has(name))
      .map(([name, member]) => [name, strip(member)]),
  );
}
