/** Requests to Exchange Web Services without a socket, and xmllint as judge of every body that went either way. */
import { execFileSync, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Tenant } from "../src/directory/directory.ts";
import { messagesSchema } from "../src/ews/schema/messages-schema.ts";
import { typesSchema } from "../src/ews/schema/types-schema.ts";
import { writeXsd } from "../src/ews/schema/xsd.ts";
import { child, readXml, type XmlElement } from "../src/ews/soap/xml-reader.ts";
import { createEwsSurface } from "../src/ews/surface.ts";
import type { EwsSwitches } from "../src/ews/switches.ts";
import type { EmulatorContext } from "../src/host/context.ts";
import { type GraphFixture, makeFixture, makeToken, type SendOptions } from "./graph-fixture.ts";

export const ROOM_12_ADDRESS = "room-12@school.example";
export const ROOM_13_ADDRESS = "room-13@school.example";
export const SOAP = "http://schemas.xmlsoap.org/soap/envelope/";
export const MESSAGES = "http://schemas.microsoft.com/exchange/services/2006/messages";
export const TYPES = "http://schemas.microsoft.com/exchange/services/2006/types";
const INSTANCE = "http://www.w3.org/2001/XMLSchema-instance";

export interface EwsAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly text: string;
  /** Element of the answer, or the fault. */
  readonly body: XmlElement;
  /** Response codes of the messages, in order; that of the fault for a fault. */
  readonly codes: readonly string[];
}

export interface EwsOptions extends SendOptions {
  readonly token?: string;
  readonly claims?: object;
  /** Header blocks; replaces version and impersonation. */
  readonly header?: string;
  readonly mailbox?: string;
  readonly version?: string | null;
  readonly zone?: string;
  /** Sends these bytes instead of an envelope around the body. */
  readonly raw?: Uint8Array | string;
  readonly contentType?: string | null;
  readonly path?: string;
  readonly method?: string;
}

export interface EwsFixture {
  readonly context: EmulatorContext;
  readonly tenant: Tenant;
  readonly graph: GraphFixture;
  readonly notes: string[];
  /** Bodies that were sent and taken, and bodies of answers. */
  readonly bodies: string[];
  send(body: string, options?: EwsOptions): Promise<EwsAnswer>;
}

export function makeEwsFixture(ews: EwsSwitches = {}): EwsFixture {
  const graph = makeFixture({ ews: { ...ews } });
  const surface = createEwsSurface(graph.context);
  const bodies: string[] = [];
  return {
    context: graph.context,
    tenant: graph.tenant,
    graph,
    notes: graph.notes,
    bodies,
    send: async (body, options = {}) => {
      const raw = options.raw ?? envelope(body, options);
      const answer = await surface({
        id: randomUUID(),
        method: options.method ?? "POST",
        origin: "https://outlook.office365.com",
        host: "outlook.office365.com",
        path: options.path ?? "/EWS/Exchange.asmx",
        query: new URLSearchParams(),
        headers: {
          ...(options.authorization === null
            ? {}
            : {
                authorization: options.authorization ?? `Bearer ${options.token ?? ewsToken(graph, options)}`,
              }),
          ...(options.contentType === null
            ? {}
            : { "content-type": options.contentType ?? "text/xml; charset=utf-8" }),
          ...options.headers,
        },
        body: Buffer.from(raw),
      });
      const text = Buffer.from(answer?.body ?? "").toString("utf8");
      const read = text.startsWith("<?xml") && options.method === undefined ? readBody(text) : NOTHING;
      if (answer?.status === 200 && options.raw === undefined && read !== NOTHING)
        bodies.push(withNamespaces(body), cutBody(text));
      return {
        status: answer?.status ?? 0,
        headers: answer?.headers ?? {},
        text,
        body: read,
        codes: listCodes(read),
      };
    },
  };
}

const NOTHING: XmlElement = {
  name: "",
  namespace: "",
  attributes: new Map(),
  foreignAttributes: new Map(),
  children: [],
  text: "",
  line: 0,
  position: 0,
};

/** A token of a certificate that may use every mailbox. */
export function ewsToken(graph: GraphFixture, options: EwsOptions = {}): string {
  return makeToken(graph.context.clock.nowMs(), {
    ...options,
    roles: options.roles ?? ["full_access_as_app"],
    claims: {
      aud: "https://outlook.office365.com",
      appidacr: "2",
      ...(options.user === undefined ? {} : { roles: undefined }),
      ...options.claims,
    },
  });
}

export function envelope(body: string, options: EwsOptions = {}): string {
  const version =
    options.version === null
      ? ""
      : `<t:RequestServerVersion Version="${options.version ?? "Exchange2013_SP1"}"/>`;
  const mailbox = options.mailbox ?? ROOM_12_ADDRESS;
  const impersonation =
    mailbox === ""
      ? ""
      : `<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>${mailbox}</t:PrimarySmtpAddress></t:ConnectingSID></t:ExchangeImpersonation>`;
  const zone =
    options.zone === undefined
      ? ""
      : `<t:TimeZoneContext><t:TimeZoneDefinition Id="${options.zone}"/></t:TimeZoneContext>`;
  return `<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="${SOAP}" xmlns:m="${MESSAGES}" xmlns:t="${TYPES}" xmlns:xsi="${INSTANCE}">
  <soap:Header>${options.header ?? version + impersonation + zone}</soap:Header>
  <soap:Body>${body}</soap:Body>
</soap:Envelope>`;
}

/** All elements with a name, at any depth, in document order. */
export function all(root: XmlElement, name: string): XmlElement[] {
  const found = root.name === name ? [root] : [];
  return [...found, ...root.children.flatMap((inner) => all(inner, name))];
}

/** Text of the first element with a name. */
export function textOf(root: XmlElement, name: string): string | undefined {
  return all(root, name)[0]?.text;
}

/** First item or folder id of an answer. */
export function idOf(
  answer: EwsAnswer,
  name = "ItemId",
): { readonly Id: string; readonly ChangeKey: string } {
  const id = all(answer.body, name)[0];
  return { Id: id?.attributes.get("Id") ?? "", ChangeKey: id?.attributes.get("ChangeKey") ?? "" };
}

/** Requests that many tests send. */
export const CALENDAR = '<t:DistinguishedFolderId Id="calendar"/>';

export function createItem(item: string, attributes = 'SendMeetingInvitations="SendToNone"'): string {
  return `<m:CreateItem ${attributes}><m:Items><t:CalendarItem>${item}</t:CalendarItem></m:Items></m:CreateItem>`;
}

export function getItem(id: string, shape = "<t:BaseShape>AllProperties</t:BaseShape>"): string {
  return `<m:GetItem><m:ItemShape>${shape}</m:ItemShape><m:ItemIds>${id}</m:ItemIds></m:GetItem>`;
}

export function itemId({ Id, ChangeKey }: { readonly Id: string; readonly ChangeKey?: string }): string {
  return `<t:ItemId Id="${Id}"${ChangeKey === undefined ? "" : ` ChangeKey="${ChangeKey}"`}/>`;
}

export function view(
  from: string,
  until: string,
  shape = "<t:BaseShape>Default</t:BaseShape>",
  more = "",
): string {
  return `<m:FindItem Traversal="Shallow"><m:ItemShape>${shape}</m:ItemShape><m:CalendarView ${more} StartDate="${from}" EndDate="${until}"/><m:ParentFolderIds>${CALENDAR}</m:ParentFolderIds></m:FindItem>`;
}

export function find(rest: string, shape = "<t:BaseShape>Default</t:BaseShape>", page = ""): string {
  return `<m:FindItem Traversal="Shallow"><m:ItemShape>${shape}</m:ItemShape>${page}${rest}<m:ParentFolderIds>${CALENDAR}</m:ParentFolderIds></m:FindItem>`;
}

export function update(id: string, updates: string, resolution = "AutoResolve"): string {
  return `<m:UpdateItem ConflictResolution="${resolution}" SendMeetingInvitationsOrCancellations="SendToNone"><m:ItemChanges><t:ItemChange>${id}<t:Updates>${updates}</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>`;
}

export function setField(fieldUri: string, member: string): string {
  return `<t:SetItemField><t:FieldURI FieldURI="${fieldUri}"/><t:CalendarItem>${member}</t:CalendarItem></t:SetItemField>`;
}

/**
 * Gives the path of xmllint, which is fetched from Debian when this may be done.
 *
 * @returns `undefined`, with a reason on the console, when there is none
 */
export function findXmllint(): string | undefined {
  const works = (): boolean => spawnSync("xmllint", ["--version"]).status === 0;
  if (works()) return "xmllint";
  if (process.getuid?.() === 0) {
    spawnSync("apt-get", ["install", "-y", "-q", "libxml2-utils"], { timeout: 60_000, stdio: "ignore" });
    if (works()) return "xmllint";
  }
  if (process.env["CI"] !== undefined) throw new Error("xmllint is missing: install libxml2-utils");
  console.warn(
    "Skipped: xmllint (Debian's libxml2-utils) is not installed, so no body was judged by the schemas",
  );
  return undefined;
}

/**
 * Lets xmllint judge bodies by the schemas that the emulator serves.
 *
 * @returns what it complains about; empty when every body is valid
 */
export function judgeBodies(xmllint: string, bodies: readonly string[]): string {
  const directory = mkdtempSync(join(tmpdir(), "nightlatch-ews-"));
  try {
    writeFileSync(join(directory, "types.xsd"), writeXsd(typesSchema()));
    writeFileSync(join(directory, "messages.xsd"), writeXsd(messagesSchema()));
    const names = bodies.map((body, index) => {
      const name = `${index}.xml`;
      writeFileSync(join(directory, name), body);
      return name;
    });
    try {
      execFileSync(xmllint, ["--noout", "--nonet", "--schema", "messages.xsd", ...names], {
        cwd: directory,
        stdio: "pipe",
        maxBuffer: 64 * 1024 * 1024,
      });
      return "";
    } catch (error) {
      const complaints = String((error as { stderr?: Buffer }).stderr).split("\n");
      const wrong = complaints.filter((line) => !line.endsWith("validates"));
      const first = /^(\d+)\.xml/.exec(wrong.find((line) => /^\d+\.xml/.test(line)) ?? "")?.[1];
      return `${wrong.slice(0, 8).join("\n")}\n${bodies[Number(first ?? 0)]?.slice(0, 3000)}`;
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function readBody(text: string): XmlElement {
  const body = child(readXml(Buffer.from(text)), "Body");
  return body?.children[0] ?? NOTHING;
}

function listCodes(body: XmlElement): string[] {
  return all(body, "ResponseCode").map(({ text }) => text);
}

function withNamespaces(body: string): string {
  return body.replace(
    /^\s*<([\w:]+)/,
    `<$1 xmlns:m="${MESSAGES}" xmlns:t="${TYPES}" xmlns:xsi="${INSTANCE}"`,
  );
}

function cutBody(text: string): string {
  const inner = /<s:Body[^>]*>(.*)<\/s:Body>/s.exec(text)?.[1] ?? "";
  return inner.replace(/^<([\w:]+)/, `<$1 xmlns:xsi="${INSTANCE}"`);
}
