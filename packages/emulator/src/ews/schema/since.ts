/**
 * Which version of the schema knows what. A request names its version; what is younger than that is refused in the
 * request and left out of the answer.
 *
 * The rules are: what stands here was not in the schemas of Exchange 2007; a request without a version is one of the
 * first release of 2007; versions spelled as dates are those of Exchange Online, which is younger than all.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/exchange-web-services/ews-schema-versions-in-exchange
 * @see https://learn.microsoft.com/previous-versions/office/developer/exchange-server-2007/bb856547(v=exchg.80)
 */

/** Versions from the oldest on. */
const VERSIONS: readonly string[] = [
  ...["Exchange2007", "Exchange2007_SP1", "Exchange2009"],
  ...["Exchange2010", "Exchange2010_SP1", "Exchange2010_SP2", "Exchange2010_SP3"],
  ...["Exchange2012", "Exchange2013", "Exchange2013_SP1", "Exchange2015", "Exchange2016"],
];

/** Version of a request that names none. */
export const OLDEST_VERSION = "Exchange2007";

/** Operations, then members, attributes (@) and values (=) by type. */
const YOUNGER: Readonly<Record<string, string>> = {
  Exchange2007_SP1: "m:ConvertId m:GetDelegate",
  Exchange2010: `m:GetServerTimeZones m:GetUserConfiguration m:GetRoomLists m:GetRooms
    t:AttachmentType Size LastModifiedTime IsInline
    t:FileAttachmentType IsContactPhoto
    t:AttachmentResponseShapeType FilterHtmlContent
    t:CalendarItemType StartTimeZone EndTimeZone
    t:ItemType ConversationId IsAssociated UniqueBody WebClientReadFormQueryString WebClientEditFormQueryString
    t:ItemResponseShapeType ConvertHtmlCodePageToUTF8 FilterHtmlContent
    t:ItemQueryTraversalType =Associated
    m:SyncFolderItemsType SyncScope
    m:FindItemType QueryString
    t:EffectiveRightsType ViewPrivateItems
    t:CalendarFolderType SharingEffectiveRights
    t:BaseFolderType SharingEffectiveRights
    t:MailboxTypeType =OneOff =Unknown`,
  Exchange2010_SP1: `m:EmptyFolder m:GetStreamingEvents
    m:SubscribeType StreamingSubscriptionRequest
    m:BaseMoveCopyItemType ReturnNewItemIds
    t:NotificationEventTypeType =FreeBusyChangedEvent
    t:WeeklyRecurrencePatternType FirstDayOfWeek
    t:AlternateIdType @IsArchive
    t:DistinguishedFolderIdNameType =archiveroot =archivemsgfolderroot =archivedeleteditems =recoverableitemsroot
    =recoverableitemsdeletions =recoverableitemsversions =recoverableitemspurges =archiverecoverableitemsroot
    =archiverecoverableitemsdeletions =archiverecoverableitemsversions =archiverecoverableitemspurges`,
  Exchange2010_SP2: `t:ItemType StoreEntryId
    m:ResolveNamesType @ContactDataShape`,
  Exchange2013: `t:CalendarItemType EnhancedLocation StartWallClock EndWallClock StartTimeZoneId EndTimeZoneId
    IntendedFreeBusyStatus JoinOnlineMeetingUrl OnlineMeetingSettings IsOrganizer
    t:ItemType ReminderNextTime InstanceKey NormalizedBody EntityExtractionResult Flag PolicyTag ArchiveTag
    RetentionDate Preview TextBody IconIndex
    t:ItemResponseShapeType UniqueBodyType NormalizedBodyType InlineImageUrlTemplate BlockExternalImages
    AddBlankTargetToLinks MaximumBodySize
    t:BodyType @IsTruncated
    t:BaseFolderType DistinguishedFolderId PolicyTag ArchiveTag
    t:MeetingRegistrationResponseObjectType ProposedStart ProposedEnd
    t:AttendeeType ProposedStart ProposedEnd
    t:EmailAddressType OriginalDisplayName
    t:LegacyFreeBusyType =WorkingElsewhere
    t:MailboxTypeType =GroupMailbox
    t:DistinguishedPropertySetType =Sharing
    m:DeleteItemType @SuppressReadReceipts
    m:UpdateItemType @SuppressReadReceipts
    m:QueryStringType @ResetCache @ReturnHighlightTerms @ReturnDeletedItems
    t:DistinguishedFolderIdNameType =syncissues =conflicts =localfailures =serverfailures =recipientcache
    =quickcontacts =conversationhistory =todosearch =mycontacts =directory =imcontactlist =peopleconnect`,
  Exchange2013_SP1: `t:ItemType MimeContentUTF8
    t:DistinguishedFolderIdNameType =adminauditlogs =archiveinbox =favorites`,
  Exchange2015: "t:ItemType Hashtags Mentions MentionedMe",
  Exchange2016: `t:ItemType DisplayBcc
    t:DefaultShapeNamesType =PcxPeopleSearch
    t:MailboxTypeType =ImplicitContact =User`,
};

const FAMILIES: Readonly<Record<string, string>> = {
  item: "t:ItemType",
  calendar: "t:CalendarItemType",
  folder: "t:BaseFolderType",
};

const ages = readAges();

/**
 * Names what a property path stands for.
 *
 * @param fieldUri - for example `calendar:StartTimeZone`
 * @returns the name of the member, for example `t:CalendarItemType StartTimeZone`
 */
export function memberOfField(fieldUri: string): string {
  const [family = "", name] = fieldUri.split(":");
  return `${FAMILIES[family]} ${name}`;
}

/**
 * Tells whether a version knows something.
 *
 * @param version - as the request names it, for example `Exchange2010_SP2` or `V2018_01_08`
 * @param name - an operation (`m:ConvertId`), or type and member, attribute or value
 * @returns false when it is younger than the version
 */
export function isKnownTo(version: string, name: string): boolean {
  return ageOf(version) >= (ages.get(name) ?? 0);
}

/** Versions that are no longer spelled by year are younger than all that are. */
function ageOf(version: string): number {
  const age = VERSIONS.indexOf(version);
  return age < 0 ? VERSIONS.length : age;
}

function readAges(): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [version, text] of Object.entries(YOUNGER)) {
    let type = "";
    for (const word of text.split(/\s+/)) {
      const isType = /^[tm]:/.test(word);
      if (isType) type = word;
      found.set(isType ? word : `${type} ${word}`, ageOf(version));
    }
  }
  // Types that a version adds are named for their members only.
  for (const name of [...found.keys()]) if (/^[tm]:\w+Type$/.test(name)) found.delete(name);
  return found;
}
