/**
 * The schema of Exchange Web Services as a small model: one source for the XSD files that are served and for the check
 * of every request.
 *
 * The rules of the notation are: `type Name : Base` begins a complex type; `Name Type` is a child element, with `?`,
 * `*` or `+` behind its name as in regular expressions; lines with `|` in front form one choice, whose first line bears
 * its own `?`, `*` or `+`; `^Name` refers to a global element and whatever substitutes it; `@Name Type` is an attribute,
 * `@Name! Type` a required one; `= Type` is simple content; `any` lets everything through; `@@soap` allows attributes of
 * the SOAP namespace. A type with a small first letter is a built-in one, `t:` names the types schema.
 */

/** Namespace of what the operations exchange. */
export const MESSAGES_NAMESPACE = "http://schemas.microsoft.com/exchange/services/2006/messages";
/** Namespace of items, folders and their parts. */
export const TYPES_NAMESPACE = "http://schemas.microsoft.com/exchange/services/2006/types";

/** How often something may stand. */
export interface Occurs {
  readonly min: 0 | 1;
  readonly max: number;
}

/** A child element: declared in place, or a reference to a global one. */
export interface ElementParticle extends Occurs {
  readonly kind: "element";
  readonly name: string;
  /** Qualified name of its type, or of the global element that is referred to. */
  readonly type: string;
  readonly isReference: boolean;
}

/** One of several elements. */
export interface ChoiceParticle extends Occurs {
  readonly kind: "choice";
  readonly options: readonly ElementParticle[];
}

/** Anything at all. */
export interface AnyParticle extends Occurs {
  readonly kind: "any";
}

/** Part of a content model. */
export type Particle = ElementParticle | ChoiceParticle | AnyParticle;

/** An attribute. */
export interface AttributeDeclaration {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
}

/** A complex type, without what it inherits. */
export interface ComplexType {
  readonly kind: "complex";
  readonly name: string;
  readonly base: string | undefined;
  readonly isAbstract: boolean;
  readonly particles: Particle[];
  readonly attributes: AttributeDeclaration[];
  simpleContent: string | undefined;
  allowsSoapAttributes: boolean;
}

/** A simple type: a base with facets, a list, or a union. */
export interface SimpleType {
  readonly kind: "simple";
  readonly name: string;
  readonly base: string;
  readonly values: readonly string[];
  readonly pattern: string | undefined;
  readonly least: number | undefined;
  readonly largest: number | undefined;
  readonly minLength: number | undefined;
  readonly isList: boolean;
  readonly memberTypes: readonly string[];
}

/** A global element. */
export interface GlobalElement {
  readonly name: string;
  readonly type: string;
  readonly isAbstract: boolean;
  /** Name of the element whose place it may take. */
  readonly substitutes: string | undefined;
}

/** One schema file. */
export interface Schema {
  readonly namespace: string;
  readonly prefix: "t" | "m";
  readonly types: ReadonlyMap<string, ComplexType | SimpleType>;
  readonly elements: ReadonlyMap<string, GlobalElement>;
}

interface Reader {
  readonly prefix: "t" | "m";
  readonly types: Map<string, ComplexType | SimpleType>;
  readonly elements: Map<string, GlobalElement>;
  current: ComplexType | undefined;
}

const OCCURS: Readonly<Record<string, Occurs>> = {
  "": { min: 1, max: 1 },
  "?": { min: 0, max: 1 },
  "*": { min: 0, max: Number.POSITIVE_INFINITY },
  "+": { min: 1, max: Number.POSITIVE_INFINITY },
};

/**
 * Reads a schema from its notation.
 *
 * @param prefix - of the namespace that the schema describes
 * @param text - see the rules of this file
 * @returns the schema
 * @throws {TypeError} when a line is not of the notation
 */
export function readSchema(prefix: "t" | "m", text: string): Schema {
  const reader: Reader = { prefix, types: new Map(), elements: new Map(), current: undefined };
  for (const line of text.split("\n")) {
    const trimmed = line.trim();
    if (trimmed === "") continue;
    if (line.startsWith(" ")) readMember(reader, trimmed);
    else readDeclaration(reader, trimmed);
  }
  const namespace = prefix === "t" ? TYPES_NAMESPACE : MESSAGES_NAMESPACE;
  return { namespace, prefix, types: reader.types, elements: reader.elements };
}

function readDeclaration(reader: Reader, line: string): void {
  const [word, name = "", ...rest] = line.split(/\s+/);
  if (word === "type") {
    const base = rest[0] === ":" ? qualify(reader.prefix, rest[1] ?? "") : undefined;
    reader.current = {
      kind: "complex",
      name,
      base,
      isAbstract: rest.includes("abstract"),
      particles: [],
      attributes: [],
      simpleContent: undefined,
      allowsSoapAttributes: false,
    };
    reader.types.set(name, reader.current);
    return;
  }
  reader.current = undefined;
  if (word === "element") {
    const substitutes = rest[1] === "<" ? rest[2] : undefined;
    reader.elements.set(name, {
      name,
      type: qualify(reader.prefix, rest[0] ?? ""),
      isAbstract: rest.includes("abstract"),
      substitutes,
    });
  } else reader.types.set(name, readSimpleType(reader.prefix, word ?? "", name, rest));
}

function readSimpleType(prefix: "t" | "m", word: string, name: string, rest: readonly string[]): SimpleType {
  const type = {
    kind: "simple" as const,
    name,
    base: "xs:string",
    values: [],
    pattern: undefined,
    least: undefined,
    largest: undefined,
    minLength: undefined,
    isList: false,
    memberTypes: [],
  };
  if (word === "enum") return { ...type, values: rest };
  if (word === "list") return { ...type, isList: true, base: qualify(prefix, rest[0] ?? "") };
  if (word === "union") return { ...type, memberTypes: rest.map((member) => qualify(prefix, member)) };
  if (word !== "simple") throw new TypeError(`Cannot read the schema: "${word}" is no declaration`);
  const facets = new Map(rest.slice(1).map((facet) => splitFacet(facet)));
  const number = (facet: string): number | undefined =>
    facets.has(facet) ? Number(facets.get(facet)) : undefined;
  return {
    ...type,
    base: qualify(prefix, rest[0] ?? ""),
    pattern: facets.get("pattern"),
    least: number("least"),
    largest: number("largest"),
    minLength: number("minLength"),
  };
}

function splitFacet(facet: string): [string, string] {
  const at = facet.indexOf("=");
  return [facet.slice(0, at), facet.slice(at + 1)];
}

function readMember(reader: Reader, line: string): void {
  const type = reader.current;
  if (type === undefined) throw new TypeError(`Cannot read the schema: "${line}" belongs to no type`);
  if (line === "@@soap") type.allowsSoapAttributes = true;
  else if (line.startsWith("@")) {
    const [name = "", attributeType = ""] = line.slice(1).split(/\s+/);
    type.attributes.push({
      name: name.replace("!", ""),
      type: qualify(reader.prefix, attributeType),
      isRequired: name.endsWith("!"),
    });
  } else if (line.startsWith("= ")) type.simpleContent = qualify(reader.prefix, line.slice(2));
  else if (line.startsWith("any")) type.particles.push({ kind: "any", ...occurs(line.slice(3)) });
  else if (line.startsWith("|")) readOption(reader, type, line);
  else type.particles.push(readElement(reader.prefix, line));
}

function readOption(reader: Reader, type: ComplexType, line: string): void {
  const match = /^\|([?*+]?)(\|?)\s+(.*)$/.exec(line);
  const option = readElement(reader.prefix, match?.[3] ?? "");
  const last = type.particles[type.particles.length - 1];
  const begins = match?.[1] !== "" || match?.[2] === "|";
  if (last?.kind === "choice" && !begins) {
    (last.options as ElementParticle[]).push(option);
    return;
  }
  type.particles.push({ kind: "choice", ...occurs(match?.[1] ?? ""), options: [option] });
}

function readElement(prefix: "t" | "m", line: string): ElementParticle {
  const [word = "", type] = line.split(/\s+/);
  const mark = /[?*+]$/.exec(word)?.[0] ?? "";
  const name = word.slice(0, word.length - mark.length);
  if (name.startsWith("^")) {
    const reference = qualify(prefix, name.slice(1));
    return {
      kind: "element",
      name: reference.slice(2),
      type: reference,
      isReference: true,
      ...occurs(mark),
    };
  }
  return { kind: "element", name, type: qualify(prefix, type ?? ""), isReference: false, ...occurs(mark) };
}

function occurs(mark: string): Occurs {
  const found = OCCURS[mark];
  if (found === undefined) throw new TypeError(`Cannot read the schema: "${mark}" says not how often`);
  return found;
}

function qualify(prefix: "t" | "m", name: string): string {
  if (name.includes(":")) return name;
  return /^[a-z]/.test(name) ? `xs:${name}` : `${prefix}:${name}`;
}
