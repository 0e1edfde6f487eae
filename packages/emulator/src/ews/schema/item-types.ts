/** Types of items, calendar items, their recurrence, free/busy and resolved names. */

/** In the notation of the schema. */
export const ITEM_TYPES = `
enum SensitivityChoicesType Normal Personal Private Confidential
enum ImportanceChoicesType Low Normal High
enum LegacyFreeBusyType Free Tentative Busy OOF WorkingElsewhere NoData
enum CalendarItemTypeType Single Occurrence Exception RecurringMaster
enum ResponseTypeType Unknown Organizer Tentative Accept Decline NoResponseReceived
enum DayOfWeekIndexType First Second Third Fourth Last
enum MonthNamesType January February March April May June July August September October November December
enum CalendarItemCreateOrDeleteOperationType SendToNone SendOnlyToAll SendToAllAndSaveCopy
enum CalendarItemUpdateOperationType SendToNone SendOnlyToAll SendOnlyToChanged SendToAllAndSaveCopy SendToChangedAndSaveCopy
enum MessageDispositionType SaveOnly SendOnly SendAndSaveCopy
enum ConflictResolutionType NeverOverwrite AutoResolve AlwaysOverwrite
enum AffectedTaskOccurrencesType AllOccurrences SpecifiedOccurrenceOnly
enum MeetingAttendeeType Organizer Required Optional Room Resource
enum FreeBusyViewNameType None MergedOnly FreeBusy FreeBusyMerged Detailed DetailedMerged
list FreeBusyViewType FreeBusyViewNameType
enum ResolveNamesSearchScopeType ActiveDirectory ActiveDirectoryContacts Contacts ContactsActiveDirectory
enum ContactSourceType ActiveDirectory Store
simple ReminderMinutesType int least=0 largest=2629800
simple MaxSyncChangesReturnedType int least=1 largest=512
enum SyncFolderItemsScopeType NormalItems NormalAndAssociatedItems
type MimeContentType
  = string
  @CharacterSet string
type BodyType
  = string
  @BodyType! BodyTypeType
  @IsTruncated boolean
type ItemType
  MimeContent? MimeContentType
  ItemId? ItemIdType
  ParentFolderId? FolderIdType
  ItemClass? string
  Subject? string
  Sensitivity? SensitivityChoicesType
  Body? BodyType
  Attachments? NonEmptyArrayOfAttachmentsType
  DateTimeReceived? dateTime
  Size? int
  Categories? ArrayOfStringsType
  Importance? ImportanceChoicesType
  InReplyTo? string
  IsSubmitted? boolean
  IsDraft? boolean
  IsFromMe? boolean
  IsResend? boolean
  IsUnmodified? boolean
  DateTimeSent? dateTime
  DateTimeCreated? dateTime
  ResponseObjects? NonEmptyArrayOfResponseObjectsType
  ReminderDueBy? dateTime
  ReminderIsSet? boolean
  ReminderNextTime? dateTime
  ReminderMinutesBeforeStart? ReminderMinutesType
  DisplayCc? string
  DisplayTo? string
  DisplayBcc? string
  HasAttachments? boolean
  ExtendedProperty* ExtendedPropertyType
  Culture? language
  EffectiveRights? EffectiveRightsType
  LastModifiedName? string
  LastModifiedTime? dateTime
  IsAssociated? boolean
  WebClientReadFormQueryString? string
  WebClientEditFormQueryString? string
  ConversationId? ItemIdType
  UniqueBody? BodyType
  StoreEntryId? base64Binary
  InstanceKey? base64Binary
  NormalizedBody? BodyType
  Preview? string
  TextBody? BodyType
type AttendeeType
  Mailbox EmailAddressType
  ResponseType? ResponseTypeType
  LastResponseTime? dateTime
  ProposedStart? dateTime
  ProposedEnd? dateTime
type NonEmptyArrayOfAttendeesType
  Attendee+ AttendeeType
type RecurrencePatternBaseType abstract
type IntervalRecurrencePatternBaseType : RecurrencePatternBaseType abstract
  Interval int
type RelativeYearlyRecurrencePatternType : RecurrencePatternBaseType
  DaysOfWeek DayOfWeekType
  DayOfWeekIndex DayOfWeekIndexType
  Month MonthNamesType
type AbsoluteYearlyRecurrencePatternType : RecurrencePatternBaseType
  DayOfMonth int
  Month MonthNamesType
type RelativeMonthlyRecurrencePatternType : IntervalRecurrencePatternBaseType
  DaysOfWeek DayOfWeekType
  DayOfWeekIndex DayOfWeekIndexType
type AbsoluteMonthlyRecurrencePatternType : IntervalRecurrencePatternBaseType
  DayOfMonth int
type WeeklyRecurrencePatternType : IntervalRecurrencePatternBaseType
  DaysOfWeek DaysOfWeekType
  FirstDayOfWeek? DayOfWeekType
type DailyRecurrencePatternType : IntervalRecurrencePatternBaseType
type RecurrenceRangeBaseType abstract
  StartDate date
type NoEndRecurrenceRangeType : RecurrenceRangeBaseType
type EndDateRecurrenceRangeType : RecurrenceRangeBaseType
  EndDate date
type NumberedRecurrenceRangeType : RecurrenceRangeBaseType
  NumberOfOccurrences int
type RecurrenceType
  | RelativeYearlyRecurrence RelativeYearlyRecurrencePatternType
  | AbsoluteYearlyRecurrence AbsoluteYearlyRecurrencePatternType
  | RelativeMonthlyRecurrence RelativeMonthlyRecurrencePatternType
  | AbsoluteMonthlyRecurrence AbsoluteMonthlyRecurrencePatternType
  | WeeklyRecurrence WeeklyRecurrencePatternType
  | DailyRecurrence DailyRecurrencePatternType
  || NoEndRecurrence NoEndRecurrenceRangeType
  | EndDateRecurrence EndDateRecurrenceRangeType
  | NumberedRecurrence NumberedRecurrenceRangeType
type OccurrenceInfoType
  ItemId ItemIdType
  Start dateTime
  End dateTime
  OriginalStart dateTime
type NonEmptyArrayOfOccurrenceInfoType
  Occurrence+ OccurrenceInfoType
type DeletedOccurrenceInfoType
  Start dateTime
type NonEmptyArrayOfDeletedOccurrencesType
  DeletedOccurrence+ DeletedOccurrenceInfoType
type EnhancedLocationType
  DisplayName string
  Annotation? string
type NeighbourType
  ItemId ItemIdType
  Subject? string
  Start dateTime
  End dateTime
  LegacyFreeBusyStatus LegacyFreeBusyType
  Location? string
type NonEmptyArrayOfNeighboursType
  CalendarItem+ NeighbourType
type CalendarItemType : ItemType
  UID? string
  RecurrenceId? dateTime
  DateTimeStamp? dateTime
  Start? dateTime
  End? dateTime
  OriginalStart? dateTime
  IsAllDayEvent? boolean
  LegacyFreeBusyStatus? LegacyFreeBusyType
  Location? string
  When? string
  IsMeeting? boolean
  IsCancelled? boolean
  IsRecurring? boolean
  MeetingRequestWasSent? boolean
  IsResponseRequested? boolean
  CalendarItemType? CalendarItemTypeType
  MyResponseType? ResponseTypeType
  Organizer? SingleRecipientType
  RequiredAttendees? NonEmptyArrayOfAttendeesType
  OptionalAttendees? NonEmptyArrayOfAttendeesType
  Resources? NonEmptyArrayOfAttendeesType
  ConflictingMeetingCount? int
  AdjacentMeetingCount? int
  ConflictingMeetings? NonEmptyArrayOfNeighboursType
  AdjacentMeetings? NonEmptyArrayOfNeighboursType
  Duration? string
  TimeZone? string
  AppointmentReplyTime? dateTime
  AppointmentSequenceNumber? int
  AppointmentState? int
  Recurrence? RecurrenceType
  FirstOccurrence? OccurrenceInfoType
  LastOccurrence? OccurrenceInfoType
  ModifiedOccurrences? NonEmptyArrayOfOccurrenceInfoType
  DeletedOccurrences? NonEmptyArrayOfDeletedOccurrencesType
  MeetingTimeZone? TimeZoneType
  StartTimeZone? TimeZoneDefinitionType
  EndTimeZone? TimeZoneDefinitionType
  ConferenceType? int
  AllowNewTimeProposal? boolean
  IsOnlineMeeting? boolean
  MeetingWorkspaceUrl? string
  NetShowUrl? string
  EnhancedLocation? EnhancedLocationType
  StartWallClock? dateTime
  EndWallClock? dateTime
  StartTimeZoneId? string
  EndTimeZoneId? string
  IntendedFreeBusyStatus? LegacyFreeBusyType
  JoinOnlineMeetingUrl? string
  IsOrganizer? boolean
type ArrayOfRealItemsType
  CalendarItem* CalendarItemType
type WellKnownResponseObjectType
  ItemClass? string
  Sensitivity? SensitivityChoicesType
  Body? BodyType
  Sender? SingleRecipientType
  ToRecipients? ArrayOfRecipientsType
  CcRecipients? ArrayOfRecipientsType
  BccRecipients? ArrayOfRecipientsType
  IsReadReceiptRequested? boolean
  IsDeliveryReceiptRequested? boolean
  ReferenceItemId? ItemIdType
  @ObjectName string
type MeetingRegistrationResponseObjectType : WellKnownResponseObjectType
  ProposedStart? dateTime
  ProposedEnd? dateTime
type AcceptItemType : MeetingRegistrationResponseObjectType
type TentativelyAcceptItemType : MeetingRegistrationResponseObjectType
type DeclineItemType : MeetingRegistrationResponseObjectType
type CancelCalendarItemType
  Subject? string
  Body? BodyType
  ToRecipients? ArrayOfRecipientsType
  CcRecipients? ArrayOfRecipientsType
  BccRecipients? ArrayOfRecipientsType
  IsReadReceiptRequested? boolean
  IsDeliveryReceiptRequested? boolean
  From? SingleRecipientType
  ReferenceItemId? ItemIdType
  NewBodyContent? BodyType
  @ObjectName string
type NonEmptyArrayOfResponseObjectsType
  |+ AcceptItem AcceptItemType
  | TentativelyAcceptItem TentativelyAcceptItemType
  | DeclineItem DeclineItemType
  | CancelCalendarItem CancelCalendarItemType
type NonEmptyArrayOfAllItemsType
  |+ CalendarItem CalendarItemType
  | AcceptItem AcceptItemType
  | TentativelyAcceptItem TentativelyAcceptItemType
  | DeclineItem DeclineItemType
  | CancelCalendarItem CancelCalendarItemType
type SyncFolderItemsCreateOrUpdateType
  CalendarItem CalendarItemType
type SyncFolderItemsDeleteType
  ItemId ItemIdType
type SyncFolderItemsChangesType
  |* Create SyncFolderItemsCreateOrUpdateType
  | Update SyncFolderItemsCreateOrUpdateType
  | Delete SyncFolderItemsDeleteType
type ChangeDescriptionType abstract
  ^Path
type ItemChangeDescriptionType : ChangeDescriptionType
type SetItemFieldType : ItemChangeDescriptionType
  | Item ItemType
  | CalendarItem CalendarItemType
type AppendToItemFieldType : ItemChangeDescriptionType
  | Item ItemType
  | CalendarItem CalendarItemType
type DeleteItemFieldType : ItemChangeDescriptionType
type NonEmptyArrayOfItemChangeDescriptionsType
  |+ AppendToItemField AppendToItemFieldType
  | SetItemField SetItemFieldType
  | DeleteItemField DeleteItemFieldType
type FolderChangeDescriptionType : ChangeDescriptionType
type SetFolderFieldType : FolderChangeDescriptionType
  | Folder FolderType
  | CalendarFolder CalendarFolderType
type AppendToFolderFieldType : FolderChangeDescriptionType
  | Folder FolderType
  | CalendarFolder CalendarFolderType
type DeleteFolderFieldType : FolderChangeDescriptionType
type NonEmptyArrayOfFolderChangeDescriptionsType
  |+ AppendToFolderField AppendToFolderFieldType
  | SetFolderField SetFolderFieldType
  | DeleteFolderField DeleteFolderFieldType
type FolderChangeType
  | FolderId FolderIdType
  | DistinguishedFolderId DistinguishedFolderIdType
  Updates NonEmptyArrayOfFolderChangeDescriptionsType
type NonEmptyArrayOfFolderChangesType
  FolderChange+ FolderChangeType
type ItemChangeType
  | ItemId ItemIdType
  | OccurrenceItemId OccurrenceItemIdType
  | RecurringMasterItemId RecurringMasterItemIdType
  Updates NonEmptyArrayOfItemChangeDescriptionsType
type NonEmptyArrayOfItemChangesType
  ItemChange+ ItemChangeType
type ConflictResultsType
  Count int
type SerializableTimeZoneTime
  Bias int
  Time string
  DayOrder short
  Month short
  DayOfWeek DayOfWeekType
  Year? string
type SerializableTimeZone
  Bias int
  StandardTime SerializableTimeZoneTime
  DaylightTime SerializableTimeZoneTime
type EmailAddress
  Name? string
  Address string
  RoutingType? string
type MailboxData
  Email EmailAddress
  AttendeeType MeetingAttendeeType
  ExcludeConflicts? boolean
type ArrayOfMailboxData
  MailboxData* MailboxData
type Duration
  StartTime dateTime
  EndTime dateTime
type FreeBusyViewOptionsType
  TimeWindow Duration
  MergedFreeBusyIntervalInMinutes? int
  RequestedView? FreeBusyViewType
element TimeZone SerializableTimeZone
enum SuggestionQuality Excellent Good Fair Poor
type SuggestionsViewOptionsType
  GoodThreshold? int
  MaximumResultsByDay? int
  MaximumNonWorkHourResultsByDay? int
  MeetingDurationInMinutes? int
  MinimumSuggestionQuality? SuggestionQuality
  DetailedSuggestionsWindow Duration
  CurrentMeetingTime? dateTime
  GlobalObjectId? string
element FreeBusyViewOptions FreeBusyViewOptionsType
element SuggestionsViewOptions SuggestionsViewOptionsType
type AttendeeConflictData abstract
type UnknownAttendeeConflictData : AttendeeConflictData
type IndividualAttendeeConflictData : AttendeeConflictData
  BusyType LegacyFreeBusyType
type ArrayOfAttendeeConflictData
  |* UnknownAttendeeConflictData UnknownAttendeeConflictData
  | IndividualAttendeeConflictData IndividualAttendeeConflictData
type Suggestion
  MeetingTime dateTime
  IsWorkTime boolean
  SuggestionQuality SuggestionQuality
  AttendeeConflictDataArray? ArrayOfAttendeeConflictData
type ArrayOfSuggestion
  Suggestion* Suggestion
type SuggestionDayResult
  Date dateTime
  DayQuality SuggestionQuality
  SuggestionArray? ArrayOfSuggestion
type ArrayOfSuggestionDayResult
  SuggestionDayResult* SuggestionDayResult
type CalendarEventDetails
  ID? string
  Subject? string
  Location? string
  IsMeeting boolean
  IsRecurring boolean
  IsException boolean
  IsReminderSet boolean
  IsPrivate boolean
type CalendarEvent
  StartTime dateTime
  EndTime dateTime
  BusyType LegacyFreeBusyType
  CalendarEventDetails? CalendarEventDetails
type ArrayOfCalendarEvent
  CalendarEvent* CalendarEvent
type WorkingPeriod
  DayOfWeek DaysOfWeekType
  StartTimeInMinutes int
  EndTimeInMinutes int
type ArrayOfWorkingPeriod
  WorkingPeriod* WorkingPeriod
type WorkingHours
  TimeZone SerializableTimeZone
  WorkingPeriodArray ArrayOfWorkingPeriod
type FreeBusyView
  FreeBusyViewType FreeBusyViewType
  MergedFreeBusy? string
  CalendarEventArray? ArrayOfCalendarEvent
  WorkingHours? WorkingHours
type ContactItemType : ItemType
  DisplayName? string
  GivenName? string
  ContactSource? ContactSourceType
type ResolutionType
  Mailbox EmailAddressType
  Contact? ContactItemType
type ArrayOfResolutionType
  Resolution* ResolutionType
  @IndexedPagingOffset int
  @NumeratorOffset int
  @AbsoluteDenominator int
  @IncludesLastItemInRange boolean
  @TotalItemsInView int
`;
