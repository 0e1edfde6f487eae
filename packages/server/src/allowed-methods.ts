/** Which methods an address takes, for `405 Method Not Allowed` and its `Allow` header. @see RFC 9110 §15.5.6 */
import type { NightlatchApp } from "./services.ts";

/**
 * Gives the methods of an address.
 *
 * @param app - with all its routes
 * @param path - path of a request, as it was sent
 * @returns methods in upper case, `HEAD` wherever there is `GET`; empty when the address does not exist
 */
export function findAllowedMethods(app: NightlatchApp, path: string): readonly string[] {
  const methods = new Set<string>();
  for (const route of app.routes) {
    if (route.method === "ALL" || !toPattern(route.path).test(path)) continue;
    methods.add(route.method);
    if (route.method === "GET") methods.add("HEAD");
  }
  return [...methods].sort();
}

function toPattern(routePath: string): RegExp {
  const segments = routePath.split("/").map((segment) => {
    const parameter = /^:[^{]+(?:\{(.+)\})?$/.exec(segment);
    if (parameter !== null) return parameter[1] ?? "[^/]+";
    return segment.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${segments.join("/")}$`);
}
