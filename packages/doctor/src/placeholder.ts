const WORDS =
  /^(?:client_?id|tenant_?id|your[\s_-]?\S{0,40}|my[\s_-]?(?:tenant|client|app)\S{0,20}|token-?endpoint|undefined|null|none|replace[\s_-]?me|(?:enter|insert|put|copy|fill)[\s_-](?:in[\s_-])?(?:the|your|an?)[\s_-].{1,80}|todo|changeme|example|app(?:lication)?_?id|thumbprint|string|\?)$/i;

/** Marks that people and build services put over a value before they show a text to others. */
const REDACTED =
  /^(?:[x*•#]{3,}|[x*•#0-9a-f]{0,12}[x*•#]{3,}[-x*•#0-9a-f]{0,40}|[[<({]?(?:redacted|removed|masked|hidden|snip|snipped|omitted|obfuscated|scrubbed)[\])}>]?)$/i;

/**
 * Tells whether a value was made unreadable before it was pasted: then nothing is known of what was sent.
 *
 * @param value - a value of a claim, a form field, a path or a message
 * @returns true for `***`, `xxxxxxxx-xxxx-…`, `57c9xxxxxx`, `<redacted>` and the like
 */
export function isRedacted(value: string): boolean {
  return value.length <= 200 && REDACTED.test(value.trim());
}

/**
 * Tells whether a value is a placeholder that somebody forgot to fill in.
 *
 * @param value - a value of a claim, a form field or a manifest
 * @returns true for `<client id>`, `{tenant}`, `$var`, `%VAR%`, `YOUR_CLIENT_ID`, `undefined` and the like, and for redacted values
 */
export function isPlaceholder(value: string): boolean {
  const text = value.trim();
  if (text === "" || text.length > 200) return false;
  if (/^(?:<[^<>]{1,100}>|\{{1,2}[^{}]{1,100}\}{1,2}|\[[^[\]]{1,100}\]|%[A-Za-z_]{2,60}%)$/.test(text))
    return true;
  if (/^\$(?:\{?[A-Za-z_][\w.:]{0,60}\}?|\([^()]{1,60}\))$/.test(text)) return true;
  return WORDS.test(text) || isRedacted(text);
}

/**
 * Finds a placeholder inside an address; a redacted segment is none.
 *
 * @param address - an absolute address or a path
 * @returns the first path segment that is a placeholder
 */
export function placeholderSegment(address: string): string | undefined {
  const path = address.replace(/^https?:\/\/[^/]*/i, "").split(/[?#]/)[0] ?? "";
  return path.split("/").find((segment) => {
    const decoded = segment
      .replace(/%7[bB]/g, "{")
      .replace(/%7[dD]/g, "}")
      .replace(/%3[cC]/g, "<")
      .replace(/%3[eE]/g, ">");
    return isPlaceholder(decoded) && !isRedacted(decoded);
  });
}
