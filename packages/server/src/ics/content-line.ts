/** Content lines of iCalendar: escaping, parameters, folding. @see RFC 5545 §3.1, §3.3.11 */

const MAX_OCTETS = 75;

/**
 * Formats one property, folded, with CRLF at its end.
 *
 * @param name - property name in upper case
 * @param value - value in its final form; text must have gone through {@link escapeText}
 * @param parameters - parameters by name
 * @returns lines of at most 75 octets of UTF-8 each, without the break; no character is cut in two
 */
export function formatContentLine(
  name: string,
  value: string,
  parameters: Readonly<Record<string, string>> = {},
): string {
  const head = Object.entries(parameters).map(([key, text]) => `;${key}=${formatParameter(text)}`);
  return `${fold(`${name}${head.join("")}:${value}`)}\r\n`;
}

/**
 * Escapes text.
 *
 * @returns backslash, semicolon, comma and line breaks escaped; control characters, which RFC 5545 forbids, left out
 */
export function escapeText(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[^\P{Cc}\t\n]/gu, "")
    .replace(/[\\;,]/g, (character) => `\\${character}`)
    .replaceAll("\n", "\\n");
}

function formatParameter(text: string): string {
  const clean = text.replace(/["\p{Cc}]/gu, "");
  return /[:;,]/.test(clean) ? `"${clean}"` : clean;
}

function fold(line: string): string {
  if (Buffer.byteLength(line) <= MAX_OCTETS) return line;
  let folded = "";
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > MAX_OCTETS) {
      folded += "\r\n ";
      octets = 1;
    }
    folded += character;
    octets += size;
  }
  return folded;
}
