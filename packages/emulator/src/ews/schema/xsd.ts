/** Writes a schema as the XSD file that `/EWS/types.xsd` and `/EWS/messages.xsd` serve. */
import { escapeAttribute } from "../soap/xml-writer.ts";
import {
  type AttributeDeclaration,
  type ComplexType,
  type ElementParticle,
  MESSAGES_NAMESPACE,
  type Occurs,
  type Particle,
  type Schema,
  type SimpleType,
  TYPES_NAMESPACE,
} from "./model.ts";

/**
 * Writes a schema.
 *
 * @param schema - types or messages
 * @returns an XML Schema 1.0 document
 */
export function writeXsd(schema: Schema): string {
  const lines = [
    `<?xml version="1.0" encoding="utf-8"?>`,
    `<xs:schema id="${schema.prefix === "t" ? "types" : "messages"}" elementFormDefault="qualified" version="Exchange2013_SP1" targetNamespace="${schema.namespace}" xmlns:t="${TYPES_NAMESPACE}" xmlns:m="${MESSAGES_NAMESPACE}" xmlns:xs="http://www.w3.org/2001/XMLSchema">`,
  ];
  if (schema.prefix === "m")
    lines.push(`<xs:import namespace="${TYPES_NAMESPACE}" schemaLocation="types.xsd"/>`);
  for (const type of schema.types.values())
    lines.push(type.kind === "simple" ? writeSimpleType(type) : writeComplexType(schema, type));
  for (const { name, type, isAbstract } of schema.elements.values())
    lines.push(`<xs:element name="${name}" type="${type}"${isAbstract ? ' abstract="true"' : ""}/>`);
  lines.push("</xs:schema>", "");
  return lines.join("\n");
}

function writeSimpleType(type: SimpleType): string {
  const open = `<xs:simpleType name="${type.name}">`;
  if (type.isList) return `${open}<xs:list itemType="${type.base}"/></xs:simpleType>`;
  if (type.memberTypes.length > 0)
    return `${open}<xs:union memberTypes="${type.memberTypes.join(" ")}"/></xs:simpleType>`;
  const facets = [
    ...type.values.map((value) => `<xs:enumeration value="${escapeAttribute(value)}"/>`),
    ...facet("pattern", type.pattern),
    ...facet("minLength", type.minLength),
    ...facet("minInclusive", type.least),
    ...facet("maxInclusive", type.largest),
  ];
  return `${open}<xs:restriction base="${type.base}">${facets.join("")}</xs:restriction></xs:simpleType>`;
}

function facet(name: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [`<xs:${name} value="${escapeAttribute(String(value))}"/>`];
}

function writeComplexType(schema: Schema, type: ComplexType): string {
  const open = `<xs:complexType name="${type.name}"${type.isAbstract ? ' abstract="true"' : ""}>`;
  const attributes = `${type.attributes.map(writeAttribute).join("")}${
    type.allowsSoapAttributes
      ? '<xs:anyAttribute namespace="http://schemas.xmlsoap.org/soap/envelope/"/>'
      : ""
  }`;
  if (type.simpleContent !== undefined)
    return `${open}<xs:simpleContent><xs:extension base="${type.simpleContent}">${attributes}</xs:extension></xs:simpleContent></xs:complexType>`;
  const sequence =
    type.particles.length === 0
      ? ""
      : `<xs:sequence>${type.particles.map((particle) => writeParticle(schema, particle)).join("")}</xs:sequence>`;
  if (type.base === undefined) return `${open}${sequence}${attributes}</xs:complexType>`;
  return `${open}<xs:complexContent><xs:extension base="${type.base}">${sequence}${attributes}</xs:extension></xs:complexContent></xs:complexType>`;
}

function writeParticle(schema: Schema, particle: Particle): string {
  if (particle.kind === "any") return `<xs:any processContents="lax"${writeOccurs(particle)}/>`;
  if (particle.kind === "choice") return writeChoice(schema, particle.options, particle);
  return isHead(schema, particle) ? writeChoice(schema, [particle], particle) : writeElement(particle);
}

/**
 * Substitution groups are spelled out as choices: what is valid stays the same, and many a generator of clients knows
 * no such groups.
 */
function writeChoice(schema: Schema, options: readonly ElementParticle[], occurs: Occurs): string {
  const once = { min: 1, max: 1 } as const;
  const written = options.flatMap((option) =>
    isHead(schema, option)
      ? substitutesOf(schema, option).map((name) => `<xs:element ref="${schema.prefix}:${name}"/>`)
      : writeElement({ ...option, ...once }),
  );
  return `<xs:choice${writeOccurs(occurs)}>${written.join("")}</xs:choice>`;
}

function isHead(schema: Schema, particle: ElementParticle): boolean {
  return particle.isReference && substitutesOf(schema, particle).some((name) => name !== particle.name);
}

function substitutesOf({ elements }: Schema, { name: head }: ElementParticle): string[] {
  return [...elements.values()]
    .filter(({ name, isAbstract, substitutes }) => substitutes === head || (name === head && !isAbstract))
    .map(({ name }) => name);
}

function writeElement(particle: ElementParticle): string {
  const what = particle.isReference
    ? `ref="${particle.type}"`
    : `name="${particle.name}" type="${particle.type}"`;
  return `<xs:element ${what}${writeOccurs(particle)}/>`;
}

function writeAttribute({ name, type, isRequired }: AttributeDeclaration): string {
  return `<xs:attribute name="${name}" type="${type}"${isRequired ? ' use="required"' : ""}/>`;
}

function writeOccurs({ min, max }: Occurs): string {
  const least = min === 1 ? "" : ' minOccurs="0"';
  return max === 1 ? least : `${least} maxOccurs="unbounded"`;
}
