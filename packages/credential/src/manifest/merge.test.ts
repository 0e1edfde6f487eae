import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type Certificate, certificateFromDer } from "../x509/certificate.ts";
import { createSelfSigned } from "../x509/self-signed.ts";
import { createKeyCredential } from "./key-credential.ts";
import { mergeKeyCredential } from "./merge.ts";

const keyId = "11111111-2222-4333-8444-555555555555";
let certificate: Certificate;

beforeAll(async () => {
  const notBefore = new Date("2026-02-24T10:25:37Z");
  const made = await createSelfSigned({ subject: "CN=timetable,O=School", notBefore, validDays: 3650 });
  certificate = made.credential.certificate;
});

describe("createKeyCredential()", () => {
  it("writes the Azure AD Graph format with the dates of the certificate", () => {
    expect(createKeyCredential(certificate, "azureAdGraph", { keyId })).toEqual({
      customKeyIdentifier: certificate.thumbprintSha1.base64,
      keyId,
      type: "AsymmetricX509Cert",
      usage: "Verify",
      value: Buffer.from(certificate.der).toString("base64"),
      startDate: "2026-02-24T10:25:37Z",
      endDate: "2036-02-22T10:25:37Z",
    });
  });

  it("writes the Graph format, and cuts a long subject to 90 characters", () => {
    const entry = createKeyCredential(certificate, "graph", { keyId });
    expect(entry).toEqual({
      customKeyIdentifier: certificate.thumbprintSha1.base64,
      displayName: "CN=timetable, O=School",
      endDateTime: "2036-02-22T10:25:37Z",
      keyId,
      key: Buffer.from(certificate.der).toString("base64"),
      startDateTime: "2026-02-24T10:25:37Z",
      type: "AsymmetricX509Cert",
      usage: "Verify",
    });
    const long = { ...certificate, subject: `CN=${"x".repeat(86)}\u{1F511}` };
    expect(createKeyCredential(long, "graph").displayName).toBe(`CN=${"x".repeat(86)}`);
  });

  it("refuses a keyId that is no GUID and a display name that is too long", () => {
    const make = (options: object) => () => createKeyCredential(certificate, "graph", options);
    expect(make({ keyId: "1" })).toThrow(expect.objectContaining({ code: "CREDENTIAL_KEY_ID_INVALID" }));
    expect(make({ displayName: "x".repeat(91) })).toThrow(
      expect.objectContaining({ code: "CREDENTIAL_DISPLAY_NAME_TOO_LONG" }),
    );
  });
});

describe("mergeKeyCredential()", () => {
  const merge = (text: string, options: object = {}) =>
    mergeKeyCredential(text, certificate, { keyId, ...options });

  it.each([
    ['{"replyUrlsWithType":[],"keyCredentials":[]}', "azureAdGraph"],
    ['{"publicClient":false,"keyCredentials":[]}', "azureAdGraph"],
    ['{"name":"a","signInAudience":"AzureADMyOrg","keyCredentials":[]}', "azureAdGraph"],
    ['{"web":{"implicitGrantSettings":{}},"keyCredentials":[]}', "graph"],
    ['{"displayName":"a","signInAudience":"AzureADMyOrg"}', "graph"],
    ['{"publicClient":{"redirectUris":[]},"keyCredentials":[]}', "graph"],
    ['{"keyCredentials":[{"endDate":"2020-01-01T00:00:00Z"}]}', "azureAdGraph"],
    ['{"replyUrls":[],"keyCredentials":[{"endDateTime":"2020-01-01T00:00:00Z"}]}', "graph"],
    ["{}", "graph"],
  ])("tells the format of %s", (text, format) => {
    expect(merge(text).format).toBe(format);
  });

  it("keeps every other character of a manifest as it is", () => {
    const entry =
      '{\r\n      "keyId": "00000000-0000-4000-8000-000000000001",\r\n      "unknown": 1.0e0\r\n    }';
    const before = `\uFEFF{\r\n  "id": 12345678901234567890,\r\n  "keyCredentials": [\r\n    ${entry}`;
    const after = '\r\n  ],\r\n  "web": { "x":  [ ] },\r\n  "web2": null\r\n}\r\n';
    const { manifestText } = merge(before + after);
    expect(manifestText.startsWith(before)).toBe(true);
    expect(manifestText.endsWith(after)).toBe(true);
    expect(manifestText.slice(before.length, -after.length)).toMatch(
      /^,\r\n {4}\{\r\n {6}"customKeyIdentifier": /,
    );
    expect(manifestText.replaceAll("\r\n", "")).not.toContain("\n");
  });

  it.each([
    [
      "tabs",
      '{\n\t"web": {},\n\t"keyCredentials": []\n}\n',
      '\n\t"keyCredentials": [\n\t\t{\n\t\t\t"customKeyIdentifier": ',
    ],
    [
      "four blanks, member missing",
      '{\n    "web": {}\n}',
      '{},\n    "keyCredentials": [\n        {\n            "cust',
    ],
    ["one line", '{"web":{},"keyCredentials":[{"key":null}]}', '[{"key":null},{"customKeyIdentifier":"'],
    ["null", '{\n  "keyCredentials": null,\n  "web": {}\n}', '"keyCredentials": [\n    {\n      "cust'],
    [
      "items on the bracket line",
      '{\n  "web": 1,\n  "keyCredentials": [{\n    "key": null\n  }]\n}',
      '  },{\n    "custom',
    ],
    ["empty object over two lines", "{\n}\n", '{\n  "keyCredentials": [\n    {'],
  ])("writes in the style of the file: %s", (_, text, wanted) => {
    const { manifestText, added } = merge(text);
    expect(added).toBe(true);
    expect(manifestText).toContain(wanted);
    expect(JSON.parse(manifestText)).toMatchObject({
      keyCredentials: expect.arrayContaining([expect.objectContaining({ keyId })]),
    });
  });

  it("adds nothing when the certificate is there, in whatever way it was written", () => {
    const der = Buffer.from(certificate.der).toString("base64");
    const { thumbprintSha1, thumbprintSha256, pem } = certificate;
    const ways = [
      { value: der },
      { key: der },
      { value: Buffer.from(pem).toString("base64") },
      { customKeyIdentifier: thumbprintSha1.base64, value: null },
      { customKeyIdentifier: thumbprintSha1.hex },
      { customKeyIdentifier: thumbprintSha1.hex.toLowerCase(), key: null },
      { customKeyIdentifier: thumbprintSha256.base64 },
    ];
    for (const way of ways) {
      const text = JSON.stringify({ keyCredentials: [{ keyId: "found", ...way }] });
      expect(merge(text)).toMatchObject({ manifestText: text, added: false, keyId: "found" });
    }
    const other = JSON.stringify({
      keyCredentials: [{ customKeyIdentifier: thumbprintSha1.hex, value: "AQID" }],
    });
    expect(merge(other).added).toBe(true);
  });

  it("merging twice is merging once, whatever the manifest", () => {
    const entries = fc.array(fc.record({ keyId: fc.uuid(), extra: fc.jsonValue() }));
    const manifest = fc.dictionary(
      fc.string().filter((name) => name !== "__proto__"),
      fc.jsonValue(),
      { maxKeys: 4 },
    );
    fc.assert(
      fc.property(manifest, fc.option(entries), fc.constantFrom(undefined, 2, "\t"), (rest, old, indent) => {
        const { keyCredentials: _, ...others } = rest;
        const before = old === null ? { value: 1, ...others } : { ...others, keyCredentials: old };
        const text = JSON.stringify(before, null, indent);
        const once = merge(text);
        const parsed = JSON.parse(once.manifestText) as { keyCredentials: unknown[] };
        expect({ ...parsed, keyCredentials: parsed.keyCredentials.slice(0, -1) }).toEqual({
          keyCredentials: [],
          ...(JSON.parse(text) as object),
        });
        const twice = merge(once.manifestText);
        expect(twice).toMatchObject({ added: false, manifestText: once.manifestText });
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['{\n  "keyCredentials": [\n    {"a": 1},\n  ]\n}', 3, 13],
    ['{\n  "a" 1\n}', 2, 7],
    ['{"a": 1', 1, 8],
    ['{"a": "x\ny"}', 1, 9],
    ['\uFEFF{"a": tru}', 1, 7],
    ['{"a": 1} x', 1, 10],
    ["", 1, 1],
    ["<!DOCTYPE html>", 1, 1],
    [`{"a": ${"[".repeat(5000)}`, 1, 135],
  ])("names line and column of malformed JSON: %j", (text, line, column) => {
    expect(() => merge(text)).toThrow(
      expect.objectContaining({
        code: "CREDENTIAL_MANIFEST_MALFORMED",
        details: expect.objectContaining({ line, column }),
      }),
    );
  });

  it.each([
    "[]",
    '"text"',
    '{"keyCredentials":{}}',
    '{"keyCredentials":[1]}',
    '{"value":[{}]}',
    '{"keyCredentials":[],"keyCredentials":[]}',
  ])("refuses the wrong shape %s", (text) => {
    expect(() => merge(text, { sourceName: "app.json" })).toThrow(
      expect.objectContaining({
        code: "CREDENTIAL_MANIFEST_SHAPE",
        message: expect.stringContaining("app.json, line 1"),
      }),
    );
  });

  it("refuses a keyId that another key has", () => {
    expect(() => merge(JSON.stringify({ keyCredentials: [{ keyId: keyId.toUpperCase() }] }))).toThrow(
      expect.objectContaining({ code: "CREDENTIAL_KEY_ID_TAKEN" }),
    );
  });
});

describe("certificateFromDer()", () => {
  it("keeps the bytes and hides them in a readable form", () => {
    const again = certificateFromDer(certificate.der, "x");
    expect(again.der).toEqual(certificate.der);
    expect(JSON.parse(JSON.stringify(again))).toMatchObject({
      subject: "CN=timetable, O=School",
      pem: certificate.pem,
    });
  });
});
