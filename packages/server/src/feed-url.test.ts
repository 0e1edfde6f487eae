import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { createFeedToken, createFeedUrl, isFeedToken } from "./feed-url.ts";

const secret = "0123456789abcdef0123456789abcdef";
const mailbox = "room-12@school.example";

test("createFeedToken() is what openssl computes as HMAC-SHA-256", () => {
  const hmac = execFileSync("openssl", ["dgst", "-sha256", "-hmac", secret, "-binary"], { input: mailbox });
  expect(createFeedToken(mailbox, secret)).toBe(hmac.toString("base64url"));
});

test("createFeedToken() is the same for any case of the mailbox, and another for another mailbox or secret", () => {
  expect(createFeedToken("Room-12@School.example", secret)).toBe(createFeedToken(mailbox, secret));
  expect(createFeedToken("room-13@school.example", secret)).not.toBe(createFeedToken(mailbox, secret));
  expect(createFeedToken(mailbox, `${secret}x`)).not.toBe(createFeedToken(mailbox, secret));
});

test("createFeedToken() refuses a short secret", () => {
  expect(() => createFeedToken(mailbox, "short")).toThrow(RangeError);
});

test("isFeedToken() takes every configured secret and no other token", () => {
  const token = createFeedToken(mailbox, secret);
  const other = "another secret of more than 32 characters";
  expect(isFeedToken(token, mailbox, [other, secret])).toBe(true);
  expect(isFeedToken(token, mailbox, [other])).toBe(false);
  expect(isFeedToken(token, "room-13@school.example", [secret])).toBe(false);
  expect(isFeedToken("", mailbox, [secret])).toBe(false);
  expect(isFeedToken(`${token}x`, mailbox, [secret])).toBe(false);
});

test("createFeedUrl() keeps the path of an API behind a proxy", () => {
  expect(createFeedUrl("https://school.example/api/", mailbox, secret)).toBe(
    `https://school.example/api/feeds/room-12%40school.example/${createFeedToken(mailbox, secret)}.ics`,
  );
});
