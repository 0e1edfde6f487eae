/**
 * The types schema, as far as this emulator speaks it: names, order and types of Exchange2013_SP1 as Microsoft
 * documents them, later versions included where a client may send them.
 *
 * @see https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxwscdata
 */
import { ATTACHMENT_TYPES } from "./attachment-types.ts";
import { FIELD_URI_ENUMERATION } from "./field-uris.ts";
import { SHARED_TYPES } from "./identifier-types.ts";
import { ITEM_TYPES } from "./item-types.ts";
import { MAILBOX_SETTING_TYPES } from "./mailbox-setting-types.ts";
import { readSchema, type Schema } from "./model.ts";
import { NOTIFICATION_TYPES } from "./notification-types.ts";
import { SEARCH_TYPES } from "./search-types.ts";

let schema: Schema | undefined;

/**
 * Gives the types schema.
 *
 * @returns the schema, read once
 */
export function typesSchema(): Schema {
  schema ??= readSchema(
    "t",
    [
      FIELD_URI_ENUMERATION,
      SHARED_TYPES,
      ATTACHMENT_TYPES,
      ITEM_TYPES,
      SEARCH_TYPES,
      NOTIFICATION_TYPES,
      MAILBOX_SETTING_TYPES,
    ].join("\n"),
  );
  return schema;
}
