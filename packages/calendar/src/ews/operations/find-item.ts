/**
 * FindItem: what a folder holds, either expanded into a window of time or as it is stored.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/finditem-operation
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/calendarview
 */
import { fieldPath, propertyPath } from "../property-paths.ts";
import { callOf, folderPath, itemShape, onlyMessage, type Question } from "../question.ts";
import { childOf, type XmlElement } from "../xml-element.ts";
import { type Xml, xml } from "../xml-writer.ts";
import { formatInstant } from "../zone-codec.ts";

/** Items of one answer: the throttling policy of a server allows 1,000 unless somebody changed it. */
export const FIND_ITEM_COUNT = 1000;

/** A window of a folder. */
export interface CalendarView {
  readonly calendarId: string | undefined;
  /** Inclusive; fractions of a second are dropped. */
  readonly from: Date;
  /** Exclusive; a fraction of a second counts as a whole one. */
  readonly to: Date;
  /** Field URIs to read. */
  readonly fields: readonly string[];
  /** Own properties to read. */
  readonly properties: readonly string[];
}

/** Part of an answer. */
export interface FoundItems<Item> {
  /** In the order of the server. */
  readonly items: readonly Item[];
  /** Whether there are no more. */
  readonly isLast: boolean;
  /** Where the next part begins, when they are read by position. */
  readonly nextOffset: number;
}

/**
 * Finds what touches a window, series expanded.
 *
 * @param question - who asks about what
 * @param view - the window
 * @param read - reads one `t:CalendarItem`; items are not kept otherwise
 * @returns at most {@link FIND_ITEM_COUNT} items
 * @throws {NightlatchError} `CALENDAR_…` by cause
 */
export async function findCalendarView<Item>(
  question: Question,
  view: CalendarView,
  read: (item: XmlElement) => Item,
): Promise<FoundItems<Item>> {
  const paths = [...view.fields.map(fieldPath), ...view.properties.map(propertyPath)];
  const to = new Date(Math.ceil(view.to.getTime() / 1000) * 1000);
  return find(question, read, [
    itemShape(paths),
    xml("m:CalendarView", {
      MaxEntriesReturned: FIND_ITEM_COUNT,
      StartDate: formatInstant(view.from),
      EndDate: formatInstant(to),
    }),
    xml("m:ParentFolderIds", {}, folderPath(question, view.calendarId)),
  ]);
}

/**
 * Finds single events and series masters that carry an own property, ids only.
 *
 * @param question - who asks about what
 * @param calendarId - folder; the default calendar when `undefined`
 * @param property - name and value of the property; the server does not tell upper from lower case in values
 * @param offset - where to begin
 * @param read - reads one `t:CalendarItem`
 * @returns at most {@link FIND_ITEM_COUNT} items
 * @throws {NightlatchError} `CALENDAR_…` by cause
 * @see https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-use-search-filters-with-ews-in-exchange
 */
export async function findByProperty<Item>(
  question: Question,
  calendarId: string | undefined,
  property: { readonly name: string; readonly value: string },
  offset: number,
  read: (item: XmlElement) => Item,
): Promise<FoundItems<Item>> {
  return find(question, read, [
    itemShape([propertyPath(property.name)]),
    xml("m:IndexedPageItemView", {
      MaxEntriesReturned: FIND_ITEM_COUNT,
      Offset: offset,
      BasePoint: "Beginning",
    }),
    xml(
      "m:Restriction",
      {},
      xml(
        "t:IsEqualTo",
        {},
        propertyPath(property.name),
        xml("t:FieldURIOrConstant", {}, xml("t:Constant", { Value: property.value })),
      ),
    ),
    xml("m:ParentFolderIds", {}, folderPath(question, calendarId)),
  ]);
}

async function find<Item>(
  question: Question,
  read: (item: XmlElement) => Item,
  content: readonly Xml[],
): Promise<FoundItems<Item>> {
  const items: Item[] = [];
  const answer = await question.service.ask({
    ...callOf(question, "FindItem", "read", xml("m:FindItem", { Traversal: "Shallow" }, content)),
    onAttempt: () => {
      items.length = 0;
    },
    streamed: new Set(["t:CalendarItem"]),
    onElement: (item) => items.push(read(item)),
  });
  const root = childOf(onlyMessage(answer).element, "m:RootFolder");
  const isLast = root?.attributes["IncludesLastItemInRange"];
  // A list that does not say whether it is complete is none.
  if (isLast === undefined) throw answer.unreadable("does not say whether it holds the last item");
  const nextOffset = Number(root?.attributes["IndexedPagingOffset"] ?? Number.NaN);
  return { items, isLast: isLast === "true" || isLast === "1", nextOffset };
}
