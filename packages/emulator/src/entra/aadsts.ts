/** The table of AADSTS errors: one row gives the number, the text, the status and the OAuth error. */
import { AADSTS_ROWS, type AadstsRow } from "./aadsts.generated.ts";

/** A refusal by number, with what its text prints. */
export interface Refusal {
  readonly code: number;
  /** Values of the placeholders. An optional part of the text is printed when all its values are there. */
  readonly values?: Readonly<Record<string, string | undefined>> | undefined;
  /** Replaces the row's text, for variants that the service is known to use. */
  readonly text?: string | undefined;
  /** Replaces the row's OAuth error where an endpoint is known to differ. */
  readonly oauthError?: string | undefined;
  readonly suberror?: string | undefined;
  /** JSON of a claims request, with interaction and policy errors. */
  readonly claims?: string | undefined;
}

/** A refusal on its way to the endpoint that words it. */
export class RefusedError extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`AADSTS${refusal.code}`);
    this.refusal = refusal;
  }
}

/**
 * Refuses by number.
 *
 * @param code - number of a row of the table
 * @param values - values of the placeholders
 * @param more - further members of the answer
 * @returns the error to throw
 */
export function refused(
  code: number,
  values?: Refusal["values"],
  more: Omit<Refusal, "code" | "values"> = {},
): RefusedError {
  return new RefusedError({ code, values, ...more });
}

const ROWS: ReadonlyMap<number, AadstsRow> = new Map(AADSTS_ROWS.map((row) => [row[0], row]));

/** Texts for numbers whose own text is not public: ours, so that the answer says something. */
const UNPUBLISHED_TEXT = "The text of this error is not public.";

/** A refusal in words. */
export interface WordedRefusal {
  readonly code: number;
  readonly oauthError: string;
  readonly httpStatus: number;
  readonly text: string;
  /** Whether answers with this number are known to carry `error_uri`, or are not known to lack it. */
  readonly hasErrorUri: boolean;
  readonly suberror: string | undefined;
  readonly claims: string | undefined;
}

/**
 * Words a refusal.
 *
 * @param refusal - number and values
 * @returns everything that an answer needs
 * @throws {RangeError} when the number is not in the table
 */
export function wordRefusal(refusal: Refusal): WordedRefusal {
  const row = ROWS.get(refusal.code);
  if (row === undefined) throw new RangeError(`No AADSTS error ${refusal.code} in the table`);
  const [code, oauthError, httpStatus, template, hasErrorUri, suberror] = row;
  const text = formatTemplate(refusal.text ?? template ?? UNPUBLISHED_TEXT, refusal.values ?? {});
  return {
    code,
    oauthError: refusal.oauthError ?? oauthError,
    httpStatus: (refusal.oauthError ?? oauthError) === "invalid_client" ? 401 : httpStatus,
    text,
    hasErrorUri: hasErrorUri ?? template !== null,
    suberror: refusal.suberror ?? suberror ?? undefined,
    claims: refusal.claims,
  };
}

/**
 * Tells whether the table has a number.
 *
 * @param code - number without the letters
 * @returns true when {@link wordRefusal} can word it
 */
export function isKnownCode(code: number): boolean {
  return ROWS.has(code);
}

/**
 * Fills a text: `{name}` is replaced by its value, `{, text {name}}` is dropped as a whole when a value is missing.
 */
function formatTemplate(template: string, values: Readonly<Record<string, string | undefined>>): string {
  const withOptional = template.replace(/\{(,[^{}]*(?:\{\w+\}[^{}]*)+)\}/g, (_, part: string) => {
    const names = [...part.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
    return names.every((name) => values[name] !== undefined) ? part : "";
  });
  return withOptional.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
}
