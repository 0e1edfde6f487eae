/**
 * xmllint as judge of every request and every answer of a test file, by the schemas that the emulator serves.
 *
 * The rules are: what the emulator answers is judged always; what our side sends is judged unless the test says that it
 * is malformed on purpose; what clients send that we did not write is theirs, and only the answers to it are judged. A
 * file that gave nothing to judge has failed.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, vi } from "vitest";
import { messagesSchema } from "../src/ews/schema/messages-schema.ts";
import { MESSAGES_NAMESPACE, TYPES_NAMESPACE } from "../src/ews/schema/model.ts";
import { typesSchema } from "../src/ews/schema/types-schema.ts";
import { writeXsd } from "../src/ews/schema/xsd.ts";
import type { EmulatorRequest, ResponseStream, Surface } from "../src/host/http.ts";
import { findXmllint } from "./xmllint.ts";

const SOAP = "http://schemas.xmlsoap.org/soap/envelope/";

/** The SOAP 1.1 envelope as its schema has it; what it carries is judged by the schemas of the service. */
const ENVELOPE_XSD = `<?xml version="1.0" encoding="utf-8"?>
<xs:schema elementFormDefault="qualified" targetNamespace="${SOAP}" xmlns:s="${SOAP}" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:import namespace="${TYPES_NAMESPACE}" schemaLocation="types.xsd"/>
<xs:import namespace="${MESSAGES_NAMESPACE}" schemaLocation="messages.xsd"/>
<xs:attribute name="mustUnderstand"><xs:simpleType><xs:restriction base="xs:boolean"><xs:pattern value="0|1"/></xs:restriction></xs:simpleType></xs:attribute>
<xs:attribute name="actor" type="xs:anyURI"/>
<xs:element name="Envelope"><xs:complexType><xs:sequence>
<xs:element name="Header" minOccurs="0"><xs:complexType><xs:sequence><xs:any minOccurs="0" maxOccurs="unbounded" processContents="lax"/></xs:sequence></xs:complexType></xs:element>
<xs:element name="Body"><xs:complexType><xs:choice>
<xs:any namespace="${MESSAGES_NAMESPACE}" processContents="strict"/>
<xs:element name="Fault"><xs:complexType><xs:sequence>
<xs:element name="faultcode" type="xs:QName" form="unqualified"/>
<xs:element name="faultstring" form="unqualified"><xs:complexType><xs:simpleContent><xs:extension base="xs:string"><xs:anyAttribute namespace="http://www.w3.org/XML/1998/namespace" processContents="skip"/></xs:extension></xs:simpleContent></xs:complexType></xs:element>
<xs:element name="faultactor" type="xs:anyURI" form="unqualified" minOccurs="0"/>
<xs:element name="detail" form="unqualified" minOccurs="0"><xs:complexType><xs:sequence><xs:any minOccurs="0" maxOccurs="unbounded" processContents="lax"/></xs:sequence></xs:complexType></xs:element>
</xs:sequence></xs:complexType></xs:element>
</xs:choice></xs:complexType></xs:element>
</xs:sequence></xs:complexType></xs:element>
</xs:schema>
`;

/** Documents of this file, each once. */
const documents = new Set<string>();

/** What a test file gives to judge. */
export interface Judged {
  /** Whether our own code, or a client that we did not write, sends the requests. @defaultValue "ours" */
  readonly requests?: "ours" | "foreign";
  /** Fewest different documents that there must be in the end. @defaultValue 2 */
  readonly atLeast?: number;
}

/**
 * Lets xmllint judge everything that passes the emulator's Exchange, once, when the tests of the file are over. To be
 * called at the top of a test file, before an emulator starts.
 *
 * @param judged - who sends, and how much there has to be
 */
export function judgeEveryBody({ requests = "ours", atLeast = 2 }: Judged = {}): void {
  vi.doMock("../src/ews/surface.ts", async (importOriginal) => {
    const original = await importOriginal<typeof import("../src/ews/surface.ts")>();
    return {
      createEwsSurface: (context: Parameters<typeof original.createEwsSurface>[0]) =>
        watched(original.createEwsSurface(context), requests === "ours"),
    };
  });
  afterAll(() => {
    expect(documents.size, "documents to judge").toBeGreaterThanOrEqual(atLeast);
    const xmllint = findXmllint();
    if (xmllint !== undefined) expect(complaintsAbout(xmllint, [...documents])).toBe("");
  }, 60_000);
}

/**
 * Gives a document to the judge.
 *
 * @param text - an envelope, with or without XML declaration
 */
export function giveToJudge(text: string): void {
  documents.add(text);
}

/** The surface, with both sides of each exchange given to the judge. */
function watched(surface: Surface, judgesRequests: boolean): Surface {
  return async (request) => {
    const answer = await surface(request);
    if (request.method !== "POST") return answer;
    if (judgesRequests && isXml(request)) giveToJudge(request.body.toString("utf8"));
    const text = Buffer.from(answer?.body ?? "").toString("utf8");
    if (text !== "") giveToJudge(text);
    return answer?.stream === undefined ? answer : { ...answer, stream: judged(answer.stream) };
  };
}

/**
 * Gives every piece of a stream to the judge: each is an envelope of its own.
 *
 * @param stream - of an answer
 * @returns the same pieces
 */
export function judged(stream: ResponseStream): ResponseStream {
  return async function* (signal) {
    for await (const piece of stream(signal)) {
      giveToJudge(piece);
      yield piece;
    }
  };
}

function isXml({ headers }: EmulatorRequest): boolean {
  return String(headers["content-type"]).startsWith("text/xml");
}

/** What xmllint says of documents; empty when every one is valid. */
function complaintsAbout(xmllint: string, texts: readonly string[]): string {
  const directory = mkdtempSync(join(tmpdir(), "nightlatch-ews-"));
  try {
    writeFileSync(join(directory, "types.xsd"), writeXsd(typesSchema()));
    writeFileSync(join(directory, "messages.xsd"), writeXsd(messagesSchema()));
    writeFileSync(join(directory, "envelope.xsd"), ENVELOPE_XSD);
    const names = texts.map((text, index) => {
      writeFileSync(join(directory, `${index}.xml`), text);
      return `${index}.xml`;
    });
    execFileSync(xmllint, ["--noout", "--nonet", "--huge", "--schema", "envelope.xsd", ...names], {
      cwd: directory,
      stdio: "pipe",
      maxBuffer: 256 * 1024 * 1024,
    });
    return "";
  } catch (error) {
    const lines = String((error as { stderr?: Buffer }).stderr ?? error).split("\n");
    const wrong = lines.filter((line) => !line.endsWith("validates"));
    const first = /^(\d+)\.xml/.exec(wrong.find((line) => /^\d+\.xml/.test(line)) ?? "")?.[1];
    return `${wrong.slice(0, 8).join("\n")}\n${texts[Number(first ?? 0)]?.slice(0, 3000)}`;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
