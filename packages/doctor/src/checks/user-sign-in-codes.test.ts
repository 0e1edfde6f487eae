import { expect, test } from "vitest";
import { AADSTS_EXPLANATIONS } from "../aadsts.generated.ts";
import { userSignInCodes } from "./user-sign-in-codes.ts";

test("the short table is whole, in order, and leaves the codes of the long one alone", () => {
  const table = userSignInCodes();
  expect(table.length).toBeGreaterThan(100);
  expect(table.filter((row) => row.length !== 4 || row.some((field) => !field))).toEqual([]);
  const codes = table.map(([code]) => code);
  expect(codes).toEqual([...new Set(codes)].toSorted((left, right) => left - right));
  const long = new Set(AADSTS_EXPLANATIONS.map(({ code }) => code));
  expect(codes.filter((code) => long.has(code))).toEqual([]);
});
