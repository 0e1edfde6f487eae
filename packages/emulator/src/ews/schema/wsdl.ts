/** Writes `/EWS/Services.wsdl`: the operations with their headers, SOAP 1.1, document literal. */
import { OPERATION_NAMES, type OperationName, requestElement } from "./messages-schema.ts";
import { MESSAGES_NAMESPACE, TYPES_NAMESPACE } from "./model.ts";

const HEADERS = [
  ["Impersonation", "ExchangeImpersonation"],
  ["MailboxCulture", "MailboxCulture"],
  ["RequestVersion", "RequestServerVersion"],
  ["TimeZoneContext", "TimeZoneContext"],
] as const;

/**
 * Writes the service description.
 *
 * @param address - where the operations are called, `https://…/EWS/Exchange.asmx`
 * @returns a WSDL 1.1 document that imports `messages.xsd` from beside it
 */
export function writeWsdl(address: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<wsdl:definitions xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:tns="${MESSAGES_NAMESPACE}" xmlns:s="http://www.w3.org/2001/XMLSchema" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:t="${TYPES_NAMESPACE}" targetNamespace="${MESSAGES_NAMESPACE}">
<wsdl:types><s:schema><s:import namespace="${MESSAGES_NAMESPACE}" schemaLocation="messages.xsd"/></s:schema></wsdl:types>
${OPERATION_NAMES.map(writeMessages).join("\n")}
<wsdl:portType name="ExchangeServicePortType">
${OPERATION_NAMES.map(writePortOperation).join("\n")}
</wsdl:portType>
<wsdl:binding name="ExchangeServiceBinding" type="tns:ExchangeServicePortType">
<soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
${OPERATION_NAMES.map(writeBindingOperation).join("\n")}
</wsdl:binding>
<wsdl:service name="ExchangeServices"><wsdl:port name="ExchangeServicePort" binding="tns:ExchangeServiceBinding"><soap:address location="${address}"/></wsdl:port></wsdl:service>
</wsdl:definitions>
`;
}

function writeMessages(operation: OperationName): string {
  const headers = HEADERS.map(([part, element]) => `<wsdl:part name="${part}" element="t:${element}"/>`);
  return `<wsdl:message name="${operation}SoapIn"><wsdl:part name="request" element="tns:${requestElement(operation)}"/>${headers.join("")}</wsdl:message>
<wsdl:message name="${operation}SoapOut"><wsdl:part name="${operation}Result" element="tns:${operation}Response"/><wsdl:part name="ServerVersion" element="t:ServerVersionInfo"/></wsdl:message>`;
}

function writePortOperation(operation: OperationName): string {
  return `<wsdl:operation name="${operation}"><wsdl:input message="tns:${operation}SoapIn"/><wsdl:output message="tns:${operation}SoapOut"/></wsdl:operation>`;
}

function writeBindingOperation(operation: OperationName): string {
  const headers = HEADERS.map(
    ([part]) => `<soap:header message="tns:${operation}SoapIn" part="${part}" use="literal"/>`,
  );
  return `<wsdl:operation name="${operation}"><soap:operation soapAction="${MESSAGES_NAMESPACE}/${operation}"/><wsdl:input>${headers.join("")}<soap:body parts="request" use="literal"/></wsdl:input><wsdl:output><soap:body parts="${operation}Result" use="literal"/><soap:header message="tns:${operation}SoapOut" part="ServerVersion" use="literal"/></wsdl:output></wsdl:operation>`;
}
