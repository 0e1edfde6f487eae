const ENTITIES: Readonly<Record<string, string>> = {
  quot: '"',
  apos: "'",
  amp: "&",
  lt: "<",
  gt: ">",
  nbsp: " ",
};

/**
 * Takes the wrappings off a text that was copied out of HTML, an address, a JSON string or a program's output.
 *
 * @param text - text as pasted
 * @returns the text with entities, percent escapes around an error and backslash escapes resolved
 */
export function unescapeText(text: string): string {
  let result = text;
  if (/&(?:#|quot|apos|amp|lt|gt|nbsp)/i.test(result)) result = unescapeHtml(unescapeHtml(result));
  if (/AADSTS\d+(?:%3a|:\+|%253a)/i.test(result) || /error_description=/.test(result)) {
    result = result.replace(/[^\s"'<>&?#]*AADSTS\d[^\s"<>&#]*/gi, unescapePercent);
  }
  if (result.includes("\\")) result = unescapeBackslashes(result);
  return result;
}

/**
 * Resolves `%XX` and `+`, leaving what is malformed as it is.
 *
 * @param text - percent-encoded text
 * @returns decoded text
 */
export function unescapePercent(text: string): string {
  let result = text;
  for (let round = 0; round < 2 && /%[0-9a-f]{2}/i.test(result); round += 1) {
    result = result.replace(/\+/g, " ").replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
      try {
        return decodeURIComponent(run);
      } catch {
        return run;
      }
    });
  }
  return result;
}

function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(\d{1,6})|#x([0-9a-f]{1,5})|([a-z]{2,5}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? whole;
    const point = decimal === undefined ? Number.parseInt(hex, 16) : Number.parseInt(decimal, 10);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

function unescapeBackslashes(text: string): string {
  return text
    .replace(/\\{1,4}u([0-9a-f]{4})/gi, (_whole, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
    .replace(/\\{1,4}r\\{1,4}n/g, "\n")
    .replace(/\\{1,4}[rn]/g, "\n")
    .replace(/\\{1,4}t/g, " ")
    .replace(/\\{1,4}(["'/])/g, "$1");
}
