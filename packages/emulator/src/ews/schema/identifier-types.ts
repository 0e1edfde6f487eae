/** Types of identifiers, addresses, property paths, headers, time zones and folders. */

/** In the notation of the schema. */
export const SHARED_TYPES = `
simple NonEmptyStringType string minLength=1
simple GuidType string pattern=[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}
simple HexPropertyTagType string pattern=(0x|0X)[0-9A-Fa-f]{1,4}
union PropertyTagType unsignedShort HexPropertyTagType
enum DistinguishedPropertySetType Meeting Appointment Common PublicStrings Address InternetHeaders CalendarAssistant UnifiedMessaging Task Sharing
enum MapiPropertyTypeType ApplicationTime ApplicationTimeArray Binary BinaryArray Boolean CLSID CLSIDArray Currency CurrencyArray Double DoubleArray Error Float FloatArray Integer IntegerArray Long LongArray Null Object ObjectArray Short ShortArray SystemTime SystemTimeArray String StringArray
enum DefaultShapeNamesType IdOnly Default AllProperties PcxPeopleSearch
enum BodyTypeResponseType Best HTML Text
enum BodyTypeType HTML Text
enum ExchangeVersionEnumeration Exchange2007 Exchange2007_SP1 Exchange2009 Exchange2010 Exchange2010_SP1 Exchange2010_SP2 Exchange2010_SP3 Exchange2012 Exchange2013 Exchange2013_SP1 Exchange2015 Exchange2016
simple ExchangeVersionDate string pattern=V[0-9]{4}_[0-9]{2}_[0-9]{2}|V[0-9]_[0-9]+
union ExchangeVersionType ExchangeVersionEnumeration ExchangeVersionDate
enum MailboxTypeType Unknown OneOff Mailbox PublicDL PrivateDL Contact PublicFolder GroupMailbox ImplicitContact User
enum DistinguishedFolderIdNameType calendar contacts deleteditems drafts inbox journal notes outbox sentitems tasks msgfolderroot publicfoldersroot root junkemail searchfolders voicemail recoverableitemsroot recoverableitemsdeletions recoverableitemsversions recoverableitemspurges recoverableitemsdiscoveryholds archiveroot archivemsgfolderroot archivedeleteditems archiveinbox archiverecoverableitemsroot archiverecoverableitemsdeletions archiverecoverableitemsversions archiverecoverableitemspurges archiverecoverableitemsdiscoveryholds syncissues conflicts localfailures serverfailures recipientcache quickcontacts conversationhistory adminauditlogs todosearch mycontacts directory imcontactlist peopleconnect favorites mecontact personmetadata teamspaceactivity teamspacemessaging teamspaceworkitems scheduled orionnotes tagitems alltaggeditems allcategorizeditems externalcontacts teamchat teamchathistory yammerdata yammerroot yammerinbound yammeroutbound yammerfeeds kaizaladata messageingestion onedriveroot onedriverecylebin onedrivesystem onedrivevolume important starred archive allcontacts allitems allpersonmetadata companycontacts dlppolicyevaluation fromfavoritesenders inference onenotepagepreviews peoplecentricconversationbuddies qedcdefaultretention qedclongretention qedcmediumretention qedcshortretention quarantinedemail quarantinedemaildefaultcategory recoverableitemssubstrateholds relevantcontacts sharepointnotifications shortnotes temporarysaves usercuratedcontacts
enum DayOfWeekType Sunday Monday Tuesday Wednesday Thursday Friday Saturday Day Weekday WeekendDay
list DaysOfWeekType DayOfWeekType
enum DisposalType HardDelete SoftDelete MoveToDeletedItems
enum IdFormatType EwsLegacyId EwsId EntryId HexEntryId StoreId OwaId
enum TransitionTargetKindType Period Group
type ConnectingSIDType
  | PrincipalName NonEmptyStringType
  | SID NonEmptyStringType
  | PrimarySmtpAddress NonEmptyStringType
  | SmtpAddress NonEmptyStringType
type ExchangeImpersonationType
  ConnectingSID ConnectingSIDType
  @@soap
type RequestServerVersionType
  @Version! ExchangeVersionType
  @@soap
type ServerVersionInfoType
  @MajorVersion int
  @MinorVersion int
  @MajorBuildNumber int
  @MinorBuildNumber int
  @Version string
type TimeZoneContextType
  TimeZoneDefinition TimeZoneDefinitionType
  @@soap
type MailboxCultureType
  = language
  @@soap
enum DateTimePrecisionValueType Seconds Milliseconds
type DateTimePrecisionType
  = DateTimePrecisionValueType
  @@soap
element ExchangeImpersonation ExchangeImpersonationType
element RequestServerVersion RequestServerVersionType
element ServerVersionInfo ServerVersionInfoType
element TimeZoneContext TimeZoneContextType
element MailboxCulture MailboxCultureType
element DateTimePrecision DateTimePrecisionType
type BaseItemIdType abstract
type ItemIdType : BaseItemIdType
  @Id! string
  @ChangeKey string
type OccurrenceItemIdType : BaseItemIdType
  @RecurringMasterId! string
  @ChangeKey string
  @InstanceIndex! int
type RecurringMasterItemIdType : BaseItemIdType
  @OccurrenceId! string
  @ChangeKey string
type NonEmptyArrayOfBaseItemIdsType
  |+ ItemId ItemIdType
  | OccurrenceItemId OccurrenceItemIdType
  | RecurringMasterItemId RecurringMasterItemIdType
type ArrayOfBaseItemIdsType
  ItemId+ ItemIdType
type BaseFolderIdType abstract
type FolderIdType : BaseFolderIdType
  @Id! string
  @ChangeKey string
type DistinguishedFolderIdType : BaseFolderIdType
  Mailbox? EmailAddressType
  @Id! DistinguishedFolderIdNameType
  @ChangeKey string
type NonEmptyArrayOfBaseFolderIdsType
  |+ FolderId FolderIdType
  | DistinguishedFolderId DistinguishedFolderIdType
type TargetFolderIdType
  | FolderId FolderIdType
  | DistinguishedFolderId DistinguishedFolderIdType
type AlternateIdBaseType abstract
  @Format! IdFormatType
type AlternateIdType : AlternateIdBaseType
  @Id! string
  @Mailbox! NonEmptyStringType
  @IsArchive boolean
type NonEmptyArrayOfAlternateIdsType
  AlternateId+ AlternateIdType
type EmailAddressType
  Name? string
  EmailAddress? NonEmptyStringType
  RoutingType? NonEmptyStringType
  MailboxType? MailboxTypeType
  ItemId? ItemIdType
  OriginalDisplayName? string
type SingleRecipientType
  Mailbox EmailAddressType
type ArrayOfRecipientsType
  Mailbox* EmailAddressType
type ArrayOfStringsType
  String* string
type BasePathToElementType abstract
type PathToUnindexedFieldType : BasePathToElementType
  @FieldURI! UnindexedFieldURIType
type PathToIndexedFieldType : BasePathToElementType
  @FieldURI! string
  @FieldIndex! string
type PathToExtendedFieldType : BasePathToElementType
  @DistinguishedPropertySetId DistinguishedPropertySetType
  @PropertySetId GuidType
  @PropertyTag PropertyTagType
  @PropertyName string
  @PropertyId int
  @PropertyType! MapiPropertyTypeType
enum ExceptionPropertyURIType attachment:Name attachment:ContentType attachment:Content recurrence:Month recurrence:DayOfWeekIndex recurrence:DaysOfWeek recurrence:DayOfMonth recurrence:Interval recurrence:NumberOfOccurrences recurrence:EndDate
type PathToExceptionFieldType : BasePathToElementType
  @FieldURI! ExceptionPropertyURIType
element Path BasePathToElementType abstract
element FieldURI PathToUnindexedFieldType < Path
element IndexedFieldURI PathToIndexedFieldType < Path
element ExceptionFieldURI PathToExceptionFieldType < Path
element ExtendedFieldURI PathToExtendedFieldType < Path
type NonEmptyArrayOfPathsToElementType
  ^Path+
type NonEmptyArrayOfPropertyValuesType
  Value+ string
type ExtendedPropertyType
  ExtendedFieldURI PathToExtendedFieldType
  | Value string
  | Values NonEmptyArrayOfPropertyValuesType
type FolderResponseShapeType
  BaseShape DefaultShapeNamesType
  AdditionalProperties? NonEmptyArrayOfPathsToElementType
type ItemResponseShapeType
  BaseShape DefaultShapeNamesType
  IncludeMimeContent? boolean
  BodyType? BodyTypeResponseType
  UniqueBodyType? BodyTypeResponseType
  NormalizedBodyType? BodyTypeResponseType
  FilterHtmlContent? boolean
  ConvertHtmlCodePageToUTF8? boolean
  InlineImageUrlTemplate? string
  BlockExternalImages? boolean
  AddBlankTargetToLinks? boolean
  MaximumBodySize? int
  AdditionalProperties? NonEmptyArrayOfPathsToElementType
type EffectiveRightsType
  CreateAssociated boolean
  CreateContents boolean
  CreateHierarchy boolean
  Delete boolean
  Modify boolean
  Read boolean
  ViewPrivateItems? boolean
type PeriodType
  @Bias duration
  @Name string
  @Id string
type NonEmptyArrayOfPeriodsType
  Period+ PeriodType
type TransitionTargetType
  = string
  @Kind! TransitionTargetKindType
type TransitionType
  To TransitionTargetType
type AbsoluteDateTransitionType : TransitionType
  DateTime dateTime
type RecurringTimeTransitionType : TransitionType abstract
  TimeOffset duration
  Month int
type RecurringDayTransitionType : RecurringTimeTransitionType
  DayOfWeek DayOfWeekType
  Occurrence int
type RecurringDateTransitionType : RecurringTimeTransitionType
  Day int
element Transition TransitionType
element AbsoluteDateTransition AbsoluteDateTransitionType < Transition
element RecurringDayTransition RecurringDayTransitionType < Transition
element RecurringDateTransition RecurringDateTransitionType < Transition
type ArrayOfTransitionsType
  ^Transition+
  @Id string
type ArrayOfTransitionsGroupsType
  TransitionsGroup+ ArrayOfTransitionsType
type TimeZoneDefinitionType
  Periods? NonEmptyArrayOfPeriodsType
  TransitionsGroups? ArrayOfTransitionsGroupsType
  Transitions? ArrayOfTransitionsType
  @Id string
  @Name string
type ArrayOfTimeZoneDefinitionType
  TimeZoneDefinition* TimeZoneDefinitionType
type NonEmptyArrayOfTimeZoneIdType
  Id+ string
type TimeChangeType
  Offset duration
  |? RelativeYearlyRecurrence RelativeYearlyRecurrencePatternType
  | AbsoluteDate date
  Time time
  @TimeZoneName string
type TimeZoneType
  BaseOffset? duration
  Standard? TimeChangeType
  Daylight? TimeChangeType
  @TimeZoneName string
type BaseFolderType abstract
  FolderId? FolderIdType
  ParentFolderId? FolderIdType
  FolderClass? string
  DisplayName? string
  TotalCount? int
  ChildFolderCount? int
  ExtendedProperty* ExtendedPropertyType
  EffectiveRights? EffectiveRightsType
  DistinguishedFolderId? DistinguishedFolderIdNameType
type FolderType : BaseFolderType
  UnreadCount? int
type CalendarFolderType : BaseFolderType
  SharingEffectiveRights? string
type ArrayOfFoldersType
  |* Folder FolderType
  | CalendarFolder CalendarFolderType
type NonEmptyArrayOfFoldersType
  |+ Folder FolderType
  | CalendarFolder CalendarFolderType
type SyncFolderHierarchyCreateOrUpdateType
  | Folder FolderType
  | CalendarFolder CalendarFolderType
type SyncFolderHierarchyDeleteType
  FolderId FolderIdType
type SyncFolderHierarchyChangesType
  |* Create SyncFolderHierarchyCreateOrUpdateType
  | Update SyncFolderHierarchyCreateOrUpdateType
  | Delete SyncFolderHierarchyDeleteType
`;
