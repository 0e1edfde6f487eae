/** Types and messages of attachments. */

/** Of the types schema, in the notation of the schema. */
export const ATTACHMENT_TYPES = `
type RequestAttachmentIdType : BaseItemIdType
  @Id! string
type AttachmentIdType : RequestAttachmentIdType
  @RootItemId string
  @RootItemChangeKey string
type RootItemIdType : BaseItemIdType
  @RootItemId! string
  @RootItemChangeKey! string
type AttachmentType
  AttachmentId? AttachmentIdType
  Name? string
  ContentType? string
  ContentId? string
  ContentLocation? string
  Size? int
  LastModifiedTime? dateTime
  IsInline? boolean
type FileAttachmentType : AttachmentType
  IsContactPhoto? boolean
  Content? base64Binary
type ArrayOfAttachmentsType
  FileAttachment* FileAttachmentType
type NonEmptyArrayOfAttachmentsType
  FileAttachment+ FileAttachmentType
type AttachmentResponseShapeType
  IncludeMimeContent? boolean
  BodyType? BodyTypeResponseType
  FilterHtmlContent? boolean
  AdditionalProperties? NonEmptyArrayOfPathsToElementType
type NonEmptyArrayOfRequestAttachmentIdsType
  AttachmentId+ RequestAttachmentIdType
`;

/** Of the messages schema, in the notation of the schema. */
export const ATTACHMENT_MESSAGES = `
type CreateAttachmentType : BaseRequestType
  ParentItemId t:ItemIdType
  Attachments t:NonEmptyArrayOfAttachmentsType
type GetAttachmentType : BaseRequestType
  AttachmentShape? t:AttachmentResponseShapeType
  AttachmentIds t:NonEmptyArrayOfRequestAttachmentIdsType
type DeleteAttachmentType : BaseRequestType
  AttachmentIds t:NonEmptyArrayOfRequestAttachmentIdsType
type AttachmentInfoResponseMessageType : ResponseMessageType
  Attachments t:ArrayOfAttachmentsType
type DeleteAttachmentResponseMessageType : ResponseMessageType
  RootItemId? t:RootItemIdType
`;
