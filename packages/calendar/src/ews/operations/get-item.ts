/**
 * GetItem: items by their ids, with all that lists do not give.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/getitem-operation
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/recurringmasteritemid
 */
import { callOf, itemShape, type Question } from "../question.ts";
import type { ResponseMessage } from "../response-message.ts";
import type { EwsAnswer } from "../service.ts";
import { childOf, type XmlElement } from "../xml-element.ts";
import { type Xml, xml } from "../xml-writer.ts";

/** Items of one question: the throttling of EWS counts them one by one, and Microsoft advises about ten. */
const GET_ITEM_COUNT = 10;

/** What is read of each item. */
export interface ItemShape {
  /** `t:FieldURI` and `t:ExtendedFieldURI` beside the id. */
  readonly paths: readonly Xml[];
  /** Form of the body, when it is among them. */
  readonly bodyType?: "HTML" | "Text" | undefined;
}

/** What became of one id. */
export interface GotItem {
  /** The item; `undefined` when there is none, which `message` explains. */
  readonly item: XmlElement | undefined;
  readonly message: ResponseMessage;
  readonly answer: EwsAnswer;
}

/**
 * Names an item.
 *
 * @param id - id of the item
 * @param changeKey - its version, when that matters
 * @returns `t:ItemId`
 */
export function itemPath(id: string, changeKey?: string | undefined): Xml {
  return xml("t:ItemId", { Id: id, ChangeKey: changeKey });
}

/**
 * Names the master of a series by one of its occurrences.
 *
 * @param occurrenceId - id of an occurrence or exception
 * @returns `t:RecurringMasterItemId`
 */
export function masterPath(occurrenceId: string): Xml {
  return xml("t:RecurringMasterItemId", { OccurrenceId: occurrenceId });
}

/**
 * Gets items, ten at a time and as many questions at once as the service lets through.
 *
 * @param question - who asks about what
 * @param ids - `t:ItemId`, `t:RecurringMasterItemId`
 * @param shape - what is read
 * @returns what became of each id, in order
 * @throws {NightlatchError} `CALENDAR_…` when a whole question fails
 */
export async function getItems(
  question: Question,
  ids: readonly Xml[],
  shape: ItemShape,
): Promise<readonly GotItem[]> {
  const batches: (readonly Xml[])[] = [];
  for (let start = 0; start < ids.length; start += GET_ITEM_COUNT) {
    batches.push(ids.slice(start, start + GET_ITEM_COUNT));
  }
  return (await Promise.all(batches.map((batch) => getBatch(question, batch, shape)))).flat();
}

async function getBatch(
  question: Question,
  ids: readonly Xml[],
  { paths, bodyType }: ItemShape,
): Promise<readonly GotItem[]> {
  const content = xml("m:GetItem", {}, itemShape(paths, bodyType), xml("m:ItemIds", {}, ids));
  const answer = await question.service.ask(callOf(question, "GetItem", "read", content));
  if (answer.messages.length !== ids.length) {
    throw answer.unreadable(`holds ${answer.messages.length} response messages, not ${ids.length}`);
  }
  return answer.messages.map((message) => ({
    item: message.isError ? undefined : childOf(childOf(message.element, "m:Items"), "t:CalendarItem"),
    message,
    answer,
  }));
}
