import { expect, test } from "vitest";
import { formatPageToken, parsePageToken } from "./page-token.ts";

const position = {
  mailbox: "room-12@school.example",
  fromMs: 1,
  toMs: 2,
  calendarId: "calendar-7",
  afterMs: -3,
  afterId: "AAMk/+=ü",
};

test("parsePageToken() reads back what formatPageToken() wrote", () => {
  expect(parsePageToken(formatPageToken(position), "Room-12@School.example")).toEqual(position);
  const { calendarId: _, ...rest } = position;
  expect(parsePageToken(formatPageToken(rest), rest.mailbox).calendarId).toBeUndefined();
});

test.each([
  "",
  "x",
  "e30",
  Buffer.from("[1,2]").toString("base64url"),
  Buffer.from('[1,"room-12@school.example",1e300,2,null,3,"x"]').toString("base64url"),
])("parsePageToken() refuses %j by name", (token) => {
  expect(() => parsePageToken(token, position.mailbox)).toThrow(
    expect.objectContaining({ code: "SERVER_PAGE_TOKEN_INVALID" }),
  );
});

test("parsePageToken() refuses the token of another mailbox", () => {
  expect(() => parsePageToken(formatPageToken(position), "year7@school.example")).toThrow(
    expect.objectContaining({ code: "SERVER_PAGE_TOKEN_INVALID" }),
  );
});
