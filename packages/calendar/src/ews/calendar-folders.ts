/** The calendars of a mailbox, as a person sees them. */
import type { CalendarInfo } from "../calendar.ts";
import { findCalendarFolders } from "./operations/find-folder.ts";
import { type Folder, getDefaultFolders } from "./operations/get-folder.ts";
import type { Question } from "./question.ts";

/**
 * Lists the calendars.
 *
 * @param question - who asks about whose mailbox
 * @returns every calendar folder outside of Deleted Items, the default one first
 * @throws {NightlatchError} `CALENDAR_…` by cause
 */
export async function listCalendars(question: Question): Promise<readonly CalendarInfo[]> {
  const { calendar, deletedItemsId } = await getDefaultFolders(question);
  const others = withoutDeleted(await findCalendarFolders(question), deletedItemsId);
  return [calendar, ...others.filter(({ id }) => id !== calendar.id)].map((folder) => ({
    id: folder.id,
    name: folder.name,
    isDefaultCalendar: folder === calendar,
    canEdit: folder.canEdit,
  }));
}

/** A calendar that a person threw away is still a calendar folder, in Deleted Items. */
function withoutDeleted(folders: readonly Folder[], deletedItemsId: string | undefined): readonly Folder[] {
  const parents = new Map(folders.map(({ id, parentId }) => [id, parentId]));
  return folders.filter(({ id }) => {
    const above = new Set<string>();
    for (let parent = parents.get(id); parent !== undefined && !above.has(parent); ) {
      if (parent === deletedItemsId) return false;
      above.add(parent);
      parent = parents.get(parent);
    }
    return true;
  });
}
