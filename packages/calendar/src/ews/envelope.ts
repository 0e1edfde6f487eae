/**
 * The SOAP 1.1 envelope of a question.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/requestserverversion
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/exchangeimpersonation
 */
import { type Xml, xml } from "./xml-writer.ts";

const NAMESPACES = {
  "xmlns:s": "http://schemas.xmlsoap.org/soap/envelope/",
  "xmlns:t": "http://schemas.microsoft.com/exchange/services/2006/types",
  "xmlns:m": "http://schemas.microsoft.com/exchange/services/2006/messages",
} as const;

/** Which member of `t:ConnectingSID` names the mailbox. */
export type ImpersonateBy = "SmtpAddress" | "PrimarySmtpAddress" | "PrincipalName" | "SID";

/** What stands in the header of a question. */
export interface EnvelopeHeader {
  /** `Exchange2013_SP1` and others. */
  readonly serverVersion: string;
  /** Mailbox to act as; nobody when absent. */
  readonly impersonated?: { readonly by: ImpersonateBy; readonly mailbox: string } | undefined;
}

/**
 * Writes a question.
 *
 * @param header - version and mailbox
 * @param operation - element of the operation
 * @returns the document
 */
export function writeEnvelope(header: EnvelopeHeader, operation: Xml): string {
  const { serverVersion, impersonated } = header;
  const envelope = xml(
    "s:Envelope",
    NAMESPACES,
    xml(
      "s:Header",
      {},
      xml("t:RequestServerVersion", { Version: serverVersion }),
      impersonated === undefined
        ? undefined
        : xml(
            "t:ExchangeImpersonation",
            {},
            xml("t:ConnectingSID", {}, xml(`t:${impersonated.by}`, {}, impersonated.mailbox)),
          ),
    ),
    xml("s:Body", {}, operation),
  );
  return `<?xml version="1.0" encoding="utf-8"?>${envelope.markup}`;
}
