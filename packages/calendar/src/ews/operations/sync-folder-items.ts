/**
 * SyncFolderItems: what changed in a folder since a state that the server gave out. Single events and masters only,
 * no occurrences, no bodies.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/syncfolderitems-operation
 */
import { fieldPath, propertyPath } from "../property-paths.ts";
import { callOf, folderPath, itemShape, onlyMessage, type Question } from "../question.ts";
import { childOf, textOf, type XmlElement } from "../xml-element.ts";
import { xml } from "../xml-writer.ts";

/** Changes of one answer; a server gives no more. */
const SYNC_CHANGE_COUNT = 512;

/** Changes of one answer. */
export interface SyncedChanges<Change> {
  readonly changes: readonly Change[];
  /** State from which the next answer goes on. */
  readonly syncState: string;
  /** Whether nothing more had changed when the server answered. */
  readonly isLast: boolean;
}

/**
 * Reads the next changes.
 *
 * @param question - who asks about what
 * @param calendarId - folder; the default calendar when `undefined`
 * @param syncState - state of the last answer; `undefined` to read all that there is
 * @param shape - field URIs and own properties to read
 * @param read - reads one `t:Create`, `t:Update` or `t:Delete`; changes are not kept otherwise
 * @returns at most 512 changes
 * @throws {NightlatchError} `CALENDAR_…` by cause
 */
export async function syncFolderItems<Change>(
  question: Question,
  calendarId: string | undefined,
  syncState: string | undefined,
  shape: { readonly fields: readonly string[]; readonly properties: readonly string[] },
  read: (change: XmlElement) => Change,
): Promise<SyncedChanges<Change>> {
  const changes: Change[] = [];
  const content = xml(
    "m:SyncFolderItems",
    {},
    itemShape([...shape.fields.map(fieldPath), ...shape.properties.map(propertyPath)]),
    xml("m:SyncFolderId", {}, folderPath(question, calendarId)),
    syncState === undefined ? undefined : xml("m:SyncState", {}, syncState),
    xml("m:MaxChangesReturned", {}, SYNC_CHANGE_COUNT),
  );
  const answer = await question.service.ask({
    ...callOf(question, "SyncFolderItems", "read", content),
    onAttempt: () => {
      changes.length = 0;
    },
    streamed: new Set(["t:Create", "t:Update", "t:Delete"]),
    onElement: (change) => changes.push(read(change)),
  });
  const { element } = onlyMessage(answer);
  const nextState = textOf(element, "m:SyncState");
  const isLast = childOf(element, "m:IncludesLastItemInRange")?.text;
  if (nextState === undefined || isLast === undefined) throw answer.unreadable("holds no sync state");
  return { changes, syncState: nextState, isLast: isLast === "true" };
}
