/** What the operations have in common: who asks about what, and answers with exactly one message. */

import type { ResponseMessage } from "./response-message.ts";
import type { EwsAnswer, EwsCall, EwsService } from "./service.ts";
import { type Xml, xml } from "./xml-writer.ts";

/** Who asks, and about whose mailbox. */
export interface Question {
  readonly service: EwsService;
  /** What is tried, as words that follow "Cannot". */
  readonly act: string;
  readonly mailbox: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes the call of a question.
 *
 * @param question - who asks about what
 * @param operation - name of the operation
 * @param effect - what it does to the mailbox
 * @param content - element of the operation
 * @returns the call
 */
export function callOf(
  { act, mailbox, signal }: Question,
  operation: string,
  effect: EwsCall["effect"],
  content: Xml,
): EwsCall {
  return { act, mailbox, signal, operation, effect, content };
}

/**
 * Takes the one message of an answer about one thing.
 *
 * @param answer - the answer
 * @returns its message
 * @throws {NightlatchError} `CALENDAR_…` by response code; `CALENDAR_UNREADABLE_ANSWER` when there is no message
 */
export function onlyMessage(answer: EwsAnswer): ResponseMessage {
  const [message] = answer.messages;
  if (message === undefined) throw answer.unreadable("holds no response message");
  if (message.isError) throw answer.refuse(message);
  return message;
}

/**
 * Names a calendar folder.
 *
 * @param question - whose mailbox
 * @param folderId - id of the folder; a folder that every mailbox has when `undefined`
 * @param distinguished - name of that folder, for example `calendar`
 * @returns `t:FolderId` or `t:DistinguishedFolderId`
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/distinguishedfolderid
 */
export function folderPath(
  { service, mailbox }: Question,
  folderId: string | undefined,
  distinguished = "calendar",
): Xml {
  if (folderId !== undefined) return xml("t:FolderId", { Id: folderId });
  // Who acts as the mailbox means its own folders; who does not has to say whose.
  const owner = service.isImpersonating
    ? undefined
    : xml("t:Mailbox", {}, xml("t:EmailAddress", {}, mailbox));
  return xml("t:DistinguishedFolderId", { Id: distinguished }, owner);
}

/**
 * Names what is to be read of an item.
 *
 * @param paths - `t:FieldURI` and `t:ExtendedFieldURI` beside the id
 * @param bodyType - form of the body, when it is among them
 * @returns `m:ItemShape`
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/itemshape
 */
export function itemShape(paths: readonly Xml[], bodyType?: "HTML" | "Text" | undefined): Xml {
  return xml(
    "m:ItemShape",
    {},
    xml("t:BaseShape", {}, "IdOnly"),
    bodyType === undefined ? undefined : xml("t:BodyType", {}, bodyType),
    paths.length === 0 ? undefined : xml("t:AdditionalProperties", {}, paths),
  );
}
