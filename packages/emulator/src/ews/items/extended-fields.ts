/** `ExtendedFieldURI`: named and tagged properties, those of callers and a few that Exchange computes. */
import { parseWallTime } from "../../mailbox/civil-days.ts";
import type { EventInstance } from "../../mailbox/event.ts";
import {
  DISTINGUISHED_PROPERTY_SETS,
  type ExtendedProperty,
  listExtendedProperties,
  propertyKey,
} from "../../mailbox/extended-properties.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import type { XmlElement } from "../soap/xml-reader.ts";
import { element, text } from "../soap/xml-writer.ts";
import { readNative } from "./native-properties.ts";

/** A property that was named. */
export interface ExtendedField {
  /** Neutral key of the store. */
  readonly key: string;
  /** Type without `Array`. */
  readonly type: string;
  readonly isArray: boolean;
  /** Finished XML of the path, as the caller named it. */
  readonly xml: string;
}

const SHARING_SET = "00062040-0000-0000-c000-000000000046";
const UNUSABLE_TYPES = new Set(["Error", "Null", "Object", "ObjectArray"]);
/** Values that every element of a type must look like. */
const FORMS: Readonly<Record<string, RegExp>> = {
  Boolean: /^(true|false|0|1)$/i,
  Integer: /^[+-]?\d{1,10}$/,
  Short: /^[+-]?\d{1,5}$/,
  Long: /^[+-]?\d{1,19}$/,
  Currency: /^[+-]?\d{1,19}$/,
  Double: /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$|^(INF|-INF|NaN)$/i,
  Float: /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$|^(INF|-INF|NaN)$/i,
  ApplicationTime: /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i,
  CLSID: /^\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i,
  Binary: /^[A-Za-z0-9+/]*={0,2}$/,
};

/**
 * Reads a path.
 *
 * @param path - `ExtendedFieldURI`
 * @returns the property
 * @throws {EwsFault} ErrorInvalidExtendedProperty when its attributes do not fit together
 */
export function readExtendedField(path: XmlElement): ExtendedField {
  const get = (name: string): string | undefined => path.attributes.get(name);
  const type = get("PropertyType") ?? "";
  const [tag, name, id] = [get("PropertyTag"), get("PropertyName"), get("PropertyId")];
  const set = readPropertySet(get("PropertySetId"), get("DistinguishedPropertySetId"));
  const isTagged = tag !== undefined && set === undefined && name === undefined && id === undefined;
  const isNamed = tag === undefined && set !== undefined && (name === undefined) !== (id === undefined);
  if ((!isTagged && !isNamed) || name === "" || UNUSABLE_TYPES.has(type))
    throw new EwsFault("ErrorInvalidExtendedProperty");
  const key = propertyKey({
    propertySetId: set,
    name,
    id: tag !== undefined ? Number(tag) : id !== undefined ? Number(id) : undefined,
    type,
  });
  const isArray = type.endsWith("Array");
  return {
    key,
    type: isArray ? type.slice(0, -5) : type,
    isArray,
    xml: element("t:ExtendedFieldURI", "", Object.fromEntries(path.attributes)),
  };
}

function readPropertySet(guid: string | undefined, distinguished: string | undefined): string | undefined {
  if (guid !== undefined && distinguished !== undefined) throw new EwsFault("ErrorInvalidExtendedProperty");
  if (distinguished === "Sharing") return SHARING_SET;
  return distinguished === undefined ? guid?.toLowerCase() : DISTINGUISHED_PROPERTY_SETS[distinguished];
}

/**
 * Reads a property with its value.
 *
 * @param property - `ExtendedProperty`
 * @returns key and value
 * @throws {EwsFault} ErrorInvalidExtendedProperty or ErrorInvalidExtendedPropertyValue
 */
export function readExtendedProperty(
  property: XmlElement,
): ExtendedProperty & { readonly field: ExtendedField } {
  const [path, value] = property.children;
  if (path === undefined || value === undefined) throw new EwsFault("ErrorInvalidExtendedProperty");
  const field = readExtendedField(path);
  if ((value.name === "Values") !== field.isArray) throw new EwsFault("ErrorInvalidExtendedPropertyValue");
  const values = field.isArray ? value.children.map((item) => item.text) : [value.text];
  for (const item of values)
    if (!isOfType(field.type, item)) throw new EwsFault("ErrorInvalidExtendedPropertyValue");
  return { key: field.key, value: field.isArray ? values : (values[0] ?? ""), field };
}

function isOfType(type: string, value: string): boolean {
  if (type === "SystemTime") return parseWallTime(value) !== undefined;
  return FORMS[type]?.test(value.trim()) ?? true;
}

/**
 * Gives the value of a property.
 *
 * @param field - which one
 * @param instance - of which item
 * @param uid - iCalendar UID of the item
 * @returns the value, or `undefined` when the item has none
 */
export function extendedValue(
  field: ExtendedField,
  instance: EventInstance,
  uid: string,
): ExtendedProperty["value"] | undefined {
  const { properties } = instance.event;
  if (properties.length > 0) {
    const stored = listExtendedProperties(properties).find(({ key }) => key === field.key);
    if (stored !== undefined) return stored.value;
  }
  return readNative(field.key, instance) ?? COMPUTED[field.key]?.(instance, uid);
}

/**
 * Writes a property.
 *
 * @param field - which one
 * @param value - its value
 * @returns XML
 */
export function writeExtendedProperty(field: ExtendedField, value: ExtendedProperty["value"]): string {
  const content =
    typeof value === "string"
      ? text("t:Value", value)
      : element("t:Values", value.map((item) => text("t:Value", item)).join(""));
  return element("t:ExtendedProperty", field.xml + content);
}

const MEETING = DISTINGUISHED_PROPERTY_SETS["Meeting"] ?? "";
const APPOINTMENT = DISTINGUISHED_PROPERTY_SETS["Appointment"] ?? "";

/** Properties that every appointment has, for those who look for them by MAPI's names. */
const COMPUTED: Readonly<Record<string, (instance: EventInstance, uid: string) => string>> = {
  [`{${MEETING}}/id:0x3|Binary`]: (_instance, uid) => globalObjectId(uid),
  [`{${MEETING}}/id:0x23|Binary`]: (_instance, uid) => globalObjectId(uid),
  [`{${APPOINTMENT}}/id:0x820d|SystemTime`]: ({ startMs }) => formatSystemTime(startMs),
  [`{${APPOINTMENT}}/id:0x820e|SystemTime`]: ({ endMs }) => formatSystemTime(endMs),
  "tag:0x1a|String": () => "IPM.Appointment",
  "tag:0x3007|SystemTime": ({ event }) => formatSystemTime(event.createdAtMs),
  "tag:0x3008|SystemTime": ({ event }) => formatSystemTime(event.modifiedAtMs),
  // Number of the item in its folder: clients page by it, and take items without one for those they have.
  "tag:0xe23|Integer": ({ event }) => String(event.number),
};

function formatSystemTime(instantMs: number): string {
  return `${new Date(instantMs).toISOString().slice(0, 19)}Z`;
}

/**
 * Makes the global object id of a UID.
 *
 * @see [MS-OXOCAL] §2.2.1.27: ids of other makers are wrapped behind `vCal-Uid`
 */
function globalObjectId(uid: string): string {
  const prefix = "040000008200e00074c5b7101a82e008";
  if (uid.toLowerCase().startsWith(prefix) && /^([0-9a-f]{2})+$/i.test(uid))
    return Buffer.from(uid, "hex").toString("base64");
  const data = Buffer.concat([
    Buffer.from("vCal-Uid", "ascii"),
    Buffer.from([1, 0, 0, 0]),
    Buffer.from(`${uid}\0`, "utf8"),
  ]);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(data.length);
  return Buffer.concat([Buffer.from(prefix, "hex"), Buffer.alloc(20), size, data]).toString("base64");
}
