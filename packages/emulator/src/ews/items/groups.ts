/** Groups of finds: items with the same value of one property, in the order of the least or greatest of another. */
import type { EventInstance } from "../../mailbox/event.ts";
import type { EwsCall, MailboxOwner } from "../call.ts";
import { child, type XmlElement } from "../soap/xml-reader.ts";
import { formatInstant } from "../zones/instants.ts";
import { type FieldValue, valueOfPath } from "./field-values.ts";
import { comparable, compareKeys } from "./sort-order.ts";

/** Items with the value that they share. */
export interface Group {
  readonly index: string;
  readonly items: readonly EventInstance[];
}

/**
 * Groups items.
 *
 * @param instances - the items, sorted as they are to stand within their group
 * @param groupBy - `GroupByType`
 * @param owner - whose items
 * @param call - the request
 * @returns groups in order; an item with several values is in several groups
 * @throws {EwsFault} ErrorUnsupportedPathForSortGroup
 * @see https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-perform-grouped-searches-by-using-ews-in-exchange
 */
export function groupItems(
  instances: readonly EventInstance[],
  groupBy: XmlElement,
  owner: MailboxOwner,
  call: EwsCall,
): readonly Group[] {
  const aggregate = child(groupBy, "AggregateOn");
  const read = valueOfPath(groupBy.children[0] ?? groupBy, true);
  const readAggregate = valueOfPath(aggregate?.children[0] ?? groupBy, true);
  const isMinimum = aggregate?.attributes.get("Aggregate") === "Minimum";
  const sign = groupBy.attributes.get("Order") === "Descending" ? -1 : 1;
  const groups = new Map<string, { items: EventInstance[]; key: string | number | undefined }>();
  for (const instance of instances) {
    const key = comparable(readAggregate(owner, instance));
    for (const index of indexesOf(read(owner, instance), call)) {
      const group = groups.get(index);
      if (group === undefined) groups.set(index, { items: [instance], key });
      else {
        group.items.push(instance);
        if (compareKeys(key, group.key) < 0 === isMinimum) group.key = key;
      }
    }
  }
  return [...groups.entries()]
    .sort(([, left], [, right]) => compareKeys(left.key, right.key) * sign)
    .map(([index, { items }]) => ({ index, items }));
}

/**
 * Cuts groups to a page.
 *
 * @param groups - all groups
 * @param from - items to skip
 * @param count - items to keep
 * @returns groups with what is left of them
 */
export function cutGroups(groups: readonly Group[], from: number, count: number): readonly Group[] {
  let position = 0;
  return groups.flatMap(({ index, items }) => {
    const start = Math.max(0, from - position);
    const end = Math.max(0, from + count - position);
    position += items.length;
    const kept = items.slice(start, end);
    return kept.length === 0 ? [] : { index, items: kept };
  });
}

function indexesOf(value: FieldValue, call: EwsCall): readonly string[] {
  if (value instanceof Date) return [formatInstant(value.getTime(), call.ianaZone)];
  if (Array.isArray(value)) return value.length === 0 ? [""] : value;
  return [value === undefined ? "" : String(value)];
}
