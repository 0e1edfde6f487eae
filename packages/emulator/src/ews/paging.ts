/**
 * Pages of finds: indexed, fractional, or none.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-perform-paged-searches-by-using-ews-in-exchange
 */
import { EwsFault } from "./soap/ews-fault.ts";
import type { XmlElement } from "./soap/xml-reader.ts";
import type { Attributes } from "./soap/xml-writer.ts";

/** A page with the attributes of its `RootFolder`. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly attributes: Attributes;
}

/**
 * Cuts a page.
 *
 * @param items - everything that was found
 * @param view - `IndexedPageViewType` or `FractionalPageViewType`; `undefined` begins at the beginning
 * @param limit - most items of one answer
 * @returns the page
 * @throws {EwsFault} when offset, fraction or number of entries makes no sense
 */
export function cutPage<T>(items: readonly T[], view: XmlElement | undefined, limit: number): Page<T> {
  const size = Math.min(readMaxEntries(view) ?? limit, limit);
  const total = items.length;
  if (view?.attributes.get("BasePoint") === "End") {
    const offset = readOffset(view);
    const until = Math.max(0, total - offset);
    const from = Math.max(0, until - size);
    return {
      items: items.slice(from, until),
      attributes: pageAttributes(total, from === 0, { IndexedPagingOffset: total - from }),
    };
  }
  const from =
    view === undefined ? 0 : view.attributes.has("Offset") ? readOffset(view) : readFraction(view, total);
  const page = items.slice(from, from + size);
  const next = Math.min(total, from + page.length);
  const position = view?.attributes.has("Numerator")
    ? { NumeratorOffset: next, AbsoluteDenominator: total }
    : view === undefined
      ? {}
      : { IndexedPagingOffset: Math.max(next, Math.min(from, total)) };
  return { items: page, attributes: pageAttributes(total, next >= total, position) };
}

/**
 * Reads `MaxEntriesReturned`.
 *
 * @param view - any view
 * @returns the number, or `undefined` when there is none
 * @throws {EwsFault} ErrorInvalidPagingMaxRows
 */
export function readMaxEntries(view: XmlElement | undefined): number | undefined {
  const value = view?.attributes.get("MaxEntriesReturned");
  if (value === undefined) return undefined;
  if (Number(value) < 1) throw new EwsFault("ErrorInvalidPagingMaxRows");
  return Number(value);
}

function pageAttributes(total: number, isLast: boolean, position: Attributes): Attributes {
  return { ...position, TotalItemsInView: total, IncludesLastItemInRange: isLast };
}

function readOffset(view: XmlElement): number {
  const offset = Number(view.attributes.get("Offset"));
  if (offset < 0) throw new EwsFault("ErrorInvalidIndexedPagingParameters");
  return offset;
}

function readFraction(view: XmlElement, total: number): number {
  const [numerator, denominator] = ["Numerator", "Denominator"].map((name) =>
    Number(view.attributes.get(name)),
  );
  if (
    numerator === undefined ||
    denominator === undefined ||
    denominator < 1 ||
    numerator < 0 ||
    numerator > denominator
  )
    throw new EwsFault("ErrorInvalidFractionalPagingParameters");
  return Math.floor((total * numerator) / denominator);
}
