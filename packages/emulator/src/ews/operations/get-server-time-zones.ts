/** `GetServerTimeZones`. */
import { listWindowsZones } from "../../mailbox/zones.ts";
import type { EwsCall } from "../call.ts";
import { success } from "../soap/response-message.ts";
import { child } from "../soap/xml-reader.ts";
import { element } from "../soap/xml-writer.ts";
import { writeZoneDefinition } from "../zones/zone-rules.ts";

/**
 * Lists the zones that the server knows; ids that it does not know are passed over.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/getservertimezones-operation
 */
export function getServerTimeZones(call: EwsCall): string {
  const { body, context } = call;
  const ids = child(body, "Ids")?.children.map(({ text }) => text.trim().toLowerCase());
  const isFull = !/^(false|0)$/.test(body.attributes.get("ReturnFullTimeZoneData") ?? "true");
  const year = new Date(context.clock.nowMs()).getUTCFullYear();
  const zones = listWindowsZones()
    .filter(({ windowsZone }) => ids === undefined || ids.includes(windowsZone.toLowerCase()))
    .map((zone) => writeZoneDefinition(zone, year, isFull));
  const definitions = element("m:TimeZoneDefinitions", zones.join(""));
  return element("m:ResponseMessages", success("GetServerTimeZonesResponseMessage", definitions));
}
