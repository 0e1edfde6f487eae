/** `FindItem`: a window of time with series expanded, or pages of single items and masters. */
import { DAY_MS } from "../../mailbox/civil-days.ts";
import type { EventInstance } from "../../mailbox/event.ts";
import { listEvents, listInstances, showEvent } from "../../mailbox/events.ts";
import type { EwsCall } from "../call.ts";
import { type FolderItem, requireFolder } from "../folders/folder-references.ts";
import { storeOf } from "../items/deleted-items.ts";
import { type ItemShape, readItemShape, writeItem } from "../items/item-shape.ts";
import { readRestriction } from "../items/restriction.ts";
import { sortItems } from "../items/sort-order.ts";
import { cutPage, type Page, readMaxEntries } from "../paging.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { respondEach } from "../soap/response-message.ts";
import { child, type XmlElement } from "../soap/xml-reader.ts";
import { element } from "../soap/xml-writer.ts";
import { findCountLimit } from "../switches.ts";
import { readInstant } from "../zones/instants.ts";

/** Two years, leap days included. */
const LONGEST_VIEW_MS = 732 * DAY_MS;

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
      const page = view === undefined ? findPage(call, folder) : findWindow(call, folder, view);
      return writePage(call, folder, page, shape);
    },
  );
}

function findWindow(call: EwsCall, { owner, node }: FolderItem, view: XmlElement): Page<EventInstance> {
  if (!node.isCalendar) throw new EwsFault("ErrorCalendarFolderIsInvalidForCalendarView");
  if (child(call.body, "Restriction") !== undefined || child(call.body, "SortOrder") !== undefined)
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

function findPage(call: EwsCall, { owner, node }: FolderItem): Page<EventInstance> {
  const { body } = call;
  const test = readRestriction(child(body, "Restriction"), call);
  const stored = isShallow(call) ? listEvents(storeOf(owner.mailbox, node), node.number) : [];
  const found = stored.map(showEvent).filter((instance) => test(owner, instance));
  // Without a wish, the newest come first.
  const order = child(body, "SortOrder");
  const sorted = order === undefined ? found.reverse() : sortItems(found, order, owner);
  const view = child(body, "IndexedPageItemView") ?? child(body, "FractionalPageItemView");
  return cutPage(sorted, view, findCountLimit(call.context));
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
  let items = "";
  for (const instance of page.items) items += writeItem(call, owner, instance, shape);
  return element("m:RootFolder", element("t:Items", items), page.attributes);
}
