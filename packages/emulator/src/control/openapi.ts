/** The control API, described in OpenAPI. */

type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: "string" };
const number: Schema = { type: "number" };
const flag: Schema = { type: "boolean" };

const object = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema => ({
  type: "object",
  properties,
  ...(required.length > 0 ? { required } : {}),
});

const list = (items: Schema): Schema => ({ type: "array", items });

const json = (schema: Schema): Schema => ({ content: { "application/json": { schema } } });

const ok = (description: string, schema: Schema): Schema => ({ 200: { description, ...json(schema) } });

const done: Schema = { 204: { description: "Done" } };

const FAULT = object(
  {
    endpoint: { enum: ["token", "authorize", "discovery", "graph", "ews", "any"], default: "any" },
    kind: { enum: ["aadsts", "status", "latency", "drop", "throttle", "replicationDelay"] },
    code: { ...number, description: "aadsts: number of the error, for example 700016" },
    claims: { ...text, description: "aadsts: JSON of a claims request, sent with the error" },
    status: { ...number, description: "status: HTTP status" },
    body: { ...text, description: "status: body of the answer" },
    headers: { type: "object", additionalProperties: text, description: "status: headers of the answer" },
    latencyMs: { ...number, description: "latency: milliseconds" },
    when: { enum: ["before", "after"], description: "drop: before or after the request is carried out" },
    retryAfterSeconds: {
      ...number,
      description: "throttle: seconds; enforced against callers that come back early",
    },
    delaySeconds: {
      ...number,
      description: "replicationDelay: seconds for which new applications answer AADSTS700016",
    },
    times: { ...number, description: "How often; until removed when absent" },
    probability: { ...number, description: "Share of requests, 0 to 1" },
    seed: { ...number, description: "Start of the random draw" },
    pathPrefix: text,
    method: text,
  },
  ["kind"],
);

const TOKEN_WISH = object({
  tenantId: { ...text, description: "GUID or domain; the first tenant when absent" },
  roles: { ...list(text), description: "Application permissions, for an app-only token" },
  scopes: { ...list(text), description: "Delegated permissions, together with user" },
  user: { ...text, description: "User principal name or object id" },
  audience: { ...text, default: "https://graph.microsoft.com" },
  expiresInSeconds: { ...number, default: 3599 },
  claims: { type: "object", description: "Claims that replace or join the others" },
});

const REVOCATION_REASON: Schema = {
  enum: ["revoked", "outdatedPolicies", "location"],
  default: "revoked",
  description: "location: also new tokens are refused, until the revocation is lifted",
};

const REVOCATION = object({
  tenantId: text,
  kind: { enum: ["application", "user"] },
  name: { ...text, description: "Client id, or user principal name" },
  reason: REVOCATION_REASON,
  at: { ...text, format: "date-time" },
});

const PATHS: Readonly<Record<string, Schema>> = {
  "/health": {
    get: {
      summary: "Where everything is",
      responses: ok("The members of the ready line", { type: "object" }),
    },
  },
  "/reset": {
    post: { summary: "Return to the seed; clock, faults, records and keys start afresh", responses: done },
  },
  "/ca": {
    get: {
      summary: "Certificate of the local CA",
      responses: { 200: { description: "PEM", content: { "application/x-pem-file": { schema: text } } } },
    },
  },
  "/clock": {
    get: {
      summary: "The emulator's time",
      responses: ok("Now", object({ now: { ...text, format: "date-time" } })),
    },
    post: {
      summary: "Freeze, advance or release the clock",
      requestBody: json(
        object({
          freeze: { oneOf: [{ ...text, format: "date-time" }, flag] },
          advanceSeconds: number,
          thaw: flag,
          reset: flag,
        }),
      ),
      responses: ok("Now", object({ now: { ...text, format: "date-time" } })),
    },
  },
  "/faults": {
    get: {
      summary: "Faults that wait",
      responses: ok("Faults", object({ faults: list({ type: "object" }) })),
    },
    post: {
      summary: "Arm a fault",
      requestBody: json(FAULT),
      responses: ok("Its id", object({ id: number })),
    },
    delete: { summary: "Disarm all faults", responses: done },
  },
  "/faults/{id}": {
    delete: {
      summary: "Disarm a fault",
      parameters: [{ name: "id", in: "path", required: true, schema: number }],
      responses: done,
    },
  },
  "/requests": {
    get: {
      summary: "The last 1,000 requests",
      parameters: [
        { name: "secrets", in: "query", schema: flag, description: "true shows secrets and tokens" },
      ],
      responses: ok("Requests, oldest first", object({ requests: list({ type: "object" }) })),
    },
    delete: { summary: "Forget the recorded requests", responses: done },
  },
  "/misses": {
    get: {
      summary: "What was asked for and is not emulated",
      responses: ok(
        "Misses",
        object({ misses: list(object({ method: text, url: text, reason: text, count: number })) }),
      ),
    },
  },
  "/snapshots": {
    get: { summary: "Names of snapshots", responses: ok("Names", object({ snapshots: list(text) })) },
    post: {
      summary: "Take a snapshot",
      requestBody: json(object({ name: text })),
      responses: ok("Its name", object({ name: text })),
    },
  },
  "/snapshots/{name}": {
    delete: {
      summary: "Drop a snapshot",
      parameters: [{ name: "name", in: "path", required: true, schema: text }],
      responses: done,
    },
  },
  "/snapshots/{name}/restore": {
    post: {
      summary: "Return to a snapshot",
      parameters: [{ name: "name", in: "path", required: true, schema: text }],
      responses: done,
    },
  },
  "/tokens": {
    post: {
      summary: "A token without a sign-in (emulator only; the service has nothing like it)",
      requestBody: json(TOKEN_WISH),
      responses: ok("Token", object({ token_type: text, expires_in: number, access_token: text })),
    },
  },
  "/keys/rotate": {
    post: {
      summary: "Sign with a new key; the old one stays published for a grace",
      requestBody: json(object({ graceSeconds: { ...number, default: 86_400 } })),
      responses: ok("Ids of the published keys", object({ kids: list(text) })),
    },
  },
  "/revocations": {
    get: {
      summary: "Whose tokens Graph refuses with a claims challenge",
      responses: ok("Revocations", object({ revocations: list(REVOCATION) })),
    },
    post: {
      summary: "Let Graph answer clients that handle revocation (xms_cc cp1) with a claims challenge",
      requestBody: json(
        object({
          tenantId: { ...text, description: "GUID or domain; the first tenant when absent" },
          appId: { ...text, description: "Client id of the application whose app-only tokens are meant" },
          user: { ...text, description: "User principal name or object id, instead of appId" },
          reason: REVOCATION_REASON,
          at: { ...text, format: "date-time", description: "Tokens issued up to then; now when absent" },
        }),
      ),
      responses: ok("What is refused from now on", REVOCATION),
    },
    delete: { summary: "Lift all revocations", responses: done },
  },
  "/switches": {
    get: { summary: "Behaviour that may be switched", responses: ok("Switches", { type: "object" }) },
    post: {
      summary: "Change switches; those that are not named stay",
      requestBody: json(
        object({
          groupCalendarsAppOnly: flag,
          strictJti: flag,
          drawTokenLifetimes: flag,
          graphThrottle: { oneOf: [flag, { type: "object", additionalProperties: number }] },
          ews: { type: "object" },
        }),
      ),
      responses: ok("All switches", { type: "object" }),
    },
  },
  "/tenants": {
    get: {
      summary: "Tenants and their applications",
      responses: ok("Tenants", object({ tenants: list({ type: "object" }) })),
    },
  },
};

/**
 * Describes the control API.
 *
 * @param serverUrl - its base address
 * @returns an OpenAPI 3.1 document
 * @see spec.openapis.org/oas/v3.1.0
 */
export function openApiDocument(serverUrl: string): Record<string, unknown> {
  return {
    openapi: "3.1.0",
    info: { title: "Nightlatch emulator control API", version: "1" },
    servers: [{ url: serverUrl }],
    paths: PATHS,
  };
}
