/**
 * Files of events.
 *
 * @see https://learn.microsoft.com/graph/api/event-list-attachments
 */
import type { EventAttachment, EventInstance } from "../../mailbox/event.ts";
import { updateEvent, updateOccurrence } from "../../mailbox/events.ts";
import { sendInvitations } from "../../mailbox/meetings.ts";
import { type GraphCall, type GraphReply, param, readJsonBody } from "../call.ts";
import { storeFault } from "../events/event-changes.ts";
import { requireEvent } from "../events/events.ts";
import { type MailboxOwner, resolveOwner } from "../mailbox-owner.ts";
import { mailboxRoutes } from "../mailbox-paths.ts";
import { meetingContext, participantOf } from "../meetings/participants.ts";
import { OUTLOOK_STYLE, replyCollection, replyEntity } from "../odata/collection.ts";
import { PERMISSIONS, type PermissionRule } from "../permissions.ts";
import type { Route } from "../router.ts";
import { ATTACHMENT_TYPE, findAttachment, readAttachment } from "./attachment-entity.ts";

const ALL = "/events/{event}/attachments";
const ONE = `${ALL}/{attachment}`;
/** Outlines of events are not enough to see their files. */
const READ: PermissionRule = PERMISSIONS.calendarContentRead;
const WRITE = PERMISSIONS.calendarWrite;

/** Rows of the route table. */
export const attachmentRoutes: readonly Route[] = [
  ...mailboxRoutes("GET", ALL, READ, listAttachments, { inCalendars: true }),
  ...mailboxRoutes("POST", ALL, WRITE, postAttachment, { inCalendars: true }),
  ...mailboxRoutes("GET", ONE, READ, getAttachment, { inCalendars: true }),
  ...mailboxRoutes("GET", `${ONE}/$value`, READ, getContent, { inCalendars: true }),
  ...mailboxRoutes("DELETE", ONE, WRITE, removeAttachment, { inCalendars: true }),
];

interface Attached {
  readonly owner: MailboxOwner;
  readonly instance: EventInstance;
  readonly number: number;
  readonly day: number | undefined;
  readonly attachments: readonly EventAttachment[];
}

function requireAttached(call: GraphCall): Attached {
  const owner = resolveOwner(call);
  const found = requireEvent(call, owner);
  return { owner, ...found, attachments: found.instance.event.extras?.attachments ?? [] };
}

function store(call: GraphCall, attached: Attached, attachments: readonly EventAttachment[]): void {
  const { owner, instance, number, day } = attached;
  const before = owner.mailbox.events.get(number);
  const extras = {
    ...instance.event.extras,
    attachments: attachments.length === 0 ? undefined : attachments,
  };
  const nowMs = call.context.clock.nowMs();
  const result =
    day === undefined
      ? updateEvent(owner.mailbox, number, { extras }, { nowMs })
      : updateOccurrence(owner.mailbox, number, day, { extras }, nowMs);
  if (typeof result === "string") throw storeFault(result);
  sendInvitations(participantOf(owner), number, before, meetingContext(call));
}

function listAttachments(call: GraphCall): GraphReply {
  const { owner, attachments } = requireAttached(call);
  return replyCollection(ATTACHMENT_TYPE, attachments, call, {
    style: OUTLOOK_STYLE,
    context: `${owner.contextPath}/events/attachments`,
  });
}

function getAttachment(call: GraphCall): GraphReply {
  const { owner, attachments } = requireAttached(call);
  return reply(call, owner, findAttachment(attachments, param(call, "attachment")), 200);
}

function getContent(call: GraphCall): GraphReply {
  const { attachments } = requireAttached(call);
  const { contentType, contentBase64 } = findAttachment(attachments, param(call, "attachment"));
  return { status: 200, content: { type: contentType, bytes: Buffer.from(contentBase64, "base64") } };
}

function postAttachment(call: GraphCall): GraphReply {
  const attached = requireAttached(call);
  const attachment = readAttachment(readJsonBody(call), call.context.clock.nowMs());
  store(call, attached, [...attached.attachments, attachment]);
  return reply(call, attached.owner, attachment, 201);
}

function removeAttachment(call: GraphCall): GraphReply {
  const attached = requireAttached(call);
  const gone = findAttachment(attached.attachments, param(call, "attachment"));
  store(
    call,
    attached,
    attached.attachments.filter((other) => other !== gone),
  );
  return { status: 204 };
}

function reply(
  call: GraphCall,
  owner: MailboxOwner,
  attachment: EventAttachment,
  status: number,
): GraphReply {
  return replyEntity(ATTACHMENT_TYPE, attachment, call, {
    status,
    context: `${owner.contextPath}/events/attachments`,
  });
}
