import { beforeEach, describe, expect, it } from "vitest";
import { type GraphAnswer, type GraphFixture, makeFixture, ROOM_12, ROOM_13 } from "./graph-fixture.ts";

const FIND = "/me/findMeetingTimes";
const SCOPES = "Calendars.Read.Shared";
const utc = (dateTime: string): object => ({ dateTime, timeZone: "UTC" });
/** A Monday; the mailboxes of the fixture live in London. */
const between = (from: string, until: string, more: object = {}): object => ({
  ...more,
  timeSlots: [{ start: utc(`2026-01-12T${from}:00`), end: utc(`2026-01-12T${until}:00`) }],
});
const OTHER = { type: "required", emailAddress: { address: "room-13@school.example" } };

let graph: GraphFixture;
beforeEach(() => {
  graph = makeFixture();
});

function find(body: object, headers: Record<string, string> = {}): Promise<GraphAnswer> {
  return graph.send("POST", FIND, { user: ROOM_12, scp: SCOPES, body, headers });
}

async function book(user: string, from: string, until: string, showAs: string): Promise<void> {
  const body = { showAs, start: utc(`2026-01-12T${from}:00`), end: utc(`2026-01-12T${until}:00`) };
  expect((await graph.send("POST", `/users/${user}/events`, { body })).status).toBe(201);
}

function startsOf(answer: GraphAnswer): string[] {
  return answer.json.meetingTimeSuggestions.map(
    ({ meetingTimeSlot }: { meetingTimeSlot: { start: { dateTime: string } } }) =>
      meetingTimeSlot.start.dateTime.slice(11, 16),
  );
}

describe("findMeetingTimes()", () => {
  it("gives the documented shape, in the zone that is preferred", async () => {
    const body = {
      attendees: [OTHER],
      timeConstraint: between("09:00", "10:00", { activityDomain: "work" }),
      // As the documentation's example sends them.
      isOrganizerOptional: "false",
      meetingDuration: "PT1H",
      returnSuggestionReasons: "true",
      minimumAttendeePercentage: "100",
    };
    const answer = await find(body, { prefer: 'outlook.timezone="W. Europe Standard Time"' });
    expect(answer.headers["Preference-Applied"]).toContain("W. Europe Standard Time");
    const time = (dateTime: string): object => ({ dateTime, timeZone: "W. Europe Standard Time" });
    expect(answer.json).toEqual({
      "@odata.context":
        "https://graph.microsoft.com/v1.0/$metadata#microsoft.graph.meetingTimeSuggestionsResult",
      emptySuggestionsReason: "",
      meetingTimeSuggestions: [
        {
          confidence: 100,
          order: 1,
          organizerAvailability: "free",
          suggestionReason:
            "Suggested because it is one of the nearest times when all attendees are available.",
          attendeeAvailability: [
            {
              availability: "free",
              attendee: { type: "required", emailAddress: { address: "room-13@school.example" } },
            },
          ],
          locations: [],
          meetingTimeSlot: {
            start: time("2026-01-12T10:00:00.0000000"),
            end: time("2026-01-12T11:00:00.0000000"),
          },
        },
      ],
    });
  });

  it("averages the chances of those invited, as the documentation counts them", async () => {
    await book(ROOM_13, "09:00", "09:30", "busy");
    const stranger = { emailAddress: { address: "somebody@elsewhere.example" } };
    const body = { attendees: [OTHER, stranger], timeConstraint: between("09:00", "10:00") };
    const both = await find({ ...body, minimumAttendeePercentage: 0 });
    expect(startsOf(both)).toEqual(["09:30", "09:00"]);
    expect(
      both.json.meetingTimeSuggestions.map(({ confidence }: { confidence: number }) => confidence),
    ).toEqual([74.5, 24.5]);
    expect(startsOf(await find(body))).toEqual(["09:30"]);
    const none = await find({ ...body, minimumAttendeePercentage: 80 });
    expect(none.json).toMatchObject({
      emptySuggestionsReason: "AttendeesUnavailableOrUnknown",
      meetingTimeSuggestions: [],
    });
  });

  it("leaves out times at which the organiser is busy, unless the organiser is optional", async () => {
    await book(ROOM_12, "09:00", "10:00", "busy");
    await book(ROOM_12, "10:00", "10:30", "tentative");
    const body = { timeConstraint: between("09:00", "10:30") };
    const answer = await find(body);
    expect(startsOf(answer)).toEqual(["10:00"]);
    expect(answer.json.meetingTimeSuggestions[0].organizerAvailability).toBe("tentative");
    expect(startsOf(await find({ ...body, isOrganizerOptional: true }))).toEqual(["09:00", "09:30", "10:00"]);
    const busy = await find({ timeConstraint: between("09:00", "10:00") });
    expect(busy.json.emptySuggestionsReason).toBe("OrganizerUnavailable");
  });

  it("keeps to working hours by the domain of the activity", async () => {
    const early = { ...between("06:00", "09:00") };
    expect(startsOf(await find({ timeConstraint: early }))).toEqual(["08:00", "08:30"]);
    const all = await find({ timeConstraint: { ...early, activityDomain: "unrestricted" } });
    expect(startsOf(all)).toEqual(["06:00", "06:30", "07:00", "07:30", "08:00"]);
    const saturday = {
      timeslots: [{ start: utc("2026-01-17T09:00:00"), end: utc("2026-01-17T09:30:00") }],
    };
    // Seen: whoever asks for a Saturday is told that the organiser is not available.
    const refused = await find({ timeConstraint: saturday });
    expect(refused.json.emptySuggestionsReason).toBe("OrganizerUnavailable");
    expect(startsOf(await find({ timeConstraint: { ...saturday, activityDomain: "personal" } }))).toEqual([
      "09:00",
    ]);
  });

  it("takes only places that are free when their availability is to be resolved", async () => {
    await book(ROOM_13, "09:00", "09:30", "busy");
    const location = {
      displayName: "Room 13",
      locationEmailAddress: "room-13@school.example",
      resolveAvailability: true,
    };
    const body = {
      locationConstraint: { isRequired: true, locations: [location] },
      timeConstraint: between("09:00", "10:00"),
    };
    const answer = await find(body);
    expect(startsOf(answer)).toEqual(["09:30"]);
    expect(answer.json.meetingTimeSuggestions[0].locations).toEqual([
      { displayName: "Room 13", locationEmailAddress: "room-13@school.example" },
    ]);
    const busy = await find({ ...body, timeConstraint: between("09:00", "09:30") });
    expect(busy.json.emptySuggestionsReason).toBe("LocationsUnavailable");
    expect(startsOf(await find({ ...body, locationConstraint: { locations: [location] } }))).toEqual([
      "09:00",
      "09:30",
    ]);
  });

  it("gives five suggestions of the coming week when nothing else is said", async () => {
    const answer = await graph.send("POST", FIND, { user: ROOM_12, scp: SCOPES, body: {} });
    expect(startsOf(answer)).toEqual(["08:00", "08:30", "09:00", "09:30", "10:00"]);
    expect(startsOf(await find({ maxCandidates: 2 }))).toEqual(["08:00", "08:30"]);
  });

  it("is closed to applications and to users without the shared scope", async () => {
    const asApplication = await graph.send("POST", `/users/${ROOM_12}/findMeetingTimes`, { body: {} });
    expect([asApplication.status, asApplication.json.error.code]).toEqual([403, "ErrorAccessDenied"]);
    const unshared = await graph.send("POST", FIND, { user: ROOM_12, scp: "Calendars.Read", body: {} });
    expect(unshared.status).toBe(403);
  });

  it.each([
    ["a duration that is none", { meetingDuration: "1 hour" }, "RequestBodyRead"],
    ["a slot that ends before it starts", { timeConstraint: between("10:00", "09:00") }, undefined],
    ["an activity that does not exist", { timeConstraint: { activityDomain: "play" } }, "RequestBodyRead"],
    ["attendees that are no list", { attendees: "everybody" }, "RequestBodyRead"],
    ["a percentage beyond 100", { minimumAttendeePercentage: 101 }, "ErrorInvalidParameter"],
  ])("answers 400 to %s", async (_what, body, code) => {
    const answer = await find(body);
    expect(answer.status).toBe(400);
    if (code !== undefined) expect(answer.json.error.code).toBe(code);
  });
});
