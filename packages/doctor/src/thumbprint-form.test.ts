import { describe, expect, test } from "vitest";
import { readThumbprintBytes, readWrittenThumbprint, toBase64url, toHex } from "./thumbprint-form.ts";

const SHA1 = "3BC87980310C490A62AA5F6343D4C55DF8EBBA85";
const bytes = Buffer.from(SHA1, "hex");

describe("readThumbprintBytes()", () => {
  const rows: ReadonlyArray<readonly [string, Uint8Array, string | undefined]> = [
    ["sha1", bytes, SHA1],
    ["hexText", Buffer.from(SHA1), SHA1],
    ["hexText", Buffer.from(`${SHA1.toLowerCase()}\n`), SHA1],
    ["hexTextSeparated", Buffer.from(SHA1.replace(/../g, "$&:").slice(0, -1)), SHA1],
    ["hexTextSeparated", Buffer.from(`\u200e${SHA1}`), SHA1],
    ["hexUtf16", Buffer.from(SHA1, "utf16le"), SHA1],
    ["hexAsBase64", Buffer.from(SHA1, "base64"), SHA1],
    ["base64Text", Buffer.from(bytes.toString("base64")), SHA1],
    ["keyIdText", Buffer.from("ff3ce8e8-7268-4b46-88be-d3a191a0695e"), undefined],
    ["empty", Buffer.alloc(0), undefined],
    ["wrongLength", bytes.subarray(0, 19), undefined],
  ];
  test.each(rows)("tells %s from the bytes", (form, given, meant) => {
    const reading = readThumbprintBytes(given);
    expect(reading.form).toBe(form);
    expect(reading.meant === undefined ? undefined : toHex(reading.meant)).toBe(meant);
  });

  test("solves the thumbprint of the question of 2019", () => {
    const printed = "62643165643263383337363130383338346565323733613138303161303766303862333164373234";
    const reading = readThumbprintBytes(Buffer.from(printed, "hex"));
    expect(reading.form).toBe("hexText");
    expect(reading.text).toBe("bd1ed2c8376108384ee273a1801a07f08b31d724");
    expect(toBase64url(reading.meant ?? Buffer.alloc(0))).toBe("vR7SyDdhCDhO4nOhgBoH8Isx1yQ");
  });
});

describe("readWrittenThumbprint()", () => {
  test.each([
    ["hex", SHA1],
    ["hex", SHA1.toLowerCase()],
    ["hexSeparated", SHA1.replace(/../g, "$& ").trim()],
    ["hexSeparated", SHA1.replace(/../g, "$&:").slice(0, -1)],
    ["base64", bytes.toString("base64")],
    ["base64url", bytes.toString("base64url")],
    ["hexOfHex", Buffer.from(SHA1).toString("hex")],
  ])("reads %s", (encoding, text) => {
    const read = readWrittenThumbprint(text);
    expect(read?.encoding).toBe(encoding);
    expect(toHex(read?.bytes ?? Buffer.alloc(0))).toBe(SHA1);
  });

  test("reads nothing from other texts", () => {
    for (const text of [
      "",
      "Calendars.ReadWrite",
      "ff3ce8e8-7268-4b46-88be-d3a191a0695e",
      "12345",
      "z".repeat(40),
    ]) {
      expect(readWrittenThumbprint(text)).toBeUndefined();
    }
  });
});
