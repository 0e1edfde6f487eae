/** Requests of every kind, and the wounds that tests give them. */
import { encodeAttachmentId } from "../src/ews/attachments/attachment-ids.ts";
import { CALENDAR, createItem, find, getItem, itemId, setField, update, view } from "./ews-fixture.ts";

/** Pieces that have hurt parsers before. */
const NASTY = [
  ...[
    "<",
    ">",
    "&",
    "]]>",
    "<![CDATA[",
    "<!--",
    "-->",
    "<?xml?>",
    "<!DOCTYPE a>",
    "&#0;",
    "&#xD800;",
    "&lt",
    "&a;",
  ],
  ...[
    "\u0000",
    "\ud800",
    "\uffff",
    "\u202e",
    "é",
    "𝔐",
    "xmlns:t=''",
    'xmlns=""',
    ":",
    "a:b:c",
    "xml:lang=''",
  ],
  ...[
    "-1",
    "0",
    "99999999999999999999",
    "1e309",
    "NaN",
    "true",
    "P1Y",
    "2026-02-30T25:61:61Z",
    "9999-12-31T23:59:59Z",
  ],
  ...[
    "0001-01-01T00:00:00-14:00",
    "{}",
    "null",
    "__proto__",
    "constructor",
    "toString",
    "AAAA",
    "=",
    "\n",
    "\t",
    " ",
  ],
];

/** A random draw, the same everywhere (mulberry32): gives a whole number below another. */
export function makeDraw(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** One good request of every kind. */
export function requests(id: string): string[] {
  const recurrence =
    "<t:Recurrence><t:RelativeYearlyRecurrence><t:DaysOfWeek>Weekday</t:DaysOfWeek><t:DayOfWeekIndex>Last</t:DayOfWeekIndex><t:Month>June</t:Month></t:RelativeYearlyRecurrence><t:NumberedRecurrence><t:StartDate>2026-01-05</t:StartDate><t:NumberOfOccurrences>3</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence>";
  const key =
    '<t:ExtendedFieldURI PropertySetId="6ba7b810-9dad-11d1-80b4-00c04fd430c8" PropertyName="K" PropertyType="String"/>';
  return [
    createItem(
      `<t:Subject>x</t:Subject><t:Body BodyType="HTML">y</t:Body><t:Categories><t:String>c</t:String></t:Categories><t:ExtendedProperty>${key}<t:Value>v</t:Value></t:ExtendedProperty><t:Start>2026-01-05T09:00:00</t:Start><t:End>2026-01-05T10:00:00</t:End><t:IsAllDayEvent>true</t:IsAllDayEvent>${recurrence}<t:StartTimeZone Id="GMT Standard Time"/>`,
    ),
    getItem(`${itemId({ Id: id })}<t:OccurrenceItemId RecurringMasterId="${id}" InstanceIndex="1"/>`),
    update(
      itemId({ Id: id }),
      `${setField("calendar:Start", "<t:Start>2026-01-05T08:00:00Z</t:Start>")}<t:DeleteItemField>${key}</t:DeleteItemField>`,
      "AlwaysOverwrite",
    ),
    view("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", undefined, 'MaxEntriesReturned="5"'),
    find(
      `<m:Restriction><t:And><t:Exists>${key}</t:Exists><t:IsEqualTo><t:FieldURI FieldURI="calendar:Start"/><t:FieldURIOrConstant><t:Constant Value="2026-01-05T09:00:00Z"/></t:FieldURIOrConstant></t:IsEqualTo></t:And></m:Restriction><m:SortOrder><t:FieldOrder Order="Ascending"><t:FieldURI FieldURI="item:Subject"/></t:FieldOrder></m:SortOrder>`,
      undefined,
      '<m:IndexedPageItemView MaxEntriesReturned="3" Offset="1" BasePoint="End"/>',
    ),
    find("").replace(
      "</m:FindItem>",
      '<m:QueryString ResetCache="true">subject:(lesson NOT "x y"*) OR body:z</m:QueryString></m:FindItem>',
    ),
    find(
      '<m:GroupBy Order="Ascending"><t:FieldURI FieldURI="item:Categories"/><t:AggregateOn Aggregate="Minimum"><t:FieldURI FieldURI="calendar:Start"/></t:AggregateOn></m:GroupBy>',
      undefined,
      '<m:IndexedPageItemView MaxEntriesReturned="3" Offset="1" BasePoint="Beginning"/>',
    ),
    `<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:SyncFolderId>${CALENDAR}</m:SyncFolderId><m:SyncState>AAAA</m:SyncState><m:MaxChangesReturned>5</m:MaxChangesReturned></m:SyncFolderItems>`,
    `<m:DeleteItem DeleteType="HardDelete" SendMeetingCancellations="SendToNone"><m:ItemIds><t:ItemId Id="AAMk"/></m:ItemIds></m:DeleteItem>`,
    `<m:CopyItem><m:ToFolderId><t:DistinguishedFolderId Id="deleteditems"/></m:ToFolderId><m:ItemIds>${itemId({ Id: id })}</m:ItemIds><m:ReturnNewItemIds>true</m:ReturnNewItemIds></m:CopyItem>`,
    `<m:MoveItem><m:ToFolderId>${CALENDAR}</m:ToFolderId><m:ItemIds><t:ItemId Id="AAMk"/></m:ItemIds></m:MoveItem>`,
    `<m:EmptyFolder DeleteType="HardDelete" DeleteSubFolders="false"><m:FolderIds><t:DistinguishedFolderId Id="deleteditems"/></m:FolderIds></m:EmptyFolder>`,
    `<m:CreateAttachment><m:ParentItemId Id="${id}"/><m:Attachments><t:FileAttachment><t:Name>a</t:Name><t:ContentId>c</t:ContentId><t:IsInline>true</t:IsInline><t:Content>SGVsbG8=</t:Content></t:FileAttachment></m:Attachments></m:CreateAttachment>`,
    `<m:GetAttachment><m:AttachmentShape><t:BodyType>Text</t:BodyType></m:AttachmentShape><m:AttachmentIds><t:AttachmentId Id="${encodeAttachmentId(id, "AAMk")}"/></m:AttachmentIds></m:GetAttachment>`,
    `<m:DeleteAttachment><m:AttachmentIds><t:AttachmentId Id="${encodeAttachmentId(id, "AAMk")}"/></m:AttachmentIds></m:DeleteAttachment>`,
    `<m:Subscribe><m:PullSubscriptionRequest><t:FolderIds>${CALENDAR}</t:FolderIds><t:EventTypes><t:EventType>CreatedEvent</t:EventType></t:EventTypes><t:Watermark>AAAA</t:Watermark><t:Timeout>1</t:Timeout></m:PullSubscriptionRequest></m:Subscribe>`,
    `<m:Subscribe><m:PullSubscriptionRequest SubscribeToAllFolders="true"><t:EventTypes><t:EventType>MovedEvent</t:EventType></t:EventTypes><t:Timeout>1</t:Timeout></m:PullSubscriptionRequest></m:Subscribe>`,
    "<m:GetEvents><m:SubscriptionId>AAAA</m:SubscriptionId><m:Watermark>AAAA</m:Watermark></m:GetEvents>",
    `<m:Subscribe><m:StreamingSubscriptionRequest><t:FolderIds>${CALENDAR}</t:FolderIds><t:EventTypes><t:EventType>CreatedEvent</t:EventType></t:EventTypes></m:StreamingSubscriptionRequest></m:Subscribe>`,
    "<m:GetStreamingEvents><m:SubscriptionIds><t:SubscriptionId>AAAA</t:SubscriptionId></m:SubscriptionIds><m:ConnectionTimeout>1</m:ConnectionTimeout></m:GetStreamingEvents>",
    "<m:Unsubscribe><m:SubscriptionId>AAAA</m:SubscriptionId></m:Unsubscribe>",
    "<m:GetRooms><m:RoomList><t:EmailAddress>science@school.example</t:EmailAddress></m:RoomList></m:GetRooms>",
    "<m:GetRoomLists/>",
    "<m:ExpandDL><m:Mailbox><t:EmailAddress>science@school.example</t:EmailAddress></m:Mailbox></m:ExpandDL>",
    "<m:GetUserOofSettingsRequest><t:Mailbox><t:Address>room-12@school.example</t:Address></t:Mailbox></m:GetUserOofSettingsRequest>",
    "<m:SetUserOofSettingsRequest><t:Mailbox><t:Address>room-12@school.example</t:Address></t:Mailbox><t:UserOofSettings><t:OofState>Scheduled</t:OofState><t:ExternalAudience>All</t:ExternalAudience><t:Duration><t:StartTime>2026-08-01T00:00:00Z</t:StartTime><t:EndTime>2026-08-20T00:00:00Z</t:EndTime></t:Duration><t:InternalReply><t:Message>x</t:Message></t:InternalReply><t:ExternalReply><t:Message>y</t:Message></t:ExternalReply></t:UserOofSettings></m:SetUserOofSettingsRequest>",
    '<m:GetDelegate IncludePermissions="true"><m:Mailbox><t:EmailAddress>room-12@school.example</t:EmailAddress></m:Mailbox><m:UserIds><t:UserId><t:PrimarySmtpAddress>room-13@school.example</t:PrimarySmtpAddress></t:UserId></m:UserIds></m:GetDelegate>',
    `<m:MoveFolder><m:ToFolderId>${CALENDAR}</m:ToFolderId><m:FolderIds>${CALENDAR}</m:FolderIds></m:MoveFolder>`,
    `<m:ConvertId DestinationFormat="HexEntryId"><m:SourceIds><t:AlternateId Format="EwsId" Id="${id}" Mailbox="room-12@school.example"/></m:SourceIds></m:ConvertId>`,
    `<m:GetUserAvailabilityRequest><t:TimeZone><t:Bias>480</t:Bias><t:StandardTime><t:Bias>0</t:Bias><t:Time>02:00:00</t:Time><t:DayOrder>5</t:DayOrder><t:Month>10</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek></t:StandardTime><t:DaylightTime><t:Bias>-60</t:Bias><t:Time>02:00:00</t:Time><t:DayOrder>1</t:DayOrder><t:Month>4</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek></t:DaylightTime></t:TimeZone><m:MailboxDataArray><t:MailboxData><t:Email><t:Address>room-12@school.example</t:Address></t:Email><t:AttendeeType>Room</t:AttendeeType></t:MailboxData></m:MailboxDataArray><t:FreeBusyViewOptions><t:TimeWindow><t:StartTime>2026-01-05T00:00:00</t:StartTime><t:EndTime>2026-01-06T00:00:00</t:EndTime></t:TimeWindow><t:RequestedView>DetailedMerged</t:RequestedView></t:FreeBusyViewOptions></m:GetUserAvailabilityRequest>`,
  ];
}

/** One to three wounds: bytes, pieces, doubled and dropped stretches, values of other kinds. */
export function wound(text: string, draw: (below: number) => number): Buffer | string {
  let wounded = text;
  for (let count = draw(3); count >= 0; count--) {
    const at = draw(wounded.length);
    const length = draw(40);
    const piece = NASTY[draw(NASTY.length)] ?? "";
    const kind = draw(7);
    if (kind === 0) wounded = wounded.slice(0, at) + piece + wounded.slice(at);
    else if (kind === 1) wounded = wounded.slice(0, at) + wounded.slice(at + length);
    else if (kind === 2)
      wounded = wounded.slice(0, at) + wounded.slice(at, at + length).repeat(draw(50)) + wounded.slice(at);
    else if (kind === 3) wounded = replaceNth(wounded, />[^<>]*</g, draw, () => `>${piece}<`);
    else if (kind === 4) wounded = replaceNth(wounded, /"[^"]*"/g, draw, () => `"${piece}"`);
    else if (kind === 5) wounded = replaceNth(wounded, /<(\w+:\w+)([^>]*)>/g, draw, (whole) => whole + whole);
    else {
      const bytes = Buffer.from(wounded);
      bytes[draw(bytes.length)] = draw(256);
      return bytes;
    }
  }
  return wounded;
}

function replaceNth(
  text: string,
  pattern: RegExp,
  draw: (below: number) => number,
  replace: (whole: string) => string,
): string {
  const matches = [...text.matchAll(pattern)];
  const match = matches[draw(matches.length)];
  if (match === undefined) return text;
  return text.slice(0, match.index) + replace(match[0]) + text.slice(match.index + match[0].length);
}
