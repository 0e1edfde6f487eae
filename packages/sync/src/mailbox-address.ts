/** How a mailbox is written in a source. */

const ADDRESS = /^[^\s@,;|<>"'()[\]\\/]+@[^\s@,;|<>"'()[\]\\/]+$/;
const OBJECT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Reads the name of one mailbox.
 *
 * @param text - SMTP address, user principal name or object id, also as `mailto:` URI
 * @returns lower case and without `mailto:`, because Exchange does not tell addresses apart by case;
 *   `undefined` when it is none of these
 */
export function parseMailbox(text: string): string | undefined {
  const bare = text.trim().replace(/^mailto:/i, "");
  const mailbox = decodeUri(bare).trim().toLowerCase();
  return mailbox.length <= 320 && (ADDRESS.test(mailbox) || OBJECT_ID.test(mailbox)) ? mailbox : undefined;
}

function decodeUri(text: string): string {
  try {
    return text.includes("%") ? decodeURIComponent(text) : text;
  } catch {
    return text;
  }
}
