import { expect, it } from "vitest";
import { createItem, envelope, ewsToken, idOf, makeEwsFixture } from "./ews-fixture.ts";
import { judgeEveryBody } from "./ews-judge.ts";
import { makeDraw, requests, wound } from "./ews-wounds.ts";

judgeEveryBody({ atLeast: 10 });

/** Requests of one run; NIGHTLATCH_FUZZ multiplies them. */
const REQUESTS = 2_000 * Math.max(1, Number(process.env["NIGHTLATCH_FUZZ"] ?? 1));
/** Where the draw begins; a run with the same number sends the same requests. */
const SEED = Number(process.env["NIGHTLATCH_FUZZ_SEED"] ?? 5);

it(`${REQUESTS} wounded requests are all answered, without a stack, within a second each`, {
  timeout: 20_000 + REQUESTS * 20,
}, async () => {
  const draw = makeDraw(SEED);
  const ews = makeEwsFixture();
  const made = await ews.send(
    createItem("<t:Start>2026-01-05T09:00:00Z</t:Start><t:End>2026-01-05T10:00:00Z</t:End>"),
  );
  const token = ewsToken(ews.graph);
  const bodies = requests(idOf(made).Id);
  const statuses = new Map<number, number>();
  for (let count = 0; count < REQUESTS; count++) {
    const whole = envelope(bodies[draw(bodies.length)] ?? "");
    const raw = wound(whole, draw);
    const startedMs = performance.now();
    const answer = await ews.send("", { raw, token, malformed: true });
    const what = `request ${count}, seed ${SEED}: ${Buffer.from(raw).toString("base64")}`;
    expect(performance.now() - startedMs, what).toBeLessThan(1_000);
    expect([200, 500], what).toContain(answer.status);
    expect(answer.text, what).not.toMatch(/\bat .+:\d+:\d+|node:internal|TypeError|\.ts\b/);
    expect(answer.codes, what).not.toContain("ErrorInternalServerError");
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    // What the wounds planted must not grow without end.
    const mailbox = ews.tenant.users.values().next().value?.mailbox;
    if (mailbox !== undefined && mailbox.events.size > 300) mailbox.events.clear();
  }
  expect(ews.notes.filter((note) => note.startsWith("error:"))).toEqual([]);
  // Most wounds must hurt, and some must not: otherwise the requests were no good.
  expect(statuses.get(500) ?? 0).toBeGreaterThan(REQUESTS / 3);
  expect(statuses.get(200) ?? 0).toBeGreaterThan(REQUESTS / 50);
});
