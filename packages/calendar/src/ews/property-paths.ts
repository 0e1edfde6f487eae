/**
 * Names of what an item has: fields of the schema and named properties of our own.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/exchange-web-services/properties-and-extended-properties-in-ews-in-exchange
 */
import { type EventProperties, NIGHTLATCH_PROPERTY_SET } from "../event.ts";
import { childOf, textOf, type XmlElement } from "./xml-element.ts";
import { type Xml, xml } from "./xml-writer.ts";

/**
 * Names a field of the schema.
 *
 * @param uri - for example `calendar:Start`
 * @returns `t:FieldURI`
 */
export function fieldPath(uri: string): Xml {
  return xml("t:FieldURI", { FieldURI: uri });
}

/**
 * Names a property of our own.
 *
 * @param name - name of the property; case-sensitive
 * @returns `t:ExtendedFieldURI` in the property set of Nightlatch
 */
export function propertyPath(name: string): Xml {
  return xml("t:ExtendedFieldURI", {
    PropertySetId: NIGHTLATCH_PROPERTY_SET,
    PropertyName: name,
    PropertyType: "String",
  });
}

/**
 * Writes one property of our own with its value.
 *
 * @param name - name of the property
 * @param value - its value
 * @returns `t:ExtendedProperty`
 */
export function writeProperty(name: string, value: string): Xml {
  return xml("t:ExtendedProperty", {}, propertyPath(name), xml("t:Value", {}, value));
}

/**
 * Reads the properties of our own among those of an item.
 *
 * @param item - the item
 * @returns values by name; properties of other sets are left out
 */
export function readProperties(item: XmlElement): EventProperties {
  const properties: Record<string, string> = {};
  for (const property of item.children) {
    if (property.name !== "t:ExtendedProperty") continue;
    const { PropertySetId: set = "", PropertyName: name } =
      childOf(property, "t:ExtendedFieldURI")?.attributes ?? {};
    const value = textOf(property, "t:Value");
    if (set.toLowerCase() !== NIGHTLATCH_PROPERTY_SET || name === undefined || value === undefined) continue;
    Object.defineProperty(properties, name, { value, enumerable: true, writable: true, configurable: true });
  }
  return properties;
}
