/**
 * Reads values out of parsed JSON and names the place when one does not fit: `tenants[0].users[2].password`.
 */
import { GUID } from "./stable-id.ts";

/** A value that cannot be used, with its place. */
export class JsonPlaceError extends Error {
  /** JSON path, for example `tenants[0].applications[1].manifest.appId`. */
  readonly path: string;

  constructor(path: string, problem: string) {
    super(`${path === "" ? "the document" : path} ${problem}`);
    this.path = path;
  }
}

/** A JSON object with the path at which it stands. */
export class JsonObject {
  readonly path: string;
  readonly value: Readonly<Record<string, unknown>>;

  constructor(value: unknown, path: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new JsonPlaceError(path, `must be an object, not ${nameKind(value)}`);
    this.path = path;
    this.value = value as Record<string, unknown>;
  }

  /** @returns the path of a member */
  at(name: string): string {
    return this.path === "" ? name : `${this.path}.${name}`;
  }

  /** @returns whether the member is there and not null */
  has(name: string): boolean {
    return this.value[name] !== undefined && this.value[name] !== null;
  }

  /** @returns a text; `undefined` when the member is missing or null */
  text(name: string): string | undefined {
    return this.#optional(name, "string", "a text") as string | undefined;
  }

  /** @returns a text that must be there and not be empty */
  requiredText(name: string): string {
    const text = this.text(name);
    if (text === undefined || text === "")
      throw new JsonPlaceError(this.at(name), "must be a text that is not empty");
    return text;
  }

  /** @returns a GUID in lower case; `undefined` when the member is missing or null */
  guid(name: string): string | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!GUID.test(text)) throw new JsonPlaceError(this.at(name), `must be a GUID, not "${text}"`);
    return text.toLowerCase();
  }

  /** @returns true or false; `undefined` when the member is missing or null */
  flag(name: string): boolean | undefined {
    return this.#optional(name, "boolean", "true or false") as boolean | undefined;
  }

  /** @returns a number; `undefined` when the member is missing or null */
  number(name: string): number | undefined {
    return this.#optional(name, "number", "a number") as number | undefined;
  }

  /** @returns milliseconds since 1970 UTC of an ISO 8601 instant; `undefined` when the member is missing or null */
  instantMs(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const ms = Date.parse(text);
    if (Number.isNaN(ms))
      throw new JsonPlaceError(this.at(name), `must be a date such as 2030-01-31T00:00:00Z, not "${text}"`);
    return ms;
  }

  /** @returns an object; `undefined` when the member is missing or null */
  object(name: string): JsonObject | undefined {
    return this.has(name) ? new JsonObject(this.value[name], this.at(name)) : undefined;
  }

  /** @returns the entries of an array with their paths; none when the member is missing or null */
  entries(name: string): readonly { readonly value: unknown; readonly path: string }[] {
    if (!this.has(name)) return [];
    const list = this.value[name];
    if (!Array.isArray(list))
      throw new JsonPlaceError(this.at(name), `must be an array, not ${nameKind(list)}`);
    return list.map((value: unknown, index) => ({ value, path: `${this.at(name)}[${index}]` }));
  }

  /** @returns the objects of an array; none when the member is missing or null */
  objects(name: string): readonly JsonObject[] {
    return this.entries(name).map(({ value, path }) => new JsonObject(value, path));
  }

  /** @returns the texts of an array; none when the member is missing or null */
  texts(name: string): string[] {
    return this.entries(name).map(({ value, path }) => {
      if (typeof value !== "string") throw new JsonPlaceError(path, `must be a text, not ${nameKind(value)}`);
      return value;
    });
  }

  /** Refuses members that nobody reads, which are usually typing mistakes. */
  allowOnly(...names: readonly string[]): void {
    for (const name of Object.keys(this.value))
      if (!names.includes(name) && !name.startsWith("$") && !name.startsWith("//"))
        throw new JsonPlaceError(this.at(name), `is not known; known are ${names.join(", ")}`);
  }

  #optional(name: string, type: "string" | "boolean" | "number", wanted: string): unknown {
    const value = this.value[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== type)
      throw new JsonPlaceError(this.at(name), `must be ${wanted}, not ${nameKind(value)}`);
    return value;
  }
}

function nameKind(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
