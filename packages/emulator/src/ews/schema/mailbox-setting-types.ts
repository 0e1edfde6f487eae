/** Types and messages of automatic replies and delegates. */

/** Of the types schema, in the notation of the schema. */
export const MAILBOX_SETTING_TYPES = `
enum OofState Disabled Enabled Scheduled
enum ExternalAudience None Known All
type ReplyBody
  Message? string
type UserOofSettings
  OofState OofState
  ExternalAudience ExternalAudience
  Duration? Duration
  InternalReply? ReplyBody
  ExternalReply? ReplyBody
element Mailbox EmailAddress
element OofSettings UserOofSettings
element UserOofSettings UserOofSettings
enum DistinguishedUserType Default Anonymous
type UserIdType
  SID? string
  PrimarySmtpAddress? string
  DisplayName? string
  DistinguishedUser? DistinguishedUserType
  ExternalUserIdentity? string
type ArrayOfUserIdType
  UserId+ UserIdType
enum DelegateFolderPermissionLevelType None Editor Reviewer Author Custom
type DelegatePermissionsType
  CalendarFolderPermissionLevel? DelegateFolderPermissionLevelType
  TasksFolderPermissionLevel? DelegateFolderPermissionLevelType
  InboxFolderPermissionLevel? DelegateFolderPermissionLevelType
  ContactsFolderPermissionLevel? DelegateFolderPermissionLevelType
  NotesFolderPermissionLevel? DelegateFolderPermissionLevelType
  JournalFolderPermissionLevel? DelegateFolderPermissionLevelType
type DelegateUserType
  UserId UserIdType
  DelegatePermissions? DelegatePermissionsType
  ReceiveCopiesOfMeetingMessages? boolean
  ViewPrivateItems? boolean
enum DeliverMeetingRequestsType DelegatesOnly DelegatesAndMe DelegatesAndSendInformationToMe NoForward
`;

/** Of the messages schema, in the notation of the schema. */
export const MAILBOX_SETTING_MESSAGES = `
type GetUserOofSettingsRequestType : BaseRequestType
  ^t:Mailbox
type SetUserOofSettingsRequestType : BaseRequestType
  ^t:Mailbox
  ^t:UserOofSettings
type GetUserOofSettingsResponseType
  ResponseMessage ResponseMessageType
  ^t:OofSettings?
  AllowExternalOof? t:ExternalAudience
type SetUserOofSettingsResponseType
  ResponseMessage? ResponseMessageType
type GetDelegateType : BaseRequestType
  Mailbox t:EmailAddressType
  UserIds? t:ArrayOfUserIdType
  @IncludePermissions! boolean
type DelegateUserResponseMessageType : ResponseMessageType
  DelegateUser? t:DelegateUserType
type ArrayOfDelegateUserResponseMessageType
  DelegateUserResponseMessageType+ DelegateUserResponseMessageType
type GetDelegateResponseMessageType : ResponseMessageType
  ResponseMessages? ArrayOfDelegateUserResponseMessageType
  DeliverMeetingRequests? t:DeliverMeetingRequestsType
`;
