/** A mailbox of the emulator, filled and read through Graph. */
import { FORM, type HttpsClient } from "./https.ts";
import type { Ready } from "./processes.ts";
import { secretForm, tokenEndpoint } from "./school.ts";

/** Events of a test mailbox: weekly series over a school year, the others single, all from September on. */
export interface MailboxContents {
  readonly singles: number;
  readonly series: number;
}

/** First day of the year that {@link fillMailbox} fills, UTC. */
export const YEAR_STARTS_AT = Date.UTC(2026, 8, 7);
/** Weeks of that year. */
export const WEEKS = 40;
const DAY_MS = 86_400_000;
const BATCH_SIZE = 20;

/**
 * Gets a token for Graph.
 *
 * @param client - used for the request
 * @param ready - the emulator
 */
export async function getGraphToken(client: HttpsClient, ready: Ready): Promise<string> {
  const { text } = await client.send("POST", tokenEndpoint(ready.origin), {
    headers: FORM,
    body: secretForm(),
  });
  return (JSON.parse(text) as { access_token: string }).access_token;
}

/** A lesson in Graph's spelling: weekday and hour follow from the number. */
export function lesson(index: number, weeks = 1): Record<string, unknown> {
  const startMs = YEAR_STARTS_AT + (index % 5) * DAY_MS + (7 + (Math.floor(index / 5) % 10)) * 3_600_000;
  const weekMs = weeks > 1 ? 0 : (Math.floor(index / 50) % WEEKS) * 7 * DAY_MS;
  const at = (ms: number) => ({
    dateTime: new Date(ms).toISOString().slice(0, 19),
    timeZone: "Europe/London",
  });
  const startsOn = new Date(startMs).toISOString().slice(0, 10);
  const day = ["monday", "tuesday", "wednesday", "thursday", "friday"][index % 5];
  return {
    subject: `Lesson ${index}`,
    start: at(startMs + weekMs),
    end: at(startMs + weekMs + 2_700_000),
    location: { displayName: `Room ${100 + (index % 60)}` },
    body: { contentType: "text", content: `Group ${index % 900}, bring the workbook.` },
    ...(weeks === 1
      ? {}
      : {
          recurrence: {
            pattern: { type: "weekly", interval: 1, daysOfWeek: [day], firstDayOfWeek: "monday" },
            range: { type: "numbered", startDate: startsOn, numberOfOccurrences: weeks },
          },
        }),
  };
}

/**
 * Fills a mailbox through `$batch`.
 *
 * @param client - used for the requests
 * @param options - emulator, token, address, contents
 */
export async function fillMailbox(
  client: HttpsClient,
  {
    ready,
    token,
    mailbox,
    contents,
  }: { ready: Ready; token: string; mailbox: string; contents: MailboxContents },
): Promise<void> {
  const bodies = [
    ...Array.from({ length: contents.series }, (_, index) => lesson(index, WEEKS)),
    ...Array.from({ length: contents.singles }, (_, index) => lesson(index)),
  ];
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  for (let start = 0; start < bodies.length; start += BATCH_SIZE) {
    const requests = bodies.slice(start, start + BATCH_SIZE).map((body, index) => ({
      id: String(index),
      method: "POST",
      url: `/users/${mailbox}/events`,
      headers: { "Content-Type": "application/json" },
      body,
    }));
    const { status, text } = await client.send("POST", `${ready.graph}/$batch`, {
      headers,
      body: JSON.stringify({ requests }),
    });
    const answers = status === 200 ? (JSON.parse(text) as { responses: { status: number }[] }).responses : [];
    if (answers.length !== requests.length || answers.some((answer) => answer.status !== 201))
      throw new Error(`the emulator did not take the events: ${status} ${text.slice(0, 300)}`);
  }
}
