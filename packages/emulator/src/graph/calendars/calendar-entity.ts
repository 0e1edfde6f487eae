/** Calendars as Graph shows them. */
import { encodeChangeKey, encodeFolderId } from "../../mailbox/item-ids.ts";
import type { CalendarFolder } from "../../mailbox/mailbox.ts";
import type { MailboxOwner } from "../mailbox-owner.ts";
import type { EntityType } from "../odata/entity.ts";

/** A calendar together with whose it is. */
export interface CalendarItem {
  readonly owner: MailboxOwner;
  readonly folder: CalendarFolder;
}

/** Colours by Graph's name, with what they look like. */
export const CALENDAR_COLORS: Readonly<Record<string, string>> = {
  auto: "",
  lightBlue: "#83a8d3",
  lightGreen: "#87d28e",
  lightOrange: "#fea86a",
  lightGray: "#a3b3c2",
  lightYellow: "#fff100",
  lightTeal: "#68c6c6",
  lightPink: "#f08bb3",
  lightBrown: "#cba287",
  lightRed: "#ff7c7c",
  maxColor: "",
};

/** The entity type `calendar`. */
export const CALENDAR_TYPE: EntityType<CalendarItem> = {
  name: "microsoft.graph.calendar",
  always: ["id"],
  onRequest: new Set(),
  expansions: {},
  properties: {
    id: ({ owner, folder }) => encodeFolderId(owner.id, folder.number),
    name: ({ folder }) => folder.name,
    color: ({ folder }) => folder.color,
    hexColor: ({ folder }) => CALENDAR_COLORS[folder.color] ?? "",
    isDefaultCalendar: ({ folder }) => folder.isDefault,
    changeKey: ({ owner, folder }) => encodeChangeKey(owner.id, folder.changedAtSequence),
    canShare: () => true,
    canViewPrivateItems: () => true,
    canEdit: () => true,
    allowedOnlineMeetingProviders: () => ["teamsForBusiness"],
    defaultOnlineMeetingProvider: () => "teamsForBusiness",
    isTallyingResponses: () => true,
    isRemovable: ({ folder }) => !folder.isDefault,
    owner: ({ owner }) => ({ name: owner.displayName, address: owner.address }),
  },
};
