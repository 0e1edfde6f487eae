/**
 * Settings of a mailbox, its zones and categories, and the translation of ids.
 *
 * @see https://learn.microsoft.com/graph/api/resources/mailboxsettings
 */
import type { MailboxSettings } from "../../mailbox/mailbox.ts";
import { nextSequence } from "../../mailbox/mailbox.ts";
import { resolveZone, toWindowsZone } from "../../mailbox/zones.ts";
import { authorise } from "../authorise.ts";
import {
  type GraphCall,
  type GraphReply,
  isJsonObject,
  type JsonObject,
  param,
  readJsonBody,
} from "../call.ts";
import { GraphFault } from "../errors.ts";
import { unknownProperty, unknownZone } from "../events/event-faults.ts";
import { type MailboxOwner, resolveOwner } from "../mailbox-owner.ts";
import { mailboxRoutes } from "../mailbox-paths.ts";
import { PERMISSIONS } from "../permissions.ts";
import type { Route } from "../router.ts";

const HOUR_MS = 3_600_000;

const SETTINGS = [
  "archiveFolder",
  "automaticRepliesSetting",
  "dateFormat",
  "delegateMeetingMessageDeliveryOptions",
  "language",
  "timeFormat",
  "timeZone",
  "userPurpose",
  "workingHours",
];

/** Rows of the route table. */
export const mailboxSettingsRoutes: readonly Route[] = [
  ...mailboxRoutes("GET", "/mailboxSettings", PERMISSIONS.mailboxSettingsRead, getSettings),
  ...mailboxRoutes("GET", "/mailboxSettings/{setting}", PERMISSIONS.mailboxSettingsRead, getSetting),
  ...mailboxRoutes("PATCH", "/mailboxSettings", PERMISSIONS.mailboxSettingsWrite, patchSettings),
];

/**
 * Gives the hours at which somebody works.
 *
 * @param settings - those that were set
 * @param windowsZone - zone of the mailbox
 * @returns `workingHours` of Graph
 */
export function workingHours(settings: MailboxSettings | undefined, windowsZone: string): unknown {
  return (
    settings?.["workingHours"] ?? {
      daysOfWeek: ["monday", "tuesday", "wednesday", "thursday", "friday"],
      startTime: "08:00:00.0000000",
      endTime: "17:00:00.0000000",
      timeZone: { name: windowsZone },
    }
  );
}

/**
 * Gives the settings of the mailbox that the path names, for `$select=mailboxSettings` on its user.
 *
 * @param call - the request for the user
 * @returns `mailboxSettings` of Graph
 * @throws {GraphFault} ErrorAccessDenied without the permission for the settings, or what is wrong with the mailbox
 */
export function selectMailboxSettings(call: GraphCall): JsonObject {
  authorise(call.caller, PERMISSIONS.mailboxSettingsRead);
  return describe(call, resolveOwner(call));
}

function describe(call: GraphCall, owner: MailboxOwner): JsonObject {
  const { settings } = owner.mailbox;
  const windowsZone = toWindowsZone(resolveZone(owner.timeZone) ?? "UTC") ?? owner.timeZone;
  // Shown although nothing is scheduled: a day from the full hour, never the year 1, which other languages cannot convert.
  const fullHourMs = Math.floor(call.context.clock.nowMs() / HOUR_MS) * HOUR_MS;
  const utc = (instantMs: number) => ({
    dateTime: `${new Date(instantMs).toISOString().slice(0, 19)}.0000000`,
    timeZone: "UTC",
  });
  const timeZone = settings?.["timeZone"] ?? windowsZone;
  const defaults: JsonObject = {
    archiveFolder: null,
    timeZone,
    delegateMeetingMessageDeliveryOptions: "sendToDelegateOnly",
    dateFormat: "dd/MM/yyyy",
    timeFormat: "HH:mm",
    userPurpose: owner.user?.properties["userPurpose"] ?? "user",
    automaticRepliesSetting: {
      status: "disabled",
      externalAudience: "all",
      internalReplyMessage: "",
      externalReplyMessage: "",
      scheduledStartDateTime: utc(fullHourMs),
      scheduledEndDateTime: utc(fullHourMs + 24 * HOUR_MS),
    },
    language: { locale: "en-GB", displayName: "English (United Kingdom)" },
    workingHours: workingHours(settings, String(timeZone)),
  };
  return { ...defaults, ...settings };
}

function getSettings(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  return replySettings(call, owner);
}

function getSetting(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const name = SETTINGS.find((known) => known.toLowerCase() === param(call, "setting").toLowerCase());
  if (name === undefined) {
    call.context.note(`miss: mailbox setting ${param(call, "setting")}`);
    throw new GraphFault(
      "ResourceNotFound",
      `Resource not found for the segment '${param(call, "setting")}'.`,
    );
  }
  const value = describe(call, owner)[name];
  const context = `${call.serviceRoot}/$metadata#${owner.contextPath}/mailboxSettings/${name}`;
  const body = isJsonObject(value) ? value : { value };
  return { status: 200, body: { "@odata.context": context, ...body } };
}

function patchSettings(call: GraphCall): GraphReply {
  const owner = resolveOwner(call);
  const body = readJsonBody(call);
  const changes = Object.entries(body).filter(([name]) => !name.includes("@"));
  for (const [name, value] of changes) {
    if (!SETTINGS.includes(name) || name === "archiveFolder" || name === "userPurpose")
      throw unknownProperty(name, "microsoft.graph.mailboxSettings");
    if (name === "timeZone" && (typeof value !== "string" || resolveZone(value) === undefined))
      throw unknownZone(value);
  }
  const { mailbox, user } = owner;
  mailbox.settings = { ...mailbox.settings, ...Object.fromEntries(changes) };
  nextSequence(mailbox);
  const { timeZone } = body;
  if (user !== undefined && typeof timeZone === "string") user.timeZone = timeZone;
  return replySettings(call, resolveOwner(call));
}

function replySettings(call: GraphCall, owner: MailboxOwner): GraphReply {
  return {
    status: 200,
    body: {
      "@odata.context": `${call.serviceRoot}/$metadata#${owner.contextPath}/mailboxSettings`,
      ...describe(call, owner),
    },
  };
}
