/** The OpenAPI 3.1 description, made from the very schemas that check requests. @see https://spec.openapis.org/oas/v3.1.0 */
import type { NightlatchApp, Services } from "./services.ts";

/** The description as it is served. */
export type OpenApiDocument = ReturnType<NightlatchApp["getOpenAPI31Document"]>;

const TAGS = [
  { name: "Calendars", description: "The calendars of a mailbox" },
  { name: "Events", description: "Reading and writing events" },
  {
    name: "Events by your own id",
    description:
      "Events that your application names itself, so that a write can be sent again without doubling anything",
  },
  { name: "Feeds", description: "Calendars as iCalendar text, for calendar programs" },
  { name: "About this API", description: "What needs no token" },
];

/**
 * Describes an app.
 *
 * @param app - with all its routes
 * @param services - says how callers get a token
 * @param origin - where callers reach the app
 */
export function describeApi(app: NightlatchApp, services: Services, origin: string): OpenApiDocument {
  const document = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Nightlatch calendar API",
      version: "1",
      description: DESCRIPTION,
      license: { name: "MIT", url: "https://spdx.org/licenses/MIT.html" },
    },
    servers: [{ url: origin }],
    tags: TAGS,
    externalDocs: { url: `${origin}/errors`, description: "Every code of a problem document" },
  });
  const { accepted } = services.authentication;
  if (accepted === undefined) {
    for (const path of Object.values(document.paths ?? {}))
      for (const operation of Object.values(path)) if (isOperation(operation)) operation.security = [];
    return document;
  }
  document.components = {
    ...document.components,
    securitySchemes: {
      entra: {
        type: "oauth2",
        description: `Access token of tenant ${accepted.tenantId} for this API, as Authorization: Bearer. App role to read: ${accepted.roles.read.join(" or ")}; to write: ${accepted.roles.write.join(" or ")}.`,
        flows: {
          clientCredentials: {
            tokenUrl: accepted.tokenEndpoint,
            scopes: { [accepted.scope]: "Every app role that was granted to the calling application" },
          },
        },
      },
    },
  };
  return document;
}

const DESCRIPTION = [
  "Reads and writes the calendars of Microsoft 365 mailboxes.",
  "Times are local times with their IANA zone, as people write them on a timetable, and carry the same moment in UTC beside it.",
  "Lists are complete or they fail; a page token goes on where the page ended, whatever is written meanwhile.",
  "Every failure is a problem document (RFC 9457) with a permanent code and the next act.",
].join(" ");

function isOperation(value: unknown): value is { security?: unknown[] } {
  return typeof value === "object" && value !== null && "responses" in value;
}
