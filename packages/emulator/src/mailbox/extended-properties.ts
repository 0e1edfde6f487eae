/**
 * Extended (MAPI) properties under one neutral key, whatever the surface spells: Graph writes
 * `String {guid} Name Title`, Exchange Web Services an `ExtendedFieldURI`. Letters of a name matter, of a GUID not.
 */

import type { ExtendedProperties } from "./event.ts";

/** Property sets that Exchange knows by name. */
export const DISTINGUISHED_PROPERTY_SETS: Readonly<Record<string, string>> = {
  Meeting: "6ed8da90-450b-101b-98da-00aa003f1305",
  Appointment: "00062002-0000-0000-c000-000000000046",
  Common: "00062008-0000-0000-c000-000000000046",
  PublicStrings: "00020329-0000-0000-c000-000000000046",
  Address: "00062004-0000-0000-c000-000000000046",
  InternetHeaders: "00020386-0000-0000-c000-000000000046",
  CalendarAssistant: "11000e07-b51b-40d6-af21-caa85edab1d0",
  UnifiedMessaging: "4442858e-a9e3-4e80-b900-317a210cc15b",
  Task: "00062003-0000-0000-c000-000000000046",
};

/** Types of MAPI properties in the spelling of both surfaces. */
const PROPERTY_TYPES = [
  "ApplicationTime",
  "Binary",
  "Boolean",
  "CLSID",
  "Currency",
  "Double",
  "Float",
  "Integer",
  "Long",
  "Null",
  "Object",
  "Short",
  "String",
  "SystemTime",
] as const;

/** An extended property taken apart. */
export interface PropertyIdentity {
  /** GUID of the property set, lower case; `undefined` for a tagged property. */
  readonly propertySetId: string | undefined;
  readonly name: string | undefined;
  /** Number of a named property, or the tag. */
  readonly id: number | undefined;
  /** One of {@link PROPERTY_TYPES}, with `Array` behind it for several values. */
  readonly type: string;
}

/** One extended property with its value. */
export interface ExtendedProperty {
  /** Neutral key. */
  readonly key: string;
  readonly value: string | readonly string[];
}

/** Keys are few and events many: each key is stored once. */
const interned = new Map<string, string>();
const INTERNED_LIMIT = 10_000;

/**
 * Makes the neutral key.
 *
 * @param identity - the property taken apart
 * @returns `{guid}/name:Title|String`, `{guid}/id:0x8502|Integer` or `tag:0x37|String`
 */
export function propertyKey(identity: PropertyIdentity): string {
  const number = `0x${(identity.id ?? 0).toString(16)}`;
  const place =
    identity.propertySetId === undefined
      ? `tag:${number}`
      : identity.name === undefined
        ? `{${identity.propertySetId}}/id:${number}`
        : `{${identity.propertySetId}}/name:${identity.name}`;
  const key = `${place}|${identity.type}`;
  const known = interned.get(key);
  if (known !== undefined) return known;
  if (interned.size < INTERNED_LIMIT) interned.set(key, key);
  return key;
}

/**
 * Takes a neutral key apart.
 *
 * @param key - as {@link propertyKey} made it
 * @returns the identity
 */
function parsePropertyKey(key: string): PropertyIdentity {
  const bar = key.lastIndexOf("|");
  const type = key.slice(bar + 1);
  const tag = /^tag:(0x[0-9a-f]+)$/.exec(key.slice(0, bar));
  if (tag !== null) return { propertySetId: undefined, name: undefined, id: Number(tag[1]), type };
  const propertySetId = key.slice(1, 37);
  const rest = key.slice(39, bar);
  return rest.startsWith("name:")
    ? { propertySetId, name: rest.slice(5), id: undefined, type }
    : { propertySetId, name: undefined, id: Number(rest.slice(3)), type };
}

/**
 * Reads the `id` of a legacy extended property as Graph spells it.
 *
 * @param text - `String {guid} Name Title`, `Integer {guid} Id 0x8502`, `String 0x37`; with or without braces
 * @returns the neutral key, or `undefined` when the text is no such id
 */
export function parseGraphPropertyId(text: string): string | undefined {
  const match =
    /^(\w+)\s+(?:\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?\s+(?:Name\s+(.+)|Id\s+(0x[0-9a-f]+|\d+))|(0x[0-9a-f]+))$/is.exec(
      text.trim(),
    );
  const type = match === null ? undefined : canonicalType(match[1] ?? "");
  if (match === null || type === undefined) return undefined;
  const number = match[4] ?? match[5];
  return propertyKey({
    propertySetId: match[2]?.toLowerCase(),
    name: match[3],
    id: number === undefined ? undefined : Number(number),
    type,
  });
}

/**
 * Spells a neutral key as Graph does.
 *
 * @param key - neutral key
 * @returns for example `String {guid} Name Title`
 */
export function formatGraphPropertyId(key: string): string {
  const { propertySetId, name, id, type } = parsePropertyKey(key);
  const number = `0x${(id ?? 0).toString(16)}`;
  if (propertySetId === undefined) return `${type} ${number}`;
  return name === undefined
    ? `${type} {${propertySetId}} Id ${number}`
    : `${type} {${propertySetId}} Name ${name}`;
}

/**
 * Lists the properties of an event.
 *
 * @param properties - as stored
 * @returns keys with their values
 */
export function listExtendedProperties(properties: ExtendedProperties): ExtendedProperty[] {
  const found: ExtendedProperty[] = [];
  for (let at = 0; at + 1 < properties.length; at += 2)
    found.push({ key: properties[at] as string, value: properties[at + 1] as ExtendedProperty["value"] });
  return found;
}

/**
 * Sets and removes properties.
 *
 * @param properties - as stored
 * @param changes - by key; `null` takes a property away
 * @returns what to store
 */
export function mergeExtendedProperties(
  properties: ExtendedProperties,
  changes: readonly { readonly key: string; readonly value: ExtendedProperty["value"] | null }[],
): ExtendedProperties {
  const merged = new Map(listExtendedProperties(properties).map(({ key, value }) => [key, value]));
  for (const { key, value } of changes) {
    if (value === null) merged.delete(key);
    else merged.set(key, value);
  }
  return merged.size === 0 ? NO_PROPERTIES : listPairs(merged);
}

/** Exactly as long as needed: room to grow would cost more than the properties. */
function listPairs(merged: ReadonlyMap<string, ExtendedProperty["value"]>): ExtendedProperties {
  const pairs = new Array<string | readonly string[]>(merged.size * 2);
  let at = 0;
  for (const [key, value] of merged) {
    pairs[at++] = key;
    pairs[at++] = value;
  }
  return pairs;
}

/** What an event without extended properties stores. */
export const NO_PROPERTIES: ExtendedProperties = [];

function canonicalType(text: string): string | undefined {
  const isArray = /array$/i.test(text) && text.length > 5;
  const single = (isArray ? text.slice(0, -5) : text).toLowerCase();
  const found = PROPERTY_TYPES.find((type) => type.toLowerCase() === (single === "guid" ? "clsid" : single));
  return found === undefined ? undefined : isArray ? `${found}Array` : found;
}
