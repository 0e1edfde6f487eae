/**
 * Which permissions open which operation, as data. An application needs one permission of every group of
 * `application`; a user's token one of every group of `delegated`. No group means that the operation is closed.
 *
 * @see microsoftgraph/microsoft-graph-devx-content permissions.json
 */

/** The condition of one operation. */
export interface PermissionRule {
  /** Mailbox data and directory objects are refused with different codes. */
  readonly plane: "mailbox" | "directory";
  /** Application permissions; `undefined` when applications are not supported. */
  readonly application: readonly (readonly string[])[] | undefined;
  readonly delegated: readonly (readonly string[])[] | undefined;
}

const calendarReadBasicApp = [
  "Calendars.ReadBasic",
  "Calendars.ReadBasic.All",
  "Calendars.Read",
  "Calendars.ReadWrite",
];
const calendarReadBasic = [
  "Calendars.ReadBasic",
  "Calendars.Read",
  "Calendars.ReadWrite",
  "Calendars.Read.Shared",
  "Calendars.ReadWrite.Shared",
];
const calendarWrite = ["Calendars.ReadWrite", "Calendars.ReadWrite.Shared"];
const directoryRead = ["Directory.Read.All", "Directory.ReadWrite.All"];
const userRead = ["User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All", ...directoryRead];
const policyRead = ["Policy.Read.All", "Policy.ReadWrite.ApplicationConfiguration"];
const sessionsRevoke = ["User.RevokeSessions.All", "User.ReadWrite.All", "Directory.ReadWrite.All"];
const groupRead = ["Group.Read.All", "Group.ReadWrite.All", ...directoryRead];
const applicationRead = [
  "Application.Read.All",
  "Application.ReadWrite.OwnedBy",
  "Application.ReadWrite.All",
  ...directoryRead,
];
const applicationWrite = [
  "Application.ReadWrite.OwnedBy",
  "Application.ReadWrite.All",
  "Directory.ReadWrite.All",
];

/** The rules by name. */
export const PERMISSIONS = {
  calendarRead: mailbox([calendarReadBasicApp], [calendarReadBasic]),
  /** More than the outlines of events. */
  calendarContentRead: mailbox(
    [["Calendars.Read", "Calendars.ReadWrite"]],
    [["Calendars.Read", "Calendars.ReadWrite", "Calendars.Read.Shared", "Calendars.ReadWrite.Shared"]],
  ),
  calendarWrite: mailbox([["Calendars.ReadWrite"]], [calendarWrite]),
  /** Suggestions of times are for people only. */
  meetingTimesFind: mailbox(undefined, [["Calendars.Read.Shared", "Calendars.ReadWrite.Shared"]]),
  groupCalendarRead: mailbox(
    [["Calendars.Read", "Calendars.ReadWrite"]],
    [["Group.Read.All", "Group.ReadWrite.All"]],
  ),
  groupCalendarWrite: mailbox([["Calendars.ReadWrite"]], [["Group.ReadWrite.All"]]),
  groupCalendarCreate: mailbox(undefined, [["Group.ReadWrite.All"]]),
  mailboxSettingsRead: mailbox(
    [["MailboxSettings.Read", "MailboxSettings.ReadWrite"]],
    [["MailboxSettings.Read", "MailboxSettings.ReadWrite"]],
  ),
  mailboxSettingsWrite: mailbox([["MailboxSettings.ReadWrite"]], [["MailboxSettings.ReadWrite"]]),
  timeZonesRead: mailbox(
    [["User.Read.All", "User.ReadBasic.All", "User.ReadWrite.All"]],
    [["User.Read", "User.ReadBasic.All", "User.Read.All", "User.ReadWrite", "User.ReadWrite.All"]],
  ),
  translateIds: directory(
    [["User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All"]],
    [["User.Read", "User.ReadBasic", "User.ReadBasic.All", "User.Read.All", "User.ReadWrite"]],
  ),
  userRead: directory([userRead], [[...userRead]]),
  selfRead: directory([userRead], [["User.Read", "User.ReadWrite", ...userRead]]),
  userWrite: directory(
    [["User.ReadWrite.All", "Directory.ReadWrite.All"]],
    [["User.ReadWrite.All", "Directory.ReadWrite.All"]],
  ),
  sessionsRevoke: directory([sessionsRevoke], [[...sessionsRevoke, "Directory.AccessAsUser.All"]]),
  ownSessionsRevoke: directory(undefined, [["User.ReadWrite", ...sessionsRevoke]]),
  groupRead: directory(
    [["Group.ReadBasic.All", "GroupMember.Read.All", "GroupMember.ReadWrite.All", ...groupRead]],
    [["Group.ReadBasic.All", "GroupMember.Read.All", ...groupRead]],
  ),
  groupCreate: directory(
    [["Group.Create", "Group.ReadWrite.All", "Directory.ReadWrite.All"]],
    [["Group.ReadWrite.All", "Directory.ReadWrite.All", "Directory.AccessAsUser.All"]],
  ),
  groupUpdate: directory(
    [["Group.ReadWrite.All", "Directory.ReadWrite.All"]],
    [["Group.ReadWrite.All", "Directory.ReadWrite.All", "Directory.AccessAsUser.All"]],
  ),
  groupDelete: directory([["Group.ReadWrite.All"]], [["Group.ReadWrite.All"]]),
  memberRead: directory(
    [["GroupMember.ReadBasic.All", "GroupMember.Read.All", "GroupMember.ReadWrite.All", ...groupRead]],
    [["GroupMember.Read.All", "GroupMember.ReadWrite.All", ...groupRead]],
  ),
  memberWrite: directory(
    [["GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All"]],
    [["GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All"]],
  ),
  ownerWrite: directory(
    [["Group.ReadWrite.All", "Directory.ReadWrite.All"]],
    [["Group.ReadWrite.All", "Directory.ReadWrite.All"]],
  ),
  applicationCreate: directory(
    [["AppRegistration.Create", "Application.ReadWrite.OwnedBy", "Application.ReadWrite.All"]],
    [["Application.ReadWrite.All", "Directory.ReadWrite.All", "Directory.AccessAsUser.All"]],
  ),
  applicationRead: directory([applicationRead], [[...applicationRead]]),
  applicationWrite: directory(
    [applicationWrite],
    [["Application.ReadWrite.All", "Directory.ReadWrite.All", "Directory.AccessAsUser.All"]],
  ),
  /** Rolling an application's own keys needs no permission: the proof stands in for it. */
  ownKeys: directory([], []),
  appRoleAssignmentRead: directory([applicationRead], [[...applicationRead]]),
  appRoleAssignmentCreate: directory(
    [
      ["AppRoleAssignment.ReadWrite.All"],
      ["Application.Read.All", "Application.ReadWrite.All", ...directoryRead],
    ],
    [["AppRoleAssignment.ReadWrite.All", "Directory.AccessAsUser.All"]],
  ),
  appRoleAssignmentDelete: directory(
    [["AppRoleAssignment.ReadWrite.All"]],
    [["AppRoleAssignment.ReadWrite.All", "Directory.AccessAsUser.All"]],
  ),
  permissionGrantRead: directory(
    [["DelegatedPermissionGrant.Read.All", "DelegatedPermissionGrant.ReadWrite.All", ...directoryRead]],
    [["DelegatedPermissionGrant.Read.All", "DelegatedPermissionGrant.ReadWrite.All", ...directoryRead]],
  ),
  permissionGrantWrite: directory(
    [["DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"]],
    [["DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"]],
  ),
  policyRead: directory([policyRead], [[...policyRead]]),
  policyWrite: directory(
    [["Policy.ReadWrite.ApplicationConfiguration"]],
    [["Policy.ReadWrite.ApplicationConfiguration"]],
  ),
  policyAssign: directory(
    [policyRead, ["Application.ReadWrite.OwnedBy", "Application.ReadWrite.All"]],
    [[...policyRead], ["Application.ReadWrite.All"]],
  ),
  policyTargetsRead: directory(
    [policyRead, ["Application.Read.All", "Application.ReadWrite.All"]],
    [[...policyRead], ["Application.Read.All", "Application.ReadWrite.All"]],
  ),
  organizationRead: directory(
    [["Organization.Read.All", "Organization.ReadWrite.All", ...directoryRead]],
    [["User.Read", "Organization.Read.All", ...directoryRead]],
  ),
  domainRead: directory([["Domain.Read.All", ...directoryRead]], [["Domain.Read.All", ...directoryRead]]),
  placeRead: mailbox(
    [["Place.Read.All", "Place.ReadWrite.All"]],
    [["Place.Read.All", "Place.ReadWrite.All"]],
  ),
  placeWrite: mailbox([["Place.ReadWrite.All"]], [["Place.ReadWrite.All"]]),
  findRooms: mailbox(
    [["Place.Read.All", "User.Read.All", "User.ReadBasic.All"]],
    [["Place.Read.All", "User.Read.All", "User.ReadBasic.All"]],
  ),
  /** Anybody who has a valid token; the handler asks for more. */
  anyToken: directory([], []),
} as const satisfies Readonly<Record<string, PermissionRule>>;

function mailbox(
  application: readonly (readonly string[])[] | undefined,
  delegated: readonly (readonly string[])[] | undefined,
): PermissionRule {
  return { plane: "mailbox", application, delegated };
}

function directory(
  application: readonly (readonly string[])[] | undefined,
  delegated: readonly (readonly string[])[] | undefined,
): PermissionRule {
  return { plane: "directory", application, delegated };
}
