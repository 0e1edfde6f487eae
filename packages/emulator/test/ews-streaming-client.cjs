// Streams notifications with the unmodified ews-javascript-api; prints what it saw as one JSON document.
const util = require("node:util");

// Node 23 took these away; the library still calls them.
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;
util.isString ??= (value) => typeof value === "string";
util.isNumber ??= (value) => typeof value === "number";
util.isDate ??= util.types.isDate;
util.isFunction ??= (value) => typeof value === "function";
util.isObject ??= (value) => typeof value === "object" && value !== null;

const ews = require("ews-javascript-api");

const { NIGHTLATCH_EWS: endpoint, NIGHTLATCH_TOKEN: token, NIGHTLATCH_MAILBOX: mailbox } = process.env;
const { DateTime, EventType, WellKnownFolderName: Known } = ews;

function makeService() {
  const service = new ews.ExchangeService(ews.ExchangeVersion.Exchange2013_SP1, ews.TimeZoneInfo.Utc);
  service.Url = new ews.Uri(endpoint);
  service.Credentials = new ews.OAuthCredentials(token);
  service.ImpersonatedUserId = new ews.ImpersonatedUserId(ews.ConnectingIdType.SmtpAddress, mailbox);
  return service;
}

async function main() {
  const service = makeService();
  const subscription = await service.SubscribeToStreamingNotifications(
    [new ews.FolderId(Known.Calendar)],
    EventType.Created,
    EventType.Modified,
    EventType.Deleted,
  );
  const connection = new ews.StreamingSubscriptionConnection(service, 1);
  connection.AddSubscription(subscription);
  const events = [];
  const done = new Promise((resolve, reject) => {
    connection.OnNotificationEvent.push((_sender, { Events }) => {
      for (const { EventType: type, ItemId } of Events) events.push([EventType[type], ItemId.UniqueId]);
      if (events.length >= 2) resolve();
    });
    connection.OnSubscriptionError.push((_sender, { Exception }) => reject(Exception));
  });
  connection.Open();
  const lesson = new ews.Appointment(makeService());
  lesson.Subject = "Maths";
  lesson.Start = new DateTime("2026-01-05T09:00:00Z");
  lesson.End = new DateTime("2026-01-05T10:00:00Z");
  await new Promise((resolve) => setTimeout(resolve, 300));
  await lesson.Save(ews.SendInvitationsMode.SendToNone);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await lesson.Delete(ews.DeleteMode.HardDelete, ews.SendCancellationsMode.SendToNone);
  await done;
  const isOpen = connection.IsOpen;
  connection.Close();
  process.stdout.write(
    JSON.stringify({
      isOpen,
      types: events.map(([type]) => type),
    }),
    () => process.exit(0),
  );
}

main().catch((error) => {
  process.stderr.write(`${error?.stack ?? error}\n`);
  process.exit(1);
});
