/** The EWS wing over a scripted transport, and the SOAP that a server would send. */
import { giveToJudge } from "../../emulator/test/ews-judge.ts";
import { createEwsCalendar, type EwsCalendar, type EwsCalendarOptions } from "../src/ews/index.ts";
import { type RecordedTransport, recordedTransport, type Scripted } from "./recorded-transport.ts";

/** Mailbox of the tests. */
export const MAILBOX = "room-12@school.example";
/** Token that must never show. */
export const SECRET_TOKEN = "canary-e3b0c44298fc1c149afb";

const XMLNS =
  'xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types" xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"';

/**
 * @param body - markup in the SOAP body
 * @param status - status of the answer
 * @param headers - further headers
 * @returns an answer of a server
 */
export function soap(body: string, status = 200, headers: Readonly<Record<string, string>> = {}): Scripted {
  const text = `<?xml version="1.0" encoding="utf-8"?><s:Envelope ${XMLNS}><s:Header><t:ServerVersionInfo MajorVersion="15" MinorVersion="2" MajorBuildNumber="1544" MinorBuildNumber="11" Version="V2017_07_11"/></s:Header><s:Body>${body}</s:Body></s:Envelope>`;
  return { status, headers: { "content-type": "text/xml; charset=utf-8", ...headers }, body: text };
}

/**
 * @param operation - for example `FindItem`
 * @param contents - what stands in each message after its code
 * @returns a successful answer
 */
export function success(operation: string, ...contents: readonly string[]): Scripted {
  const messages = contents.map(
    (content) =>
      `<m:${operation}ResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>${content}</m:${operation}ResponseMessage>`,
  );
  return soap(
    `<m:${operation}Response><m:ResponseMessages>${messages.join("")}</m:ResponseMessages></m:${operation}Response>`,
  );
}

/**
 * @param operation - for example `CreateItem`
 * @param responseCode - for example `ErrorItemNotFound`
 * @param messageXml - what stands in `m:MessageXml`
 * @returns an answer whose one message is an error
 */
export function refusal(operation: string, responseCode: string, messageXml = ""): Scripted {
  return soap(
    `<m:${operation}Response><m:ResponseMessages><m:${operation}ResponseMessage ResponseClass="Error"><m:MessageText>Because.</m:MessageText><m:ResponseCode>${responseCode}</m:ResponseCode><m:DescriptiveLinkKey>0</m:DescriptiveLinkKey>${messageXml === "" ? "" : `<m:MessageXml>${messageXml}</m:MessageXml>`}<m:Items/></m:${operation}ResponseMessage></m:ResponseMessages></m:${operation}Response>`,
  );
}

/**
 * @param responseCode - for example `ErrorServerBusy`
 * @param messageXml - what stands in `t:MessageXml`
 * @returns a SOAP fault as Exchange sends it
 */
export function fault(responseCode: string, messageXml = ""): Scripted {
  return soap(
    `<s:Fault><faultcode xmlns:a="http://schemas.microsoft.com/exchange/services/2006/types">a:${responseCode}</faultcode><faultstring xml:lang="en-US">Because.</faultstring><detail><e:ResponseCode xmlns:e="http://schemas.microsoft.com/exchange/services/2006/errors">${responseCode}</e:ResponseCode><e:Message xmlns:e="http://schemas.microsoft.com/exchange/services/2006/errors">Because.</e:Message>${messageXml === "" ? "" : `<t:MessageXml>${messageXml}</t:MessageXml>`}</detail></s:Fault>`,
    500,
  );
}

/**
 * @param id - id of the item
 * @param members - members after the id, in the order of the schema
 * @returns `t:CalendarItem` with times
 */
export function item(id: string, members: Readonly<Record<string, string>> = {}): string {
  const all: Readonly<Record<string, string>> = {
    Subject: "Physics",
    Start: "2026-06-01T08:00:00Z",
    End: "2026-06-01T09:00:00Z",
    CalendarItemType: "Single",
    ...members,
  };
  const rest = Object.entries(all).map(([name, content]) => `<t:${name}>${content}</t:${name}>`);
  return `<t:CalendarItem><t:ItemId Id="${id}" ChangeKey="CK-${id}"/>${rest.join("")}<t:StartTimeZone Id="GMT Standard Time" Name="London"/></t:CalendarItem>`;
}

/**
 * @param items - `t:CalendarItem`, in order
 * @param isLast - whether there are no more
 * @returns answer to a FindItem with CalendarView
 */
export function view(items: readonly string[], isLast = true): Scripted {
  return success(
    "FindItem",
    `<m:RootFolder TotalItemsInView="${items.length}" IncludesLastItemInRange="${isLast}"><t:Items>${items.join("")}</t:Items></m:RootFolder>`,
  );
}

/**
 * @param items - items, one per message
 * @returns answer to a GetItem
 */
export function got(...items: readonly string[]): Scripted {
  return success("GetItem", ...items.map((markup) => `<m:Items>${markup}</m:Items>`));
}

/** A wing with its double. */
export interface MadeEws {
  readonly calendar: EwsCalendar;
  readonly transport: RecordedTransport;
  /** Waits in milliseconds. */
  readonly waits: number[];
  /** Bodies of the requests. */
  readonly sent: () => readonly string[];
}

const NO_ANSWER: Scripted = { failure: new Error("The script has no more answers") };

/**
 * @param script - answers of the double
 * @param options - what differs from a plain wing
 * @returns the wing and what it did
 */
export function makeEws(
  script: Parameters<typeof recordedTransport>[0],
  options: Partial<EwsCalendarOptions> = {},
): MadeEws {
  const transport = recordedTransport((request, index) => {
    giveToJudge(String(request.body));
    return typeof script === "function" ? script(request, index) : (script[index] ?? NO_ANSWER);
  });
  const waits: number[] = [];
  const calendar = createEwsCalendar({
    tokens: { getToken: async () => ({ token: SECRET_TOKEN, expiresOnTimestamp: Date.now() + 3_600_000 }) },
    transport,
    retry: { random: () => 0.5, sleep: async (delayMs) => void waits.push(delayMs) },
    ...options,
  });
  return { calendar, transport, waits, sent: () => transport.requests.map(({ body }) => String(body)) };
}
