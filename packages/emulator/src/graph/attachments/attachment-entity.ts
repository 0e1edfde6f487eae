/** Files of events as Graph shows and takes them. */
import { randomUUID } from "node:crypto";
import type { EventAttachment } from "../../mailbox/event.ts";
import { isJsonObject, type JsonObject } from "../call.ts";
import { GraphFault } from "../errors.ts";
import type { EntityType } from "../odata/entity.ts";

/** Larger files go through an upload session in the service. */
const LARGEST_BYTES = 3 * 1024 * 1024;
const TYPE = "#microsoft.graph.fileAttachment";

/** The entity type `fileAttachment`. */
export const ATTACHMENT_TYPE: EntityType<EventAttachment> = {
  name: "microsoft.graph.attachment",
  annotations: {
    "@odata.type": () => TYPE,
    "@odata.mediaContentType": ({ contentType }) => contentType,
  },
  always: ["id"],
  onRequest: new Set(),
  expansions: {},
  properties: {
    id: ({ id }) => id,
    lastModifiedDateTime: ({ modifiedAtMs }) => new Date(modifiedAtMs).toISOString().replace(/\.\d+Z$/, "Z"),
    name: ({ name }) => name,
    contentType: ({ contentType }) => contentType,
    size: ({ contentBase64 }) => Buffer.byteLength(contentBase64, "base64"),
    isInline: ({ isInline }) => isInline,
    contentId: ({ contentId }) => contentId ?? null,
    contentLocation: () => null,
    contentBytes: ({ contentBase64 }) => contentBase64,
  },
};

/**
 * Reads a file as a client sends it.
 *
 * @param value - `fileAttachment` of Graph
 * @param nowMs - milliseconds since 1970 UTC
 * @returns the file with an id of its own
 * @throws {GraphFault} ErrorInvalidRequest, ErrorInvalidParameter or ErrorMessageSizeExceeded
 */
export function readAttachment(value: unknown, nowMs: number): EventAttachment {
  const body: JsonObject = isJsonObject(value) ? value : {};
  const type = body["@odata.type"];
  if (typeof type !== "string" || type.toLowerCase().replace(/^#/, "") !== TYPE.slice(1).toLowerCase())
    throw new GraphFault(
      "ErrorInvalidRequest",
      `Attachments of type '${String(type ?? "")}' are not supported; the type must be '${TYPE}'.`,
    );
  const name = requireText(body, "name");
  const contentBase64 = requireText(body, "contentBytes");
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(contentBase64)) throw invalid("contentBytes");
  const bytes = Buffer.from(contentBase64, "base64");
  if (bytes.length > LARGEST_BYTES) throw new GraphFault("ErrorMessageSizeExceeded");
  return {
    id: `AAMk${Buffer.from(randomUUID().replaceAll("-", ""), "hex").toString("base64url")}=`,
    name,
    contentType: typeof body["contentType"] === "string" ? body["contentType"] : "application/octet-stream",
    contentBase64: bytes.toString("base64"),
    isInline: body["isInline"] === true,
    contentId: typeof body["contentId"] === "string" ? body["contentId"] : undefined,
    modifiedAtMs: nowMs,
  };
}

/**
 * Tells whether an event shows that it has files; those that stand in its body do not count.
 *
 * @param attachments - of the event
 * @returns true for at least one
 */
export function hasAttachments(attachments: readonly EventAttachment[] | undefined): boolean {
  return attachments?.some(({ isInline }) => !isInline) ?? false;
}

/**
 * Finds a file, or refuses.
 *
 * @param attachments - of the event
 * @param id - of the file
 * @returns the file
 * @throws {GraphFault} ErrorItemNotFound
 */
export function findAttachment(attachments: readonly EventAttachment[], id: string): EventAttachment {
  const found = attachments.find((attachment) => attachment.id === id);
  if (found === undefined) throw new GraphFault("ErrorItemNotFound");
  return found;
}

function requireText(body: JsonObject, name: string): string {
  const value = body[name];
  if (typeof value !== "string" || value === "") throw invalid(name);
  return value;
}

function invalid(name: string): GraphFault {
  return new GraphFault(
    "ErrorInvalidParameter",
    `The value of the property '${name}' is missing or not valid.`,
  );
}
