/** A program as anybody would write it against Graph: unmodified @azure/identity and @microsoft/microsoft-graph-client. */
import { ClientSecretCredential } from "@azure/identity";
import {
  BatchRequestContent,
  BatchResponseContent,
  Client,
  PageIterator,
} from "@microsoft/microsoft-graph-client";
import { TokenCredentialAuthenticationProvider } from "@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js";

const { AUTHORITY, ORIGIN, TENANT_ID, CLIENT_ID, CLIENT_SECRET } = process.env;
const credential = new ClientSecretCredential(TENANT_ID, CLIENT_ID, CLIENT_SECRET, {
  authorityHost: AUTHORITY,
  disableInstanceDiscovery: true,
});
const authProvider = new TokenCredentialAuthenticationProvider(credential, {
  scopes: ["https://graph.microsoft.com/.default"],
});
// The library keeps its tokens from hosts that it does not know.
const client = Client.initWithMiddleware({
  authProvider,
  baseUrl: ORIGIN,
  customHosts: new Set(["localhost"]),
});
const room = "/users/room-12@school.example";

/** The library sends no header of the first request with the following ones unless it is told to. */
async function readAll(request, headers = {}) {
  const items = [];
  const collect = (item) => items.push(item);
  const iterator = new PageIterator(client, await request.headers(headers).get(), collect, { headers });
  await iterator.iterate();
  return items;
}

const lesson = (day, hour, more = {}) => ({
  subject: `Lesson ${day}-${hour}`,
  start: { dateTime: `2026-03-${day}T${hour}:00:00`, timeZone: "Europe/London" },
  end: { dateTime: `2026-03-${day}T${hour}:50:00`, timeZone: "Europe/London" },
  ...more,
});
const users = await readAll(client.api("/users").select("id,userPrincipalName").top(1));
const created = await client.api(`${room}/events`).post(
  lesson("23", "09", {
    recurrence: {
      pattern: { type: "weekly", interval: 1, daysOfWeek: ["monday"], firstDayOfWeek: "monday" },
      range: { type: "numbered", startDate: "2026-03-23", numberOfOccurrences: 4 },
    },
    singleValueExtendedProperties: [
      { id: "String {6d1f6a5e-8e0b-4b0c-9f6b-6e8a6f4c2a17} Name NightlatchKey", value: "MATH" },
    ],
  }),
);
const steps = Array.from({ length: 20 }, (_, index) => ({
  id: String(index + 1),
  request: new Request(`https://graph.microsoft.com${room}/events`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(lesson(String(10 + (index % 5)), String(10 + (index % 8)))),
  }),
}));
const batch = await new BatchRequestContent(steps).getContent();
const answered = new BatchResponseContent(await client.api("/$batch").post(batch));
const statuses = steps.map(({ id }) => answered.getResponseById(id).status);
const view = await readAll(
  client
    .api(`${room}/calendarView`)
    .query({ startDateTime: "2026-03-01T00:00:00Z", endDateTime: "2026-05-01T00:00:00Z" })
    .select("subject,start,type"),
  { Prefer: 'outlook.timezone="Europe/London"' },
);
const found = await client
  .api(`${room}/events`)
  .filter(
    "singleValueExtendedProperties/Any(ep: ep/id eq 'String {6d1f6a5e-8e0b-4b0c-9f6b-6e8a6f4c2a17} Name NightlatchKey' and ep/value eq 'MATH')",
  )
  .get();
const changed = await client.api(`${room}/events/${created.id}`).patch({ subject: "Mathematics" });
await client.api(`${room}/events/${created.id}`).delete();
const error = await client
  .api(`${room}/events/${created.id}`)
  .get()
  .catch((reason) => ({ statusCode: reason.statusCode, code: reason.code, requestId: reason.requestId }));
const denied = await client
  .api("/applications")
  .get()
  .catch((reason) => ({ statusCode: reason.statusCode, code: reason.code }));
process.stdout.write(
  JSON.stringify({
    users: users.length,
    type: created.type,
    statuses,
    view,
    found: found.value.length,
    changed: changed.subject,
    error,
    denied,
  }),
);
