/** The `outlook` part of a user: time zones and categories; and `translateExchangeIds`. */
import { randomUUID } from "node:crypto";
import { decodeItemId, encodeItemId } from "../../mailbox/item-ids.ts";
import { nextSequence } from "../../mailbox/mailbox.ts";
import { listWindowsZones, toWallMs } from "../../mailbox/zones.ts";
import { type GraphCall, type GraphReply, param, readActionParameters, readJsonBody } from "../call.ts";
import { GraphFault } from "../errors.ts";
import { invalidValue } from "../events/event-faults.ts";
import { type MailboxOwner, resolveOwner } from "../mailbox-owner.ts";
import { mailboxRoutes } from "../mailbox-paths.ts";
import { OUTLOOK_STYLE, replyCollection, replyEntity } from "../odata/collection.ts";
import type { EntityType } from "../odata/entity.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";

const CATEGORIES = "/outlook/masterCategories";
const READ = PERMISSIONS.mailboxSettingsRead;
const WRITE = PERMISSIONS.mailboxSettingsWrite;
const TRANSLATION_LIMIT = 1000;
const COLOR = /^(none|preset([0-9]|1[0-9]|2[0-4]))$/;

interface Category {
  readonly name: string;
  readonly id: string;
  readonly color: string;
}

const CATEGORY_TYPE: EntityType<Category> = {
  name: "microsoft.graph.outlookCategory",
  always: ["id"],
  onRequest: new Set(),
  expansions: {},
  properties: {
    id: ({ id }) => id,
    displayName: ({ name }) => name,
    color: ({ color }) => color,
  },
};

/** Rows of the route table. */
export const outlookRoutes: readonly Route[] = [
  ...mailboxRoutes("GET", "/outlook/supportedTimeZones", PERMISSIONS.timeZonesRead, listTimeZones),
  ...mailboxRoutes("GET", "/outlook/supportedTimeZones/{standard}", PERMISSIONS.timeZonesRead, listTimeZones),
  ...mailboxRoutes("GET", CATEGORIES, READ, listCategories),
  ...mailboxRoutes("POST", CATEGORIES, WRITE, postCategory),
  ...mailboxRoutes("GET", `${CATEGORIES}/{category}`, READ, getCategory),
  ...mailboxRoutes("PATCH", `${CATEGORIES}/{category}`, WRITE, patchCategory),
  ...mailboxRoutes("DELETE", `${CATEGORIES}/{category}`, WRITE, removeCategory),
  ...mailboxRoutes("POST", "/translateExchangeIds", PERMISSIONS.translateIds, translateIds),
];

function listTimeZones(call: GraphCall): GraphReply {
  const standard = /'(\w+)'/.exec(call.params["standard"] ?? "'Windows'")?.[1]?.toLowerCase();
  if (standard !== "windows" && standard !== "iana") throw invalidValue(call.params["standard"]);
  const nowMs = call.context.clock.nowMs();
  const value = listWindowsZones().map(({ windowsZone, ianaZone }) => ({
    alias: standard === "iana" ? ianaZone : windowsZone,
    displayName: `(${formatOffset(toWallMs(nowMs, ianaZone) - nowMs)}) ${ianaZone}`,
  }));
  return {
    status: 200,
    body: {
      "@odata.context": `${call.serviceRoot}/$metadata#Collection(microsoft.graph.timeZoneInformation)`,
      value,
    },
  };
}

function formatOffset(offsetMs: number): string {
  const minutes = Math.abs(Math.round(offsetMs / 60_000));
  const digits = (value: number): string => String(value).padStart(2, "0");
  return `UTC${offsetMs < 0 ? "-" : "+"}${digits(Math.floor(minutes / 60))}:${digits(minutes % 60)}`;
}

function categoriesOf(owner: MailboxOwner): Category[] {
  return [...(owner.mailbox.categories ?? [])].map(([name, { id, color }]) => ({ name, id, color }));
}

function requireCategory(call: GraphCall, owner: MailboxOwner): Category {
  const key = param(call, "category").toLowerCase();
  const found = categoriesOf(owner).find(({ id }) => id === key);
  if (found === undefined) throw new GraphFault("ErrorItemNotFound");
  return found;
}

function replyCategory(call: GraphCall, owner: MailboxOwner, category: Category, status: number): GraphReply {
  const context = `${owner.contextPath}/outlook/masterCategories`;
  return replyEntity(CATEGORY_TYPE, category, call, { status, context });
}

function listCategories(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  return replyCollection(CATEGORY_TYPE, categoriesOf(owner), call, {
    style: OUTLOOK_STYLE,
    context: `${owner.contextPath}/outlook/masterCategories`,
  });
}

function getCategory(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  return replyCategory(call, owner, requireCategory(call, owner), 200);
}

function postCategory(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const { displayName, color = "none" } = readJsonBody(call);
  if (typeof displayName !== "string" || displayName === "")
    throw new GraphFault("ErrorInvalidRequest", "The displayName of the category is missing.");
  if (typeof color !== "string" || !COLOR.test(color)) throw invalidValue(color);
  if (categoriesOf(owner).some(({ name }) => name.toLowerCase() === displayName.toLowerCase()))
    throw new GraphFault("ErrorFolderExists", "A category with the specified name already exists.");
  owner.mailbox.categories ??= new Map();
  const id = randomUUID();
  owner.mailbox.categories.set(displayName, { id, color });
  nextSequence(owner.mailbox);
  return replyCategory(call, owner, { name: displayName, id, color }, 201);
}

/** The name of a category cannot change. */
function patchCategory(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const category = requireCategory(call, owner);
  const { color, displayName } = readJsonBody(call);
  if (displayName !== undefined && displayName !== category.name)
    throw new GraphFault("ErrorInvalidRequest", "The displayName of a category cannot be changed.");
  if (typeof color !== "string" || !COLOR.test(color)) throw invalidValue(color);
  owner.mailbox.categories?.set(category.name, { id: category.id, color });
  nextSequence(owner.mailbox);
  return replyCategory(call, owner, { ...category, color }, 200);
}

function removeCategory(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  owner.mailbox.categories?.delete(requireCategory(call, owner).name);
  nextSequence(owner.mailbox);
  return { status: 204 };
}

const ID_TYPES = ["entryId", "ewsId", "immutableEntryId", "restId", "restImmutableEntryId"];

function translateIds(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const parameters = readActionParameters(call);
  const [inputIds, sourceIdType, targetIdType] = ["inputids", "sourceidtype", "targetidtype"].map((name) =>
    parameters.get(name),
  );
  if (!Array.isArray(inputIds) || inputIds.length > TRANSLATION_LIMIT)
    throw new GraphFault(
      "ErrorInvalidParameter",
      `The parameter inputIds must name at most ${TRANSLATION_LIMIT} ids.`,
    );
  for (const type of [sourceIdType, targetIdType]) {
    if (typeof type !== "string" || !ID_TYPES.includes(type)) throw invalidValue(type);
    if (!/^(rest|ews)/.test(type)) {
      call.context.note(`miss: translateExchangeIds with ${type}`);
      throw new GraphFault("ErrorInvalidParameter", `The id type '${type}' is not supported.`);
    }
  }
  const value = inputIds.map((sourceId) => translate(owner, String(sourceId), String(targetIdType)));
  const context = `${call.serviceRoot}/$metadata#Collection(microsoft.graph.convertIdResult)`;
  return { status: 200, body: { "@odata.context": context, value } };
}

function translate(owner: MailboxOwner, sourceId: string, targetIdType: string): Record<string, unknown> {
  const reference = decodeItemId(sourceId, owner.id);
  if (typeof reference === "string")
    return { sourceId, errorDetails: { code: "ErrorInvalidIdMalformed", message: "Id is malformed." } };
  const id = encodeItemId(
    owner.id,
    reference,
    targetIdType === "restImmutableEntryId" ? "immutable" : "default",
  );
  return { sourceId, targetId: targetIdType === "ewsId" ? id.replaceAll("-", "+").replaceAll("_", "/") : id };
}
