/**
 * Property paths (`FieldURI`) of folders, items and calendar items; paths of other kinds of items are taken by pattern.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/fielduri
 */

/** Members of `item:`. */
const ITEM_FIELDS =
  `ItemId ParentFolderId ItemClass MimeContent Attachments Subject DateTimeReceived Size Categories HasAttachments
  Importance InReplyTo InternetMessageHeaders IsAssociated IsDraft IsFromMe IsResend IsSubmitted IsUnmodified DateTimeSent
  DateTimeCreated Body ResponseObjects Sensitivity ReminderDueBy ReminderIsSet ReminderNextTime
  ReminderMinutesBeforeStart DisplayTo DisplayCc DisplayBcc Culture EffectiveRights LastModifiedName LastModifiedTime
  ConversationId UniqueBody Flag StoreEntryId InstanceKey NormalizedBody EntityExtractionResult PolicyTag ArchiveTag
  RetentionDate Preview PredictedActionReasons IsClutter RightsManagementLicenseData BlockStatus HasBlockedImages
  WebClientReadFormQueryString WebClientEditFormQueryString TextBody IconIndex MimeContentUTF8 Mentions MentionedMe
  MentionsPreview MentionsEx Hashtags AppliedHashtags AppliedHashtagsPreview Likes LikesPreview
  PendingSocialActivityTagIds AtAllMention CanDelete InferenceClassification FirstBody`.split(/\s+/);

/** Members of `calendar:`. */
export const CALENDAR_FIELDS =
  `Start End OriginalStart StartWallClock EndWallClock StartTimeZoneId EndTimeZoneId IsAllDayEvent
  LegacyFreeBusyStatus Location EnhancedLocation When IsMeeting IsCancelled IsRecurring MeetingRequestWasSent
  IsResponseRequested CalendarItemType MyResponseType Organizer RequiredAttendees OptionalAttendees Resources
  ConflictingMeetingCount AdjacentMeetingCount ConflictingMeetings AdjacentMeetings InboxReminders Duration TimeZone
  AppointmentReplyTime AppointmentSequenceNumber AppointmentState Recurrence FirstOccurrence LastOccurrence
  ModifiedOccurrences DeletedOccurrences MeetingTimeZone ConferenceType AllowNewTimeProposal IsOnlineMeeting
  MeetingWorkspaceUrl NetShowUrl UID RecurrenceId DateTimeStamp StartTimeZone EndTimeZone JoinOnlineMeetingUrl
  OnlineMeetingSettings IsOrganizer CalendarActivityData DoNotForwardMeeting`.split(/\s+/);

/** Members of `folder:`. */
const FOLDER_FIELDS =
  `FolderId ParentFolderId DisplayName UnreadCount TotalCount ChildFolderCount FolderClass SearchParameters
  ManagedFolderInformation PermissionSet EffectiveRights SharingEffectiveRights DistinguishedFolderId PolicyTag
  ArchiveTag ReplicaList`.split(/\s+/);

const OTHER_FAMILIES =
  "message|sharingMessage|meeting|meetingRequest|contacts|task|postitem|distributionlist|conversation|persona|person|rolemember|network|abchPerson";

const KNOWN = [
  ...FOLDER_FIELDS.map((name) => `folder:${name}`),
  ...ITEM_FIELDS.map((name) => `item:${name}`),
  ...CALENDAR_FIELDS.map((name) => `calendar:${name}`),
];

/** The simple type of `FieldURI`, in the notation of the schema. */
export const FIELD_URI_ENUMERATION = `
enum CalendarFieldURIType ${KNOWN.join(" ")}
simple OtherFieldURIType string pattern=(${OTHER_FAMILIES}):[A-Za-z0-9]+
union UnindexedFieldURIType CalendarFieldURIType OtherFieldURIType
`;
