/**
 * Open extensions of events.
 *
 * @see https://learn.microsoft.com/graph/api/resources/opentypeextension
 */
import type { EventExtras, EventInstance, OpenExtension } from "../../mailbox/event.ts";
import { updateEvent, updateOccurrence } from "../../mailbox/events.ts";
import { type GraphCall, type GraphReply, param, readJsonBody } from "../call.ts";
import { GraphFault } from "../errors.ts";
import { storeFault } from "../events/event-changes.ts";
import { requireEvent } from "../events/events.ts";
import {
  findOpenExtension,
  readExtensionValues,
  readOpenExtension,
  renderOpenExtension,
} from "../events/open-extensions.ts";
import { type MailboxOwner, resolveOwner } from "../mailbox-owner.ts";
import { mailboxRoutes } from "../mailbox-paths.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";

const ALL = "/events/{event}/extensions";
const ONE = `${ALL}/{extension}`;

/** Rows of the route table. */
export const extensionRoutes: readonly Route[] = [
  ...mailboxRoutes("GET", ALL, PERMISSIONS.calendarRead, listExtensions, { inCalendars: true }),
  ...mailboxRoutes("POST", ALL, PERMISSIONS.calendarWrite, postExtension, { inCalendars: true }),
  ...mailboxRoutes("GET", ONE, PERMISSIONS.calendarRead, getExtension, { inCalendars: true }),
  ...mailboxRoutes("PATCH", ONE, PERMISSIONS.calendarWrite, patchExtension, { inCalendars: true }),
  ...mailboxRoutes("DELETE", ONE, PERMISSIONS.calendarWrite, removeExtension, { inCalendars: true }),
];

interface Extended {
  readonly owner: MailboxOwner;
  readonly instance: EventInstance;
  readonly number: number;
  readonly day: number | undefined;
  readonly extensions: readonly OpenExtension[];
}

function requireExtended(call: GraphCall): Extended {
  const owner = resolveOwner(call);
  const found = requireEvent(call, owner);
  return { owner, ...found, extensions: found.instance.event.extras?.extensions ?? [] };
}

function requireExtension(call: GraphCall, extended: Extended): OpenExtension {
  const found = findOpenExtension(extended.extensions, param(call, "extension"));
  if (found === undefined) throw new GraphFault("ErrorItemNotFound");
  return found;
}

function store(call: GraphCall, extended: Extended, extensions: readonly OpenExtension[]): void {
  const { owner, instance, number, day } = extended;
  const extras: EventExtras = {
    ...instance.event.extras,
    extensions: extensions.length === 0 ? undefined : extensions,
  };
  const nowMs = call.context.clock.nowMs();
  const result =
    day === undefined
      ? updateEvent(owner.mailbox, number, { extras }, { nowMs })
      : updateOccurrence(owner.mailbox, number, day, { extras }, nowMs);
  if (typeof result === "string") throw storeFault(result);
}

function listExtensions(call: GraphCall): GraphReply {
  const { owner, extensions } = requireExtended(call);
  const context = `${call.serviceRoot}/$metadata#${owner.contextPath}/events/extensions`;
  return { status: 200, body: { "@odata.context": context, value: extensions.map(renderOpenExtension) } };
}

function getExtension(call: GraphCall): GraphReply {
  const extended = requireExtended(call);
  return reply(call, extended, requireExtension(call, extended), 200);
}

function postExtension(call: GraphCall): GraphReply {
  const extended = requireExtended(call);
  const extension = readOpenExtension(readJsonBody(call));
  if (findOpenExtension(extended.extensions, extension.name) !== undefined)
    throw new GraphFault("ErrorFolderExists", "An extension already exists with given id.");
  store(call, extended, [...extended.extensions, extension]);
  return reply(call, extended, extension, 201);
}

/** What the body does not name stays; `null` takes a member away. */
function patchExtension(call: GraphCall): GraphReply {
  const extended = requireExtended(call);
  const old = requireExtension(call, extended);
  const merged = Object.entries({ ...old.values, ...readExtensionValues(readJsonBody(call)) });
  const changed = {
    name: old.name,
    values: Object.fromEntries(merged.filter(([, value]) => value !== null)),
  };
  store(
    call,
    extended,
    extended.extensions.map((other) => (other === old ? changed : other)),
  );
  return reply(call, extended, changed, 200);
}

function removeExtension(call: GraphCall): GraphReply {
  const extended = requireExtended(call);
  const old = requireExtension(call, extended);
  store(
    call,
    extended,
    extended.extensions.filter((other) => other !== old),
  );
  return { status: 204 };
}

function reply(call: GraphCall, { owner }: Extended, extension: OpenExtension, status: number): GraphReply {
  const context = `${call.serviceRoot}/$metadata#${owner.contextPath}/events/extensions/$entity`;
  return { status, body: { "@odata.context": context, ...renderOpenExtension(extension) } };
}
