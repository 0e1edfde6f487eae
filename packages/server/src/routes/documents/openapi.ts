/** `GET /openapi.json` and the two pages made from what this API knows about itself */
import { type createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { AppEnv } from "../../app-env.ts";
import { isNotModified, makeContentTag } from "../../etag.ts";
import { describeApi, type OpenApiDocument } from "../../openapi-document.ts";
import { renderApiPage } from "../../page/api-page.ts";
import { renderErrorsPage } from "../../page/errors-page.ts";
import { PAGE_CONTENT_POLICY } from "../../page/layout.ts";
import type { NightlatchApp, Services } from "../../services.ts";

/** Adds the routes; last of all, so that they describe every other. */
export function addDocuments(
  app: NightlatchApp,
  services: Services,
  originOf: (context: Context<AppEnv>) => string,
): void {
  const byOrigin = new Map<string, OpenApiDocument>();
  const describe = (context: Context<AppEnv>): OpenApiDocument => {
    const origin = originOf(context);
    const known = byOrigin.get(origin);
    if (known !== undefined) return known;
    const document = describeApi(app, services, origin);
    // Whoever invents Host headers must not fill the memory.
    if (byOrigin.size >= 16) byOrigin.clear();
    byOrigin.set(origin, document);
    return document;
  };
  describeDocuments(app);
  app.get("/openapi.json", (context) =>
    answerDocument(context, JSON.stringify(describe(context), undefined, 2), "application/json"),
  );
  app.get("/", (context) => answerPage(context, renderApiPage(describe(context))));
  app.get("/errors", (context) => answerPage(context, renderErrorsPage()));
}

type Responses = Parameters<typeof createRoute>[0]["responses"];

function describeDocuments(app: NightlatchApp): void {
  const page = (schema: z.ZodType, mediaType: string): Responses => ({
    200: { description: "The document", content: { [mediaType]: { schema } } },
    304: { description: "The caller has this version already" },
  });
  const about = { method: "get" as const, tags: ["About this API"], security: [] };
  const documents = [
    {
      path: "/openapi.json",
      operationId: "getOpenApi",
      summary: "Get this description",
      responses: page(z.object({ openapi: z.string() }), "application/json"),
    },
    {
      path: "/",
      operationId: "getApiPage",
      summary: "Read this description as a page",
      responses: page(z.string(), "text/html"),
    },
    {
      path: "/errors",
      operationId: "getErrorsPage",
      summary: "Read what every code of a problem document means",
      responses: page(z.string(), "text/html"),
    },
  ];
  for (const document of documents) app.openAPIRegistry.registerPath({ ...about, ...document });
}

function answerPage(context: Context<AppEnv>, html: string): Response {
  context.header("Content-Security-Policy", PAGE_CONTENT_POLICY);
  return answerDocument(context, html, "text/html; charset=utf-8");
}

function answerDocument(context: Context<AppEnv>, text: string, contentType: string): Response {
  const tag = makeContentTag(text);
  context.header("ETag", tag);
  context.header("Cache-Control", "public, max-age=300");
  if (isNotModified(context.req.header("if-none-match"), tag)) return context.body(null, 304);
  return context.body(text, 200, { "Content-Type": contentType });
}
