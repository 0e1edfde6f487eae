/** Meetings between mailboxes of one tenant: invitations, answers, changes, cancellations. */
import { beforeEach, describe, expect, it } from "vitest";
import {
  type GraphAnswer,
  type GraphFixture,
  makeFixture,
  makeUser,
  ROOM_12,
  ROOM_13,
  YEAR_7,
} from "./graph-fixture.ts";

const HALL = "b0000000-0000-4000-8000-000000000099";
const ORGANIZER = `/users/${ROOM_12}/events`;
const ATTENDEE = `/users/${ROOM_13}/events`;
let graph: GraphFixture;

beforeEach(() => {
  graph = makeFixture();
  graph.tenant.users.set(HALL, { ...makeUser(HALL, "hall", "Hall"), place: { capacity: 400 } });
});

const invite = (...names: string[]) =>
  names.map((name) => ({ emailAddress: { address: `${name}@school.example` }, type: "required" }));

const meeting = (change: object = {}) => ({
  subject: "Staff meeting",
  body: { contentType: "text", content: "Agenda" },
  start: { dateTime: "2026-01-12T09:00:00", timeZone: "UTC" },
  end: { dateTime: "2026-01-12T10:00:00", timeZone: "UTC" },
  attendees: invite("room-13"),
  ...change,
});

const weekly = {
  recurrence: {
    pattern: { type: "weekly", interval: 1, daysOfWeek: ["monday"], firstDayOfWeek: "monday" },
    range: { type: "numbered", startDate: "2026-01-12", numberOfOccurrences: 4 },
  },
};

const post = async (body: object): Promise<GraphAnswer> => {
  const answer = await graph.send("POST", ORGANIZER, { body });
  expect(answer.status, answer.text).toBe(201);
  return answer;
};
const listOf = async (events: string) => (await graph.send("GET", events)).json.value;
const view = async (user: string) =>
  (
    await graph.send(
      "GET",
      `/users/${user}/calendarView?startDateTime=2026-01-01&endDateTime=2026-03-01&$top=100`,
    )
  ).json.value;
const act = async (path: string, body: object = {}): Promise<void> => {
  const answer = await graph.send("POST", path, { body });
  expect([path, answer.status, answer.text]).toEqual([path, 202, ""]);
};
const statusesOf = (event: { attendees: { status: { response: string } }[] }): string[] =>
  event.attendees.map(({ status }) => status.response);

describe("sendInvitations()", () => {
  it("puts the meeting into the calendar of an attendee, tentatively and under the same UID", async () => {
    const made = await post(meeting({ transactionId: "t-1", categories: ["Own"] }));
    const [copy, ...others] = await listOf(ATTENDEE);
    expect(others).toEqual([]);
    expect(copy).toMatchObject({
      subject: "Staff meeting",
      isOrganizer: false,
      showAs: "tentative",
      responseStatus: { response: "notResponded" },
      organizer: { emailAddress: { name: "Room 12", address: "room-12@school.example" } },
      iCalUId: made.json.iCalUId,
      start: made.json.start,
      bodyPreview: "Agenda",
      categories: [],
      transactionId: null,
    });
    expect(copy.id).not.toBe(made.json.id);
    expect(made.json).toMatchObject({ isOrganizer: true, responseStatus: { response: "organizer" } });
  });

  it("sends nothing for a draft, and nothing to people elsewhere", async () => {
    await post(meeting({ isDraft: true }));
    expect(await listOf(ATTENDEE)).toEqual([]);
    const made = await post(
      meeting({ attendees: [{ emailAddress: { address: "parent@elsewhere.example" } }] }),
    );
    expect(statusesOf(made.json)).toEqual(["none"]);
  });

  it("brings changes, keeps what is the attendee's own, and asks again when the meeting moves", async () => {
    const { id } = (await post(meeting())).json;
    const [{ id: copyId }] = await listOf(ATTENDEE);
    await act(`${ATTENDEE}/${copyId}/accept`);
    await graph.send("PATCH", `${ATTENDEE}/${copyId}`, {
      body: { categories: ["Mine"], reminderMinutesBeforeStart: 5 },
    });
    await graph.send("PATCH", `${ORGANIZER}/${id}`, { body: { subject: "Renamed" } });
    expect(await listOf(ATTENDEE)).toMatchObject([
      {
        id: copyId,
        subject: "Renamed",
        categories: ["Mine"],
        reminderMinutesBeforeStart: 5,
        showAs: "busy",
        responseStatus: { response: "accepted" },
      },
    ]);
    expect(statusesOf((await graph.send("GET", `${ORGANIZER}/${id}`)).json)).toEqual(["accepted"]);
    const moved = await graph.send("PATCH", `${ORGANIZER}/${id}`, {
      body: { end: { dateTime: "2026-01-12T11:00:00", timeZone: "UTC" } },
    });
    expect(statusesOf(moved.json)).toEqual(["none"]);
    expect(await listOf(ATTENDEE)).toMatchObject([
      { id: copyId, showAs: "tentative", responseStatus: { response: "notResponded" }, end: moved.json.end },
    ]);
  });

  it("keeps answers when a client sends the whole list of attendees back, and cancels for those who left it", async () => {
    const { id } = (await post(meeting({ attendees: invite("room-13", "hall") }))).json;
    const [{ id: copyId }] = await listOf(ATTENDEE);
    await act(`${ATTENDEE}/${copyId}/tentativelyAccept`);
    const { attendees } = (await graph.send("GET", `${ORGANIZER}/${id}`)).json;
    const same = await graph.send("PATCH", `${ORGANIZER}/${id}`, { body: { attendees } });
    expect(statusesOf(same.json)).toEqual(["tentativelyAccepted", "accepted"]);
    await graph.send("PATCH", `${ORGANIZER}/${id}`, { body: { attendees: [] } });
    expect(await listOf(ATTENDEE)).toMatchObject([
      { isCancelled: true, showAs: "free", subject: "Canceled: Staff meeting" },
    ]);
    expect(await listOf(`/users/${HALL}/events`)).toEqual([]);
  });

  it("lets a room accept while it is free and decline what overlaps, a group accept always", async () => {
    const attendees = invite("hall", "year7");
    expect(statusesOf((await post(meeting({ attendees }))).json)).toEqual(["accepted", "accepted"]);
    expect(statusesOf((await post(meeting({ attendees }))).json)).toEqual(["declined", "accepted"]);
    expect(statusesOf((await post(meeting({ attendees, ...weekly }))).json)).toEqual([
      "declined",
      "accepted",
    ]);
    expect(await listOf(`/users/${HALL}/events`)).toMatchObject([{ showAs: "busy" }]);
    const member = { user: ROOM_12, scp: "Group.Read.All Group.ReadWrite.All" };
    const ofGroup = await graph.send("GET", `/groups/${YEAR_7}/events`, member);
    expect(ofGroup.json.value).toHaveLength(3);
  });

  it("invites to series with their exceptions and deleted occurrences", async () => {
    const { id } = (await post(meeting(weekly))).json;
    expect(await view(ROOM_13)).toHaveLength(4);
    const days = await view(ROOM_12);
    await graph.send("PATCH", `${ORGANIZER}/${days[1].id}`, { body: { subject: "Only this one" } });
    await graph.send("DELETE", `${ORGANIZER}/${days[2].id}`);
    const theirs = await view(ROOM_13);
    expect(theirs.map(({ subject, type }: { subject: string; type: string }) => [subject, type])).toEqual([
      ["Staff meeting", "occurrence"],
      ["Only this one", "exception"],
      ["Canceled: Staff meeting", "exception"],
      ["Staff meeting", "occurrence"],
    ]);
    expect(theirs[0].iCalUId).toBe(days[0].iCalUId);
    await act(`${ATTENDEE}/${theirs[3].id}/decline`);
    expect(await view(ROOM_13)).toHaveLength(3);
    expect(statusesOf((await graph.send("GET", `${ORGANIZER}/${days[3].id}`)).json)).toEqual(["declined"]);
    expect(statusesOf((await graph.send("GET", `${ORGANIZER}/${id}`)).json)).toEqual(["none"]);
    await graph.send("PATCH", `${ORGANIZER}/${id}`, { body: { location: { displayName: "Hall" } } });
    expect(await view(ROOM_13)).toHaveLength(2);
  });
});

describe("respond()", () => {
  it.each([
    ["accept", "accepted", "busy"],
    ["tentativelyAccept", "tentativelyAccepted", "tentative"],
  ])("answers %s to both sides, with the time", async (action, response, showAs) => {
    const { id } = (await post(meeting())).json;
    const [{ id: copyId }] = await listOf(ATTENDEE);
    await act(`${ATTENDEE}/${copyId}/${action}`, { Comment: "See you", SendResponse: true });
    const status = { response, time: "2026-01-05T08:00:00.0000000Z" };
    expect(await listOf(ATTENDEE)).toMatchObject([{ showAs, responseStatus: status }]);
    expect((await graph.send("GET", `${ORGANIZER}/${id}`)).json.attendees).toMatchObject([{ status }]);
  });

  it("takes what is declined out of the calendar and tells the organiser the time that would be better", async () => {
    const { id } = (await post(meeting())).json;
    const [{ id: copyId }] = await listOf(ATTENDEE);
    await act(`${ATTENDEE}/${copyId}/decline`, {
      sendResponse: true,
      proposedNewTime: {
        start: { dateTime: "2026-01-13T09:00:00", timeZone: "UTC" },
        end: { dateTime: "2026-01-13T10:00:00", timeZone: "UTC" },
      },
    });
    expect(await listOf(ATTENDEE)).toEqual([]);
    expect((await graph.send("GET", `${ORGANIZER}/${id}`)).json.attendees).toMatchObject([
      {
        status: { response: "declined" },
        proposedNewTime: { start: { dateTime: "2026-01-13T09:00:00.0000000", timeZone: "UTC" } },
      },
    ]);
  });

  it("says nothing to the organiser when no response is to be sent or none is requested", async () => {
    const { id } = (await post(meeting())).json;
    const [{ id: copyId }] = await listOf(ATTENDEE);
    await act(`${ATTENDEE}/${copyId}/accept`, { sendResponse: false });
    expect(statusesOf((await graph.send("GET", `${ORGANIZER}/${id}`)).json)).toEqual(["none"]);
    const quiet = await post(meeting({ responseRequested: false }));
    const [newest] = await listOf(ATTENDEE);
    await act(`${ATTENDEE}/${newest.id}/accept`);
    expect(statusesOf((await graph.send("GET", `${ORGANIZER}/${quiet.json.id}`)).json)).toEqual(["none"]);
  });

  it("is refused for the organiser's own meeting, and proposals that the meeting or the answer does not allow", async () => {
    const { id } = (await post(meeting({ allowNewTimeProposals: false }))).json;
    const [{ id: copyId }] = await listOf(ATTENDEE);
    const proposedNewTime = { start: meeting().start, end: meeting().end };
    for (const [path, body] of [
      [`${ORGANIZER}/${id}/accept`, {}],
      [`${ATTENDEE}/${copyId}/decline`, { proposedNewTime }],
      [`${ATTENDEE}/${copyId}/cancel`, {}],
      [`${ATTENDEE}/${copyId}/accept`, { sendResponse: "yes" }],
    ] as const)
      expect([path, (await graph.send("POST", path, { body })).status]).toEqual([path, 400]);
    const read = { body: {}, roles: ["Calendars.Read"] };
    expect((await graph.send("POST", `${ATTENDEE}/${copyId}/accept`, read)).status).toBe(403);
  });
});

describe("sendCancellations()", () => {
  it.each(["cancel", "delete"])(
    "marks the meeting at the attendee's when the organiser says %s",
    async (way) => {
      const { id } = (await post(meeting())).json;
      if (way === "cancel") await act(`${ORGANIZER}/${id}/cancel`, { Comment: "Ill" });
      else expect((await graph.send("DELETE", `${ORGANIZER}/${id}`)).status).toBe(204);
      expect(await listOf(ORGANIZER)).toEqual([]);
      const [copy] = await listOf(ATTENDEE);
      expect(copy).toMatchObject({ isCancelled: true, subject: "Canceled: Staff meeting", showAs: "free" });
      expect((await graph.send("DELETE", `${ATTENDEE}/${copy.id}`)).status).toBe(204);
    },
  );

  it("leaves the organiser's event alone when an attendee deletes the copy", async () => {
    const { id } = (await post(meeting())).json;
    const [copy] = await listOf(ATTENDEE);
    await graph.send("DELETE", `${ATTENDEE}/${copy.id}`);
    expect((await graph.send("GET", `${ORGANIZER}/${id}`)).json.isCancelled).toBe(false);
  });
});

describe("forwardMeeting()", () => {
  it.each([
    ["the organiser", ORGANIZER],
    ["an attendee", ATTENDEE],
  ])("invites whom %s forwards it to", async (_who, events) => {
    const { id } = (await post(meeting())).json;
    const [{ id: mine }] = await listOf(events);
    await act(`${events}/${mine}/forward`, {
      ToRecipients: [{ emailAddress: { address: "hall@school.example", name: "Hall" } }],
    });
    expect(await listOf(`/users/${HALL}/events`)).toMatchObject([
      { organizer: { emailAddress: { address: "room-12@school.example" } } },
    ]);
    expect(statusesOf((await graph.send("GET", `${ORGANIZER}/${id}`)).json)).toEqual(["none", "accepted"]);
    expect((await graph.send("POST", `${events}/${mine}/forward`, { body: {} })).status).toBe(400);
  });
});
