/** Sort orders of finds. */
import type { EventInstance } from "../../mailbox/event.ts";
import type { MailboxOwner } from "../call.ts";
import type { XmlElement } from "../soap/xml-reader.ts";
import { type FieldValue, valueOfPath } from "./field-values.ts";

/**
 * Sorts items.
 *
 * @param instances - the items; left as they are
 * @param sortOrder - `NonEmptyArrayOfFieldOrdersType`; `undefined` keeps the order
 * @param owner - whose items
 * @returns sorted items; equal ones keep their order
 * @throws {EwsFault} ErrorUnsupportedPathForSortGroup
 */
export function sortItems(
  instances: readonly EventInstance[],
  sortOrder: XmlElement | undefined,
  owner: MailboxOwner,
): readonly EventInstance[] {
  if (sortOrder === undefined) return instances;
  const keys = sortOrder.children.map((order) => ({
    read: valueOfPath(order.children[0] ?? order, true),
    sign: order.attributes.get("Order") === "Descending" ? -1 : 1,
  }));
  const rows = instances.map((instance) => ({
    instance,
    values: keys.map(({ read }) => comparable(read(owner, instance))),
  }));
  rows.sort((left, right) => {
    for (const [index, { sign }] of keys.entries()) {
      const order = compareKeys(left.values[index], right.values[index]);
      if (order !== 0) return order * sign;
    }
    return 0;
  });
  return rows.map(({ instance }) => instance);
}

/**
 * Gives what two values are compared by.
 *
 * @param value - of a property
 * @returns a number, or a text in small letters
 */
export function comparable(value: FieldValue): string | number | undefined {
  if (value instanceof Date) return value.getTime();
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "number" || value === undefined) return value;
  return (typeof value === "string" ? value : value.join(" ")).toLowerCase();
}

/**
 * Compares what {@link comparable} gave. Items without the property come first.
 *
 * @param left - of one item
 * @param right - of another
 * @returns negative, 0 or positive
 */
export function compareKeys(left: string | number | undefined, right: string | number | undefined): number {
  if (left === right) return 0;
  if (left === undefined) return -1;
  if (right === undefined) return 1;
  return left < right ? -1 : 1;
}
