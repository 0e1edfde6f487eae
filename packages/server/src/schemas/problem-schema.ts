/** Problem documents in the OpenAPI description. */
import { z } from "@hono/zod-openapi";

/** RFC 9457 document with the members of our own. */
export const problemSchema = z
  .object({
    type: z.string().openapi({
      description: "Address of the explanation of this code",
      example: "https://calendars.school.example/errors#SERVER_TOKEN_EXPIRED",
    }),
    title: z.string().openapi({ example: "The bearer token has expired" }),
    status: z.number().int().min(400).max(599).openapi({ example: 401 }),
    detail: z.string().openapi({ description: "What failed here, with the values in question" }),
    code: z
      .string()
      .openapi({ description: "Permanent code; tell problems apart by it", example: "SERVER_TOKEN_EXPIRED" }),
    hint: z.string().openapi({ description: "The next act", example: "Request a new token" }),
    requestId: z.string().openapi({ description: "Names this request in the log of the API" }),
    errors: z
      .array(
        z.object({
          in: z.enum(["query", "path", "header", "body"]),
          name: z.string().openapi({ description: "Parameter, or JSON pointer into the body" }),
          message: z.string(),
        }),
      )
      .optional()
      .openapi({ description: "Every invalid part of the request" }),
  })
  .openapi("Problem");

const content = { "application/problem+json": { schema: problemSchema } };

/** Answers that every operation with a token may give. */
export const COMMON_PROBLEMS = {
  400: { description: "A parameter, header or body is not valid", content },
  401: {
    description: "No bearer token, or one that is not taken",
    content,
    headers: z.object({
      "WWW-Authenticate": z.string().openapi({ description: "Challenge of RFC 6750 with the reason" }),
    }),
  },
  403: { description: "The caller lacks the app role or scope, or may not use this mailbox", content },
  404: { description: "No such mailbox, calendar or event", content },
  429: { description: "The calendar service asks for a slower pace; see Retry-After", content },
  500: { description: "Unexpected", content },
  502: { description: "The calendar service answered unusably or refused this API", content },
  503: { description: "Too busy, or the calendar service cannot be reached; see Retry-After", content },
} as const;

/** Answers of writes besides the common ones. */
export const WRITE_PROBLEMS = {
  409: { description: "The change contradicts what is there", content },
  412: { description: "The event is no longer at the version of If-Match", content },
  413: { description: "The body is too large", content },
  415: { description: "The body is not application/json", content },
  422: { description: "The calendar service refuses the event as it stands", content },
} as const;

/** Answer where a feed does not exist. */
export const FEED_PROBLEMS = {
  400: COMMON_PROBLEMS[400],
  404: { description: "No feed at this address", content },
  429: COMMON_PROBLEMS[429],
  500: COMMON_PROBLEMS[500],
  502: COMMON_PROBLEMS[502],
  503: COMMON_PROBLEMS[503],
} as const;
