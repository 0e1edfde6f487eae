/** Classes of items: that of appointments, and those that callers derive from it for forms of their own. */
import type { EventInstance } from "../../mailbox/event.ts";
import { listExtendedProperties, propertyKey } from "../../mailbox/extended-properties.ts";

/** MAPI's `PidTagMessageClass`, kept with those items only that have a class of their own. */
export const MESSAGE_CLASS = propertyKey({
  propertySetId: undefined,
  name: undefined,
  id: 0x1a,
  type: "String",
});

/**
 * Tells whether a class is that of appointments, or derived from it.
 *
 * @param name - in any case of letters
 * @returns false for classes of other items
 */
export function isAppointmentClass(name: string): boolean {
  return /^IPM\.Appointment(\.|$)/i.test(name);
}

/**
 * Gives the class of an item.
 *
 * @param instance - the item
 * @returns `IPM.Appointment`, what a caller derived from it, or the class that exceptions have
 */
export function itemClass({ kind, event: { properties } }: EventInstance): string {
  if (kind === "exception") return "IPM.OLE.CLASS.{00061055-0000-0000-C000-000000000046}";
  const own = properties.includes(MESSAGE_CLASS)
    ? listExtendedProperties(properties).find(({ key }) => key === MESSAGE_CLASS)?.value
    : undefined;
  return typeof own === "string" && isAppointmentClass(own) ? own : "IPM.Appointment";
}
