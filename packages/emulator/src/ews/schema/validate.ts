/**
 * Checks a request against the schema, in the words of the service: which element, which line, what was expected.
 */
import { EwsFault } from "../soap/ews-fault.ts";
import { type XmlElement, XmlFault } from "../soap/xml-reader.ts";
import { isAbsent } from "./absent.ts";
import { messagesSchema } from "./messages-schema.ts";
import type {
  AttributeDeclaration,
  ChoiceParticle,
  ComplexType,
  ElementParticle,
  Particle,
  Schema,
} from "./model.ts";
import { checkSimpleValue, isSimpleType } from "./simple-values.ts";
import { memberOfField } from "./since.ts";
import { typesSchema } from "./types-schema.ts";

const SOAP_NAMESPACE = "http://schemas.xmlsoap.org/soap/envelope/";
const INSTANCE_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type";

/** A complex type with all that it inherits. */
interface Content {
  readonly particles: readonly Particle[];
  readonly attributes: ReadonlyMap<string, AttributeDeclaration>;
  readonly simpleContent: string | undefined;
  readonly allowsSoapAttributes: boolean;
  readonly isAbstract: boolean;
}

/** Told what a request uses. */
export type See = (name: string) => void;

const contents = new Map<string, Content>();
const heads = new Map<string, ReadonlyMap<string, string>>();

/**
 * Checks a global element.
 *
 * @param element - request or header
 * @param see - told the name of everything that is used, as `since.ts` spells it
 * @throws {XmlFault} at the first thing that is wrong
 * @throws {EwsFault} `ErrorInvalidOperation` for what Exchange has and the emulator has not
 */
export function validate(element: XmlElement, see: See = () => {}): void {
  const schema = schemaOf(element.namespace);
  const declared = schema?.elements.get(element.name);
  if (declared === undefined)
    throw violation(element, `The '${element.namespace}:${element.name}' element is not declared.`);
  see(`${schema?.prefix}:${element.name}`);
  checkElement(element, declared.type, see);
}

/**
 * Tells whether an element is declared.
 *
 * @param element - any
 * @returns true when {@link validate} knows what it must look like
 */
export function isDeclared(element: XmlElement): boolean {
  return schemaOf(element.namespace)?.elements.has(element.name) === true;
}

function schemaOf(namespace: string): Schema | undefined {
  return [typesSchema(), messagesSchema()].find((schema) => schema.namespace === namespace);
}

function checkElement(element: XmlElement, declaredType: string, see: See): void {
  if (isSimpleType(declaredType)) {
    refuseChildren(element);
    refuseAttributes(element, new Map(), false);
    checkValue(element, element.name, element.text, declaredType, see);
    return;
  }
  const type = actualType(element, declaredType);
  const content = contentOf(type);
  if (content.isAbstract)
    throw violation(element, `The element '${element.name}' is abstract or its type is abstract.`);
  checkAttributes(element, type, content, see);
  if (content.simpleContent !== undefined) {
    refuseChildren(element);
    checkValue(element, element.name, element.text, content.simpleContent, see);
    return;
  }
  if (/\S/.test(element.text))
    throw violation(
      element,
      `The element '${element.name}' in namespace '${element.namespace}' cannot contain text.${expectation(content.particles[0])}`,
    );
  checkChildren(element, content.particles, see);
}

/** `xsi:type` may name a derived type. */
function actualType(element: XmlElement, declaredType: string): string {
  const given = element.foreignAttributes.get(INSTANCE_TYPE)?.replace(/^.*:/, "");
  if (given === undefined) return declaredType;
  const named = [`t:${given}`, `m:${given}`].find((name) => findComplexType(name) !== undefined);
  for (let at = named; at !== undefined; at = findComplexType(at)?.base)
    if (at === declaredType) return named ?? declaredType;
  throw violation(element, `The type '${given}' is not derived from the type of '${element.name}'.`);
}

function checkChildren(element: XmlElement, particles: readonly Particle[], see: See): void {
  let at = 0;
  for (const particle of particles) {
    let times = 0;
    while (times < particle.max) {
      const next = element.children[at];
      if (next === undefined) break;
      const type = matchParticle(particle, next);
      if (type === undefined) break;
      see(`${declaringTypes.get(particle)} ${next.name}`);
      if (type !== "any") checkElement(next, type, see);
      at += 1;
      times += 1;
    }
    if (times < particle.min) throw missing(element, element.children[at], particle);
  }
  const extra = element.children[at];
  if (extra !== undefined) throw unexpected(element, extra, particles);
}

function matchParticle(particle: Particle, next: XmlElement): string | undefined {
  if (particle.kind === "any") return "any";
  if (particle.kind === "element") return matchElement(particle, next);
  for (const option of particle.options) {
    const type = matchElement(option, next);
    if (type !== undefined) return type;
  }
  return undefined;
}

function matchElement(particle: ElementParticle, next: XmlElement): string | undefined {
  if (particle.isReference) return substitutesOf(particle.type).get(`{${next.namespace}}${next.name}`);
  return particle.name === next.name && namespaceOfParticle(particle, next) ? particle.type : undefined;
}

/** Local elements stand in the namespace of the schema that declares them, which is that of their parent's type. */
function namespaceOfParticle(particle: ElementParticle, next: XmlElement): boolean {
  return declaringNamespace.get(particle) === next.namespace;
}

const declaringNamespace = new WeakMap<ElementParticle, string>();
const declaringTypes = new WeakMap<Particle, string>();

/** Elements that may stand where a global one is referred to, with their types. */
function substitutesOf(reference: string): ReadonlyMap<string, string> {
  const known = heads.get(reference);
  if (known !== undefined) return known;
  const found = new Map<string, string>();
  const schema = schemaByPrefix(reference);
  const head = reference.slice(2);
  for (const { name, type, isAbstract, substitutes } of schema.elements.values())
    if ((name === head && !isAbstract) || substitutes === head)
      found.set(`{${schema.namespace}}${name}`, type);
  heads.set(reference, found);
  return found;
}

function contentOf(type: string): Content {
  const known = contents.get(type);
  if (known !== undefined) return known;
  const declared = findComplexType(type);
  if (declared === undefined) throw new TypeError(`The schema has no type ${type}`);
  const inherited = declared.base === undefined ? undefined : contentOf(declared.base);
  rememberPlace(declared, type);
  const content: Content = {
    particles: [...(inherited?.particles ?? []), ...declared.particles],
    attributes: new Map([
      ...(inherited?.attributes ?? []),
      ...declared.attributes.map((attribute) => [attribute.name, attribute] as const),
    ]),
    simpleContent: declared.simpleContent ?? inherited?.simpleContent,
    allowsSoapAttributes: declared.allowsSoapAttributes,
    isAbstract: declared.isAbstract,
  };
  contents.set(type, content);
  return content;
}

function rememberPlace(type: ComplexType, name: string): void {
  const { namespace } = schemaByPrefix(name);
  for (const particle of type.particles) {
    declaringTypes.set(particle, name);
    if (particle.kind === "element") declaringNamespace.set(particle, namespace);
    if (particle.kind === "choice")
      for (const option of particle.options) declaringNamespace.set(option, namespace);
  }
}

function findComplexType(type: string): ComplexType | undefined {
  const found = type.startsWith("xs:") ? undefined : schemaByPrefix(type).types.get(type.slice(2));
  return found?.kind === "complex" ? found : undefined;
}

function schemaByPrefix(name: string): Schema {
  return name.startsWith("t:") ? typesSchema() : messagesSchema();
}

function checkAttributes(element: XmlElement, ofType: string, content: Content, see: See): void {
  for (const { name, isRequired, type } of content.attributes.values()) {
    const value = element.attributes.get(name);
    if (value !== undefined) {
      see(`${ofType} @${name}`);
      checkValue(element, name, value, type, see);
    } else if (isRequired) throw violation(element, `The required attribute '${name}' is missing.`);
  }
  refuseAttributes(element, content.attributes, content.allowsSoapAttributes);
}

function refuseAttributes(
  element: XmlElement,
  known: ReadonlyMap<string, AttributeDeclaration>,
  allowsSoap: boolean,
): void {
  for (const name of element.attributes.keys())
    if (!known.has(name)) throw violation(element, `The '${name}' attribute is not declared.`);
  for (const name of element.foreignAttributes.keys()) {
    const isAllowed =
      name.startsWith("{http://www.w3.org/2001/XMLSchema-instance}") ||
      (allowsSoap && name.startsWith(`{${SOAP_NAMESPACE}}`));
    if (!isAllowed)
      throw violation(element, `The '${name.slice(1).replace("}", ":")}' attribute is not declared.`);
  }
}

function refuseChildren(element: XmlElement): void {
  const inner = element.children[0];
  if (inner === undefined) return;
  throw violation(
    inner,
    `The element '${element.name}' in namespace '${element.namespace}' cannot contain child element '${inner.name}' in namespace '${inner.namespace}' because the parent element's content model is text only.`,
  );
}

function checkValue(element: XmlElement, name: string, value: string, type: string, see: See): void {
  const wrong = checkSimpleValue(type, value);
  if (wrong === undefined) {
    see(type === "t:UnindexedFieldURIType" ? memberOfField(value) : `${type} =${value}`);
    return;
  }
  const what =
    name === element.name
      ? `The '${element.namespace}:${name}' element is invalid`
      : `The '${name}' attribute is invalid`;
  throw violation(
    element,
    `${what} - The value '${value.slice(0, 200)}' is invalid according to its datatype '${spellType(type)}' - ${wrong}`,
  );
}

function spellType(type: string): string {
  if (type.startsWith("xs:")) return `http://www.w3.org/2001/XMLSchema:${type.slice(3)}`;
  return `${schemaByPrefix(type).namespace}:${type.slice(2)}`;
}

function missing(parent: XmlElement, found: XmlElement | undefined, particle: Particle): XmlFault | EwsFault {
  if (found !== undefined) return unexpected(parent, found, [particle]);
  return violation(
    parent,
    `The element '${parent.name}' in namespace '${parent.namespace}' has incomplete content.${expectation(particle)}`,
  );
}

function unexpected(
  parent: XmlElement,
  found: XmlElement,
  particles: readonly Particle[],
): XmlFault | EwsFault {
  if (isAbsent(parent.name, found.name))
    return new EwsFault("ErrorInvalidOperation", {
      text: `The emulator has no ${found.name} in ${parent.name}.`,
    });
  return violation(
    found,
    `The element '${parent.name}' in namespace '${parent.namespace}' has invalid child element '${found.name}' in namespace '${found.namespace}'.${expectation(...particles)}`,
  );
}

function expectation(...particles: readonly (Particle | undefined)[]): string {
  const names = particles.flatMap(namesOf);
  return names.length === 0 ? "" : ` List of possible elements expected: '${names.join(", ")}'.`;
}

function namesOf(particle: Particle | undefined): string[] {
  if (particle === undefined || particle.kind === "any") return [];
  const elements = particle.kind === "element" ? [particle] : (particle satisfies ChoiceParticle).options;
  return elements.flatMap((element) =>
    element.isReference
      ? [...substitutesOf(element.type).keys()].map((name) => name.slice(name.indexOf("}") + 1))
      : [element.name],
  );
}

function violation(at: XmlElement, message: string): XmlFault {
  return new XmlFault(message, at.line, at.position);
}
