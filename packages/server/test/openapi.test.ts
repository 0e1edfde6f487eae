/** The OpenAPI document against the app: nothing undocumented, nothing invented, answers as described. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { calendarListSchema, eventPageSchema, eventSchema } from "../src/schemas/event-schema.ts";
import { problemSchema } from "../src/schemas/problem-schema.ts";
import { lesson, makeSchool, ROOM, readerToken } from "./school.ts";
import { AUDIENCE, TENANT_ID } from "./signing-tenant.ts";

interface Operation {
  operationId: string;
  summary: string;
  security: unknown[];
  parameters?: { name: string; in: string; required?: boolean; schema: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}

interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, object>;
    securitySchemes: Record<string, { type: string; flows: object }>;
  };
  servers: { url: string }[];
}

async function readDocument(school = makeSchool()): Promise<Document> {
  const response = await school.app.request("/openapi.json");
  expect(response.headers.get("content-type")).toContain("application/json");
  return (await response.json()) as Document;
}

const document = await readDocument();
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

describe("/openapi.json", () => {
  test("is OpenAPI 3.1 and describes every route of the app, and no other", () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    const served = makeSchool()
      .app.routes.filter(({ method }) => method !== "ALL")
      .map(
        ({ method, path }) =>
          `${method} ${path.replace(/:file\{.*\}$/, ":token.ics").replace(/:(\w+)/g, "{$1}")}`,
      );
    const described = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(described.length).toBeGreaterThan(12);
    expect(new Set(described)).toEqual(new Set(served));
  });

  test("resolves every reference and leaves no schema unused", () => {
    const references = [
      ...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g),
    ].map(([, name]) => name);
    const names = Object.keys(document.components.schemas);
    expect(references.length).toBeGreaterThan(20);
    expect(names).toEqual(expect.arrayContaining([...new Set(references)]));
    expect(names.filter((name) => !references.includes(name))).toEqual([]);
  });

  test("declares every path parameter exactly once, and as required", () => {
    for (const { path, method, operation } of operations) {
      const wanted = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === "path");
      expect(
        declared.map(({ name }) => name),
        `${method} ${path}`,
      ).toEqual(wanted);
      expect(declared.every(({ required }) => required === true)).toBe(true);
    }
  });

  test("gives every operation a unique id, a summary, a success and its failures as problem documents", () => {
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
    for (const { path, method, operation } of operations) {
      const where = `${method} ${path}`;
      expect(operation.summary, where).toMatch(/\S/);
      const statuses = Object.keys(operation.responses);
      expect(
        statuses.some((status) => status.startsWith("2")),
        where,
      ).toBe(true);
      for (const status of statuses.filter((candidate) => candidate >= "400"))
        expect(
          operation.responses[status]?.content?.["application/problem+json"]?.schema,
          `${where} ${status}`,
        ).toEqual({ $ref: "#/components/schemas/Problem" });
    }
  });

  test("says which operations need a token, and where to get one", async () => {
    for (const { path, operation } of operations)
      expect(operation.security, path).toEqual(path.startsWith("/v1/") ? [{ entra: [] }] : []);
    expect(document.components.securitySchemes["entra"]).toMatchObject({
      type: "oauth2",
      flows: {
        clientCredentials: {
          tokenUrl: `https://login.microsoftonline.com/${TENANT_ID}/oauth2/v2.0/token`,
          scopes: { [`${AUDIENCE}/.default`]: expect.any(String) },
        },
      },
    });
    const open = await readDocument(makeSchool({ authentication: { dangerouslyAllowAnonymous: true } }));
    expect(JSON.stringify(open)).not.toContain("entra");
  });

  test("names the address under which it is reached", async () => {
    expect(document.servers).toEqual([{ url: "http://localhost" }]);
    const behindProxy = await readDocument(makeSchool({ baseUrl: "https://calendars.school.example" }));
    expect(behindProxy.servers).toEqual([{ url: "https://calendars.school.example" }]);
  });

  test("leaves the secret feed out where there is none", async () => {
    expect(
      Object.keys((await readDocument(makeSchool({ feeds: undefined }))).paths).filter((path) =>
        path.startsWith("/feeds"),
      ),
    ).toEqual([]);
  });
});

describe("answers conform to their schemas, with no member beside them", () => {
  const strict = (schema: z.ZodObject) => z.strictObject(schema.shape);
  const strictPage = z.strictObject({ ...eventPageSchema.shape, items: z.array(strict(eventSchema)) });
  const mailbox = `/v1/mailboxes/${ROOM}`;

  test("lists, single events, writes and problems", async () => {
    const { call, calendar } = makeSchool();
    await calendar.createEvent(
      ROOM,
      lesson("2026-09-07T11:00:00", "Every Monday", {
        recurrence: {
          pattern: { type: "weekly", interval: 1, daysOfWeek: ["monday"], firstDayOfWeek: "monday" },
          range: { type: "numbered", startsOn: "2026-09-07", occurrenceCount: 2, ianaZone: "Europe/London" },
        },
        attendees: [{ mailboxAddress: "year7@school.example", type: "required" }],
        isReminderOn: true,
        reminderMinutesBeforeStart: 5,
      }),
    );
    const put = {
      method: "PUT",
      body: JSON.stringify(lesson("2026-09-07T09:00:00", "Physics", { sensitivity: "private" })),
    };
    const page = await (
      await call(`${mailbox}/events?from=2026-09-07&to=2026-09-30&limit=2&body=html`)
    ).json();
    expect(strictPage.parse(page).items[0]?.["seriesMasterId"]).toBeDefined();
    const created = await (await call(`${mailbox}/sources/a`, put)).json();
    const masters = strictPage.parse(page).items.map((event) => event["seriesMasterId"]);
    const master = await (await call(`${mailbox}/events/${masters[0]}`)).json();
    for (const event of [
      created,
      master,
      await (await call(`${mailbox}/sources/a`, { token: readerToken })).json(),
    ])
      strict(eventSchema).parse(event);
    expect(strict(eventSchema).parse(master)["recurrence"]).toBeDefined();
    strict(calendarListSchema).parse(await (await call(`${mailbox}/calendars`)).json());
    for (const path of ["/nothing", `${mailbox}/events`, `${mailbox}/events/none`])
      strict(problemSchema).parse(await (await call(path)).json());
  });

  test("every status that the API gives is documented for its operation", async () => {
    const { call, app } = makeSchool();
    const seen: [string, string, Response][] = [
      ["get", "/v1/mailboxes/{mailbox}/events", await call(`${mailbox}/events`)],
      ["get", "/v1/mailboxes/{mailbox}/events", await app.request(`${mailbox}/events`)],
      [
        "post",
        "/v1/mailboxes/{mailbox}/events",
        await call(`${mailbox}/events`, { method: "POST", body: "{}", token: readerToken }),
      ],
      [
        "patch",
        "/v1/mailboxes/{mailbox}/events/{eventId}",
        await call(`${mailbox}/events/none`, { method: "PATCH", body: '{"subject":"x"}' }),
      ],
      [
        "put",
        "/v1/mailboxes/{mailbox}/sources/{sourceId}",
        await call(`${mailbox}/sources/a`, {
          method: "PUT",
          body: "x",
          headers: { "Content-Type": "text/plain" },
        }),
      ],
      [
        "put",
        "/v1/mailboxes/{mailbox}/sources/{sourceId}",
        await call(`${mailbox}/sources/a`, {
          method: "PUT",
          body: JSON.stringify(lesson("2026-09-07T09:00:00", "x")),
          headers: { "If-Match": '"1"' },
        }),
      ],
    ];
    for (const [method, path, response] of seen)
      expect(Object.keys(document.paths[path]?.[method]?.responses ?? {}), `${method} ${path}`).toContain(
        String(response.status),
      );
    expect(seen.map(([, , { status }]) => status)).toEqual([400, 401, 403, 404, 415, 412]);
  });
});

describe("the page at /", () => {
  test("shows every operation and every shape, without script and without loading anything", async () => {
    const response = await makeSchool().app.request("/");
    const page = await response.text();
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    for (const { path, operation } of operations) {
      expect(page).toContain(`id="${operation.operationId}"`);
      expect(page).toContain(path.replaceAll("{", "{"));
    }
    for (const name of Object.keys(document.components.schemas))
      expect(page).toContain(`id="schema-${name}"`);
    expect(page).not.toMatch(/<script|javascript:| on\w+=|src=|@import|url\(/i);
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    for (const id of links) expect(page, id).toContain(`id="${id}"`);
  });

  test("allows its own style sheet by hash, and that is the style sheet", async () => {
    const response = await makeSchool().app.request("/");
    const [, style = ""] = /<style>([\s\S]*)<\/style>/.exec(await response.text()) ?? [];
    const digest = Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(style))).toString("base64");
    expect(response.headers.get("content-security-policy")).toContain(`style-src 'sha256-${digest}'`);
  });

  test("escapes what the operator configured", async () => {
    const { app } = makeSchool({ baseUrl: 'https://x.example/"><script>alert(1)</script>' });
    expect(await (await app.request("/")).text()).not.toContain("<script>");
  });

  test("explains every code at /errors, where problem documents point", async () => {
    const { app } = makeSchool();
    const problem = (await (await app.request("/nothing")).json()) as { type: string };
    const target = new URL(problem.type);
    const page = await (await app.request(target.pathname)).text();
    expect(page).toContain(`id="${target.hash.slice(1)}"`);
    expect(page).toContain('id="CALENDAR_THROTTLED"');
  });
});
