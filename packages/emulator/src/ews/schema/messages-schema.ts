/**
 * The messages schema: requests and answers of the operations that this emulator has.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/ews-operations-in-exchange
 */
import { RESPONSE_CODES } from "../response-codes.ts";
import { ATTACHMENT_MESSAGES } from "./attachment-types.ts";
import { MAILBOX_SETTING_MESSAGES } from "./mailbox-setting-types.ts";
import { readSchema, type Schema } from "./model.ts";
import { NOTIFICATION_MESSAGES } from "./notification-types.ts";

const REQUESTS = `
type BaseRequestType abstract
type QueryStringType
  = string
  @ResetCache boolean
  @ReturnHighlightTerms boolean
  @ReturnDeletedItems boolean
type FindItemType : BaseRequestType
  ItemShape t:ItemResponseShapeType
  |? IndexedPageItemView t:IndexedPageViewType
  | FractionalPageItemView t:FractionalPageViewType
  | CalendarView t:CalendarViewType
  GroupBy? t:GroupByType
  Restriction? t:RestrictionType
  SortOrder? t:NonEmptyArrayOfFieldOrdersType
  ParentFolderIds t:NonEmptyArrayOfBaseFolderIdsType
  QueryString? QueryStringType
  @Traversal! t:ItemQueryTraversalType
type GetItemType : BaseRequestType
  ItemShape t:ItemResponseShapeType
  ItemIds t:NonEmptyArrayOfBaseItemIdsType
type CreateItemType : BaseRequestType
  SavedItemFolderId? t:TargetFolderIdType
  Items t:NonEmptyArrayOfAllItemsType
  @MessageDisposition t:MessageDispositionType
  @SendMeetingInvitations t:CalendarItemCreateOrDeleteOperationType
type UpdateItemType : BaseRequestType
  SavedItemFolderId? t:TargetFolderIdType
  ItemChanges t:NonEmptyArrayOfItemChangesType
  @ConflictResolution! t:ConflictResolutionType
  @MessageDisposition t:MessageDispositionType
  @SendMeetingInvitationsOrCancellations t:CalendarItemUpdateOperationType
  @SuppressReadReceipts boolean
type DeleteItemType : BaseRequestType
  ItemIds t:NonEmptyArrayOfBaseItemIdsType
  @DeleteType! t:DisposalType
  @SendMeetingCancellations t:CalendarItemCreateOrDeleteOperationType
  @AffectedTaskOccurrences t:AffectedTaskOccurrencesType
  @SuppressReadReceipts boolean
type BaseMoveCopyItemType : BaseRequestType
  ToFolderId t:TargetFolderIdType
  ItemIds t:NonEmptyArrayOfBaseItemIdsType
  ReturnNewItemIds? boolean
type MoveItemType : BaseMoveCopyItemType
type CopyItemType : BaseMoveCopyItemType
type GetFolderType : BaseRequestType
  FolderShape t:FolderResponseShapeType
  FolderIds t:NonEmptyArrayOfBaseFolderIdsType
type FindFolderType : BaseRequestType
  FolderShape t:FolderResponseShapeType
  |? IndexedPageFolderView t:IndexedPageViewType
  | FractionalPageFolderView t:FractionalPageViewType
  Restriction? t:RestrictionType
  ParentFolderIds t:NonEmptyArrayOfBaseFolderIdsType
  @Traversal! t:FolderQueryTraversalType
type CreateFolderType : BaseRequestType
  ParentFolderId t:TargetFolderIdType
  Folders t:NonEmptyArrayOfFoldersType
type UpdateFolderType : BaseRequestType
  FolderChanges t:NonEmptyArrayOfFolderChangesType
type MoveFolderType : BaseRequestType
  ToFolderId t:TargetFolderIdType
  FolderIds t:NonEmptyArrayOfBaseFolderIdsType
type DeleteFolderType : BaseRequestType
  FolderIds t:NonEmptyArrayOfBaseFolderIdsType
  @DeleteType! t:DisposalType
type EmptyFolderType : BaseRequestType
  FolderIds t:NonEmptyArrayOfBaseFolderIdsType
  @DeleteType! t:DisposalType
  @DeleteSubFolders! boolean
type SyncFolderHierarchyType : BaseRequestType
  FolderShape t:FolderResponseShapeType
  SyncFolderId? t:TargetFolderIdType
  SyncState? string
type SyncFolderItemsType : BaseRequestType
  ItemShape t:ItemResponseShapeType
  SyncFolderId t:TargetFolderIdType
  SyncState? string
  Ignore? t:ArrayOfBaseItemIdsType
  MaxChangesReturned t:MaxSyncChangesReturnedType
  SyncScope? t:SyncFolderItemsScopeType
type GetUserAvailabilityRequestType : BaseRequestType
  ^t:TimeZone?
  MailboxDataArray t:ArrayOfMailboxData
  ^t:FreeBusyViewOptions?
  ^t:SuggestionsViewOptions?
type GetServerTimeZonesType : BaseRequestType
  Ids? t:NonEmptyArrayOfTimeZoneIdType
  @ReturnFullTimeZoneData boolean
type ResolveNamesType : BaseRequestType
  ParentFolderIds? t:NonEmptyArrayOfBaseFolderIdsType
  UnresolvedEntry t:NonEmptyStringType
  @ReturnFullContactData! boolean
  @SearchScope t:ResolveNamesSearchScopeType
  @ContactDataShape t:DefaultShapeNamesType
type ExpandDLType : BaseRequestType
  Mailbox t:EmailAddressType
type GetUserConfigurationType : BaseRequestType
  UserConfigurationName t:UserConfigurationNameType
  UserConfigurationProperties t:UserConfigurationPropertyType
type GetRoomListsType : BaseRequestType
type GetRoomsType : BaseRequestType
  RoomList t:EmailAddressType
type ConvertIdType : BaseRequestType
  SourceIds t:NonEmptyArrayOfAlternateIdsType
  @DestinationFormat! t:IdFormatType
`;

const RESPONSES = `
enum ResponseClassType Success Warning Error
type MessageXmlType
  any*
type ResponseMessageType
  MessageText? string
  ResponseCode? ResponseCodeType
  DescriptiveLinkKey? int
  MessageXml? MessageXmlType
  @ResponseClass! ResponseClassType
type ItemInfoResponseMessageType : ResponseMessageType
  Items t:ArrayOfRealItemsType
type UpdateItemResponseMessageType : ItemInfoResponseMessageType
  ConflictResults? t:ConflictResultsType
type DeleteItemResponseMessageType : ResponseMessageType
type FindItemResponseMessageType : ResponseMessageType
  RootFolder? t:FindItemParentType
type FolderInfoResponseMessageType : ResponseMessageType
  Folders? t:ArrayOfFoldersType
type FindFolderResponseMessageType : ResponseMessageType
  RootFolder? t:FindFolderParentType
type SyncFolderHierarchyResponseMessageType : ResponseMessageType
  SyncState? string
  IncludesLastFolderInRange? boolean
  Changes? t:SyncFolderHierarchyChangesType
type SyncFolderItemsResponseMessageType : ResponseMessageType
  SyncState? string
  IncludesLastItemInRange? boolean
  Changes? t:SyncFolderItemsChangesType
type GetServerTimeZonesResponseMessageType : ResponseMessageType
  TimeZoneDefinitions t:ArrayOfTimeZoneDefinitionType
type ResolveNamesResponseMessageType : ResponseMessageType
  ResolutionSet? t:ArrayOfResolutionType
type ExpandDLResponseMessageType : ResponseMessageType
  DLExpansion? t:ArrayOfDLExpansionType
type GetUserConfigurationResponseMessageType : ResponseMessageType
  UserConfiguration? t:UserConfigurationType
type ConvertIdResponseMessageType : ResponseMessageType
  AlternateId? t:AlternateIdBaseType
type GetRoomListsResponseMessageType : ResponseMessageType
  RoomLists? t:ArrayOfEmailAddressesType
type GetRoomsResponseMessageType : ResponseMessageType
  Rooms? t:ArrayOfRoomsType
type ArrayOfResponseMessagesType
  |+ CreateItemResponseMessage ItemInfoResponseMessageType
  | DeleteItemResponseMessage DeleteItemResponseMessageType
  | GetItemResponseMessage ItemInfoResponseMessageType
  | UpdateItemResponseMessage UpdateItemResponseMessageType
  | MoveItemResponseMessage ItemInfoResponseMessageType
  | CopyItemResponseMessage ItemInfoResponseMessageType
  | CreateAttachmentResponseMessage AttachmentInfoResponseMessageType
  | GetAttachmentResponseMessage AttachmentInfoResponseMessageType
  | DeleteAttachmentResponseMessage DeleteAttachmentResponseMessageType
  | DeleteFolderResponseMessage ResponseMessageType
  | EmptyFolderResponseMessage ResponseMessageType
  | CreateFolderResponseMessage FolderInfoResponseMessageType
  | UpdateFolderResponseMessage FolderInfoResponseMessageType
  | MoveFolderResponseMessage FolderInfoResponseMessageType
  | GetFolderResponseMessage FolderInfoResponseMessageType
  | FindFolderResponseMessage FindFolderResponseMessageType
  | FindItemResponseMessage FindItemResponseMessageType
  | ResolveNamesResponseMessage ResolveNamesResponseMessageType
  | ExpandDLResponseMessage ExpandDLResponseMessageType
  | GetServerTimeZonesResponseMessage GetServerTimeZonesResponseMessageType
  | SyncFolderHierarchyResponseMessage SyncFolderHierarchyResponseMessageType
  | SyncFolderItemsResponseMessage SyncFolderItemsResponseMessageType
  | ConvertIdResponseMessage ConvertIdResponseMessageType
  | GetUserConfigurationResponseMessage GetUserConfigurationResponseMessageType
  | SubscribeResponseMessage SubscribeResponseMessageType
  | GetEventsResponseMessage GetEventsResponseMessageType
  | GetStreamingEventsResponseMessage GetStreamingEventsResponseMessageType
  | UnsubscribeResponseMessage ResponseMessageType
type BaseResponseMessageType
  ResponseMessages ArrayOfResponseMessagesType
type FreeBusyResponseType
  ResponseMessage? ResponseMessageType
  FreeBusyView? t:FreeBusyView
type ArrayOfFreeBusyResponse
  FreeBusyResponse* FreeBusyResponseType
type SuggestionsResponseType
  ResponseMessage? ResponseMessageType
  SuggestionDayResultArray? t:ArrayOfSuggestionDayResult
type GetUserAvailabilityResponseType
  FreeBusyResponseArray? ArrayOfFreeBusyResponse
  SuggestionsResponse? SuggestionsResponseType
`;

/** The operations, as the element of the request is called, but for those of the availability service. */
export const OPERATION_NAMES = [
  "FindItem",
  "GetItem",
  "CreateItem",
  "UpdateItem",
  "DeleteItem",
  "GetFolder",
  "FindFolder",
  "CreateFolder",
  "UpdateFolder",
  "DeleteFolder",
  "SyncFolderHierarchy",
  "SyncFolderItems",
  "GetUserAvailability",
  "GetServerTimeZones",
  "ResolveNames",
  "ConvertId",
  "GetUserConfiguration",
  "MoveItem",
  "CopyItem",
  "EmptyFolder",
  "CreateAttachment",
  "GetAttachment",
  "DeleteAttachment",
  "GetRoomLists",
  "GetRooms",
  "Subscribe",
  "GetEvents",
  "GetStreamingEvents",
  "Unsubscribe",
  "MoveFolder",
  "ExpandDL",
  "GetUserOofSettings",
  "SetUserOofSettings",
  "GetDelegate",
] as const;

/** Name of an operation. */
export type OperationName = (typeof OPERATION_NAMES)[number];

/** What the availability service answers has a word behind its name. */
const REQUESTS_WITH_A_WORD: ReadonlySet<OperationName> = new Set([
  "GetUserAvailability",
  "GetUserOofSettings",
  "SetUserOofSettings",
]);

/** Answers that are not a list of messages. */
const ANSWER_TYPES: Readonly<Partial<Record<OperationName, string>>> = {
  GetUserAvailability: "GetUserAvailabilityResponseType",
  GetUserOofSettings: "GetUserOofSettingsResponseType",
  SetUserOofSettings: "SetUserOofSettingsResponseType",
  GetDelegate: "GetDelegateResponseMessageType",
  GetRoomLists: "GetRoomListsResponseMessageType",
  GetRooms: "GetRoomsResponseMessageType",
};

let schema: Schema | undefined;

/**
 * Gives the messages schema.
 *
 * @returns the schema, read once
 */
export function messagesSchema(): Schema {
  schema ??= readSchema(
    "m",
    [
      `enum ResponseCodeType ${codes()}`,
      REQUESTS,
      RESPONSES,
      ATTACHMENT_MESSAGES,
      NOTIFICATION_MESSAGES,
      MAILBOX_SETTING_MESSAGES,
      elements(),
    ].join("\n"),
  );
  return schema;
}

/**
 * Names the element of a request.
 *
 * @param operation - name of the operation
 * @returns local name
 */
export function requestElement(operation: OperationName): string {
  return REQUESTS_WITH_A_WORD.has(operation) ? `${operation}Request` : operation;
}

function codes(): string {
  return Object.keys(RESPONSE_CODES).join(" ");
}

function elements(): string {
  const lines = OPERATION_NAMES.map((operation) => {
    const answer = ANSWER_TYPES[operation] ?? "BaseResponseMessageType";
    const request = requestElement(operation);
    return `element ${request} ${request}Type\nelement ${operation}Response ${answer}`;
  });
  return lines.join("\n");
}
