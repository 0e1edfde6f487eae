/** Serves the service description and the schemas beside `/EWS/Exchange.asmx`. */
import type { EmulatorRequest, EmulatorResponse } from "../../host/http.ts";
import { messagesSchema } from "./messages-schema.ts";
import { typesSchema } from "./types-schema.ts";
import { writeWsdl } from "./wsdl.ts";
import { writeXsd } from "./xsd.ts";

const PATH = /^\/ews\/(services\.wsdl|messages\.xsd|types\.xsd)$/i;

/**
 * Finds a description file.
 *
 * @param request - GET or HEAD
 * @returns the file, or `undefined` when the path is none of them
 */
export function findDescription(request: EmulatorRequest): EmulatorResponse | undefined {
  const name = PATH.exec(request.path)?.[1]?.toLowerCase();
  if (name === undefined) return undefined;
  const body =
    name === "services.wsdl"
      ? writeWsdl(`${request.origin}/EWS/Exchange.asmx`)
      : writeXsd(name === "types.xsd" ? typesSchema() : messagesSchema());
  return { status: 200, headers: { "Content-Type": "text/xml" }, body };
}
