// Drives the unmodified ews-javascript-api against an emulator; prints what it saw as one JSON document.
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
const KEY_SET = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
const { DateTime, WellKnownFolderName: Known } = ews;

function makeService(address) {
  const service = new ews.ExchangeService(ews.ExchangeVersion.Exchange2013_SP1, ews.TimeZoneInfo.Utc);
  service.Url = new ews.Uri(endpoint);
  service.Credentials = new ews.OAuthCredentials(token);
  service.ImpersonatedUserId = new ews.ImpersonatedUserId(ews.ConnectingIdType.SmtpAddress, address);
  service.HttpHeaders.Add("X-AnchorMailbox", mailbox);
  return service;
}

async function main() {
  const seen = {};
  const service = makeService(mailbox);
  const key = new ews.ExtendedPropertyDefinition(
    new ews.Guid(KEY_SET),
    "NightlatchKey",
    ews.MapiPropertyType.String,
  );
  seen.folder = (await ews.CalendarFolder.Bind(service, Known.Calendar)).DisplayName;

  const lesson = new ews.Appointment(service);
  lesson.Subject = "Maths";
  // The library writes bodies as they are: markup has to be escaped by its caller.
  lesson.Body = new ews.MessageBody(ews.BodyType.HTML, "&lt;p&gt;Bring rulers&lt;/p&gt;");
  lesson.Location = "Room 12";
  lesson.Start = new DateTime("2026-01-05T09:00:00Z");
  lesson.End = new DateTime("2026-01-05T10:00:00Z");
  lesson.SetExtendedProperty(key, "k-1");
  await lesson.Save(ews.SendInvitationsMode.SendToNone);

  const view = new ews.CalendarView(
    new DateTime("2026-01-01T00:00:00Z"),
    new DateTime("2026-02-01T00:00:00Z"),
  );
  view.PropertySet = new ews.PropertySet(ews.BasePropertySet.FirstClassProperties, [key]);
  const found = await service.FindAppointments(Known.Calendar, view);
  seen.view = found.Items.map((item) => [
    item.Subject,
    item.Start.MomentDate.toISOString(),
    item.Location,
    item.ExtendedProperties.Items[0].Value,
  ]);

  const bound = await ews.Appointment.Bind(service, lesson.Id);
  seen.body = bound.Body.Text;
  bound.Subject = "Mathematics";
  await bound.Update(
    ews.ConflictResolutionMode.AutoResolve,
    ews.SendInvitationsOrCancellationsMode.SendToNone,
  );
  seen.updated = (await ews.Appointment.Bind(service, lesson.Id)).Subject;

  const series = new ews.Appointment(service);
  series.Subject = "Assembly";
  series.Start = new DateTime("2026-03-02T09:00:00Z");
  series.End = new DateTime("2026-03-02T10:00:00Z");
  series.Recurrence = new ews.Recurrence.WeeklyPattern(series.Start, 1, [ews.DayOfTheWeek.Monday]);
  series.Recurrence.NumberOfOccurrences = 3;
  await series.Save(ews.SendInvitationsMode.SendToNone);
  const second = await ews.Appointment.BindToOccurrence(service, series.Id, 2);
  seen.occurrence = second.Start.MomentDate.toISOString();
  await second.Delete(ews.DeleteMode.HardDelete, ews.SendCancellationsMode.SendToNone);
  const master = await ews.Appointment.Bind(service, series.Id);
  seen.last = master.LastOccurrence.Start.MomentDate.toISOString();
  seen.deleted = master.DeletedOccurrences.Items.map((item) => item.OriginalStart.MomentDate.toISOString());

  const byKey = new ews.SearchFilter.IsEqualTo(key, "k-1");
  seen.search = (await service.FindItems(Known.Calendar, byKey, new ews.ItemView(10))).TotalCount;
  const changes = await service.SyncFolderItems(
    new ews.FolderId(Known.Calendar),
    new ews.PropertySet(ews.BasePropertySet.IdOnly),
    null,
    512,
    ews.SyncFolderItemsScope.NormalItems,
    null,
  );
  seen.synchronised = changes.Count;

  await bound.Delete(ews.DeleteMode.HardDelete);
  seen.gone = await ews.Appointment.Bind(service, lesson.Id).then(
    () => "still there",
    (error) => ews.ServiceError[error.ErrorCode],
  );
  seen.stranger = await ews.CalendarFolder.Bind(makeService("nobody@school.example"), Known.Calendar).then(
    () => "let in",
    (error) => error.Message,
  );
  console.log(JSON.stringify(seen));
}

main().catch((error) => {
  console.error(error.Message ?? error.message ?? error);
  process.exit(1);
});
