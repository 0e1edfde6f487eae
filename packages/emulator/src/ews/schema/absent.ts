/** What the published schemas have and this emulator has not: refused by name, not as a violation of the schema. */

const ITEMS =
  "Item Message Contact DistributionList Task PostItem MeetingMessage MeetingRequest MeetingResponse MeetingCancellation";
const RESPONSES = "RemoveItem ReplyToItem ReplyAllToItem ForwardItem SuppressReadReceipt PostReplyItem";
const RESPONSE_PARTS = "Attachments InternetMessageHeaders";
const FOLDERS = "ContactsFolder SearchFolder TasksFolder";

/** Children by parent. */
const ABSENT: Readonly<Record<string, string>> = {
  FindItem: "SeekToConditionPageItemView ContactsView DistinguishedGroupBy",
  Items: `${ITEMS} ${RESPONSES}`,
  SetItemField: ITEMS,
  AppendToItemField: ITEMS,
  CalendarItem:
    "InternetMessageHeaders InboxReminders OnlineMeetingSettings Flag PolicyTag ArchiveTag RetentionDate",
  Folders: FOLDERS,
  SetFolderField: FOLDERS,
  AppendToFolderField: FOLDERS,
  CalendarFolder: "PermissionSet ManagedFolderInformation",
  AcceptItem: RESPONSE_PARTS,
  TentativelyAcceptItem: RESPONSE_PARTS,
  DeclineItem: RESPONSE_PARTS,
  Attachments: "ItemAttachment ReferenceAttachment",
  Subscribe: "PushSubscriptionRequest",
  SourceIds: "AlternatePublicFolderId AlternatePublicFolderItemId",
};

/**
 * Tells whether an element is one that Exchange knows and the emulator does not have.
 *
 * @param parent - name of the element around it
 * @param name - its name
 * @returns false for what the published schemas do not have either
 */
export function isAbsent(parent: string, name: string): boolean {
  return ABSENT[parent]?.split(" ").includes(name) === true;
}
