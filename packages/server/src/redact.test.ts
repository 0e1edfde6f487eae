import { expect, test } from "vitest";
import { redactTokens } from "./redact.ts";

test.each([
  [
    "a token alone: eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl, then more",
    "a token alone: [token], then more",
  ],
  ['{"access_token":"eyJ0.eyJ1.abc-_"}', '{"access_token":"[token]"}'],
  ["cut: eyJhbGciOiJSUzI1NiJ9.eyJhdWQ", "cut: [token]"],
  ["Authorization: Bearer opaque-0.AAAA", "Authorization: Bearer [token]"],
  ["nothing to hide in eyJ or in bearer", "nothing to hide in eyJ or in bearer"],
])("redactTokens() %#", (text, expected) => {
  expect(redactTokens(text)).toBe(expected);
});
