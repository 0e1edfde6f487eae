/**
 * The mailbox store that Graph and Exchange share: an event written through one surface is read through the other.
 */

/** A calendar folder. */
export interface CalendarFolder {
  readonly id: string;
  name: string;
  readonly isDefault: boolean;
}

/** A mailbox: its calendar folders and what they hold. */
export interface Mailbox {
  readonly ownerId: string;
  readonly folders: Map<string, CalendarFolder>;
}
