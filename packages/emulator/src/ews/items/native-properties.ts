/**
 * Properties that clients reach by MAPI's names though items have members for them: both are one, so what is written
 * through one is read through the other.
 *
 * @see https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxprops
 */
import type { EventInstance, ShowAs } from "../../mailbox/event.ts";
import { DISTINGUISHED_PROPERTY_SETS, type ExtendedProperty } from "../../mailbox/extended-properties.ts";
import { bodyText } from "./item-body.ts";
import type { ItemDraft } from "./item-draft.ts";

type Value = ExtendedProperty["value"];

interface NativeProperty {
  readonly read: (instance: EventInstance) => Value | undefined;
  /** `null` takes the value away. */
  readonly write: (draft: ItemDraft, value: Value | null) => void;
}

const APPOINTMENT = DISTINGUISHED_PROPERTY_SETS["Appointment"] ?? "";
const COMMON = DISTINGUISHED_PROPERTY_SETS["Common"] ?? "";
const PUBLIC_STRINGS = DISTINGUISHED_PROPERTY_SETS["PublicStrings"] ?? "";
/** By the number that MAPI gives them. */
const BUSY: readonly ShowAs[] = ["free", "tentative", "busy", "oof", "workingElsewhere"];
const IMPORTANCES = ["low", "normal", "high"] as const;
const SENSITIVITIES = ["normal", "personal", "private", "confidential"] as const;

const SUBJECT: NativeProperty = {
  read: ({ event }) => event.subject,
  write: ({ content }, value) => {
    content.subject = textOf(value);
  },
};

const NATIVE: Readonly<Record<string, NativeProperty>> = {
  "tag:0x37|String": SUBJECT,
  "tag:0xe1d|String": SUBJECT,
  "tag:0x1000|String": {
    read: ({ event }) => (event.body === undefined ? undefined : bodyText(event)),
    write: ({ content }, value) => {
      content.body = value === null ? undefined : textOf(value);
      content.bodyType = "text";
    },
  },
  "tag:0x17|Integer": {
    read: ({ event }) => String(IMPORTANCES.indexOf(event.importance)),
    write: ({ content }, value) => {
      content.importance = IMPORTANCES[Number(value ?? 1)] ?? "normal";
    },
  },
  "tag:0x36|Integer": {
    read: ({ event }) => String(SENSITIVITIES.indexOf(event.sensitivity)),
    write: ({ content }, value) => {
      content.sensitivity = SENSITIVITIES[Number(value ?? 0)] ?? "normal";
    },
  },
  [`{${PUBLIC_STRINGS}}/name:Keywords|StringArray`]: {
    read: ({ event }) => (event.categories.length === 0 ? undefined : event.categories),
    write: ({ content }, value) => {
      content.categories = value === null ? [] : typeof value === "string" ? [value] : [...value];
    },
  },
  [`{${APPOINTMENT}}/id:0x8208|String`]: {
    read: ({ event }) => event.location,
    write: ({ content }, value) => {
      content.location = textOf(value);
    },
  },
  [`{${APPOINTMENT}}/id:0x8205|Integer`]: {
    read: ({ event }) => String(Math.max(0, BUSY.indexOf(event.showAs))),
    write: ({ content }, value) => {
      content.showAs = BUSY[Number(value ?? 2)] ?? "busy";
    },
  },
  [`{${COMMON}}/id:0x8503|Boolean`]: {
    read: ({ event }) => String(event.isReminderOn),
    write: ({ content }, value) => {
      content.isReminderOn = /^(true|1)$/i.test(textOf(value));
    },
  },
  [`{${COMMON}}/id:0x8501|Integer`]: {
    read: ({ event }) => String(event.reminderMinutes),
    write: ({ content }, value) => {
      content.reminderMinutes = Number(value ?? 15);
    },
  },
};

/**
 * Reads a property that a member stands for.
 *
 * @param key - neutral key of the property
 * @param instance - of which item
 * @returns the value; `undefined` when the item has none, or no member stands for the property
 */
export function readNative(key: string, instance: EventInstance): Value | undefined {
  return find(key)?.read(instance);
}

/**
 * Sets or clears a property: the member that stands for it, or else the property itself.
 *
 * @param draft - changed in place
 * @param key - neutral key of the property
 * @param value - `null` takes it away
 */
export function writeProperty(draft: ItemDraft, key: string, value: Value | null): void {
  const native = find(key);
  if (native === undefined) draft.properties.push({ key, value });
  else native.write(draft, value);
}

function find(key: string): NativeProperty | undefined {
  return Object.hasOwn(NATIVE, key) ? NATIVE[key] : undefined;
}

function textOf(value: Value | null): string {
  return typeof value === "string" ? value : (value?.join() ?? "");
}
