/** What the published schemas have and this emulator has not: refused by name, not as a violation of the schema. */

const ITEMS =
  "Item Message Contact DistributionList Task PostItem MeetingMessage MeetingRequest MeetingResponse MeetingCancellation";
const RESPONSES =
  "AcceptItem TentativelyAcceptItem DeclineItem CancelCalendarItem RemoveItem ReplyToItem ReplyAllToItem ForwardItem SuppressReadReceipt PostReplyItem";
const FOLDERS = "ContactsFolder SearchFolder TasksFolder";

/** Children by parent. */
const ABSENT: Readonly<Record<string, string>> = {
  FindItem: "SeekToConditionPageItemView ContactsView GroupBy DistinguishedGroupBy QueryString",
  Items: `${ITEMS} ${RESPONSES}`,
  SetItemField: ITEMS,
  AppendToItemField: ITEMS,
  CalendarItem:
    "Attachments InternetMessageHeaders ResponseObjects InboxReminders OnlineMeetingSettings Flag PolicyTag ArchiveTag RetentionDate",
  Folders: FOLDERS,
  CalendarFolder: "PermissionSet ManagedFolderInformation",
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
