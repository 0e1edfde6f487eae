/** Where things were found, and how they are shown. */

/** Where an artifact was found. */
export interface Origin {
  /** Name of the input: a file name, or `input 1`. */
  readonly input: string;
  /** Place inside it: `line 3`, a JSON path, a HAR entry. */
  readonly place: string;
}

/** What every artifact has. */
export interface Found {
  readonly origin: Origin;
  /** One line, with secrets masked. */
  readonly summary: string;
}
