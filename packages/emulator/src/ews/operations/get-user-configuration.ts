/** `GetUserConfiguration`: the options of Outlook on the web, from which clients take the zone of a mailbox. */
import type { EwsCall } from "../call.ts";
import { requireFolder } from "../folders/folder-references.ts";
import { EwsFault } from "../soap/ews-fault.ts";
import { respondEach } from "../soap/response-message.ts";
import { child, childText } from "../soap/xml-reader.ts";
import { element, text } from "../soap/xml-writer.ts";
import { windowsName } from "../zones/zone-definition.ts";

/**
 * Gives the options of the mailbox; no other configuration is kept.
 *
 * @param call - the request
 * @returns XML of the answer's content
 * @see https://learn.microsoft.com/exchange/client-developer/web-service-reference/getuserconfiguration-operation
 */
export function getUserConfiguration(call: EwsCall): string {
  const name = child(call.body, "UserConfigurationName");
  return respondEach("GetUserConfigurationResponseMessage", name?.children ?? [], (reference) => {
    const { owner, node } = requireFolder(call, reference);
    const wanted = name?.attributes.get("Name") ?? "";
    if (wanted !== "OWA.UserOptions" || node.distinguishedName !== "root") {
      call.context.note(`miss: EWS configuration ${wanted.slice(0, 60)}`);
      throw new EwsFault("ErrorItemNotFound");
    }
    const properties = childText(call.body, "UserConfigurationProperties") ?? "";
    const hasDictionary = /\b(All|Dictionary)\b/.test(properties);
    const zone = entry("timezone", windowsName(owner.timeZone));
    return element(
      "m:UserConfiguration",
      element("t:UserConfigurationName", element("t:DistinguishedFolderId", "", { Id: "root" }), {
        Name: wanted,
      }) + (hasDictionary ? element("t:Dictionary", zone) : ""),
    );
  });
}

function entry(key: string, value: string): string {
  const object = (name: string, content: string): string =>
    element(name, text("t:Type", "String") + text("t:Value", content));
  return element("t:DictionaryEntry", object("t:DictionaryKey", key) + object("t:DictionaryValue", value));
}
