/** Automatic replies as the mailbox keeps them, which is as Graph spells them: what one surface sets the other shows. */
import type { Mailbox } from "../../mailbox/mailbox.ts";
import { nextSequence } from "../../mailbox/mailbox.ts";
import { resolveZone } from "../../mailbox/zones.ts";
import { readInstant } from "../zones/instants.ts";

/** Automatic replies. */
export interface AutomaticReplies {
  readonly state: "Disabled" | "Enabled" | "Scheduled";
  /** Who outside the organisation gets a reply. */
  readonly externalAudience: "None" | "Known" | "All";
  /** Milliseconds since 1970 UTC. */
  readonly startMs: number;
  /** Milliseconds since 1970 UTC. */
  readonly endMs: number;
  readonly internalReply: string;
  readonly externalReply: string;
}

const HOUR_MS = 3_600_000;
const STATES = { disabled: "Disabled", alwaysEnabled: "Enabled", scheduled: "Scheduled" } as const;
const AUDIENCES = { none: "None", contactsOnly: "Known", all: "All" } as const;

/**
 * Reads the automatic replies of a mailbox.
 *
 * @param mailbox - whose
 * @param nowMs - milliseconds since 1970 UTC; a day from here where nothing is scheduled
 * @returns what was set, and defaults for the rest
 */
export function readAutomaticReplies({ settings }: Mailbox, nowMs: number): AutomaticReplies {
  const kept = membersOf(settings?.["automaticRepliesSetting"]);
  const fullHourMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  return {
    state: wordOf(STATES, kept["status"]) ?? "Disabled",
    externalAudience: wordOf(AUDIENCES, kept["externalAudience"]) ?? "All",
    startMs: readTime(kept["scheduledStartDateTime"]) ?? fullHourMs,
    endMs: readTime(kept["scheduledEndDateTime"]) ?? fullHourMs + 24 * HOUR_MS,
    internalReply: String(kept["internalReplyMessage"] ?? ""),
    externalReply: String(kept["externalReplyMessage"] ?? ""),
  };
}

/**
 * Keeps automatic replies.
 *
 * @param mailbox - whose
 * @param replies - all of them
 */
export function keepAutomaticReplies(mailbox: Mailbox, replies: AutomaticReplies): void {
  const { state, externalAudience, startMs, endMs, internalReply, externalReply } = replies;
  mailbox.settings = {
    ...mailbox.settings,
    automaticRepliesSetting: {
      status: nameOf(STATES, state),
      externalAudience: nameOf(AUDIENCES, externalAudience),
      internalReplyMessage: internalReply,
      externalReplyMessage: externalReply,
      scheduledStartDateTime: writeTime(startMs),
      scheduledEndDateTime: writeTime(endMs),
    },
  };
  nextSequence(mailbox);
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function wordOf<T extends string>(words: Readonly<Record<string, T>>, name: unknown): T | undefined {
  return Object.entries(words).find(([known]) => known === name)?.[1];
}

function nameOf(words: Readonly<Record<string, string>>, word: string): string | undefined {
  return Object.entries(words).find(([, known]) => known === word)?.[0];
}

/** Callers of Graph write what they like: what is no time counts as none. */
function readTime(value: unknown): number | undefined {
  const { dateTime, timeZone } = membersOf(value);
  try {
    return readInstant(String(dateTime), resolveZone(String(timeZone)) ?? "UTC");
  } catch {
    return undefined;
  }
}

function writeTime(instantMs: number): unknown {
  return { dateTime: `${new Date(instantMs).toISOString().slice(0, 19)}.0000000`, timeZone: "UTC" };
}
