/**
 * UpdateItem: changes of an event, field by field.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/updateitem-operation
 */

import { callOf, type Question } from "../question.ts";
import type { Xml } from "../xml-writer.ts";
import { xml } from "../xml-writer.ts";
import { type WrittenItem, writtenItem } from "./create-item.ts";
import { itemPath } from "./get-item.ts";

/**
 * Updates an event; those who are invited hear of it, without a copy in Sent Items.
 *
 * @param question - who asks about what
 * @param id - id of the event
 * @param changeKey - version that must still be there; any when `undefined`
 * @param changes - `t:SetItemField` and `t:DeleteItemField`, at least one
 * @returns id and version as they are now
 * @throws {NightlatchError} `CALENDAR_…` by cause, `CALENDAR_CONFLICT` when the version is another
 */
export async function updateItem(
  question: Question,
  id: string,
  changeKey: string | undefined,
  changes: readonly Xml[],
): Promise<WrittenItem> {
  const content = xml(
    "m:UpdateItem",
    {
      ConflictResolution: changeKey === undefined ? "AlwaysOverwrite" : "NeverOverwrite",
      SendMeetingInvitationsOrCancellations: "SendOnlyToAll",
    },
    xml("m:ItemChanges", {}, xml("t:ItemChange", {}, itemPath(id, changeKey), xml("t:Updates", {}, changes))),
  );
  return writtenItem(await question.service.ask(callOf(question, "UpdateItem", "change", content)));
}
