/**
 * One copy of texts that many events repeat: rooms, categories, zone names. The pool is bounded, so that unusual data
 * costs no more than it would without; it holds no state, only copies.
 */

const POOL_LIMIT = 20_000;
const LONGEST_TEXT = 64;
const texts = new Map<string, string>();
const lists = new Map<string, readonly string[]>();

/**
 * Gives one and the same string for equal texts.
 *
 * @param text - any text; long ones are given back as they are
 * @returns an equal string
 */
export function sharedText(text: string): string {
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size < POOL_LIMIT && text.length <= LONGEST_TEXT) texts.set(text, text);
  return text;
}

/**
 * Gives one and the same list for equal lists of texts.
 *
 * @param list - any texts, never changed afterwards
 * @returns an equal list
 */
export function sharedTexts(list: readonly string[]): readonly string[] {
  const key = JSON.stringify(list);
  const known = lists.get(key);
  if (known !== undefined) return known;
  const copy = list.map(sharedText);
  if (lists.size < POOL_LIMIT && key.length <= LONGEST_TEXT * 4) lists.set(key, copy);
  return copy;
}
