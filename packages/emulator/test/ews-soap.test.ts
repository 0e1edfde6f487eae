import { describe, expect, it } from "vitest";
import {
  all,
  CALENDAR,
  envelope,
  MESSAGES,
  makeEwsFixture,
  SOAP,
  TYPES,
  textOf,
  view,
} from "./ews-fixture.ts";
import { judgeEveryBody } from "./ews-judge.ts";

judgeEveryBody({ atLeast: 30 });

const GET_CALENDAR = `<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds>${CALENDAR}</m:FolderIds></m:GetFolder>`;
const raw = (text: string): { raw: string } => ({ raw: text });
const malformed = (text: string): { raw: string; malformed: true } => ({ raw: text, malformed: true });
const MALFORMED = { malformed: true } as const;

describe("namespaces", () => {
  it("any prefix and default namespaces are read alike", async () => {
    const answer = await makeEwsFixture().send(
      "",
      raw(`<Envelope xmlns="${SOAP}"><Header><ns0:RequestServerVersion xmlns:ns0="${TYPES}" Version="Exchange2010_SP2"/>
<ExchangeImpersonation xmlns="${TYPES}"><ConnectingSID><SmtpAddress>room-12@school.example</SmtpAddress></ConnectingSID></ExchangeImpersonation></Header>
<Body><GetFolder xmlns="${MESSAGES}"><FolderShape><m:BaseShape xmlns:m="${TYPES}">Default</m:BaseShape></FolderShape>
<FolderIds><t:DistinguishedFolderId xmlns:t="${TYPES}" Id="calendar"/></FolderIds></GetFolder></Body></Envelope>`),
    );
    expect(answer.codes).toEqual(["NoError"]);
    expect(textOf(answer.body, "DisplayName")).toBe("Calendar");
  });

  it("the usual prefixes bound to other namespaces are not taken for Exchange's", async () => {
    const wrong = envelope(GET_CALENDAR).replace(`xmlns:t="${TYPES}"`, 'xmlns:t="urn:other"');
    const answer = await makeEwsFixture().send("", malformed(wrong));
    expect(answer.codes).toEqual(["ErrorSchemaValidation"]);
  });

  it("unknown header blocks are passed over, unless they must be understood", async () => {
    const ews = makeEwsFixture();
    const block = (must: string): string =>
      envelope(GET_CALENDAR).replace("<soap:Header>", `<soap:Header><x:Trace xmlns:x="urn:x" ${must}/>`);
    expect((await ews.send("", raw(block("")))).codes).toEqual(["NoError"]);
    const refused = await ews.send("", raw(block('soap:mustUnderstand="1"')));
    expect([refused.status, textOf(refused.body, "faultcode")]).toEqual([500, "s:MustUnderstand"]);
  });
});

describe("versions", () => {
  it.each([
    "Exchange2007",
    "Exchange2007_SP1",
    "Exchange2010",
    "Exchange2010_SP1",
    "Exchange2010_SP2",
    "Exchange2013",
    "Exchange2013_SP1",
    "Exchange2015",
    "Exchange2016",
    "V2018_01_08",
  ])("%s is spoken", async (version) => {
    expect((await makeEwsFixture().send(GET_CALENDAR, { version })).codes).toEqual(["NoError"]);
  });

  it("no version at all is the first one, an invented one is refused", async () => {
    const ews = makeEwsFixture();
    expect((await ews.send(GET_CALENDAR, { version: null })).codes).toEqual(["NoError"]);
    expect((await ews.send(GET_CALENDAR, { version: "Exchange2099", ...MALFORMED })).codes).toEqual([
      "ErrorInvalidServerVersion",
    ]);
  });

  it("answers name the server's version", async () => {
    const { text } = await makeEwsFixture().send(GET_CALENDAR);
    expect(text).toMatch(/ServerVersionInfo[^>]* MajorVersion="15" MinorVersion="20" MajorBuildNumber="\d+"/);
  });
});

describe("schema validation", () => {
  it.each([
    [
      "a missing attribute",
      GET_CALENDAR.replace('Id="calendar"', ""),
      "The required attribute 'Id' is missing.",
    ],
    [
      "an unknown attribute",
      GET_CALENDAR.replace('Id="calendar"', 'Id="calendar" Colour="red"'),
      "'Colour' attribute is not declared",
    ],
    ["an unknown value", GET_CALENDAR.replace("IdOnly", "Everything"), "The Enumeration constraint failed."],
    [
      "elements in the wrong order",
      GET_CALENDAR.replace(/(<m:FolderShape>.*<\/m:FolderShape>)(<m:FolderIds>.*<\/m:FolderIds>)/, "$2$1"),
      "List of possible elements expected: 'FolderShape'",
    ],
    [
      "an element too few",
      GET_CALENDAR.replace(/<m:FolderIds>.*<\/m:FolderIds>/, ""),
      "has incomplete content",
    ],
    [
      "an element of another namespace",
      GET_CALENDAR.replaceAll("t:BaseShape", "m:BaseShape"),
      "has invalid child element 'BaseShape'",
    ],
    [
      "text between elements",
      GET_CALENDAR.replace("<m:FolderIds>", "<m:FolderIds>text"),
      "cannot contain text",
    ],
    ["elements inside text", GET_CALENDAR.replace("IdOnly", "<t:X/>"), "content model is text only"],
    [
      "a day that does not exist",
      view("2026-02-29T00:00:00Z", "2026-03-01T00:00:00Z"),
      "'2026-02-29T00:00:00Z' is not a valid DateTime value",
    ],
    ["an empty batch", GET_CALENDAR.replace(CALENDAR, ""), "has incomplete content"],
  ])("%s is refused in the words of the service", async (_what, body, expected) => {
    const answer = await makeEwsFixture().send(body, MALFORMED);
    expect([answer.status, answer.codes]).toEqual([500, ["ErrorSchemaValidation"]]);
    expect(textOf(answer.body, "faultcode")).toBe("a:ErrorSchemaValidation");
    expect(textOf(answer.body, "Message")).toBe("The request failed schema validation.");
    expect(textOf(answer.body, "Violation")).toContain(expected);
    expect(textOf(answer.body, "faultstring")).toContain(expected);
  });

  it("a violation is placed at the line and position of its element", async () => {
    const lines = `<soap:Envelope xmlns:soap="${SOAP}" xmlns:m="${MESSAGES}" xmlns:t="${TYPES}"><soap:Body>
<m:GetFolder>
  <m:FolderShape/>
</m:GetFolder></soap:Body></soap:Envelope>`;
    const { body } = await makeEwsFixture().send("", malformed(lines));
    expect(textOf(body, "LineNumber")).toBe("3");
    expect(Number(textOf(body, "LinePosition"))).toBeGreaterThan(3);
  });

  it("operations that the emulator has not are refused by name and noted as missing", async () => {
    const ews = makeEwsFixture();
    const answer = await ews.send("<m:GetUserPhoto/>", MALFORMED);
    expect([answer.status, answer.codes]).toEqual([500, ["ErrorInvalidOperation"]]);
    expect(ews.notes).toContain("miss: EWS operation GetUserPhoto");
  });
});

describe("what Exchange has and the emulator has not", () => {
  const create = (items: string): string =>
    `<m:CreateItem SendMeetingInvitations="SendToNone"><m:Items>${items}</m:Items></m:CreateItem>`;

  it.each([
    ["Message in Items", create("<t:Message><t:Subject>x</t:Subject></t:Message>")],
    [
      "ItemAttachment in Attachments",
      create("<t:CalendarItem><t:Attachments><t:ItemAttachment/></t:Attachments></t:CalendarItem>"),
    ],
    [
      "InternetMessageHeaders in CalendarItem",
      create("<t:CalendarItem><t:InternetMessageHeaders/></t:CalendarItem>"),
    ],
    [
      "DistinguishedGroupBy in FindItem",
      view("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z").replace(
        "<m:ParentFolderIds>",
        '<m:DistinguishedGroupBy Order="Ascending"/><m:ParentFolderIds>',
      ),
    ],
  ])("%s is refused by name, and noted as missing", async (what, body) => {
    const ews = makeEwsFixture();
    const answer = await ews.send(body, MALFORMED);
    expect([answer.status, answer.codes]).toEqual([500, ["ErrorInvalidOperation"]]);
    expect(textOf(answer.body, "faultstring")).toContain(what);
    expect(ews.notes.join()).toContain(`miss: EWS: The emulator has no ${what}`);
  });
});

describe("XML", () => {
  it.each([
    [
      "a document type",
      `<!DOCTYPE x>${envelope(GET_CALENDAR).replace(/^<\?xml.*\n/, "")}`,
      "DTD is prohibited",
    ],
    [
      "an entity of its own",
      '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>',
      "DTD is prohibited",
    ],
    [
      "an outside entity",
      '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
      "DTD is prohibited",
    ],
    ["an undefined entity", envelope(GET_CALENDAR).replace("IdOnly", "&nbsp;"), "undefined entity"],
    [
      "a processing instruction",
      envelope(GET_CALENDAR).replace("<soap:Body>", "<soap:Body><?php 1?>"),
      "Processing instructions",
    ],
    ["an unbound prefix", envelope(GET_CALENDAR).replaceAll("m:FolderShape", "q:FolderShape"), "unbound"],
    ["tags that do not match", envelope(GET_CALENDAR).replace("</m:FolderIds>", ""), "unexpected close tag"],
    ["an end too early", envelope(GET_CALENDAR).slice(0, 300), "unexpected end"],
    ["nothing", "", "document must contain a root element"],
    [
      "another encoding in its declaration",
      envelope(GET_CALENDAR).replace('"utf-8"', '"utf-16"'),
      "does not match the encoding",
    ],
  ])("%s is refused", async (_what, text, expected) => {
    const answer = await makeEwsFixture().send("", malformed(text));
    expect([answer.status, answer.codes]).toEqual([500, ["ErrorSchemaValidation"]]);
    expect(textOf(answer.body, "Violation")).toContain(expected);
  });

  it("bytes that are not UTF-8 are refused", async () => {
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(envelope(GET_CALENDAR), "utf16le")]);
    expect((await makeEwsFixture().send("", { raw: utf16, ...MALFORMED })).codes).toEqual([
      "ErrorSchemaValidation",
    ]);
    const latin1 = Buffer.from(envelope(GET_CALENDAR).replace("IdOnly", "\u00e9"), "latin1");
    expect((await makeEwsFixture().send("", { raw: latin1, ...MALFORMED })).codes).toEqual([
      "ErrorSchemaValidation",
    ]);
  });

  it("a byte order mark, comments and CDATA are no fault", async () => {
    const text = envelope(GET_CALENDAR).replace("IdOnly", "<!-- what --><![CDATA[IdOnly]]>");
    const answer = await makeEwsFixture().send("", {
      raw: Buffer.concat([Buffer.from("\ufeff"), Buffer.from(text)]),
    });
    expect(answer.codes).toEqual(["NoError"]);
  });

  it("depth, elements and attributes are bounded", async () => {
    const ews = makeEwsFixture();
    const violation = async (text: string): Promise<string | undefined> =>
      textOf((await ews.send("", malformed(text))).body, "Violation");
    expect(await violation("<a>".repeat(100_000))).toContain("nested too deeply");
    expect(await violation(`<a>${"<b/>".repeat(250_000)}</a>`)).toContain("too many elements");
    const attributes = Array.from({ length: 5_000 }, (_, index) => `a${index}=""`).join(" ");
    expect(await violation(`<a ${attributes}/>`)).toContain("too many attributes");
  });
});

describe("HTTP", () => {
  it("other content types and charsets are 415", async () => {
    const ews = makeEwsFixture();
    for (const contentType of [
      "application/soap+xml; charset=utf-8",
      "application/json",
      "text/xml; charset=utf-16",
      null,
    ])
      expect((await ews.send(GET_CALENDAR, { contentType })).status).toBe(415);
    for (const contentType of ["text/xml", 'Text/XML; charset="UTF-8"'])
      expect((await ews.send(GET_CALENDAR, { contentType })).status).toBe(200);
  });

  it("the path is found in any case of letters, with or without SOAPAction", async () => {
    const ews = makeEwsFixture();
    expect((await ews.send(GET_CALENDAR, { path: "/ews/exchange.asmx" })).status).toBe(200);
    const headers = { soapaction: '"http://example.org/Nothing"' };
    expect((await ews.send(GET_CALENDAR, { path: "/EWS/EXCHANGE.ASMX", headers })).status).toBe(200);
  });

  it("envelopes of SOAP 1.2 and bodies of several operations are refused", async () => {
    const ews = makeEwsFixture();
    const other = envelope(GET_CALENDAR).replaceAll(SOAP, "http://www.w3.org/2003/05/soap-envelope");
    expect(textOf((await ews.send("", malformed(other))).body, "faultcode")).toBe("s:VersionMismatch");
    const two = await ews.send(GET_CALENDAR + GET_CALENDAR, MALFORMED);
    expect(textOf(two.body, "faultcode")).toBe("s:Client");
    expect(all(two.body, "detail")).toEqual([]);
  });
});
