/** The request by which EWS is asked for one mailbox's calendar folder; it reads an id and changes nothing. */

/** What the answer to the probe says. */
export interface EwsAnswer {
  readonly isOpen: boolean;
  /** Response code of the one message; `undefined` when the answer is no SOAP. */
  readonly responseCode: string | undefined;
}

/**
 * Writes the SOAP envelope that asks for the calendar folder of a mailbox, acting as that mailbox.
 *
 * @param mailboxAddress - SMTP address
 * @returns XML
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/getfolder-operation
 */
export function calendarFolderEnvelope(mailboxAddress: string): string {
  const address = escapeXml(mailboxAddress);
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"',
    ' xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"',
    ' xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types">',
    '<soap:Header><t:RequestServerVersion Version="Exchange2013_SP1"/>',
    `<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>${address}</t:PrimarySmtpAddress></t:ConnectingSID></t:ExchangeImpersonation>`,
    "</soap:Header><soap:Body><m:GetFolder>",
    "<m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape>",
    `<m:FolderIds><t:DistinguishedFolderId Id="calendar"><t:Mailbox><t:EmailAddress>${address}</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId></m:FolderIds>`,
    "</m:GetFolder></soap:Body></soap:Envelope>",
  ].join("");
}

/**
 * Reads whether the calendar folder was handed out.
 *
 * @param status - HTTP status
 * @param body - XML, or whatever came
 * @returns true with `NoError` and a folder; the response code otherwise
 */
export function readCalendarFolderAnswer(status: number, body: string): EwsAnswer {
  const code =
    /<(?:\w{1,10}:)?ResponseCode[^>]{0,200}>\s{0,5}(\w{3,80})\s{0,5}</.exec(body)?.[1] ??
    /<faultcode[^>]{0,300}>\s{0,5}(?:\w{1,10}:)?(Error\w{3,80})\s{0,5}</.exec(body)?.[1];
  const hasFolder = /<(?:\w{1,10}:)?FolderId\s/.test(body);
  return { isOpen: status === 200 && code === "NoError" && hasFolder, responseCode: code };
}

function escapeXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
