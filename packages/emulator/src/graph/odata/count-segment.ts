/**
 * `/$count` behind a collection, which OData has on every one and libraries with generated code offer on every one.
 *
 * @see OData 4.01 Part 2, section 4.8
 */
import { GraphFault } from "../errors.ts";
import type { Route } from "../router.ts";

/**
 * Makes the route that counts a collection from the one that lists it.
 *
 * @param route - `GET` of the collection; its filter, search and permission hold for the count
 * @returns a route that answers with the number alone, as text
 */
export function countingRoute(route: Route): Route {
  return {
    ...route,
    handle: async (call) => {
      const query = new URLSearchParams();
      for (const [key, value] of call.request.query)
        if (!/^\$?(count|top|skip|select|orderby|expand)$/i.test(key)) query.append(key, value);
      query.append("$count", "true");
      const { body } = await route.handle({ ...call, request: { ...call.request, query } });
      const { "@odata.count": count, value } = (body ?? {}) as Record<string, unknown>;
      if (!Array.isArray(value))
        throw new GraphFault("ResourceNotFound", "Resource not found for the segment '$count'.");
      const answer = typeof count === "number" ? count : value.length;
      return { status: 200, body: answer, headers: { "Content-Type": "text/plain" } };
    },
  };
}
