/** One request to `/EWS/Exchange.asmx`: envelope, version, mailbox, schema, operation, answer. */
import type { AccessTokenClaims } from "../entra/access-token.ts";
import type { EmulatorContext } from "../host/context.ts";
import type { EmulatorRequest, EmulatorResponse } from "../host/http.ts";
import { chooseMailbox } from "./access.ts";
import type { EwsCall, EwsOperation } from "./call.ts";
import { convertId } from "./operations/convert-id.ts";
import { copyItem } from "./operations/copy-item.ts";
import { createAttachment } from "./operations/create-attachment.ts";
import { createFolder } from "./operations/create-folder.ts";
import { createItem } from "./operations/create-item.ts";
import { deleteAttachment } from "./operations/delete-attachment.ts";
import { deleteFolder } from "./operations/delete-folder.ts";
import { deleteItem } from "./operations/delete-item.ts";
import { emptyFolder } from "./operations/empty-folder.ts";
import { expandDl } from "./operations/expand-dl.ts";
import { findFolder } from "./operations/find-folder.ts";
import { findItem } from "./operations/find-item.ts";
import { getAttachment } from "./operations/get-attachment.ts";
import { getDelegate } from "./operations/get-delegate.ts";
import { getEvents } from "./operations/get-events.ts";
import { getFolder } from "./operations/get-folder.ts";
import { getItem } from "./operations/get-item.ts";
import { getRoomLists } from "./operations/get-room-lists.ts";
import { getRooms } from "./operations/get-rooms.ts";
import { getServerTimeZones } from "./operations/get-server-time-zones.ts";
import { getStreamingEvents } from "./operations/get-streaming-events.ts";
import { getUserAvailability } from "./operations/get-user-availability.ts";
import { getUserConfiguration } from "./operations/get-user-configuration.ts";
import { getUserOofSettings } from "./operations/get-user-oof-settings.ts";
import { moveFolder } from "./operations/move-folder.ts";
import { moveItem } from "./operations/move-item.ts";
import { resolveNames } from "./operations/resolve-names.ts";
import { setUserOofSettings } from "./operations/set-user-oof-settings.ts";
import { subscribe } from "./operations/subscribe.ts";
import { syncFolderHierarchy } from "./operations/sync-folder-hierarchy.ts";
import { syncFolderItems } from "./operations/sync-folder-items.ts";
import { unsubscribe } from "./operations/unsubscribe.ts";
import { updateFolder } from "./operations/update-folder.ts";
import { updateItem } from "./operations/update-item.ts";
import { OPERATION_NAMES, type OperationName, requestElement } from "./schema/messages-schema.ts";
import { MESSAGES_NAMESPACE } from "./schema/model.ts";
import { checkSimpleValue } from "./schema/simple-values.ts";
import { isKnownTo, OLDEST_VERSION } from "./schema/since.ts";
import { validate } from "./schema/validate.ts";
import {
  type Envelope,
  readEnvelope,
  SoapFault,
  writeAnswer,
  writeFault,
  writeStreamedAnswer,
} from "./soap/envelope.ts";
import { EwsFault } from "./soap/ews-fault.ts";
import { child, readXml, type XmlElement, XmlFault } from "./soap/xml-reader.ts";
import { withThrottle } from "./throttle.ts";
import { readZoneDefinition } from "./zones/zone-definition.ts";

const OPERATIONS: Readonly<Record<OperationName, EwsOperation>> = {
  FindItem: findItem,
  GetItem: getItem,
  CreateItem: createItem,
  UpdateItem: updateItem,
  DeleteItem: deleteItem,
  GetFolder: getFolder,
  FindFolder: findFolder,
  CreateFolder: createFolder,
  UpdateFolder: updateFolder,
  DeleteFolder: deleteFolder,
  SyncFolderHierarchy: syncFolderHierarchy,
  SyncFolderItems: syncFolderItems,
  GetUserAvailability: getUserAvailability,
  GetServerTimeZones: getServerTimeZones,
  ResolveNames: resolveNames,
  ConvertId: convertId,
  GetUserConfiguration: getUserConfiguration,
  MoveItem: moveItem,
  CopyItem: copyItem,
  EmptyFolder: emptyFolder,
  CreateAttachment: createAttachment,
  GetAttachment: getAttachment,
  DeleteAttachment: deleteAttachment,
  GetRoomLists: getRoomLists,
  GetRooms: getRooms,
  Subscribe: subscribe,
  GetEvents: getEvents,
  GetStreamingEvents: getStreamingEvents,
  Unsubscribe: unsubscribe,
  MoveFolder: moveFolder,
  ExpandDL: expandDl,
  GetUserOofSettings: getUserOofSettings,
  SetUserOofSettings: setUserOofSettings,
  GetDelegate: getDelegate,
};

/**
 * Answers a request.
 *
 * @param request - POST to the service
 * @param context - the emulator
 * @param claims - of the token that was let in
 * @returns the answer; refusals are SOAP faults with status 500
 */
export async function serve(
  request: EmulatorRequest,
  context: EmulatorContext,
  claims: AccessTokenClaims,
): Promise<EmulatorResponse> {
  if (!isXml(request)) return { status: 415, headers: { Accept: "text/xml; charset=utf-8" } };
  try {
    const call = readCall(request, context, claims);
    const { operation } = call;
    const key = `${call.appId} ${call.owner.id}`;
    return await withThrottle(context, key, () => answer(operation, call));
  } catch (error) {
    return explain(error, request, context);
  }
}

function answer(operation: OperationName, call: EwsCall): EmulatorResponse {
  try {
    const content = OPERATIONS[operation](call);
    if (typeof content === "string") return writeAnswer(operation, content);
    return "rest" in content
      ? writeStreamedAnswer(operation, { ...content, rest: (signal) => noted(content.rest(signal), call) })
      : writeAnswer(operation, content.content, content.attributes);
  } catch (error) {
    return explain(error, call.request, call.context);
  }
}

/** Whatever goes wrong inside, the caller sees what the service would show: no stack, no path. */
function explain(error: unknown, request: EmulatorRequest, context: EmulatorContext): EmulatorResponse {
  const known = writeFault(error);
  if (known !== undefined) return known;
  noteFailure(error, request, context);
  return writeFault(new EwsFault("ErrorInternalServerError")) ?? { status: 500 };
}

function noteFailure(error: unknown, request: EmulatorRequest, context: EmulatorContext): void {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  context.note(`error: ${request.method} ${request.path}: ${reason}`);
}

/** What goes wrong while an answer goes on breaks its connection; here it is said why. */
async function* noted(pieces: AsyncIterable<string>, { request, context }: EwsCall): AsyncGenerator<string> {
  try {
    yield* pieces;
  } catch (error) {
    noteFailure(error, request, context);
    throw error;
  }
}

function readCall(
  request: EmulatorRequest,
  context: EmulatorContext,
  claims: AccessTokenClaims,
): EwsCall & { readonly operation: OperationName } {
  const envelope = readEnvelope(readXml(request.body));
  const version = readVersion(envelope.headers.get("RequestServerVersion"));
  const operation = readOperation(envelope, context);
  checkBody(envelope.body, version, context);
  const tenant = context.world.tenants.get(claims.tid);
  if (tenant === undefined) throw new EwsFault("ErrorAccessDenied");
  const anchorMailbox = request.headers["x-anchormailbox"];
  const owner = chooseMailbox({
    context,
    tenant,
    claims,
    impersonation: envelope.headers.get("ExchangeImpersonation"),
    anchorMailbox: typeof anchorMailbox === "string" ? anchorMailbox.trim() : undefined,
  });
  const appId = String(claims.appid ?? claims.azp ?? "");
  const zone = child(envelope.headers.get("TimeZoneContext"), "TimeZoneDefinition");
  const contextZone = zone === undefined ? undefined : readZoneDefinition(zone);
  return {
    request,
    context,
    tenant,
    appId,
    callerId: claims.scp === undefined ? appId : `${appId} ${claims.oid}`,
    owner,
    version,
    ianaZone: contextZone?.ianaZone ?? "UTC",
    contextZone: contextZone?.name,
    body: envelope.body,
    operation,
  };
}

/** A request may be valid and yet use what its version did not know. */
function checkBody(body: XmlElement, version: string, context: EmulatorContext): void {
  let isYounger = false;
  try {
    validate(body, (name) => {
      isYounger ||= !isKnownTo(version, name);
    });
  } catch (error) {
    if (error instanceof EwsFault) context.note(`miss: EWS: ${error.message}`);
    throw error;
  }
  if (isYounger) throw new EwsFault("ErrorIncorrectSchemaVersion");
}

function readVersion(header: XmlElement | undefined): string {
  if (header === undefined) return OLDEST_VERSION;
  const version = header.attributes.get("Version");
  if (version === undefined || checkSimpleValue("t:ExchangeVersionType", version) !== undefined)
    throw new EwsFault("ErrorInvalidServerVersion");
  return version;
}

function readOperation({ body }: Envelope, context: EmulatorContext): OperationName {
  const found =
    body.namespace === MESSAGES_NAMESPACE
      ? OPERATION_NAMES.find((operation) => requestElement(operation) === body.name)
      : undefined;
  if (found !== undefined) return found;
  if (body.namespace !== MESSAGES_NAMESPACE)
    throw new XmlFault(
      `The '${body.namespace}:${body.name}' element is not declared.`,
      body.line,
      body.position,
    );
  if (!/^[A-Z][A-Za-z]{2,60}$/.test(body.name))
    throw new SoapFault("Client", "The body of the message names no operation.");
  context.note(`miss: EWS operation ${body.name}`);
  // Not ErrorInvalidRequest: clients take that for the wrong version, and try all that they know.
  throw new EwsFault("ErrorInvalidOperation", { text: `The emulator has no operation ${body.name}.` });
}

/** Only SOAP 1.1 in UTF-8; whoever sends anything else is told so before it is read. */
function isXml(request: EmulatorRequest): boolean {
  const type = request.headers["content-type"] ?? "";
  const charset = /charset\s*=\s*"?([^\s;"]+)/i.exec(type)?.[1] ?? "utf-8";
  return /^\s*text\/xml\s*(;|$)/i.test(type) && /^(utf-?8|us-ascii)$/i.test(charset);
}
