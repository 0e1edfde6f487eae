/** Requests to Exchange Web Services without a socket; every body that goes either way is given to the judge. */
import { randomUUID } from "node:crypto";
import type { Tenant } from "../src/directory/directory.ts";
import { child, readXml, type XmlElement } from "../src/ews/soap/xml-reader.ts";
import { createEwsSurface } from "../src/ews/surface.ts";
import type { EwsSwitches } from "../src/ews/switches.ts";
import type { EmulatorContext } from "../src/host/context.ts";
import type { ResponseStream } from "../src/host/http.ts";
import { giveToJudge, judged } from "./ews-judge.ts";
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
  /** Further envelopes; `undefined` where the answer is complete. */
  readonly stream: ResponseStream | undefined;
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
  /** Whether the request breaks the schema, or is no XML at all, on purpose: then only its answer is judged. */
  readonly malformed?: boolean;
  readonly contentType?: string | null;
  readonly path?: string;
  readonly method?: string;
}

export interface EwsFixture {
  readonly context: EmulatorContext;
  readonly tenant: Tenant;
  readonly graph: GraphFixture;
  readonly notes: string[];
  send(body: string, options?: EwsOptions): Promise<EwsAnswer>;
}

export function makeEwsFixture(ews: EwsSwitches = {}): EwsFixture {
  const graph = makeFixture({ ews: { ...ews } });
  const surface = createEwsSurface(graph.context);
  return {
    context: graph.context,
    tenant: graph.tenant,
    graph,
    notes: graph.notes,
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
      const read = /^<(\?xml|Envelope)/.test(text) && options.method === undefined ? readBody(text) : NOTHING;
      if (options.method === undefined) {
        if (options.malformed !== true) giveToJudge(Buffer.from(raw).toString("utf8"));
        if (text !== "") giveToJudge(text);
      }
      return {
        status: answer?.status ?? 0,
        headers: answer?.headers ?? {},
        text,
        body: read,
        codes: listCodes(read),
        stream: answer?.stream === undefined ? undefined : judged(answer.stream),
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

/** Element of the answer in an envelope. */
export function readBody(text: string): XmlElement {
  const body = child(readXml(Buffer.from(text)), "Body");
  return body?.children[0] ?? NOTHING;
}

function listCodes(body: XmlElement): string[] {
  return all(body, "ResponseCode").map(({ text }) => text);
}
