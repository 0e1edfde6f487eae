/**
 * DeleteItem: an event, a series, or one occurrence.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/deleteitem-operation
 */
import { callOf, onlyMessage, type Question } from "../question.ts";
import { xml } from "../xml-writer.ts";
import { itemPath } from "./get-item.ts";

/**
 * Moves an event to Deleted Items, as a person would and as Graph does; those who are invited get a cancellation.
 *
 * @param question - who asks about what
 * @param id - id of the event
 * @throws {NightlatchError} `CALENDAR_…` by cause
 */
export async function deleteItem(question: Question, id: string): Promise<void> {
  const content = xml(
    "m:DeleteItem",
    { DeleteType: "MoveToDeletedItems", SendMeetingCancellations: "SendOnlyToAll" },
    xml("m:ItemIds", {}, itemPath(id)),
  );
  const answer = await question.service.ask(callOf(question, "DeleteItem", "change", content));
  // Our own first attempt has deleted it, only its answer was lost.
  if (answer.lostBefore && answer.messages[0]?.responseCode === "ErrorItemNotFound") return;
  onlyMessage(answer);
}
