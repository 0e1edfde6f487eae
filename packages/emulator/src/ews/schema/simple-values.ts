/** Checks values of simple types, built-in ones and those of the types schema. */

import { daysInMonth } from "../../mailbox/civil-days.ts";
import { messagesSchema } from "./messages-schema.ts";
import type { SimpleType } from "./model.ts";
import { typesSchema } from "./types-schema.ts";

const DATE = "-?\\d{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])";
const TIME = "([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d+)?";
const ZONE = "(Z|[+-]\\d{2}:\\d{2})?";

const BUILT_IN: Readonly<Record<string, RegExp>> = {
  "xs:boolean": /^(true|false|0|1)$/,
  "xs:int": /^[+-]?\d{1,10}$/,
  "xs:short": /^[+-]?\d{1,5}$/,
  "xs:unsignedShort": /^\d{1,5}$/,
  "xs:dateTime": new RegExp(`^${DATE}T(${TIME}|24:00:00(\\.0+)?)${ZONE}$`),
  "xs:date": new RegExp(`^${DATE}${ZONE}$`),
  "xs:time": new RegExp(`^${TIME}${ZONE}$`),
  "xs:duration": /^-?P(?=.)(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/,
  "xs:base64Binary": /^[A-Za-z0-9+/=\s]*$/,
  "xs:language": /^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/,
};

const LARGEST: Readonly<Record<string, number>> = {
  "xs:int": 2_147_483_647,
  "xs:short": 32_767,
  "xs:unsignedShort": 65_535,
};

/**
 * Tells whether a type is simple.
 *
 * @param type - qualified name
 * @returns false for complex types
 */
export function isSimpleType(type: string): boolean {
  return type.startsWith("xs:") || findSimpleType(type) !== undefined;
}

/**
 * Checks a value.
 *
 * @param type - qualified name of a simple type
 * @param value - as it was written
 * @returns what is wrong, in the words of the service, or `undefined`
 */
export function checkSimpleValue(type: string, value: string): string | undefined {
  if (type.startsWith("xs:")) return checkBuiltIn(type, value);
  const declared = findSimpleType(type);
  if (declared === undefined) return undefined;
  if (declared.isList) return checkList(declared, value);
  if (declared.memberTypes.length > 0)
    return declared.memberTypes.some((member) => checkSimpleValue(member, value) === undefined)
      ? undefined
      : "The Enumeration constraint failed.";
  return checkBuiltIn(declared.base, value) ?? checkFacets(declared, value);
}

function checkList(declared: SimpleType, value: string): string | undefined {
  for (const item of value.trim().split(/\s+/)) {
    const wrong = item === "" ? undefined : checkSimpleValue(declared.base, item);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function checkFacets(declared: SimpleType, value: string): string | undefined {
  const { values, pattern, least, largest, minLength } = declared;
  if (values.length > 0 && !values.includes(value)) return "The Enumeration constraint failed.";
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`).test(value))
    return "The Pattern constraint failed.";
  if (minLength !== undefined && value.length < minLength)
    return "The actual length is less than the MinLength value.";
  if (least !== undefined && Number(value) < least) return "The MinInclusive constraint failed.";
  if (largest !== undefined && Number(value) > largest) return "The MaxInclusive constraint failed.";
  return undefined;
}

function checkBuiltIn(type: string, value: string): string | undefined {
  const trimmed = value.trim();
  if (BUILT_IN[type]?.test(trimmed) !== false && isInRange(type, trimmed)) return undefined;
  const name = type.slice(3);
  return `The string '${value.slice(0, 200)}' is not a valid ${name.charAt(0).toUpperCase()}${name.slice(1)} value.`;
}

/** Numbers have bounds, and not every month has 31 days. */
function isInRange(type: string, value: string): boolean {
  const largest = LARGEST[type];
  if (largest !== undefined) return Math.abs(Number(value)) <= largest;
  if (type !== "xs:date" && type !== "xs:dateTime") return true;
  const [year, month, day] = /(\d+)-(\d\d)-(\d\d)/.exec(value)?.slice(1).map(Number) ?? [];
  return (day ?? 0) <= daysInMonth(year ?? 0, (month ?? 1) - 1);
}

function findSimpleType(type: string): SimpleType | undefined {
  const schema = type.startsWith("t:") ? typesSchema() : messagesSchema();
  const found = schema.types.get(type.slice(2));
  return found?.kind === "simple" ? found : undefined;
}
