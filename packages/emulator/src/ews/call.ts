/** What an operation is given: who calls, whose mailbox, in which version and zone. */
import type { Tenant, User } from "../directory/directory.ts";
import type { EmulatorContext } from "../host/context.ts";
import type { EmulatorRequest } from "../host/http.ts";
import type { Mailbox } from "../mailbox/mailbox.ts";
import type { RootMessage } from "./soap/response-message.ts";
import type { XmlElement } from "./soap/xml-reader.ts";

/** A mailbox with what answers say about its owner. */
export interface MailboxOwner {
  readonly id: string;
  readonly displayName: string;
  /** SMTP address. */
  readonly address: string;
  /** Zone as it was named. */
  readonly timeZone: string;
  readonly mailbox: Mailbox;
  readonly user: User;
}

/** A request that was let in. */
export interface EwsCall {
  readonly request: EmulatorRequest;
  readonly context: EmulatorContext;
  readonly tenant: Tenant;
  /** Client id of the application. */
  readonly appId: string;
  /** Who calls: the application, or the user whom it acts for. */
  readonly callerId: string;
  /** Whose mailbox is used when the request names none. */
  readonly owner: MailboxOwner;
  /** `RequestServerVersion`, for example `Exchange2013_SP1`. */
  readonly version: string;
  /** IANA zone of `TimeZoneContext`. */
  readonly ianaZone: string;
  /** Zone of `TimeZoneContext` as it was named; `undefined` without one. */
  readonly contextZone: string | undefined;
  /** Element of the operation, checked against the schema. */
  readonly body: XmlElement;
}

/** An answer that goes on: the content of one envelope, then those of further ones as they come. */
export interface StreamedAnswer {
  readonly first: string;
  readonly rest: (signal: AbortSignal) => AsyncIterable<string>;
}

/** Carries out an operation. */
export type EwsOperation = (call: EwsCall) => string | RootMessage | StreamedAnswer;
