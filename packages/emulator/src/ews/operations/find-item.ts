/** `FindItem`: a window of time with series expanded, or pages of single items and masters. */
import { DAY_MS } from "../../mailbox/civil-days.ts";
import type { EventInstance } from "../../mailbox/event.ts";
import { listEvents, listInstances, showEvent } from "../../mailbox/events.ts";
import type { EwsCall, MailboxOwner } from "../call.ts";
import { type FolderItem, requireFolder } from "../folders/folder-references.ts";
import { storeOf } from "../items/deleted-items.ts";
import { cutGroups, type Group, groupItems } from "../items/groups.ts";
import { type ItemShape, readItemShape, writeItem } from "../items/item-shape.ts";
import { readQueryString } from "../items/query-string.ts";
import { readRestriction } from "../items/restriction.ts";
import { sortItems } from "../items/sort-order.ts";
import { cutPage, type Page, readMaxEntries } from "../paging.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { respondEach } from "../soap/response-message.ts";
import { child, childText, type XmlElement } from "../soap/xml-reader.ts";
import { element, text } from "../soap/xml-writer.ts";
import { findCountLimit } from "../switches.ts";
import { readInstant } from "../zones/instants.ts";

/** Two years, leap days included. */
const LONGEST_VIEW_MS = 732 * DAY_MS;
const NOT_WITH_VIEW = new Set(["Restriction", "SortOrder", "GroupBy", "QueryString"]);

/**
 * Finds items.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/finditem-operation
 */
export function findItem(call: EwsCall): string {
  const { body } = call;
  const view = child(body, "CalendarView");
  return respondEach(
    "FindItemResponseMessage",
    child(body, "ParentFolderIds")?.children ?? [],
    (reference) => {
      const shape = readItemShape(child(body, "ItemShape"), false, call.version);
      const folder = requireFolder(call, reference);
      if (view !== undefined) return writePage(call, folder, findWindow(call, folder, view), shape);
      const found = findSorted(call, folder);
      const groupBy = child(body, "GroupBy");
      return groupBy === undefined
        ? writePage(call, folder, cutPage(found, pageView(call), findCountLimit(call.context)), shape)
        : writeGroups(call, folder, groupItems(found, groupBy, folder.owner, call), shape);
    },
  );
}

function findWindow(call: EwsCall, { owner, node }: FolderItem, view: XmlElement): Page<EventInstance> {
  if (!node.isCalendar) throw new EwsFault("ErrorCalendarFolderIsInvalidForCalendarView");
  if (call.body.children.some(({ name }) => NOT_WITH_VIEW.has(name)))
    throw new EwsFault("ErrorInvalidRequest", {
      text: "Restrictions and sort order may not be specified for a CalendarView.",
    });
  const fromMs = readInstant(view.attributes.get("StartDate") ?? "", call.ianaZone);
  const untilMs = readInstant(view.attributes.get("EndDate") ?? "", call.ianaZone);
  if (untilMs < fromMs) throw new EwsFault("ErrorCalendarEndDateIsEarlierThanStartDate");
  if (untilMs - fromMs > LONGEST_VIEW_MS) throw new EwsFault("ErrorCalendarViewRangeTooBig");
  const most = readMaxEntries(view);
  const found = isShallow(call) ? listInstances(owner.mailbox, { folder: node.number, fromMs, untilMs }) : [];
  const items = most === undefined ? found : found.slice(0, most);
  if (items.length > findCountLimit(call.context)) throw new EwsFault("ErrorExceededFindCountLimit");
  const attributes = {
    TotalItemsInView: found.length,
    IncludesLastItemInRange: items.length === found.length,
  };
  return { items, attributes };
}

function findSorted(call: EwsCall, { owner, node }: FolderItem): readonly EventInstance[] {
  const { body } = call;
  const restriction = child(body, "Restriction");
  const query = childText(body, "QueryString");
  if (restriction !== undefined && query !== undefined)
    throw new EwsFault("ErrorInvalidRequest", {
      text: "Restrictions may not be specified together with a query string.",
    });
  const test = query === undefined ? readRestriction(restriction, call) : readQueryString(query, call);
  const stored = isShallow(call) ? listEvents(storeOf(owner.mailbox, node), node.number) : [];
  const found = stored.map(showEvent).filter((instance) => test(owner, instance));
  // Without a wish, the newest come first.
  const order = child(body, "SortOrder");
  return order === undefined ? found.reverse() : sortItems(found, order, owner);
}

function pageView({ body }: EwsCall): XmlElement | undefined {
  return child(body, "IndexedPageItemView") ?? child(body, "FractionalPageItemView");
}

/** Associated items are not kept, and items deleted softly lie in a folder of their own. */
function isShallow({ body }: EwsCall): boolean {
  return body.attributes.get("Traversal") === "Shallow";
}

function writePage(
  call: EwsCall,
  { owner }: FolderItem,
  page: Page<EventInstance>,
  shape: ItemShape,
): string {
  return element("m:RootFolder", writeItems(call, owner, page.items, shape), page.attributes);
}

/** Pages count items, not groups: a group may go on in the next one. */
function writeGroups(
  call: EwsCall,
  { owner }: FolderItem,
  groups: readonly Group[],
  shape: ItemShape,
): string {
  const positions = groups.flatMap(({ items }) => items).map((_item, position) => position);
  const { items, attributes } = cutPage(positions, pageView(call), findCountLimit(call.context));
  const written = cutGroups(groups, items[0] ?? 0, items.length).map((group) =>
    element(
      "t:GroupedItems",
      text("t:GroupIndex", group.index) + writeItems(call, owner, group.items, shape),
    ),
  );
  return element("m:RootFolder", element("t:Groups", written.join("")), attributes);
}

function writeItems(
  call: EwsCall,
  owner: MailboxOwner,
  instances: readonly EventInstance[],
  shape: ItemShape,
): string {
  let items = "";
  for (const instance of instances) items += writeItem(call, owner, instance, shape);
  return element("t:Items", items);
}
