/** Types and messages of subscriptions: those that are asked for what happened, and those that keep on telling. */

const OBJECT = `  | FolderId FolderIdType
  | ItemId ItemIdType
  ParentFolderId FolderIdType`;

/** Of the types schema, in the notation of the schema. */
export const NOTIFICATION_TYPES = `
simple SubscriptionIdType string minLength=1
simple WatermarkType string minLength=1
simple SubscriptionTimeoutType int least=1 largest=1440
enum NotificationEventTypeType CopiedEvent CreatedEvent DeletedEvent ModifiedEvent MovedEvent NewMailEvent FreeBusyChangedEvent
type NonEmptyArrayOfNotificationEventTypesType
  EventType+ NotificationEventTypeType
type BaseSubscriptionRequestType abstract
  FolderIds? NonEmptyArrayOfBaseFolderIdsType
  EventTypes NonEmptyArrayOfNotificationEventTypesType
  Watermark? WatermarkType
  @SubscribeToAllFolders boolean
type PullSubscriptionRequestType : BaseSubscriptionRequestType
  Timeout SubscriptionTimeoutType
simple StreamingSubscriptionConnectionTimeoutType int least=1 largest=30
type StreamingSubscriptionRequestType
  FolderIds? NonEmptyArrayOfBaseFolderIdsType
  EventTypes NonEmptyArrayOfNotificationEventTypesType
  @SubscribeToAllFolders boolean
type NonEmptyArrayOfSubscriptionIdsType
  SubscriptionId+ SubscriptionIdType
type BaseNotificationEventType
  Watermark? WatermarkType
type BaseObjectChangedEventType : BaseNotificationEventType
  TimeStamp dateTime
${OBJECT}
type ModifiedEventType : BaseObjectChangedEventType
  UnreadCount? int
type MovedCopiedEventType : BaseObjectChangedEventType
  | OldFolderId FolderIdType
  | OldItemId ItemIdType
  OldParentFolderId FolderIdType
type NotificationType
  SubscriptionId SubscriptionIdType
  PreviousWatermark? WatermarkType
  MoreEvents? boolean
  |+ CopiedEvent MovedCopiedEventType
  | CreatedEvent BaseObjectChangedEventType
  | DeletedEvent BaseObjectChangedEventType
  | ModifiedEvent ModifiedEventType
  | MovedEvent MovedCopiedEventType
  | NewMailEvent BaseObjectChangedEventType
  | StatusEvent BaseNotificationEventType
  | FreeBusyChangedEvent BaseObjectChangedEventType
`;

/** Of the messages schema, in the notation of the schema. */
export const NOTIFICATION_MESSAGES = `
type SubscribeType : BaseRequestType
  | PullSubscriptionRequest t:PullSubscriptionRequestType
  | StreamingSubscriptionRequest t:StreamingSubscriptionRequestType
type GetEventsType : BaseRequestType
  SubscriptionId t:SubscriptionIdType
  Watermark t:WatermarkType
type UnsubscribeType : BaseRequestType
  SubscriptionId t:SubscriptionIdType
type SubscribeResponseMessageType : ResponseMessageType
  SubscriptionId? t:SubscriptionIdType
  Watermark? t:WatermarkType
type GetEventsResponseMessageType : ResponseMessageType
  Notification? t:NotificationType
type GetStreamingEventsType : BaseRequestType
  SubscriptionIds t:NonEmptyArrayOfSubscriptionIdsType
  ConnectionTimeout t:StreamingSubscriptionConnectionTimeoutType
enum ConnectionStatusType OK Closed
type NonEmptyArrayOfNotificationsType
  Notification+ t:NotificationType
type NonEmptyArrayOfSubscriptionIdsType
  SubscriptionId+ t:SubscriptionIdType
type GetStreamingEventsResponseMessageType : ResponseMessageType
  Notifications? NonEmptyArrayOfNotificationsType
  ErrorSubscriptionIds? NonEmptyArrayOfSubscriptionIdsType
  ConnectionStatus? ConnectionStatusType
`;
